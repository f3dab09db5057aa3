"""A whole Timed Up and Go measured between a rise and a sitting down: phases, turns, steps, steady gait."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dsp.body import Floats
from dsp.clinic.tug_record import HEADING, Transition, ticks_between, time_of
from dsp.clinic.tug_turns import HZ, MARKED, HalfTurn, Shares, two_turns
from dsp.events import JsonValue
from dsp.kernels import Record
from dsp.turns.parameters import EASED_WEIGHTS
from dsp.turns.steps import steps_within

# A gyroscope that is off by 3 degrees per second (simulator reference §8) turns a whole minute's test by half a turn:
# what it says while the wearer sits is taken off.
REST_S, REST_GUARD_S = 3.0, 0.3
MOST_OFFSET_RADPS = math.radians(4.0)
AFTER_S = 1.0  # of sitting, for the direction of the seat
LEAST_STRIDES = (
    6  # steady ones, below which gait says nothing (PLAN of the product's issue 4; 3 m has too few, APDM [38])
)
SHORT_COURSE_M = 3.0


@dataclass(frozen=True, slots=True)
class Turned:
    """One of the two turns."""

    start_s: float
    end_s: float
    angle_rad: float  # positive to the left
    peak_radps: float
    steps: int | None


@dataclass(frozen=True, slots=True)
class Tested:
    """All that was measured of one test."""

    rise: Transition
    sit: Transition
    turns: tuple[Turned, Turned] | None
    strays_rad: float  # how far the heading strays from three straight ways
    step_times_s: Floats

    @property
    def phases(self) -> list[tuple[str, float, float]]:
        """Name, start, end. Turning to sit and sitting down overlap; the walks lie between what was found."""
        whole = [("sit_to_stand", self.rise.start_s, self.rise.end_s)]
        if self.turns is not None:
            first, second = self.turns
            risen_s = min(self.rise.end_s, first.start_s)
            whole += [
                ("walk_out", risen_s, first.start_s),
                ("turn_1", first.start_s, first.end_s),
                ("walk_back", first.end_s, second.start_s),
                ("turn_2", second.start_s, second.end_s),
            ]
        return [*whole, ("stand_to_sit", self.sit.start_s, self.sit.end_s)]


def measure(
    s: Record, rise: Transition, sit: Transition, shares: Shares = MARKED, heading_s: tuple[float, float] | None = None
) -> Tested:
    """What the record knows of the test between these two; without turns where it does not reach back so far.

    shares: where a turn begins and ends.
    heading_s: from when to when the heading is the body's, None from before the rise until after sitting down.
    """
    from_s, until_s = heading_s or (rise.start_s - REST_GUARD_S, sit.end_s + AFTER_S)
    first, ticks = ticks_between(s, from_s, until_s)
    walked = steps_within(s["steps"], rise.start_s, sit.end_s)
    if not len(ticks) or time_of(first) > max(from_s, rise.start_s):
        return Tested(rise, sit, None, math.inf, walked)
    heading = ticks[:, HEADING] - offset_radps(s, rise.start_s) / HZ * np.arange(len(ticks))
    found = two_turns(heading, shares)
    if found is None:
        return Tested(rise, sit, None, math.inf, walked)
    rates = np.convolve(np.gradient(heading) * HZ, EASED_WEIGHTS, "same")
    turns = [_turned(first, turn, rates, walked) for turn in (found.first, found.second)]
    return Tested(rise, sit, (turns[0], turns[1]), found.strays_rad, walked)


def offset_radps(s: Record, rise_s: float) -> float:
    """The gyroscope's offset about the vertical, as the last quiet seconds before the rise show it; 0 where unquiet."""
    _, ticks = ticks_between(s, rise_s - REST_S, rise_s - REST_GUARD_S)
    if len(ticks) < HZ:
        return 0.0
    heading = ticks[:, HEADING]
    slope = float(heading[-1] - heading[0]) / (len(heading) - 1)
    strays = heading - heading[0] - slope * np.arange(len(heading))
    steady = float(np.max(np.abs(strays))) < MOST_OFFSET_RADPS
    return slope * HZ if steady and abs(slope) * HZ < MOST_OFFSET_RADPS else 0.0


def _turned(first: int, turn: HalfTurn, rates: Floats, walked: Floats) -> Turned:
    start_s, end_s = time_of(first + turn.start), time_of(first + turn.end)
    sign = math.copysign(1.0, turn.angle_rad)
    peak = float(np.max(sign * rates[turn.start : turn.end + 1]))
    steps = int(np.count_nonzero((walked >= start_s) & (walked <= end_s)))
    return Turned(start_s, end_s, turn.angle_rad, peak, steps or None)


def steady_gait(tested: Tested, course_length_m: float | None) -> dict[str, JsonValue] | None:
    """Averages of the strides between the turns, without the first and last step of each way."""
    if tested.turns is None or (course_length_m is not None and course_length_m <= SHORT_COURSE_M):
        return None
    strides = np.array(list(_steady_strides(tested)))
    if strides.size < LEAST_STRIDES:
        return None
    mean_s = float(strides.mean())
    return {
        "strides": int(strides.size),
        "stride_time_s": round(mean_s, 4),
        "stride_time_sd_s": round(float(strides.std(ddof=1)), 4),
        "cadence_spm": round(120.0 / mean_s, 2),
    }


def _steady_strides(tested: Tested) -> Iterator[float]:
    for name, start_s, end_s in tested.phases:
        if name in ("walk_out", "walk_back"):
            times = tested.step_times_s
            way = times[(times > start_s) & (times < end_s)][1:-1]
            yield from way[2:] - way[:-2]
