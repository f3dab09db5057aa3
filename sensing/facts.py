"""The facts about a recording (CONTRACT §1): who wore the sensor where, and what was being tested."""

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from sensing.block import POSITIONS, Position
from sensing.packets import Json

TESTS = ("none", "tug", "6mwt", "2mwt", "10mwt", "t25fw", "chair_stand_30s", "chair_stand_5x", "stance")
STANCES = (
    "side_by_side",
    "semi_tandem",
    "tandem_left",
    "tandem_right",
    "single_left",
    "single_right",
    "eyes_closed",
)
VARIANTS = ("sppb", "run_in")
COURSE_M = (0.1, 1000.0)
HEIGHT_M = (0.3, 2.8)  # a person; 170 is centimetres
SENSOR_HEIGHT_M = (0.0, 2.8)
CALIBRATION_FACTOR = (0.6, 1.6)  # a stride that a model is further off from than this was not walked, or not measured
ERROR_SHARE = 0.05  # where nobody says how far a calibrated length may still be off


class FactsError(ValueError):
    """A fact that cannot be used; the text is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class StrideCalibration:
    """What a walk over a known distance told about one person with the sensor at one place.

    `factor` multiplies the model's stride length, found with the sensor at `pendulum_m` metres (lower back only).
    `error_share` is what a length may still be off by, `walked_m` the known distance in all, `at` when (ISO 8601).
    """

    factor: float
    pendulum_m: float | None = None
    error_share: float = ERROR_SHARE
    walked_m: float | None = None
    at: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def from_json(cls, source: Mapping[str, Json]) -> Self:
        """Raises FactsError for a number that is none or out of range, or where there is no factor."""
        factor = _number(source, "factor", *CALIBRATION_FACTOR)
        if factor is None:
            raise FactsError("stride_calibration must say its factor")
        error_share = _number(source, "error_share", 0.0, 1.0)
        return cls(
            factor=factor,
            pendulum_m=_number(source, "pendulum_m", *SENSOR_HEIGHT_M),
            error_share=ERROR_SHARE if error_share is None else error_share,
            walked_m=_number(source, "walked_m", 0.0, 1e6),
            at=_text(source, "at"),
            extra=_unknown(source, cls),
        )

    def to_json(self) -> dict[str, Json]:
        return _known(self)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known about the wearer, calibrations by position; `freezes`: whether freezing of gait is looked for.

    `extra` keeps keys that this version does not know.
    """

    height_m: float | None = None
    sensor_height_m: float | None = None
    age_years: float | None = None
    sex: str | None = None
    condition: str | None = None
    stride_calibration: Mapping[str, StrideCalibration] | None = None
    freezes: bool | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def from_json(cls, source: Mapping[str, Json]) -> Self:
        """Raises FactsError for a number that is none or cannot be a height in metres, and for a wrong calibration."""
        freezes = source.get("freezes")
        if freezes is not None and not isinstance(freezes, bool):
            raise FactsError(f"freezes must be true or false, not {freezes!r}")
        return cls(
            height_m=_number(source, "height_m", *HEIGHT_M),
            sensor_height_m=_number(source, "sensor_height_m", *SENSOR_HEIGHT_M),
            age_years=_number(source, "age_years", 0.0, 130.0),
            sex=_text(source, "sex"),
            condition=_text(source, "condition"),
            stride_calibration=_calibrations(source.get("stride_calibration")),
            freezes=freezes,
            extra=_unknown(source, cls),
        )

    def to_json(self) -> dict[str, Json]:
        return _known(self)


@dataclass(frozen=True, slots=True)
class StatedTest:
    """One test of the clinic, as an operator set it up or ended it at `set_s` (None: before the first sample).

    Times are seconds of the recording: `cue_s` is the "go", `end_cue_s` the "stop". A later one with the same cue_s
    brings it up to date; `aborted` means that it was broken off and is to be forgotten.
    """

    protocol: str
    set_s: float | None = None
    cue_s: float | None = None
    end_cue_s: float | None = None
    course_length_m: float | None = None
    stance: str | None = None
    hold_s: float | None = None
    variant: str | None = None
    aborted: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def from_json(cls, source: Json) -> Self:
        """Raises FactsError where there is no known protocol, or something else cannot be used."""
        if not isinstance(source, Mapping) or source.get("protocol") is None:
            raise FactsError(f"a test must be an object such as {{'protocol': 'tug', 'cue_s': 4.2}}, not {source!r}")
        return cls(
            protocol=_choice(source, "protocol", TESTS[1:]),
            set_s=_number(source, "set_s"),
            cue_s=_number(source, "cue_s"),
            end_cue_s=_number(source, "end_cue_s"),
            course_length_m=_number(source, "course_length_m", *COURSE_M),
            stance=None if source.get("stance") is None else _choice(source, "stance", STANCES),
            hold_s=_number(source, "hold_s", 1.0, 3600.0),
            variant=None if source.get("variant") is None else _choice(source, "variant", VARIANTS),
            aborted=source.get("aborted") is True,
            extra=_unknown(source, cls),
        )

    def to_json(self) -> dict[str, Json]:
        return _known(self)


