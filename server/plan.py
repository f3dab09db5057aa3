"""What is settled about a session before its first packet: who wears which sensor where."""

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, cast

from dsp.prompt import Prompt, Protocol, Stance, Variant
from dsp.wearing import Calibration, Wearing
from sensing.facts import StatedTest
from sensing.packets import Json
from sensing.recording import Facts


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """Kept as the header of the raw log, so that a recovery knows it too.

    `copy_to`: where else the finished recording is wanted (`surefoot record`), as an absolute path.
    """

    id: str
    label: str
    facts: Facts
    sensor_name: str
    sensor_address: str | None = None
    driver: str | None = None
    simulated: bool = False
    copy_to: str | None = None

    @property
    def wearing(self) -> Wearing:
        return wearing_of(self.facts)

    def to_json(self) -> dict[str, Json]:
        return {
            "id": self.id,
            "label": self.label,
            "facts": self.facts.to_json(),
            "sensor_name": self.sensor_name,
            "sensor_address": self.sensor_address,
            "driver": self.driver,
            "simulated": self.simulated,
            "copy_to": self.copy_to,
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Json]) -> Self:
        """The inverse of to_json. Raises KeyError or FactsError for a header that is none of ours."""
        facts = fields["facts"]
        if not isinstance(facts, Mapping):
            raise KeyError("facts")
        return cls(
            id=str(fields["id"]),
            label=str(fields["label"]),
            facts=Facts.from_json(facts),
            sensor_name=str(fields["sensor_name"]),
            sensor_address=_text(fields.get("sensor_address")),
            driver=_text(fields.get("driver")),
            simulated=bool(fields.get("simulated")),
            copy_to=_text(fields.get("copy_to")),
        )


def wearing_of(facts: Facts) -> Wearing:
    """What the detectors need to know, out of the facts: the same for live, replay and analyze."""
    prompts = prompts_of(facts)
    person = facts.person
    if person is None:
        return Wearing(position=facts.position, prompts=prompts)
    found = (person.stride_calibration or {}).get(facts.position)
    return Wearing(
        position=facts.position,
        height_m=person.height_m,
        sensor_height_m=person.sensor_height_m,
        calibration=None if found is None else Calibration(found.factor, found.pendulum_m, found.error_share),
        prompts=prompts,
        freezes=person.freezes is True,
    )


def prompts_of(facts: Facts) -> tuple[Prompt, ...]:
    """The tests that a recording says were set up; the one that it was made of is in force from its first sample on."""
    stated = list(facts.tests or ())
    if facts.test is not None and facts.test != "none":
        whole = StatedTest(
            facts.test,
            cue_s=facts.cue_s,
            end_cue_s=facts.end_cue_s,
            course_length_m=facts.course_length_m,
            stance=facts.stance,
        )
        stated.insert(0, whole)
    return tuple(prompt_of(test) for test in stated)


def prompt_of(test: StatedTest) -> Prompt:
    """What the detectors are told of a test."""
    return Prompt(
        cast(Protocol, test.protocol),  # the facts are checked: the same words on both sides, as a test compares
        -math.inf if test.set_s is None else test.set_s,
        test.cue_s,
        test.end_cue_s,
        test.course_length_m,
        cast(Stance | None, test.stance),
        test.hold_s,
        cast(Variant | None, test.variant),
        test.aborted,
    )


def new_session_id(now: datetime) -> str:
    """Sorts by start time, and two starts in one second still differ."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def _text(value: Json) -> str | None:
    return None if value is None else str(value)
