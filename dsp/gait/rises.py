"""Where the gait signal rises, at the scale of the person's own step."""

import math

import numpy as np

from dsp.body import Floats
from dsp.gait.rhythm import TICK_HZ
from dsp.kernels import Record, kernel

TICK_S = 1.0 / TICK_HZ
PAST = 64  # ticks kept: a power of two that holds the longest kernel
SCALES, FINEST_S, RATIO = 12, 0.08, 1.11  # standard deviations 0.080 to 0.252 s
AHEAD_TICKS = 13  # 0.52 s of looking ahead at most: what the contract's 0.75 s leave
USUAL = 4  # 0.12 s, until a rhythm is known

RISE_STATE = np.dtype(
    [
        ("ticks", np.int64),
        ("judged", np.int64),  # ticks up to this one have been looked at, whatever the scale did in between
        ("past", np.float64, (2 * PAST,)),  # every value twice, so that any stretch is contiguous
    ],
    align=True,
)


def rise_kernels() -> Floats:
    """Shape (SCALES, 2 * AHEAD_TICKS + 1): derivative of a Gaussian, cut at three deviations or AHEAD_TICKS.

    A straight line gives its slope, a constant gives zero.
    """
    t = np.arange(-AHEAD_TICKS, AHEAD_TICKS + 1) * TICK_S
    out = np.zeros((SCALES, t.size))
    for k, scale_s in enumerate(SCALE_S):
        weight = t * np.exp(-0.5 * (t / scale_s) ** 2)
        weight[np.abs(t) > 3.0 * scale_s + 1e-9] = 0.0
        out[k] = weight / (weight @ t)
    return out


SCALE_S = FINEST_S * RATIO ** np.arange(SCALES)
AHEAD = np.minimum(np.floor(3.0 * SCALE_S / TICK_S + 1e-9).astype(np.int64), AHEAD_TICKS)
KERNELS = rise_kernels()


@kernel
def push(q: Record, value: float) -> None:
    """Takes one tick's signal. The first value stands for all before it."""
    if q["ticks"] == 0:
        q["past"][:] = value
        q["judged"] = 1
    slot = q["ticks"] % PAST
    q["past"][slot] = value
    q["past"][slot + PAST] = value
    q["ticks"] += 1


@kernel
def slope_at(q: Record, scale: int, tick: int) -> float:
    """Slope at a scale around a tick, which must lie at least AHEAD[scale] ticks back."""
    half = AHEAD[scale]
    past, weights = q["past"], KERNELS[scale]
    base = (tick - half) % PAST
    value = 0.0
    for j in range(2 * half + 1):
        value += weights[AHEAD_TICKS - half + j] * past[base + j]
    return value


@kernel
def scale_for(wanted_s: float) -> int:
    """The scale nearest to a standard deviation."""
    k = math.floor(math.log(max(wanted_s, FINEST_S) / FINEST_S) / math.log(RATIO) + 0.5)
    return min(k, SCALES - 1)
