"""Possible stumbles of a day: when and where in it, what the wearer says of them, and which of them count. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, cast

Answer = Literal["yes", "no", "unsure"]

CERTAIN = 0.8  # a stumble that the sensor felt so clearly counts without being confirmed (design)
SAME_S = 2.0  # two sensors of one person feel one stumble within this
EVENING = time(18, 0)  # from then on the wearer is asked about the day (design)
PARTS_OF_DAY = (
    (5, "at night"),
    (11, "in the morning"),
    (14, "at midday"),
    (18, "in the afternoon"),
    (22, "in the evening"),
)


@dataclass(frozen=True, slots=True)
class Possible:
    """A disturbed step. `at` is the local time; the walk that it was in, where there was one."""

    id: str
    session_id: str
    time_s: float
    at: datetime
    severity: float | None
    confidence: float | None
    simulated: bool
    walk_began: datetime | None = None
    walk_s: float | None = None
    answer: Answer | None = None

    @property
    def counts(self) -> bool:
        """Only what was confirmed, and what was felt clearly and not denied."""
        if self.answer is None or self.answer == "unsure":
            return self.confidence is not None and self.confidence >= CERTAIN
        return self.answer == "yes"


def stumble_id(session_id: str, time_s: float) -> str:
    """The same for live, recovered and replayed: names a stumble for good."""
    return f"{session_id}-stumble-{round(time_s * 1000)}"


def session_of(of_id: str) -> str | None:
    """The session in a stumble's id, None for what is no such id."""
    session_id, found, number = of_id.rpartition("-stumble-")
    return session_id if found and session_id and number.lstrip("-").isdigit() else None


def once_each(found: Iterable[Possible], answers: Mapping[str, str]) -> list[Possible]:
    """In order of time, with their answers; what two sensors felt is one, as the surer one has it."""
    groups: list[list[Possible]] = []
    for one in sorted(found, key=lambda stumble: (stumble.at, stumble.id)):
        last = groups[-1] if groups else []
        near = bool(last) and (one.at - last[0].at) <= timedelta(seconds=SAME_S)
        if near and all(one.session_id != other.session_id for other in last):
            last.append(one)
        else:
            groups.append([one])
    return [_one_of(group, answers) for group in groups]


def _one_of(group: Sequence[Possible], answers: Mapping[str, str]) -> Possible:
    best = max(group, key=lambda one: (one.confidence or 0.0, one.id))
    said = [answers[one.id] for one in (best, *group) if one.id in answers]
    return replace(best, answer=cast(Answer, said[0]) if said else None)


def part_of_day(at: datetime) -> str:
    """In words, as people say it."""
    return next((words for until, words in PARTS_OF_DAY if at.hour < until), "at night")


def where(stumble: Possible) -> str:
    """When and where in the day, so that somebody can remember it."""
    told = f"{part_of_day(stumble.at)[0].upper()}{part_of_day(stumble.at)[1:]}, at {stumble.at:%H:%M}"
    if stumble.walk_began is None or stumble.walk_s is None:
        return f"{told}."
    into = (stumble.at - stumble.walk_began).total_seconds()
    if into < 10.0:
        return f"{told}, as you set out on a walk of {_lasting(stumble.walk_s)}."
    return f"{told}, {_lasting(into)} into a walk of {_lasting(stumble.walk_s)}."


def _lasting(seconds: float) -> str:
    if seconds < 90.0:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60.0)} min"


def to_be_asked(stumbles: Iterable[Possible], day: date, now: datetime) -> list[Possible]:
    """Those that the wearer is to be asked about at this (local) moment: in the evening, and afterwards."""
    if now.date() < day or (now.date() == day and now.time() < EVENING):
        return []
    return [one for one in stumbles if one.answer is None]
