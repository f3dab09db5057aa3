"""Slow, obvious twins of what dsp.transitions.trunk_stream measures at every tick."""

import math

import numpy as np
from numpy.typing import NDArray

from dsp.transitions import trunk_parameters as t

Floats = NDArray[np.float64]


def turning(up: Floats, at: int) -> float:
    """Angle between the verticals three ticks before and after, per second; 0 where one of them is missing."""
    if at < t.TURNED_TICKS or at + t.TURNED_TICKS >= len(up):
        return 0.0
    along = float(up[at + t.TURNED_TICKS] @ up[at - t.TURNED_TICKS])
    return math.acos(min(max(along, -1.0), 1.0)) * t.TICK_HZ / (2 * t.TURNED_TICKS)


def quiet(length: Floats, up: Floats, at: int) -> bool:
    """Does the length scatter little over the second around, and does the trunk hardly turn?"""
    if at < t.SPREAD_TICKS or at + t.SPREAD_TICKS >= len(length):
        return False
    second = length[at - t.SPREAD_TICKS : at + t.SPREAD_TICKS + 1]
    return float(np.std(second)) < t.QUIET_MPS2 and turning(up, at) < t.QUIET_RADPS


def match(length: Floats, at: int) -> float:
    """The matched filter around a tick; 0 where it would reach out of the stream."""
    if at < t.HALF or at + t.HALF >= len(length):
        return 0.0
    return float(np.dot(t.MATCHED, length[at - t.HALF : at + t.HALF + 1]))
