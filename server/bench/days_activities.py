"""What a seeded day is sampled from: classes of activity, and segments of them that are really simulated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sensing.simulator import (
    BeltSlip,
    Bend,
    Cough,
    Drive,
    Fall,
    FalseStart,
    Jump,
    Lie,
    LieDown,
    Pause,
    RiseAttempt,
    RollOver,
    Simulated,
    Sit,
    SitUp,
    Stairs,
    Stand,
    StandToSit,
    Stumble,
    Tap,
    Turn,
    Walk,
    Work,
    dropped,
    simulate,
    taken_off,
)
from sensing.simulator.activities import Activity, CoursePart, Direction
from sensing.simulator.drawing import drawn_rise, drawn_sit_s, drawn_turn_s, slowness, some
from sensing.simulator.everyday import BedWay
from sensing.simulator.people import Person
from server.bench.days_people import Day

MIDDLE_BOUT_S, SHORTER, LONGER = 16.6, 0.85, 1.36  # median and SD of the log below and above (simulator.md §2)
LONGEST_SAMPLED_S = 45.0  # of a bout, of which longer ones are cut to this
BED: tuple[BedWay, ...] = ("backward", "left", "right")
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward", "left", "right")
Script = list[Activity]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class ActivityClass:
    """One stratum. `unit` is what a day's amount counts; `held` how much of it a segment has, None where its length
    tells; `segments` are sampled of each day that has any of it."""

    unit: str
    segments: int
    held: float | None
    script: Callable[[Person, Rng], Script]


def bout_s(rng: Rng) -> float:
    """How long one walks without a break: two halves of log-normals that meet at the median."""
    z = float(rng.normal())
    return MIDDLE_BOUT_S * float(np.exp(z * (LONGER if z > 0.0 else SHORTER)))


def _walking(person: Person, rng: Rng) -> Script:
    """One bout from standing to standing, with turns and pauses on the way."""
    left_m = max(1.0, min(bout_s(rng), LONGEST_SAMPLED_S) * person.preferred_speed_mps * some(rng, 0.7, 1.1))
    way: list[CoursePart] = []
    while left_m > 0.0:
        straight_m = min(left_m, some(rng, 1.5, 9.0))
        way.append(straight_m)
        left_m -= straight_m
        if left_m > 0.0:
            angle_deg = some(rng, 40.0, 180.0) * float(rng.choice([-1.0, 1.0]))
            around_s = max(0.8, drawn_turn_s(person, rng) * abs(angle_deg) / 180.0)
            way.append(Turn(angle_deg, around_s) if rng.random() < 0.8 else Pause(some(rng, 0.5, 3.0)))
    return [Stand(3.0), Walk(tuple(way)), Stand(3.0)]


def _transfers(person: Person, rng: Rng) -> Script:
    script: Script = [Stand(3.0)]
    for _ in range(2):
        down = StandToSit(drawn_sit_s(person, rng), some(rng, 0.30, 0.45), impact_g=some(rng, 1.1, 1.6))
        script += [down, Sit(some(rng, 3.0, 6.0)), drawn_rise(person, rng), Stand(some(rng, 1.0, 4.0))]
    return script


def _hard_sitting(person: Person, rng: Rng) -> Script:
    seat = StandToSit(some(rng, 0.9, 1.8), some(rng, 0.35, 0.5), some(rng, 20.0, 45.0), some(rng, 1.6, 3.0))
    return [Walk((some(rng, 2.0, 4.0),)), Stand(some(rng, 0.3, 1.5)), seat, Sit(8.0)]


def _turning_over(person: Person, rng: Rng) -> Script:
    way = BED[int(rng.integers(3))]
    script: Script = [Sit(3.0), LieDown(some(rng, 3.0, 5.0), way, 1.1), Lie(4.0)]
    for _ in range(4):
        after = str(rng.choice([other for other in BED if other != way]))
        script += [RollOver(way, after, some(rng, 1.0, 3.5)), Lie(some(rng, 3.0, 6.0))]  # type: ignore[arg-type]
        way = after  # type: ignore[assignment]
    return script


def _lying_down(person: Person, rng: Rng) -> Script:
    return _to_bed(rng, some(rng, 2.2, 4.5) * slowness(person) ** 0.5, some(rng, 1.05, 1.4))


def _lying_down_quickly(person: Person, rng: Rng) -> Script:
    return _to_bed(rng, some(rng, 0.9, 1.6), some(rng, 1.4, 2.5))


def _to_bed(rng: Rng, length_s: float, impact_g: float) -> Script:
    way = BED[int(rng.integers(3))]
    seat = StandToSit(some(rng, 1.5, 2.4), impact_g=some(rng, 1.1, 1.5))
    down = LieDown(length_s, way, impact_g)
    return [Stand(3.0), seat, Sit(some(rng, 1.0, 4.0)), down, Lie(8.0), SitUp(some(rng, 1.5, 3.5), way), Sit(3.0)]


def _sitting(person: Person, rng: Rng) -> Script:
    """Leaning forward, lifting off to shift the weight, coughing."""
    script: Script = [Sit(4.0)]
    for _ in range(6):
        lift = RiseAttempt(some(rng, 0.8, 1.6), share=some(rng, 0.08, 0.3), impact_g=some(rng, 1.05, 1.6))
        moves: list[Activity] = [FalseStart(some(rng, 0.8, 2.5), some(rng, 5.0, 30.0)), lift, Cough()]
        script += [moves[int(rng.choice(3, p=[0.5, 0.35, 0.15]))], Sit(some(rng, 2.0, 6.0))]
    return script


def _standing(person: Person, rng: Rng) -> Script:
    return [Stand(some(rng, 5.0, 15.0), sway=some(rng, 1.0, 3.0)), Work(some(rng, 45.0, 55.0), some(rng, 0.1, 0.6))]


def _bending(person: Person, rng: Rng) -> Script:
    bends = [Bend(some(rng, 1.5, 4.0), some(rng, 40.0, 85.0)) for _ in range(2)]
    return [Stand(3.0), bends[0], Stand(some(rng, 1.0, 3.0)), bends[1], Stand(6.0)]


def _stairs(person: Person, rng: Rng) -> Script:
    flight = Stairs(int(rng.integers(3, 15)), bool(rng.random() < 0.5), some(rng, 60.0, 110.0), some(rng, 4.0, 9.0))
    return [Walk((4.0,)), flight, Walk((some(rng, 4.0, 8.0),)), Stand(3.0)]


def _jumping(person: Person, rng: Rng) -> Script:
    jump = Jump(int(rng.integers(1, 4)), some(rng, 0.2, 0.45), some(rng, 0.08, 0.2))
    return [Stand(4.0), jump, Stand(6.0)]


def _knocking(person: Person, rng: Rng) -> Script:
    """Against a table while standing, a chair's back while sitting, a door's frame on the way."""
    blow = Tap(some(rng, 10.0, 60.0), 1 if rng.random() < 0.7 else 2)
    ways: list[Script] = [
        [Stand(4.0), blow, Stand(6.0)],
        [Sit(4.0), blow, Sit(6.0)],
        [Walk((5.0,)), blow, Walk((6.0,))],
    ]
    return ways[int(rng.integers(3))]


def _off(person: Person, rng: Rng) -> Script:
    return [Walk((5.0,)), Stand(25.0)]


def _slipping(person: Person, rng: Rng) -> Script:
    slip = BeltSlip(some(rng, 5.0, 40.0), some(rng, 0.2, 1.0))
    return [Walk((4.0,)), Stand(1.0), slip, Stand(5.0)] if rng.random() < 0.5 else [Sit(5.0), slip, Sit(5.0)]


def _car(person: Person, rng: Rng) -> Script:
    drives = [
        Drive(45.0, some(rng, 0.2, 1.2), int(rng.integers(0, 4)), some(rng, 3.0, 9.0), int(rng.integers(0, 3)))
        for _ in range(2)
    ]
    return [Sit(3.0), *drives, Sit(3.0)]


def _stumbles(person: Person, rng: Rng) -> Script:
    """Two of them while walking, on which one walks on."""
    both = [Stumble(some(rng, 0.1, 1.0), "trip" if rng.random() < 0.7 else "slip") for _ in range(2)]
    return [
        Stand(3.0),
        Walk((some(rng, 5.0, 9.0), both[0], some(rng, 6.0, 9.0), both[1], some(rng, 6.0, 9.0))),
        Stand(3),
    ]


def _fall_of(kind: str) -> Callable[[Person, Rng], Script]:
    def script(person: Person, rng: Rng) -> Script:
        before: Script = [Stand(some(rng, 4.0, 8.0))]
        if rng.random() < 0.6:
            before = [Stand(2.0), Walk((some(rng, 4.0, 8.0),), interrupted=True)]
        after: Script = [Stand(some(rng, 0.5, 3.0)), Walk((10.0,))] if kind == "fall, up again" else []
        return [*before, drawn_fall(kind, rng), *after]

    return script


def drawn_fall(kind: str, rng: Rng) -> Fall:
    """Hard ones as filmed (Choi 2015: 2.14 +- 0.63 m/s, descent 0.58 +- 0.26 s); others stay below 1.4 m/s."""
    hard = kind in ("fall", "fall, up again")
    low, high = (0.8, 1.4) if kind == "soft fall" else (0.4, 0.8)
    speed = float(np.clip(rng.normal(2.14, 0.63), 1.0, 3.4)) if hard else some(rng, low, high)
    descent = {"soft fall": (0.5, 1.2), "slide": (1.0, 2.5)}.get(kind)
    descent_s = some(rng, *descent) if descent else float(np.clip(rng.normal(0.58, 0.26), max(0.3, speed / 6.5), 1.2))
    up = kind == "fall, up again"
    return Fall(
        direction=DIRECTIONS[int(rng.integers(4))],
        impact_mps=speed,
        imbalance_s=some(rng, 0.2, 1.3),
        descent_s=descent_s,
        contact_s=some(rng, 0.03, 0.12) if hard else some(rng, 0.08, 0.3),
        rebounds=int(rng.integers(0, 4 if hard else 2)),
        rotation_deg=some(rng, 55.0, 100.0),
        lying_s=some(rng, 1.0, 8.0) if up else some(rng, 12.0, 15.0),
        get_up_s=some(rng, 2.0, 6.0) if up else None,
    )


STRATA: Mapping[str, ActivityClass] = {
    "walking": ActivityClass("h", 8, None, _walking),
    "transfers": ActivityClass("pairs", 3, 2.0, _transfers),
    "sitting down hard": ActivityClass("times", 2, 1.0, _hard_sitting),
    "sitting": ActivityClass("moves", 2, 6.0, _sitting),
    "standing": ActivityClass("h", 4, None, _standing),
    "bending": ActivityClass("times", 2, 2.0, _bending),
    "stairs": ActivityClass("flights", 1, 1.0, _stairs),
    "lying down": ActivityClass("times", 1, 1.0, _lying_down),
    "lying down quickly": ActivityClass("times", 1, 1.0, _lying_down_quickly),
    "turning over in bed": ActivityClass("times", 1, 4.0, _turning_over),
    "jumping": ActivityClass("times", 1, 1.0, _jumping),
    "knocking": ActivityClass("times", 2, 1.0, _knocking),
    "dropping the sensor": ActivityClass("times", 1, 1.0, _off),
    "taking the belt off": ActivityClass("times", 1, 1.0, _off),
    "a slipping belt": ActivityClass("times", 1, 1.0, _slipping),
    "car": ActivityClass("h", 2, None, _car),
    "stumbles": ActivityClass("times", 2, 2.0, _stumbles),
}
FALLS: Mapping[str, ActivityClass] = {
    kind: ActivityClass("falls", 1, 1.0, _fall_of(kind)) for kind in ("fall", "soft fall", "slide", "fall, up again")
}


def segment(day: Day, activity: str, number: int) -> tuple[Simulated, float]:
    """The day's so-manieth sample of an activity, and how much of the activity it holds, in the class's unit.

    Raises ValueError for an activity that no class knows.
    """
    found = STRATA.get(activity) or FALLS.get(activity)
    if found is None:
        raise ValueError(f"no class of activities is called {activity!r}; there are {', '.join([*STRATA, *FALLS])}")
    rng = np.random.default_rng([day.seed, [*STRATA, *FALLS].index(activity), number])
    seed = int(rng.integers(2**31))
    made = simulate(found.script(day.person, rng), day.person, day.position, day.sensor, day.mounting, seed)
    if activity == "dropping the sensor":
        made = dropped(made, some(rng, 8.0, 14.0), some(rng, 0.4, 1.5), seed)
    elif activity == "taking the belt off":
        made = taken_off(made, some(rng, 8.0, 14.0), some(rng, 2.0, 8.0), seed)
    if activity == "walking":
        return made, sum(bout["end_s"] - bout["start_s"] for bout in made.truth["walking_bouts"]) / 3600.0
    return made, float(made.time_s[-1]) / 3600.0 if found.held is None else found.held
