"""The last seconds as a sensor on one leg felt them, in its own axes, and when that leg stood."""

import math

import numpy as np

from dsp.body import ACC_X, Floats
from dsp.gait.past import first_row
from dsp.kernels import Record, kernel

FOOT_ROWS = 512  # 5 s: a stride is measured at most 0.75 s after its contact and looked at 2.1 s back from there
AXES = 6  # acceleration xyz, rate xyz
HALF = 4  # rows on either side of one: 90 ms, shorter than any stance

# The leg stands where its rate is smallest (angular-rate energy: Skog 2010). Not before the foot has slapped down, and
# before the heel rises: at 40 % of a stride the other foot touches down (Perry 1992: 50 %), 0.5 s is what has been
# seen when a contact is sent.
DOWN_S, SEEN_S, DOWN_SHARE = 0.05, 0.5, 0.4
# Of a long stance the last part, so that nothing is integrated while nothing moves: a slow swing with the heel's rise
# before it takes 1.2 s (swing 0.4 s and pre-swing 0.15 s at a usual pace, twice that in MS).
LONGEST_SWING_S, LONGEST_S = 1.2, 2.0
FIRST_FROM_S, FIRST_UNTIL_S = 1.4, 0.6  # before the first contact it stood

FOOT_STATE = np.dtype(
    [
        ("newest", np.int64),  # grid index
        ("oldest", np.int64),  # since the stream's start or its last break
        ("rows", np.float64, (FOOT_ROWS, AXES)),
    ],
    align=True,
)


@kernel
def keep_foot(f: Record, index: int, row: Floats) -> None:
    """Takes one row; the oldest makes room."""
    if index != f["newest"] + 1:
        f["oldest"] = index
    f["newest"] = index
    kept = f["rows"][index % FOOT_ROWS]
    for c in range(AXES):
        kept[c] = row[ACC_X + c]


@kernel
def energy(f: Record, at: int) -> float:
    """Mean square of the rate around a row, (rad/s)²; NaN without a gyroscope."""
    total = 0.0
    for i in range(at - HALF, at + HALF + 1):
        row = f["rows"][i % FOOT_ROWS]
        total += row[3] * row[3] + row[4] * row[4] + row[5] * row[5]
    return float(total / (2 * HALF + 1))


@kernel
def flattest(f: Record, from_s: float, until_s: float) -> int:
    """Grid index of the row in this time around which the sensor turns least, -1 where none is known."""
    first = max(first_row(from_s), max(f["oldest"], f["newest"] - FOOT_ROWS + 1) + HALF)
    last = min(first_row(until_s), f["newest"] - HALF)
    at, least = -1, math.inf
    for i in range(first, last + 1):
        here = energy(f, i)
        if here < least:
            at, least = i, here
    return at


@kernel
def stands(f: Record, before_s: float, t: float) -> tuple[int, int]:
    """Rows in which the leg stood before and after the swing that ended with a contact at t; -1 is not known.

    before_s: its contact before that, NaN where there was none: then it stood still.
    """
    near_s = SEEN_S
    if math.isnan(before_s):
        before = flattest(f, t - FIRST_FROM_S, t - FIRST_UNTIL_S)
    else:
        near_s = min(SEEN_S, DOWN_SHARE * (t - before_s))
        from_s = max(before_s + DOWN_S, t - LONGEST_S)
        before = flattest(f, from_s, max(before_s + near_s, t - LONGEST_SWING_S))
    return before, flattest(f, t + DOWN_S, t + near_s)
