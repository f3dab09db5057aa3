"""The last seconds of motion, kept so that a contact confirmed late can still be measured."""

import math

import numpy as np

from dsp.body import AP, BODY_RATE_HZ, CONFIDENCE, GYR_V, ML, SEEN, VALID, Floats, V
from dsp.kernels import Record, kernel

ROWS = 2048  # 20 s: a contact is confirmed or a bout closed at most 8 s late, and its stride begins 3 s before
VERTICAL, SIDEWAYS, FORWARD, YAW_RATE, SURE = range(5)
FRESH, BRIDGED = 5, 6  # 1 where a sample of the sensor completed the row, and where a short hole was bridged
COLUMNS = 7
SLOWEST_STRIDE_S, FASTEST_STRIDE_S = 3.2, 0.5  # clinical reference §3.2: MS 0.78 to 3.06 s; running
HARMONICS = 20

PAST_STATE = np.dtype(
    [
        ("index", np.int64, (ROWS,)),  # the row's grid index plus one: 0 is none
        ("rows", np.float64, (COLUMNS, ROWS)),
        ("seen_s", np.float64),
    ],
    align=True,
)


@kernel
def keep(q: Record, index: int, row: Floats) -> None:
    """Takes one row of the body's motion; the oldest makes room."""
    slot = index % ROWS
    rows = q["rows"]
    q["index"][slot] = index + 1
    rows[VERTICAL, slot] = row[V]
    rows[SIDEWAYS, slot] = row[ML]
    rows[FORWARD, slot] = row[AP]
    rows[YAW_RATE, slot] = row[GYR_V]
    rows[SURE, slot] = row[CONFIDENCE]
    rows[FRESH, slot] = 1.0 if row[SEEN] != q["seen_s"] else 0.0
    rows[BRIDGED, slot] = 1.0 - row[VALID]
    q["seen_s"] = row[SEEN]


@kernel
def first_row(time_s: float) -> int:
    """Grid index of the first row at or after the time."""
    return math.ceil(time_s * BODY_RATE_HZ - 1e-9)


@kernel
def complete(q: Record, start: int, stop: int) -> bool:
    """Are all rows start to stop - 1 still there?"""
    for i in range(start, stop):
        if q["index"][i % ROWS] != i + 1:
            return False
    return stop > start


@kernel
def mean_over(q: Record, column: int, start: int, stop: int) -> float:
    """Mean of a column over rows start to stop - 1."""
    line = q["rows"][column]
    total = 0.0
    for i in range(start, stop):
        total += line[i % ROWS]
    return float(total / (stop - start))


@kernel
def heading_change(q: Record, start: int, stop: int) -> float:
    """Radians turned to the left over rows start to stop - 1, as far as they are there; NaN without a gyroscope."""
    total = 0.0
    for i in range(start, stop):
        if q["index"][i % ROWS] == i + 1:
            total += q["rows"][YAW_RATE, i % ROWS]
    return total / BODY_RATE_HZ


@kernel
def amplitudes(q: Record, column: int, start_s: float, stride_s: float, most: int, out: Floats) -> None:
    """Amplitudes of the stride's harmonics 1 to `most`, into out[0] on; the stride's rows must be complete."""
    start, stop = first_row(start_s), first_row(start_s + stride_s)
    line = q["rows"][column]
    mean = mean_over(q, column, start, stop)
    turn = 2.0 * math.pi / (stride_s * BODY_RATE_HZ)
    phase = turn * (start - start_s * BODY_RATE_HZ)
    c, s = math.cos(phase), math.sin(phase)
    step_c, step_s = math.cos(turn), math.sin(turn)
    re, im = np.zeros(HARMONICS), np.zeros(HARMONICS)
    for i in range(start, stop):
        x = line[i % ROWS] - mean
        kc, ks = c, s
        for k in range(most):
            re[k] += x * kc
            im[k] += x * ks
            kc, ks = kc * c - ks * s, ks * c + kc * s
        c, s = c * step_c - s * step_s, s * step_c + c * step_s
    for k in range(most):
        out[k] = 2.0 / (stop - start) * math.hypot(re[k], im[k])
