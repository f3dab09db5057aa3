"""Of the vocabulary of a script: what people do every day that is no fall and feels like one."""

from dataclasses import dataclass
from typing import Literal

BedWay = Literal["backward", "left", "right"]


@dataclass(frozen=True, slots=True)
class Jump:
    """Jump on the spot (hard negative)."""

    count: int = 1
    flight_s: float = 0.35
    landing_s: float = 0.15


@dataclass(frozen=True, slots=True)
class LieDown:
    """From sitting on the bed's edge to lying, slowly or quickly (hard negative); impact_g as in StandToSit."""

    duration_s: float = 3.0
    way: BedWay = "left"
    impact_g: float = 1.2


@dataclass(frozen=True, slots=True)
class Lie:
    """Lie quietly."""

    duration_s: float = 10.0


@dataclass(frozen=True, slots=True)
class SitUp:
    """From lying to sitting on the bed's edge, back the way that LieDown led."""

    duration_s: float = 3.0
    way: BedWay = "left"


@dataclass(frozen=True, slots=True)
class RollOver:
    """Turn over in bed about the body's length, from the way that one lies now to another one (hard negative)."""

    before: BedWay = "backward"
    after: BedWay = "left"
    duration_s: float = 1.8


@dataclass(frozen=True, slots=True)
class Stairs:
    """A flight of stairs (hard negative)."""

    steps: int = 12
    down: bool = True
    cadence_spm: float = 95.0
    bump_mps2: float = 6.0


@dataclass(frozen=True, slots=True)
class Drive:
    """Sit in a car over a bad road (hard negative)."""

    duration_s: float = 30.0
    rough_mps2: float = 0.6
    potholes: int = 3
    pothole_mps2: float = 7.0
    brakings: int = 1
