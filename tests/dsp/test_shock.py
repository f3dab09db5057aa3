"""The shock of the landing says when a contact was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.detector import State, fresh
from dsp.gait.rises import TICK_S
from dsp.gait.shock import (
    AFTER_S,
    FAR_TICKS,
    FURTHEST_TICKS,
    LEAST_M2PS6,
    LOOKS,
    PAST,
    SHOCK_STATE,
    WIDTH_S,
    feel,
    sharpened,
    shock_near,
)

AFTER = AFTER_S / TICK_S


def felt(jerk_m2ps6: list[float]) -> State:
    state = fresh(SHOCK_STATE)
    for value in jerk_m2ps6:
        feel(state[0], value)
    return state


def centre(jerk_m2ps6: list[float], tick: float) -> float:
    """`shock_near` by NumPy, over the whole past at once."""
    power = np.array(jerk_m2ps6)
    ticks = np.arange(len(power))
    power[ticks < len(power) - PAST] = 0.0
    for _ in range(LOOKS):
        near = np.abs(ticks - np.floor(tick + 0.5)) <= FAR_TICKS
        weight = np.exp(-0.5 * ((ticks - tick) * TICK_S / WIDTH_S) ** 2) * power * near
        tick += (weight * (ticks - tick)).sum() / (weight.sum() + LEAST_M2PS6)
    return tick


@settings(deadline=None)
@given(
    st.lists(st.floats(0.0, 1e4), min_size=1, max_size=3 * PAST).map(lambda past: [*past[:-1], past[-1] + 1.0]),
    st.floats(0.0, 25.0),
)
def test_the_kernel_finds_the_centre_that_its_twin_finds(jerk_m2ps6: list[float], back: float) -> None:
    tick = max(0.0, len(jerk_m2ps6) - 1 - back)
    assert shock_near(felt(jerk_m2ps6)[0], tick) == pytest.approx(centre(jerk_m2ps6, tick), abs=1e-6)


@given(st.floats(20.0, 60.0), st.sampled_from([0.0, 0.75, 1.0]))
def test_without_a_shock_a_contact_stays_where_its_rise_puts_it(tick: float, share: float) -> None:
    assert sharpened(felt([0.0] * 70)[0], tick, share) == tick


@settings(deadline=None)
@given(st.floats(-2.0, 2.0), st.integers(0, 300))
def test_a_lone_shock_draws_the_contact_by_its_share_whenever_it_was(off: float, before: int) -> None:
    at = before + 40
    jerk = [0.0] * (at + 12)
    jerk[at] = 500.0
    found = sharpened(felt(jerk)[0], at - AFTER + off, 0.75)
    assert found == pytest.approx(at - AFTER + 0.25 * off, abs=1e-3)


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 1e4), min_size=50, max_size=70), st.floats(30.0, 45.0))
def test_a_contact_never_moves_further_than_a_tenth_of_a_second(jerk_m2ps6: list[float], tick: float) -> None:
    assert abs(sharpened(felt(jerk_m2ps6)[0], tick, 1.0) - tick) <= FURTHEST_TICKS + 1e-9
    assert round(FURTHEST_TICKS * TICK_S, 9) == 0.1
