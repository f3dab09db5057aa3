"""What a test of the clinic consists of, as the catalogue spells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sensing.block import Position

ProtocolId = Literal["tug", "6mwt", "2mwt", "10mwt", "t25fw", "chair_stand_30s", "chair_stand_5x", "stance"]
EventKind = Literal["tug", "walk_test", "chair_stand", "stance"]

COUNTDOWN_S = 5.0  # "Get ready", then three seconds that are counted aloud
COUNTED_S = 3.0
NOTHING_CHOSEN: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Said:
    """One instruction: written, and what is spoken with it (empty: nothing is)."""

    text: str
    say: str


Instructions = Mapping[str, Said]


def aloud(text: str) -> Said:
    """Spoken as it is written."""
    return Said(text, text)


def silent(text: str) -> Said:
    """Written only."""
    return Said(text, "")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several; `instead`: instructions that are worded otherwise with it."""

    value: str
    label: str
    instead: Instructions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """Something about how a test is done that is kept with its result."""

    key: str
    label: str
    kind: Literal["choice", "number", "yes_no", "text"]
    choices: tuple[Choice, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Asked before or after a test. A scale goes in whole numbers; `words` belong to some of them."""

    key: str
    label: str
    kind: Literal["scale", "yes_no"]
    low: int | None = None
    high: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stance:
    """One way to stand; `how` is written and spoken before it."""

    id: str
    name: str
    plain_name: str
    how: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """One test. Its instructions are those of its course, in the order of server.clinic.running.

    `limit_s`: where `timed`, the time that belongs to the test, else the longest that it may take. `start` is the
    posture before "go". `course_choices_m` are offered; where `needs_course`, one of them must be.
    """

    id: ProtocolId
    name: str
    plain_name: str
    about: str
    event: EventKind
    positions: tuple[Position, ...]
    start: Literal["sit", "stand"]
    limit_s: float
    timed: bool
    instructions: Instructions
    stop_rules: tuple[str, ...]
    after: tuple[Question, ...]
    before: tuple[Question, ...] = ()
    needs_course: bool = False
    course_choices_m: tuple[float, ...] = ()
    stances: tuple[Stance, ...] = ()
    hold_choices_s: tuple[float, ...] = ()
    variants: tuple[Variant, ...] = ()
    countdown_s: float = COUNTDOWN_S

    def said(self, key: str, variants: Mapping[str, object] = NOTHING_CHOSEN) -> Said:
        """The instruction's wording, as the chosen variants have it."""
        for variant in self.variants:
            for choice in variant.choices:
                if variants.get(variant.key) == choice.value and key in choice.instead:
                    return choice.instead[key]
        return self.instructions[key]
