"""One seeded day: all its segments through the whole pipeline, and what was right and wrong of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.bench.days_activities import FALLS, STRATA, segment
from server.bench.days_alerts import Ending, Seen, seen
from server.bench.days_people import Day, drawn_day
from server.bench.movements import matched

EARLY_S, LATE_S = 0.5, 0.5  # a fall may be told so long before it begins and after it has come to rest
STUMBLE_S = 1.5  # a stumble counts as found this near


@dataclass(frozen=True, slots=True)
class FallJudged:
    """One fall that somebody had. `confidence` and what follows are None where it was not told."""

    kind: str
    direction: str
    impact_mps: float
    confidence: float | None = None
    delay_s: float | None = None
    ending: Ending | None = None

    @property
    def told(self) -> bool:
        return self.ending is not None

    @property
    def prompted(self) -> bool:
        return self.ending in ("walked on", "open")


@dataclass(frozen=True, slots=True)
class FalseFall:
    """A fall that nobody had, in the `number`-th segment of an activity of that day."""

    activity: str
    number: int
    time_s: float
    confidence: float
    ending: Ending


@dataclass(slots=True)
class ClassOfDay:
    """What was sampled of a class of activities, and what was told there that did not happen."""

    amount: float
    sampled: float = 0.0
    walking_h: float = 0.0
    false_stumbles: int = 0


@dataclass(slots=True)
class JudgedDay:
    seed: int
    condition: str
    position: str
    rate_hz: float
    has_gyroscope: bool
    signal_s: float = 0.0
    classes: dict[str, ClassOfDay] = field(default_factory=dict)
    false: list[FalseFall] = field(default_factory=list)
    falls: list[FallJudged] = field(default_factory=list)
    stumbles: list[tuple[str, float, bool]] = field(default_factory=list)  # kind, severity, found
    stumble_events: int = 0


def judged_day(seed: int) -> JudgedDay:
    day = drawn_day(seed)
    judged = JudgedDay(seed, day.person.condition, day.position, day.sensor.rate_hz, day.sensor.has_gyroscope)
    for activity in (*STRATA, *FALLS):
        _judge(judged, day, activity)
    return judged


def _judge(judged: JudgedDay, day: Day, activity: str) -> None:
    held = ClassOfDay(day.amounts.get(activity, 0.0))
    if activity in STRATA:
        if held.amount <= 0.0:
            return
        judged.classes[activity] = held
    for number in range({**STRATA, **FALLS}[activity].segments):
        made, sampled = segment(day, activity, number)
        found = seen(made.recording(f"{activity} {day.seed}/{number}"))
        judged.signal_s += float(made.time_s[-1])
        judged.stumble_events += len(found.stumbles_s)
        held.sampled += sampled
        if activity in FALLS:
            judged.falls.append(fall_judged(activity, made.truth["falls"][0], found))
            continue
        bouts = made.truth["walking_bouts"]
        held.walking_h += sum(bout["end_s"] - bout["start_s"] for bout in bouts) / 3600.0
        held.false_stumbles += _stumbles_judged(judged, made.truth["stumbles"], found)
        judged.false += [FalseFall(activity, number, one.time_s, one.confidence, one.ending) for one in found.falls]


def fall_judged(kind: str, fall: Mapping[str, Any], found: Seen) -> FallJudged:
    """The surest event within the fall, if there is one."""
    first_s, last_s = fall["onset_s"] - EARLY_S, fall["rest_s"] + LATE_S
    mine = [one for one in found.falls if first_s <= one.time_s <= last_s]
    judged = FallJudged(kind, fall["direction"], fall["impact_mps"])
    if not mine:
        return judged
    best = max(mine, key=lambda one: (one.prompted, one.confidence))
    delay_s = best.emitted_s - fall["impact_s"]
    return FallJudged(kind, judged.direction, judged.impact_mps, best.confidence, delay_s, best.ending)


def _stumbles_judged(judged: JudgedDay, stumbles: list[dict[str, Any]], found: Seen) -> int:
    """Keeps which stumbles were found; returns how many were told that nobody had."""
    pairs = dict(matched([one["time_s"] for one in stumbles], found.stumbles_s, STUMBLE_S))
    judged.stumbles += [(one["kind"], one["severity"], one["time_s"] in pairs) for one in stumbles]
    return len(found.stumbles_s) - len(pairs)
