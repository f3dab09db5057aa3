"""Final contacts and lengths from a sensor on one leg."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import ACC_X, CONFIDENCE, SEEN, UP_Z, VALID, BodyBlock
from dsp.detector import fresh
from dsp.events import Event
from dsp.gait.foot_past import AXES, FOOT_STATE, keep_foot
from dsp.gait.foot_stride import measure_swing
from dsp.gait.parameters import ANKLE_GAIT, FOOT_GAIT, GaitParameters, as_record
from dsp.gait.past import PAST_STATE, keep
from dsp.wearing import Calibration, Wearing
from tests.dsp import naive_foot
from tests.dsp.legs import Leg, walking_leg
from tests.dsp.walks import body_of, events_of, rotation, standing_steps

LATER_S = 0.54  # a step is sent this long after its contact

mountings = st.integers(0, 10_000).map(rotation)


def kernel_swing(rows: np.ndarray, parameters: GaitParameters, before_s: float, t: float) -> tuple[float, float]:
    """The stream's way: rows 0 on come, then the swing is measured."""
    foot, past, told = fresh(FOOT_STATE)[0], fresh(PAST_STATE)[0], np.empty(2)
    for index, row in enumerate(rows):
        keep(past, index, row)
        keep_foot(foot, index, row)
    measure_swing(foot, past, as_record(parameters)[0], before_s, t, told)
    return float(told[0]), float(told[1])


def rows_until(leg: Leg, until_s: float) -> np.ndarray:
    """Rows from index 0 on; the first, which the conditioner cannot make, are like the one after."""
    (block,) = body_of(leg.stream, Wearing("foot_left"))
    before = np.repeat(block.rows[:1], block.first_index, axis=0)
    return np.ascontiguousarray(np.vstack([before, block.rows])[: round(until_s * 100) + 1])


@settings(max_examples=40, deadline=None)
@given(
    stride_m=st.floats(0.3, 1.9),
    stride_s=st.floats(0.9, 1.8),
    mounting=mountings,
    turn_rad=st.floats(-0.6, 0.6),
    rate_hz=st.sampled_from([52.0, 100.0, 104.0, 208.0]),
    noise=st.floats(0.0, 0.03),
    at=st.integers(0, 5),
)
def test_the_length_of_a_foots_stride_is_known_to_two_per_cent_for_any_mounting(
    stride_m: float, stride_s: float, mounting: np.ndarray, turn_rad: float, rate_hz: float, noise: float, at: int
) -> None:
    leg = walking_leg(
        stride_m=stride_m,
        stride_s=stride_s,
        strides=6,
        mounting=mounting,
        turn_rad=turn_rad,
        rate_hz=rate_hz,
        noise_mps2=noise,
    )
    t = leg.contacts_s[at]
    before_s = leg.contacts_s[at - 1] if at else math.nan
    length_m, final_s = kernel_swing(rows_until(leg, t + LATER_S), FOOT_GAIT, before_s, t)
    assert length_m == pytest.approx(stride_m if at else 0.5 * stride_m, rel=0.02, abs=0.02)
    assert final_s - FOOT_GAIT.final_lag_s == pytest.approx(leg.leaves_s[at], abs=0.012)


@settings(max_examples=20, deadline=None)
@given(stride_m=st.floats(0.4, 1.6), mounting=mountings, lever_m=st.sampled_from([0.1, 0.15]), at=st.integers(1, 5))
def test_a_shank_that_turns_about_its_ankle_gives_the_stride_too(
    stride_m: float, mounting: np.ndarray, lever_m: float, at: int
) -> None:
    leg = walking_leg(stride_m=stride_m, strides=6, shank=True, lever_m=lever_m, mounting=mounting)
    t = leg.contacts_s[at]
    length_m, _ = kernel_swing(rows_until(leg, t + LATER_S), ANKLE_GAIT, leg.contacts_s[at - 1], t)
    assert length_m == pytest.approx(stride_m, rel=0.02, abs=0.02 + abs(lever_m - ANKLE_GAIT.pivot_m))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_kernels_measure_a_swing_as_their_twin_does(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    n = data.draw(st.integers(150, 700))
    t = n / 100 - data.draw(st.sampled_from([0.2, LATER_S, 0.7]))
    stride_s = data.draw(st.none() | st.floats(0.5, 3.2))
    before_s = None if stride_s is None else t - stride_s
    pivot_m, lag_s = data.draw(st.sampled_from([(0.0, 0.033), (0.1, 0.0)]))
    slow = np.cumsum(rng.normal(0, 1.0, (n, 3)), axis=0)
    acc = rng.normal(0, 2.0, (n, 3)) + 9.81 * rotation(1)[2]
    gyr = data.draw(st.sampled_from([0.02, 0.2])) * np.sin(np.arange(n) / 12)[:, None] * (slow - slow.mean(axis=0))
    gyr = gyr.clip(-size, size) if (size := data.draw(st.sampled_from([0.0, 2.5]))) else gyr
    gyr[rng.random(n) < data.draw(st.sampled_from([0.0, 0.0, 0.001]))] = np.nan
    is_fresh = rng.random(n) < data.draw(st.sampled_from([1.0, 0.5, 0.3]))
    bridged = rng.random(n) < data.draw(st.sampled_from([0.0, 0.04]))
    rows = np.zeros((n, 22))
    rows[:, ACC_X : ACC_X + AXES] = np.hstack([acc, gyr])
    rows[:, VALID], rows[:, SEEN], rows[:, CONFIDENCE], rows[:, UP_Z] = ~bridged, 1 + np.cumsum(is_fresh), 1.0, 1.0
    is_fresh[0] = True
    found = kernel_swing(
        rows, GaitParameters(pivot_m=pivot_m, final_lag_s=lag_s), math.nan if before_s is None else before_s, t
    )
    expected = naive_foot.swing(acc, gyr, is_fresh, bridged, before_s, t, pivot_m, lag_s)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)


