"""How long a stride takes, from how well the motion repeats itself."""

import math

import numpy as np

from dsp.body import Floats
from dsp.kernels import Record, kernel

TICK_HZ = 25.0  # gait's rhythm and its first harmonics lie below 8 Hz
SHORTEST_TICKS, LONGEST_TICKS = 15, 80  # strides of 0.6 s (running) to 3.2 s (MS: 0.78 to 3.06 s, clinical reference)
LAGS = LONGEST_TICKS - SHORTEST_TICKS + 1
AXES = 6  # acceleration and rate, three each
PAST = 128  # ticks kept: a power of two above LONGEST_TICKS
MEMORY_S = 2.5  # 1.8 to 3.2 s score alike on the development recordings
DRIFT_S = 0.5  # what is slower than gait is posture
GYRO_MPS2_PER_RADPS = 1.5  # what makes a trunk's rates weigh about as much as its accelerations
USUAL_STEP_S, SPREAD = 0.58, 0.9  # how much a stride's length must speak for itself: log-normal, wide
LOOK_TICKS = 5

RHYTHM_STATE = np.dtype(
    [
        ("ticks", np.int64),
        ("drift", np.float64, (AXES,)),
        ("past", np.float64, (AXES, 2 * PAST)),  # every value twice, so that any stretch is contiguous
        ("power", np.float64, (2 * PAST,)),  # the same for the sum of squares
        ("product", np.float64, (LAGS,)),  # of now and the value a lag ago, the longest lag first
        ("past_energy", np.float64, (LAGS,)),
        ("energy", np.float64),  # sums over MEMORY_S
        ("stride_s", np.float64),
        ("strength", np.float64),  # of the repetition after a stride: 1 exact, 0 none
    ],
    align=True,
)

_MEMORY_TICKS = MEMORY_S * TICK_HZ
_FORGET = math.exp(-1.0 / _MEMORY_TICKS)
LEAK = 1.0 - math.exp(-1.0 / (DRIFT_S * TICK_HZ))  # of a trunk, each tick
_WORTH = np.exp(
    -0.5 * (np.log(np.arange(LONGEST_TICKS, SHORTEST_TICKS - 1, -1) / (2 * TICK_HZ * USUAL_STEP_S)) / SPREAD) ** 2
)


@kernel
def restart(r: Record) -> None:
    """Forgets everything: the stream had a break."""
    r["ticks"] = 0
    r["energy"] = 0.0
    r["stride_s"] = 0.0
    r["strength"] = 0.0
    r["past"][:] = 0.0
    r["power"][:] = 0.0
    r["product"][:] = 0.0
    r["past_energy"][:] = 0.0


@kernel
def follow(r: Record, motion: Floats, drift_s: float = DRIFT_S, gyro_weight: float = GYRO_MPS2_PER_RADPS) -> None:
    """Takes one tick's motion: acceleration in m/s² and rates in rad/s or NaN, on three axes fixed in the sensor.

    Keeps the normalised autocorrelation of all axes together, forgetting exponentially. The sum over axes does not
    depend on how the sensor is turned, and because sway and yaw change sign with every step, it singles out the
    stride even of people whose two steps look alike in the vertical (after Moe-Nilssen and Helbostad 2004, who took
    each axis by itself).
    """
    n = r["ticks"]
    leak = 1.0 - math.exp(-1.0 / (drift_s * TICK_HZ))
    slot = n % PAST
    first = slot + PAST - LONGEST_TICKS  # where the value LONGEST_TICKS ago stands
    drift, past, power = r["drift"], r["past"], r["power"]
    product, past_energy = r["product"], r["past_energy"]
    for lag in range(LAGS):
        product[lag] *= _FORGET
    total = 0.0
    for axis in range(AXES):
        x = motion[axis]
        if axis >= 3:
            if math.isnan(x):
                x = 0.0
            x *= gyro_weight
        if n == 0:
            drift[axis] = x
        drift[axis] += leak * (x - drift[axis])
        x -= drift[axis]
        total += x * x
        line = past[axis]
        line[slot] = x
        line[slot + PAST] = x
        if x != 0.0:
            for lag in range(LAGS):
                product[lag] += x * line[first + lag]
    power[slot] = total
    power[slot + PAST] = total
    for lag in range(LAGS):
        past_energy[lag] = _FORGET * past_energy[lag] + power[first + lag]
    r["energy"] = _FORGET * r["energy"] + total
    r["ticks"] = n + 1
    if (n + 1) % LOOK_TICKS == 0:
        look(r)


@kernel
def repetition(r: Record, lag: int) -> float:
    """How alike motion is a lag apart, -1 to 1. Lag 0 is LONGEST_TICKS."""
    both = 0.5 * (r["energy"] + r["past_energy"][lag])
    return float(r["product"][lag] / both) if both > 1e-9 else 0.0


@kernel
def look(r: Record) -> None:
    """Takes the peak of the repetition that is worth most for the stride."""
    best, at = 0.0, -1
    before, here = repetition(r, 0), repetition(r, 1)
    for lag in range(1, LAGS - 1):
        after = repetition(r, lag + 1)
        if here >= before and here > after and here * _WORTH[lag] > best:
            best, at = here * _WORTH[lag], lag
        before, here = here, after
    if at < 0:
        r["strength"] = 0.0
        return
    before, here, after = repetition(r, at - 1), repetition(r, at), repetition(r, at + 1)
    bend = before - 2.0 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0.0 else 0.0
    r["stride_s"] = (LONGEST_TICKS - at - shift) / TICK_HZ
    r["strength"] = here


@kernel
def vigour(r: Record) -> float:
    """Mean square of the motion lately, in m²/s⁴, rates included."""
    return float(r["energy"] / _MEMORY_TICKS)
