"""Start, end and figures of one rise or sitting down, from the ticks around its middle."""

import math

from dsp.body import BODY_RATE_HZ, Floats
from dsp.kernels import Record, kernel
from dsp.transitions.trunk_parameters import (
    BACK,
    END,
    END_RADPS,
    END_SHARE,
    EVERY,
    FASTEST_WITHIN,
    FLEXION,
    FORWARD,
    LONGEST_AFTER,
    LONGEST_BEFORE,
    LONGEST_TO_SEAT,
    MOMENT,
    PAST,
    REST_AFTER,
    REST_BEFORE,
    RESTING,
    RISE,
    SEAT,
    SPEED,
    START,
    START_RADPS,
    START_SHARE,
    SURELY_AFTER,
    SURELY_BEFORE,
    TICK_HZ,
    TURNED_TICKS,
)


@kernel
def measure(s: Record, at: int, low: int, high: int, rises: bool, row: Floats) -> float:
    """Fills in the row of a movement around tick `at`; returns the angle between the postures before and after, rad.

    low, high: where a movement before ends and one after begins at the latest and earliest.
    """
    oldest, newest = max(0, s["ticks"] - PAST, low), min(s["ticks"] - 1 - TURNED_TICKS, high)
    fastest = 0.0
    for i in range(max(at - FASTEST_WITHIN, oldest), min(at + FASTEST_WITHIN, newest) + 1):
        fastest = max(fastest, s["turning"][i % PAST])
    first, last = max(at - SURELY_BEFORE, oldest), min(at + SURELY_AFTER, newest)
    calm_radps = max(START_RADPS, START_SHARE * fastest)
    start = edge(s, first, -1, max(at - LONGEST_BEFORE, oldest), calm_radps, MOMENT, 0)
    if rises:
        start = edge(s, first, -1, max(at - LONGEST_TO_SEAT, oldest), calm_radps, RESTING, start)
    calm_radps = max(END_RADPS, END_SHARE * fastest)
    end = edge(s, last, 1, min(at + LONGEST_AFTER, newest), calm_radps, MOMENT, 0)
    if not rises:
        end = edge(s, last, 1, min(at + LONGEST_TO_SEAT, newest), calm_radps, RESTING, end)
    before = posture(s, max(start - REST_BEFORE, oldest), start)
    after = posture(s, end, min(end + REST_AFTER, newest))
    bent = start
    furthest = 0.0
    for i in range(start, end + 1):
        angle = apart(before, one(s, i))
        if angle > furthest:
            furthest, bent = angle, i
    forward, back = 0.0, 0.0
    for i in range(start, end + 1):
        if i <= bent:
            forward = max(forward, s["turning"][i % PAST])
        else:
            back = max(back, s["turning"][i % PAST])
    row[START], row[END], row[SEAT] = tick_s(s, start), tick_s(s, end), tick_s(s, bent)
    row[FLEXION], row[FORWARD], row[BACK] = furthest, forward, back
    climb(s, start, end, row)
    return float(apart(before, after))


@kernel
def edge(s: Record, at: int, step: int, limit: int, calm_radps: float, calm_ticks: int, otherwise: int) -> int:
    """Where it becomes calm for so many ticks, going by `step` from `at` to the limit; there, where nothing else is."""
    calm, i = 0, at
    while step * (limit - i) > 0:
        calm = calm + 1 if s["turning"][i % PAST] < calm_radps else 0
        if calm == calm_ticks:
            return i - step * (calm - 1)
        i += step
    return otherwise if otherwise > 0 else limit


@kernel
def climb(s: Record, start: int, end: int, row: Floats) -> None:
    """Way and greatest speed of the vertical, at rest at both ends."""
    n = end - start + 1
    mean = 0.0
    for i in range(start, end + 1):
        mean += s["v"][i % PAST] / n
    speed, way, most = 0.0, 0.0, 0.0
    for i in range(start, end + 1):
        speed += (s["v"][i % PAST] - mean) / TICK_HZ
        way += speed / TICK_HZ
        most = max(most, abs(speed))
    row[RISE], row[SPEED] = way, most


@kernel
def quiet_ticks(s: Record, start: int, stop: int) -> int:
    """How many ticks of a stretch are known to be quiet."""
    found = 0
    for i in range(max(start, 0, s["ticks"] - PAST), min(stop, s["ticks"])):
        found += s["quiet"][i % PAST]
    return found


@kernel
def tick_s(s: Record, at: int) -> float:
    """The middle of tick `at` of the rings, in seconds of the stream."""
    return float(((s["last_tick"] - s["ticks"] + 1 + at) * EVERY + 0.5 * (EVERY - 1)) / BODY_RATE_HZ)


@kernel
def one(s: Record, at: int) -> tuple[float, float, float]:
    """The vertical at a tick."""
    up = s["up"][at % PAST]
    return up[0], up[1], up[2]


@kernel
def posture(s: Record, start: int, end: int) -> tuple[float, float, float]:
    """The mean vertical over ticks start to end."""
    x, y, z = 0.0, 0.0, 0.0
    for i in range(start, end + 1):
        up = s["up"][i % PAST]
        x, y, z = x + up[0], y + up[1], z + up[2]
    size = max(math.sqrt(x * x + y * y + z * z), 1e-12)
    return x / size, y / size, z / size


@kernel
def apart(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """Angle between two unit vectors, rad."""
    return math.acos(min(max(a[0] * b[0] + a[1] * b[1] + a[2] * b[2], -1.0), 1.0))
