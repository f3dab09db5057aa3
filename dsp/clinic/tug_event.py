"""How a Timed Up and Go is told (CONTRACT §3, kind `tug`)."""

from collections.abc import Sequence

from dsp.clinic.tug_measure import Tested, steady_gait
from dsp.clinic.verdict import Reason, verdict, verdict_fields
from dsp.events import Event, JsonValue
from dsp.prompt import Prompt

DURATIONS = ("duration_s", "cue_duration_s", "motion_duration_s", "seat_duration_s")
NUMBERS = (
    "steps",
    "steps_in_turn_1",
    "steps_in_turn_2",
    "peak_pitch_rate_up_radps",
    "peak_pitch_rate_down_radps",
    "peak_yaw_rate_1_radps",
    "peak_yaw_rate_2_radps",
    "turn_1_angle_rad",
    "turn_2_angle_rad",
    "turn_to_sit_s",
)


def told(tested: Tested, prompt: Prompt | None, reasons: Sequence[Reason], emitted_s: float, at_end: bool) -> Event:
    """A test that was done, with its numbers unless a reason makes it invalid."""
    cue_s = prompt.cue_s if prompt is not None else None
    start_s, end_s = tested.rise.start_s, tested.sit.end_s
    valid = verdict(reasons) != "invalid"
    fields: dict[str, JsonValue] = {
        **(_durations(tested, cue_s) if valid else dict.fromkeys(DURATIONS)),
        "clock": "motion" if cue_s is None else "cue",
        "phases": [
            {"name": name, "start_s": round(a_s, 4), "end_s": round(b_s, 4)} for name, a_s, b_s in tested.phases
        ],
        **(_numbers(tested) if valid else dict.fromkeys(NUMBERS)),
        "gait": steady_gait(tested, prompt.course_length_m if prompt else None) if valid else None,
        "course_length_m": prompt.course_length_m if prompt is not None else None,
        "prompted": prompt is not None,
        "cue_s": cue_s,
        **verdict_fields(reasons),
    }
    begun_s = start_s if cue_s is None else cue_s
    return Event("tug", round(begun_s, 4), emitted_s, round(end_s, 4), fields, at_end)


def failed(prompt: Prompt, begun_s: float, why: str, seen_s: float, at_end: bool) -> Event:
    """A prompted test that was not found; its end is when the waiting ended."""
    fields: dict[str, JsonValue] = {
        **dict.fromkeys((*DURATIONS, *NUMBERS, "gait")),
        "clock": "motion" if prompt.cue_s is None else "cue",
        "phases": [],
        "course_length_m": prompt.course_length_m,
        "prompted": True,
        "cue_s": prompt.cue_s,
        **verdict_fields([Reason("invalid", why)]),
    }
    return Event("tug", round(begun_s, 4), seen_s, seen_s, fields, at_end)


def _durations(tested: Tested, cue_s: float | None) -> dict[str, JsonValue]:
    end_s = tested.sit.end_s
    motion_s = round(end_s - tested.rise.start_s, 4)
    from_cue_s = None if cue_s is None else round(end_s - cue_s, 4)
    left_s, met_s = tested.rise.seat_s, tested.sit.seat_s
    seat_s = round(met_s - left_s, 4) if left_s is not None and met_s is not None else None
    shown_s = motion_s if from_cue_s is None else from_cue_s
    return dict(zip(DURATIONS, (shown_s, from_cue_s, motion_s, seat_s), strict=True))


def _numbers(tested: Tested) -> dict[str, JsonValue]:
    """The fields of NUMBERS, for a test with its turns."""
    assert tested.turns is not None
    first, second = tested.turns
    steps = tested.step_times_s
    walked = steps[(steps > tested.rise.start_s) & (steps < tested.sit.end_s)]
    values: tuple[JsonValue, ...] = (
        int(walked.size) or None,
        first.steps,
        second.steps,
        tested.rise.peak_radps,
        tested.sit.peak_radps,
        round(first.peak_radps, 4),
        round(second.peak_radps, 4),
        round(first.angle_rad, 4),
        round(second.angle_rad, 4),
        round(max(second.end_s, tested.sit.end_s) - min(second.start_s, tested.sit.start_s), 4),
    )
    return dict(zip(NUMBERS, values, strict=True))
