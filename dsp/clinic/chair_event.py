"""How a chair stand is told (CONTRACT §3, kind `chair_stand`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from dsp.clinic.chair_set import ChairSet
from dsp.clinic.verdict import Reason, verdict, verdict_fields
from dsp.events import Event, JsonValue
from dsp.prompt import Prompt, Protocol


@dataclass(frozen=True, slots=True)
class Done:
    """A chair stand that is over. `begun_s` is the clock's start: the cue, or the first movement."""

    protocol: Protocol
    prompt: Prompt | None
    begun_s: float
    end_s: float
    end_reason: str  # "time" | "fifth_stand" | "operator" | "gave_up" | "stream_ended" | "set_over"
    found: ChairSet


def told(done: Done, more: Sequence[Reason], emitted_s: float, at_end: bool) -> Event:
    """The event; with verdict "invalid" its result numbers are None, the times of the stands stay."""
    found, prompt = done.found, done.prompt
    reasons = [*found.reasons, *more]
    valid = verdict(reasons) != "invalid"
    cue_s = prompt.cue_s if prompt is not None else None
    slowing = found.slowing if valid else None
    fields: dict[str, JsonValue] = {
        "protocol": done.protocol,
        "variant": prompt.variant if prompt is not None else None,
        "duration_s": round(done.end_s - done.begun_s, 3) if valid else None,
        "repetitions": len(found.stands) if valid else None,
        "repetition_times_s": [round(stand.end_s, 3) for stand in found.stands],
        "incomplete": len(found.incomplete_s),
        "incomplete_times_s": [round(time_s, 3) for time_s in found.incomplete_s],
        "arms_used": None,
        "rise_velocities_mps": [stand.velocity_mps for stand in found.stands],
        "slowing": None if slowing is None else round(slowing, 3),
        "end_reason": done.end_reason,
        "prompted": prompt is not None,
        "clock": "motion" if cue_s is None else "cue",
        "cue_s": cue_s,
        **verdict_fields(reasons),
    }
    begun_s = min(round(done.begun_s, 4), emitted_s)
    return Event("chair_stand", begun_s, emitted_s, min(max(round(done.end_s, 4), begun_s), emitted_s), fields, at_end)
