"""Whole tests of the clinic that one movement runs through: the Timed Up and Go, and walking up and down a corridor."""

from dataclasses import replace

import numpy as np

from sensing.simulator import postures
from sensing.simulator.activities import (
    Corridor,
    Pause,
    RiseAttempt,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    Tug,
    Turn,
    Walk,
)
from sensing.simulator.course import Course
from sensing.simulator.gait import walk_section
from sensing.simulator.people import Person
from sensing.simulator.section import Mark, Section, Side, following, joined
from sensing.simulator.stepping import STOP_STEPS, plan_walk

TURN_SIT_OVERLAP_S = 0.25  # the last turn is not quite over as sitting down begins (clinical.md §2.1)
BREATH_BETWEEN_RISES_S = 0.8  # after a rise that failed (design)
SEAT_SETTLE_S = 0.6  # standing in front of a chair before sitting down on it in a rest (design)


def tug(activity: Tug, person: Person, side: Side, rate_hz: float, rng: np.random.Generator) -> tuple[Section, Side]:
    """Sit, rise, walk out, turn, walk back, turn, sit: phases as in clinical.md §2.1."""
    speed = 0.85 * person.preferred_speed_mps if activity.speed_mps is None else activity.speed_mps
    sign = 1.0 if activity.turn_left else -1.0
    around, to_sit = (
        Turn(180 * sign, duration_s, activity.hesitations, activity.hesitation_s)
        for duration_s in (activity.turn_s, activity.turn_to_sit_s)
    )
    course = (activity.distance_m, around, *_way_back(activity, person, speed), to_sit)
    plan = plan_walk(Walk(course=course, speed_mps=speed), person, side, rng)
    waiting = [postures.sit(Sit(activity.quiet_s + activity.reaction_s), person, rate_hz)]
    for _ in range(activity.failed_rises):
        waiting.append(postures.rise_attempt(RiseAttempt(1.1 * activity.rise_s, activity.rise_m), person, rate_hz))
        waiting.append(postures.sit(Sit(BREATH_BETWEEN_RISES_S), person, rate_hz))
    quiet = following(waiting, rate_hz)
    rising = postures.sit_to_stand(SitToStand(activity.rise_s, activity.rise_m, activity.flexion_deg), person, rate_hz)
    # nobody stops in front of the chair: sitting down starts as the last turn ends
    sit_from = plan.turns[-1].end_s - TURN_SIT_OVERLAP_S
    sit_from = max(sit_from, plan.runs[-1].steps[-1].contact_s + 0.05)
    walking = walk_section(replace(plan, end_s=max(plan.end_s, sit_from)), person, rate_hz, rng)
    to_chair = StandToSit(activity.sit_s, activity.rise_m, activity.flexion_deg, activity.impact_g)
    sitting = postures.stand_to_sit(to_chair, person, rate_hz)
    resting = postures.sit(Sit(activity.rest_s), person, rate_hz)
    risen = quiet.samples + rising.samples
    seated = risen + round(sit_from * rate_hz)
    parts = [(0, quiet), (quiet.samples, rising), (risen, walking), (seated, sitting)]
    parts.append((seated + sitting.samples, resting))
    whole = joined(parts, rate_hz)
    go, moved, stood = activity.quiet_s, waiting[0].samples / rate_hz, risen / rate_hz
    first, last = plan.turns
    end = (seated + sitting.samples) / rate_hz
    sat = seated / rate_hz
    bounds = [
        ("sit_to_stand", moved, stood),
        ("walk_out", stood, stood + first.start_s),
        ("turn_1", stood + first.start_s, stood + first.end_s),
        ("walk_back", stood + first.end_s, stood + last.start_s),
        ("turn_2", stood + last.start_s, stood + last.end_s),
        ("stand_to_sit", sat, end),
    ]
    fields = {
        "start_s": moved,
        "end_s": end,
        "duration_s": end - moved,
        "cue_s": go,
        "definition": "first trunk motion until upright on the seat again; cue_s is the go",
        "absolute_times": True,
        "phases": [{"name": name, "start_s": a, "end_s": b} for name, a, b in bounds],
    }
    if activity.failed_rises:
        fields["rise_start_s"] = quiet.samples / rate_hz  # of the rise that succeeded; start_s is the first attempt's
    return replace(whole, marks=(*whole.marks, Mark("tug", fields))), plan.next_side


def _way_back(activity: Tug, person: Person, speed_mps: float) -> tuple[float | Pause, ...]:
    """To the chair, the steps of the stop included in the distance."""
    if not activity.stop_s:
        return (activity.distance_m,)
    stopping_m = sum(STOP_STEPS) * speed_mps * 60.0 / person.cadence_spm(speed_mps)
    half_m = 0.5 * activity.distance_m
    return (max(0.2, half_m - stopping_m), Pause(activity.stop_s), half_m)


def corridor(
    activity: Corridor, person: Person, side: Side, rate_hz: float, rng: np.random.Generator
) -> tuple[Section, Side]:
    """Stand at the first cone, walk by the clock, rest where told: the distance is that along the corridor."""
    parts = [postures.stand(Stand(activity.ready_s + activity.reaction_s), person, rate_hz)]
    course = Course(activity, person, side, rng)
    while True:
        samples = sum(part.samples for part in parts)
        plan, rest = course.stretch(samples / rate_hz - activity.ready_s)
        parts.append(walk_section(plan, person, rate_hz, rng))
        if rest is None:
            break
        chair = (StandToSit(), Sit(max(0.5, rest.duration_s - SEAT_SETTLE_S - 5.0)), SitToStand())
        parts.append(postures.stand(Stand(SEAT_SETTLE_S), person, rate_hz))
        parts.append(postures.stand_to_sit(chair[0], person, rate_hz))
        parts.append(postures.sit(chair[1], person, rate_hz))
        parts.append(postures.sit_to_stand(chair[2], person, rate_hz))
    whole = following(parts, rate_hz)
    mark = Mark("walk_test", course.truth(activity.ready_s))
    return replace(whole, marks=(*whole.marks, mark)), course.side
