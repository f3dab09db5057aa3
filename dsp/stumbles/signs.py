"""What a candidate's surroundings show, each against the same bout's own walking. Needs no mounting."""

import math

from dsp.body import Floats
from dsp.kernels import Record, kernel
from dsp.stumbles.parameters import (
    BACK,
    BEAT,
    BEATS,
    FLOOR_MPS2,
    FLOOR_RADPS,
    HERE,
    INSTANT,
    KEPT,
    LASTING,
    LEAST_BEATS,
    LEAST_RHYTHM,
    NEAR,
    OWN,
    OWN_HARD_MPS2,
    OWN_MOST_MPS2,
    RHYTHM,
    RHYTHM_LAGS,
    SHAPE,
    SPAN,
    STEP,
    THIRD,
    TICK_S,
    TURNING,
)

LEAST_MPS2 = 0.05  # keeps logarithms finite
V, H1, H2, YAW, TILT = range(5)  # of the signals
OWN_END = HERE + OWN[1]


@kernel
def read_signals(s: Record, k: int) -> tuple[int, float, float]:
    """Fills in the signals around tick k; returns (first tick of the bout's own, its mean's length, what leans after).

    The vertical is the mean acceleration of the bout's own walking: its direction holds within a bout, and no filter
    has to have settled.
    """
    first = max(HERE - k, 0)
    x = y = z = 0.0
    for at in range(first, OWN_END):
        row = s["motion"][(k - HERE + at) % KEPT]
        x, y, z = x + row[0], y + row[1], z + row[2]
    size = math.sqrt(x * x + y * y + z * z)
    if size < 1e-6:
        return first, 0.0, 0.0
    ux, uy, uz = x / size, y / size, z / size
    # any horizontal axis, from the sensor's axis that is least upright
    if abs(ux) <= abs(uy) and abs(ux) <= abs(uz):
        ax, ay, az = 0.0, uz, -uy
    elif abs(uy) <= abs(uz):
        ax, ay, az = -uz, 0.0, ux
    else:
        ax, ay, az = uy, -ux, 0.0
    long = math.sqrt(ax * ax + ay * ay + az * az)
    ax, ay, az = ax / long, ay / long, az / long
    bx, by, bz = uy * az - uz * ay, uz * ax - ux * az, ux * ay - uy * ax
    level = size / (OWN_END - first)
    px = py = pz = 0.0
    for at in range(first, SPAN):
        row, out = s["motion"][(k - HERE + at) % KEPT], s["signals"][at]
        out[V] = row[0] * ux + row[1] * uy + row[2] * uz - level
        out[H1] = row[0] * ax + row[1] * ay + row[2] * az
        out[H2] = row[0] * bx + row[1] * by + row[2] * bz
        out[YAW] = row[3] * ux + row[4] * uy + row[5] * uz
        across = row[3] * row[3] + row[4] * row[4] + row[5] * row[5] - out[YAW] * out[YAW]
        out[TILT] = math.sqrt(max(across, 0.0)) if math.isfinite(across) else math.nan
        if at >= HERE + BACK[0]:
            px, py, pz = px + row[0], py + row[1], pz + row[2]
    after = math.sqrt(px * px + py * py + pz * pz)
    cosine = (px * ux + py * uy + pz * uz) / after if after > 1e-6 else 1.0
    return first, level, math.acos(min(max(cosine, -1.0), 1.0))


@kernel
def power(signals: Floats, start: int, stop: int, first: int, last: int) -> float:
    """Root mean square of columns first to last, m/s2."""
    total = 0.0
    for at in range(start, stop):
        for c in range(first, last + 1):
            total += signals[at, c] * signals[at, c]
    return math.sqrt(total / max(stop - start, 1))


@kernel
def jerk_range(signals: Floats, start: int, stop: int) -> float:
    """Peak to peak of the vertical's changes from tick to tick, m/s2."""
    low = high = 0.0
    for at in range(start, stop):
        change = signals[at, V] - signals[at - 1, V]
        low, high = min(low, change), max(high, change)
    return high - low


@kernel
def nearest(signals: Floats, start: int, stop: int, first: int, last: int) -> float:
    """How far a stretch is from the most similar one that lies within [first, last), m/s2 (root mean square)."""
    long = stop - start
    best = 1e9
    for shift in range(first, last - long + 1):
        total = 0.0
        for at in range(long):
            for c in range(3):
                off = signals[start + at, c] - signals[shift + at, c]
                total += off * off
            if total > best:
                break
        best = min(best, total)
    return math.sqrt(best / long)


