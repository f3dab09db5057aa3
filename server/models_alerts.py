"""The shapes of the JSON about alerts, as the OpenAPI description shows them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from server.models import Shape

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"\S")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000, pattern=r"\S\S\S")]
Moment = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$")
]
HourOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
AlertKind = Literal["fall", "help", "test"]
AlertState = Literal["observing", "prompting", "escalating", "acknowledged", "resolved"]
AlertOutcome = Literal["false_alarm", "fall_no_injury", "fall_help_given", "walked_on", "not_told", "test_done"]
GivenOutcome = Literal["false_alarm", "fall_no_injury", "fall_help_given"]


class ToldShape(Shape):
    """How far one contact has been told."""

    contact_id: str
    name: str
    role: str
    state: Literal["waiting", "pending", "sent", "delivered", "acknowledged", "failed", "skipped"]
    channel: str | None
    at: str | None
    detail: str | None
    late: bool


class TakenShape(Shape):
    """Who has taken an alert."""

    by: str
    at: str
    via: str


class ResolvedShape(Shape):
    """Who has ended an alert, and why."""

    by: str
    at: str
    why: str


class LineShape(Shape):
    """One line of an alert's history."""

    at: str
    what: str
    text: str


class AlertShape(Shape):
    """One alert as it stands at `now`. Times ISO 8601 in UTC; `next_in_s`: until it goes on by itself."""

    id: str
    kind: AlertKind
    person: str
    session_id: str | None
    position: str | None
    simulated: bool
    at: str
    time_s: float | None
    state: AlertState
    since: str
    now: str
    next_in_s: float | None
    loud: bool
    confidence: float | None
    impact_mps2: float | None
    lying_s: float | None
    still_s: float | None
    got_up_s: float | None
    found_after_restart: bool
    next_contact: str | None
    told: list[ToldShape]
    acknowledged: TakenShape | None
    fell: bool | None
    outcome: AlertOutcome | None
    label: str | None
    note: str | None
    resolved: ResolvedShape | None
    history: list[LineShape]
    text: str


class AlertList(Shape):
    """A page of alerts: what nobody has taken first, then the newest."""

    total: int
    alerts: list[AlertShape]


class AnswerWish(Shape):
    """What the wearer says; `fell` where they say whether it was a fall."""

    answer: Literal["ok", "help"]
    fell: bool | None = None


class TakeWish(Shape):
    """Who takes it, or wants the others told."""

    by: Name


class ResolveWish(Shape):
    """How it ended; `label` is kept as a label on the data ("sat down hard")."""

    by: Name
    outcome: GivenOutcome
    label: Text | None = None
    note: Text | None = None


class HelpWish(Shape):
    """A call for help; of whoever wears the session's sensor, or of the person named."""

    person: Name | None = None
    session_id: str | None = Field(None, max_length=64)


class TestAlarmWish(Shape):
    """Whose chain of contacts is to be tested."""

    person: Name


class SignalShape(Shape):
    """The minute around an alert. `tilt_rad`: of the sensor against how it was before; null where nothing is known."""

    start_s: float
    end_s: float
    impact_s: float
    dt_s: float
    norm_mps2: list[float | None]
    tilt_rad: list[float | None]
    events: list[dict[str, object]]


class WeekShape(Shape):
    """A week's alerts of one person or of all. `week` is its Monday."""

    week: str
    confirmed: int
    unconfirmed: int
    false_alarms: int
    helps: int


class WeekList(Shape):
    weeks: list[WeekShape]


class BudgetWeekShape(Shape):
    """Seven days from `since` on: questions after a possible fall; `unclear`: nobody has said what it was."""

    since: str
    prompts: int
    false: int
    unclear: int


class BudgetShape(Shape):
    """A person's false alarms against the budget, the newest week first; calls to contacts in all four weeks."""

    person: str
    simulated: bool
    within: bool
    text: str
    advice: list[str]
    weeks: list[BudgetWeekShape]
    calls: int
    false_calls: int
    unclear_calls: int


class BudgetList(Shape):
    """Who is above the budget first."""

    budgets: list[BudgetShape]


class ChannelWish(Shape):
    """One way to a contact. One that is kept already is named by its `id`, without its URL."""

    id: str | None = Field(None, max_length=40)
    url: Address | None = None


class AwayShape(Shape):
    """A holiday."""

    since: Moment
    until: Moment


class ContactWish(Shape):
    id: str | None = Field(None, max_length=40)
    name: Name
    role: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = "carer"
    channels: list[ChannelWish] = Field(default_factory=list, max_length=10)
    wait_s: float = Field(180.0, ge=10.0, le=3600.0)
    away: list[AwayShape] = Field(default_factory=list, max_length=20)
    technical: bool = False


class CareWish(Shape):
    """Who is told about a person, in order; an empty `person` stands for everybody without a plan of their own."""

    person: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    prompt_s: float = Field(30.0, ge=10.0, le=120.0)
    observe_s: float = Field(12.0, ge=0.0, le=30.0)
    least_confidence: float = Field(0.5, ge=0.0, le=1.0)
    contacts: list[ContactWish] = Field(default_factory=list, max_length=20)
    quiet_from: HourOfDay | None = None
    quiet_until: HourOfDay | None = None
    dead_man_url: Address | None = None
    tell_simulated: bool = False


class ChannelShape(Shape):
    """A way to a contact, without its secrets."""

    id: str
    kind: str
    shown: str


class ContactShape(Shape):
    id: str
    name: str
    role: str
    channels: list[ChannelShape]
    wait_s: float
    away: list[AwayShape]
    technical: bool


class SnoozeShape(Shape):
    """Until when a person's falls are told to nobody."""

    until: str
    since: str
    by: str
    why: str


class CareShape(Shape):
    """A care plan. `own` is false where it is everybody's."""

    person: str
    own: bool
    prompt_s: float
    observe_s: float
    least_confidence: float
    contacts: list[ContactShape]
    quiet_from: str | None
    quiet_until: str | None
    dead_man_url: str | None
    tell_simulated: bool
    snooze: SnoozeShape | None


class SnoozeWish(Shape):
    """For how long, by whom and why."""

    person: Name
    minutes: float = Field(ge=1.0, le=24 * 60.0)
    by: Name
    why: Text = ""
