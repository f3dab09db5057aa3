"""How many lengths of a corridor were walked, from the steps between half turns.

Between two half turns lies one length, if every turn was made at an end and seen, and none was seen that was not made.
Lengths take about the same number of steps, so one that takes twice as many hides a turn, and two short ones that add
up have one too many, or the walker turned round on the way. The cheapest explanation of all lengths together is taken.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

import numpy as np

How = Literal["whole", "turn missed", "turn too many", "turned round", "turned round twice", "unclear"]

SHARE, STEPS = 0.2, 2.5  # how far a length may be off the usual one: a share of it or so many steps, what is more
# What an explanation costs beside its misfit, in squares of that tolerance: one thing that went wrong is 3, so that
# a misfit of 1.7 tolerances is needed before another explanation is tried; nothing explains it: more than any other.
ASTRAY, TWICE_ASTRAY, UNCLEAR = 3.0, 4.5, 12.0
FOLLOW = 0.5  # the usual length follows the newest by this: with fatigue it changes by a third within six minutes
NEWEST, TREND = 5, 0.12  # lengths that tell how the last one goes on, by a straight line; at most this share further
ALIKE = 0.2
LEAST_STEPS = 3.0  # fewer are no length of any corridor
PRIOR_LOG = 0.3  # what a model's step length is off, as a logarithm: simulator reference §1 (0.11 to 0.17), twice
MOST_AT_ONCE = 3  # lengths between two turns that are seen


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of the stretches between half turns, explained: `lengths` walked, of which `whole` from end to end."""

    how: How
    first: int
    count: int
    lengths: float
    whole: int


@dataclass(frozen=True, slots=True)
class Laps:
    """`lengths` of each stretch between half turns, the last one, walked in part, included; `usual` steps a length."""

    stretches: tuple[Stretch, ...]
    lengths: tuple[float, ...]
    usual: tuple[float, ...]
    whole: int
    like_usual: int  # lengths that took about the usual number of steps

    @property
    def part(self) -> float:
        """The last stretch, in lengths."""
        return self.lengths[-1]

    @property
    def astray(self) -> tuple[How, ...]:
        """What went wrong, each time it did."""
        return tuple(stretch.how for stretch in self.stretches if stretch.how != "whole")


def count_laps(done: Sequence[float], part: float, expected: float | None) -> Laps | None:
    """Explains the steps of the stretches between half turns (`done`) and since the last one (`part`).

    `expected`: steps that a length should take by the model, None where there is no model. None where no stretch can
    have been a length.
    """
    seed = _most_usual(done, expected)
    if seed is None:
        return None
    usual = _followed(done, seed)
    ratios = [steps / one for steps, one in zip([*done, part], usual, strict=True)]
    tolerances = [max(SHARE, STEPS / one) for one in usual]
    stretches = cheapest(ratios, tolerances)
    lengths = [0.0] * len(ratios)
    for stretch in stretches:
        inside = range(stretch.first, stretch.first + stretch.count)
        total = sum(ratios[k] for k in inside)
        for k in inside:
            lengths[k] = ratios[k] * stretch.lengths / total if total > 0.0 else 0.0
    return Laps(
        tuple(stretches),
        tuple(lengths),
        tuple(usual),
        sum(stretch.whole for stretch in stretches),
        sum(stretch.how == "whole" and stretch.whole == 1 for stretch in stretches),
    )


def _most_usual(done: Sequence[float], expected: float | None) -> int | None:
    """The stretch that most others are like, weighed by how well the model agrees."""
    best, best_score = None, 0.0
    for k, steps in enumerate(done):
        if steps < LEAST_STEPS:
            continue
        score = float(sum(abs(other / steps - 1.0) <= ALIKE for other in done))
        if expected is not None:
            score *= math.exp(-0.5 * (math.log(steps / expected) / PRIOR_LOG) ** 2)
        if score > best_score:
            best, best_score = k, score
    return best


def _followed(done: Sequence[float], seed: int) -> list[float]:
    """Steps that a length usually takes at each stretch, and on the last one, from the seed to both sides."""
    usual = [done[seed]] * (len(done) + 1)
    for order in (range(seed + 1, len(done)), range(seed - 1, -1, -1)):
        now = done[seed]
        for k in order:
            if abs(done[k] / now - 1.0) <= SHARE:
                now += FOLLOW * (done[k] - now)
            usual[k] = now
        if order.step > 0:
            usual[-1] = now
    alike = [k for k in range(len(done)) if abs(done[k] / usual[k] - 1.0) <= SHARE][-NEWEST:]
    if len(alike) >= 3:
        ahead = _line_at(alike, [done[k] for k in alike], len(done))
        usual[-1] = min(max(ahead, (1.0 - TREND) * usual[-1]), (1.0 + TREND) * usual[-1])
    return usual


