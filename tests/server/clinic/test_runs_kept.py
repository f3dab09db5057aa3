"""What is kept of runs: in raw log, recording and database, over a restart and a power cut, once and once only."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sensing.packets import Note
from sensing.rawlog import read_raw_log
from sensing.recording import Facts, read_recording
from server.analyze import result_of
from server.clinic.finding import found_run
from server.clinic.run import Chosen, Run
from server.closing import RECORDING_NAME
from server.monitor import Monitor, SessionOptions
from server.plan import SessionPlan
from server.playing import play, source_of
from server.recovery import recover
from server.storage.runs import runs_where
from server.storage.store import FILE_NAME
from tests.server.clinic.people import Hands, Worn, all_stored, begun, events, sent_tests, stored, worn


@pytest.fixture
async def anna(tmp_path: Path) -> AsyncIterator[Worn]:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        yield worn(monitor, clock)


async def test_live_recovered_replayed_and_analysed_give_the_very_same_events(tmp_path: Path) -> None:
    """Three tests in one session: one to its end, one broken off, one stopped."""
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        anna = worn(monitor, clock)
        begun(anna)
        anna.wear(20.0)
        second = begun(anna)
        anna.wear(7.0)
        monitor.tests.stop(second.id, "aborted", None)
        third = begun(anna)
        anna.wear(9.03)
        monitor.tests.stop(third.id, "finished", None)
        anna.wear(5.0)
        await monitor.store.flush()
        shutil.copytree(tmp_path / "data", tmp_path / "crashed")
        session_id = anna.session.plan.id
        await monitor.close_session(anna.session, "Done.")
        live = events(monitor, session_id)
        path = monitor.directory_of(session_id) / RECORDING_NAME
        again = await play(monitor, source_of(session_id, tmp_path / "data"), None)
        from_recording = await play(monitor, path, None)
        assert len(sent_tests(live)) == 2
        assert [one["duration_s"] for one in sent_tests(live)] == pytest.approx([6.0, 4.03], abs=0.11)
        assert events(monitor, again.plan.id) == live
        assert events(monitor, from_recording.plan.id) == live
        assert result_of(read_recording(path))["events"] == live
        replayed = await all_stored(monitor, again.plan.id)
        assert [(one.found, one.started_by, one.course.state) for one in replayed] == 2 * [(False, None, "done")]
    async with Monitor(tmp_path / "crashed") as monitor:
        await recover(monitor)
        assert events(monitor, session_id) == live
        path = monitor.directory_of(session_id) / RECORDING_NAME
        assert result_of(read_recording(path))["events"] == live
        states = {one.id: one.course.state for one in await all_stored(monitor, session_id)}
        assert states[second.id] == "aborted"
        assert sorted(states.values()) == ["aborted", "done", "done"]


async def test_after_a_restart_in_mid_test_the_run_is_invalid_and_says_so(tmp_path: Path) -> None:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        anna = worn(monitor, clock)
        run = begun(anna)
        anna.wear(8.0)
        await monitor.store.flush()
        shutil.copytree(tmp_path / "data", tmp_path / "crashed")
    async with Monitor(tmp_path / "crashed") as monitor:
        await recover(monitor)
        (left,) = await all_stored(monitor, anna.session.plan.id)
        assert (left.id, left.course.state) == (run.id, "invalid")
        assert left.reasons == ["The program was restarted."]
        assert left.event is None
        assert monitor.reporter.shape(left, None).result is None
        assert len(sent_tests(events(monitor, anna.session.plan.id))) == 1, "what was measured is kept as an event"


async def test_a_result_that_the_raw_log_does_not_bear_out_is_none(tmp_path: Path) -> None:
    """After a power cut the database may have got further than the raw log."""
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        anna = worn(monitor, clock, still_s=30.0)
        run = begun(anna)
        anna.wear(35.0)
        await monitor.store.flush()
        session_id = anna.session.plan.id
        shutil.copytree(tmp_path / "data", tmp_path / "crashed")
    (segment,) = (tmp_path / "crashed" / "sessions" / session_id).glob("raw-*.seg")
    with segment.open("r+b") as file:
        file.truncate(segment.stat().st_size // 4)
    async with Monitor(tmp_path / "crashed") as monitor:
        assert (await stored(monitor, run.id)).course.state == "done"
        await recover(monitor)
        left = await stored(monitor, run.id)
        assert (left.course.state, left.event) == ("invalid", None)
        assert "lost when the program was cut short" in left.reasons[0]


async def test_what_nobody_set_up_becomes_a_run_that_was_found_once(tmp_path: Path) -> None:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        anna = worn(monitor, clock, still_s=5.0, seconds=25.0)
        anna.wear(24.0)
        await monitor.close_session(anna.session, "Done.")
        session_id = anna.session.plan.id
        (found,) = await all_stored(monitor, session_id)
        assert (found.found, found.started_by, found.course.state) == (True, None, "done")
        assert found.event == sent_tests(events(monitor, session_id))[0]
        shape = monitor.reporter.shape(found, None)
        assert shape.result is not None
        assert shape.result["value"] == 9.5
        for _ in range(2):
            monitor.tests.event(anna.session, _event_of(found))
        assert await all_stored(monitor, session_id) == [found]


async def test_what_the_detectors_make_of_a_test_that_was_broken_off_is_no_result(tmp_path: Path) -> None:
    """The walk goes on after the test was broken off, and the minimal test takes every walk for a TUG."""
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        anna = worn(monitor, clock, still_s=15.0, seconds=35.0)
        run = begun(anna)
        anna.wear(8.0)
        monitor.tests.stop(run.id, "aborted", "Somebody held her.")
        anna.wear(14.0)
        await monitor.close_session(anna.session, "Done.")
        session_id = anna.session.plan.id
        assert [one["prompted"] for one in sent_tests(events(monitor, session_id))] == [False]
        assert [one.id for one in await all_stored(monitor, session_id)] == [run.id]
        again = await play(monitor, source_of(session_id, tmp_path / "data"), None)
        assert await all_stored(monitor, again.plan.id) == []


def _event_of(run: Run) -> Any:
    from dsp.events import Event

    assert run.event is not None
    known = ("kind", "time_s", "emitted_s", "end_s", "at_end")
    fields = {key: value for key, value in run.event.items() if key not in known}
    event = run.event
    return Event("tug", event["time_s"], event["emitted_s"], event["end_s"], fields, event.get("at_end", False))


async def test_a_found_run_is_there_once_after_a_recovery_too(tmp_path: Path) -> None:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        anna = worn(monitor, clock, still_s=5.0, seconds=40.0)
        anna.records = iter(_pausing(list(anna.records)))
        anna.wear(38.0)
        session_id = anna.session.plan.id
        await monitor.store.flush()
        before = await all_stored(monitor, session_id)
        assert before
        shutil.copytree(tmp_path / "data", tmp_path / "crashed")
    async with Monitor(tmp_path / "crashed") as monitor:
        await recover(monitor)
        after = await all_stored(monitor, session_id)
        assert [one for one in after if one.id in {b.id for b in before}] == before
        assert len(after) == len(sent_tests(events(monitor, session_id)))


def _pausing(records: list[Any]) -> list[Any]:
    """Nothing is sent for six seconds in the middle, which ends the walk."""
    return [one for one in records if isinstance(one, Note) or not 20.0 < one.arrival_s < 26.0]


async def test_a_test_is_in_the_raw_log_ahead_of_the_samples_that_it_holds_for(anna: Worn) -> None:
    run = begun(anna)
    directory = anna.monitor.directory_of(anna.session.plan.id)
    anna.wear(3.0)
    anna.session.flush()
    records = list(read_raw_log(directory).records)
    (at,) = (number for number, one in enumerate(records) if isinstance(one, Note) and one.kind == "test")
    note = records[at]
    assert isinstance(note, Note)
    assert note.fields["cue_s"] == run.course.cue_s
    assert records[at - 1].arrival_s <= note.fields["set_s"] <= records[at + 1].arrival_s  # type: ignore[operator]


async def test_the_list_of_sessions_says_which_test_was_done(anna: Worn) -> None:
    begun(anna)
    anna.wear(14.0)
    run = begun(anna, Chosen("6mwt"))
    anna.monitor.tests.stop(run.id, "aborted", None)
    await anna.monitor.close_session(anna.session, "Done.")
    row = anna.monitor.store.session(anna.session.plan.id)
    assert row is not None
    assert row.test == "tug"


async def test_a_database_of_the_version_before_gets_the_table(tmp_path: Path) -> None:
    async with Monitor(tmp_path) as monitor:
        store_id = monitor.store.store_id
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        for table in ("tests", "alerts", "outbox", "care_plans", "notices", "stumble_answers"):
            raw.execute(f"DROP TABLE {table}")
        raw.execute("ALTER TABLE people DROP COLUMN freezes")
        raw.execute("UPDATE alembic_version SET version_num = '0002'")
    raw.close()
    async with Monitor(tmp_path) as monitor:
        assert monitor.store.store_id == store_id
        assert await all_stored(monitor, "s") == []


async def test_a_person_who_is_renamed_keeps_their_tests(anna: Worn) -> None:
    from server.storage.people import add_person, change_person

    run = begun(anna)
    anna.monitor.tests.stop(run.id, "aborted", None)
    person = await anna.monitor.store.change(lambda c: add_person(c, {"name": "anna"}))
    await anna.monitor.store.change(lambda c: change_person(c, person.id, {"name": "Anna Berg"}))
    assert (await stored(anna.monitor, run.id)).person == "Anna Berg"
    found = anna.monitor.store.read(lambda c: runs_where(c, person="anna berg"))
    assert [one.id for one in found] == [run.id]


def test_quiet_standing_that_nobody_asked_for_is_no_test_and_a_known_stance_is() -> None:
    plan = SessionPlan("s", "Anna", Facts("lower_back"), "GaitIMU 1")
    began = "2026-11-25T09:00:00+00:00"
    event = {"kind": "stance", "time_s": 5.0, "emitted_s": 40.0, "end_s": 30.0, "prompted": False, "condition": None}
    assert found_run(plan, began, [], event) is None
    run = found_run(plan, began, [], {**event, "condition": "tandem_left", "prompted": True, "cue_s": 5.0})
    assert run is not None
    assert (run.chosen.stance, run.created_at) == ("tandem_left", "2026-11-25T09:00:05.000+00:00")
    assert found_run(plan, began, [], {**event, "kind": "walk_test", "protocol": "marathon"}) is None