def bout_of(events: list[Event]) -> Event:
    return max((e for e in events if e.kind == "walking_bout"), key=lambda e: e.end_s or 0.0)


@pytest.mark.parametrize("position", ["foot_left", "foot_right", "ankle_left"])
def test_a_walk_tells_each_strides_length_its_final_contact_and_the_way_walked(position: str) -> None:
    shank = position.startswith("ankle")
    leg = walking_leg(strides=14, shank=shank, lever_m=0.1 if shank else 0.0, mounting=rotation(5), noise_mps2=0.05)
    events = events_of(leg.stream, Wearing(position))  # type: ignore[arg-type]
    steps = standing_steps(events)
    assert len(steps) == 14
    lag_s = (ANKLE_GAIT if shank else FOOT_GAIT).final_lag_s
    for n, step in enumerate(steps):
        assert step.fields["final_contact_s"] == pytest.approx(leg.leaves_s[n] + lag_s, abs=0.02)
        if n == 0:
            assert step.fields["stride_length_m"] is None
        else:
            assert step.fields["stride_length_m"] == pytest.approx(1.3, rel=0.03)
            assert step.fields["speed_mps"] == pytest.approx(1.3 / 1.1, rel=0.06)
    bout = bout_of(events).fields
    assert bout["length_model"] == "strapdown"
    assert bout["stride_length_m"] == pytest.approx(1.3, rel=0.02)
    assert bout["speed_mps"] == pytest.approx(1.3 / 1.1, rel=0.02)
    assert bout["distance_m"] == pytest.approx(13.5 * 1.3, rel=0.02)
    assert 0.0 < bout["speed_expected_error_mps"] < 0.12  # type: ignore[operator]
    assert bout["stance_time_s"] + bout["swing_time_s"] == pytest.approx(1.1, abs=0.01)  # type: ignore[operator]
    assert bout["double_support"] is None


@pytest.mark.parametrize("why", ["no gyroscope", "25 Hz"])
def test_without_a_gyroscope_or_at_too_low_a_rate_nothing_is_measured(why: str) -> None:
    leg = walking_leg(strides=14, rate_hz=25.0 if why == "25 Hz" else 100.0, noise_mps2=0.05)
    stream = leg.stream if why == "25 Hz" else leg.stream.without_gyro()
    events = events_of(stream, Wearing("foot_left"))
    assert len(standing_steps(events)) >= 12
    for step in standing_steps(events):
        assert [step.fields[k] for k in ("final_contact_s", "stride_length_m", "speed_mps")] == [None] * 3
    names = ("speed_mps", "stride_length_m", "distance_m", "stance_time_s", "swing_time_s", "length_model")
    assert [bout_of(events).fields[k] for k in names] == [None] * len(names)


def test_a_calibration_multiplies_what_a_foot_measures() -> None:
    stream = walking_leg(strides=14, noise_mps2=0.05).stream
    plain, calibrated = (
        bout_of(events_of(stream, wearing)).fields
        for wearing in (Wearing("foot_left"), Wearing("foot_left", calibration=Calibration(1.05, None, 0.01)))
    )
    for name in ("stride_length_m", "speed_mps", "distance_m"):
        assert calibrated[name] == pytest.approx(1.05 * plain[name], rel=2e-3)  # type: ignore[operator]
    assert calibrated["speed_expected_error_mps"] < plain["speed_expected_error_mps"]  # type: ignore[operator]
    assert calibrated["length_model"] == "strapdown, calibrated"


@pytest.mark.parametrize("range_radps", [4.36, 6.5])
def test_a_gyroscope_whose_range_is_too_small_says_nothing_rather_than_something_wrong(range_radps: float) -> None:
    leg = walking_leg(strides=14, noise_mps2=0.05)
    assert leg.stream.gyr_radps is not None
    assert abs(leg.stream.gyr_radps).max() > range_radps
    clipped = leg.stream.gyr_radps.clip(-range_radps, range_radps)
    stream = type(leg.stream)(leg.stream.time_s, leg.stream.acc_mps2, clipped, leg.contacts_s, 100.0)
    lengths = [step.fields["stride_length_m"] for step in standing_steps(events_of(stream, Wearing("foot_left")))]
    assert all(length is None or length == pytest.approx(1.3, rel=0.02) for length in lengths)


def test_the_sensors_own_axes_stay_in_the_rows() -> None:
    leg = walking_leg(strides=3, mounting=rotation(2))
    (block,) = body_of(leg.stream, Wearing("foot_left"))
    assert isinstance(block, BodyBlock)
    assert leg.stream.gyr_radps is not None
    middle = 200 - block.first_index
    np.testing.assert_allclose(block.acc_sensor_mps2[middle], leg.stream.acc_mps2[200], atol=0.5)
    np.testing.assert_allclose(
        block.gyr_sensor_radps.sum(axis=0), leg.stream.gyr_radps[block.first_index :].sum(axis=0), atol=0.05
    )
