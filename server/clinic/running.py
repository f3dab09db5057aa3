"""How a run of a test goes on: a table of transitions, and what time alone brings. Pure: no clock, no sensor.

Times are seconds of the session. What `TRANSITIONS` does not name changes nothing; what an operator asks for and is not
named is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

State = Literal["preflight", "countdown", "running", "paused", "settling", "done", "aborted", "invalid"]
Happening = Literal[
    "start",  # somebody: go
    "finish",  # somebody: the test is over
    "abort",  # somebody: break it off
    "left",  # nobody has begun it
    "cue",  # the countdown has ended
    "over",  # the time is up, or the detectors saw the end
    "silent",  # the sensor is not heard any more
    "heard",  # it is heard again
    "lost",  # it was silent for too long
    "judged",  # the test's event has come
    "refused",  # it has come, with the verdict "invalid"
    "unseen",  # it has not come
    "ended",  # the session has ended
    "restarted",  # the program was restarted
]

TRANSITIONS: Mapping[tuple[State, Happening], State] = {
    ("preflight", "start"): "countdown",
    ("preflight", "abort"): "aborted",
    ("preflight", "left"): "aborted",
    ("preflight", "ended"): "aborted",
    ("preflight", "restarted"): "aborted",
    ("countdown", "cue"): "running",
    ("countdown", "silent"): "preflight",
    ("countdown", "finish"): "aborted",
    ("countdown", "abort"): "aborted",
    ("countdown", "ended"): "aborted",
    ("countdown", "restarted"): "aborted",
    ("running", "over"): "settling",
    ("running", "finish"): "settling",
    ("running", "silent"): "paused",
    ("running", "judged"): "done",
    ("running", "refused"): "invalid",
    ("running", "abort"): "aborted",
    ("running", "ended"): "invalid",
    ("running", "restarted"): "invalid",
    ("paused", "heard"): "running",
    ("paused", "lost"): "invalid",
    ("paused", "finish"): "settling",
    ("paused", "judged"): "done",
    ("paused", "refused"): "invalid",
    ("paused", "abort"): "aborted",
    ("paused", "ended"): "invalid",
    ("paused", "restarted"): "invalid",
    ("settling", "judged"): "done",
    ("settling", "refused"): "invalid",
    ("settling", "unseen"): "invalid",
    ("settling", "abort"): "aborted",
    ("settling", "ended"): "invalid",
    ("settling", "restarted"): "invalid",
}
FINAL: frozenset[State] = frozenset({"done", "aborted", "invalid"})

LEFT_S = 1800.0  # whoever prepares a test and goes away must not keep the sensor from the next one
PAUSE_S = 5.0  # a sensor that is silent for longer has missed what cannot be made up for
SETTLE_S = 20.0  # a test's event comes within a few seconds of its end; after this it does not come any more

REASONS: Mapping[tuple[State, Happening], str] = {
    ("countdown", "silent"): "The sensor fell silent in the countdown. Start again when it is heard.",
    ("running", "silent"): "The sensor is silent.",
    ("paused", "lost"): "The sensor was silent for more than five seconds.",
    ("settling", "unseen"): "The movement of this test was not found in what the sensor sent.",
    ("preflight", "left"): "Nobody began the test within half an hour.",
    ("preflight", "ended"): "The session ended before the test began.",
    ("countdown", "ended"): "The session ended before the test began.",
    ("preflight", "restarted"): "The program was restarted before the test began.",
    ("countdown", "restarted"): "The program was restarted before the test began.",
    **{(state, "ended"): "The session ended during the test." for state in ("running", "paused", "settling")},
    **{(state, "restarted"): "The program was restarted." for state in ("running", "paused", "settling")},
}
REFUSALS: Mapping[Happening, Mapping[State, str]] = {
    "start": {
        "countdown": "The countdown runs already.",
        "running": "The test runs already.",
        "paused": "The test runs already.",
        "settling": "The test is over; its result is being worked out.",
    },
    "finish": {"preflight": "The test has not begun.", "settling": "The test is over already."},
}
OVER_ALREADY = "This test has ended; begin another one."


class NotNowError(Exception):
    """What was asked for does not fit how far the run has come; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Timing:
    """`limit_s` after the cue the test is over, whoever walks on."""

    countdown_s: float
    limit_s: float


@dataclass(frozen=True, slots=True)
class Course:
    """How far a run has come: its state, since when, the "go" and the operator's "stop", what is wrong in words."""

    state: State = "preflight"
    since_s: float = 0.0
    cue_s: float | None = None
    end_cue_s: float | None = None
    problem: str | None = None

    @property
    def final(self) -> bool:
        return self.state in FINAL


def asked(course: Course, happening: Literal["start", "finish", "abort"], at_s: float, timing: Timing) -> Course:
    """What somebody asks for, at a moment of the session. Raises NotNowError."""
    if (course.state, happening) not in TRANSITIONS:
        raise NotNowError(REFUSALS.get(happening, {}).get(course.state, OVER_ALREADY))
    after = happened(course, happening, at_s)
    if after.state == "countdown":
        return replace(after, cue_s=round(at_s + timing.countdown_s, 3))
    if after.state == "settling":
        return replace(after, end_cue_s=round(at_s, 3))
    return after


def happened(course: Course, happening: Happening, at_s: float, reason: str | None = None) -> Course:
    """The run after something happened. `reason` explains it in words, else REASONS does."""
    key = (course.state, happening)
    state = TRANSITIONS.get(key)
    if state is None:
        return course
    cue_s = None if state == "preflight" else course.cue_s
    return replace(
        course, state=state, since_s=max(at_s, course.since_s), cue_s=cue_s, problem=reason or REASONS.get(key)
    )


def next_by_itself(course: Course, timing: Timing) -> tuple[float, Happening] | None:
    """What time alone will bring next, and when."""
    if course.state == "preflight":
        return course.since_s + LEFT_S, "left"
    if course.cue_s is None:
        return None
    if course.state == "countdown":
        return course.cue_s, "cue"
    if course.state == "running":
        return course.cue_s + timing.limit_s, "over"
    if course.state == "paused":
        return course.since_s + PAUSE_S, "lost"
    if course.state == "settling":
        return course.since_s + SETTLE_S, "unseen"
    return None


def advanced(course: Course, timing: Timing, now_s: float) -> Course:
    """The run at `now_s`: everything that time has brought until then, each at its own moment."""
    while (due := next_by_itself(course, timing)) is not None and due[0] <= now_s:
        course = happened(course, due[1], due[0])
    return course
