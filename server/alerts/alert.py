"""What somebody must be told of: a fall, a call for help, or a test of the whole chain."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Kind = Literal["fall", "help", "test"]
State = Literal["observing", "prompting", "escalating", "acknowledged", "resolved"]
Outcome = Literal["false_alarm", "fall_no_injury", "fall_help_given", "walked_on", "not_told", "test_done"]
ToldState = Literal["waiting", "pending", "sent", "delivered", "acknowledged", "failed", "skipped"]
What = Literal["fall", "help", "test", "ok", "taken", "settled", "open", "technical", "advice"]  # of a message

OPEN: frozenset[State] = frozenset({"observing", "prompting", "escalating", "acknowledged"})


@dataclass(frozen=True, slots=True)
class Told:
    """How far one contact has been told. `at` is ISO 8601; `key` names the message that `state` is about."""

    contact_id: str
    name: str
    role: str
    state: ToldState = "waiting"
    channel: str | None = None
    at: str | None = None
    detail: str | None = None
    late: bool = False
    key: str | None = None
    asked_s: float = 0.0  # alert clock: when this message was written


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an alert's history: when (ISO 8601), what in a word, and a sentence for people."""

    at: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `*_s` are seconds of the alert clock (server.alerts.clock), except `time_s`: of the session.

    `due_s` is when it goes on by itself. `turn` counts the contacts whose turn has come, over all rounds.
    """

    id: str
    kind: Kind
    person: str
    at: str
    happened_s: float
    state: State
    since: str
    since_s: float
    due_s: float | None
    session_id: str | None = None
    position: str | None = None
    time_s: float | None = None
    simulated: bool = False
    found_after_restart: bool = False
    confidence: float | None = None
    impact_mps2: float | None = None
    lying_s: float | None = None
    still_s: float | None = None
    got_up_s: float | None = None
    loud: bool = False
    turn: int = 0
    asked: int = 0  # how often who took it was asked whether it is settled
    told: tuple[Told, ...] = ()
    acknowledged: Mapping[str, Any] | None = None  # by, at, via
    fell: bool | None = None  # what the wearer says
    outcome: Outcome | None = None
    label: str | None = None
    note: str | None = None
    resolved: Mapping[str, Any] | None = None  # by, at, why
    history: tuple[Line, ...] = ()

    @property
    def open(self) -> bool:
        return self.state in OPEN

    def to_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """The inverse of to_json."""
        told = tuple(Told(**one) for one in body["told"])
        history = tuple(Line(**one) for one in body["history"])
        return cls(**{**body, "told": told, "history": history})


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one contact, for the outbox. `key` is the same however often it is sent."""

    key: str
    alert_id: str
    contact_id: str
    contact_name: str
    what: What
    subject: str
    body: str
