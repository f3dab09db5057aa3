"""How far somebody had walked at any moment of a walk test, by the lengths of a corridor or by steps."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dsp.body import Floats
from dsp.clinic.walk_laps import Laps, count_laps
from dsp.clinic.walk_past import Steps, Turns
from dsp.clinic.walk_way import Pivot, Way, pivots_of, way_of
from dsp.gait.lengths import WALK_RATIO

Method = Literal["laps", "steps"]
BEFORE_START_STEPS = 2.5  # turning within the first steps is turning to face the corridor
STANDS_S = 2.0  # without a step: the walk has stopped, as its longest steps take less (clinical reference §3.2)
# Who stops of his own accord so near to the end of a length has walked it to its end: two steps of a foot that is felt,
# or what the distance may be off anyway, on a short corridor a small share of it.
STOPPING_STEPS = 2.0  # walking stops within two steps (Jian, Winter, Ishac and Gilchrist 1993)
AT_THE_LINE_STEPS, AT_THE_LINE_M, AT_THE_LINE = 1.0, 1.5, 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Distance:
    """`metres[i]` had been walked at `time_s[i]`, straight lines between.

    With method "laps", `laps` explains them and `step_m` is the length of a step on this corridor at last; by steps,
    `laps` is None. `half_turns` are those made before the end.
    """

    method: Method
    time_s: Floats
    metres: Floats
    half_turns: int
    step_m: float
    laps: Laps | None
    whole: int  # lengths walked from end to end
    last_part_m: float
    total_m: float  # until the end

    def at(self, time_s: float) -> float:
        """Metres walked until then."""
        return float(np.interp(time_s, self.time_s, self.metres))


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The steps from start_s on and what is known of turning; the walker may have walked on after end_s."""

    steps: Steps
    turns: Turns
    start_s: float
    end_s: float
    own_stop: bool = False  # the walker ended it, not a clock

    @property
    def way(self) -> Way:
        """Its steps against time."""
        return way_of(self.steps, self.start_s)

    @property
    def until_end(self) -> Steps:
        """Its steps until end_s."""
        return self.steps.between(self.start_s, self.end_s)


def by_laps(walk: Walk, course_m: float) -> Distance | None:
    """Distance on a corridor of known length; None where no whole length was walked between its ends."""
    way = walk.way
    pivots = pivots_of(walk.turns, way, walk.start_s, walk.end_s)
    straight = _without(way, pivots)
    halves = [pivot for pivot in pivots if pivot.is_half_turn]
    while halves and straight.between(walk.start_s, halves[0].start_s) <= BEFORE_START_STEPS:
        halves = halves[1:]
    edges = [walk.start_s, *(pivot.end_s for pivot in halves)]
    ends = [*(pivot.start_s for pivot in halves), walk.end_s]
    stretches = [straight.between(edge, end) for edge, end in zip(edges, ends, strict=True)]
    laps = count_laps(stretches[:-1], stretches[-1], expected_steps(walk, course_m))
    if laps is None:
        return None
    lengths, whole = list(laps.lengths), laps.whole
    part = laps.stretches[-1].lengths - laps.stretches[-1].whole if laps.stretches[-1].count == 1 else lengths[-1]
    near = max(
        (AT_THE_LINE_STEPS + walk.steps.per_contact) / laps.usual[-1], min(AT_THE_LINE, AT_THE_LINE_M / course_m)
    )
    there = walk.own_stop and part >= 1.0 - 1.0 / laps.usual[-1]
    if there or (part >= 1.0 - near and _stood_at_end(walk, way)):
        lengths[-1] += 1.0 - part
        whole, part = whole + 1, 0.0
    share = [one / steps if steps > 0.0 else 0.0 for one, steps in zip(lengths, stretches, strict=True)]
    middles = 0.5 * (straight.time_s[1:] + straight.time_s[:-1])
    which = np.searchsorted(np.array([pivot.end_s for pivot in halves]), middles)
    made = np.diff(straight.steps) * np.array(share)[which] * course_m
    metres = np.concatenate([[0.0], np.cumsum(made)])
    step_m = course_m / laps.usual[-1]
    return Distance(
        "laps", straight.time_s, metres, len(halves), step_m, laps, whole, part * course_m, sum(lengths) * course_m
    )


def by_steps(walk: Walk) -> Distance | None:
    """Distance by the model's step lengths; None where they are not known. Unknown ones are as long as the others."""
    usual_m = walk.steps.usual_m
    if usual_m is None:
        return None
    way, steps = walk.way, walk.steps
    known = np.isfinite(steps.step_m)
    each_m = np.interp(steps.time_s, steps.time_s[known], steps.step_m[known])
    gone_m = np.concatenate([[0.0], np.cumsum(each_m * way.contacts)])
    metres = np.concatenate([[0.0], np.column_stack([gone_m[:-1], gone_m[1:]]).ravel()])
    halves = sum(p.is_half_turn for p in pivots_of(walk.turns, way, walk.start_s, walk.end_s))
    total_m = float(np.interp(walk.end_s, way.time_s, metres))
    return Distance("steps", way.time_s, metres, halves, usual_m, None, 0, total_m, total_m)


def expected_steps(walk: Walk, course_m: float) -> float:
    """Steps that a length should take by the model's step length, by the walk ratio where there is none (Rota 2011)."""
    step_m = walk.steps.usual_m or WALK_RATIO * 60.0 / walk.way.usual_s
    return course_m / step_m


def _stood_at_end(walk: Walk, way: Way) -> bool:
    """Had the walker stopped before the end, or did he stop with it though no clock made him?"""
    if way.between(walk.end_s - STANDS_S, walk.end_s) == 0.0:
        return True
    return walk.own_stop and way.between(walk.end_s, walk.end_s + STANDS_S) <= STOPPING_STEPS


def _without(way: Way, pivots: list[Pivot]) -> Way:
    """The same way without the steps that were made turning."""
    edges = [moment for pivot in pivots for moment in (pivot.start_s, pivot.end_s)]
    time_s = np.unique(np.concatenate([way.time_s, np.clip(edges, way.time_s[0], way.time_s[-1])]))
    made = np.diff(np.interp(time_s, way.time_s, way.steps))
    middles = 0.5 * (time_s[1:] + time_s[:-1])
    for pivot in pivots:
        made[(middles > pivot.start_s) & (middles < pivot.end_s)] = 0.0
    return Way(time_s, np.concatenate([[0.0], np.cumsum(made)]), way.contacts, way.usual_s)
