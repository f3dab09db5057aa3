"""The foot's landing shakes the body: where that shock lies sharpens the instant of a contact.

The rise of the smoothed signal is sure but blunt, and at a slow pace smoothed over a quarter of a second; in people
whose two legs differ it comes early for one foot and late for the other (MS, EDSS 6: -0.06 and +0.04 s). The shock
runs through all axes, however the sensor is turned, and follows the landing of either foot by about the same time.
"""

import math

import numpy as np

from dsp.gait.rises import TICK_S
from dsp.kernels import Record, kernel

PAST = 64  # ticks kept: more than a contact is old when it is found, and WIDTH_S before it
AFTER_S = 0.075  # centre of the shock after contact: healthy walks 0.07 to 0.08 s, MS 0.07 to 0.09 s
WIDTH_S = 0.1  # of the window, standard deviation; with 0.08 or 0.12 s, 0.03 fewer or more of MS within 0.1 s
LOOKS = 2  # the window moves to what it found, and looks again
FAR_TICKS = 8  # three deviations
FURTHEST_TICKS = 2.5  # 0.1 s: what the two feet of MS, EDSS 6, need; no limit at all scores alike
LEAST_M2PS6 = 1e-6

SHOCK_STATE = np.dtype(
    [
        ("ticks", np.int64),
        ("past", np.float64, (PAST,)),  # mean square of the jerk in each tick, m²/s⁶
    ],
    align=True,
)


@kernel
def feel(q: Record, jerk_m2ps6: float) -> None:
    """Takes one tick's mean square of the jerk, all axes together."""
    if q["ticks"] == 0:
        q["past"][:] = 0.0
    q["past"][q["ticks"] % PAST] = jerk_m2ps6
    q["ticks"] += 1


@kernel
def shock_near(q: Record, tick: float) -> float:
    """Centre of the jerk's power in a window around `tick` that follows it, in ticks; `tick` itself where all is still.

    What has not come yet is not waited for: 0.2 s more changed the contacts within 0.1 s by 0.01 of them at most.
    """
    newest = q["ticks"] - 1
    past = q["past"]
    centre = tick
    for _ in range(LOOKS):
        middle = math.floor(centre + 0.5)
        weight, moment = LEAST_M2PS6, 0.0
        for i in range(max(middle - FAR_TICKS, newest - PAST + 1, 0), min(middle + FAR_TICKS, newest) + 1):
            away = (i - centre) * TICK_S / WIDTH_S
            power = math.exp(-0.5 * away * away) * past[i % PAST]
            weight += power
            moment += power * (i - centre)
        centre += moment / weight
    return centre


@kernel
def sharpened(q: Record, tick: float, share: float) -> float:
    """A contact at `tick` by its rise, moved by a share of the way to where its shock says it was."""
    expected = tick + AFTER_S / TICK_S
    away = shock_near(q, expected) - expected
    return float(tick + share * max(-FURTHEST_TICKS, min(FURTHEST_TICKS, away)))
