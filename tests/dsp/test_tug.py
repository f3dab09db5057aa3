"""The Timed Up and Go, prompted and not, with the rises and sittings down told as they truly were."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.clinic.tug import SETTLE_S
from dsp.clinic.tug_event import DURATIONS, NUMBERS
from dsp.events import Event
from dsp.prompt import Prompt
from sensing.simulator.activities import Sit, SitToStand, Stand, StandToSit, Tug, Turn, Walk
from tests.dsp.tugs import Simulated, pipeline_of, simulated, tugs_of

LATEST_S = 5.0
NAMES = ["sit_to_stand", "walk_out", "turn_1", "walk_back", "turn_2", "stand_to_sit"]
USUAL = simulated([Tug(quiet_s=4.0)])
CUE_S = 4.0


def phases_of(event: Event) -> dict[str, tuple[float, float]]:
    phases = event.fields["phases"]
    assert isinstance(phases, list)
    return {p["name"]: (p["start_s"], p["end_s"]) for p in phases}  # type: ignore[call-overload,index,misc]


def only(events: list[Event]) -> Event:
    (event,) = events
    return event


def is_without_numbers(event: Event) -> bool:
    return all(event.fields[name] is None for name in (*DURATIONS, *NUMBERS, "gait"))


@settings(max_examples=15, deadline=None)
@given(
    distance_m=st.sampled_from([3.0, 7.0]),
    speed_mps=st.floats(0.3, 1.4),
    turns_s=st.tuples(st.floats(1.4, 4.0), st.floats(1.4, 3.0)),
    left=st.booleans(),
    seed=st.integers(0, 10_000),
    rate_hz=st.sampled_from([52.0, 104.0]),
    tilt_deg=st.floats(-25.0, 25.0),
)
def test_a_test_that_nobody_asked_for_is_found_with_all_its_phases(
    distance_m: float,
    speed_mps: float,
    turns_s: tuple[float, float],
    left: bool,
    seed: int,
    rate_hz: float,
    tilt_deg: float,
) -> None:
    tug = Tug(distance_m, 4.0, speed_mps=speed_mps, turn_s=turns_s[0], turn_to_sit_s=turns_s[1], turn_left=left)
    test = simulated([tug], seed, rate_hz, tilt_deg)
    event, true = only(tugs_of(test)), test.truth["tug"]
    assert event.fields["verdict"] == "valid"
    assert event.fields["clock"] == "motion"
    assert event.fields["duration_s"] == pytest.approx(true["duration_s"], abs=1e-3)
    assert event.emitted_s - true["end_s"] <= LATEST_S
    found = phases_of(event)
    assert list(found) == NAMES
    for name, (start_s, end_s) in test.phases.items():
        long_s = end_s - start_s if "turn" in name else max(turns_s)
        assert found[name][0] == pytest.approx(start_s, abs=0.2 + 0.2 * long_s)
        assert found[name][1] == pytest.approx(end_s, abs=0.2 + 0.25 * long_s)
    for number in (1, 2):
        angle = event.fields[f"turn_{number}_angle_rad"]
        assert angle == pytest.approx(math.pi if left else -math.pi, abs=math.radians(15.0))
    seat_s = true["duration_s"] - 0.42 * 1.7 - 0.28 * 1.9
    assert event.fields["seat_duration_s"] == pytest.approx(seat_s, abs=0.02)


@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.integers(0, USUAL.stream.time_s.size), max_size=20))
def test_it_is_the_same_however_the_stream_is_cut(cuts: list[int]) -> None:
    prompts = (Prompt("tug", set_s=1.0, cue_s=CUE_S, course_length_m=3.0),)
    assert tugs_of(USUAL, prompts, cuts) == tugs_of(USUAL, prompts)
    assert tugs_of(USUAL, (), cuts) == tugs_of(USUAL)


def test_with_a_cue_its_clock_is_shown_and_the_other_kept() -> None:
    event, true = only(tugs_of(USUAL, (Prompt("tug", 1.0, CUE_S, course_length_m=3.0),))), USUAL.truth["tug"]
    assert event.fields["clock"] == "cue"
    assert event.fields["prompted"] is True
    assert event.time_s == CUE_S
    assert (
        event.fields["duration_s"] == event.fields["cue_duration_s"] == pytest.approx(true["end_s"] - CUE_S, abs=1e-3)
    )
    assert event.fields["motion_duration_s"] == pytest.approx(true["duration_s"], abs=1e-3)
    assert event.fields["gait"] is None
    steps = event.fields["steps"]
    assert isinstance(steps, int)
    assert abs(steps - USUAL.truth["step_count"]) <= 2


@pytest.mark.parametrize(
    ("cue_s", "verdict", "says"),
    [(5.5, "invalid", "before the cue"), (4.3, "valid", ""), (0.5, "attention", "only 3.9 s after")],
)
def test_a_start_before_the_cue_or_long_after_it_is_told(cue_s: float, verdict: str, says: str) -> None:
    test = simulated([Tug(quiet_s=4.0, reaction_s=0.4 if cue_s > 1.0 else 2.4)])
    event = only(tugs_of(test, (Prompt("tug", set_s=0.0, cue_s=cue_s),)))
    if verdict == "attention":
        says = f"only {test.truth['tug']['start_s'] - cue_s:.1f} s after"
    assert event.fields["verdict"] == verdict
    assert says in " ".join(event.fields["reasons"])  # type: ignore[arg-type]
    assert is_without_numbers(event) == (verdict == "invalid")


def test_who_stays_standing_at_the_end_has_no_result() -> None:
    course = (3.0, Turn(180.0, 2.0), 3.0, Turn(180.0, 2.0))
    test = simulated([Sit(4.4), SitToStand(1.7), Walk(course=course), Stand(20.0)])
    end_cue_s = test.stream.time_s[-1] - 15.0
    event = only(tugs_of(test, (Prompt("tug", 0.0, CUE_S, end_cue_s),)))
    assert event.fields["verdict"] == "invalid"
    assert event.fields["reasons"] == ["Sitting down again was not found."]
    assert is_without_numbers(event)
    assert event.emitted_s == pytest.approx(end_cue_s + SETTLE_S, abs=0.05)
    assert not event.at_end
    assert tugs_of(test) == []


def test_a_stream_that_ends_before_the_end_of_a_test_says_so() -> None:
    until_s = USUAL.phases["walk_back"][1]
    event = only(tugs_of(USUAL.without(until_s, math.inf), (Prompt("tug", 0.0, CUE_S),)))
    assert event.at_end
    assert event.fields["verdict"] == "invalid"
    assert event.end_s == event.emitted_s


@pytest.mark.parametrize(
    ("course", "says"),
    [
        ((3.0, Turn(180.0, 2.0), 3.0, Turn(-180.0, 2.0)) * 2, "more turns"),
        ((3.0, Turn(180.0, 2.0), 3.0, Turn(180.0, 2.0)) * 2, "half turn"),
        ((3.0, Turn(90.0, 1.5), 3.0, Turn(180.0, 2.0)), "half turn at the line"),
        ((3.0, Turn(180.0, 1.5), 3.0), "half turn"),
    ],
    ids=["two rounds", "two rounds to one side", "a quarter turn", "one turn only"],
)
def test_another_way_than_out_and_back_is_no_valid_test(course: tuple[float | Turn, ...], says: str) -> None:
    test = simulated([Sit(4.4), SitToStand(1.7), Walk(course=course), StandToSit(1.9), Sit(4.0)])
    event = only(tugs_of(test, (Prompt("tug", 0.0, CUE_S),)))
    assert event.fields["verdict"] == "invalid"
    assert says in " ".join(event.fields["reasons"])  # type: ignore[arg-type]
    assert is_without_numbers(event)
    assert tugs_of(test) == []


def test_hesitating_turns_and_a_rest_on_the_way_are_part_of_a_valid_test() -> None:
    course = (3.0, Turn(180.0, 2.4, hesitations=1, hesitation_s=0.9), 3.0, Turn(180.0, 2.4, hesitations=1))
    test = simulated([Sit(4.4), SitToStand(1.7), Walk(course=course), StandToSit(1.9), Sit(4.0)])
    event = only(tugs_of(test, (Prompt("tug", 0.0, CUE_S),)))
    assert event.fields["verdict"] == "valid"
    first, second = test.truth["turns"]
    found = phases_of(event)
    assert found["turn_1"] == pytest.approx((first["start_s"], first["end_s"]), abs=0.9)
    assert found["turn_2"] == pytest.approx((second["start_s"], second["end_s"]), abs=0.9)


def test_an_attempt_that_falls_back_is_counted_and_the_cues_clock_goes_on() -> None:
    falls_back = [Sit(4.4), SitToStand(1.2), StandToSit(1.2), Sit(1.0), SitToStand(1.7)]
    walk = Walk(course=(3.0, Turn(180.0, 2.0), 3.0, Turn(180.0, 2.0)))
    test = simulated([*falls_back, walk, StandToSit(1.9), Sit(4.0)])
    event = only(tugs_of(test, (Prompt("tug", 0.0, CUE_S),)))
    assert event.fields["verdict"] == "attention"
    assert event.fields["reasons"] == ["It took more than one attempt to rise."]
    seated_s = test.truth["stand_to_sit"][-1]["end_s"]
    assert event.fields["duration_s"] == pytest.approx(seated_s - CUE_S, abs=1e-3)


def test_a_hole_in_the_stream_makes_it_invalid_with_the_reason() -> None:
    hole_s = USUAL.phases["walk_back"][0]
    event = only(tugs_of(USUAL.without(hole_s, hole_s + 1.6), (Prompt("tug", 0.0, CUE_S),)))
    assert event.fields["verdict"] == "invalid"
    assert "Nothing came from the sensor" in " ".join(event.fields["reasons"])  # type: ignore[arg-type]
    assert is_without_numbers(event)


def test_a_gyroscope_that_is_off_does_not_turn_a_slow_test() -> None:
    tug = Tug(7.0, 5.0, speed_mps=0.35, turn_s=4.0, turn_to_sit_s=3.0)
    test = simulated([tug])
    assert test.stream.gyr_radps is not None
    test.stream.gyr_radps[:, :] += math.radians(2.0)
    event = only(tugs_of(test))
    assert event.fields["turn_1_angle_rad"] == pytest.approx(math.pi, abs=math.radians(20.0))


def test_without_a_gyroscope_a_prompted_test_is_told_to_be_impossible() -> None:
    deaf = Simulated(USUAL.stream.without_gyro(), USUAL.truth)
    event = only(tugs_of(deaf, (Prompt("tug", 0.0, CUE_S),)))
    assert event.fields["verdict"] == "invalid"
    assert "gyroscope" in " ".join(event.fields["reasons"])  # type: ignore[arg-type]
    assert tugs_of(deaf) == []


def test_a_test_that_is_broken_off_gives_no_prompted_result() -> None:
    events = tugs_of(USUAL, (Prompt("tug", 0.0, CUE_S), Prompt("tug", 9.0, CUE_S, aborted=True)))
    assert [event.fields["prompted"] for event in events] == [False]


def test_a_test_that_another_one_takes_the_place_of_is_not_told() -> None:
    assert tugs_of(USUAL, (Prompt("tug", 0.0, CUE_S), Prompt("stance", 9.0))) == []


def test_a_second_test_needs_a_second_prompt() -> None:
    test = simulated([Tug(quiet_s=4.0), Sit(3.0), Tug(quiet_s=3.0)])
    once = tugs_of(test, (Prompt("tug", 0.0, CUE_S),))
    assert [event.fields["prompted"] for event in once] == [True, False]
    again_s = test.stream.time_s[-1] - 20.0
    twice = tugs_of(test, (Prompt("tug", 0.0, CUE_S), Prompt("tug", again_s, None)))
    assert [event.fields["prompted"] for event in twice] == [True, True]
    assert [event.fields["clock"] for event in twice] == ["cue", "motion"]


def test_seven_metres_have_enough_steady_strides_for_averages() -> None:
    test = simulated([Tug(7.0, 4.0, speed_mps=0.8)])
    gait = only(tugs_of(test)).fields["gait"]
    assert isinstance(gait, dict)
    contacts_s = np.sort(np.concatenate([test.truth["contacts_left_s"], test.truth["contacts_right_s"]]))
    start_s, end_s = test.phases["walk_out"]
    inside = contacts_s[(contacts_s > start_s + 1.0) & (contacts_s < end_s - 0.5)]
    assert gait["stride_time_s"] == pytest.approx(2.0 * np.mean(np.diff(inside)), rel=0.05)
    assert gait["cadence_spm"] == pytest.approx(120.0 / gait["stride_time_s"], rel=1e-3)  # type: ignore[operator]


def test_the_screen_sees_the_phases_fill_in_as_they_happen() -> None:
    pipeline = pipeline_of(USUAL, (Prompt("tug", 1.0, CUE_S, course_length_m=3.0),))
    seen: list[str | None] = []
    before: list[str] = []
    for block in USUAL.stream.blocks(list(range(0, USUAL.stream.time_s.size, 26))):
        done = [event for event in pipeline.update(block).events if event.kind == "tug"]
        progress = pipeline.progress()
        now_s = float(block.time_s[-1])
        if now_s < 1.0 or done:
            assert progress is None
            if done:
                break
            continue
        assert progress is not None
        assert progress["state"] == ("waiting" if now_s < CUE_S else "running") or abs(now_s - CUE_S) < 0.1
        phases = progress["phases"]
        assert isinstance(phases, list)
        names = [phase["name"] for phase in phases]  # type: ignore[call-overload,index]
        assert names[: len(before)] == before
        before = names  # type: ignore[assignment]
        if progress["phase"] not in seen[-1:]:
            seen.append(progress["phase"])  # type: ignore[arg-type]
    assert seen == [None, "walk_out", "turn_1", "walk_back", "turn_2", "stand_to_sit"]


def test_a_stream_that_ends_before_the_cue_has_a_result_with_finite_times() -> None:
    event = only(tugs_of(USUAL.without(2.0, math.inf), (Prompt("tug", 0.0, CUE_S),)))
    assert event.fields["verdict"] == "invalid"
    assert event.end_s is not None
    assert event.time_s < event.end_s <= 2.0


def test_a_long_stand_after_rising_is_told_for_it_may_have_been_two_tries() -> None:
    course: tuple[float | Turn, ...] = (3.0, Turn(180.0, 2.0), 3.0, Turn(180.0, 1.8))
    script = [Sit(4.0), SitToStand(1.6), Stand(6.0), Walk(course=course), StandToSit(1.8), Sit(4.0)]
    event = only(tugs_of(simulated(script), (Prompt("tug", 0.0),)))
    assert event.fields["verdict"] == "attention"
    assert "two tries" in str(event.fields["reasons"])