@dataclass(frozen=True, slots=True)
class Facts:
    """The contract's facts; everything but `position` may be missing. `extra` keeps keys unknown to this version.

    `test` to `end_cue_s` are of a recording of one test, `tests` of one with any number, in the order they were set up.
    """

    position: Position
    rate_hz: float | None = None
    sensor: str | None = None
    started_at: str | None = None
    person: Person | None = None
    test: str | None = None
    stance: str | None = None
    course_length_m: float | None = None
    cue_s: float | None = None
    end_cue_s: float | None = None
    tests: tuple[StatedTest, ...] | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def from_json(cls, source: Mapping[str, Json]) -> Self:
        """Raises FactsError when `position` is missing or unknown, or another fact cannot be used."""
        if source.get("position") is None:
            raise FactsError("where the sensor was worn is not said; give position (analyze: --position)")
        person = source.get("person")
        if person is not None and not isinstance(person, Mapping):
            raise FactsError(f"person must be an object such as {{'height_m': 1.7}}, not {person!r}")
        return cls(
            position=_choice(source, "position", POSITIONS),
            rate_hz=_number(source, "rate_hz", 0.001, 1e6),
            sensor=_text(source, "sensor"),
            started_at=_text(source, "started_at"),
            person=None if person is None else Person.from_json(person),
            test=None if source.get("test") is None else _choice(source, "test", TESTS),
            stance=None if source.get("stance") is None else _choice(source, "stance", STANCES),
            course_length_m=_number(source, "course_length_m", *COURSE_M),
            cue_s=_number(source, "cue_s"),
            end_cue_s=_number(source, "end_cue_s"),
            tests=_tests(source.get("tests")),
            extra=_unknown(source, cls),
        )

    def to_json(self) -> dict[str, Json]:
        """The contract's object: known facts that are None are left out."""
        return _known(self)


def merged(base: Mapping[str, Json], over: Mapping[str, Json]) -> dict[str, Json]:
    """`base` with the entries of `over` in front, the person's entry by entry; None in `over` changes nothing."""
    result = dict(base)
    for key, value in over.items():
        before = result.get(key)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            result[key] = merged(before, value)
        elif value is not None:
            result[key] = value
    return result


def _calibrations(stated: Json) -> dict[str, StrideCalibration] | None:
    if stated is None:
        return None
    found: dict[str, StrideCalibration] = {}
    for position, one in stated.items() if isinstance(stated, Mapping) else [("", stated)]:
        if not isinstance(one, Mapping):
            raise FactsError(
                f"stride_calibration must be an object such as {{'lower_back': {{'factor': 1.08}}}}, not {stated!r}"
            )
        _choice({"stride_calibration's position": position}, "stride_calibration's position", POSITIONS)
        found[position] = StrideCalibration.from_json(one)
    return found


def _tests(stated: Json) -> tuple[StatedTest, ...] | None:
    if stated is None:
        return None
    if not isinstance(stated, list):
        raise FactsError(f"tests must be a list of objects such as {{'protocol': 'tug', 'cue_s': 4.2}}, not {stated!r}")
    return tuple(StatedTest.from_json(one) for one in stated)


def _choice(source: Mapping[str, Json], key: str, allowed: Iterable[Any]) -> Any:
    value = source[key]
    names = list(allowed)
    if value in names:
        return value
    near = difflib.get_close_matches(str(value).lower(), names, n=1)
    hint = f"; did you mean {near[0]}?" if near else "."
    raise FactsError(f"{key} {value!r} is not known{hint} Possible: {', '.join(names)}")


def _number(source: Mapping[str, Json], key: str, lowest: float = -math.inf, highest: float = math.inf) -> float | None:
    value = source.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise FactsError(f"{key} must be a number, not {value!r}")
    if not lowest <= value <= highest:
        unit = f" (in metres, is {value} in centimetres?)" if key.endswith("_m") else ""
        raise FactsError(f"{key} {value} must lie between {lowest:g} and {highest:g}{unit}")
    return value


def _text(source: Mapping[str, Json], key: str) -> str | None:
    value = source.get(key)
    return None if value is None else str(value)


def _unknown(source: Mapping[str, Json], of: type) -> dict[str, Json]:
    known = {f.name for f in fields(of)}
    return {key: value for key, value in source.items() if key not in known}


def _known(value: StrideCalibration | Person | StatedTest | Facts) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for f in fields(value):
        entry = getattr(value, f.name)
        if entry is None or f.name == "extra":
            continue
        result[f.name] = _plain(entry)
    return result | dict(value.extra)


def _plain(entry: Any) -> Json:
    if isinstance(entry, StrideCalibration | Person | StatedTest):
        return entry.to_json()
    if isinstance(entry, tuple):
        return [_plain(one) for one in entry]
    return {key: _plain(one) for key, one in entry.items()} if isinstance(entry, Mapping) else entry
