"""The shapes of the JSON about notices and stumbles, as the OpenAPI description shows them."""

from datetime import date
from typing import Literal

from pydantic import Field

from server.shape import Shape

NoticeName = Literal["no_data", "not_worn", "battery", "disk", "unwritten", "clock", "delivery", "restart", "advice"]
StumbleAnswer = Literal["yes", "no", "unsure"]


class ToldOfShape(Shape):
    """How far a contact has been told of a notice."""

    name: str
    at: str
    state: Literal["pending", "sent", "delivered", "failed", "dropped"]
    detail: str | None


class NoticeShape(Shape):
    """Something technical, or a note: never an alarm. `level`: who has to hear of it by now."""

    id: str
    kind: NoticeName
    person: str = Field(description="empty where it concerns the whole server")
    session_id: str | None
    simulated: bool
    level: Literal["unseen", "screen", "person", "carer"]
    state: Literal["open", "over"]
    title: str
    text: str
    what_to_do: str
    at: str = Field(description="when it began, ISO 8601 in UTC")
    over_at: str | None
    told: list[ToldOfShape]


class NoticeList(Shape):
    """The open ones first, then the newest."""

    notices: list[NoticeShape]


class StumbleShape(Shape):
    """A possible stumble. `where`: in the day, in words; `counts`: confirmed, or felt clearly and not denied."""

    id: str = Field(examples=["20261125-090000-1f2e3d-stumble-61020"])
    session_id: str
    time_s: float
    at: str = Field(description="local time, ISO 8601")
    where: str
    severity: float | None
    confidence: float | None
    simulated: bool
    answer: StumbleAnswer | None
    counts: bool


class StumblesOfDay(Shape):
    """The possible stumbles of one local day. `ask`: whether the wearer is to be asked about them now."""

    person: str
    date: date
    ask: bool
    unanswered: int
    stumbles: list[StumbleShape]


class StumbleWish(Shape):
    """Was this a stumble?"""

    answer: StumbleAnswer


class RuleShape(Shape):
    """A rule and why it fired, or did not."""

    name: Literal["more_than_one", "rise"]
    fired: bool
    why: str


class WeekDayShape(Shape):
    """One day of the week; `walking_s` is null where nothing was recorded."""

    date: date
    possible: int
    counted: int
    walking_s: float | None


class AdviceShape(Shape):
    """A person's week of stumbles and what follows from it: advice, not a prescription."""

    person: str
    since: date
    until: date
    simulated: bool
    counted: int
    confirmed: int
    possible: int
    unanswered: int
    for_wearer: str | None
    for_therapist: str | None
    rules: list[RuleShape]
    days: list[WeekDayShape]
