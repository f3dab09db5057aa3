"""Runs on a session that is fed by hand: what becomes of them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.clinic.choosing import ChoiceError
from server.clinic.run import Chosen, Run
from server.clinic.running import NotNowError
from server.monitor import Monitor, SessionOptions
from tests.server.clinic.people import TUG, Hands, Worn, all_stored, begun, events, present, sent_tests, stored, worn


@pytest.fixture
async def anna(tmp_path: Path) -> AsyncIterator[Worn]:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor:
        yield worn(monitor, clock)


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


async def test_whoever_does_not_come_to_the_end_in_time_is_not_waited_for(anna: Worn) -> None:
    run = begun(anna, Chosen("tug", course_length_m=7.0))
    anna.wear(190.0)
    over = await stored(anna.monitor, run.id)
    assert over.course.cue_s is not None
    assert over.event is not None
    assert over.event["end_s"] == over.course.end_cue_s == round(over.course.cue_s + 180.0, 3)


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


def test_a_run_says_to_the_detectors_what_was_chosen() -> None:
    run = Run("r", "s", "Anna", "lower_back", Chosen("6mwt", course_length_m=30.0), "2026-11-25T09:00:00+00:00")
    stated = replace(run, course=replace(run.course, cue_s=4.0, end_cue_s=9.0)).stated()
    assert (stated.protocol, stated.cue_s, stated.end_cue_s, stated.course_length_m) == ("6mwt", 4.0, 9.0, 30.0)
