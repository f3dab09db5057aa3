"""Taking up a posture is no sway: how long it takes until somebody leans as they go on to."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats
from dsp.clinic.sway import level_plane

PART = round(BODY_RATE_HZ)  # rows of a second
LONGEST = 10  # seconds; whoever takes longer is not getting ready
APART_MPS2 = 0.17  # 1 degree; a second's mean further than this from the rest's ...
SPREADS = 4.0  # ... and further than so many times what the rest's own seconds scatter is not yet the posture
ENDS = 5  # seconds at both ends whose means are compared


def settling_rows(acc_mps2: Floats) -> int:
    """Rows at the beginning of a window, shape (n, 3), in which the trunk was still on its way."""
    seconds = _seconds(acc_mps2)
    settling = 0
    while settling < min(LONGEST, len(seconds) - ENDS):
        rest = seconds[settling + 1 :]
        middle = np.median(rest, axis=0)
        spread = 1.4826 * float(np.median(np.hypot(*(rest - middle).T)))
        if math.hypot(*(seconds[settling] - middle)) <= max(APART_MPS2, SPREADS * spread):
            break
        settling += 1
    return settling * PART


def leaned_rad(acc_mps2: Floats) -> float:
    """How much further the trunk leans at the end of a window than at its beginning, rad."""
    seconds = _seconds(acc_mps2)
    apart = seconds[-ENDS:].mean(axis=0) - seconds[:ENDS].mean(axis=0)
    return math.atan(math.hypot(*apart) / float(np.linalg.norm(acc_mps2.mean(axis=0))))


def _seconds(acc_mps2: Floats) -> Floats:
    """Mean horizontal acceleration of each whole second, shape (n, 2)."""
    plane = level_plane(acc_mps2, None)
    whole = len(plane) // PART
    means: Floats = plane[: whole * PART].reshape(whole, PART, 2).mean(axis=1)
    return means
