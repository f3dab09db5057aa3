"""What is measured over a bout: against a slow twin, on signals whose answer is known, and through the pipeline."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import AP, COLUMNS, CONFIDENCE, GYR_V, ML, SEEN, TIME, VALID, V
from dsp.detector import fresh
from dsp.events import Event
from dsp.gait.columns import (
    ASYMMETRY,
    HARMONICS_USED,
    MEASURED_COLUMNS,
    RATIO_ML,
    RATIO_V,
    SPEED_ERROR_MPS,
    STEP_REGULARITY,
    STRIDE_CV,
    STRIDE_REGULARITY,
    STRIDE_SD_S,
    STRIDES,
)
from dsp.gait.lengths import FACTOR, IDLE_MPS2, LONGEST, SLOW_MPS, USUAL_MPS
from dsp.gait.measures import MEASURES_STATE, conclude, measure
from dsp.gait.parameters import GaitParameters, as_record
from dsp.gait.past import keep
from dsp.wearing import Calibration, Wearing
from sensing.block import STANDARD_GRAVITY_MPS2, Position
from tests.dsp.naive_bout import COMPARED, SHARE, measured
from tests.dsp.naive_regularity import Motion
from tests.dsp.walks import Stream, events_of, leg_walk, rotation, trunk_walk

LATER_S = 3.0  # after a contact, until it is measured
UNKNOWN_AT_THE_BACK = ("double_support", "stance_time_s", "swing_time_s")


def motion(
    seconds: float, step_s: float = 0.5, *, noise: float = 0.0, yaw_radps: float = 0.0, sensor_hz: float = 100.0
) -> Motion:
    """Both steps alike in the vertical and forward, opposite sideways, and noise on all of it."""
    rng = np.random.default_rng(4)
    time_s = np.arange(round(seconds * 100)) / 100
    phase = np.pi * time_s / step_s
    random = rng.normal(0, noise, (3, time_s.size))
    return Motion(
        2 * np.sin(2 * phase) + 0.2 * np.sin(phase) + random[0],
        np.sin(phase) + 0.1 * np.sin(2 * phase) + random[1],
        np.cos(2 * phase) + 0.1 * np.sin(phase) + random[2],
        np.full(time_s.size, yaw_radps),
        np.ones(time_s.size),
        (np.floor(time_s * sensor_hz + 1e-9) != np.floor((time_s - 0.01) * sensor_hz + 1e-9)).astype(float),
    )


def lost(m: Motion, start: int, stop: int) -> Motion:
    v = m.v.copy()
    v[start:stop] = np.nan
    return Motion(v, m.ml, m.ap, m.yaw_radps, m.sure, m.fresh)


def kernel_measures(
    m: Motion,
    contacts_s: list[float],
    usual_s: float,
    per_stride: int = 2,
    models: tuple[float, float] = (0.0, 0.0),
    trunk: bool = True,
) -> np.ndarray:
    """The stream's way: rows come, each contact is measured some time after it."""
    state = fresh(MEASURES_STATE)[0]
    pendulum_m, walk_ratio_m_s = models
    parameters = GaitParameters(
        contacts_per_stride=per_stride,
        pendulum_m=pendulum_m,
        walk_ratio_m_s=walk_ratio_m_s,
        length_share=SHARE,
        length_within_mps=0.2,
        slow_excess_mps=0.06,
        length_turning_mps=0.1,
        trunk=float(trunk),
    )
    p = as_record(parameters)[0]
    waiting, seen_s = list(contacts_s), 0.0
    row = np.zeros(COLUMNS)
    for i in range(len(m.v)):
        if not math.isnan(m.v[i]):
            if m.fresh[i]:
                seen_s += 0.01
            row[[TIME, V, ML, AP, GYR_V, CONFIDENCE, SEEN, VALID]] = (
                i / 100,
                m.v[i],
                m.ml[i],
                m.ap[i],
                m.yaw_radps[i],
                m.sure[i],
                seen_s,
                1.0,
            )
            keep(state["past"], i, row)
        while waiting and i / 100 > waiting[0] + LATER_S:
            measure(state, p, waiting.pop(0), math.nan, math.nan)
    for t in waiting:
        measure(state, p, t, math.nan, math.nan)
    out = np.empty(MEASURED_COLUMNS)
    conclude(state, p, usual_s, out)
    return out


