"""The body's acceleration in whole numbers, as a screen draws it."""

import math

import numpy as np
from numpy.typing import NDArray

from dsp.body import VALID, BodyBlock, Floats, V
from dsp.kernels import kernel

MOST, NONE = 32767, -32768  # what int16 holds; the lowest stands for no value

Counts = NDArray[np.int16]


@kernel
def draw(rows: Floats, step_mps2: float, out: Counts) -> None:
    """V, ML and AP of every row into `out`, of shape (n, 3)."""
    for i in range(rows.shape[0]):
        for c in range(3):
            x = rows[i, V + c] / step_mps2
            if rows[i, VALID] > 0.5 and math.isfinite(x):
                out[i, c] = np.int16(min(max(np.rint(x), -MOST), MOST))
            else:
                out[i, c] = NONE


def drawn(block: BodyBlock, step_mps2: float) -> Counts:
    """Shape (n, 3): V, ML, AP in steps of step_mps2, rounded half to even and clipped; NONE in a bridged hole.

    One kernel in place of ten NumPy calls, because it runs for every block of every sensor.
    """
    out: Counts = np.empty((block.rows.shape[0], 3), np.int16)
    draw(block.rows, step_mps2, out)
    return out
