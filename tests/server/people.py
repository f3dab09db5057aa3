"""Signals that tests feed to sessions."""

import numpy as np

from sensing.block import STANDARD_GRAVITY_MPS2
from sensing.recording import Facts, Recording

STEPS_PER_S = 1.8


def walker(seconds: float = 20.0, rate_hz: float = 100.0, name: str = "walker", still_s: float = 3.0) -> Recording:
    """Somebody who stands for `still_s` and then walks: a plain sum of sines, enough for any detector to see steps."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    walking = (time_s >= still_s) * 1.0
    phase = 2 * np.pi * STEPS_PER_S * (time_s - still_s)
    acc_mps2 = np.empty((time_s.size, 3))
    acc_mps2[:, 0] = STANDARD_GRAVITY_MPS2 + walking * (2.0 * np.sin(phase) + 0.6 * np.sin(2 * phase))
    acc_mps2[:, 1] = walking * 0.8 * np.sin(phase / 2)
    acc_mps2[:, 2] = walking * (1.2 * np.cos(phase) + 0.4 * np.sin(2 * phase))
    gyr_radps = np.zeros_like(acc_mps2)
    gyr_radps[:, 0] = walking * 0.3 * np.sin(phase / 2)
    return Recording(name, Facts("lower_back", rate_hz=rate_hz, sensor="test"), rate_hz, time_s, acc_mps2, gyr_radps)
