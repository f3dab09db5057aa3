"""The two bands of the freeze index, as recursive filters."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats
from dsp.freezes.parameters import STEPPING_HZ, TREMBLING_HZ
from dsp.kernels import kernel


def butterworth(corner_hz: float, high_pass: bool) -> list[float]:
    """Second order at BODY_RATE_HZ by the bilinear transform (Oppenheim and Schafer): b0 b1 b2 a1 a2."""
    k = math.tan(math.pi * corner_hz / BODY_RATE_HZ)
    norm = 1.0 / (1.0 + math.sqrt(2.0) * k + k * k)
    a1, a2 = 2.0 * (k * k - 1.0) * norm, (1.0 - math.sqrt(2.0) * k + k * k) * norm
    b0 = norm if high_pass else k * k * norm
    return [b0, -2.0 * b0 if high_pass else 2.0 * b0, b0, a1, a2]


SECTIONS = np.array(
    [
        butterworth(corner_hz, high)
        for band in (STEPPING_HZ, TREMBLING_HZ)
        for corner_hz, high in zip(band, (True, False), strict=True)
    ]
)  # shape (4, 5): high-pass and low-pass of each band


@kernel
def filtered(memory: Floats, section: int, value: float) -> float:
    """One value through one section; memory, shape (2,), is the section's (transposed direct form II)."""
    b0, b1, b2 = SECTIONS[section, 0], SECTIONS[section, 1], SECTIONS[section, 2]
    out = b0 * value + memory[0]
    memory[0] = b1 * value - SECTIONS[section, 3] * out + memory[1]
    memory[1] = b2 * value - SECTIONS[section, 4] * out
    return float(out)
