"""A six- or two-minute walk that nobody set up: walking from standing to standing, to and fro or straight on.

How long it took is all that tells such a test from other walking, so the rest must fit: stood before and after, walked
between half turns at two ends (at least three lengths that take equally many steps) or without a single turn. A timed
walk of 10 m or 25 feet cannot be told from any other short walk and is never found without a prompt.
"""

from dataclasses import dataclass
from statistics import median

import numpy as np

from dsp.clinic.walk_distance import Walk
from dsp.clinic.walk_laps import count_laps
from dsp.clinic.walk_minutes import rests_of
from dsp.clinic.walk_past import Steps, Turns
from dsp.clinic.walk_way import pivots_of, usual_gaps_s
from dsp.prompt import Protocol

STOOD_S = 14.0  # after the end: rests of a walk test are shorter, or it is not over
STOOD_AT_END_S = 5.0  # where the stream ended before STOOD_S
STOOD_BEFORE_S = 5.0
LONGEST_REST_S = 60.0
MOST_RESTED = 0.4  # of the time
LEAST_LENGTHS = 3
UNLIKE, UNLIKE_STEPS = 0.12, 2.5  # a length's steps may differ from their median by this share or number
TAKES: tuple[tuple[Protocol, float, float], ...] = (
    ("6mwt", 360.0, 10.0),
    ("2mwt", 120.0, 5.0),
)  # seconds, give or take


@dataclass(frozen=True, slots=True)
class Found:
    """What it was and the walk itself."""

    protocol: Protocol
    walk: Walk


def found_walk(steps: Steps, turns: Turns, since_s: float) -> Found | None:
    """The walk test that ended with the newest step, after which somebody stood for STOOD_S; None where it was none.

    `since_s`: nothing before it counts, be it because the stream began or because it belongs to another test.
    """
    times_s = steps.time_s
    if times_s.size < 2:
        return None
    usual_s = usual_gaps_s(times_s)
    before_s = np.concatenate([[since_s], times_s[:-1]])
    end_s = float(times_s[-1])
    for k in np.flatnonzero(times_s - before_s - usual_s >= STOOD_BEFORE_S).tolist():
        start_s = float(times_s[k] - usual_s[k])
        for protocol, takes_s, give_s in TAKES:
            if start_s >= since_s and abs(end_s - start_s - takes_s) <= give_s:
                walk = Walk(steps.between(start_s, end_s), turns, start_s, end_s, own_stop=True)
                if _fits(walk):
                    return Found(protocol, walk)
    return None


def _fits(walk: Walk) -> bool:
    rests = rests_of(walk.steps, walk.end_s)
    rested_s = [stop_s - start_s for start_s, stop_s in rests]
    if max(rested_s, default=0.0) > LONGEST_REST_S or sum(rested_s) > MOST_RESTED * (walk.end_s - walk.start_s):
        return False
    inside = (walk.turns.end_s > walk.start_s) & (walk.turns.start_s < walk.end_s)
    return not inside.any() or _to_and_fro(walk)


def _to_and_fro(walk: Walk) -> bool:
    """Half turns only, and between them lengths of equally many steps."""
    way = walk.way
    pivots = pivots_of(walk.turns, way, walk.start_s, walk.end_s)
    covered = sum(
        any(pivot.start_s <= at_s and until_s <= pivot.end_s for pivot in pivots)
        for at_s, until_s in zip(walk.turns.start_s.tolist(), walk.turns.end_s.tolist(), strict=True)
        if until_s > walk.start_s and at_s < walk.end_s
    )
    inside = int(np.sum((walk.turns.end_s > walk.start_s) & (walk.turns.start_s < walk.end_s)))
    if covered < inside or not all(pivot.is_half_turn for pivot in pivots) or len(pivots) < LEAST_LENGTHS:
        return False
    edges = [walk.start_s, *(pivot.end_s for pivot in pivots)]
    ends = [*(pivot.start_s for pivot in pivots), walk.end_s]
    done = [way.between(edge, end) for edge, end in zip(edges, ends, strict=True)]
    laps = count_laps(done[:-1], done[-1], None)
    if laps is None or laps.astray:
        return False
    usual = median(done[:-1])
    return all(abs(made - usual) <= max(UNLIKE * usual, UNLIKE_STEPS) for made in done[:-1])
