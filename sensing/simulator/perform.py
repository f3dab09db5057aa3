"""A person performs a script: activity by activity, from a posture into the next one, to one motion of the body."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sensing.simulator import falls, mishaps, postures
from sensing.simulator.activities import (
    Activity,
    BeltSlip,
    Bend,
    Corridor,
    Cough,
    Cue,
    Fall,
    FalseStart,
    RiseAttempt,
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
from sensing.simulator.clinic import corridor, tug
from sensing.simulator.everyday import Drive, Jump, Lie, LieDown, RollOver, SitUp, Stairs
from sensing.simulator.gait import walk_section
from sensing.simulator.people import Person
from sensing.simulator.section import Mark, Section, Side, following
from sensing.simulator.stepping import plan_walk

Posture = Literal["standing", "sitting", "lying"]


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
    section = following(sections, rate_hz)
    if not section.samples:
        raise ValueError("a script needs an activity that takes time")
    return Motion(person, rate_hz, section, first == "sitting", seed)


def _posture_before(script: Script) -> Posture:
    for activity in script:
        if isinstance(activity, Sit | SitToStand | RiseAttempt | FalseStart | Tug | Drive | LieDown):
            return "sitting"
        if not isinstance(activity, Tap | Cough | BeltSlip | Cue):
            return "standing"
    return "standing"


def _postures(activity: Activity, now: Posture) -> tuple[Posture, Posture]:
    """(needed before, left after)."""
    if isinstance(activity, Tap | Cough | BeltSlip | Cue):
        return now, now
    if isinstance(activity, Lie | RollOver):
        return "lying", "lying"
    if isinstance(activity, LieDown):
        return "sitting", "lying"
    if isinstance(activity, SitUp):
        return "lying", "sitting"
    if isinstance(activity, Sit | RiseAttempt | FalseStart | Tug | Drive):
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
            return tug(activity, person, side, rate_hz, rng)
        case Corridor():
            return corridor(activity, person, side, rate_hz, rng)
        case Stand():
            return postures.stand(activity, person, rate_hz), side
        case TandemStance():
            return postures.tandem_stance(activity, person, rate_hz, rng), side
        case Sit():
            return postures.sit(activity, person, rate_hz), side
        case SitToStand():
            return postures.sit_to_stand(activity, person, rate_hz), side
        case RiseAttempt():
            return postures.rise_attempt(activity, person, rate_hz), side
        case FalseStart():
            return postures.false_start(activity, person, rate_hz), side
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
        case Cue():
            return Section(0, {}, (), (Mark("cues", {"at_s": 0.0}),)), side
        case Cough():
            return postures.cough(activity, rate_hz), side
        case Jump():
            return mishaps.jump(activity, rate_hz), side
        case LieDown():
            return mishaps.lie_down(activity, person, rate_hz), side
        case Lie():
            return mishaps.lie(activity, rate_hz), side
        case RollOver():
            return mishaps.roll_over(activity, rate_hz, rng), side
        case SitUp():
            return mishaps.sit_up(activity, rate_hz), side
        case Stairs():
            return mishaps.stairs(activity, rate_hz, rng), side
        case Drive():
            return mishaps.drive(activity, rate_hz, rng), side
