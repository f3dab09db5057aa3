"""When somebody passed a line at a known distance: the 10-metre walk and the timed 25-foot walk.

One sensor does not see a line. What is known is, in this order: the operator's stop; a step length calibrated for this
person; or that the walk went from standing over the known course until it stopped behind the line. The last two steps
of a walk are its stopping (Jian, Winter, Ishac and Gilchrist 1993), and the stop lies beyond the line so that nobody
slows before it (clinical reference §2.2): the line is passed when these two begin at the latest, and before, where a
good model's step lengths say so.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dsp.body import Floats
from dsp.clinic.walk_distance import STOPPING_STEPS, Walk, by_steps, expected_steps
from dsp.clinic.walk_past import REST_S, Steps
from dsp.clinic.walk_way import Way, pivots_of

Seen = Literal["operator", "calibrated steps", "steps", "stop"]

SETTLED_S = 6.0  # after a contact nothing of it is taken back any more (contract: 5 s)
STOP_OFF_STEPS = 1.0  # where in its stopping somebody passes the line is not known better
# A model whose mean error of speed is this at most places a line better than where somebody stops, with a stride's own
# error on top: the pendulum and a foot's sensor do, the walk ratio does not (dsp.gait.lengths). The second: 0.2 m/s in
# five strides at 1.2 m/s.
GOOD_MODEL, OF_STRIDES = 0.08, 0.07
FIRST_LINE_STEPS = 0.5  # where in its steps somebody passes the first line
SHORTEST = 0.6  # of the course by its steps: a stop before it is a rest (a model may be that far off, dsp.gait.lengths)
FIRST_TURN_STEPS = 2.5
ALIKE, MOST_ALIKE = 0.3, 0.75  # a person's steps spread by 10 to 17 % in a model's eyes (simulator reference §1)
LIMIT_S = 180.0  # the longest that a timed walk may take (T25FW manual)


@dataclass(frozen=True, slots=True)
class Line:
    """From start_s (the go, the first movement, or the first line) to end_s, and how the end was seen."""

    start_s: float
    end_s: float
    seen: Seen
    error_s: float  # to expect of the duration
    of_course: float  # walked by the model's steps, as a share of the course; 1 would be exact
    settled_s: float  # nothing changes after it
    even: bool = True  # calibrated steps only: are nearly all known and about equally long?
    beyond_m: float = 0.0  # walked after it until the stop, by calibrated steps


@dataclass(frozen=True, slots=True)
class StepLengths:
    """How far step lengths are off to be expected, as a share, and whether they are calibrated for this person."""

    error_share: float
    calibrated: bool


def passed(
    walk: Walk, course_m: float, run_in_m: float, end_cue_s: float | None, lengths: StepLengths, now_s: float
) -> Line | None:
    """The timed part of a walk, None while it is not over."""
    way = walk.way
    stop_s = _stop_s(walk, way, course_m + 2.0 * run_in_m, now_s)
    over_s = stop_s if stop_s is not None else walk.end_s
    steps_expected = expected_steps(walk, course_m + 2.0 * run_in_m)
    if end_cue_s is not None:
        return _stopped(walk, way, course_m, run_in_m, end_cue_s)
    measured = by_steps(walk)
    by_model = measured is not None and measured.at(over_s) >= run_in_m + course_m
    if lengths.calibrated and by_model and measured is not None:
        start_s = walk.start_s if run_in_m == 0.0 else _when(measured.time_s, measured.metres, run_in_m)
        end_s = _when(measured.time_s, measured.metres, run_in_m + course_m)
        error_s, beyond_m = lengths.error_share * (end_s - start_s), measured.at(over_s) - measured.at(end_s) - run_in_m
        even = _even(walk.steps.between(start_s, end_s))
        return Line(start_s, end_s, "calibrated steps", error_s, 1.0, end_s + SETTLED_S, even, beyond_m)
    if stop_s is None:
        return None
    made = way.at(over_s) - STOPPING_STEPS
    if made <= 0.0:
        return None
    each = made / (course_m + 2.0 * run_in_m)
    start_s = walk.start_s if run_in_m == 0.0 else _when(way.time_s, way.steps, run_in_m * each)
    end_s = _when(way.time_s, way.steps, (run_in_m + course_m) * each)
    share, settled_s = made / steps_expected, over_s + SETTLED_S
    if run_in_m > 0.0:
        return Line(start_s, end_s, "stop", (end_s - start_s) * STOP_OFF_STEPS / made, share, settled_s)
    if by_model and measured is not None and lengths.error_share <= GOOD_MODEL:
        model_s = _when(measured.time_s, measured.metres, course_m)
        if model_s < end_s and _even(walk.steps.between(start_s, model_s)):
            error_s = (model_s - start_s) * math.hypot(lengths.error_share, OF_STRIDES)
            return Line(start_s, model_s, "steps", error_s, share, settled_s)
    return Line(start_s, end_s, "stop", STOP_OFF_STEPS * way.usual_s, share, settled_s)


def _stopped(walk: Walk, way: Way, course_m: float, run_in_m: float, end_cue_s: float) -> Line:
    """The operator saw the end of the timed distance; its start, behind a run-in, lies in proportion of the steps."""
    made = way.at(end_cue_s)
    share = made / expected_steps(walk, run_in_m + course_m)
    start_s, error_s = walk.start_s, 0.0
    if run_in_m > 0.0:
        start_s = _when(way.time_s, way.steps, made * run_in_m / (run_in_m + course_m))
        error_s = FIRST_LINE_STEPS * way.usual_s
    return Line(min(start_s, end_cue_s), end_cue_s, "operator", error_s, share, end_cue_s + SETTLED_S)


def _stop_s(walk: Walk, way: Way, walked_m: float, now_s: float) -> float | None:
    """When the walk stopped or turned round after enough steps to have come that far, None while it has not.

    A calibrated step length or a poor model may put a stop at the line before it: SHORTEST allows for that.
    """
    steps = walk.steps
    if not steps.time_s.size:
        return None
    enough = SHORTEST * expected_steps(walk, walked_m)
    gaps_s = np.diff(np.append(steps.time_s, now_s))
    stops_s: list[float] = [
        contact_s
        for contact_s, gap_s in zip(steps.time_s.tolist(), gaps_s.tolist(), strict=True)
        if gap_s > REST_S and way.at(contact_s) - STOPPING_STEPS >= enough
    ]
    stops_s += [
        pivot.start_s
        for pivot in pivots_of(walk.turns, way, walk.start_s, now_s)
        if pivot.is_half_turn and way.at(pivot.start_s) >= max(enough, FIRST_TURN_STEPS)
    ]
    return min(stops_s, default=None)


def _even(steps: Steps) -> bool:
    """Are the lengths known and alike, apart from the first two steps, which have none?"""
    lengths = steps.step_m[2:]
    alike = np.abs(lengths / np.nanmedian(lengths) - 1.0) <= ALIKE if np.isfinite(lengths).any() else np.zeros(1)
    return bool(np.mean(alike) >= MOST_ALIKE)


def _when(time_s: Floats, grown: Floats, to: float) -> float:
    """The first moment at which what never shrinks has grown to a value."""
    at = int(np.searchsorted(grown, to))
    if at == 0 or at >= grown.size:
        return float(time_s[min(at, grown.size - 1)])
    share = (to - grown[at - 1]) / (grown[at] - grown[at - 1])
    return float(time_s[at - 1] + share * (time_s[at] - time_s[at - 1]))
