"""What the people of `trials` do: a script per test, with what goes wrong in clinics."""

from typing import Literal, get_args

import numpy as np

from sensing.simulator.activities import (
    Activity,
    Corridor,
    Cue,
    FalseStart,
    Rest,
    RiseAttempt,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    TandemStance,
    Tug,
    Turn,
    Walk,
)
from sensing.simulator.drawing import (
    Performance,
    apart,
    chosen,
    drawn_rise,
    drawn_sit_s,
    drawn_told,
    drawn_turn_s,
    some,
)
from sensing.simulator.people import Person
from sensing.simulator.trial_days import everyday, turns

Protocol = Literal["tug", "6mwt", "2mwt", "10mwt", "t25fw", "chair_stand_30s", "chair_stand_5x", "stance"]
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
Task = Protocol | Literal["turns", "everyday"]  # turns of every size, or a few minutes of a day: no test
TASKS: tuple[Task, ...] = (*PROTOCOLS, "turns", "everyday")

T25FW_M, TEN_M = 7.62, 10.0
RUN_M = 2.0  # run-in and run-out of the 10 m walk, where there are any (clinical.md §2.2)
# RMS of sway ML and AP in m/s², from steady to unsteady (simulator.md §6; semi-tandem, one leg, eyes closed: design)
SWAY = {
    "side_by_side": ((0.02, 0.04), (0.03, 0.06)),
    "semi_tandem": ((0.04, 0.08), (0.04, 0.08)),
    "tandem_left": ((0.08, 0.15), (0.06, 0.10)),
    "tandem_right": ((0.08, 0.15), (0.06, 0.10)),
    "single_left": ((0.10, 0.20), (0.08, 0.15)),
    "single_right": ((0.10, 0.20), (0.08, 0.15)),
    "eyes_closed": ((0.03, 0.08), (0.05, 0.10)),
}


def performance(task: Task, person: Person, rng: np.random.Generator, aborted: bool) -> Performance:
    """One way of doing the test, drawn. aborted: broken off half-way."""
    match task:
        case "tug":
            return _tug(person, rng, aborted)
        case "6mwt" | "2mwt":
            return _corridor(task, person, rng, aborted)
        case "10mwt" | "t25fw":
            return _straight(task, person, rng, aborted)
        case "chair_stand_30s" | "chair_stand_5x":
            return _chair_stands(task, person, rng, aborted)
        case "stance":
            return _stance(rng, aborted)
        case "turns":
            return turns(person, rng)
        case "everyday":
            return everyday(person, rng)
    raise ValueError(f"{task!r} is not known; possible: {', '.join(TASKS)}")


def _before_rising(rng: np.random.Generator, kind: str) -> list[Activity]:
    """Sitting, and moving too early where that is the kind."""
    if kind != "false start":
        return [Sit(some(rng, 2.0, 5.0))]
    early = FalseStart(some(rng, 1.2, 2.0), some(rng, 10.0, 22.0))
    return [Sit(4.0), early if rng.random() < 0.6 else RiseAttempt(share=some(rng, 0.2, 0.5))]


def _tug(person: Person, rng: np.random.Generator, aborted: bool) -> Performance:
    kinds = {"plain": 0.4, "hesitating turns": 0.15, "failed rise": 0.12, "false start": 0.12}
    kind = chosen(rng, kinds | {"stop on the way": 0.08, "does not sit down": 0.08, "walks and sits before": 0.05})
    length_m = 7.0 if rng.random() < 0.25 else 3.0
    speed, rise, sit_s = person.preferred_speed_mps, drawn_rise(person, rng), drawn_sit_s(person, rng)
    turn_s, to_sit_s = drawn_turn_s(person, rng), drawn_turn_s(person, rng)
    quiet_s, reaction_s, side = some(rng, 2.0, 6.0), some(rng, 0.2, 1.0), float(rng.choice([-1.0, 1.0]))
    before = _before_rising(rng, kind)
    if kind == "walks and sits before":
        before = [Stand(2.0), Walk((4.0,), speed_mps=speed), StandToSit(sit_s), *before]
    told = drawn_told(rng, 0.5, 0.15, 0.35)
    if aborted or kind == "does not sit down":
        way: tuple[float | Turn, ...] = (length_m, Turn(180.0 * side, turn_s), length_m)
        way = (0.6 * length_m,) if aborted else way
        going: list[Activity] = [Sit(quiet_s), Cue(), Sit(reaction_s), rise, Walk(way, speed_mps=speed), Stand(8.0)]
        return Performance([*before, *going], kind, told, done=False, course_length_m=length_m)
    test = Tug(
        length_m,
        quiet_s,
        reaction_s,
        speed,
        turn_s,
        to_sit_s,
        rise.duration_s,
        sit_s,
        turn_left=side > 0,
        rest_s=8.0,
        rise_m=rise.rise_m,
        flexion_deg=rise.flexion_deg,
        impact_g=some(rng, 1.1, 2.2),
        hesitations=int(rng.integers(1, 3)) if kind == "hesitating turns" else 0,
        hesitation_s=some(rng, 0.2, 1.0),
        failed_rises=int(rng.integers(1, 3)) if kind == "failed rise" else 0,
        stop_s=some(rng, 1.0, 4.0) if kind == "stop on the way" else 0.0,
    )
    return Performance([*before, test], kind, told, course_length_m=length_m)