@settings(max_examples=60, deadline=None, derandomize=True)  # a chance stride may still lie on a limit
@given(
    steps_s=st.lists(
        st.sampled_from([0.45, 0.5, 0.52, 0.55, 0.61, 1.3]) | st.floats(0.3, 0.9), min_size=3, max_size=40
    ),
    begin_s=st.floats(0.1, 2.0),
    noise=st.floats(0.05, 2.0),
    yaw_radps=st.sampled_from([0.0, 0.213, 0.307, -0.453, math.nan]),
    sensor_hz=st.sampled_from([20.0, 25.0, 50.0, 100.0]),
    hole=st.none() | st.tuples(st.integers(50, 1500), st.integers(1, 250)),
    per_stride=st.sampled_from([1, 2]),
    models=st.sampled_from([(0.0, 0.0), (0.9, 0.0), (1.05, 0.0), (0.0, 1.4)]),
    trunk=st.booleans(),
)
def test_the_kernels_measure_what_their_twin_does(
    steps_s: list[float],
    begin_s: float,
    noise: float,
    yaw_radps: float,
    sensor_hz: float,
    hole: tuple[int, int] | None,
    per_stride: int,
    models: tuple[float, float],
    trunk: bool,
) -> None:
    uneven = [s * (1.0 + 1e-4 * math.sin(1.7 * n + 0.3)) for n, s in enumerate(steps_s)]  # no limit is hit exactly
    contacts_s = (begin_s + np.cumsum([0.0, *uneven])).tolist()
    m = motion(contacts_s[-1] + 1.0, noise=noise, yaw_radps=yaw_radps, sensor_hz=sensor_hz)
    if hole is not None:
        m = lost(m, hole[0], min(hole[0] + hole[1], len(m.v) - 1))
    usual_s = float(np.median([b - a for a, b in zip(contacts_s, contacts_s[per_stride:], strict=False)]))
    found = kernel_measures(m, contacts_s, usual_s, per_stride, models, trunk)
    expected = measured(m, contacts_s, usual_s, per_stride, models, trunk)
    np.testing.assert_allclose(found[COMPARED], expected, rtol=1e-6, atol=1e-7)


def even_contacts(n: int = 40, step_s: float = 0.5) -> list[float]:
    return [1.0 + step_s * k for k in range(n)]


def test_an_even_walk_has_no_spread_no_asymmetry_and_repeats_itself() -> None:
    found = kernel_measures(motion(22.0), even_contacts(), 1.0)
    assert found[STRIDES] == 38
    assert found[[STRIDE_SD_S, STRIDE_CV, ASYMMETRY]] == pytest.approx([0, 0, 0], abs=1e-4)
    assert found[STRIDE_REGULARITY] == pytest.approx(1.0, abs=0.01)
    assert 0.95 < found[STEP_REGULARITY] < found[STRIDE_REGULARITY]
    assert found[RATIO_V] == pytest.approx(10.0, rel=0.02)
    assert found[RATIO_ML] == pytest.approx(10.0, rel=0.02)
    assert found[HARMONICS_USED] == 20


def test_a_limp_shows_without_knowing_which_foot_it_is() -> None:
    contacts_s = (1.0 + np.cumsum([0.0, *[0.45, 0.55] * 15])).tolist()
    found = kernel_measures(motion(18.0), contacts_s, 1.0)
    assert found[ASYMMETRY] == pytest.approx(0.2, abs=1e-6)
    assert found[STRIDE_SD_S] == pytest.approx(0.0, abs=1e-4)


