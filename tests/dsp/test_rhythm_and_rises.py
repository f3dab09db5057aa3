"""The stride is read off the repetition, contacts off the rises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.detector import fresh
from dsp.gait.rhythm import (
    DRIFT_S,
    GYRO_MPS2_PER_RADPS,
    LAGS,
    LONGEST_TICKS,
    MEMORY_S,
    RHYTHM_STATE,
    SHORTEST_TICKS,
    TICK_HZ,
    follow,
    look,
    repetition,
    restart,
    vigour,
)
from dsp.gait.rises import AHEAD, AHEAD_TICKS, RISE_STATE, SCALE_S, SCALES, TICK_S, push, scale_for, slope_at
from tests import naive
from tests.dsp.walks import rotation

LEAK = 1 - np.exp(-1 / (DRIFT_S * TICK_HZ))


def gait(step_s: float, seconds: float = 12.0, limp: float = 0.0, seed: int = 0) -> np.ndarray:
    """Ticks of a trunk's motion: the vertical repeats each step, sway and yaw each stride."""
    t = np.arange(int(seconds * TICK_HZ)) / TICK_HZ
    step, stride = 2 * np.pi * t / step_s, np.pi * t / step_s
    motion = [2 * np.sin(step) + limp * np.sin(stride), np.sin(stride + 1), np.sin(step + 1.7)]
    motion += [0.3 * np.cos(stride), 0.1 * np.sin(step), 0.2 * np.sin(stride)]
    return np.column_stack(motion) + np.random.default_rng(seed).normal(0, 0.1, (t.size, 6))


def followed(motion: np.ndarray) -> np.ndarray:
    state = fresh(RHYTHM_STATE)
    for row in motion:
        follow(state[0], row)
    look(state[0])
    return state[0]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999), ticks=st.integers(1, 240), gyro=st.booleans())
def test_the_repetition_is_the_weighted_autocorrelation_of_all_axes(seed: int, ticks: int, gyro: bool) -> None:
    motion = np.random.default_rng(seed).normal(size=(ticks, 6))
    if not gyro:
        motion[:, 3:] = np.nan
    r = followed(motion)
    scaled = motion * ([1, 1, 1] + 3 * [GYRO_MPS2_PER_RADPS])
    expected = naive.repetition(scaled, MEMORY_S * TICK_HZ, LEAK, SHORTEST_TICKS, LONGEST_TICKS)
    np.testing.assert_allclose([repetition(r, lag) for lag in range(LAGS)], expected, atol=1e-9)


@pytest.mark.parametrize("step_s", [0.42, 0.55, 0.7, 0.9, 1.2])
@pytest.mark.parametrize("limp", [0.0, 1.5])
def test_the_stride_is_two_steps_at_any_pace_limping_or_not(step_s: float, limp: float) -> None:
    r = followed(gait(step_s, limp=limp))
    assert r["stride_s"] == pytest.approx(2 * step_s, rel=0.02)
    assert r["strength"] > 0.8


def test_the_stride_does_not_depend_on_how_the_sensor_is_turned() -> None:
    motion = gait(0.6)
    turn = rotation(4)
    turned = np.column_stack([motion[:, :3] @ turn.T, motion[:, 3:] @ turn.T])
    straight, other = followed(motion), followed(turned)
    assert other["stride_s"] == pytest.approx(straight["stride_s"], abs=1e-9)
    assert other["strength"] == pytest.approx(straight["strength"], abs=1e-9)


def test_noise_has_no_rhythm_and_stillness_no_vigour() -> None:
    noise = np.random.default_rng(0).normal(size=(400, 6))
    assert followed(noise)["strength"] < 0.45
    still = followed(np.zeros((400, 6)))
    assert still["strength"] == 0.0
    assert vigour(still) == 0.0


def test_after_a_restart_nothing_is_remembered() -> None:
    r = followed(gait(0.55))
    restart(r)
    for row in gait(0.8, seed=5):
        follow(r, row)
    look(r)
    other = followed(gait(0.8, seed=5))
    assert r["stride_s"] == other["stride_s"]
    assert r["strength"] == other["strength"]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), scale=st.integers(0, SCALES - 1), ticks=st.integers(30, 150))
def test_the_slope_is_the_weighted_least_squares_one(seed: int, scale: int, ticks: int) -> None:
    values = np.cumsum(np.random.default_rng(seed).normal(size=ticks))
    state = fresh(RISE_STATE)
    for value in values:
        push(state[0], value)
    at = ticks - 1 - int(AHEAD[scale])
    expected = naive.slope(values, at, SCALE_S[scale], TICK_S, AHEAD_TICKS)
    assert slope_at(state[0], scale, at) == pytest.approx(expected, abs=1e-9)


def test_the_first_value_stands_for_everything_before_it() -> None:
    state = fresh(RISE_STATE)
    for value in (5.0, 5.0, 5.0, 6.0):
        push(state[0], value)
    for value in [6.0] * 20:
        push(state[0], value)
    expected = naive.slope(np.array([5.0, 5.0, 5.0] + 21 * [6.0]), 3, SCALE_S[4], TICK_S, AHEAD_TICKS)
    assert slope_at(state[0], 4, 3) == pytest.approx(expected)


@settings(deadline=None)
@given(st.floats(-1.0, 5.0))
def test_the_scale_is_the_nearest_there_is(wanted_s: float) -> None:
    k = scale_for(wanted_s)
    assert 0 <= k < SCALES
    ratio = np.log(max(wanted_s, 1e-3) / SCALE_S)
    assert abs(ratio[k]) == pytest.approx(np.abs(ratio).min(), abs=1e-6)
