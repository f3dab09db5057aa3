"""The two half turns in a heading of ticks."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from dsp.body import Floats
from dsp.clinic.tug_turns import FILMED, HZ, MARKED, Shares, _middles, smoothed, two_turns


def way(seconds: float, heading_rad: float, swing_rad: float) -> Floats:
    t = np.arange(round(seconds * HZ)) / HZ
    return heading_rad + swing_rad * np.sin(2.0 * math.pi * t / 1.1)


def bend(seconds: float, from_rad: float, to_rad: float) -> Floats:
    """A raised cosine of the rate (simulator reference §4)."""
    s = np.arange(round(seconds * HZ)) / (seconds * HZ)
    return from_rad + (to_rad - from_rad) * (s - np.sin(2.0 * math.pi * s) / (2.0 * math.pi))


def share_s(share: float, seconds: float) -> float:
    """When a raised cosine turn has come so far."""
    s = np.linspace(0.0, 1.0, 4001)
    return float(seconds * np.interp(share, s - np.sin(2.0 * math.pi * s) / (2.0 * math.pi), s))


@settings(max_examples=60, deadline=None)
@given(
    ways_s=st.tuples(st.floats(2.0, 25.0), st.floats(2.0, 25.0), st.floats(1.5, 4.0)),
    turns_s=st.tuples(st.floats(0.8, 4.0), st.floats(0.8, 3.0)),
    angles_deg=st.tuples(st.floats(150.0, 210.0), st.floats(120.0, 230.0)),
    left=st.tuples(st.booleans(), st.booleans()),
    swing_deg=st.floats(0.0, 8.0),
    shares=st.sampled_from([FILMED, MARKED]),
)
@example(
    ways_s=(2.0, 2.0, 2.0),
    turns_s=(3.0, 1.0),
    angles_deg=(150.0, 120.0),
    left=(False, False),
    swing_deg=5.0,
    shares=(0.03, 0.95),
)
def test_both_turns_come_out_with_angle_and_time(
    ways_s: tuple[float, float, float],
    turns_s: tuple[float, float],
    angles_deg: tuple[float, float],
    left: tuple[bool, bool],
    swing_deg: float,
    shares: Shares,
) -> None:
    angles = [math.radians(a) * (1 if to_left else -1) for a, to_left in zip(angles_deg, left, strict=True)]
    levels, swing = [0.3, 0.3 + angles[0], 0.3 + sum(angles)], math.radians(swing_deg)
    parts = [
        way(ways_s[0], levels[0], swing),
        bend(turns_s[0], levels[0], levels[1]),
        way(ways_s[1], levels[1], swing),
        bend(turns_s[1], levels[1], levels[2]),
        way(ways_s[2], levels[2], 0.0),
    ]
    edges_s = np.cumsum([0, *(len(part) for part in parts)]) / HZ
    found = two_turns(np.concatenate(parts), shares)
    assert found is not None
    for turn, angle, begin_s, long_s in zip(
        (found.first, found.second), angles, (edges_s[1], edges_s[3]), turns_s, strict=True
    ):
        assert turn.angle_rad == pytest.approx(angle, abs=math.radians(6.0 + swing_deg))
        swung = swing / abs(angle)  # so much of a turn the swing of the walk may hide
        for found_s, share in ((turn.start / HZ, shares[0]), (turn.end / HZ, shares[1])):
            early_s, late_s = (begin_s + share_s(min(max(share + off, 0.0), 1.0), long_s) for off in (-swung, swung))
            assert early_s - 0.35 <= found_s <= late_s + 0.35
    assert found.strays_rad < math.radians(10.0)


def test_a_hesitation_stays_inside_its_turn() -> None:
    half = math.pi / 2
    parts = [way(4.0, 0.0, 0.0), bend(1.0, 0.0, half), way(0.8, half, 0.0), bend(1.0, half, math.pi)]
    parts += [way(4.0, math.pi, 0.0), bend(1.2, math.pi, 2.0 * math.pi), way(2.0, 2.0 * math.pi, 0.0)]
    found = two_turns(np.concatenate(parts))
    assert found is not None
    assert found.first.angle_rad == pytest.approx(math.pi, abs=0.1)
    assert found.first.start / HZ == pytest.approx(4.1, abs=0.2)
    assert found.first.end / HZ == pytest.approx(6.65, abs=0.2)


def test_a_third_turn_shows_in_how_far_the_heading_strays() -> None:
    levels = [0.0, math.pi, 0.0, math.pi]
    parts = [way(4.0, levels[0], 0.0)]
    for before, after in pairwise(levels):
        parts += [bend(1.5, before, after), way(4.0, after, 0.0)]
    found = two_turns(np.concatenate(parts))
    assert found is not None
    assert found.strays_rad > math.radians(45.0)


def test_a_gyroscope_that_is_off_between_two_samples_gives_no_turns_at_all() -> None:
    assert two_turns(np.zeros(3)) is None


@settings(max_examples=50, deadline=None)
@given(x=st.lists(st.floats(-10.0, 10.0), min_size=3, max_size=40))
def test_no_other_two_steps_lie_nearer(x: list[float]) -> None:
    values = np.array(x)

    def cost(i: int, j: int) -> float:
        return sum(float(((part - part.mean()) ** 2).sum()) for part in (values[:i], values[i:j], values[j:]))

    n = len(values)
    least = min(cost(i, j) for i in range(1, n) for j in range(i + 1, n))
    i, j = _middles(values)
    assert 0 < i < j < n
    assert cost(i, j) == pytest.approx(least, abs=1e-6)


@given(value=st.floats(-100.0, 100.0), n=st.integers(1, 200))
def test_smoothing_keeps_a_level_and_the_length(value: float, n: int) -> None:
    assume(n > 0)
    np.testing.assert_allclose(smoothed(np.full(n, value)), np.full(n, value), atol=1e-9)