def test_a_missed_contact_changes_neither_spread_nor_asymmetry() -> None:
    contacts_s = (1.0 + np.cumsum([0.0, *[0.45, 0.55] * 20])).tolist()
    del contacts_s[20]
    found = kernel_measures(motion(23.0), contacts_s, 1.0)
    assert found[ASYMMETRY] == pytest.approx(0.2, abs=1e-6)
    assert found[STRIDE_SD_S] == pytest.approx(0.0, abs=1e-4)
    assert found[STRIDES] < 39


def test_the_spread_is_not_told_from_nine_strides() -> None:
    assert math.isnan(kernel_measures(motion(9.0), even_contacts(11), 1.0)[STRIDE_SD_S])
    assert kernel_measures(motion(9.0), even_contacts(12), 1.0)[STRIDE_SD_S] == pytest.approx(0, abs=1e-4)


def test_strides_in_a_turn_are_left_out_of_the_spread() -> None:
    found = kernel_measures(motion(22.0, yaw_radps=0.5), even_contacts(), 1.0)
    assert found[STRIDES] == 0
    assert math.isnan(found[STRIDE_CV])
    assert math.isnan(found[RATIO_V])


def bout_of(stream: Stream, wearing: Wearing) -> Event:
    return max((e for e in events_of(stream, wearing) if e.kind == "walking_bout"), key=lambda e: e.end_s or 0.0)


def test_a_pendulum_of_known_height_tells_length_speed_and_distance() -> None:
    step_s, strength = 0.5, 2.0
    stream = trunk_walk(step_s=step_s, steps=40, strength_mps2=strength, noise_mps2=0.0).without_gyro()
    fields = bout_of(stream, Wearing("lower_back", sensor_height_m=1.0)).fields
    onward = math.sqrt(strength**2 - IDLE_MPS2**2)
    h = 2 * onward * (step_s / (2 * math.pi)) ** 2
    plain_m = 4 * FACTOR * math.sqrt(2 * h - h * h)
    stride_m = plain_m / math.hypot(1.0, plain_m / LONGEST)
    assert fields["stride_length_m"] == pytest.approx(stride_m, rel=0.03)
    assert fields["speed_mps"] == pytest.approx(stride_m / (2 * step_s), rel=0.03)
    assert fields["distance_m"] == pytest.approx(stride_m / 2 * 39.5, rel=0.04)
    assert fields["speed_expected_error_mps"] == pytest.approx(0.07, abs=0.03)


def test_a_slow_speed_is_expected_to_be_further_off_than_a_usual_one() -> None:
    slow = bout_of(
        trunk_walk(step_s=0.8, steps=40, strength_mps2=0.45), Wearing("lower_back", sensor_height_m=1.0)
    ).fields
    usual = bout_of(
        trunk_walk(step_s=0.5, steps=40, strength_mps2=2.0), Wearing("lower_back", sensor_height_m=1.0)
    ).fields
    assert isinstance(slow["speed_mps"], float)
    assert isinstance(usual["speed_mps"], float)
    assert slow["speed_mps"] < SLOW_MPS < USUAL_MPS < usual["speed_mps"]
    sizes = [fields["speed_expected_error_mps"] / fields["speed_mps"] for fields in (slow, usual)]  # type: ignore[operator]
    assert sizes[0] > 2 * sizes[1]
    assert any("slow" in str(reason) for reason in slow["quality_reasons"])  # type: ignore[union-attr]


def test_a_walk_that_is_all_turning_has_a_larger_expected_error() -> None:
    straight, turning = (
        kernel_measures(motion(22.0, yaw_radps=rate), even_contacts(), 1.0, models=(1.0, 0.0))[SPEED_ERROR_MPS]
        for rate in (0.1, 0.6)
    )
    assert turning == pytest.approx(math.hypot(straight, 0.1), abs=0.02)


def test_body_height_stands_in_for_the_sensors_height() -> None:
    by_body = bout_of(trunk_walk(), Wearing("lower_back", height_m=1.70)).fields
    by_sensor = bout_of(trunk_walk(), Wearing("lower_back", sensor_height_m=0.593 * 1.70)).fields
    assert by_body == by_sensor
    assert by_body["speed_mps"] is not None


