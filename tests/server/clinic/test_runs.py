"""Runs on a session that is fed by hand: what becomes of them, and what is kept."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.packets import Note
from sensing.rawlog import read_raw_log
from sensing.recording import read_recording
from server.analyze import result_of
from server.clinic.choosing import ChoiceError
from server.clinic.run import Chosen, Run
from server.clinic.running import FINAL, NotNowError
from server.closing import RECORDING_NAME
from server.monitor import Monitor, SessionOptions
from server.playing import play, source_of
from server.recovery import recover
from server.storage.runs import run_by_id, runs_where
from server.storage.store import FILE_NAME
from tests.server.clinic.people import Hands, Worn, worn

TUG = Chosen("tug")


@pytest.fixture
async def anna(tmp_path: Path) -> AsyncIterator[Worn]:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        yield worn(monitor, clock)


def begun(anna: Worn, chosen: Chosen = TUG) -> Run:
    """A run whose countdown has just begun, after twelve good seconds."""
    anna.wear(12.0)
    run = anna.monitor.tests.prepare(anna.session, chosen, "patient", {})
    return anna.monitor.tests.start(run.id)


def present(anna: Worn) -> Run:
    return anna.monitor.tests.under_way[anna.session.plan.id]


async def stored(monitor: Monitor, run_id: str) -> Run:
    await monitor.store.flush()
    assert monitor.store.fault is None
    return monitor.store.read(lambda connection: run_by_id(connection, run_id))


async def all_stored(monitor: Monitor, session_id: str) -> list[Run]:
    await monitor.store.flush()
    return monitor.store.read(lambda connection: runs_where(connection, session_id=session_id))


def events(monitor: Monitor, session_id: str) -> list[dict[str, Any]]:
    return [dict(one.event) for one in monitor.store.events(session_id=session_id)]


def sent_tests(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in found if event["kind"] == "tug"]


async def test_a_run_counts_down_runs_settles_and_has_a_result(anna: Worn) -> None:
    run = begun(anna)
    assert run.course.cue_s == pytest.approx(anna.session.now_s() + 5.0, abs=0.001)
    seen = {present(anna).course.state}
    while anna.session.plan.id in anna.monitor.tests.under_way:
        anna.wear(0.1)
        seen |= {one.course.state for one in anna.monitor.tests.under_way.values()}
    assert seen == {"countdown", "running", "settling"}
    done = await stored(anna.monitor, run.id)
    assert (done.course.state, done.verdict, done.reasons) == ("done", "valid", [])
    assert done.event is not None
    assert done.event["cue_s"] == done.course.cue_s
    shape = anna.monitor.reporter.shape(done, anna.session)
    assert shape.result is not None
    assert (shape.result["value"], shape.result["unit"]) == (pytest.approx(6.0), "s")
    assert sent_tests(events(anna.monitor, anna.session.plan.id)) == [done.event]


async def test_progress_is_shown_while_it_runs(anna: Worn) -> None:
    begun(anna)
    anna.wear(7.0)
    shape = anna.monitor.reporter.shape(present(anna), anna.session)
    assert shape.state == "running"
    assert shape.progress is not None
    assert shape.progress["elapsed_s"] == pytest.approx(2.0, abs=0.3)
    assert shape.instruction is not None
    assert shape.instruction.key == "go"


async def test_the_operators_stop_ends_the_test_there(anna: Worn) -> None:
    run = begun(anna)
    anna.wear(8.0)
    stopped = anna.monitor.tests.stop(run.id, "finished", None)
    assert stopped.course.state == "settling"
    anna.wear(2.0)
    done = await stored(anna.monitor, run.id)
    assert done.event is not None
    assert done.event["duration_s"] == pytest.approx(3.0, abs=0.05)
    assert done.event["end_s"] == done.course.end_cue_s


async def test_a_test_that_is_broken_off_has_no_event_and_no_result(anna: Worn) -> None:
    run = begun(anna)
    anna.wear(8.0)
    anna.monitor.tests.stop(run.id, "aborted", "Her shoe came off.")
    anna.wear(20.0)
    aborted = await stored(anna.monitor, run.id)
    assert (aborted.course.state, aborted.course.problem, aborted.event) == ("aborted", "Her shoe came off.", None)
    assert anna.monitor.reporter.shape(aborted, anna.session).result is None
    assert sent_tests(events(anna.monitor, anna.session.plan.id)) == []


async def test_a_second_run_is_refused_while_one_is_under_way_and_welcome_afterwards(anna: Worn) -> None:
    run = begun(anna)
    with pytest.raises(NotNowError, match=r"Timed Up and Go \(TUG\). Stop it first"):
        anna.monitor.tests.prepare(anna.session, TUG, "therapist", {})
    anna.monitor.tests.stop(run.id, "aborted", None)
    assert anna.monitor.tests.prepare(anna.session, TUG, "therapist", {}).id != run.id


async def test_a_test_does_not_begin_without_a_clean_signal_from_the_right_place(tmp_path: Path) -> None:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        bert = worn(monitor, clock, position="ankle_left")
        run = monitor.tests.prepare(bert.session, TUG, "patient", {})
        with pytest.raises(NotNowError, match="sensor"):
            monitor.tests.start(run.id)
        bert.wear(4.0)
        with pytest.raises(NotNowError, match=r"Listening .* 7 s more"):
            monitor.tests.start(run.id)
        bert.wear(8.0)
        with pytest.raises(NotNowError, match="For this test wear the sensor at the lower back or the waist"):
            monitor.tests.start(run.id)
        assert present(bert).course.state == "preflight"


async def test_a_sensor_that_is_back_within_five_seconds_goes_on_and_the_detectors_judge(anna: Worn) -> None:
    run = begun(anna)
    anna.wear(7.0)
    anna.silence(2.5)
    assert present(anna).course.state == "paused"
    anna.wear(0.5)
    assert present(anna).course.state == "running"
    anna.wear(5.0)
    judged = await stored(anna.monitor, run.id)
    assert (judged.course.state, judged.verdict) == ("invalid", "invalid")
    assert judged.reasons[0].startswith("Nothing came from the sensor for")
    shape = anna.monitor.reporter.shape(judged, anna.session)
    assert shape.result is not None
    assert shape.result["value"] is None


async def test_a_sensor_that_stays_silent_makes_the_test_invalid_and_no_event_comes_later(anna: Worn) -> None:
    run = begun(anna)
    anna.wear(7.0)
    anna.silence(6.0)
    invalid = await stored(anna.monitor, run.id)
    assert (invalid.course.state, invalid.verdict) == ("invalid", "invalid")
    assert invalid.reasons == ["The sensor was silent for more than five seconds."]
    anna.wear(20.0)
    assert sent_tests(events(anna.monitor, anna.session.plan.id)) == []
    assert [one.id for one in await all_stored(anna.monitor, anna.session.plan.id)] == [run.id]


async def test_a_sensor_that_falls_silent_in_the_countdown_takes_the_go_back(anna: Worn) -> None:
    run = begun(anna)
    anna.silence(3.0)
    assert (present(anna).course.state, present(anna).course.cue_s) == ("preflight", None)
    anna.wear(15.0)
    assert sent_tests(events(anna.monitor, anna.session.plan.id)) == []
    assert anna.monitor.tests.start(run.id).course.state == "countdown"


async def test_a_session_that_ends_in_mid_test_makes_it_invalid_unless_its_event_comes_with_the_end(
    anna: Worn,
) -> None:
    run = begun(anna)
    anna.wear(7.0)
    await anna.monitor.close_session(anna.session, "Done.")
    ended = await stored(anna.monitor, run.id)
    assert ended.course.state == "done"
    assert ended.event is not None
    assert ended.event["at_end"] is True


async def test_a_session_that_ends_before_the_go_leaves_an_aborted_run(anna: Worn) -> None:
    run = begun(anna)
    await anna.monitor.close_session(anna.session, "Done.")
    ended = await stored(anna.monitor, run.id)
    assert (ended.course.state, ended.course.problem) == ("aborted", "The session ended before the test began.")


async def test_a_wearer_who_obeys_is_told_what_to_do_and_when(tmp_path: Path) -> None:
    told: list[tuple[Any, ...]] = []

    class Wearer:
        def prepare(self, protocol: str) -> None:
            told.append((protocol,))

        def perform(self, protocol: str, **how: Any) -> None:
            told.append((protocol, how))

        def stop(self) -> None:
            told.append(("stop",))

    async def let_go() -> None:
        told.append(("let go",))

    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        bert = worn(monitor, clock)
        monitor.fed_by(bert.session, let_go, Wearer())
        run = begun(bert, Chosen("stance", stance="tandem_left", hold_s=10.0))
        monitor.tests.stop(run.id, "aborted", None)
        await monitor.stop_session(bert.session)
        assert monitor.tests.wearers == {}
    how = {"after_s": 5.0, "course_length_m": None, "stance": "tandem_left", "hold_s": 10.0}
    assert told == [("stance",), ("stance", how), ("stop",), ("let go",)]


async def test_answers_remarks_and_marks_are_kept_and_a_marked_trial_has_no_number(anna: Worn) -> None:
    tests = anna.monitor.tests
    run = begun(anna)
    await tests.remark(run.id, "Uses a cane today.")
    anna.wear(16.0)
    await tests.answer(run.id, {"pain": 2})
    await tests.answer(run.id, {"dizziness": False})
    with pytest.raises(ChoiceError):
        await tests.answer(run.id, {"pain": 20})
    marked = await tests.invalidate(run.id, "Somebody helped her up.")
    assert marked == await stored(anna.monitor, run.id)
    assert marked.after == {"pain": 2, "dizziness": False}
    assert [note["text"] for note in marked.notes] == ["Uses a cane today."]
    assert marked.invalidated is not None
    assert marked.invalidated["reason"] == "Somebody helped her up."
    card = anna.monitor.reporter.shape(marked, anna.session).result
    assert card is not None
    assert card["value"] is None
    taken_back = await tests.invalidate(run.id, None)
    card = anna.monitor.reporter.shape(taken_back, anna.session).result
    assert card is not None
    assert card["value"] == pytest.approx(6.0)


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


async def test_a_database_of_the_version_before_gets_the_table(tmp_path: Path) -> None:
    async with Monitor(tmp_path) as monitor:
        store_id = monitor.store.store_id
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        raw.execute("DROP TABLE tests")
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


doings = st.lists(
    st.sampled_from(["prepare", "start", "finish", "abort", "wear", "wear", "wear", "silence", "long silence"]),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(doings)
def test_whatever_is_done_in_any_order_no_session_has_two_runs_and_no_aborted_run_a_number(doings: list[str]) -> None:
    asyncio.run(_done(doings))


async def _done(doings: list[str]) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        clock = Hands()
        async with Monitor(Path(folder), options=SessionOptions(clock=clock)) as monitor:
            anna = worn(monitor, clock, seconds=400.0)
            anna.wear(11.0)
            known: dict[str, Run] = {}
            for doing in doings:
                _do(anna, doing)
                known |= {run.id: run for run in monitor.tests.under_way.values()}
                assert len(monitor.tests.under_way) <= 1
                assert all(run.course.state not in FINAL for run in monitor.tests.under_way.values())
            await monitor.close_session(anna.session, "Done.")
            assert monitor.tests.under_way == {}
            kept = {run.id: run for run in await all_stored(monitor, anna.session.plan.id)}
            assert set(kept) == set(known), "every run is kept, and none was made of nothing"
            assert monitor.store.fault is None
            sent = sent_tests(events(monitor, anna.session.plan.id))
            for run in kept.values():
                assert run.course.state in FINAL
                card = monitor.reporter.shape(run, None).result
                if run.course.state == "aborted":
                    assert (card, run.event) == (None, None)
                elif run.course.state == "invalid":
                    assert card is None or card["value"] is None
                else:
                    assert run.event in sent
            assert len(sent) == sum(run.event is not None for run in kept.values())
            path = monitor.directory_of(anna.session.plan.id) / RECORDING_NAME
            assert sent_tests(result_of(read_recording(path))["events"]) == sent, "live is batch"


def _do(anna: Worn, doing: str) -> None:
    tests = anna.monitor.tests
    run = tests.under_way.get(anna.session.plan.id)
    with suppress(NotNowError):
        if doing == "prepare":
            tests.prepare(anna.session, TUG, "patient", {})
        elif doing == "wear":
            anna.wear(4.3)
        elif doing.endswith("silence"):
            anna.silence(7.0 if doing.startswith("long") else 2.4)
        elif run is not None and doing == "start":
            tests.start(run.id)
        elif run is not None:
            tests.stop(run.id, "finished" if doing == "finish" else "aborted", None)


def test_a_run_says_to_the_detectors_what_was_chosen() -> None:
    run = Run("r", "s", "Anna", "lower_back", Chosen("6mwt", course_length_m=30.0), "2026-11-25T09:00:00+00:00")
    stated = replace(run, course=replace(run.course, cue_s=4.0, end_cue_s=9.0)).stated()
    assert (stated.protocol, stated.cue_s, stated.end_cue_s, stated.course_length_m) == ("6mwt", 4.0, 9.0, 30.0)
