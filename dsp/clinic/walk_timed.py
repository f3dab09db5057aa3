"""The `walk_test` event of a 10-metre walk or a timed 25-foot walk."""

from collections.abc import Mapping

from dsp.clinic.verdict import Level, Reason, verdict, verdict_fields
from dsp.clinic.walk_distance import Walk
from dsp.clinic.walk_line import LIMIT_S, Line
from dsp.clinic.walk_result import EARLY_CONTACTS, LATE_S, Judge, worn_reasons
from dsp.events import JsonValue
from dsp.prompt import Prompt, Protocol

DISTANCES_M: Mapping[Protocol, float] = {"10mwt": 10.0, "t25fw": 7.62}  # clinical reference §2.2
RUN_IN_M = 2.0  # and as much behind the timed distance, in the variant "run_in"
CERTAIN = 0.05  # of the duration: a larger error to expect is said
MOST_BEYOND_M = 3.0  # a stop takes two steps
STANDS_BESIDE_S = 2.0  # before and after so short a walk: more to tell a tilt by
FITS = (0.5, 1.7)  # walked by its steps, as a share of the course: outside it was another walk


def course_of(prompt: Prompt) -> float:
    """The timed distance in metres."""
    return prompt.course_length_m or DISTANCES_M[prompt.protocol]


def run_in_of(prompt: Prompt) -> float:
    """What is walked before the timed distance, and again after it, in metres."""
    return RUN_IN_M if prompt.variant == "run_in" else 0.0


def timed_fields(
    prompt: Prompt, walk: Walk, line: Line | None, contacts_before: int, judge: Judge
) -> dict[str, JsonValue]:
    """The event's fields; line None: it was not walked to its end."""
    course_m = course_of(prompt)
    reasons = _reasons(prompt, walk, line, contacts_before, judge)
    took_s = line.end_s - line.start_s if line is not None and verdict(reasons) != "invalid" else None
    steps = walk.steps.between(walk.start_s, line.end_s if line is not None else walk.end_s)
    return {
        "protocol": prompt.protocol,
        "variant": prompt.variant,
        "prompted": True,
        "clock": "cue" if prompt.cue_s is not None and run_in_of(prompt) == 0.0 else "motion",
        "cue_s": prompt.cue_s,
        "end_seen_by": line.seen if line is not None else None,
        **verdict_fields(reasons),
        "course_length_m": course_m,
        "duration_s": None if took_s is None else round(took_s, 3),
        "duration_expected_error_s": round(line.error_s, 3) if line is not None and took_s is not None else None,
        "distance_m": None if took_s is None else course_m,
        "distance_method": None,  # the course is known, its ends are what is not: see end_seen_by
        "distance_expected_error_m": None,
        "laps": None if took_s is None else 1,
        "last_part_m": None if took_s is None else 0.0,
        "speed_mps": None if took_s is None else round(course_m / took_s, 3),
        "rests": [],
        "turns": 0,
        "steps": int(steps.time_s.size) * steps.per_contact,
    }


def _reasons(prompt: Prompt, walk: Walk, line: Line | None, contacts_before: int, judge: Judge) -> list[Reason]:
    end_s = line.end_s if line is not None else walk.end_s
    reasons = worn_reasons(judge, walk.start_s, end_s, STANDS_BESIDE_S)
    if not walk.steps.time_s.size:
        return [*reasons, Reason("invalid", "No walking was seen.")]
    if prompt.cue_s is not None and run_in_of(prompt) == 0.0:
        late_s = float(walk.steps.time_s[0]) - prompt.cue_s
        if contacts_before >= EARLY_CONTACTS:
            reasons.append(Reason("invalid", "Walking had begun before the go: it was no start from standing."))
        elif contacts_before:
            reasons.append(Reason("attention", "The first step was made before the go."))
        if late_s > LATE_S:
            reasons.append(Reason("attention", f"The first step came {late_s:.0f} s after the go."))
    elif prompt.cue_s is None:
        reasons.append(Reason("attention", "There was no go: the time is from the first movement."))
    if line is None:
        return [
            *reasons,
            Reason("invalid", f"The end was not reached, within {LIMIT_S:.0f} s or before the recording ended."),
        ]
    return reasons + _line_reasons(course_of(prompt), line)


def _line_reasons(course_m: float, line: Line) -> list[Reason]:
    if not FITS[0] <= line.of_course <= FITS[1]:
        level: Level = "attention" if line.seen == "operator" else "invalid"
        walked_m = line.of_course * course_m
        return [Reason(level, f"By its steps the walk was about {walked_m:.0f} m, not {course_m:g} m.")]
    took_s = line.end_s - line.start_s
    if took_s <= 0.0:
        return [Reason("invalid", "The stop came before the start.")]
    if line.seen == "operator":
        return []
    if line.seen == "stop":
        why = "The line itself is not seen: the walk is taken to have stopped two steps behind it."
        return [Reason("attention", why)]
    if line.seen == "steps":
        why = f"The line itself is not seen: it is placed by the model's step length, to about {line.error_s:.1f} s."
        return [Reason("attention", why)]
    reasons = []
    if line.error_s > CERTAIN * took_s or not line.even:
        why = f"The line is placed by the calibrated step length, to about {line.error_s:.1f} s."
        reasons.append(
            Reason("attention", why if line.even else "The steps were too uneven to place the line by them.")
        )
    if line.beyond_m > MOST_BEYOND_M:
        reasons.append(Reason("attention", f"By its steps the walk went on for {line.beyond_m:.0f} m behind the line."))
    return reasons
