"""Who a seeded day belongs to, what is worn where, and how much of everything the day holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from sensing.block import Position
from sensing.simulator import Loss, Mounting, Person, Sensor
from sensing.simulator.drawing import chosen
from sensing.simulator.people import Condition

Choice = TypeVar("Choice")

CONDITIONS: dict[Condition, float] = {"ms": 0.5, "als": 0.15, "ssc": 0.15, "healthy": 0.2}
PLACES: dict[Position, float] = {
    "lower_back": 0.6,
    "waist": 0.1,
    "pocket": 0.1,
    "wrist": 0.1,
    "ankle_right": 0.1,
}
RATES_HZ = {104.0: 0.6, 52.0: 0.25, 25.0: 0.15}
WITHOUT_GYROSCOPE, WITH_LOSS = 0.25, 0.4  # shares
MEAN_BOUT_S = 43.0  # of the durations of walking bouts in days_activities.bout_s
LYING_H, SITTING_H = 8.0, 9.0
SLOWER_PER_YEAR_MPS, SLOWER_FROM_YEARS = 0.008, 60.0  # of the healthy, whose ages reach further up (design)

# A day's amounts by condition, medians. All design but the form of walking bouts (simulator.md §2): rises as some 60 a
# day of healthy adults (Dall and Kerr 2010) and 20 turns a night (De Koninck 1992), both unverified.
AMOUNTS: dict[Condition, dict[str, float]] = {
    "healthy": {
        "walking": 120.0,  # bouts, told in hours
        "transfers": 50.0,
        "sitting down hard": 2.5,
        "turning over in bed": 20.0,
        "lying down": 2.0,
        "lying down quickly": 0.5,
        "sitting": 12.0 * SITTING_H,  # movements in the seat
        "standing": 2.5,  # hours
        "bending": 20.0,
        "stairs": 6.0,  # flights
        "jumping": 0.3,
        "knocking": 6.0,
        "dropping the sensor": 0.2,
        "taking the belt off": 2.0,
        "a slipping belt": 2.0,
        "car": 0.8,  # hours
        "stumbles": 0.3,
    },
}
AMOUNTS["ms"] = AMOUNTS["healthy"] | {
    "walking": 85.0,
    "transfers": 35.0,
    "sitting down hard": 5.0,
    "lying down": 3.0,
    "lying down quickly": 1.0,
    "standing": 1.7,
    "bending": 12.0,
    "stairs": 2.0,
    "jumping": 0.05,
    "knocking": 8.0,
    "dropping the sensor": 0.4,
    "stumbles": 1.5,
}
AMOUNTS["als"] = AMOUNTS["ms"] | {
    "walking": 60.0,
    "transfers": 25.0,
    "standing": 1.2,
    "bending": 6.0,
    "stairs": 0.5,
    "jumping": 0.0,
}
AMOUNTS["ssc"] = AMOUNTS["healthy"] | {
    "walking": 95.0,
    "transfers": 40.0,
    "sitting down hard": 3.0,
    "standing": 2.0,
    "bending": 12.0,
    "stairs": 3.0,
    "jumping": 0.1,
    "stumbles": 0.5,
}
SPREAD = 0.3  # SD of the log amounts between people, for all alike and for each alone


@dataclass(frozen=True, slots=True)
class Day:
    """One seeded day of one seeded person. `amounts`: by activity, how often it is done or for how many hours."""

    seed: int
    person: Person
    position: Position
    sensor: Sensor
    mounting: Mounting
    amounts: Mapping[str, float]


def drawn_day(seed: int) -> Day:
    """The same seed is the same day on every machine."""
    rng = np.random.default_rng([seed, 0xDA])
    condition = _one(rng, CONDITIONS)
    person = Person.drawn(seed, condition, f"day {seed}")
    if condition == "healthy":
        age_years = float(rng.integers(30, 90))
        slower = SLOWER_PER_YEAR_MPS * max(0.0, age_years - SLOWER_FROM_YEARS)
        person = replace(person, age_years=age_years, preferred_speed_mps=max(0.5, person.preferred_speed_mps - slower))
    sensor = Sensor(
        rate_hz=_one(rng, RATES_HZ),
        has_gyroscope=bool(rng.random() >= WITHOUT_GYROSCOPE),
        clock_skew_ppm=float(rng.uniform(-50.0, 50.0)),
        jitter_s=float(rng.choice([0.0, 0.0005, 0.002])),
        loss=Loss() if rng.random() < WITH_LOSS else None,
    )
    position = _one(rng, PLACES)
    active = rng.normal(0.0, SPREAD)
    amounts = {
        name: middle * float(np.exp(active + rng.normal(0.0, SPREAD))) for name, middle in AMOUNTS[condition].items()
    }
    amounts["walking"] *= MEAN_BOUT_S / 3600.0
    mounting = Mounting.drawn(seed)
    if position in ("pocket", "wrist", "ankle_right"):  # strapped on any way round, or put in
        mounting = replace(mounting, yaw_deg=float(rng.uniform(-180, 180)), pitch_deg=float(rng.uniform(-180, 180)))
    return Day(seed, person, position, sensor, mounting, amounts)


def _one(rng: np.random.Generator, shares: Mapping[Choice, float]) -> Choice:
    """One of the choices, each as often as its share says."""
    choices = list(shares)
    return choices[int(chosen(rng, {str(number): share for number, share in enumerate(shares.values())}))]
