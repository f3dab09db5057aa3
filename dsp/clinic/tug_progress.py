"""The phases of a Timed Up and Go while it goes on, for a screen; the result is measured anew at its end."""

import math

import numpy as np

from dsp.clinic.tug_measure import offset_radps
from dsp.clinic.tug_record import HEADING, Transition, ticks_between, time_of
from dsp.clinic.tug_turns import HZ, smoothed
from dsp.kernels import Record

OUT_S = 1.0  # of walking, for the direction out
BEGUN_RAD = math.radians(35.0)  # beyond a thigh's swing
OVER_RAD = math.radians(140.0)  # and turning no more
SLOW_RADPS = math.radians(30.0)

Phase = tuple[str, float, float | None]


def phases_so_far(s: Record, rise: Transition, now_s: float) -> list[Phase]:
    """Name, start and end of each phase that has begun; the last one has no end yet."""
    phases: list[Phase] = [("sit_to_stand", round(rise.start_s, 2), round(rise.end_s, 2))]
    first, ticks = ticks_between(s, rise.end_s, now_s)
    ends = []
    if len(ticks) > HZ:
        offset = offset_radps(s, rise.start_s)
        ends = _turn_limits(smoothed(ticks[:, HEADING] - offset / HZ * np.arange(len(ticks))))
    moments_s = [round(time_of(first + at), 2) for at in ends]
    names = ("walk_out", "turn_1", "walk_back", "turn_2", "stand_to_sit")
    begun_s = phases[0][2]
    for name, end_s in zip(names, [*moments_s, None], strict=False):
        assert begun_s is not None
        phases.append((name, begun_s, end_s))
        begun_s = end_s
    return phases


def _turn_limits(heading: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
    """Ticks at which turn 1 began and ended, turn 2 began and ended, as far as they have come."""
    limits: list[int] = []
    way = float(np.median(heading[: round(OUT_S * HZ)]))
    rates = np.abs(np.gradient(heading)) * HZ
    turning = False
    for at in range(heading.size):
        off = abs(heading[at] - way)
        if not turning and off > BEGUN_RAD:
            turning = True
            limits.append(at)
        elif turning and off > OVER_RAD and rates[at] < SLOW_RADPS:
            turning = False
            way = float(heading[at])
            limits.append(at)
        if len(limits) == 4:
            break
    return limits
