"""Chair stands from rises and sittings down."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dsp.events import Event
from dsp.prompt import Prompt
from tests.dsp.chairs import Chair, stands, told

THIRTY, FIVE = Prompt("chair_stand_30s", set_s=0.0, cue_s=4.0), Prompt("chair_stand_5x", set_s=0.0, cue_s=4.0)
durations = st.tuples(st.floats(0.9, 2.5), st.floats(0.2, 1.0), st.floats(0.9, 2.5), st.floats(0.2, 1.0))


def the(events: list[Event]) -> Event:
    assert len(events) == 1
    return events[0]


@settings(max_examples=20, deadline=None)
@given(cycle=durations, late_s=st.floats(0.2, 2.0))
def test_stands_in_thirty_seconds_are_those_more_than_half_way_up(
    cycle: tuple[float, float, float, float], late_s: float
) -> None:
    chair = stands(int(33.0 / sum(cycle)) + 1, 4.0 + late_s, cycle)
    half_way_s = [start_s + 0.7 * (end_s - start_s) for rises, start_s, end_s, _ in chair.moves if rises]
    nearest_s = min(abs(moment_s - 34.0) for moment_s in half_way_s)
    assume(nearest_s > 0.1)  # what half of a rise is timed to here
    true = sum(moment_s < 34.0 for moment_s in half_way_s)
    event = the(told(chair, THIRTY))
    assert event.fields["verdict"] in ("valid", "attention" if nearest_s < 0.45 else "valid"), event.fields["reasons"]
    assert event.fields["repetitions"] == true
    assert event.fields["clock"] == "cue"
    assert (event.time_s, event.end_s, event.fields["duration_s"]) == (4.0, 34.0, 30.0)
    assert 4.9 < event.emitted_s - 34.0 < 6.0


@settings(max_examples=20, deadline=None)
@given(cycle=durations, sppb=st.booleans())
def test_five_stands_end_on_the_seat_and_in_the_sppb_standing(
    cycle: tuple[float, float, float, float], sppb: bool
) -> None:
    chair = stands(5, 4.5, cycle)
    prompt = Prompt("chair_stand_5x", set_s=0.0, cue_s=4.0, variant="sppb" if sppb else None)
    event = the(told(chair, prompt))
    _, sit_start_s, sit_end_s, _ = chair.moves[-1]
    end_s = chair.moves[-2][2] if sppb else sit_start_s + 0.6 * (sit_end_s - sit_start_s)
    assert event.fields["verdict"] == "valid", event.fields["reasons"]
    assert event.fields["duration_s"] == pytest.approx(end_s - 4.0, abs=0.2)
    assert event.fields["repetitions"] == 5
    assert event.fields["end_reason"] == "fifth_stand"


@settings(max_examples=30, deadline=None)
@given(cycle=durations, unheard=st.sets(st.integers(0, 11), min_size=1, max_size=6))
def test_a_missed_movement_never_leaves_a_wrong_count_valid(
    cycle: tuple[float, float, float, float], unheard: set[int]
) -> None:
    chair = stands(6, 5.0, cycle)
    whole = the(told(chair, THIRTY))
    chair.unheard = unheard
    event = the(told(chair, THIRTY))
    if event.fields["verdict"] == "valid":
        assert event.fields["repetitions"] == whole.fields["repetitions"]
    if event.fields["verdict"] == "invalid":
        assert event.fields["repetitions"] is None
        assert event.fields["duration_s"] is None


def test_nobody_rose_is_a_valid_nought_and_no_time_of_five() -> None:
    nought = the(told(Chair(), THIRTY))
    assert (nought.fields["repetitions"], nought.fields["verdict"]) == (0, "valid")
    chair = Chair(total_s=140.0)
    five = the(told(chair, FIVE))
    assert (five.fields["repetitions"], five.fields["duration_s"], five.fields["verdict"]) == (None, None, "invalid")
    assert "Only 0 of 5 stands were found." in five.fields["reasons"]  # type: ignore[operator]


def test_stands_that_were_not_heard_are_counted_by_the_height() -> None:
    chair = stands(11, 5.0)
    chair.unheard = set(range(22))
    event = the(told(chair, THIRTY))
    assert (event.fields["repetitions"], event.fields["verdict"]) == (10, "valid")
    rises_s = [end_s for rises, _, end_s, _ in chair.moves if rises][:10]
    assert event.fields["repetition_times_s"] == pytest.approx(rises_s, abs=0.15)


def test_three_of_five_are_invalid_at_the_operators_stop() -> None:
    prompt = Prompt("chair_stand_5x", set_s=0.0, cue_s=4.0, end_cue_s=20.0)
    event = the(told(stands(3, 4.5), prompt))
    assert event.fields["verdict"] == "invalid"
    assert event.fields["repetitions"] is None
    assert len(event.fields["repetition_times_s"]) == 3  # type: ignore[arg-type]


def test_a_low_rise_is_told_but_not_counted() -> None:
    chair = stands(4, 4.5)
    at_s = chair.moves[-1][2] + 0.5
    at_s = chair.move(True, at_s, 0.8, 0.12) + 0.1
    at_s = chair.move(False, at_s, 0.8, 0.12) + 0.5
    at_s = chair.move(True, at_s, 1.2) + 0.2
    chair.move(False, at_s, 1.2)
    event = the(told(chair, FIVE))
    assert (event.fields["repetitions"], event.fields["incomplete"]) == (5, 1)


def test_a_movement_before_the_cue_is_a_false_start() -> None:
    event = the(told(stands(5, 3.2), FIVE))
    assert event.fields["verdict"] == "invalid"
    assert "before the cue" in str(event.fields["reasons"])


def test_without_a_cue_the_first_movement_counts() -> None:
    event = the(told(stands(14, 6.5), Prompt("chair_stand_30s", set_s=1.0)))
    assert (event.time_s, event.end_s, event.fields["clock"]) == (6.5, 36.5, "motion")
    assert event.fields["repetitions"] == 10


@pytest.mark.parametrize(("times", "found"), [(4, None), (5, "chair_stand_5x"), (7, None), (10, "chair_stand_30s")])
def test_what_nobody_set_up_is_found_if_it_is_as_long_as_a_test(times: int, found: str | None) -> None:
    events = told(stands(times, 6.0))
    assert [event.fields["protocol"] for event in events] == ([found] if found else [])
    for event in events:
        assert event.fields["verdict"] == "attention"
        assert event.fields["prompted"] is False
        assert event.fields["repetitions"] == times


def test_a_test_broken_off_is_not_told() -> None:
    broken_off = Prompt("chair_stand_30s", set_s=12.0, cue_s=4.0, aborted=True)
    assert told(stands(3, 4.5), THIRTY, broken_off) == []


def test_steps_in_between_are_said() -> None:
    steps = [Event("step", 8.0 + 0.5 * n, 8.6 + 0.5 * n) for n in range(6)]
    event = the(told(stands(5, 4.5), FIVE, more=steps))
    assert event.fields["verdict"] == "attention"


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(1, 5000), max_size=8), prompted=st.booleans())
def test_the_same_comes_out_however_the_rows_are_cut(cuts: list[int], prompted: bool) -> None:
    chair = stands(10, 6.0)
    prompts = (THIRTY,) if prompted else ()
    assert told(chair, *prompts, cuts=cuts) == told(chair, *prompts)


def test_a_stream_that_ends_within_the_thirty_seconds_is_no_test() -> None:
    event = the(told(stands(10, 4.5), THIRTY, until_s=25.0))
    assert event.at_end
    assert event.fields["verdict"] == "invalid"
    assert event.fields["end_reason"] == "stream_ended"
