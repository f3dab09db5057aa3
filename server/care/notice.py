"""Something that is wrong with the watching itself, or worth a therapist's while: not an alarm."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

NoticeKind = Literal["no_data", "not_worn", "battery", "disk", "unwritten", "clock", "delivery", "restart", "advice"]
Level = Literal["unseen", "screen", "person", "carer"]
Ended = Literal["mended", "session_ended"]
ToldState = Literal["pending", "sent", "delivered", "failed", "dropped"]
REACHED: frozenset[ToldState] = frozenset({"sent", "delivered"})


@dataclass(frozen=True, slots=True)
class Stages:
    """How long something must last before who is told, and how long it must be gone before it is over, in seconds.

    None: that stage does not exist.
    """

    screen_s: float
    person_s: float | None
    carer_s: float | None
    gone_s: float


# Issue 5: no data is on the screen after 10 s and told to the person after 60 s (clinical reference §10: Bluetooth loss
# > 60 s, battery < 15 %, off-body: a low-priority notice). When a carer hears of it is design: not for the way to the
# letter box (5 min), not for a bath (30 min without the sensor); what cannot mend itself, soon.
STAGES: Mapping[NoticeKind, Stages] = {
    "no_data": Stages(10.0, 60.0, 300.0, 5.0),
    "not_worn": Stages(0.0, 60.0, 1800.0, 5.0),
    "battery": Stages(0.0, 0.0, 3600.0, 60.0),
    "disk": Stages(0.0, None, 600.0, 60.0),
    "unwritten": Stages(10.0, None, 120.0, 30.0),
    "clock": Stages(0.0, None, None, 600.0),
    "delivery": Stages(30.0, None, 120.0, 30.0),
    "restart": Stages(0.0, None, 0.0, 600.0),
    "advice": Stages(0.0, 0.0, 0.0, 3600.0),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What is so at this moment. `since_s`: of the alert clock, None where nobody knows better than who watches.

    `about` tells conditions of one kind apart: a session, a person, a rule.
    """

    kind: NoticeKind
    text: str
    about: str = ""
    person: str = ""
    session_id: str | None = None
    simulated: bool = False
    since_s: float | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about or self.session_id or 'server'}"


@dataclass(frozen=True, slots=True)
class ToldOf:
    """One contact who was told. `contact_id` is of the care plan of `plan_of`; `over`: that it has ended, too."""

    contact_id: str
    plan_of: str
    name: str
    at: str
    key: str
    state: ToldState = "pending"
    detail: str | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A condition that was seen, and how far it has been told. Times ISO 8601; `*_s` of the alert clock."""

    id: str
    key: str
    kind: NoticeKind
    person: str
    session_id: str | None
    simulated: bool
    text: str
    at: str
    since_s: float
    seen_s: float
    level: Level = "unseen"
    told: tuple[ToldOf, ...] = ()
    over_at: str | None = None
    ended: Ended | None = None

    @property
    def open(self) -> bool:
        return self.over_at is None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """The inverse of to_json."""
        return cls(**{**body, "told": tuple(ToldOf(**one) for one in body["told"])})
