"""The `walk_test` event of a six- or two-minute walk: its numbers, and what speaks against them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dsp.clinic.verdict import Reason, slip_reasons, verdict, verdict_fields, wear_reasons
from dsp.clinic.walk_distance import Distance, Walk, by_laps, by_steps, expected_steps
from dsp.clinic.walk_laps import Laps
from dsp.clinic.walk_minutes import Minute, Span, fatigability, minute_fields, minutes_of, rests_of, walked_index
from dsp.clinic.wear import Wear
from dsp.events import JsonValue
from dsp.gait.lengths import expected_error
from dsp.gait.parameters import record_of
from dsp.prompt import Protocol
from dsp.wearing import TRUNK, Wearing

LATE_S = 5.0  # between go and first step: people need 0.3 to 0.6 s (clinical reference), and a step
EARLY_S, EARLY_CONTACTS = 2.0, 2  # so many contacts so shortly before the go: it was walked through
SHORT_S = 2.0  # an operator's stop is as good as the clock's within this
NEXT_STEPS = 1.5  # usual steps without one: the walk has stopped
SLIP_OVER_S = 30.0
# How far a length by the model may be off the corridor's: 15 to 24 % are a person's own, see dsp.gait.lengths.
UNLIKELY, IMPOSSIBLE, CALIBRATED = 1.4, 1.7, 1.15
LEAST_ALIKE = 2  # lengths that must agree before another one is corrected by them
LAP_ERROR_STEPS, PART_ERROR = 0.5, 0.06  # of the last part, mean of 320 simulated walks: half a step and 6 % of it
SAID = {
    "turn missed": "A turn was not seen: a stretch took as many steps as several lengths and was counted as such.",
    "turn too many": "A turn was seen that was none: two short stretches were counted as one length.",
    "turned round": "The walk was turned round between the ends of the corridor; that stretch is measured by steps.",
    "turned round twice": "The walk was turned round twice within one length; that stretch is measured by steps.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One walk against the clock. `cue_s` None: from the first movement; `wanted_s` what the clock was set to."""

    protocol: Protocol
    prompted: bool
    cue_s: float | None
    course_m: float | None
    wanted_s: float
    walk: Walk
    seen_end_s: float | None  # where the stream ended before the clock did
    contacts_before: int  # in the last EARLY_S before the go


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """What else has a say: where the sensor was worn, how well it was heard, and whether it feels turns."""

    wearing: Wearing
    wear: Wear
    feels_turns: bool


def distance_of(walk: Walk, course_m: float | None) -> Distance | None:
    """By laps where the corridor is known and was walked to its end, else by steps, else not at all."""
    laps = by_laps(walk, course_m) if course_m is not None else None
    return laps or by_steps(walk)


def trial_fields(trial: Trial, judge: Judge) -> dict[str, JsonValue]:
    """The event's fields; with verdict "invalid" every number that would be a result is None."""
    walk = trial.walk
    distance = distance_of(walk, trial.course_m)
    rests = rests_of(walk.steps, walk.end_s)
    span = (walk.start_s, walk.end_s)
    minutes = minutes_of(walk.steps, walk.way, distance.at, span, rests) if distance is not None else []
    reasons = reasons_of(trial, judge, distance)
    valid = verdict(reasons) != "invalid"
    indices = {base: walked_index(minutes, base) for base in (1, 2)} if trial.protocol == "6mwt" and valid else {}
    return {
        "protocol": trial.protocol,
        "prompted": trial.prompted,
        "clock": "motion" if trial.cue_s is None else "cue",
        "cue_s": trial.cue_s,
        **verdict_fields(reasons),
        "course_length_m": trial.course_m,
        "duration_s": round(walk.end_s - walk.start_s, 3) if valid else None,
        **_distance_fields(distance if valid else None, walk, judge),
        "rests": [{"start_s": round(start_s, 3), "end_s": round(end_s, 3)} for start_s, end_s in rests],
        **minute_fields(minutes if valid else []),
        **_index_fields(indices),
        "turns": distance.half_turns if distance is not None else None,
        "steps": int(walk.until_end.time_s.size) * walk.steps.per_contact,
    }


