"""A walker on a corridor as the detectors' events, for tests of the walk tests."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dsp.body import COLUMNS, SEEN, TIME, UP_X, UP_Z, VALID, BodyBlock, V
from dsp.clinic.clinic import Clinic
from dsp.clinic.walk_test import WalkTest
from dsp.events import Event, JsonValue
from dsp.prompt import Prompt
from dsp.wearing import Wearing

STANDS_S = 6.0
CUE_S = STANDS_S - 0.3
TWO = Prompt("2mwt", set_s=0.0, cue_s=CUE_S, course_length_m=20.0)


@dataclass(frozen=True)
class Around:
    """Turning on the spot; `steps` on the way."""

    angle_deg: float = 180.0
    steps: int = 4
    seen: bool = True


@dataclass(frozen=True)
class Rest:
    """Standing."""

    seconds: float


Part = float | Around | Rest


@dataclass
class Walker:
    """Plays parts out as steps and turns; `gone_m` at `moments_s` is the truth on the corridor."""

    step_m: float = 0.64
    step_s: float = 0.55
    noise: float = 0.0
    seed: int = 0
    model: float = 1.1  # what the step lengths told are off
    slower: float = 1.0  # every step is this much longer than the one before
    now_s: float = STANDS_S
    events: list[Event] = field(default_factory=list)
    moments_s: list[float] = field(default_factory=lambda: [0.0, STANDS_S])
    gone_m: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)

    def step(self, metres: float) -> None:
        self.now_s += self.step_s * (1.0 + self.noise * float(self.rng.uniform(-1, 1)))
        told: JsonValue = 2.0 * self.model * metres if len(self.events) > 1 else None
        fields: dict[str, JsonValue] = {"stride_length_m": told, "walking": True, "rolling": None}
        self.events.append(Event("step", round(self.now_s, 4), self.now_s + 0.4, None, fields))
        self.moments_s.append(self.now_s)
        self.gone_m.append(self.gone_m[-1] + metres)

    def straight(self, metres: float) -> None:
        left = metres
        while left > 1e-9:
            usual = self.step_m * (1.0 + self.noise * float(self.rng.uniform(-1, 1)))
            self.step_m *= self.slower
            one = left if left < 1.4 * usual else usual
            self.step(one)
            left -= one

    def around(self, part: Around) -> None:
        start_s = self.now_s + 0.05
        for _ in range(part.steps):
            self.step(0.0)
        end_s = max(self.now_s, start_s + 0.6)
        self.now_s = end_s
        if part.seen:
            fields: dict[str, JsonValue] = {"angle_rad": math.radians(part.angle_deg)}
            self.events.append(Event("turn", start_s, end_s + 2.5, end_s, fields))

    def walk(self, parts: Sequence[Part]) -> "Walker":
        for part in parts:
            if isinstance(part, Around):
                self.around(part)
            elif isinstance(part, Rest):
                self.now_s += part.seconds
            else:
                self.straight(part)
        self.moments_s.append(1e6)
        self.gone_m.append(self.gone_m[-1])
        return self

    def at(self, time_s: float) -> float:
        return float(np.interp(time_s, self.moments_s, self.gone_m))

    def in_order(self) -> list[Event]:
        return sorted(self.events, key=lambda event: event.emitted_s)


def to_and_fro(course_m: float, total_m: float, turn: Around | None = None) -> list[Part]:
    """Lengths with a half turn between each two until so much has been walked."""
    parts: list[Part] = []
    left = total_m
    while left > 1e-9:
        if parts:
            parts.append(turn or Around())
        parts.append(min(course_m, left))
        left -= course_m
    return parts


def standing_rows(
    until_s: float,
    hole_s: tuple[float, float] | None = None,
    moves_s: Sequence[tuple[float, float]] = (),
    slips_s: float = math.inf,
) -> list[BodyBlock]:
    """Rows in which the trunk moves up and down in some spans only, as blocks without a hole in them.

    At slips_s the sensor turns by 40 degrees on the body.
    """
    n = int(until_s * 100)
    rows = np.zeros((n, COLUMNS))
    rows[:, TIME] = (np.arange(n) + 0.5) / 100.0
    rows[:, SEEN] = rows[:, TIME] + 0.01
    rows[:, VALID] = 1.0
    rows[:, UP_Z] = 1.0
    for start_s, end_s in moves_s:
        moving = (rows[:, TIME] >= start_s) & (rows[:, TIME] < end_s)
        rows[moving, V] = 1.5 * np.sin(11.4 * rows[moving, TIME])
    slipped = rows[:, TIME] >= slips_s
    rows[slipped, UP_X], rows[slipped, UP_Z] = math.sin(math.radians(40.0)), math.cos(math.radians(40.0))
    if hole_s is None:
        return [BodyBlock(0, rows)]
    first, last = (int(100 * moment_s) for moment_s in hole_s)
    return [BodyBlock(0, rows[:first]), BodyBlock(last, rows[last:])]


def clinic_events(
    events: Sequence[Event],
    until_s: float,
    prompts: Sequence[Prompt] = (),
    wearing: Wearing | None = None,
    cuts: Sequence[int] = (),
    hole_s: tuple[float, float] | None = None,
    resume: bool = False,
    moves_s: Sequence[tuple[float, float]] = (),
    slips_s: float = math.inf,
) -> list[Event]:
    """What the walk test makes of the events; `cuts` cut the rows, `resume` goes on from the state alone at each."""
    wearing = replace(wearing or Wearing(height_m=1.7), prompts=tuple(prompts))
    clinic = Clinic(wearing, (WalkTest,))
    found: list[Event] = []
    waiting = [event for event in events if event.emitted_s <= until_s]
    for block in standing_rows(until_s, hole_s, moves_s, slips_s):
        edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(block)}), len(block)]
        for start, stop in itertools.pairwise(edges):
            part = BodyBlock(block.first_index + start, block.rows[start:stop])
            last_s = float(part.seen_s[-1])
            now = [event for event in waiting if event.emitted_s <= last_s]
            waiting = waiting[len(now) :]
            found += clinic.update(part, now)
            if resume:
                other = Clinic(wearing, (WalkTest,))
                for mine, theirs in zip(other.states, clinic.states, strict=True):
                    mine[:] = theirs
                clinic = other
    return found + clinic.finish(waiting, until_s)


def one(events: Sequence[Event]) -> Event:
    """The walk test that is alone there."""
    assert [event.kind for event in events] == ["walk_test"]
    return events[0]


def two_minutes(parts: Sequence[Part], prompt: Prompt = TWO, walker: Walker | None = None, **more: Any) -> Event:
    """The event of a two-minute walk that is walked on for a while."""
    played = (walker or Walker()).walk(parts)
    return one(clinic_events(played.in_order(), 160.0, [prompt], **more))