@kernel
def rhythm_of(signals: Floats, first: int) -> float:
    """Autocorrelation of the bout's own acceleration at its best lag, 0 where there is none."""
    best = 0.0
    n = OWN_END - first
    a = b = c = 0.0
    for at in range(first, OWN_END):
        a, b, c = a + signals[at, V], b + signals[at, H1], c + signals[at, H2]
    means = (a / n, b / n, c / n)
    for lag in range(RHYTHM_LAGS[0], min(RHYTHM_LAGS[1], n // 2) + 1):
        both = one = other = 0.0
        for at in range(first + lag, OWN_END):
            for axis in range(3):
                now, then = signals[at, axis] - means[axis], signals[at - lag, axis] - means[axis]
                both, one, other = both + now * then, one + now * now, other + then * then
        size = math.sqrt(one * other)
        if size > 0.0:
            best = max(best, both / size)
    return best


@kernel
def beats_of(signals: Floats, first: int) -> float:
    """How often the smoothed vertical swings from below its mean to above it, by 0.3 of its scatter either way, 1/s."""
    n = OWN_END - first
    mean = 0.0
    for at in range(first, OWN_END):
        mean += signals[at, V] / n
    half = 0.3 * math.sqrt(max(power(signals, first, OWN_END, V, V) ** 2 - mean * mean, 0.0))
    low, beats = False, 0
    for at in range(first, OWN_END):
        total = 0.0
        for near in range(max(at - BEAT, first), min(at + BEAT + 1, OWN_END)):
            total += signals[near, V]
        smooth = total / (min(at + BEAT + 1, OWN_END) - max(at - BEAT, first)) - mean
        if smooth < -half:
            low = True
        elif low and smooth > half:
            low, beats = False, beats + 1
    return beats / (n * TICK_S)


@kernel
def read_signs(s: Record, k: int, signs: Floats) -> tuple[bool, bool]:
    """Fills in the signs (parameters.SIGNS) of a candidate at tick k.

    Returns (whether the seconds before it were walking, whether a gyroscope saw all of it).
    """
    first, level, leaning = read_signals(s, k)
    signals = s["signals"]
    own_top, own_low = FLOOR_MPS2, FLOOR_MPS2
    for at in range(first, OWN_END):
        own_top = max(own_top, s["most"][(k - HERE + at) % KEPT] - level)
        own_low = max(own_low, -signals[at, V])
    top, low, lasting = s["most"][k % KEPT] - level, FLOOR_MPS2, 0
    for at in range(HERE - LASTING, HERE + LASTING + 1):
        light = -signals[at, V]
        beyond = s["most"][(k - HERE + at) % KEPT] - level > own_top or light > own_low
        if beyond and abs(at - HERE) > INSTANT:
            lasting += 1
        if abs(at - HERE) <= STEP:
            low = max(low, light)
    own = max(power(signals, first, OWN_END, V, H2), FLOOR_MPS2)
    across = max(power(signals, first, OWN_END, H1, H2), FLOOR_MPS2)
    jerk = max(jerk_range(signals, first + 1, OWN_END), FLOOR_MPS2)
    near, stop = HERE - STEP, HERE + STEP + 1
    after, end = HERE + BACK[0], HERE + BACK[1] + 1
    middle = (first + OWN_END) // 2 + SHAPE // 2
    apart = max(nearest(signals, middle, OWN_END, first, middle), 0.5 * FLOOR_MPS2)
    signs[0] = math.log(max(top, FLOOR_MPS2) / own_top)
    signs[1] = math.log(max(jerk_range(signals, HERE - NEAR, HERE + NEAR + 1), FLOOR_MPS2) / jerk)
    signs[2] = math.log(max(power(signals, near, stop, V, H2), FLOOR_MPS2) / own)
    signs[3] = math.log(max(power(signals, near, stop, H1, H2), FLOOR_MPS2) / across)
    signs[4] = math.log(low / own_low)
    signs[5] = math.log(max(nearest(signals, HERE - SHAPE, HERE + SHAPE + 1, first, OWN_END), LEAST_MPS2) / apart)
    signs[6] = lasting * TICK_S
    signs[7] = math.log(max(nearest(signals, after, end, first, OWN_END), LEAST_MPS2) / apart)
    signs[8] = math.log(max(power(signals, after, end, V, H2), LEAST_MPS2) / own)
    signs[9] = leaning
    signs[10] = rhythm_of(signals, first)
    weakest = own
    for third in range(1, 4):
        if OWN_END - third * THIRD >= first:
            weakest = min(weakest, power(signals, OWN_END - third * THIRD, OWN_END - (third - 1) * THIRD, V, H2))
    signs[11] = math.log(max(weakest, LEAST_MPS2) / own)
    signs[12] = beats_of(signals, max(first, OWN_END - 3 * THIRD))
    walked = own_top > OWN_HARD_MPS2 and own < OWN_MOST_MPS2
    walked = walked and signs[BEATS] > LEAST_BEATS and signs[RHYTHM] > LEAST_RHYTHM
    return walked, turning(signals, first, signs)


@kernel
def turning(signals: Floats, first: int, signs: Floats) -> bool:
    """Fills in what only a gyroscope sees; returns whether there was one all the time."""
    own = FLOOR_RADPS
    fastest = angle = total = 0.0
    for at in range(first, SPAN):
        total += signals[at, TILT]
        if at < OWN_END:
            own = max(own, signals[at, TILT])
        if abs(at - HERE) <= STEP:
            fastest = max(fastest, signals[at, TILT])
        if abs(at - HERE) <= TURNING:
            angle += signals[at, YAW] * TICK_S
    seen = math.isfinite(total)
    signs[13] = math.log(max(fastest, FLOOR_RADPS) / own) if seen else 0.0
    signs[14] = abs(angle) if seen else 0.0
    return seen
