"""The height of a trunk that goes up and down, and the lifts that it shows."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import BodyBlock, V
from dsp.clinic import chair_heights as c
from dsp.clinic.movement import Movement
from dsp.detector import fresh
from tests.dsp.chairs import minimum_jerk
from tests.dsp.walks import Floats

LASTS = st.floats(0.8, 2.5)
RESTS = st.floats(0.0, 1.5)


def block(vertical_mps2: Floats, first_index: int = 0) -> BodyBlock:
    rows = np.zeros((len(vertical_mps2), 22))
    rows[:, V] = vertical_mps2
    return BodyBlock(first_index, rows)


def shown(vertical_mps2: Floats, cuts: tuple[int, ...] = ()) -> list[Movement]:
    state = fresh(c.HEIGHT_STATE)[0]
    edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(vertical_mps2)}), len(vertical_mps2)]
    for start, stop in pairwise(edges):
        c.keep_heights(state, block(vertical_mps2[start:stop], start))
    return c.lifted(state, 0.0)


def going_up_and_down(
    times: int, rises_s: float, stands_s: float, sits_s: float, rests_s: float, height_m: float, noise_mps2: float = 0.0
) -> tuple[Floats, list[tuple[float, float]]]:
    """Vertical acceleration, and when each rise began and ended."""
    at_s, rises = 6.0, []
    total_s = 20.0 + times * (rises_s + stands_s + sits_s + rests_s)
    time_s = np.arange(0.0, total_s, 0.01) + 0.005
    made = np.random.default_rng(0).normal(0.0, noise_mps2, time_s.size)
    for _ in range(times):
        made += height_m * minimum_jerk(time_s, at_s, at_s + rises_s)
        rises.append((at_s, at_s + rises_s))
        at_s += rises_s + stands_s
        made -= height_m * minimum_jerk(time_s, at_s, at_s + sits_s)
        at_s += sits_s + rests_s
    return made, rises


@settings(max_examples=60)
@given(
    times=st.integers(1, 12),
    rises_s=LASTS,
    stands_s=RESTS,
    sits_s=LASTS,
    rests_s=RESTS,
    height_m=st.floats(0.3, 0.5),
    drift_mps2=st.floats(-0.2, 0.2),
)
def test_every_stand_is_seen_once_and_when_it_was(
    times: int, rises_s: float, stands_s: float, sits_s: float, rests_s: float, height_m: float, drift_mps2: float
) -> None:
    vertical, true = going_up_and_down(times, rises_s, stands_s, sits_s, rests_s, height_m, 0.1)
    found = [m for m in shown(vertical + drift_mps2) if m.rises]
    assert len(found) == times
    for m, (start_s, end_s) in zip(found, true, strict=True):
        assert m.half_s == pytest.approx(0.5 * (start_s + end_s), abs=0.25)
        assert start_s - 2.5 < m.start_s < m.half_s < m.end_s < end_s + stands_s + 1.2  # type: ignore[operator]


def test_a_walk_a_lean_and_rest_lift_nobody() -> None:
    time_s = np.arange(0.0, 60.0, 0.01)
    walking = 2.5 * np.sin(2 * np.pi * 1.8 * time_s)
    leaning = 0.05 * minimum_jerk(time_s, 20.0, 21.5)
    assert shown(walking) == []
    assert shown(leaning) == []
    assert shown(np.zeros(6000)) == []


def test_what_the_gain_rings_with_after_a_set_is_no_lift() -> None:
    vertical, true = going_up_and_down(10, 1.2, 0.3, 1.2, 0.3, 0.45)
    assert sum(m.rises for m in shown(np.concatenate([vertical, np.zeros(3000)]))) == len(true)


@settings(max_examples=20)
@given(cuts=st.lists(st.integers(1, 5000), max_size=8))
def test_the_height_is_the_same_however_the_rows_are_cut(cuts: list[int]) -> None:
    vertical, _ = going_up_and_down(5, 1.2, 0.4, 1.4, 0.3, 0.4, 0.1)
    assert shown(vertical, tuple(cuts)) == shown(vertical)


def test_the_gain_integrates_twice_within_its_band() -> None:
    """Against a sine, whose second integral is known."""
    time_s = np.arange(0.0, 80.0, c.TICK_S)
    for hz in (0.25, 0.5, 1.0):
        wave = np.sin(2 * np.pi * hz * time_s)
        height = c._integrated(wave)
        middle = slice(len(time_s) // 3, 2 * len(time_s) // 3)
        assert height[middle] == pytest.approx(-wave[middle] / (2 * np.pi * hz) ** 2, abs=0.05 / (2 * np.pi * hz) ** 2)


def test_a_long_hole_counts_as_standing_still_and_forgets_what_is_too_old() -> None:
    state = fresh(c.HEIGHT_STATE)[0]
    vertical, true = going_up_and_down(3, 1.2, 0.4, 1.4, 0.3, 0.4)
    c.keep_heights(state, block(vertical))
    c.keep_heights(state, block(np.zeros(100), len(vertical) + 100 * 30))
    assert sum(m.rises for m in c.lifted(state, 0.0)) == len(true)
    c.keep_heights(state, block(np.zeros(100), len(vertical) + 100 * 400))
    assert c.lifted(state, 0.0) == []