def _corridor(
    protocol: Literal["6mwt", "2mwt"], person: Person, rng: np.random.Generator, aborted: bool
) -> Performance:
    kinds = {"plain": 0.3, "hesitating turns": 0.2, "rests standing": 0.15, "rests on a chair": 0.15}
    kind = chosen(rng, kinds | {"tires": 0.1, "walks on": 0.1})
    limit_s = 360.0 if protocol == "6mwt" else 120.0
    length_m = float(rng.choice([10.0, 15.0, 20.0, 30.0]))
    turn_s = drawn_turn_s(person, rng)
    rests: list[Rest] = []
    if kind.startswith("rests"):
        seated = kind == "rests on a chair"
        at_s = some(rng, 0.2, 0.4) * limit_s
        for _ in range(int(rng.integers(1, 3 if protocol == "6mwt" else 2))):
            rests.append(Rest(at_s, some(rng, 12.0, 40.0), seated, aside=seated and rng.random() < 0.5))
            at_s += some(rng, 0.3, 0.4) * limit_s
    test = Corridor(
        protocol,
        length_m,
        limit_s if not aborted else some(rng, 0.3, 0.8) * limit_s,
        some(rng, 4.0, 8.0),
        some(rng, 0.3, 1.2),
        fatigue=some(rng, -0.4, -0.15) if kind == "tires" else some(rng, -0.1, 0.05),
        turn=Turn(180.0, turn_s),
        hesitating=Turn(180.0, 1.2 * turn_s, int(rng.integers(1, 3)), some(rng, 0.2, 1.0)),
        hesitant_every=int(rng.integers(1, 4)) if kind == "hesitating turns" else 0,
        rests=tuple(rests),
        walks_on_s=some(rng, 3.0, 15.0) if kind == "walks on" else 0.0,
    )
    told, course_told = drawn_told(rng, 0.8, 0.15, 0.05), bool(rng.random() < 0.85)
    script = (test, Stand(6.0))
    return Performance(script, kind, told, not aborted, length_m, course_told)


def _straight(
    protocol: Literal["10mwt", "t25fw"], person: Person, rng: np.random.Generator, aborted: bool
) -> Performance:
    kind = chosen(rng, {"plain": 0.6, "turns and comes back": 0.2, "shifts the weight before": 0.2})
    length_m = TEN_M if protocol == "10mwt" else T25FW_M
    variant = "run_in" if protocol == "10mwt" and rng.random() < 0.5 else None
    before: list[Activity] = [Stand(some(rng, 4.0, 7.0)), Cue(), Stand(some(rng, 0.2, 1.0))]
    if kind == "shifts the weight before":
        before.insert(1, Stand(2.0, sway=3.0))
    beyond_m = some(rng, 1.0, 3.0) if rng.random() < 0.4 else 0.0  # of the line; two more steps to stop in any case
    whole_m = length_m + (2.0 * RUN_M if variant else beyond_m)
    way: tuple[float | Turn, ...] = (0.5 * length_m,) if aborted else (whole_m,)
    after: list[Activity] = [Stand(8.0)]
    if kind == "turns and comes back" and not aborted:
        after = [Stand(4.0), Walk((Turn(180.0, drawn_turn_s(person, rng)), whole_m)), Stand(6.0)]
    told = drawn_told(rng, 0.8, 0.2, 0.0)
    end_told = told == "cue" and rng.random() < 0.5
    script = [*before, Walk(way), *after]
    return Performance(script, kind, told, not aborted, length_m, variant=variant, end_told=end_told)


