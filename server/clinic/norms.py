"""Reference values of the clinic's tests, each with its source; where there is none, the reason in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["confidence", "middle_half", "range", "predicted", "limit", "bar", "patients"]

Band = tuple[int, int, float, float]  # from age, to age (both included), low, high

# Bohannon 2006 (meta-analysis): mean and its 95 % confidence limits, s.
TUG_S: Sequence[tuple[int, int, float, float, float]] = (
    (60, 69, 8.1, 7.1, 9.0),
    (70, 79, 9.2, 8.2, 10.2),
    (80, 99, 11.3, 10.0, 12.7),
)
# Rikli and Jones (by way of a secondary source): the middle half, stands in 30 s.
CHAIR_30S: Mapping[str, Sequence[Band]] = {
    "male": (
        (60, 64, 14, 19),
        (65, 69, 12, 18),
        (70, 74, 12, 17),
        (75, 79, 11, 17),
        (80, 84, 10, 15),
        (85, 89, 8, 14),
        (90, 94, 7, 12),
    ),
    "female": (
        (60, 64, 12, 17),
        (65, 69, 11, 16),
        (70, 74, 10, 15),
        (75, 79, 10, 15),
        (80, 84, 9, 14),
        (85, 89, 8, 13),
        (90, 94, 4, 11),
    ),
}
# Bohannon 2006 (by way of a secondary source): slower than this is worse than average, s.
CHAIR_5X_S: Sequence[tuple[int, int, float]] = ((60, 69, 11.4), (70, 79, 12.6), (80, 89, 14.8))
CHAIR_5X_YOUNGER_S = 12.39  # Klukowska 2021: upper limit of healthy adults (mean age 39; 6.21 ± 1.92 s)
# Bohannon and Andrews 2011: comfortable gait speed, m/s. The table was not checked against the paper, its ends were.
GAIT_MPS: Mapping[str, Sequence[tuple[int, int, float]]] = {
    "male": (
        (20, 29, 1.36),
        (30, 39, 1.43),
        (40, 49, 1.43),
        (50, 59, 1.43),
        (60, 69, 1.34),
        (70, 79, 1.26),
        (80, 99, 0.97),
    ),
    "female": (
        (20, 29, 1.34),
        (30, 39, 1.34),
        (40, 49, 1.39),
        (50, 59, 1.31),
        (60, 69, 1.24),
        (70, 79, 1.13),
        (80, 99, 0.94),
    ),
}
# Springer 2007, mean of three trials, eyes open, s. Not checked against the paper.
ONE_LEG_S: Sequence[tuple[int, int, float]] = (
    (18, 39, 43.0),
    (40, 49, 40.0),
    (50, 59, 37.0),
    (60, 69, 27.0),
    (70, 79, 15.0),
    (80, 99, 6.0),
)
TWO_MINUTES_M = {"male": 189.4, "female": 176.0}  # Bohannon 2015, means; range of all 64.6 to 300.8
TANDEM_BAR_S = 10.0  # STEADI's screening bar; not checked against the source
LEAST_CORRIDOR_M = 20.0  # shorter corridors turn more often and give less distance: not comparable
UNCHECKED = " (not checked against the paper)"


@dataclass(frozen=True, slots=True)
class Taker:
    """What a reference depends on; None is not known. `sex` is "female" or "male" where it can be used."""

    age_years: float | None = None
    sex: str | None = None
    height_m: float | None = None
    weight_kg: float | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A band in the unit of the test; one of its ends may be open. `typical` is a mean or a predicted value."""

    low: float | None
    high: float | None
    typical: float | None
    unit: str
    kind: Kind
    text: str
    source: str
    n: int | None = None

    def to_json(self) -> dict[str, object]:
        """As the wire has it."""
        return {name: getattr(self, name) for name in self.__slots__}


def reference_for(
    protocol: str, taker: Taker, *, stance: str | None = None, course_length_m: float | None = None
) -> Reference | str:
    """The reference for this test and person, or the sentence that says why there is none."""
    match protocol:
        case "tug":
            return _tug(taker, course_length_m)
        case "6mwt":
            return _six_minutes(taker, course_length_m)
        case "2mwt":
            return _two_minutes(taker, course_length_m)
        case "10mwt":
            return _gait_speed(taker)
        case "t25fw":
            return _twenty_five_feet(taker)
        case "chair_stand_30s":
            return _chair_30s(taker)
        case "chair_stand_5x":
            return _chair_5x(taker)
        case _:
            return _stance(taker, stance)


def _tug(taker: Taker, course_length_m: float | None) -> Reference | str:
    if course_length_m is not None and abs(course_length_m - 3.0) > 0.1:
        return "No reference: the published values are for a course of 3 m."
    if taker.age_years is None:
        return _unknown("age")
    for first, last, mean_s, low_s, high_s in TUG_S:
        if first <= int(taker.age_years) <= last:
            text = f"People of {first} to {last}: {mean_s:g} s on average ({low_s:g} to {high_s:g} s)."
            return Reference(low_s, high_s, mean_s, "s", "confidence", text, "Bohannon 2006, meta-analysis")
    return "No reference: the published values are for people of 60 to 99."


