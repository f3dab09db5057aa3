"""A person performs a script: activity by activity, from a posture into the next one, to one motion of the body."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sensing.simulator import falls, postures
from sensing.simulator.activities import (
    Activity,
    BeltSlip,
    Bend,
    Cough,
    Fall,
    Script,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    TandemStance,
    Tap,
    Tug,
    Turn,
    Walk,
    Work,
)
from sensing.simulator.gait import walk_section
from sensing.simulator.people import Person
from sensing.simulator.section import Mark, Section, Side, following, joined
from sensing.simulator.stepping import plan_walk

Posture = Literal["standing", "sitting", "lying"]
TURN_SIT_OVERLAP_S = 0.25  # the last turn is not quite over as sitting down begins (clinical.md §2.1)


@dataclass(frozen=True, eq=False)
class Motion:
    """What the body did: tracks of the trunk at rate_hz, footfalls and truth marks in seconds from the start."""

    person: Person
    rate_hz: float
    section: Section
    sat_first: bool
    seed: int


def perform(script: Script, person: Person, seed: int, rate_hz: float = 500.0) -> Motion:
    """The motion of a script. Raises ValueError when it is empty or asks for what a posture does not allow."""
    if not script:
        raise ValueError("a script needs at least one activity")
    posture = first = _posture_before(script)
    side: Side = "left" if np.random.default_rng([seed, 7]).random() < 0.5 else "right"
    sections = []
    for number, activity in enumerate(script):
        needed, left = _postures(activity, posture)
        if posture != needed:
            raise ValueError(
                f"activity {number + 1}, {type(activity).__name__}, starts {needed}, but here one is {posture}"
            )
        section, side = _section(activity, person, side, rate_hz, np.random.default_rng([seed, 11, number]))
        sections.append(section)
        posture = left
    return Motion(person, rate_hz, following(sections, rate_hz), first == "sitting", seed)


def _posture_before(script: Script) -> Posture:
    for activity in script:
        if isinstance(activity, Sit | SitToStand | Tug):
            return "sitting"
        if not isinstance(activity, Tap | Cough | BeltSlip):
            return "standing"
    return "standing"


def _postures(activity: Activity, now: Posture) -> tuple[Posture, Posture]:
    """(needed before, left after)."""
    if isinstance(activity, Tap | Cough | BeltSlip):
        return now, now
    if isinstance(activity, Sit | Tug):
        return "sitting", "sitting"
    if isinstance(activity, SitToStand):
        return "sitting", "standing"
    if isinstance(activity, StandToSit):
        return "standing", "sitting"
    if isinstance(activity, Fall):
        return "standing", "standing" if activity.get_up_s else "lying"
    return "standing", "standing"


def _section(
    activity: Activity, person: Person, side: Side, rate_hz: float, rng: np.random.Generator
) -> tuple[Section, Side]:
    """The activity's motion, and the foot that steps next."""
    match activity:
        case Walk():
            plan = plan_walk(activity, person, side, rng)
            return walk_section(plan, person, rate_hz, rng), plan.next_side
        case Turn():
            plan = plan_walk(Walk(course=(activity,)), person, side, rng)
            return walk_section(plan, person, rate_hz, rng), plan.next_side
        case Tug():
            return _tug(activity, person, side, rate_hz, rng)
        case Stand():
            return postures.stand(activity, person, rate_hz), side
        case TandemStance():
            return postures.tandem_stance(activity, person, rate_hz, rng), side
        case Sit():
            return postures.sit(activity, person, rate_hz), side
        case SitToStand():
            return postures.sit_to_stand(activity, person, rate_hz), side
        case StandToSit():
            return postures.stand_to_sit(activity, person, rate_hz), side
        case Fall():
            return falls.fall(activity, person, rate_hz, rng), side
        case Tap():
            return postures.tap(activity, rate_hz, rng), side
        case Bend():
            return postures.bend(activity, rate_hz), side
        case Work():
            return postures.work(activity, person, rate_hz, rng), side
        case BeltSlip():
            return postures.belt_slip(activity, rate_hz), side
        case Cough():
            return postures.cough(activity, rate_hz), side


def _tug(tug: Tug, person: Person, side: Side, rate_hz: float, rng: np.random.Generator) -> tuple[Section, Side]:
    """Sit, rise, walk out, turn, walk back, turn, sit: phases as in clinical.md §2.1."""
    speed = 0.85 * person.preferred_speed_mps if tug.speed_mps is None else tug.speed_mps
    sign = 1.0 if tug.turn_left else -1.0
    legs = (tug.distance_m, Turn(180 * sign, tug.turn_s), tug.distance_m, Turn(180 * sign, tug.turn_to_sit_s))
    plan = plan_walk(Walk(course=legs, speed_mps=speed), person, side, rng)
    quiet = postures.sit(Sit(tug.quiet_s + tug.reaction_s), person, rate_hz)
    rising = postures.sit_to_stand(SitToStand(tug.rise_s), person, rate_hz)
    # nobody stops in front of the chair: sitting down starts as the last turn ends
    sit_from = plan.turns[-1].end_s - TURN_SIT_OVERLAP_S
    sit_from = max(sit_from, plan.runs[-1].steps[-1].contact_s + 0.05)
    walking = walk_section(replace(plan, end_s=max(plan.end_s, sit_from)), person, rate_hz, rng)
    sitting = postures.stand_to_sit(StandToSit(tug.sit_s), person, rate_hz)
    resting = postures.sit(Sit(tug.rest_s), person, rate_hz)
    risen = quiet.samples + rising.samples
    seated = risen + round(sit_from * rate_hz)
    parts = [(0, quiet), (quiet.samples, rising), (risen, walking), (seated, sitting)]
    parts.append((seated + sitting.samples, resting))
    whole = joined(parts, rate_hz)
    go, moved, stood = tug.quiet_s, quiet.samples / rate_hz, risen / rate_hz
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
    return replace(whole, marks=(*whole.marks, Mark("tug", fields))), plan.next_side