def _chair_stands(protocol: Protocol, person: Person, rng: np.random.Generator, aborted: bool) -> Performance:
    kinds = {"plain": 0.4, "incomplete rises": 0.2, "false start": 0.15, "slows": 0.15}
    five = protocol == "chair_stand_5x"
    kind = chosen(rng, kinds | ({"gives up": 0.1} if five else {"stops early": 0.1}))
    rise, sit_s = drawn_rise(person, rng), drawn_sit_s(person, rng)
    up_s, down_s, top_s, seat_s = 0.8 * rise.duration_s, 0.8 * sit_s, some(rng, 0.05, 0.6), some(rng, 0.05, 0.6)
    slowing = some(rng, 0.3, 0.9) if kind == "slows" else some(rng, 0.0, 0.15)
    impact_g = some(rng, 1.1, 2.0)
    variant = "sppb" if five and rng.random() < 0.4 else None
    wanted = 5 if five else int(33.0 / (up_s + down_s + top_s + seat_s)) + 1
    short = aborted or kind in ("gives up", "stops early")
    wanted = max(1, wanted // 2) if short else wanted
    failing = set(rng.choice(wanted, min(wanted, int(rng.integers(1, 3))), replace=False).tolist())
    going: list[Activity] = [Sit(some(rng, 0.2, 1.0))]
    for number in range(wanted):
        longer = 1.0 + slowing * number / wanted
        if kind == "incomplete rises" and number in failing:
            going += [RiseAttempt(1.1 * up_s * longer, rise.rise_m, some(rng, 0.25, 0.45)), Sit(seat_s + 0.2)]
        going += [SitToStand(up_s * longer, rise.rise_m, rise.flexion_deg), Stand(top_s * longer)]
        if variant and number == wanted - 1:
            going.append(Stand(3.0))
        going += [StandToSit(down_s * longer, rise.rise_m, rise.flexion_deg, impact_g), Sit(seat_s * longer)]
    told = drawn_told(rng, 0.6, 0.15, 0.25)
    done = not aborted and kind != "gives up"
    script = [*_before_rising(rng, kind), Sit(some(rng, 2.0, 5.0)), Cue(), *going, Sit(34.0 if short else 14.0)]
    return Performance(script, kind, told, done, variant=variant)


def _stance(rng: np.random.Generator, aborted: bool) -> Performance:
    stance = str(rng.choice(list(SWAY)))
    hard = stance.startswith(("tandem", "single"))
    kinds = {"held": 0.35, "ends at a loss": 0.2 if hard else 0.05, "steps out and back": 0.2 if hard else 0.05}
    kind = chosen(rng, kinds | {"excursions": 0.1, "operator stops": 0.1, "sits down": 0.05, "walks off": 0.1})
    hold_s = float(rng.choice([10.0, 30.0], p=[0.35, 0.65]))
    settle_s, tail_s = some(rng, 1.5, 4.0), 1.5
    (ml_low, ml_high), (ap_low, ap_high) = SWAY[stance]
    losses: list[float] = []
    leans: list[float] = []
    leaves_s = ended_by = None
    if kind in ("ends at a loss", "steps out and back"):
        count = 1 if kind == "ends at a loss" else int(rng.integers(1, 4))
        losses = apart(rng, count, 2.0, hold_s - 1.5)
    elif kind == "excursions":
        leans = apart(rng, int(rng.integers(1, 4)), 1.0, hold_s - 2.0)
    elif kind in ("operator stops", "sits down"):
        leaves_s, ended_by = some(rng, 0.3, 0.9) * hold_s, "operator" if kind == "operator stops" else "sat_down"
    if aborted:
        leaves_s = 0.5 * hold_s
    held_s = settle_s + (leaves_s or hold_s + tail_s)
    test = TandemStance(
        held_s,
        stance,
        some(rng, ml_low, ml_high),
        some(rng, ap_low, ap_high),
        some(rng, 0.1, 0.4) if hard else 0.02,
        tuple(settle_s + loss for loss in losses),
        ends=kind == "ends at a loss",
        upset=some(rng, 0.5, 1.3),
        step_out_s=some(rng, 0.25, 0.6),
        excursions_s=tuple(settle_s + lean for lean in leans),
        cue_after_s=settle_s,
    )
    after: list[Activity] = [Walk((0.5,), speed_mps=0.5), Stand(6.0)]
    if kind == "sits down":
        after = [StandToSit(), Sit(6.0)]
    elif kind == "walks off":
        after = [Walk((6.0,)), Stand(4.0)]
    before: list[Activity] = [Stand(5.0), Walk((0.4,), speed_mps=0.4)]
    if rng.random() < 0.6:  # comes walking
        before = [Stand(2.0), Walk((6.0, Turn(90.0, 1.6), 3.0)), *before]
    script = [*before, test, *after]
    told = drawn_told(rng, 0.9, 0.0, 0.1)
    return Performance(
        script,
        kind,
        told,
        not aborted,
        stance=stance,
        step_out_s=test.step_out_s,
        hold_s=hold_s,
        leaves_s=leaves_s,
        ended_by=ended_by or ("loss_of_balance" if losses else "time"),
        end_told=ended_by == "operator",
    )
