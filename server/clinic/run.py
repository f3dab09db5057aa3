"""One run of a test: what was chosen, who did it, how far it has come and what came out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sensing.block import Position
from sensing.facts import StatedTest
from server.clinic.protocol import Protocol
from server.clinic.protocols import BY_ID
from server.clinic.running import Course, Timing

StartedBy = Literal["patient", "therapist"]
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is settled about a run before it begins. `variants` is kept with the result and changes no measurement."""

    protocol: str
    stance: str | None = None
    course_length_m: float | None = None
    hold_s: float | None = None
    variant: str | None = None
    variants: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """`found`: nobody set it up, the detectors came upon it. `event` is the contract's. Times of day are ISO 8601."""

    id: str
    session_id: str
    person: str
    position: Position
    chosen: Chosen
    created_at: str
    course: Course = field(default_factory=Course)
    started_by: StartedBy | None = None
    found: bool = False
    event: Json | None = None
    before: Json = field(default_factory=dict)
    after: Json = field(default_factory=dict)
    notes: tuple[Json, ...] = ()
    invalidated: Json | None = None

    @property
    def protocol(self) -> Protocol:
        return BY_ID[self.chosen.protocol]

    @property
    def timing(self) -> Timing:
        limit_s = self.chosen.hold_s if self.chosen.hold_s is not None else self.protocol.limit_s
        return Timing(self.protocol.countdown_s, limit_s)

    @property
    def verdict(self) -> str | None:
        """The detectors' word; a run that became invalid before they spoke is invalid too."""
        if self.event is not None:
            return str(self.event["verdict"]) if self.event.get("verdict") is not None else None
        return "invalid" if self.course.state == "invalid" else None

    @property
    def reasons(self) -> list[str]:
        """Why it is not simply valid, in sentences."""
        if self.event is not None:
            return [str(reason) for reason in self.event.get("reasons") or ()]
        return [self.course.problem] if self.course.state == "invalid" and self.course.problem else []

    @property
    def counts(self) -> bool:
        """Whether it has a result that may be compared with others."""
        return self.course.state == "done" and self.invalidated is None

    def stated(self, *, aborted: bool = False) -> StatedTest:
        """What the detectors are told of it."""
        chosen = self.chosen
        return StatedTest(
            protocol=chosen.protocol,
            cue_s=self.course.cue_s,
            end_cue_s=self.course.end_cue_s,
            course_length_m=chosen.course_length_m,
            stance=chosen.stance,
            hold_s=chosen.hold_s,
            variant=chosen.variant,
            aborted=aborted,
        )
