"""The 10-metre walk and the timed 25-foot walk."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.events import Event
from dsp.prompt import Prompt
from dsp.wearing import Calibration, Wearing
from tests.dsp.corridor import STANDS_S, Around, Part, Rest, Walker, clinic_events

CUE_S = STANDS_S - 0.4
TEN = Prompt("10mwt", set_s=0.0, cue_s=CUE_S)
FEET = Prompt("t25fw", set_s=0.0, cue_s=CUE_S)
RUN_IN = replace(TEN, variant="run_in")
CALIBRATED = Wearing(height_m=1.7, calibration=Calibration(1.0, None, 0.03))


def timed(prompt: Prompt, parts: list[Part], walker: Walker | None = None, **more: object) -> Event:
    played = (walker or Walker(model=1.0)).walk(parts)
    (event,) = clinic_events(played.in_order(), 60.0, [prompt], **more)
    return event


def passed_s(walker: Walker, metres: float) -> float:
    return next(at_s for at_s, gone_m in zip(walker.moments_s, walker.gone_m, strict=True) if gone_m >= metres - 1e-6)


def words(event: Event) -> str:
    reasons = event.fields["reasons"]
    assert isinstance(reasons, list)
    return " ".join(str(reason) for reason in reasons)


def test_the_operators_stop_is_the_time() -> None:
    event = timed(replace(FEET, end_cue_s=12.0), [9.0])
    assert event.fields["duration_s"] == pytest.approx(12.0 - CUE_S)
    assert event.fields["speed_mps"] == pytest.approx(7.62 / (12.0 - CUE_S), abs=0.001)
    assert (event.fields["verdict"], event.fields["end_seen_by"], event.fields["clock"]) == ("valid", "operator", "cue")
    assert (event.fields["distance_m"], event.fields["course_length_m"], event.fields["laps"]) == (7.62, 7.62, 1)
    assert event.fields["duration_expected_error_s"] == 0.0
    far_off = timed(replace(TEN, end_cue_s=9.0), [10.0])
    assert far_off.fields["verdict"] == "attention"
    assert "By its steps" in words(far_off)


@settings(deadline=None, max_examples=25)
@given(
    step_m=st.floats(0.35, 0.85), step_s=st.floats(0.42, 0.8), noise=st.floats(0.0, 0.06), beyond_m=st.floats(0.7, 2.5)
)
def test_calibrated_steps_place_the_line_wherever_the_walk_stops(
    step_m: float, step_s: float, noise: float, beyond_m: float
) -> None:
    walker = Walker(step_m, step_s, noise, 3, 1.0)
    event = timed(TEN, [10.0, beyond_m], walker, wearing=CALIBRATED)
    assert event.fields["end_seen_by"] == "calibrated steps"
    assert event.fields["duration_s"] == pytest.approx(passed_s(walker, 10.0) - CUE_S, abs=1.2 * step_s)
    assert event.fields["duration_expected_error_s"] == pytest.approx(0.03 * event.fields["duration_s"], abs=0.002)
    assert event.fields["verdict"] == "valid"


@pytest.mark.parametrize("prompt", [TEN, FEET])
def test_without_a_calibration_the_stop_behind_the_line_ends_it_and_that_is_said(prompt: Prompt) -> None:
    course_m = 10.0 if prompt is TEN else 7.62
    for model in (0.7, 0.8, 0.9):
        walker = Walker(model=model)
        event = timed(prompt, [course_m, 0.5, 0.3], walker)
        assert event.fields["duration_s"] == pytest.approx(passed_s(walker, course_m) - CUE_S, abs=0.1)
        assert (event.fields["verdict"], event.fields["end_seen_by"]) == ("attention", "stop")
        assert "not seen" in words(event)


def test_a_good_model_knows_who_walked_on_behind_the_line_and_a_poor_one_does_not() -> None:
    walker, other = Walker(model=1.0), Walker(model=1.0)
    event = timed(TEN, [10.0, 3.5], walker)
    assert event.fields["duration_s"] == pytest.approx(passed_s(walker, 10.0) - CUE_S, abs=0.6)
    assert (event.fields["verdict"], event.fields["end_seen_by"]) == ("attention", "steps")
    assert 0.05 < event.fields["duration_expected_error_s"] / event.fields["duration_s"] < 0.15
    waist = timed(TEN, [10.0, 3.5], other, wearing=Wearing("waist", height_m=1.7))
    assert waist.fields["end_seen_by"] == "stop"


def test_turning_round_behind_the_line_is_a_stop() -> None:
    walker = Walker(model=1.0)
    event = timed(TEN, [10.0, 0.5, 0.3, Around(), 10.0], walker)
    assert event.fields["duration_s"] == pytest.approx(passed_s(walker, 10.0) - CUE_S, abs=0.3)


def test_run_in_and_run_out_are_not_timed() -> None:
    walker = Walker(model=1.0)
    event = timed(RUN_IN, [14.0, 0.5, 0.3], walker)
    true_s = passed_s(walker, 12.0) - passed_s(walker, 2.0)
    assert event.fields["duration_s"] == pytest.approx(true_s, rel=0.06)
    assert event.fields["distance_m"] == 10.0
    assert event.fields["clock"] == "motion"
    assert event.time_s == pytest.approx(passed_s(walker, 2.0), abs=0.6)
    assert timed(RUN_IN, [14.0, 0.5, 0.3], wearing=CALIBRATED).fields["verdict"] == "valid"
    stopped = timed(replace(RUN_IN, end_cue_s=passed_s(walker, 12.0)), [14.0, 0.5, 0.3])
    assert stopped.fields["duration_s"] == pytest.approx(true_s, abs=0.55)
    assert (stopped.fields["verdict"], stopped.fields["end_seen_by"]) == ("valid", "operator")


def test_a_short_rest_on_the_way_is_in_the_time() -> None:
    walker = Walker(model=1.0)
    event = timed(TEN, [4.0, Rest(5.0), 6.0, 0.5, 0.3], walker)
    assert event.fields["duration_s"] == pytest.approx(passed_s(walker, 10.0) - CUE_S, abs=0.7)


@pytest.mark.parametrize(
    ("parts", "prompt", "said"),
    [
        ([3.0], TEN, "not reached"),
        ([], TEN, "No walking"),
        ([30.0], TEN, "By its steps"),
        ([10.0, 0.5], replace(TEN, cue_s=STANDS_S + 2.2), "no start from standing"),
    ],
)
def test_what_was_no_timed_walk_has_no_time(parts: list[Part], prompt: Prompt, said: str) -> None:
    event = timed(prompt, parts)
    assert event.fields["verdict"] == "invalid"
    assert event.fields["duration_s"] is event.fields["speed_mps"] is event.fields["distance_m"] is None
    assert said in words(event)


def test_a_walk_that_goes_on_behind_the_line_is_attended_to() -> None:
    event = timed(TEN, [16.0], wearing=CALIBRATED)
    assert event.fields["verdict"] == "attention"
    assert "went on" in words(event)


def test_without_a_go_the_first_movement_counts_and_is_said() -> None:
    walker = Walker(model=1.0)
    event = timed(replace(TEN, cue_s=None), [10.0, 0.5, 0.3], walker)
    assert event.fields["clock"] == "motion"
    assert event.time_s == pytest.approx(STANDS_S, abs=0.05)
    assert "no go" in words(event)


def test_it_is_sent_within_fifteen_seconds_of_its_end() -> None:
    for prompt, wearing in ((TEN, None), (TEN, CALIBRATED), (replace(TEN, end_cue_s=16.0), None)):
        event = timed(prompt, [10.0, 0.6], wearing=wearing)
        assert 0.0 < event.emitted_s - (event.end_s or 0.0) <= 15.0
        assert not event.at_end


def test_a_sensor_that_slipped_on_the_way_makes_no_time() -> None:
    played = Walker(model=1.0).walk([10.0, 0.5, 0.3])
    (event,) = clinic_events(played.in_order(), 60.0, [TEN], slips_s=STANDS_S + 4.0)
    assert event.fields["verdict"] == "invalid"
    assert event.fields["duration_s"] is None
    assert "slipped" in words(event)
