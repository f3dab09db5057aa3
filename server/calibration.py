"""What walks over a known distance say about a person's strides. Pure arithmetic.

A factor is known over measured distance, of all walks of one position together, so that a long walk weighs more than
a short one. The measured distance is always the uncalibrated model's, with the same sensor height in every walk.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import mean, variance
from typing import Any

from dsp.events import Event
from sensing.facts import CALIBRATION_FACTOR

SHORTEST_M = 10.0
FEWEST_STRIDES = 12
MOST_WALKS = 20

# How far one walk is off, as standard deviations of its logarithm. 17 % a stride is what mobgap's published bouts show
# within a person (clinical reference §3.2). How exactly somebody stands on the line, a quarter of a metre at each end,
# and 2 % from walk to walk besides are chosen so that it comes to what 58 walks over 20 m of ten people show (voisard,
# lower back, about 33 strides each): 4.1 % within a person, 5.0 % between people, so that one walk takes a mean error
# of 4.9 % to 4.4 % there, three take it to 3.6 %.
STRIDE_SD, WALK_SD, ENDS_M = 0.17, 0.02, 0.35
MEAN_OF_SD = math.sqrt(2.0 / math.pi)  # mean absolute deviation of a normal error


class CalibrationError(Exception):
    """A walk that says nothing about strides; the text is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A walk as it was measured, without a calibration: contacts from start_s to end_s, `strides` completed by them."""

    start_s: float
    end_s: float
    measured_m: float
    strides: int


@dataclass(frozen=True, slots=True)
class KnownWalk:
    """A measured walk with the distance it really was; `source` is the session or recording it is in."""

    source: str
    start_s: float
    end_s: float
    distance_m: float
    measured_m: float
    strides: int
    at: str


def measured_walk(events: Sequence[Event], start_s: float | None, end_s: float | None, *, one_leg: bool) -> Measured:
    """What was walked between two times, or the only walk there is.

    A bout counts with its distance; one that the times cut in two with the share of it that its steps inside make up,
    each weighing its stride's length. Raises CalibrationError.
    """
    bouts = [event for event in events if event.kind == "walking_bout"]
    if start_s is None and end_s is None and len(bouts) > 1:
        raise CalibrationError(f"There are {len(bouts)} walks; say from when to when the known distance was walked.")
    begin, stop = (-math.inf if start_s is None else start_s), (math.inf if end_s is None else end_s)
    inside = [event for event in bouts if event.time_s < stop and (event.end_s or 0.0) > begin]
    if not inside:
        raise CalibrationError("Nobody walked in that time; begin before the walk and end after it.")
    steps = standing_steps(events)
    metres, strides, times = 0.0, 0, []
    for bout in inside:
        own = [step for step in steps if bout.time_s <= step.time_s <= (bout.end_s or 0.0)]
        taken = [step for step in own if begin <= step.time_s <= stop]
        if not taken:
            continue
        times += [taken[0].time_s, taken[-1].time_s]
        strides += max(0, len(taken) - (1 if one_leg else 2))
        distance_m = bout.fields.get("distance_m")
        if isinstance(distance_m, int | float):
            metres += distance_m * _share(own, taken)
    if strides < FEWEST_STRIDES:
        raise CalibrationError(
            f"Only {strides} strides were found in that time, {FEWEST_STRIDES} are the least; walk further, say 20 m."
        )
    if metres <= 0.0:
        raise CalibrationError(
            "A sensor worn there gives no stride length, so there is nothing to calibrate; wear it at the lower back."
        )
    return Measured(min(times), max(times), metres, strides)


def standing_steps(events: Iterable[Event]) -> list[Event]:
    """The steps that were not taken back, in the order of their contacts."""
    found = list(events)
    back = {e.fields.get("of_time_s") for e in found if e.kind == "retraction" and e.fields.get("of_kind") == "step"}
    steps = [event for event in found if event.kind == "step" and event.time_s not in back]
    return sorted(steps, key=lambda step: step.time_s)


def with_walk(stored: Mapping[str, Any] | None, walk: KnownWalk, pendulum_m: float | None) -> dict[str, Any]:
    """The calibration with one more walk, as it is stored. A walk that overlaps an earlier one replaces it.

    Raises CalibrationError for a walk that is too short, or not believable.
    """
    if walk.distance_m < SHORTEST_M:
        raise CalibrationError(
            f"{walk.distance_m:g} m are too short for a calibration; walk at least {SHORTEST_M:g} m, 20 m do better."
        )
    ratio = walk.distance_m / walk.measured_m
    lowest, highest = CALIBRATION_FACTOR
    if not lowest <= ratio <= highest:
        raise CalibrationError(
            f"{walk.measured_m:.1f} m were measured, which cannot be {walk.distance_m:g} m; check the distance, and "
            "that nothing else was walked in that time."
        )
    earlier = [] if stored is None else [KnownWalk(**one) for one in stored["walks"]]
    walks = [*(one for one in earlier if not _overlap(one, walk)), walk][-MOST_WALKS:]
    return {
        "factor": round(sum(w.distance_m for w in walks) / sum(w.measured_m for w in walks), 4),
        "pendulum_m": pendulum_m,
        "error_share": round(error_share(walks), 4),
        "walked_m": round(sum(w.distance_m for w in walks), 2),
        "at": walk.at,
        "walks": [asdict(one) for one in walks],
    }


def error_share(walks: Sequence[KnownWalk]) -> float:
    """Mean absolute error to expect of a further walk's length, however many strides it has, as a share of it.

    What is left from walk to walk, and the factor's own uncertainty: by the number of strides and metres it rests on,
    or by how far the walks disagree, whichever is more. A short walk's own strides add to it.
    """
    known_m = sum(walk.distance_m for walk in walks)
    expected = sum((walk.distance_m / known_m) ** 2 * _variance(walk) for walk in walks)
    ratios = [math.log(walk.distance_m / walk.measured_m) for walk in walks]
    seen = variance(ratios) / len(ratios) if len(ratios) > 1 else 0.0
    return MEAN_OF_SD * math.sqrt(WALK_SD**2 + max(expected, seen))


def _variance(walk: KnownWalk) -> float:
    return WALK_SD**2 + (ENDS_M / walk.distance_m) ** 2 + STRIDE_SD**2 / walk.strides


def _share(own: Sequence[Event], taken: Sequence[Event]) -> float:
    lengths = [_length_m(step) for step in own]
    known = [length for length in lengths if length is not None]
    usual = mean(known) if known else 1.0
    weights = {id(step): usual if length is None else length for step, length in zip(own, lengths, strict=True)}
    return sum(weights[id(step)] for step in taken) / sum(weights.values())


def _length_m(step: Event) -> float | None:
    length = step.fields.get("stride_length_m")
    return float(length) if isinstance(length, int | float) and length > 0.0 else None


def _overlap(one: KnownWalk, other: KnownWalk) -> bool:
    return one.source == other.source and one.start_s < other.end_s and other.start_s < one.end_s
