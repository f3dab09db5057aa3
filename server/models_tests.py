"""The shapes of the JSON about the tests of the clinic, as the OpenAPI description shows them."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from sensing.block import Position
from server.clinic.protocol import ProtocolId
from server.models import Shape

RunState = Literal["preflight", "countdown", "running", "paused", "settling", "done", "aborted", "invalid"]
Verdict = Literal["valid", "attention", "invalid"]
Starter = Literal["patient", "therapist"]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"\S")]
Answers = dict[str, Any]


class ChoiceShape(Shape):
    """One of several."""

    value: str
    label: str


class VariantShape(Shape):
    """Something about how a test is done that is kept with its result."""

    key: str
    label: str
    kind: Literal["choice", "number", "yes_no", "text"]
    choices: list[ChoiceShape] | None
    unit: str | None


class QuestionShape(Shape):
    """Asked before or after a test; `words` belong to some of a scale's numbers."""

    key: str = Field(examples=["borg_dyspnoea"])
    label: str
    kind: Literal["scale", "yes_no", "choice"]
    min: int | None
    max: int | None
    words: dict[str, str] | None


class StanceShape(Shape):
    """A way to stand."""

    id: str = Field(examples=["tandem_left"])
    name: str
    plain_name: str


class Instruction(Shape):
    """What one is told: written, and spoken. An empty `say` means that nothing is spoken."""

    key: str = Field(examples=["ready"])
    text: str
    say: str


class ProtocolShape(Shape):
    """A test that can be chosen."""

    id: ProtocolId
    name: str = Field(examples=["Timed Up and Go (TUG)"])
    plain_name: str
    about: str
    positions: list[Position]
    needs_course: bool
    course_choices_m: list[float] | None = Field(description="lengths that are offered; null where there is no course")
    stances: list[StanceShape] | None
    hold_choices_s: list[float] | None
    countdown_s: float
    limit_s: float = Field(description="the test's own time, or the longest that it may take")
    variants: list[VariantShape]
    instructions: list[Instruction]
    stop_rules: list[str]
    before: list[QuestionShape]
    after: list[QuestionShape]


class ProtocolList(Shape):
    """Every test, in the order they are offered."""

    items: list[ProtocolShape]


class TestWish(Shape):
    """A test to be prepared on a session in progress."""

    __test__ = False

    session_id: str = Field(max_length=64)
    protocol: str = Field(max_length=40, examples=["tug"])
    stance: str | None = Field(None, max_length=40)
    course_length_m: float | None = Field(None, gt=0, le=1000)
    hold_s: float | None = Field(None, gt=0, le=3600)
    variant: str | None = Field(
        None, max_length=40, description="chair_stand_5x: `sppb` ends at the fifth stand; 10mwt: `run_in` of 2 m"
    )
    variants: dict[str, Any] = Field(default_factory=dict, max_length=40)
    started_by: Starter = "patient"
    before: Answers = Field(default_factory=dict, max_length=40)


class StopWish(Shape):
    """`finished` is the operator's "stop" and there will be a result; `aborted` has none."""

    why: Literal["finished", "aborted"]
    reason: Sentence | None = None


class AfterWish(Shape):
    """Answers to the questions after the test."""

    answers: Answers = Field(max_length=40)


class NoteWish(Shape):
    """Something that a therapist remarks."""

    text: Sentence


class InvalidWish(Shape):
    """Why a trial does not count."""

    reason: Sentence


class CheckShape(Shape):
    """One line of the pre-flight check."""

    key: Literal["connected", "signal", "position", "upright", "still", "battery", "floor", "near"]
    label: str
    state: Literal["ok", "wait", "problem", "ask"] = Field(description="`ask`: only a person can tell")
    text: str


class Preflight(Shape):
    """What must be right before a test begins; `ready` leaves out what is asked."""

    ready: bool
    checks: list[CheckShape]


class TestNote(Shape):
    """A remark and when it was made."""

    __test__ = False

    at: str
    text: str


class Invalidation(Shape):
    """A trial that a therapist does not let count."""

    at: str
    reason: str


class TestRun(Shape):
    """One run of a test, whatever has become of it."""

    __test__ = False

    id: str = Field(examples=["20261125-153000-1f2e3d"])
    session_id: str
    stream_no: int | None = Field(description="of the session, while it is in progress")
    person: str
    position: Position
    protocol: ProtocolId
    name: str
    plain_name: str
    stance: str | None
    course_length_m: float | None
    hold_s: float | None
    variant: str | None
    variants: dict[str, Any]
    started_by: Starter | None = Field(description="null where nobody did: it was found, or played again")
    created_at: str
    state: RunState
    since_s: float = Field(description="seconds of the session at which it came into this state")
    cue_s: float | None = Field(description="the go, in seconds of the session; ahead during the countdown")
    end_cue_s: float | None
    now_s: float | None = Field(description="the session's time now; null when it has ended")
    instruction: Instruction | None
    next_say_at_s: float | None = Field(description="when the next instruction is spoken, as far as time decides it")
    progress: dict[str, Any] | None = Field(description="what has been measured so far")
    problem: str | None
    event: dict[str, Any] | None = Field(description="the contract's event")
    verdict: Verdict | None
    reasons: list[str]
    before: Answers
    after: Answers
    notes: list[TestNote]
    invalidated: Invalidation | None
    result: dict[str, Any] | None = Field(description="the result card of a run that has ended")
    found: bool = Field(description="nobody set it up: it was found in what somebody did")


class TestRuns(Shape):
    """Runs, newest first."""

    __test__ = False

    items: list[TestRun]
