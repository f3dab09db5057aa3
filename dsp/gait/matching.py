"""How long a stride took, by laying its start over its end."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ
from dsp.gait.past import ROWS, VERTICAL, complete
from dsp.kernels import Record, kernel

# What is laid over, in rows: 0.15 s before a contact to 0.35 s after it, which is when the trunk takes the load; it may
# move 0.2 s from where the contacts put it. On voisard's 58 walks (lower back) the spread of the durations found so
# is 9 ms off on average, that of the contacts' own differences 10 ms; windows of 0.4 or 0.6 s, or 0.1 s earlier, 10 ms.
BEFORE, AFTER, SHIFT = 15, 35, 20
AXES = 3  # acceleration: vertical, sideways, forward; rates add nothing


@kernel
def matched(past: Record, start_s: float, stride_s: float) -> float:
    """Duration in seconds after which the motion around a stride's first contact comes again most alike.

    Alike is the correlation over the three axes of acceleration together. NaN where the best is at the edge of what
    is searched, or where rows are missing.
    """
    first = math.floor(start_s * BODY_RATE_HZ + 0.5) - BEFORE
    length = BEFORE + AFTER + 1
    lag = math.floor(stride_s * BODY_RATE_HZ + 0.5) - SHIFT
    if not (complete(past, first, first + length) and complete(past, first + lag, first + lag + length + 2 * SHIFT)):
        return math.nan
    start = np.empty((AXES, length))
    end = np.empty((AXES, length + 2 * SHIFT))
    for axis in range(AXES):
        line = past["rows"][VERTICAL + axis]
        mean = 0.0
        for i in range(length):
            start[axis, i] = line[(first + i) % ROWS]
            mean += start[axis, i] / length
        for i in range(length):
            start[axis, i] -= mean
        for i in range(length + 2 * SHIFT):
            end[axis, i] = line[(first + lag + i) % ROWS]
    alike = np.empty(2 * SHIFT + 1)
    for shift in range(2 * SHIFT + 1):
        both, own = 0.0, 1e-9
        for axis in range(AXES):
            total, squares = 0.0, 0.0
            for i in range(length):
                x = end[axis, shift + i]
                both += start[axis, i] * x
                total += x
                squares += x * x
            own += squares - total * total / length
        alike[shift] = both / math.sqrt(own)
    best = int(np.argmax(alike))
    if best in (0, 2 * SHIFT):
        return math.nan
    before, here, after = alike[best - 1], alike[best], alike[best + 1]
    bend = before - 2.0 * here + after
    between = 0.5 * (before - after) / bend if bend < 0.0 else 0.0
    return (lag + best + between) / BODY_RATE_HZ
