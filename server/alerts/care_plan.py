"""Who is told about a person, in which order and how, and what is set differently for them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

PROMPT_S = 30.0  # clinical reference §10: 30 s of "Are you OK?"
OBSERVE_S = 12.0  # the same: 10 to 15 s in which somebody who walks on is left in peace
WAIT_S = 180.0  # the same: a contact acknowledges within 3 min, or the next one is told
LEAST_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to a contact: a URL that server.alerts.channels can send to. It may hold a password."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Away:
    """A contact's holiday, from one moment up to another (ISO 8601)."""

    since: str
    until: str

    def holds(self, wall: datetime) -> bool:
        return datetime.fromisoformat(self.since) <= wall < datetime.fromisoformat(self.until)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who is told; `wait_s` is how long their answer is waited for before the next one is told too."""

    id: str
    name: str
    role: str = "carer"
    channels: tuple[Channel, ...] = ()
    wait_s: float = WAIT_S
    away: tuple[Away, ...] = ()
    technical: bool = False

    def is_away(self, wall: datetime) -> bool:
        return any(one.holds(wall) for one in self.away)


@dataclass(frozen=True, slots=True)
class CarePlan:
    """What is settled for one person; an empty name stands for everybody who has no plan of their own.

    `quiet_from`, `quiet_until`: hours of the day ("22:00") in which nothing but alerts is told.
    `tell_simulated`: whether contacts hear of simulated people, too.
    """

    person: str = ""
    prompt_s: float = PROMPT_S
    observe_s: float = OBSERVE_S
    least_confidence: float = LEAST_CONFIDENCE
    contacts: tuple[Contact, ...] = ()
    quiet_from: str | None = None
    quiet_until: str | None = None
    dead_man_url: str | None = None
    tell_simulated: bool = False

    def contact(self, contact_id: str) -> Contact | None:
        return next((one for one in self.contacts if one.id == contact_id), None)

    def contacts_told(self, *, simulated: bool) -> tuple[Contact, ...]:
        """Who hears of the person; of a simulated one nobody, unless that is wanted."""
        return () if simulated and not self.tell_simulated else self.contacts

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, plan: Mapping[str, Any]) -> Self:
        """The inverse of to_json."""
        contacts = tuple(
            Contact(
                **{
                    **one,
                    "channels": tuple(Channel(**channel) for channel in one["channels"]),
                    "away": tuple(Away(**away) for away in one["away"]),
                }
            )
            for one in plan["contacts"]
        )
        return cls(**{**plan, "contacts": contacts})


@dataclass(frozen=True, slots=True)
class Snooze:
    """Until when somebody's falls are kept without anybody being told; `by` whom and `why`.

    `until_s` is the same on the alert clock: a pause ends when it was to end, whoever sets the wall clock. None in
    those of before.
    """

    until: str
    by: str
    why: str
    since: str = field(default="")
    until_s: float | None = None

    def left_s(self, now_s: float, wall: datetime) -> float:
        """How long it still holds; 0 or less where it does not. `now_s` is of the alert clock."""
        if self.until_s is not None:
            return self.until_s - now_s
        return (datetime.fromisoformat(self.until) - wall).total_seconds()


def iso(wall: datetime) -> str:
    """As everything of alerts writes a time."""
    return wall.astimezone(UTC).isoformat(timespec="milliseconds")