def _line_at(x: Sequence[int], y: Sequence[float], where: int) -> float:
    """The straight line through the points by least squares, there."""
    middle_x, middle_y = fmean(x), fmean(y)
    slope = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / sum(
        (a - middle_x) ** 2 for a in x
    )
    return middle_y + slope * (where - middle_x)


def cheapest(ratios: Sequence[float], tolerances: Sequence[float]) -> list[Stretch]:
    """The explanation of all stretches, the last one unfinished, that costs least."""
    last = len(ratios) - 1
    costs = np.full(last + 2, np.inf)
    costs[0] = 0.0
    ways: list[Stretch | None] = [None] * (last + 2)
    for first in range(last + 1):
        for cost, stretch in explanations(ratios, tolerances, first, last):
            after = first + stretch.count
            if costs[first] + cost < costs[after]:
                costs[after], ways[after] = costs[first] + cost, stretch
    found: list[Stretch] = []
    at = last + 1
    while at > 0:
        chosen = ways[at]
        assert chosen is not None  # every single stretch can at least be unclear
        found.append(chosen)
        at = chosen.first
    return found[::-1]


def explanations(
    ratios: Sequence[float], tolerances: Sequence[float], first: int, last: int
) -> list[tuple[float, Stretch]]:
    """What may have been walked from stretch `first` on, with its cost; `last` is the one that is not finished."""
    a, tolerance = ratios[first], tolerances[first]
    if first == last:
        return _unfinished(a, tolerance, first)
    found = [(UNCLEAR, Stretch("unclear", first, 1, a, 0))]
    for n in range(1, MOST_AT_ONCE + 1):
        misfit = (a - n) / tolerance
        if misfit**2 <= ASTRAY * n:
            how: How = "whole" if n == 1 else "turn missed"
            found.append((ASTRAY * (n - 1) + misfit**2 / n, Stretch(how, first, 1, float(n), n)))
    if a > 1.0:
        return found
    b, open_end = ratios[first + 1], first + 1 == last
    found += _pairs(a, b, tolerance, first, open_end)
    if not open_end:
        c, b = b, ratios[first + 2]
        there = a - c + b
        if c <= a + tolerance and _fits(there, tolerance, first + 2 == last):
            whole = 0 if first + 2 == last else 1
            cost = TWICE_ASTRAY + (0.0 if first + 2 == last else ((there - 1.0) / tolerance) ** 2)
            found.append((cost, Stretch("turned round twice", first, 3, a + c + b, whole)))
    return found


def _pairs(a: float, b: float, tolerance: float, first: int, open_end: bool) -> list[tuple[float, Stretch]]:
    """Two stretches with one turn between them that was not at an end of the corridor, or that was none."""
    found: list[tuple[float, Stretch]] = []
    back = (b - a) / tolerance
    if back <= 1.0 and (open_end or back >= -1.0):
        found.append((ASTRAY + (0.0 if open_end else back**2), Stretch("turned round", first, 2, a + b, 0)))
    if _fits(a + b, tolerance, open_end):
        cost = ASTRAY + 0.1 + (0.0 if open_end else ((a + b - 1.0) / tolerance) ** 2)
        lengths = a + b if open_end else 1.0
        found.append((cost, Stretch("turn too many", first, 2, lengths, 0 if open_end else 1)))
    return found


def _fits(length: float, tolerance: float, open_end: bool) -> bool:
    """Can it be one length, or the beginning of one?"""
    return length <= 1.0 + tolerance and (open_end or length >= 1.0 - tolerance)


def _unfinished(part: float, tolerance: float, at: int) -> list[tuple[float, Stretch]]:
    """The last stretch: at most one length, more only where a turn was missed."""
    over = max(0.0, part - 1.0) / tolerance
    if over**2 <= ASTRAY:
        return [(over**2, Stretch("whole", at, 1, min(part, 1.0), 0))]
    if part <= 2.0 + tolerance:
        return [(ASTRAY, Stretch("turn missed", at, 1, min(part, 2.0), 1))]
    return [(UNCLEAR, Stretch("unclear", at, 1, part, 0))]
