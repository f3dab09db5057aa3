"""A stretch of movement as additive tracks, so that movements can follow one another or overlap."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sensing.simulator.shapes import Array

Side = Literal["left", "right"]
Track = Literal[
    "ap",  # acceleration of the lower trunk, m/s², forward in the direction of the heading
    "ml",  # … to the left
    "v",  # … up
    "yaw",  # attitude of the trunk, rad: heading, positive to the left
    "pitch",  # … forward lean positive
    "roll",  # … left side up positive
    "seated",  # 0 standing … 1 sitting: the thigh's flexion
    "down",  # 0 upright … 1 lying: the legs follow the trunk
    "carried",  # 0 the feet stand on the ground … 1 they move with the trunk: in the air, in a car
    "slip",  # the sensor's rotation on the body about the left axis, rad
    "arms",  # how busy the arms are, 0 … 1
    "swing",  # how much the arms swing with the gait, 0 … 1
    "knock",  # acceleration of the case alone, m/s²
    "sway_ap",  # wanted RMS of sway, m/s²
    "sway_ml",
    "breath",  # 0 … 1
]
POSES: frozenset[str] = frozenset({"yaw", "pitch", "roll", "seated", "down", "slip"})  # these stay where they end
DURATIONS = frozenset({"duration_s", "held_s", "lying_s"})  # truth fields in seconds that are not moments


@dataclass(frozen=True, slots=True)
class Footfall:
    """One step: the foot leaves the ground, comes down (initial contact) length_m ahead of the other one."""

    side: Side
    lift_s: float
    contact_s: float
    length_m: float
    heading_rad: float  # of the foot when it comes down, relative to the start of the section


@dataclass(frozen=True, slots=True)
class Mark:
    """A truth entry: the list in truth.json it belongs to, and its fields, moments in seconds of the section."""

    kind: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Section:
    """A movement of `samples` samples. Tracks missing are zero; poses keep their last value afterwards."""

    samples: int
    tracks: Mapping[str, Array]
    footfalls: tuple[Footfall, ...] = ()
    marks: tuple[Mark, ...] = ()
    uncovered_s: tuple[tuple[float, float], ...] = field(default=())  # the truth has not every contact there


def shifted(fields: Mapping[str, Any], to: "Shift") -> dict[str, Any]:
    """The fields with every moment (a key ending in _s that is no duration) put through `to`, lists and objects too."""
    return {key: _moved(key, value, to) for key, value in fields.items()}


@dataclass(frozen=True, slots=True)
class Shift:
    """t → (t + offset)·stretch; rounded to 0.1 ms when asked."""

    offset_s: float = 0.0
    stretch: float = 1.0
    digits: int | None = None

    def __call__(self, moment_s: float) -> float:
        moved = (moment_s + self.offset_s) * self.stretch
        return moved if self.digits is None else round(float(moved), self.digits)


def _moved(key: str, value: Any, to: Shift) -> Any:
    if isinstance(value, Mapping):
        return shifted(value, to)
    if isinstance(value, list | tuple):
        return [_moved(key, entry, to) for entry in value]
    if isinstance(value, float | int) and not isinstance(value, bool) and key.endswith("_s"):
        if key in DURATIONS:
            return Shift(0.0, to.stretch, to.digits)(value)
        return to(value)
    return value


def joined(parts: Iterable[tuple[int, Section]], rate_hz: float) -> Section:
    """One section out of several with their first samples: accelerations and levels add up, poses add and stay."""
    listed = list(parts)
    samples = max((start + part.samples for start, part in listed), default=0)
    tracks: dict[str, Array] = {}
    footfalls: list[Footfall] = []
    marks: list[Mark] = []
    uncovered: list[tuple[float, float]] = []
    for start, part in listed:
        offset_s = start / rate_hz
        heading = float(tracks["yaw"][min(start, samples - 1)]) if "yaw" in tracks and samples else 0.0
        for name, values in part.tracks.items():
            track = tracks.setdefault(name, np.zeros(samples))
            end = start + values.size
            track[start:end] += values
            if name in POSES and values.size:
                track[end:] += values[-1]
        footfalls += [
            Footfall(f.side, f.lift_s + offset_s, f.contact_s + offset_s, f.length_m, f.heading_rad + heading)
            for f in part.footfalls
        ]
        marks += [Mark(m.kind, shifted(m.fields, Shift(offset_s))) for m in part.marks]
        uncovered += [(a + offset_s, b + offset_s) for a, b in part.uncovered_s]
    footfalls.sort(key=lambda f: f.contact_s)
    return Section(samples, tracks, tuple(footfalls), tuple(marks), tuple(uncovered))


def following(sections: Iterable[Section], rate_hz: float) -> Section:
    """The sections one after the other."""
    parts: list[tuple[int, Section]] = []
    at = 0
    for section in sections:
        parts.append((at, section))
        at += section.samples
    return joined(parts, rate_hz)