@pytest.mark.parametrize("position", ["waist", "chest", "pocket", "wrist", "head"])
def test_elsewhere_than_at_the_lower_back_the_walk_ratio_stands_in_and_says_so(position: Position) -> None:
    known = bout_of(trunk_walk(steps=40), Wearing(position, height_m=1.70)).fields
    assert known["length_model"] == "cadence model"
    assert known["stride_length_m"] == pytest.approx(2 * 0.0056 * 60 / 0.55, rel=0.01)
    assert known["speed_mps"] == pytest.approx(0.0056 * (60 / 0.55) ** 2 / 60, rel=0.01)
    assert known["speed_expected_error_mps"] > 0.1  # type: ignore[operator]
    calibrated = bout_of(trunk_walk(steps=40), Wearing(position, calibration=Calibration(0.9, None, 0.05))).fields
    assert calibrated["length_model"] == "cadence model, calibrated"
    assert calibrated["speed_mps"] == pytest.approx(0.9 * known["speed_mps"], rel=0.01)  # type: ignore[operator]
    for name in ("speed_mps", "stride_length_m", "distance_m", "speed_expected_error_mps", "length_model"):
        assert bout_of(trunk_walk(steps=24), Wearing(position, sensor_height_m=1.0)).fields[name] is None


def test_the_steps_in_which_a_walk_stops_do_not_slow_it() -> None:
    stopping = trunk_walk(steps=40, still_s=2.0)
    last_s = stopping.contacts_s[-1]
    fading = np.clip((last_s + 0.3 - stopping.time_s) / 1.1, 0.3, 1.0)[:, None]
    acc = (stopping.acc_mps2 - [0, 0, STANDARD_GRAVITY_MPS2]) * fading + [0, 0, STANDARD_GRAVITY_MPS2]
    faded = Stream(stopping.time_s, acc, stopping.gyr_radps, stopping.contacts_s, 100.0)
    wearing = Wearing(sensor_height_m=1.0)
    whole, slowed = bout_of(stopping, wearing).fields, bout_of(faded, wearing).fields
    assert slowed["speed_mps"] == pytest.approx(whole["speed_mps"], rel=0.01)
    assert slowed["distance_m"] < whole["distance_m"]  # type: ignore[operator]


def test_a_leg_knows_its_strides_but_nothing_of_the_other_foot() -> None:
    fields = bout_of(leg_walk(strides=20), Wearing("foot_left", height_m=1.7)).fields
    assert fields["strides"] == pytest.approx(19, abs=2)
    assert fields["stride_time_sd_s"] == pytest.approx(0.0, abs=0.02)
    for name in ("step_time_asymmetry", "step_regularity", "symmetry", "harmonic_ratio_vertical", "harmonics"):
        assert fields[name] is None


@pytest.mark.parametrize("seed", range(3))
def test_the_measures_do_not_depend_on_the_mounting(seed: int) -> None:
    upright = bout_of(trunk_walk(steps=30), Wearing(height_m=1.7)).fields
    turned = bout_of(trunk_walk(steps=30, mounting=rotation(seed)), Wearing(height_m=1.7)).fields
    for name, value in upright.items():
        assert (value is None) == (name in UNKNOWN_AT_THE_BACK), name
        if not isinstance(value, float):
            assert turned[name] == value
            continue
        learned = name in ("harmonic_ratio_ap", "harmonic_ratio_ml")  # forward is learned to a few degrees
        assert turned[name] == pytest.approx(value, rel=0.1 if learned else 0.0, abs=3e-3), name


@pytest.mark.parametrize(("rate_hz", "harmonics"), [(12.5, None), (25.0, 10), (52.0, 20), (208.0, 20)])
def test_harmonic_ratios_rest_on_as_many_harmonics_as_the_rate_carries(rate_hz: float, harmonics: int | None) -> None:
    fields = bout_of(trunk_walk(steps=24, rate_hz=rate_hz), Wearing()).fields
    assert fields["harmonics"] == harmonics
    assert (fields["harmonic_ratio_vertical"] is None) == (harmonics is None)
