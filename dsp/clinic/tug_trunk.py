"""Where a trunk's slow rise really begins and its slow sitting down really ends."""

import math
from dataclasses import replace

import numpy as np

from dsp.body import Floats
from dsp.clinic.tug_record import TICK_UP, Transition, tick_of, ticks_between, time_of
from dsp.clinic.tug_turns import HZ
from dsp.kernels import Record

# The trunk leans forward and back: at the turn between the two it stands still for a moment, in a rise of 4 s for 0.3
# s, and looks as if all were over. It is over where the trunk has been calm for longer than that.
CALM_RADPS = 0.12  # as where rises begin (dsp.transitions)
CALM_TICKS = round(0.8 * HZ)
HALF = 3  # ticks on each side over which the turning is measured
FURTHEST_S = 4.0  # the longest half of a patient's rise (simulator reference §3: up to 5 s in all)
LEAST_RAD = math.radians(6.0)  # what turns the trunk less is a sitter's unrest


def from_calm(s: Record, rise: Transition) -> Transition:
    """The rise from the trunk's first movement on, where that came before the start that was told."""
    first, ticks = ticks_between(s, rise.start_s - FURTHEST_S, rise.start_s)
    away = _until_calm(ticks[::-1, TICK_UP])
    return replace(rise, start_s=time_of(first + len(ticks) - 1 - away)) if away else rise


def to_calm(s: Record, sit: Transition, now_s: float) -> Transition:
    """The sitting down until the trunk is at rest, as far as has been seen; never before the seat was met."""
    met_s = sit.seat_s if sit.seat_s is not None else sit.end_s
    sit = replace(sit, end_s=min(max(sit.end_s, met_s), now_s))
    _, ticks = ticks_between(s, sit.end_s, min(sit.end_s + FURTHEST_S, now_s))
    away = _until_calm(ticks[:, TICK_UP])
    return replace(sit, end_s=time_of(tick_of(sit.end_s) + away)) if away else sit


def _until_calm(up: Floats) -> int:
    """Ticks from the first one to where the trunk is calm for long; 0 where it hardly turns on the way there."""
    if len(up) < 2 * HALF + 1:
        return 0
    unit = up / np.maximum(np.linalg.norm(up, axis=1), 1e-12)[:, None]
    cosines = np.sum(unit[2 * HALF :] * unit[: -2 * HALF], axis=1)
    turning = np.arccos(np.clip(cosines, -1.0, 1.0)) * HZ / (2 * HALF)
    calm = seen = 0
    for rate in turning.tolist():
        seen += 1
        calm = calm + 1 if rate < CALM_RADPS else 0
        if calm == CALM_TICKS:
            break
    there = seen - calm
    turned = math.acos(min(max(float(np.sum(unit[0] * unit[there + HALF])), -1.0), 1.0))
    return there + HALF if there and turned > LEAST_RAD else 0
