"""What a candidate's surroundings show, measured on the rings of ticks. Needs no gyroscope and no mounting."""

import math

from dsp.body import Floats
from dsp.body import BODY_RATE_HZ
from dsp.falls.parameters import (
    AFTER,
    AGAIN,
    BEFORE,
    EVERY,
    LATE,
    LIGHT_FROM,
    LONG_BEFORE,
    NEAR,
    PAST,
    PEAK,
    SETTLED,
    SHOCK,
    TURNING,
    TURN_HALF,
    TURN_LAG,
    VIOLENT,
)
from dsp.kernels import Record, kernel
from sensing.block import STANDARD_GRAVITY_MPS2

G = STANDARD_GRAVITY_MPS2
TICK_S = EVERY / BODY_RATE_HZ
FLOOR = 0.02  # what a sensor at rest scatters: keeps logarithms finite


@kernel
def kept(s: Record, at: int) -> int:
    """The rings' slot of a tick; before the first and after the last one these stand."""
    return int(min(max(at, s["ticks"] - PAST, 0), s["ticks"] - 1) % PAST)


@kernel
def posture(s: Record, start: int, stop: int) -> tuple[float, float, float]:
    """Mean acceleration over ticks, m/s2."""
    x = y = z = 0.0
    for at in range(start, stop):
        acc = s["acc"][kept(s, at)]
        x, y, z = x + acc[0], y + acc[1], z + acc[2]
    n = max(stop - start, 1)
    return x / n, y / n, z / n


@kernel
def apart(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """Angle between two vectors, rad; 0 where one has no length."""
    size = math.sqrt((a[0] * a[0] + a[1] * a[1] + a[2] * a[2]) * (b[0] * b[0] + b[1] * b[1] + b[2] * b[2]))
    if size < 1e-9:
        return 0.0
    return math.acos(min(max((a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / size, -1.0), 1.0))


@kernel
def highest(s: Record, start: int, stop: int) -> float:
    """The highest mean norm of a tick, m/s2; at least 1."""
    most = 1.0
    for at in range(start, stop):
        most = max(most, s["norm"][kept(s, at)])
    return most


@kernel
def stirring(s: Record, start: int, stop: int) -> float:
    """Mean change of the acceleration from tick to tick, m/s2, all axes added."""
    total = 0.0
    for at in range(start, stop):
        now, before = s["acc"][kept(s, at)], s["acc"][kept(s, at - 1)]
        for c in range(3):
            total += abs(now[c] - before[c])
    return total / (stop - start)


@kernel
def turned_fast(s: Record, k: int) -> float:
    """The largest angle between mean directions over 0.28 s that lie half a second apart, rad."""
    most = 0.0
    for at in range(k + TURNING[0], k + TURNING[1]):
        then = posture(s, at + TURN_LAG - TURN_HALF, at + TURN_LAG + TURN_HALF)
        most = max(most, apart(posture(s, at - TURN_HALF, at + TURN_HALF), then))
    return most


@kernel
def drop(s: Record, k: int) -> float:
    """The most that lightness before the impact adds up to, m/s; what is heavier than 0.95 g takes away from it."""
    run = most = 0.0
    for at in range(k - LIGHT_FROM, k + 1):
        run = max(run + (0.95 * G - s["norm"][kept(s, at)]) * TICK_S, 0.0)
        most = max(most, run)
    return most


@kernel
def shock(s: Record, k: int, signs: Floats, before: tuple[float, float, float]) -> None:
    """Fills in what belongs to the impact itself."""
    peak = 0.0
    for at in range(k - PEAK, k + PEAK + 1):
        three = s["norm"][kept(s, at - 1)] + s["norm"][kept(s, at)] + s["norm"][kept(s, at + 1)]
        peak = max(peak, three / 3.0)
    signs[0] = math.log(peak / G)
    power, count = 0.0, 0
    x = y = z = 0.0
    for at in range(k - SHOCK, k + SHOCK + 1):
        slot = kept(s, at)
        over = s["norm"][slot] - G
        power += over * over
        count += 1
        if abs(at - k) <= 4 and over > 0.0:
            x, y, z = x + over * s["acc"][slot, 0], y + over * s["acc"][slot, 1], z + over * s["acc"][slot, 2]
    signs[9] = math.log(0.05 + math.sqrt(power / count))
    signs[15] = apart(before, (x, y, z))
    violent = 0
    for at in range(k + VIOLENT[0], k + VIOLENT[1]):
        if abs(s["norm"][kept(s, at)] - G) > 3.0:
            violent += 1
    signs[14] = violent * TICK_S


@kernel
def read_signs(s: Record, k: int, signs: Floats) -> None:
    """Fills in the signs (parameters.SIGNS) of a candidate at tick k."""
    before = posture(s, k + BEFORE[0], k + BEFORE[1])
    after = posture(s, k + SETTLED[0], k + SETTLED[1])
    own = s["own"][kept(s, k + BEFORE[1])]
    upright = (own[0], own[1], own[2])
    top = highest(s, k - 1, k + 2)
    shock(s, k, signs, before)
    signs[1] = math.log(max(highest(s, k + LONG_BEFORE, k - AGAIN), G) / top)
    signs[2] = math.log(max(highest(s, k + SETTLED[0], k + AFTER), G) / top)
    signs[13] = math.log(FLOOR + stirring(s, k + SETTLED[0], k + SETTLED[1]))
    signs[3] = signs[13] - signs[9]
    signs[4] = apart(before, after)
    signs[5] = apart(before, posture(s, k + LATE[0], k + LATE[1]))
    signs[6] = apart(upright, before)
    signs[7] = apart(upright, after)
    signs[8] = turned_fast(s, k)
    signs[10] = math.log(highest(s, k - AGAIN, k - NEAR) / top)
    signs[11] = math.log(highest(s, k + NEAR, k + AGAIN) / top)
    signs[12] = drop(s, k)
