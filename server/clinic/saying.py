"""What is to be said in a run, and when the next thing is: one instruction at a time."""

from collections.abc import Iterator

from server.clinic.protocol import COUNTED_S, Protocol
from server.clinic.running import Course

GO_S = 3.0  # "go" stays on the screen
ENCOURAGED_S = 8.0  # and so does the phrase of a minute
ALMOST_S = 15.0  # before the end of a timed walk (ATS 2002)
STOPPED_S = 4.0  # then one may sit down
MINUTE_S = 60.0


def timeline(protocol: Protocol, limit_s: float) -> Iterator[tuple[float, str]]:
    """The instructions between "go" and the limit: seconds after the cue, and the key."""
    yield 0.0, "go"
    yield GO_S, "going"
    minute = 1
    while f"minute_{minute}" in protocol.instructions:
        yield minute * MINUTE_S, f"minute_{minute}"
        yield minute * MINUTE_S + ENCOURAGED_S, "going"
        minute += 1
    if "almost" in protocol.instructions:
        yield limit_s - ALMOST_S, "almost"


def instruction_key(protocol: Protocol, course: Course, limit_s: float, now_s: float, *, resting: bool) -> str:
    """Which instruction holds at `now_s`."""
    if course.state == "countdown" and course.cue_s is not None:
        return "countdown" if now_s >= course.cue_s - COUNTED_S else "ready"
    if course.state == "running" and course.cue_s is not None:
        key = "go"
        for after_s, name in timeline(protocol, limit_s):
            if course.cue_s + after_s <= now_s:
                key = name
        return "rest" if key == "going" and resting and "rest" in protocol.instructions else key
    if course.state == "settling" and now_s >= course.since_s + STOPPED_S and "sit_down" in protocol.instructions:
        return "sit_down"
    return {
        "preflight": protocol.start,
        "paused": "lost",
        "settling": "stop",
        "aborted": "stop",
        "done": "done",
        "invalid": "done",
    }[course.state]


def next_say_at_s(protocol: Protocol, course: Course, limit_s: float, now_s: float) -> float | None:
    """When the next instruction is spoken, as far as time alone decides it."""
    return min((at_s for at_s in _spoken_at_s(protocol, course, limit_s) if at_s > now_s), default=None)


def _spoken_at_s(protocol: Protocol, course: Course, limit_s: float) -> Iterator[float]:
    if course.state == "countdown" and course.cue_s is not None:
        yield course.cue_s - COUNTED_S
        yield course.cue_s
    elif course.state == "running" and course.cue_s is not None:
        for after_s, key in timeline(protocol, limit_s):
            if protocol.instructions[key].say:
                yield course.cue_s + after_s
        if protocol.timed:
            yield course.cue_s + limit_s
    elif course.state == "settling":
        sit_down = protocol.instructions.get("sit_down")
        if sit_down is not None and sit_down.say:
            yield course.since_s + STOPPED_S
