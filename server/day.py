"""A person's day out of sessions and walking bouts. Pure arithmetic; times are seconds of the Unix epoch.

Where several sensors were worn at once, the one whose place comes first in BEST_FIRST counts, for exactly that time;
of two at the same kind of place the one that began earlier. What midnight (or the beginning of a better sensor's
recording) cuts in two counts as two walks, each with its share of steps and metres.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median, quantiles

from server.models_people import (
    DaySummary,
    LengthClass,
    LongestBout,
    SpeedClass,
    Usual,
    UsualDay,
)

DAY_S = 86400.0
EPOCH = date(1970, 1, 1)
USUAL_DAYS = 28
LEAST_RECORDED_S = 3600.0
LEAST_DAYS = 3
# By how well steps and their length are known there: where both feet are felt and a length is measured comes first.
BEST_FIRST = ("lower_back", "foot", "ankle", "waist", "chest", "thigh", "pocket", "head", "hand", "wrist")
LENGTHS_S = (0.0, 10.0, 30.0, 60.0, 120.0)
SPEED_BIN_MPS, FASTEST_BIN_MPS = 0.2, 2.0

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Walk:
    """A bout, or the part of one that counts. `offset_s`: the epoch time of the session's time 0."""

    session_id: str
    offset_s: float
    start_s: float
    end_s: float
    steps: int
    speed_mps: float | None
    distance_m: float | None

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Worn:
    """One session: when it was recorded, and the walks in it."""

    session_id: str
    position: str
    spans: Sequence[Span]
    walks: Sequence[Walk]


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of all sessions: no instant twice."""

    spans: Sequence[Span]
    walks: Sequence[Walk]


def counted(sessions: Iterable[Worn]) -> Counted:
    """Leaves out what a better placed sensor has too."""
    covered: list[Span] = []
    walks: list[Walk] = []
    for worn in sorted(sessions, key=_rank):
        free = without(worn.spans, covered)
        walks += [piece for walk in worn.walks for piece in pieces(walk, free)]
        covered = sorted(covered + free)
    return Counted(covered, sorted(walks, key=lambda walk: walk.start_s))


def without(spans: Iterable[Span], covered: Sequence[Span]) -> list[Span]:
    """`spans` less `covered`; both sorted and disjoint."""
    free: list[Span] = []
    for start, end in spans:
        for begin, stop in covered[max(0, bisect_right(covered, (start, start)) - 1) :]:
            if begin >= end:
                break
            if stop <= start:
                continue
            if begin > start:
                free.append((start, begin))
            start = min(stop, end)
        if start < end:
            free.append((start, end))
    return free


def pieces(walk: Walk, spans: Sequence[Span]) -> list[Walk]:
    """The parts of a walk that lie in the spans (sorted and disjoint)."""
    first = max(0, bisect_right(spans, (walk.start_s, walk.start_s)) - 1)
    found = []
    for begin, stop in spans[first:]:
        if begin >= walk.end_s:
            break
        if stop > walk.start_s:
            found.append(part(walk, max(begin, walk.start_s), min(stop, walk.end_s)))
    return found


def part(walk: Walk, start_s: float, end_s: float) -> Walk:
    """A part of a walk with its share of steps and metres; the steps of all its parts add up."""
    if (start_s, end_s) == (walk.start_s, walk.end_s):
        return walk
    share = (end_s - start_s) / walk.duration_s
    steps = _steps_by(walk, end_s) - _steps_by(walk, start_s)
    metres = None if walk.distance_m is None else walk.distance_m * share
    return replace(walk, start_s=start_s, end_s=end_s, steps=steps, distance_m=metres)


def day_start_s(day: date, utc_offset_min: int) -> float:
    """When the local day begins."""
    return (day - EPOCH).days * DAY_S - utc_offset_min * 60.0


def by_day(all_of_them: Counted, days: Sequence[date], utc_offset_min: int) -> list[Counted]:
    """What counts for each of these consecutive local days."""
    begin = day_start_s(days[0], utc_offset_min)
    found: list[tuple[list[Span], list[Walk]]] = [([], []) for _ in days]
    edges = [begin + number * DAY_S for number in range(len(days) + 1)]
    for start, end in all_of_them.spans:
        for number in _days_touched(start, end, edges):
            found[number][0].append((max(start, edges[number]), min(end, edges[number + 1])))
    for walk in all_of_them.walks:
        for number in _days_touched(walk.start_s, walk.end_s, edges):
            found[number][1].extend(pieces(walk, [(edges[number], edges[number + 1])]))
    return [Counted(spans, walks) for spans, walks in found]


def summary_of(day: date, found: Counted) -> DaySummary:
    """The figures of one day."""
    recorded = bool(found.spans)
    durations = [walk.duration_s for walk in found.walks]
    return DaySummary(
        date=day,
        recorded_s=sum(end - start for start, end in found.spans),
        walking_s=sum(durations) if recorded else None,
        steps=sum(walk.steps for walk in found.walks) if recorded else None,
        bouts=len(durations) if recorded else None,
        longest_bout_s=max(durations, default=None),
        median_speed_mps=median_speed_mps(found.walks),
    )


def median_speed_mps(walks: Iterable[Walk]) -> float | None:
    """The speed that half of the walking time is not faster than; None where no speed is known."""
    known = sorted((walk.speed_mps, walk.duration_s) for walk in walks if walk.speed_mps is not None)
    half_s = 0.5 * sum(duration_s for _, duration_s in known)
    for speed_mps, duration_s in known:
        half_s -= duration_s
        if half_s <= 0.0:
            return speed_mps
    return None


def longest_of(walks: Sequence[Walk]) -> LongestBout | None:
    if not walks:
        return None
    walk = max(walks, key=lambda one: one.duration_s)
    return LongestBout(
        session_id=walk.session_id,
        start_s=walk.start_s - walk.offset_s,
        duration_s=walk.duration_s,
        steps=walk.steps,
        speed_mps=walk.speed_mps,
    )


def distance_m_of(walks: Iterable[Walk]) -> float | None:
    known = [walk.distance_m for walk in walks if walk.distance_m is not None]
    return sum(known) if known else None


def by_length(walks: Sequence[Walk]) -> list[LengthClass]:
    """How many walks took how long."""
    classes = []
    for from_s, to_s in zip(LENGTHS_S, (*LENGTHS_S[1:], None), strict=True):
        lengths = [w.duration_s for w in walks if from_s <= w.duration_s and (to_s is None or w.duration_s < to_s)]
        classes.append(LengthClass(from_s=from_s, to_s=to_s, bouts=len(lengths), walking_s=sum(lengths)))
    return classes


def by_speed(walks: Iterable[Walk]) -> list[SpeedClass] | None:
    """How long somebody walked how fast; None where no speed is known."""
    last = round(FASTEST_BIN_MPS / SPEED_BIN_MPS)
    seconds = [0.0] * (last + 1)
    known = [walk for walk in walks if walk.speed_mps is not None]
    for walk in known:
        assert walk.speed_mps is not None
        seconds[min(last, max(0, int(walk.speed_mps / SPEED_BIN_MPS)))] += walk.duration_s
    edges = [round(number * SPEED_BIN_MPS, 1) for number in range(last + 1)]
    if not known:
        return None
    return [
        SpeedClass(from_mps=from_mps, to_mps=to_mps, walking_s=walking_s)
        for from_mps, to_mps, walking_s in zip(edges, (*edges[1:], None), seconds, strict=True)
    ]


def usual_of(before: Sequence[DaySummary]) -> UsualDay | None:
    """Median and quartiles of the days with enough recorded; None with too few of them."""
    days = [day for day in before if day.recorded_s >= LEAST_RECORDED_S]
    if len(days) < LEAST_DAYS:
        return None
    return UsualDay(
        days=len(days),
        recorded_s=_usual([day.recorded_s for day in days]),
        walking_s=_usual([day.walking_s or 0.0 for day in days]),
        steps=_usual([day.steps or 0 for day in days]),
        bouts=_usual([day.bouts or 0 for day in days]),
        longest_bout_s=_usual_if([day.longest_bout_s for day in days]),
        median_speed_mps=_usual_if([day.median_speed_mps for day in days]),
    )


def days_until(day: date) -> list[date]:
    """The 28 days before and this one, oldest first."""
    return [day - timedelta(days=ago) for ago in range(USUAL_DAYS, -1, -1)]


def _days_touched(start_s: float, end_s: float, edges: Sequence[float]) -> range:
    """The numbers of the days that a stretch of time has a part in."""
    return range(max(0, bisect_right(edges, start_s) - 1), min(len(edges) - 1, bisect_left(edges, end_s)))


def _usual(values: Sequence[float]) -> Usual:
    if len(values) == 1:
        return Usual(median=values[0], low=values[0], high=values[0])
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Usual(median=median(values), low=low, high=high)


def _usual_if(values: Iterable[float | None]) -> Usual | None:
    known = [value for value in values if value is not None]
    return _usual(known) if known else None


def _rank(worn: Worn) -> tuple[int, float, str]:
    place = worn.position.removesuffix("_left").removesuffix("_right")
    return BEST_FIRST.index(place), worn.spans[0][0] if worn.spans else 0.0, worn.session_id


def _steps_by(walk: Walk, at_s: float) -> int:
    """Steps until then, as if they were evenly spread."""
    return round(walk.steps * (at_s - walk.start_s) / walk.duration_s)
