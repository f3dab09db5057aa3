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
    PAST,
    REST_AFTER,
    REST_BEFORE,
    RISE,
    SEAT,
    SPEED,
    START,
    START_RADPS,
    START_SHARE,
    SURELY_AFTER,
    SURELY_BEFORE,
    TICK_HZ,
)


@kernel
def measure(s: Record, at: int, row: Floats) -> float:
    """Fills in the row of a movement around tick `at`; returns the angle between the postures before and after, rad."""
    oldest, newest = max(0, s["ticks"] - PAST), s["ticks"] - 1
    fastest = 0.0
    for i in range(max(at - FASTEST_WITHIN, oldest), min(at + FASTEST_WITHIN, newest) + 1):
        fastest = max(fastest, s["turning"][i % PAST])
    start, end = at, at
    calm = max(START_RADPS, START_SHARE * fastest)
    while start > max(at - LONGEST_BEFORE, oldest):
        if start < at - SURELY_BEFORE and s["turning"][start % PAST] < calm:
            break
        start -= 1
    calm = max(END_RADPS, END_SHARE * fastest)
    while end < min(at + LONGEST_AFTER, newest):
        if end > at + SURELY_AFTER and s["turning"][end % PAST] < calm:
            break
        end += 1
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