def reasons_of(trial: Trial, judge: Judge, distance: Distance | None) -> list[Reason]:
    """Everything that speaks against the trial, rests and slowing apart."""
    walk = trial.walk
    reasons = worn_reasons(judge, walk.start_s, walk.end_s)
    if not walk.until_end.time_s.size:
        return [*reasons, Reason("invalid", "No walking was seen.")]
    return reasons + _clock_reasons(trial) + _distance_reasons(trial, judge, distance)


def worn_reasons(judge: Judge, start_s: float, end_s: float, beside_s: float = 0.0) -> list[Reason]:
    """Losses, and on the trunk the tilt of the first against the last third, with `beside_s` on either side of it.

    Whole seconds are remembered: those that the walk began and ended in count, much of a short one lies in them.
    """
    reasons = wear_reasons(judge.wear.over(math.floor(start_s), math.ceil(end_s)))
    if judge.wearing.position in TRUNK:
        third = min(SLIP_OVER_S, (end_s - start_s) / 3.0)
        before, after = (start_s - beside_s, start_s + third), (end_s - third, end_s + beside_s)
        reasons += slip_reasons(judge.wear.slipped_rad(before, after))
    return reasons


def _clock_reasons(trial: Trial) -> list[Reason]:
    walk, reasons = trial.walk, []
    if trial.cue_s is not None:
        late_s = float(walk.steps.time_s[0]) - trial.cue_s
        if late_s > LATE_S:
            reasons.append(Reason("attention", f"The first step came {late_s:.0f} s after the go."))
        if trial.contacts_before >= EARLY_CONTACTS:
            reasons.append(Reason("attention", "Walking had begun before the go."))
    took_s = walk.end_s - walk.start_s
    if trial.prompted and took_s < trial.wanted_s - SHORT_S:
        at = f"{int(took_s) // 60}:{int(took_s) % 60:02d}"
        wanted = f"{round(trial.wanted_s) // 60}:00"
        if trial.seen_end_s is None:
            reasons.append(
                Reason("attention", f"Stopped after {at} of {wanted} min; the distance is that walked by then.")
            )
        elif trial.seen_end_s - float(walk.steps.time_s[-1]) < NEXT_STEPS * walk.way.usual_s * walk.steps.per_contact:
            reasons.append(
                Reason("invalid", f"The recording ends after {at} of {wanted} min, in the middle of walking.")
            )
        else:
            reasons.append(Reason("attention", f"The recording ends after {at} of {wanted} min, standing."))
    return reasons


def _distance_reasons(trial: Trial, judge: Judge, distance: Distance | None) -> list[Reason]:
    if distance is None:
        if trial.course_m is None:
            why = "The length of the corridor is not known, nor the length of a step (give the height, or calibrate)."
        else:
            why = "Less than one length was walked from end to end, and the length of a step is not known."
        return [Reason("invalid", why)]
    if distance.laps is not None and trial.course_m is not None:
        return _lap_reasons(trial.walk, trial.course_m, distance.laps, judge.wearing)
    if trial.course_m is None:
        return [Reason("attention", "The length of the corridor is not known: the distance is an estimate from steps.")]
    if not judge.feels_turns:
        why = "Turns cannot be felt with this sensor at this place: the distance is an estimate from steps."
    else:
        why = "No turn at an end of the corridor was seen: the distance is an estimate from steps."
    return [Reason("attention", why)]


def _lap_reasons(walk: Walk, course_m: float, laps: Laps, wearing: Wearing) -> list[Reason]:
    if "unclear" in laps.astray:
        return [
            Reason("invalid", "The laps are not certain: some stretches between turns fit no length of the corridor.")
        ]
    reasons = [Reason("attention", SAID[how]) for how in dict.fromkeys(laps.astray)]
    if reasons and laps.like_usual < LEAST_ALIKE:
        return [*reasons, Reason("invalid", "Too few lengths agree with each other to be certain of the laps.")]
    by_model_m = float(np.median(laps.usual)) / expected_steps(walk, course_m) * course_m
    off = max(by_model_m / course_m, course_m / by_model_m)
    known = walk.steps.usual_m is not None
    impossible = IMPOSSIBLE if known else IMPOSSIBLE**1.5
    if off > impossible:
        reasons.append(Reason("invalid", f"By its steps a length is about {by_model_m:.0f} m, not {course_m:g} m."))
    elif off > (CALIBRATED if wearing.calibration is not None else UNLIKELY if known else IMPOSSIBLE):
        why = f"By its steps a length is about {by_model_m:.0f} m, not {course_m:g} m: check the corridor's length."
        reasons.append(Reason("attention", why))
    return reasons


