"""A walk test minute by minute: rests, distance, cadence, speed, asymmetry, and how much the walker slowed."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dsp.clinic.walk_past import REST_S, Steps
from dsp.clinic.walk_way import REST_STEPS, Way, stands, usual_gaps_s
from dsp.events import JsonValue

MINUTE_S = 60.0
LEAST_WALKED_S = 10.0  # of a minute, for a cadence and a speed
ASYMMETRY_AFTER_S = 30.0  # an asymmetry told with a step is that of the 30 s before it

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Minute:
    """One whole minute. Cadence and speed are those of walking, rests left out; None: too little to tell."""

    distance_m: float
    cadence_spm: float | None
    speed_mps: float | None
    asymmetry: float | None
    rested_s: float


def rests_of(steps: Steps, end_s: float) -> list[Span]:
    """Standing between the first step and end_s: from the last contact before it until the next foot sets off."""
    times_s = steps.time_s
    if not times_s.size:
        return []
    usual_s = usual_gaps_s(times_s)
    after = 1 + np.flatnonzero(stands(steps, np.diff(times_s, prepend=times_s[0]), usual_s)[1:])
    found = zip(times_s[after - 1].tolist(), (times_s[after] - usual_s[after]).tolist(), strict=True)
    before = int(np.searchsorted(times_s, end_s, side="right")) - 1
    inside = [(start, min(stop, end_s)) for start, stop in found if start < end_s]
    if before == times_s.size - 1 and end_s - times_s[-1] > max(REST_S, REST_STEPS * usual_s[-1]):
        inside.append((float(times_s[-1]), end_s))
    return inside


def minutes_of(
    steps: Steps, way: Way, metres_at: Callable[[float], float], span: Span, rests: Sequence[Span]
) -> list[Minute]:
    """Every whole minute of the span, from its start on. The wait before the first step is no walking either."""
    start_s, end_s = span
    first_s = float(steps.time_s[0]) - way.usual_s if steps.time_s.size else end_s
    still = [(start_s, max(first_s, start_s)), *rests]
    found = []
    for k in range(math.floor((end_s - start_s) / MINUTE_S + 1e-6)):
        a, b = start_s + k * MINUTE_S, start_s + (k + 1) * MINUTE_S
        walked_s = MINUTE_S - _overlap_s(still, a, b)
        metres = metres_at(b) - metres_at(a)
        enough = walked_s >= LEAST_WALKED_S
        late = steps.between(a + ASYMMETRY_AFTER_S, b).asymmetry
        late = late[np.isfinite(late)]
        found.append(
            Minute(
                metres,
                MINUTE_S * way.between(a, b) / walked_s if enough else None,
                metres / walked_s if enough else None,
                float(late.mean()) if late.size else None,
                _overlap_s(rests, a, b),
            )
        )
    return found


def walked_index(minutes: Sequence[Minute], base: int) -> tuple[float | None, str | None]:
    """Distance walked index in per cent (Leone 2016): how much further the sixth minute went than minute `base`.

    None, with the reason in words, where one of the two was rested in or not walked.
    """
    if len(minutes) < 6:
        return None, None
    for number in (6, base):
        if minutes[number - 1].rested_s > 0.0:
            return None, f"There was a rest in minute {number}: minute 6 is not compared with minute {base}."
    if minutes[base - 1].distance_m <= 0.0:
        return None, f"Nothing was walked in minute {base}: minute 6 is not compared with it."
    return 100.0 * (minutes[5].distance_m / minutes[base - 1].distance_m - 1.0), None


def fatigability(index_percent: float | None) -> str | None:
    """The class of Leone (2016) for DWI6-1; walking-related motor fatigue from -15 % down."""
    if index_percent is None:
        return None
    if index_percent >= 5.0:
        return "none"
    if index_percent > -5.0:
        return "stable"
    return "mild" if index_percent > -15.0 else "walking_fatigability"


def minute_fields(minutes: Sequence[Minute]) -> dict[str, JsonValue]:
    """The event's lists, one number a minute."""
    return {
        "distance_per_minute_m": [round(minute.distance_m, 2) for minute in minutes],
        "cadence_per_minute_spm": [_rounded(minute.cadence_spm, 1) for minute in minutes],
        "speed_per_minute_mps": [_rounded(minute.speed_mps, 3) for minute in minutes],
        "asymmetry_per_minute": [_rounded(minute.asymmetry, 4) for minute in minutes],
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _overlap_s(spans: Sequence[Span], start_s: float, end_s: float) -> float:
    return sum(max(0.0, min(b, end_s) - max(a, start_s)) for a, b in spans)
