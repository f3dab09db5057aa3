"""Which number of a test is its result, and how it is written and said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """The result of a test: the event's field, its unit, digits, and the words for one and for several."""

    title: str
    field: str
    unit: str
    digits: int
    one: str
    several: str

    def spread(self, low: float, high: float) -> str:
        """From the lowest to the highest of several trials."""
        return f"from {low:.{self.digits}f} to {high:.{self.digits}f} {self.unit}"


SECONDS = ("s", 1, "second", "seconds")
METRES = ("m", 0, "metre", "metres")
SHOWN: Mapping[str, Shown] = {
    "tug": Shown("Timed Up and Go", "duration_s", *SECONDS),
    "6mwt": Shown("6-minute walk", "distance_m", *METRES),
    "2mwt": Shown("2-minute walk", "distance_m", *METRES),
    "10mwt": Shown("10-metre walk", "speed_mps", "m/s", 2, "metre a second", "metres a second"),
    "t25fw": Shown("Timed 25-foot walk", "duration_s", *SECONDS),
    "chair_stand_30s": Shown("30-second chair stand", "repetitions", "stands", 0, "stand", "stands"),
    "chair_stand_5x": Shown("Five times sit to stand", "duration_s", *SECONDS),
    "stance": Shown("Standing balance", "held_s", *SECONDS),
}


def value_of(shown: Shown, event: Event) -> float | None:
    """The event's result, None where it could not be measured."""
    value = event.get(shown.field)
    return None if value is None else float(value)


def comparable_values(protocol: str, before: Event, now: Event) -> tuple[float | None, float | None]:
    """The two results by one clock: the time from the cue is longer than that from the first movement."""
    shown = SHOWN[protocol]
    if protocol == "tug":
        for field in ("cue_duration_s", "motion_duration_s"):
            if before.get(field) is not None and now.get(field) is not None:
                return float(before[field]), float(now[field])
    elif before.get("clock") != now.get("clock") and shown.unit == "s" and protocol != "stance":
        return None, None
    return value_of(shown, before), value_of(shown, now)


def value_text(shown: Shown, value: float | None) -> str:
    """With its unit; a dash where there is none."""
    if value is None:
        return "–"
    unit = shown.one if shown.unit == shown.several and round(value, shown.digits) == 1 else shown.unit
    return f"{value:.{shown.digits}f} {unit}"


def spoken(shown: Shown, value: float) -> str:
    """As it is said aloud."""
    said = f"{value:.{shown.digits}f}"
    return f"{said} {shown.one if float(said) == 1.0 else shown.several}"
