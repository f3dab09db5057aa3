"""Stands of one set: which count, and whether one may have been missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dsp.clinic.movement import Movement
from dsp.clinic.verdict import Level, Reason
from dsp.clinic.wear import Wear

FULL_SHARE = 0.6  # of the set's median height: less is no full stand; 0.75 (clinical reference §2.3) less the error
SURELY_SHARE = 0.75  # of it: from here on it is one
KNOWN_HEIGHTS = 3  # without so many measured heights nobody knows the set's
GAP_SHARE = 1.6  # of the median cycle: one is missing; who slows by 90 % over a set stays below from one to the next
TILTING_RAD = 0.07  # scatter within a second: 4 degrees; half of the least lean of a rise (18) gives 5
BESIDE_S = 1.2  # around a movement its beginning and end tilt the trunk as well
BRIEF_S = 2  # longer unrest is long enough for a rise and a sitting down
STANDS_ON_S = 6.0  # who stands so long within a set has stopped, or sat down unseen
UNLIKE = (0.7, 1.45)  # of the median duration of the set's rises: shorter or longer ones may be something else
WALKED_STEPS = 4
LATE_S = 5.0


@dataclass(frozen=True, slots=True)
class ChairSet:
    """What happened from start_s to end_s of a test: full stands, those that were none, what speaks against it."""

    stands: Sequence[Movement]
    incomplete_s: Sequence[float]
    reasons: Sequence[Reason]

    @property
    def slowing(self) -> float | None:
        """Mean cycle of the second half against the first, relative change; None below four cycles."""
        cycles = np.diff([stand.start_s for stand in self.stands])
        if cycles.size < 4:
            return None
        half = cycles.size // 2
        return float(cycles[-half:].mean() / cycles[:half].mean() - 1.0)


def chair_set(
    movements: Sequence[Movement], around: Sequence[Movement], span_s: tuple[float, float], wear: Wear, steps: int
) -> ChairSet:
    """Judges the movements of a span; `around` are all that are known, those that only begin or end in it as well."""
    rises = [m for m in movements if m.rises]
    stands = full_stands(movements)
    low = [m for m in rises if m not in stands]
    cycles = np.diff([m.start_s for m in rises])
    cycle_s = float(np.median(cycles)) if cycles.size >= 2 else None
    reasons = _order(movements, cycle_s) + _gaps(rises, cycle_s) + _unlike(rises)
    unrest, attempts_s = _unrest(around, span_s, wear)
    if steps >= WALKED_STEPS:
        reasons.append(Reason("attention" if len(rises) > 1 else "invalid", "There were steps during the test."))
    return ChairSet(stands, sorted([*(m.start_s for m in low), *attempts_s]), [*reasons, *unrest])


def full_stands(movements: Sequence[Movement]) -> list[Movement]:
    """Rises without those that are certainly lower than the set's."""
    rises = [m for m in movements if m.rises]
    share = _shares(rises)
    return [m for m, full in zip(rises, share, strict=True) if full is None or full >= FULL_SHARE]


def _shares(rises: Sequence[Movement]) -> list[float | None]:
    """How high each is against the set's usual, by the same measure; None where that is not known."""
    shares: list[float | None] = [None] * len(rises)
    for heights in ([m.rise_m for m in rises], [m.lift_m for m in rises]):  # the trunk's height is known best
        known = [height for height in heights if height]
        if len(known) >= KNOWN_HEIGHTS:
            usual_m = float(np.median(known))
            shares = [s if h is None else h / usual_m for s, h in zip(shares, heights, strict=True)]
    return shares


def _order(movements: Sequence[Movement], cycle_s: float | None) -> list[Reason]:
    """Rising and sitting down must take turns."""
    reasons = []
    if movements and not movements[0].rises:
        reasons.append(Reason("invalid", "The wearer sat down first: a rise was missed."))
    for before, after in pairwise(movements):
        apart_s = after.start_s - before.start_s
        if before.rises == after.rises:
            rhythmic = cycle_s is not None and apart_s < GAP_SHARE * cycle_s and before.rises
            level: Level = "attention" if rhythmic else "invalid"
            what = "sitting down" if before.rises else "rise"
            reasons.append(
                Reason(level, f"No {what} was found between {before.end_s:.0f} s and {after.start_s:.0f} s.")
            )
        elif before.rises and after.start_s - before.end_s > STANDS_ON_S:
            text = f"The wearer stood for {after.start_s - before.end_s:.0f} s, or movements were missed."
            reasons.append(Reason("invalid", text))
    return reasons


def _gaps(rises: Sequence[Movement], cycle_s: float | None) -> list[Reason]:
    """Whether the rhythm misses a beat."""
    if cycle_s is None:
        return []
    gaps = [(a, b) for a, b in pairwise(rises) if b.start_s - a.start_s > GAP_SHARE * cycle_s]
    return [
        Reason("attention", f"From {a.end_s:.0f} s to {b.start_s:.0f} s no stand was found, against the rhythm.")
        for a, b in gaps
    ]


def _unlike(rises: Sequence[Movement]) -> list[Reason]:
    """Rises that differ from the set's, so that whether they count is for whoever watched."""
    shares = _shares(rises)
    heard = [m.end_s - m.start_s for m in rises if m.lift_m is None]
    usual_s = float(np.median(heard)) if heard else 0.0
    odd = []
    for m, share in zip(rises, shares, strict=True):
        doubtful = share is not None and share < SURELY_SHARE
        long = m.lift_m is None and not UNLIKE[0] * usual_s <= m.end_s - m.start_s <= UNLIKE[1] * usual_s
        if doubtful or long:
            odd.append(m)
    if not odd:
        return []
    when = " and ".join(f"{m.start_s:.0f} s" for m in odd)
    return [Reason("attention", f"At {when} the wearer rose unlike the other times: it may not be a full stand.")]


def _unrest(movements: Sequence[Movement], span_s: tuple[float, float], wear: Wear) -> tuple[list[Reason], list[float]]:
    """(reasons, attempts) from seconds in which the trunk tilted without a movement that was found."""
    seconds, tilting_rad = wear.tilting_rad(*span_s)
    moving = [
        second
        for second, scatter_rad in zip(seconds.tolist(), tilting_rad.tolist(), strict=True)
        if scatter_rad > TILTING_RAD
        and not any(m.start_s - BESIDE_S < second + 0.5 < m.end_s + BESIDE_S for m in movements)
    ]
    reasons: list[Reason] = []
    attempts_s: list[float] = []
    for first, last in _runs(moving):
        before = [m for m in movements if m.start_s < first]
        seated = not before or not before[-1].rises
        if seated and last - first < BRIEF_S:
            attempts_s.append(float(first))
            reasons.append(Reason("attention", f"At {first} s the trunk moved, but no full stand was found."))
        else:
            reasons.append(Reason("invalid", f"The trunk moved at {first} s: a stand may have been missed."))
    return reasons, attempts_s


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
