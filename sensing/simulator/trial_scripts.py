"""What the people of `trials` do: a script per test, with what goes wrong in clinics."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from sensing.simulator.activities import (
    Activity,
    Corridor,
    Cue,
    FalseStart,
    Rest,
    RiseAttempt,
    Script,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    TandemStance,
    Tug,
    Turn,
    Walk,
)
from sensing.simulator.people import Person

Protocol = Literal["tug", "6mwt", "2mwt", "10mwt", "t25fw", "chair_stand_30s", "chair_stand_5x", "stance"]
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
Told = Literal["cue", "no cue", "nothing"]

T25FW_M, TEN_M = 7.62, 10.0
RUN_M = 2.0  # run-in and run-out of the 10 m walk (clinical.md §2.2)
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


@dataclass(frozen=True, slots=True)
class Performance:
    """A script with what an operator was told and said about it; times in seconds after the cue.

    done: whether it is a whole test. told: what the operator set up. end_told: whether the operator pressed stop.
    leaves_s: when a stance ends by `ended_by` other than time or a loss of balance.
    """

    script: Script
    kind: str
    told: Told
    done: bool = True
    course_length_m: float | None = None
    course_told: bool = True
    stance: str | None = None
    hold_s: float | None = None
    variant: str | None = None
    leaves_s: float | None = None
    ended_by: str | None = None
    end_told: bool = False


def performance(protocol: Protocol, person: Person, rng: np.random.Generator, aborted: bool) -> Performance:
    """One way of doing the test, drawn. aborted: broken off half-way."""
    match protocol:
        case "tug":
            return _tug(person, rng, aborted)
        case "6mwt" | "2mwt":
            return _corridor(protocol, person, rng, aborted)
        case "10mwt" | "t25fw":
            return _straight(protocol, person, rng, aborted)
        case "chair_stand_30s" | "chair_stand_5x":
            return _chair_stands(protocol, person, rng, aborted)
        case "stance":
            return _stance(rng, aborted)
    raise ValueError(f"protocol {protocol!r} is not known; possible: {', '.join(PROTOCOLS)}")


def _chosen(rng: np.random.Generator, choices: dict[str, float]) -> str:
    shares = np.array(list(choices.values()))
    return str(rng.choice(list(choices), p=shares / shares.sum()))


def _told(rng: np.random.Generator, cue: float, no_cue: float, nothing: float) -> Any:
    return _chosen(rng, {"cue": cue, "no cue": no_cue, "nothing": nothing})


def _some(rng: np.random.Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


def _slowness(person: Person) -> float:
    """How much longer than a quick person's movements this one's take."""
    return float(np.clip((1.1 / person.preferred_speed_mps) ** 0.6, 0.8, 2.2))


def _turn_s(person: Person, rng: np.random.Generator) -> float:
    """Of a half turn: healthy 1.6–2.5, MS 2–4, slow up to 6 s (simulator.md §4)."""
    return float(np.clip(_some(rng, 1.5, 2.4) * _slowness(person), 1.4, 6.0))


def _rise(person: Person, rng: np.random.Generator) -> SitToStand:
    duration_s = float(np.clip(_some(rng, 1.3, 2.2) * _slowness(person), 1.2, 4.5))
    return SitToStand(duration_s, _some(rng, 0.30, 0.45), _some(rng, 25.0, 45.0))


def _sit_s(person: Person, rng: np.random.Generator) -> float:
    return float(np.clip(_some(rng, 1.5, 2.4) * _slowness(person), 1.4, 4.5))


def _before_rising(rng: np.random.Generator, kind: str) -> list[Activity]:
    """Sitting, and moving too early where that is the kind."""
    if kind != "false start":
        return [Sit(_some(rng, 2.0, 5.0))]
    early = FalseStart(_some(rng, 1.2, 2.0), _some(rng, 10.0, 22.0))
    return [Sit(4.0), early if rng.random() < 0.6 else RiseAttempt(share=_some(rng, 0.2, 0.5))]


def _tug(person: Person, rng: np.random.Generator, aborted: bool) -> Performance:
    kinds = {"plain": 0.4, "hesitating turns": 0.15, "failed rise": 0.12, "false start": 0.12}
    kind = _chosen(rng, kinds | {"stop on the way": 0.08, "does not sit down": 0.08, "walks and sits before": 0.05})
    length_m = 7.0 if rng.random() < 0.25 else 3.0
    speed, rise, sit_s = person.preferred_speed_mps, _rise(person, rng), _sit_s(person, rng)
    turn_s, to_sit_s = _turn_s(person, rng), _turn_s(person, rng)
    quiet_s, reaction_s, side = _some(rng, 2.0, 6.0), _some(rng, 0.2, 1.0), float(rng.choice([-1.0, 1.0]))
    before = _before_rising(rng, kind)
    if kind == "walks and sits before":
        before = [Stand(2.0), Walk((4.0,), speed_mps=speed), StandToSit(sit_s), *before]
    told = _told(rng, 0.5, 0.15, 0.35)
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
        impact_g=_some(rng, 1.1, 2.2),
        hesitations=int(rng.integers(1, 3)) if kind == "hesitating turns" else 0,
        hesitation_s=_some(rng, 0.2, 1.0),
        failed_rises=int(rng.integers(1, 3)) if kind == "failed rise" else 0,
        stop_s=_some(rng, 1.0, 4.0) if kind == "stop on the way" else 0.0,
    )
    return Performance([*before, test], kind, told, course_length_m=length_m)


def _corridor(
    protocol: Literal["6mwt", "2mwt"], person: Person, rng: np.random.Generator, aborted: bool
) -> Performance:
    kinds = {"plain": 0.3, "hesitating turns": 0.2, "rests standing": 0.15, "rests on a chair": 0.15}
    kind = _chosen(rng, kinds | {"tires": 0.1, "walks on": 0.1})
    limit_s = 360.0 if protocol == "6mwt" else 120.0
    length_m = float(rng.choice([10.0, 15.0, 20.0, 30.0]))
    turn_s = _turn_s(person, rng)
    rests: list[Rest] = []
    if kind.startswith("rests"):
        seated = kind == "rests on a chair"
        at_s = _some(rng, 0.2, 0.4) * limit_s
        for _ in range(int(rng.integers(1, 3 if protocol == "6mwt" else 2))):
            rests.append(Rest(at_s, _some(rng, 12.0, 40.0), seated, aside=seated and rng.random() < 0.5))
            at_s += _some(rng, 0.3, 0.4) * limit_s
    test = Corridor(
        protocol,
        length_m,
        limit_s if not aborted else _some(rng, 0.3, 0.8) * limit_s,
        _some(rng, 4.0, 8.0),
        _some(rng, 0.3, 1.2),
        fatigue=_some(rng, -0.4, -0.15) if kind == "tires" else _some(rng, -0.1, 0.05),
        turn=Turn(180.0, turn_s),
        hesitating=Turn(180.0, 1.2 * turn_s, int(rng.integers(1, 3)), _some(rng, 0.2, 1.0)),
        hesitant_every=int(rng.integers(1, 4)) if kind == "hesitating turns" else 0,
        rests=tuple(rests),
        walks_on_s=_some(rng, 3.0, 15.0) if kind == "walks on" else 0.0,
    )
    told, course_told = _told(rng, 0.8, 0.15, 0.05), bool(rng.random() < 0.85)
    script = (test, Stand(6.0))
    return Performance(script, kind, told, not aborted, length_m, course_told)


def _straight(
    protocol: Literal["10mwt", "t25fw"], person: Person, rng: np.random.Generator, aborted: bool
) -> Performance:
    kind = _chosen(rng, {"plain": 0.6, "turns and comes back": 0.2, "shifts the weight before": 0.2})
    length_m, run_m = (TEN_M, RUN_M) if protocol == "10mwt" else (T25FW_M, 0.0)
    before: list[Activity] = [Stand(_some(rng, 4.0, 7.0)), Cue(), Stand(_some(rng, 0.2, 1.0))]
    if kind == "shifts the weight before":
        before.insert(1, Stand(2.0, sway=3.0))
    whole_m = length_m + 2.0 * run_m if run_m else length_m + _some(rng, 1.0, 3.0)  # nobody slows at the line
    way: tuple[float | Turn, ...] = (0.5 * length_m,) if aborted else (whole_m,)
    after: list[Activity] = [Stand(8.0)]
    if kind == "turns and comes back" and not aborted:
        after = [Stand(4.0), Walk((Turn(180.0, _turn_s(person, rng)), whole_m)), Stand(6.0)]
    told = _told(rng, 0.8, 0.2, 0.0)
    end_told = told == "cue" and rng.random() < 0.5
    script = [*before, Walk(way), *after]
    return Performance(script, kind, told, not aborted, length_m, end_told=end_told)


def _chair_stands(protocol: Protocol, person: Person, rng: np.random.Generator, aborted: bool) -> Performance:
    kinds = {"plain": 0.4, "incomplete rises": 0.2, "false start": 0.15, "slows": 0.15}
    five = protocol == "chair_stand_5x"
    kind = _chosen(rng, kinds | ({"gives up": 0.1} if five else {"stops early": 0.1}))
    rise, sit_s = _rise(person, rng), _sit_s(person, rng)
    up_s, down_s, top_s, seat_s = 0.8 * rise.duration_s, 0.8 * sit_s, _some(rng, 0.05, 0.6), _some(rng, 0.05, 0.6)
    slowing = _some(rng, 0.3, 0.9) if kind == "slows" else _some(rng, 0.0, 0.15)
    impact_g = _some(rng, 1.1, 2.0)
    variant = "sppb" if five and rng.random() < 0.4 else None
    wanted = 5 if five else int(33.0 / (up_s + down_s + top_s + seat_s)) + 1
    short = aborted or kind in ("gives up", "stops early")
    wanted = max(1, wanted // 2) if short else wanted
    failing = set(rng.choice(wanted, min(wanted, int(rng.integers(1, 3))), replace=False).tolist())
    going: list[Activity] = [Sit(_some(rng, 0.2, 1.0))]
    for number in range(wanted):
        longer = 1.0 + slowing * number / wanted
        if kind == "incomplete rises" and number in failing:
            going += [RiseAttempt(1.1 * up_s * longer, rise.rise_m, _some(rng, 0.25, 0.45)), Sit(seat_s + 0.2)]
        going += [SitToStand(up_s * longer, rise.rise_m, rise.flexion_deg), Stand(top_s * longer)]
        if variant and number == wanted - 1:
            going.append(Stand(3.0))
        going += [StandToSit(down_s * longer, rise.rise_m, rise.flexion_deg, impact_g), Sit(seat_s * longer)]
    told = _told(rng, 0.6, 0.15, 0.25)
    done = not aborted and kind != "gives up"
    script = [*_before_rising(rng, kind), Sit(_some(rng, 2.0, 5.0)), Cue(), *going, Sit(34.0 if short else 14.0)]
    return Performance(script, kind, told, done, variant=variant)


def _stance(rng: np.random.Generator, aborted: bool) -> Performance:
    stance = str(rng.choice(list(SWAY)))
    hard = stance.startswith(("tandem", "single"))
    kinds = {"held": 0.35, "ends at a loss": 0.2 if hard else 0.05, "steps out and back": 0.2 if hard else 0.05}
    kind = _chosen(rng, kinds | {"excursions": 0.1, "operator stops": 0.1, "sits down": 0.05, "walks off": 0.1})
    hold_s = float(rng.choice([10.0, 30.0], p=[0.35, 0.65]))
    settle_s, tail_s = _some(rng, 1.5, 4.0), 1.5
    (ml_low, ml_high), (ap_low, ap_high) = SWAY[stance]
    losses: list[float] = []
    leans: list[float] = []
    leaves_s = ended_by = None
    if kind in ("ends at a loss", "steps out and back"):
        count = 1 if kind == "ends at a loss" else int(rng.integers(1, 4))
        losses = _apart(rng, count, 2.0, hold_s - 1.5)
    elif kind == "excursions":
        leans = _apart(rng, int(rng.integers(1, 4)), 1.0, hold_s - 2.0)
    elif kind in ("operator stops", "sits down"):
        leaves_s, ended_by = _some(rng, 0.3, 0.9) * hold_s, "operator" if kind == "operator stops" else "sat_down"
    if aborted:
        leaves_s = 0.5 * hold_s
    held_s = settle_s + (leaves_s or hold_s + tail_s)
    test = TandemStance(
        held_s,
        stance,
        _some(rng, ml_low, ml_high),
        _some(rng, ap_low, ap_high),
        _some(rng, 0.1, 0.4) if hard else 0.02,
        tuple(settle_s + loss for loss in losses),
        ends=kind == "ends at a loss",
        excursions_s=tuple(settle_s + lean for lean in leans),
        cue_after_s=settle_s,
    )
    after: list[Activity] = [Walk((0.5,), speed_mps=0.5), Stand(6.0)]
    if kind == "sits down":
        after = [StandToSit(), Sit(6.0)]
    elif kind == "walks off":
        after = [Walk((6.0,)), Stand(4.0)]
    script = [Stand(5.0), Walk((0.4,), speed_mps=0.4), test, *after]
    told = _told(rng, 0.9, 0.0, 0.1)
    return Performance(
        script,
        kind,
        told,
        not aborted,
        stance=stance,
        hold_s=hold_s,
        leaves_s=leaves_s,
        ended_by=ended_by or ("loss_of_balance" if losses else "time"),
        end_told=ended_by == "operator",
    )


def _apart(rng: np.random.Generator, count: int, low_s: float, high_s: float, gap_s: float = 2.5) -> list[float]:
    """Moments at least gap_s from each other, as many of `count` as there is room for."""
    room = high_s - low_s - (count - 1) * gap_s
    if room <= 0:
        return _apart(rng, count - 1, low_s, high_s, gap_s)
    drawn = np.sort(rng.uniform(0.0, room, count))
    return [float(low_s + at + number * gap_s) for number, at in enumerate(drawn)]