def _distance_fields(distance: Distance | None, walk: Walk, judge: Judge) -> dict[str, JsonValue]:
    if distance is None:
        names = ("distance_m", "distance_method", "distance_expected_error_m", "laps", "last_part_m", "speed_mps")
        return dict.fromkeys(names)
    took_s = walk.end_s - walk.start_s
    return {
        "distance_m": round(distance.total_m, 2),
        "distance_method": distance.method,
        "distance_expected_error_m": round(error_m(distance, walk, judge.wearing), 2),
        "laps": distance.whole if distance.laps is not None else None,
        "last_part_m": round(distance.last_part_m, 2) if distance.laps is not None else None,
        "speed_mps": round(distance.total_m / took_s, 3),
    }


def error_m(distance: Distance, walk: Walk, wearing: Wearing) -> float:
    """Mean error to expect of the distance: of the last part, or of the model's speed over the whole time walked."""
    if distance.laps is not None:
        by_step_m = distance.last_part_m + sum(
            stretch.lengths * distance.step_m * distance.laps.usual[stretch.first]
            for stretch in distance.laps.stretches
            if stretch.how.startswith("turned round")
        )
        return math.hypot(LAP_ERROR_STEPS * distance.step_m, PART_ERROR * by_step_m)
    steps = walk.until_end
    walked_s = walk.way.between(walk.start_s, walk.end_s) * walk.way.usual_s
    turned_s = np.minimum(walk.turns.end_s, walk.end_s) - np.maximum(walk.turns.start_s, walk.start_s)
    turning_s = float(turned_s[turned_s > 0.0].sum())
    strides = max(1.0, 0.5 * steps.time_s.size * steps.per_contact)
    speed_mps = distance.total_m / max(walked_s, 1.0)
    share = min(1.0, turning_s / max(walked_s, 1.0))
    return expected_error(record_of(wearing)[0], speed_mps, strides, share) * walked_s


def _index_fields(indices: dict[int, tuple[float | None, str | None]]) -> dict[str, JsonValue]:
    """`dwi_reasons` says why an index is None though the distance is valid."""
    first, second = (indices.get(base, (None, None))[0] for base in (1, 2))
    return {
        "dwi_reasons": list(dict.fromkeys(why for _, why in indices.values() if why is not None)),
        "dwi_6_1": None if first is None else round(first, 2),
        "dwi_6_2": None if second is None else round(second, 2),
        "fatigability": fatigability(first),
    }


def progress_fields(walk: Walk, distance: Distance | None, wanted_s: float) -> dict[str, JsonValue]:
    """What a screen shows of a trial that has come to walk.end_s."""
    rests: Sequence[Span] = rests_of(walk.steps, walk.end_s)
    minutes: list[Minute] = []
    if distance is not None:
        minutes = minutes_of(walk.steps, walk.way, distance.at, (walk.start_s, walk.end_s), rests)
    elapsed_s = walk.end_s - walk.start_s
    newest = walk.until_end.time_s[-7:]
    gaps_s = np.diff(newest)
    return {
        "started_s": round(walk.start_s, 3),
        "elapsed_s": round(max(0.0, elapsed_s), 2),
        "left_s": round(max(0.0, wanted_s - elapsed_s), 2),
        "laps": distance.whole if distance is not None and distance.laps is not None else None,
        "distance_m": round(distance.total_m, 1) if distance is not None else None,
        "resting": bool(rests) and rests[-1][1] >= walk.end_s,
        "rests": [{"start_s": round(start_s, 2), "end_s": round(end_s, 2)} for start_s, end_s in rests],
        "minute": int(max(0.0, elapsed_s) // 60.0) + 1,
        "distance_per_minute_m": [round(minute.distance_m, 1) for minute in minutes],
        "cadence_spm": round(60.0 * walk.steps.per_contact / float(np.median(gaps_s)), 1) if gaps_s.size >= 2 else None,
    }