def _six_minutes(taker: Taker, course_length_m: float | None) -> Reference | str:
    too_short = _corridor(course_length_m)
    if too_short:
        return too_short
    if taker.age_years is None:
        return _unknown("age")
    if taker.sex not in ("male", "female"):
        return _unknown("sex")
    man, age = taker.sex == "male", taker.age_years
    if taker.weight_kg is not None and taker.height_m is not None and 40.0 <= age <= 80.0:
        height_cm, weight = 100.0 * taker.height_m, taker.weight_kg
        if man:
            predicted_m = 7.57 * height_cm - 5.02 * age - 1.76 * weight - 309.0
        else:
            predicted_m = 2.11 * height_cm - 2.29 * weight - 5.78 * age + 667.0
        low_m = predicted_m - (153.0 if man else 139.0)
        text = f"Predicted for this person: {predicted_m:.0f} m; from {low_m:.0f} m on within the usual{UNCHECKED}."
        return Reference(low_m, None, predicted_m, "m", "predicted", text, "Enright and Sherrill 1998")
    predicted_m = 868.8 - 2.99 * age - (0.0 if man else 74.7)
    text = f"Predicted for a healthy {'man' if man else 'woman'} of this age: {predicted_m:.0f} m."
    return Reference(None, None, predicted_m, "m", "predicted", text, "Gibbons 2001")


def _two_minutes(taker: Taker, course_length_m: float | None) -> Reference | str:
    too_short = _corridor(course_length_m)
    if too_short:
        return too_short
    mean_m = TWO_MINUTES_M.get(taker.sex or "", 180.9)
    whom = {"male": "men", "female": "women"}.get(taker.sex or "", "adults")
    text = f"Mean of {whom}: {mean_m:g} m; adults of all ages walked 64.6 to 300.8 m."
    return Reference(64.6, 300.8, mean_m, "m", "range", text, "Bohannon 2015 (NIH Toolbox)")


def _gait_speed(taker: Taker) -> Reference | str:
    if taker.age_years is None:
        return _unknown("age")
    table = GAIT_MPS.get(taker.sex or "")
    if table is None:
        return _unknown("sex")
    for first, last, mean_mps in table:
        if first <= int(taker.age_years) <= last:
            whom = "men" if taker.sex == "male" else "women"
            text = f"{whom.capitalize()} of {first} to {last}, at a comfortable pace: {mean_mps:.2f} m/s{UNCHECKED}."
            source = "Bohannon and Andrews 2011, meta-analysis"
            return Reference(None, None, mean_mps, "m/s", "predicted", text, source, 23111)
    return "No reference: the published values are for people of 20 to 99."


def _twenty_five_feet(taker: Taker) -> Reference | str:
    if taker.condition != "ms":
        return "No reference: values were found for people with MS only."
    text = "People with mild MS typically need 3 to 5 s. From 6 s on, many use a cane; from 8 s on, a walker."
    return Reference(3.0, 5.0, None, "s", "patients", text, "Goldman 2013 and others")


def _chair_30s(taker: Taker) -> Reference | str:
    if taker.age_years is None:
        return _unknown("age")
    table = CHAIR_30S.get(taker.sex or "")
    if table is None:
        return _unknown("sex")
    for first, last, low, high in table:
        if first <= int(taker.age_years) <= last:
            whom = "men" if taker.sex == "male" else "women"
            text = f"Half of the {whom} of {first} to {last} manage {low:g} to {high:g} stands."
            return Reference(low, high, None, "stands", "middle_half", text, "Rikli and Jones (secondary source)")
    return "No reference: the published values are for people of 60 to 94."


def _chair_5x(taker: Taker) -> Reference | str:
    if taker.age_years is None:
        return _unknown("age")
    for first, last, high_s in CHAIR_5X_S:
        if first <= int(taker.age_years) <= last:
            text = f"People of {first} to {last}: slower than {high_s:g} s is worse than average."
            return Reference(None, high_s, None, "s", "limit", text, "Bohannon 2006 (secondary source)")
    if 18 <= taker.age_years < 60:
        text = f"Healthy adults: 6.21 s on average, {CHAIR_5X_YOUNGER_S:g} s at most."
        return Reference(None, CHAIR_5X_YOUNGER_S, 6.21, "s", "limit", text, "Klukowska 2021")
    return "No reference: the published values are for people of 18 to 89."


def _stance(taker: Taker, stance: str | None) -> Reference | str:
    if stance in ("tandem_left", "tandem_right"):
        text = f"Less than {TANDEM_BAR_S:g} s counts as a sign of unsteadiness{UNCHECKED}."
        return Reference(TANDEM_BAR_S, None, None, "s", "bar", text, "STEADI, 4-stage balance test")
    if stance not in ("single_left", "single_right"):
        return "No reference: none was found for this way of standing."
    if taker.age_years is None:
        return _unknown("age")
    for first, last, mean_s in ONE_LEG_S:
        if first <= int(taker.age_years) <= last:
            text = f"People of {first} to {last}, mean of three trials: {mean_s:g} s{UNCHECKED}."
            return Reference(None, None, mean_s, "s", "predicted", text, "Springer 2007")
    return "No reference: the published values are for people of 18 to 99."


def _corridor(course_length_m: float | None) -> str | None:
    if course_length_m is None:
        return "No reference: the corridor's length is not known."
    if course_length_m < LEAST_CORRIDOR_M:
        return "No reference: a corridor shorter than 20 m gives less distance than those of the published values."
    return None


def _unknown(fact: str) -> str:
    return f"No reference: the person's {fact} is not known. Enter it on the person's page."
