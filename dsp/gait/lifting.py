"""How far the body is lifted: rising from a chair again and again repeats itself like a walk, but is none."""

import numpy as np

from dsp.gait.rhythm import TICK_HZ
from dsp.kernels import Record, kernel

LEAK_S = 0.8  # of both integrals: a chair's rise and descent take 1 to 2 s, what is slower is the sensor's drift
OVER_S = 2.0
OVER_TICKS = round(OVER_S * TICK_HZ)
FAST = 4  # contacts within OVER_S: running and quick stairs lift as far as a chair, nobody rises and sits so fast
LONG_TICKS = round(4.0 * TICK_HZ)  # a single rise before a walk counts for 3 s at most, a set of them goes on

LIFT_STATE = np.dtype(
    [
        ("speed_mps", np.float64),  # vertical, leaking
        ("height_m", np.float64),
        ("past_m", np.float64, (OVER_TICKS,)),
        ("ticks", np.int64),
        ("range_m", np.float64),  # of the height, over the last two seconds
        ("high_ticks", np.int64),  # how long the range has been a chair's and not a step's
    ],
    align=True,
)


@kernel
def lift(s: Record, up_mps2: float) -> None:
    """Takes one tick's vertical acceleration without gravity, m/s²."""
    s["speed_mps"] += up_mps2 / TICK_HZ - s["speed_mps"] / (TICK_HZ * LEAK_S)
    s["height_m"] += s["speed_mps"] / TICK_HZ - s["height_m"] / (TICK_HZ * LEAK_S)
    past = s["past_m"]
    past[s["ticks"] % OVER_TICKS] = s["height_m"]
    s["ticks"] += 1
    low = high = s["height_m"]
    for i in range(OVER_TICKS):
        low, high = min(low, past[i]), max(high, past[i])
    s["range_m"] = high - low


@kernel
def lifted(w: Record, p: Record, now_s: float) -> bool:
    """Does the body go up and down further than in a step, and as slowly as between a chair and standing?"""
    k = w["contacts"]
    n = k["count"]
    slow = n < FAST or now_s - k["time_s"][n - FAST] > OVER_S
    return bool(slow and w["lift"]["range_m"] >= p["lift_m"])


@kernel
def lay_down(s: Record) -> None:
    """The stream had a break: nothing is known of the way meanwhile."""
    s["speed_mps"] = s["height_m"] = s["range_m"] = 0.0
    s["past_m"][:] = 0.0
    s["high_ticks"] = 0
