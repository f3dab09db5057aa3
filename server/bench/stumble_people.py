"""Simulated people who stumble as they walk, and who do what only looks like it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sensing.block import Position
from sensing.simulator import (
    BeltSlip,
    Bend,
    Cough,
    Drive,
    Jump,
    Mounting,
    Pause,
    Person,
    Script,
    Sensor,
    Simulated,
    Sit,
    SitToStand,
    Stairs,
    Stand,
    StandToSit,
    Stumble,
    Tap,
    Turn,
    Walk,
    simulate,
)

PLACES: tuple[Position, ...] = ("lower_back", "waist", "chest")
RATES_HZ = (104.0, 52.0, 104.0, 25.0)
STUMBLES = ("trip", "slip")
OTHERS = (
    "walking",
    "turning",
    "stopping",
    "sitting down",
    "stairs",
    "standing",
    "driving",
    "belt slip",
    "tap",
    "bending",
    "jumping",
)
KINDS = (*STUMBLES, "trip", *OTHERS)


def severity_of(seed: int) -> float:
    """Of the stumble of a seed: 0.1 to 1, evenly."""
    return 0.1 + 0.9 * (seed * 0.618034 % 1.0)


def script_of(kind: str, seed: int, rng: np.random.Generator) -> Script:
    """What somebody does, drawn anew each time."""
    far = float(rng.uniform(6.0, 14.0))
    speed = float(rng.uniform(0.5, 1.4))
    match kind:
        case "trip" | "slip":
            stumble = Stumble(severity_of(seed), "trip" if kind == "trip" else "slip")
            return [Stand(2.0), Walk((far, stumble, float(rng.uniform(6.0, 10.0))), speed_mps=speed), Stand(2.0)]
        case "walking":
            return [Walk((40.0,), speed_mps=speed)]
        case "turning":
            turns = [Turn(float(rng.uniform(60, 200)), float(rng.uniform(1.2, 3.0))) for _ in range(4)]
            return [Walk((6.0, turns[0], 6.0, turns[1], 6.0, turns[2], 6.0, turns[3], 6.0), speed_mps=speed)]
        case "stopping":
            return [Walk((far, Pause(2.0), far, Pause(4.0), far), speed_mps=speed)]
        case "sitting down":
            seat = StandToSit(float(rng.uniform(1.2, 2.5)), impact_g=float(rng.uniform(1.2, 3.0)))
            return [Walk((far,), speed_mps=speed), seat, Sit(3.0), SitToStand(), Walk((far,)), seat, Sit(4.0)]
        case "stairs":
            flight = Stairs(14, bool(rng.random() < 0.5), float(rng.uniform(60, 120)), float(rng.uniform(4, 9)))
            curb = Stairs(1, bool(rng.random() < 0.5), 100.0, float(rng.uniform(3, 6)))
            return [Walk((far,), interrupted=True), curb, Walk((far,), interrupted=True), flight, Walk((far,))]
        case "driving":
            return [Drive(60.0, float(rng.uniform(0.4, 1.5)))]
        case "belt slip":
            slip = BeltSlip(float(rng.uniform(8.0, 30.0)), float(rng.uniform(0.2, 0.8)))
            return [Walk((far,), interrupted=True), slip, Walk((far,), speed_mps=speed)]
        case "tap":
            return [Walk((far,), speed_mps=speed), Tap(float(rng.uniform(10.0, 50.0))), Stand(2.0), Walk((far,))]
        case "bending":
            return [Walk((far,)), Bend(float(rng.uniform(1.5, 4.0))), Walk((far,)), Cough(), Stand(2.0)]
        case "jumping":
            jump = Jump(int(rng.integers(1, 4)), float(rng.uniform(0.2, 0.4)), float(rng.uniform(0.08, 0.2)))
            return [Walk((far,)), jump, Stand(4.0)]
        case _:
            return [Stand(20.0), Cough(), Stand(5.0)]


def simulated_walk(kind: str, position: Position, seed: int) -> Simulated:
    """One person at one place of the sensor; everything follows from the arguments. Every other one has MS."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    person = Person.drawn(seed, "ms" if seed % 2 else "healthy")
    if position == "chest":
        person = replace(person, sensor_height_m=0.74 * person.height_m)
    sensor = Sensor(rate_hz=RATES_HZ[seed % len(RATES_HZ)])
    return simulate(script_of(kind, seed, rng), person, position, sensor, Mounting.drawn(seed), seed)


def people(count: int) -> Iterator[tuple[str, Position, int, Simulated]]:
    """(kind, place, seed, what was recorded) of so many at every place, the kinds in turn."""
    for number, position in enumerate(PLACES):
        for turn in range(count):
            kind, seed = KINDS[turn % len(KINDS)], 1000 * number + turn
            yield kind, position, seed, simulated_walk(kind, position, seed)
