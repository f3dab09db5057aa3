"""A walk as steps made so far against time, and where on it the walker turned round."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.body import Floats
from dsp.clinic.walk_past import REST_S, Steps, Turns

REST_STEPS = 2.5  # usual ones: a slow walker's rest is longer than REST_S
USUAL_STEP_S = 0.6  # where there are too few contacts to know
SLOWER = 1.3  # fatigue by 40 % within six minutes slows the steps by a quarter (simulator reference §2)
NEARBY = 10  # gaps on either side that tell the usual step at one
U_TURN_RAD = math.radians(120.0)  # a half turn is 120 to 240 degrees, as the turn detector's two-in-a-row rule has it
EASED_IN = 0.15  # of its duration a turn has begun before the detector's edge (dsp.turns.parameters.EDGE)
JOIN_STEPS = 3.5  # turns with fewer steps between them are one: a half turn in parts, or looking round and back


@dataclass(frozen=True, slots=True)
class Pivot:
    """Turning as one, in the place where it happened: a half turn, or turning that ended as it began."""

    start_s: float
    end_s: float
    net_rad: float  # NaN where a part of it was hidden by a hole
    most_rad: float
    rested: bool = False  # stood between its parts

    @property
    def is_half_turn(self) -> bool:
        """Does the walker face the other way afterwards? Where the angle is hidden, it is taken for one."""
        if math.isnan(self.net_rad):
            return True
        return abs(math.remainder(self.net_rad, math.tau)) >= U_TURN_RAD

    @property
    def is_on_the_spot(self) -> bool:
        """Was it more than going round something? Who turns aside, rests and turns back has not walked on meanwhile."""
        return self.is_half_turn or self.most_rad >= U_TURN_RAD or self.rested


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Steps made at any time: `steps[i]` at `time_s[i]`, straight lines between; standing adds none."""

    time_s: Floats
    steps: Floats
    contacts: Floats  # how many each contact that was heard stands for, the missed ones before it included
    usual_s: float  # of a step

    def at(self, time_s: float) -> float:
        """Steps made until then, a step under way in part."""
        return float(np.interp(time_s, self.time_s, self.steps))

    def between(self, start_s: float, end_s: float) -> float:
        """Steps made in between; none where the second is not later."""
        return max(0.0, self.at(end_s) - self.at(start_s))


def way_of(steps: Steps, start_s: float) -> Way:
    """The way from start_s on; `steps` are those after it.

    A gap of two usual steps and more that is no rest hides contacts that were missed: they are counted in.
    """
    per = float(steps.per_contact)
    before_s = np.concatenate([[start_s], steps.time_s[:-1]])[: steps.time_s.size]
    gaps_s = steps.time_s - before_s
    usual_s = usual_gaps_s(steps.time_s)
    standing = stands(steps, gaps_s, usual_s)
    standing[:1] = gaps_s[:1] > 1.5 * usual_s[:1]
    contacts = np.where(standing, 1.0, np.maximum(1.0, np.round(gaps_s / usual_s)))
    begun_s = np.where(standing, steps.time_s - usual_s, before_s)
    number = np.concatenate([[0.0], np.cumsum(per * contacts)])
    at_s = np.column_stack([begun_s, steps.time_s]).ravel()
    made = np.column_stack([number[:-1], number[1:]]).ravel()
    usual_step_s = float(np.median(usual_s)) / per if usual_s.size else USUAL_STEP_S
    return Way(np.concatenate([[start_s], at_s]), np.concatenate([[0.0], made]), contacts, usual_step_s)


def stands(steps: Steps, gaps_s: Floats, usual_s: Floats) -> NDArray[np.bool_]:
    """For each contact: did the walker stand in the gap before it?"""
    long: NDArray[np.bool_] = (gaps_s > np.maximum(REST_S, REST_STEPS * usual_s)) & ~steps.moved
    return long


def usual_gaps_s(times_s: Floats) -> Floats:
    """For each contact the median gap around it, not much above that of all: every other contact may be missed."""
    gaps_s = np.diff(times_s)
    if gaps_s.size < 3:
        return np.full(times_s.size, USUAL_STEP_S)
    padded = np.pad(gaps_s, NEARBY, mode="reflect") if gaps_s.size > NEARBY else np.pad(gaps_s, NEARBY, mode="edge")
    medians: Floats = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * NEARBY + 1), axis=1)
    usual_s: Floats = np.minimum(np.concatenate([medians[:1], medians]), SLOWER * np.median(gaps_s))
    return usual_s


def pivots_of(turns: Turns, way: Way, start_s: float, end_s: float) -> list[Pivot]:
    """Where the walker turned on the spot between start_s and end_s; turning under way at start_s is part of it."""
    found: list[Pivot] = []
    for at_s, until_s, angle in zip(
        turns.start_s.tolist(), turns.end_s.tolist(), turns.angle_rad.tolist(), strict=True
    ):
        if until_s <= start_s or at_s - EASED_IN * (until_s - at_s) >= end_s:
            continue
        last = found[-1] if found else None
        if last is not None and way.between(last.end_s, at_s) <= JOIN_STEPS:
            net_rad, most_rad = last.net_rad + angle, max(last.most_rad, abs(angle))
            rested = last.rested or at_s - last.end_s > REST_S
            found[-1] = Pivot(last.start_s, until_s, net_rad, most_rad, rested)
        else:
            found.append(Pivot(at_s, until_s, angle, abs(angle)))
    return [pivot for pivot in found if pivot.is_on_the_spot]
