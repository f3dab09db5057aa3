"""What repeats itself is a walk only at a walk's pace and size, with contacts that come when the rhythm says."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.detector import State, fresh
from dsp.gait.contacts import append
from dsp.gait.parameters import ARM_GAIT, LOOSE_GAIT, GaitParameters, as_record
from dsp.gait.plausible import agree, bounce_m, keep_rhythm, odd_pace, swing_m
from dsp.gait.rhythm import MEMORY_S, RHYTHM_STATE, TICK_HZ
from dsp.gait.rises import TICK_S
from dsp.gait.walking import WALK_STATE

gaps = st.lists(st.floats(0.2, 2.0), min_size=3, max_size=12)


def walk_of(gaps_s: list[float], heights: list[float]) -> State:
    state = fresh(WALK_STATE)
    for time_s, height in zip(np.cumsum(gaps_s), heights, strict=True):
        append(state[0]["contacts"], time_s, height, 0.0)
    return state


@settings(deadline=None)
@given(gaps, st.floats(0.6, 3.0), st.floats(0.1, 1.0))
def test_contacts_agree_where_each_gap_is_about_half_a_stride(
    gaps_s: list[float], stride_s: float, most: float
) -> None:
    k = walk_of(gaps_s, len(gaps_s) * [1.0])[0]["contacts"]
    parameters = as_record(replace(LOOSE_GAIT, agree=most))
    n = len(gaps_s)
    off = np.abs(2.0 * np.array(gaps_s[1:]) / stride_s - 1.0)
    if np.all(np.abs(off - most) > 1e-9):
        assert agree(k, n, stride_s, parameters[0]) == bool(np.all(off < most))


@settings(deadline=None)
@given(st.floats(0.3, 1.2), st.floats(0.05, 3.0), st.integers(3, 8))
def test_the_bounce_is_the_amplitude_of_a_wave_of_twice_that_height(step_s: float, height: float, n: int) -> None:
    k = walk_of(n * [step_s], n * [height])[0]["contacts"]
    time_s = np.linspace(0.0, step_s, 2001)
    wave_m = bounce_m(k, n) * np.sin(2 * np.pi * time_s / step_s)
    acc = np.gradient(np.gradient(wave_m, time_s), time_s)
    assert np.abs(acc[5:-5]).max() == pytest.approx(2.0 * height, rel=1e-3)


@settings(deadline=None)
@given(st.floats(0.6, 3.2), st.floats(0.01, 1.0))
def test_a_swing_at_the_stride_s_pace_is_measured_as_wide_as_it_is(stride_s: float, wide_m: float) -> None:
    state = fresh(RHYTHM_STATE)
    state["stride_s"] = stride_s
    acc = wide_m * (2 * np.pi / stride_s) ** 2 * np.sin(2 * np.pi * np.arange(1000) / 1000)
    state["energy"] = np.mean(acc**2) * MEMORY_S * TICK_HZ
    assert swing_m(state[0]) == pytest.approx(wide_m, rel=1e-6)


@settings(deadline=None)
@given(st.floats(0.6, 3.2))
def test_only_an_unusual_pace_asks_for_more_rhythm(stride_s: float) -> None:
    state = fresh(RHYTHM_STATE)
    state["stride_s"] = stride_s
    parameters = as_record(replace(ARM_GAIT, odd_pace=1.0))
    usual = math.exp(-0.3) < stride_s / 1.16 < math.exp(0.3)
    assert (odd_pace(state[0], parameters[0]) == 0.0) == usual


def followed(strides: list[tuple[float, float]], parameters: GaitParameters) -> list[tuple[float, float]]:
    """The step and for how long the rhythm was clear, a tick after the other, for (strength, stride in seconds)."""
    state, p = fresh(WALK_STATE), as_record(parameters)
    w = state[0]
    said = []
    for n, (strength, stride_s) in enumerate(strides):
        w["rhythm"]["strength"], w["rhythm"]["stride_s"] = strength, stride_s
        keep_rhythm(w, p[0], n * TICK_S, TICK_S)
        said.append((float(w["step_s"]), float(w["steady_s"])))
    return said


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.6, 3.2)), min_size=1, max_size=200))
def test_the_step_follows_the_rhythm_as_its_twin_says(strides: list[tuple[float, float]]) -> None:
    p = replace(ARM_GAIT, odd_pace=0.0)
    step_s, locked_s, steady_s = 0.0, 0.0, 0.0
    for n, ((strength, stride_s), said) in enumerate(zip(strides, followed(strides, p), strict=True)):
        new_s = stride_s / 2.0
        apart = abs(math.log(new_s / step_s)) if step_s else 0.0
        known = step_s > 0.0 and apart < 0.1
        if strength >= (p.hold if known else p.lock) and apart < p.pace_jump:
            step_s, locked_s = new_s, n * TICK_S
        if n * TICK_S - locked_s > p.remember_s:
            step_s = 0.0
        steady_s = steady_s + TICK_S if strength >= p.walks else 0.0
        assert said == pytest.approx((step_s, steady_s))


def test_two_strides_taken_for_one_do_not_double_the_step_before_the_rhythm_is_forgotten() -> None:
    strides = 50 * [(0.8, 1.1)] + 90 * [(0.9, 2.2)] + 200 * [(0.9, 2.2)]
    steps = [step_s for step_s, _ in followed(strides, LOOSE_GAIT)]
    assert steps[139] == pytest.approx(0.55)
    assert steps[-1] == pytest.approx(1.1)


def test_a_rhythm_that_was_clear_is_held_while_it_keeps_its_pace() -> None:
    weak = 200 * [(0.4, 1.12)]
    assert followed(25 * [(0.7, 1.1)] + weak, ARM_GAIT)[-1][0] == pytest.approx(0.56)
    assert followed(weak, ARM_GAIT)[-1][0] == 0.0
