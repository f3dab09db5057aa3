"""The body's motion in whole numbers, as a screen draws it."""

import math

import numpy as np
from numpy.typing import NDArray

from dsp.body import GYR_ML, GYR_V, VALID, BodyBlock, Floats, V
from dsp.kernels import kernel

MOST, NONE = 32767, -32768  # what int16 holds; the lowest stands for no value
CHANNELS = 5  # V, ML, AP, then the rates about ML (pitch) and about V (yaw)
PITCH, YAW = 3, 4

Counts = NDArray[np.int16]


@kernel
def count(value: float, step: float) -> int:
    """A value in whole steps, rounded half to even and clipped; NONE where there is no value."""
    if not math.isfinite(value):
        return NONE
    return int(min(max(np.rint(value / step), -MOST), MOST))


@kernel
def draw(rows: Floats, step_mps2: float, step_radps: float, out: Counts) -> None:
    """CHANNELS of every row into `out`, of shape (n, CHANNELS)."""
    for i in range(rows.shape[0]):
        if rows[i, VALID] > 0.5:
            for c in range(3):
                out[i, c] = count(rows[i, V + c], step_mps2)
            out[i, PITCH] = count(rows[i, GYR_ML], step_radps)
            out[i, YAW] = count(rows[i, GYR_V], step_radps)
        else:
            out[i, :] = NONE


def drawn(block: BodyBlock, step_mps2: float, step_radps: float) -> Counts:
    """Shape (n, CHANNELS): V, ML, AP in steps of step_mps2, pitch and yaw rate in steps of step_radps.

    Rounded half to even and clipped; NONE in a bridged hole, and for the rates of a sensor without a gyroscope. One
    kernel in place of ten NumPy calls, because it runs for every block of every sensor.
    """
    out: Counts = np.empty((block.rows.shape[0], CHANNELS), np.int16)
    draw(block.rows, step_mps2, step_radps, out)
    return out
