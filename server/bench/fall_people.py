"""Simulated people who fall, hard, softly and up again, and who do what only looks like it."""

from collections.abc import Iterator

import numpy as np

from sensing.block import Position
from sensing.simulator import (
    Bend,
    Drive,
    Fall,
    Jump,
    Lie,
    LieDown,
    Mounting,
    Script,
    Sensor,
    Simulated,
    Sit,
    SitUp,
    Stairs,
    Stand,
    StandToSit,
    Tap,
    Turn,
    Walk,
    dropped,
    simulate,
    taken_off,
)
from sensing.simulator.activities import Activity, Direction
from sensing.simulator.everyday import BedWay
from server.bench.fall_candidates import Case, case_of

PLACES: tuple[Position, ...] = (
    "lower_back",
    "waist",
    "chest",
    "pocket",
    "thigh",
    "ankle_right",
    "foot_left",
    "wrist",
    "hand",
)
RATES_HZ = (104.0, 52.0, 104.0, 25.0)
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward", "left", "right")
BED: tuple[BedWay, ...] = ("backward", "left", "right")
FALLS = ("fall", "soft fall", "fall and up again")
KINDS = (
    *FALLS,
    "sitting down hard",
    "lying down",
    "jumping",
    "stairs",
    "dropping the sensor",
    "taking the belt off",
    "car",
    "walking",
    "bending",
    "knocking",
)


def drawn_fall(kind: str, rng: np.random.Generator) -> Fall:
    """Speeds and times of filmed falls (Choi 2015: 2.14 +- 0.63 m/s, 0.58 +- 0.26 s); soft ones 0.8 to 1.4 m/s."""
    soft = kind == "soft fall"
    speed = float(rng.uniform(0.8, 1.4) if soft else np.clip(rng.normal(2.14, 0.63), 1.4, 3.2))
    shortest = max(0.3, speed / 6.5)
    return Fall(
        direction=DIRECTIONS[int(rng.integers(4))],
        impact_mps=speed,
        imbalance_s=float(rng.uniform(0.3, 1.2)),
        descent_s=float(rng.uniform(0.5, 1.2) if soft else np.clip(rng.normal(0.58, 0.2), shortest, 1.1)),
        contact_s=float(rng.uniform(0.08, 0.3) if soft else rng.uniform(0.03, 0.12)),
        rebounds=int(rng.integers(0, 2 if soft else 4)),
        rotation_deg=float(rng.uniform(60.0, 100.0)),
        lying_s=float(rng.uniform(3.0, 6.0) if kind == "fall and up again" else rng.uniform(6.0, 15.0)),
        get_up_s=float(rng.uniform(3.0, 6.0)) if kind == "fall and up again" else None,
    )


def script_of(kind: str, rng: np.random.Generator) -> Script:
    """What somebody does, drawn anew each time."""
    before: list[Activity] = [Stand(float(rng.uniform(2.0, 6.0)))]
    if rng.random() < 0.5:
        before = [Walk((float(rng.uniform(3.0, 7.0)),), interrupted=True)]
    match kind:
        case "fall" | "soft fall":
            return [*before, drawn_fall(kind, rng)]
        case "fall and up again":
            return [*before, drawn_fall(kind, rng), Stand(1.0), Walk((8.0,))]
        case "sitting down hard":
            seat = StandToSit(float(rng.uniform(1.0, 2.5)), impact_g=float(rng.uniform(1.2, 3.0)))
            return [Walk((4.0,)), Stand(1.0), seat, Sit(3.0)]
        case "lying down":
            way = BED[int(rng.integers(3))]
            down = LieDown(float(rng.uniform(1.2, 4.0)), way, float(rng.uniform(1.1, 1.8)))
            return [
                Sit(3.0),
                down,
                Lie(float(rng.uniform(5.0, 10.0))),
                SitUp(float(rng.uniform(1.5, 3.0)), way),
                Sit(2),
            ]
        case "jumping":
            jump = Jump(int(rng.integers(1, 4)), float(rng.uniform(0.2, 0.45)), float(rng.uniform(0.08, 0.2)))
            return [Stand(3.0), jump, Stand(4.0)]
        case "stairs":
            flight = Stairs(12, bool(rng.random() < 0.5), float(rng.uniform(70, 110)), float(rng.uniform(4, 9)))
            return [Walk((4.0,)), flight, Walk((4.0,))]
        case "car":
            return [Drive(30.0, float(rng.uniform(0.4, 1.2)))]
        case "walking":
            return [Walk((6.0, Turn(), 6.0, Turn(), 6.0), speed_mps=float(rng.uniform(0.6, 1.5)))]
        case "bending":
            return [Stand(3.0), Bend(float(rng.uniform(1.5, 4.0)), float(rng.uniform(50.0, 80.0))), Stand(3.0)]
        case "knocking":
            return [Stand(3.0), Tap(float(rng.uniform(10.0, 60.0))), Stand(4.0)]
        case _:
            return [Walk((5.0,)), Stand(20.0)]


def simulated_case(kind: str, position: Position, seed: int) -> Simulated:
    """One person at one place of the sensor; everything follows from the arguments."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    sensor = Sensor(rate_hz=RATES_HZ[seed % len(RATES_HZ)])
    made = simulate(script_of(kind, rng), None, position, sensor, Mounting.drawn(seed), seed)
    if kind == "dropping the sensor":
        return dropped(made, float(rng.uniform(7.0, 12.0)), float(rng.uniform(0.5, 1.5)), seed)
    if kind == "taking the belt off":
        return taken_off(made, float(rng.uniform(7.0, 10.0)), float(rng.uniform(2.0, 6.0)), seed)
    return made


def simulated(people: int) -> Iterator[Case]:
    """So many people at every place, the kinds in turn."""
    for number, position in enumerate(PLACES):
        for turn in range(people):
            kind = KINDS[turn % len(KINDS)]
            seed = 1000 * number + turn
            made = simulated_case(kind, position, seed)
            truth: dict[str, object] = {"subject": str(seed), "activity": kind, "is_fall": kind in FALLS}
            if kind in FALLS:
                truth["impact_s"] = made.truth["falls"][0]["impact_s"]
            yield case_of(made.recording(f"{kind} {seed}"), "simulated", truth)
