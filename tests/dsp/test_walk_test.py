"""Six and two minutes of walking, from steps and turns to the event."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.events import Event
from dsp.prompt import Prompt
from dsp.wearing import Calibration, Wearing
from tests.dsp.corridor import (
    CUE_S,
    STANDS_S,
    TWO,
    Around,
    Part,
    Rest,
    Walker,
    clinic_events,
    one,
    to_and_fro,
    two_minutes,
)

NUMBERS = ("duration_s", "distance_m", "distance_expected_error_m", "laps", "last_part_m", "speed_mps", "dwi_6_1")


@settings(deadline=None, max_examples=40)
@given(
    course_m=st.floats(6.0, 40.0),
    step_m=st.floats(0.3, 0.85),
    step_s=st.floats(0.42, 0.85),
    model=st.floats(0.75, 1.3),
    noise=st.floats(0.0, 0.08),
    seed=st.integers(0, 1000),
)
def test_laps_are_exact_and_the_distance_good_to_a_stride_whoever_walks(
    course_m: float, step_m: float, step_s: float, model: float, noise: float, seed: int
) -> None:
    walker = Walker(step_m, step_s, noise, seed, model)
    walked = walker.walk(to_and_fro(course_m, 130.0 / step_s * step_m * 1.2))
    event = one(clinic_events(walked.in_order(), 160.0, [replace(TWO, course_length_m=course_m)]))
    end_s = CUE_S + 120.0
    true_m = walked.at(end_s)
    assert event.end_s == pytest.approx(end_s)
    if true_m < 1.1 * course_m + 2.0:
        return  # hardly a turn before the end
    assert event.fields["distance_method"] == "laps", event.fields["reasons"]
    assert event.fields["distance_m"] == pytest.approx(true_m, abs=1.0 + step_m)
    assert event.fields["laps"] in (int(true_m / course_m + 1e-6), int((true_m + 0.6 * step_m) / course_m))
    if 0.75 < model < 1.3:
        assert event.fields["verdict"] == "valid"


def test_distance_is_lengths_and_the_last_part_and_the_minutes_add_up() -> None:
    walked = Walker().walk(to_and_fro(20.0, 160.0))
    fields = one(clinic_events(walked.in_order(), 160.0, [TWO])).fields
    assert fields["verdict"] == "valid"
    assert fields["clock"] == "cue"
    assert fields["cue_s"] == CUE_S
    assert fields["duration_s"] == 120.0
    assert fields["distance_m"] == pytest.approx(20.0 * fields["laps"] + fields["last_part_m"])
    assert fields["distance_per_minute_m"] == pytest.approx(
        [walked.at(CUE_S + 60.0), walked.at(CUE_S + 120.0) - walked.at(CUE_S + 60.0)], abs=1.2
    )
    assert sum(fields["distance_per_minute_m"]) == pytest.approx(fields["distance_m"], abs=0.05)
    assert fields["cadence_per_minute_spm"] == pytest.approx([60.0 / 0.55] * 2, rel=0.03)
    assert fields["turns"] == fields["laps"]
    assert fields["rests"] == []
    assert fields["dwi_6_1"] is None


def test_a_turn_that_nobody_saw_is_made_up_for_and_said() -> None:
    parts = to_and_fro(20.0, 160.0)
    parts[3] = Around(seen=False)
    seen, missed = two_minutes(to_and_fro(20.0, 160.0)), two_minutes(parts)
    assert missed.fields["laps"] == seen.fields["laps"]
    assert missed.fields["distance_m"] == pytest.approx(seen.fields["distance_m"], abs=0.5)
    assert missed.fields["verdict"] == "attention"
    assert "A turn was not seen" in missed.fields["reasons"][0]


def test_a_turn_that_was_none_is_taken_out_and_said() -> None:
    parts = to_and_fro(20.0, 160.0)
    parts[4:5] = [14.0, Around(-170.0, steps=0), 6.0]
    seen, more = two_minutes(to_and_fro(20.0, 160.0)), two_minutes(parts)
    assert more.fields["laps"] == seen.fields["laps"]
    assert more.fields["distance_m"] == pytest.approx(seen.fields["distance_m"], abs=1.0)
    assert "was none" in more.fields["reasons"][0]


def test_turning_round_in_mid_corridor_is_measured_by_steps_and_said() -> None:
    walker = Walker()
    event = two_minutes(
        [20.0, Around(), 20.0, Around(), 7.0, Around(), 7.0, Around(), *to_and_fro(20.0, 120.0)], walker=walker
    )
    assert event.fields["distance_m"] == pytest.approx(walker.at(CUE_S + 120.0), abs=1.5)
    assert event.fields["verdict"] == "attention"


@pytest.mark.parametrize(
    "turn",
    [
        [Around(95.0, 2), Rest(1.8), Around(85.0, 2)],  # with a hesitation too long for the turn detector
        [Around(150.0), Around(35.0, 1)],
        [Rest(8.0), Around(180.0)],
        [Around(180.0), Rest(12.0)],
        [Around(235.0)],
    ],
)
def test_half_turns_however_made_are_one_each(turn: list[Part]) -> None:
    parts: list[Part] = [20.0]
    for _ in range(6):
        parts += [*turn, 20.0]
    walker = Walker()
    event = two_minutes(parts, walker=walker)
    true_m = walker.at(CUE_S + 120.0)
    assert event.fields["distance_m"] == pytest.approx(true_m, abs=1.2)
    assert event.fields["laps"] == int(true_m / 20.0 + 1e-6)
    assert event.fields["verdict"] == "valid"


@pytest.mark.parametrize(
    "detour",
    [
        [Around(50.0, 1), 2.0, Around(-50.0, 1)],  # round somebody
        [Rest(9.0)],
        [Around(170.0, 3), Rest(10.0), Around(-175.0, 3)],  # looked back in a rest
        [Around(355.0, 6)],
        [Around(90.0, 4), Rest(15.0), Around(-90.0, 4)],  # sat down beside the way
    ],
)
def test_what_happens_within_a_length_makes_no_lap(detour: list[Part]) -> None:
    inside = sum(part for part in detour if isinstance(part, float))
    parts = to_and_fro(20.0, 160.0)
    parts[4:5] = [9.0, *detour, 11.0 - inside]
    walker = Walker()
    event = two_minutes(parts, walker=walker)
    true_m = walker.at(CUE_S + 120.0)
    assert event.fields["laps"] == int(true_m / 20.0 + 1e-6)
    assert event.fields["distance_m"] == pytest.approx(true_m, abs=1.5)
    assert event.fields["verdict"] == "valid"


def test_steps_that_were_missed_while_the_trunk_moved_on_are_no_rest() -> None:
    walker = Walker().walk(to_and_fro(20.0, 160.0))
    events = [event for event in walker.in_order() if event.kind != "step" or not 40.0 < event.time_s < 55.0]
    rested = one(clinic_events(events, 160.0, [TWO]))
    assert [rest["start_s"] for rest in rested.fields["rests"]] == [pytest.approx(40.0, abs=0.6)]
    moved = one(clinic_events(events, 160.0, [TWO], moves_s=[(STANDS_S, 150.0)]))
    assert moved.fields["rests"] == []
    assert moved.fields["distance_m"] == pytest.approx(walker.at(CUE_S + 120.0), abs=1.2)
    assert moved.fields["verdict"] == "valid"
    stood = one(clinic_events(events, 160.0, [TWO], moves_s=[(STANDS_S, 40.0), (55.0, 150.0)]))
    assert len(stood.fields["rests"]) == 1


def test_laps_that_nothing_explains_are_invalid_and_have_no_number() -> None:
    parts: list[Part] = [
        20.0,
        Around(),
        20.0,
        Around(),
        28.5,
        Around(),
        20.0,
        Around(),
        11.0,
        Around(),
        20.0,
        Around(),
        20.0,
    ]
    event = two_minutes(parts)
    assert event.fields["verdict"] == "invalid"
    assert "not certain" in event.fields["reasons"][0]
    assert all(event.fields[name] is None for name in NUMBERS)
    assert event.fields["distance_per_minute_m"] == []


def test_rests_are_timed_while_the_clock_runs() -> None:
    walker = Walker()
    event = two_minutes([20.0, Around(), 8.0, Rest(14.0), 12.0, *([Around(), 20.0] * 5)], walker=walker)
    (rest,) = event.fields["rests"]
    assert rest["end_s"] - rest["start_s"] == pytest.approx(14.0, abs=0.1)
    assert event.fields["duration_s"] == 120.0
    assert event.fields["distance_m"] == pytest.approx(walker.at(CUE_S + 120.0), abs=1.2)
    first, second = event.fields["speed_per_minute_mps"]
    assert first == pytest.approx(second, rel=0.06)  # of walking: the rest is not in it


def six_minutes(parts: list[Part], walker: Walker, until_s: float = 390.0) -> Event:
    played = walker.walk(parts)
    return one(clinic_events(played.in_order(), until_s, [replace(TWO, protocol="6mwt", course_length_m=25.0)]))


@pytest.mark.parametrize("slower", [1.0, 0.9997, 0.9992])
def test_the_distance_walked_index_compares_the_minutes_that_were_walked(slower: float) -> None:
    walker = Walker(slower=slower)
    event = six_minutes(to_and_fro(25.0, 420.0), walker)
    minutes = [walker.at(CUE_S + 60.0 * (n + 1)) - walker.at(CUE_S + 60.0 * n) for n in range(6)]
    assert event.fields["distance_per_minute_m"] == pytest.approx(minutes, abs=1.6)
    assert event.fields["dwi_6_1"] == pytest.approx(100.0 * (minutes[5] / minutes[0] - 1.0), abs=4.0)
    assert event.fields["dwi_6_2"] == pytest.approx(100.0 * (minutes[5] / minutes[1] - 1.0), abs=5.0)
    assert event.fields["fatigability"] is not None


def test_a_rest_in_the_sixth_minute_leaves_no_index_and_says_why() -> None:
    event = six_minutes([*to_and_fro(25.0, 345.0), Rest(12.0), 5.0, *([Around(), 25.0] * 3)], Walker())
    assert event.fields["dwi_6_1"] is event.fields["dwi_6_2"] is event.fields["fatigability"] is None
    assert any("rest in minute 6" in reason for reason in event.fields["dwi_reasons"])
    assert event.fields["verdict"] == "valid"
    assert event.fields["distance_m"] is not None


def test_the_operators_stop_ends_it_earlier_and_the_walker_may_walk_on() -> None:
    walker = Walker()
    parts = to_and_fro(20.0, 160.0)
    event = two_minutes(parts, replace(TWO, end_cue_s=80.0), walker)
    assert event.end_s == 80.0
    assert event.fields["distance_m"] == pytest.approx(walker.at(80.0), abs=1.0)
    assert event.fields["verdict"] == "attention"
    assert "Stopped after 1:14 of 2:00" in event.fields["reasons"][0]
    later = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, end_cue_s=CUE_S + 123.0))
    assert later.end_s == pytest.approx(CUE_S + 120.0)


def test_who_stops_at_a_cone_has_walked_that_length() -> None:
    event = two_minutes([20.0, Around(), 20.0], replace(TWO, end_cue_s=90.0))
    assert (event.fields["laps"], event.fields["last_part_m"], event.fields["distance_m"]) == (2, 0.0, 40.0)


def test_without_a_go_the_first_step_starts_the_clock() -> None:
    event = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, cue_s=None))
    assert event.fields["clock"] == "motion"
    assert event.time_s == pytest.approx(STANDS_S, abs=0.02)
    assert event.end_s == pytest.approx(STANDS_S + 120.0, abs=0.02)


def test_without_a_corridor_the_distance_is_the_models_and_an_estimate() -> None:
    walker = Walker(model=1.05)
    event = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, course_length_m=None), walker)
    assert event.fields["distance_method"] == "steps"
    assert event.fields["laps"] is None
    assert event.fields["distance_m"] == pytest.approx(1.05 * walker.at(CUE_S + 120.0), rel=0.05)
    assert 1.0 < event.fields["distance_expected_error_m"] < 20.0
    assert event.fields["verdict"] == "attention"


def unmeasured(events: list[Event]) -> list[Event]:
    return [replace(e, fields={**e.fields, "stride_length_m": None}) if e.kind == "step" else e for e in events]


def test_without_a_height_laps_still_count_but_nothing_else_does() -> None:
    events = unmeasured(Walker().walk(to_and_fro(20.0, 160.0)).in_order())
    with_course = one(clinic_events(events, 160.0, [TWO], Wearing()))
    assert with_course.fields["verdict"] == "valid"
    without = one(clinic_events(events, 160.0, [replace(TWO, course_length_m=None)], Wearing()))
    assert without.fields["verdict"] == "invalid"
    assert without.fields["distance_m"] is None
    assert "height" in without.fields["reasons"][0]


def test_a_corridor_that_does_not_fit_the_steps_is_doubted() -> None:
    doubted = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, course_length_m=33.0))
    assert doubted.fields["verdict"] == "attention"
    assert "check the corridor" in doubted.fields["reasons"][0]
    wrong = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, course_length_m=50.0))
    assert wrong.fields["verdict"] == "invalid"
    calibrated = Wearing(height_m=1.7, calibration=Calibration(1.0, None, 0.03))
    assert (
        two_minutes(to_and_fro(20.0, 160.0), replace(TWO, course_length_m=27.0), wearing=calibrated).fields["verdict"]
        == "attention"
    )


@pytest.mark.parametrize(
    ("prompt", "verdict", "words"),
    [
        (replace(TWO, cue_s=STANDS_S - 5.8), "attention", "first step came"),
        (replace(TWO, cue_s=STANDS_S + 3.0), "attention", "before the go"),
        (replace(TWO, cue_s=155.0), "invalid", "No walking was seen"),
    ],
)
def test_a_start_that_went_wrong_is_said(prompt: Prompt, verdict: str, words: str) -> None:
    event = two_minutes(to_and_fro(20.0, 130.0), prompt)
    assert event.fields["verdict"] == verdict
    assert any(words in reason for reason in event.fields["reasons"])
