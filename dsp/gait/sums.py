"""Facts of single strides, folded into what is told of a bout or of the last seconds."""

import math

import numpy as np

from dsp.body import Floats
from dsp.gait import columns as c
from dsp.gait.lengths import expected_error
from dsp.gait.past import HARMONICS
from dsp.gait.strides import (
    BREAK,
    FIRST_MEAN,
    HARMONICS_USED,
    LENGTH_M,
    LOST,
    MATCHED_S,
    MEANS,
    OF_BRIDGED,
    OF_RATIO_V,
    OF_SMOOTHNESS,
    OF_STANCE,
    OF_SUPPORT,
    OF_SURE,
    OF_SWING,
    STEP_S,
    STRAIGHT,
    STRIDE_S,
)
from dsp.kernels import Record, kernel

BINS, BIN_S = 200, 0.02
LEAST_STRIDES = 10  # for a spread; n is reported with it (clinical reference §3.2 asks for 30 to 50)
LEAST_STEPS = 12  # for an asymmetry
LEAST_RUN = 6  # steps without a missed or doubled contact, or which of them belong together is not known
LEAST_MEANT = 3  # strides for a mean of ratios, smoothness and the like
LEAST_LENGTHS = 3
# A stride this much off the bout's median has a missed contact, a doubled one or a pause in it. On voisard's 58 walks
# (lower back, turns left out) the spread's mean error is 14 ms, with 0.6 to 1.5 17 ms.
SHORTEST_SHARE, LONGEST_SHARE = 0.75, 1.33

SUMS_STATE = np.dtype(
    [
        ("strides", np.int64),
        ("lost", np.int64),
        ("straight", np.float64, (3, BINS)),  # strides outside turns by duration: number, sums of s and s²
        ("lengths", np.float64, (3, BINS)),  # strides of known length by duration: number, sums of s and m
        ("run", np.float64, (2,)),  # sums of every other step since the order was last in doubt
        ("run_steps", np.int64),
        ("uneven", np.float64, (2,)),  # steps in runs, and the sum of their asymmetries
        ("means", np.float64, (2, MEANS)),  # number and sum
        ("harmonics", np.int64),  # fewest
    ],
    align=True,
)


@kernel
def clear(s: Record) -> None:
    """Nothing has been taken."""
    s["strides"] = 0
    s["lost"] = 0
    s["straight"][:] = 0.0
    s["lengths"][:] = 0.0
    s["run_steps"] = 0
    s["uneven"][:] = 0.0
    s["means"][:] = 0.0
    s["harmonics"] = HARMONICS


@kernel
def gather(s: Record, facts: Floats) -> None:
    """Takes one contact's facts, in the order of time."""
    if facts[BREAK] > 0.5:
        end_run(s)
    stride_s = facts[STRIDE_S]
    if not math.isnan(stride_s):
        s["strides"] += 1
        s["lost"] += int(facts[LOST])
        book_length(s, facts, 1.0)
        took_s = facts[MATCHED_S]
        at = int(took_s / BIN_S)
        if facts[STRAIGHT] > 0.5 and at < BINS:
            s["straight"][0, at] += 1.0
            s["straight"][1, at] += took_s
            s["straight"][2, at] += took_s * took_s
        for k in range(MEANS):
            if not math.isnan(facts[FIRST_MEAN + k]):
                s["means"][0, k] += 1.0
                s["means"][1, k] += facts[FIRST_MEAN + k]
        if not math.isnan(facts[HARMONICS_USED]):
            s["harmonics"] = min(s["harmonics"], int(facts[HARMONICS_USED]))
    if not math.isnan(facts[STEP_S]):
        alternate(s, facts[STEP_S])


@kernel
def book_length(s: Record, facts: Floats, sign: float) -> None:
    """Adds a stride's length where it is known, or takes it out again."""
    at = int(facts[STRIDE_S] / BIN_S)
    if at < BINS and not math.isnan(facts[LENGTH_M]):
        s["lengths"][0, at] += sign
        s["lengths"][1, at] += sign * facts[STRIDE_S]
        s["lengths"][2, at] += sign * facts[LENGTH_M]


@kernel
def alternate(s: Record, step_s: float) -> None:
    """Adds a step to its own foot's, whichever that is."""
    n = s["run_steps"]
    if n == 0:
        s["run"][:] = 0.0
    s["run"][n % 2] += step_s
    s["run_steps"] = n + 1


@kernel
def end_run(s: Record) -> None:
    """Which step belongs to which foot is in doubt: books what the steps so far say."""
    n, run = s["run_steps"], s["run"]
    if n >= LEAST_RUN:
        even, odd = run[0] / ((n + 1) // 2), run[1] / (n // 2)
        s["uneven"][0] += n
        s["uneven"][1] += n * abs(even - odd) / (0.5 * (even + odd))
    s["run_steps"] = 0


@kernel
def tell(s: Record, p: Record, usual_stride_s: float, out: Floats) -> None:
    """What the strides say together, into out's columns; the regularities are not in it."""
    out[:] = np.nan
    out[c.USUAL_STRIDE_S] = usual_stride_s
    end_run(s)
    spread(s, usual_stride_s, out)
    if s["uneven"][0] >= LEAST_STEPS:
        out[c.ASYMMETRY] = s["uneven"][1] / s["uneven"][0]
    for which in range(3):
        out[c.RATIO_V + which] = mean_of(s, OF_RATIO_V + which)
    if not math.isnan(out[c.RATIO_V]):
        out[c.HARMONICS_USED] = s["harmonics"]
    out[c.SMOOTHNESS] = mean_of(s, OF_SMOOTHNESS)
    out[c.DOUBLE_SUPPORT] = mean_of(s, OF_SUPPORT)
    out[c.STANCE_S] = mean_of(s, OF_STANCE)
    out[c.SWING_S] = mean_of(s, OF_SWING)
    out[c.SURE_SHARE] = mean_of(s, OF_SURE)
    out[c.BRIDGED_SHARE] = mean_of(s, OF_BRIDGED)
    if s["strides"] > 0:
        out[c.LOST_SHARE] = s["lost"] / s["strides"]
    travel(s, p, usual_stride_s, out)


@kernel
def mean_of(s: Record, which: int) -> float:
    """Mean over the strides in which it is known, NaN with too few."""
    n = s["means"][0, which]
    return float(s["means"][1, which] / n) if n >= LEAST_MEANT else math.nan


@kernel
def spread(s: Record, usual_stride_s: float, out: Floats) -> None:
    """Number of strides outside turns whose contacts are all there, the spread of their durations, and the others."""
    every, n, total, squares = 0.0, 0.0, 0.0, 0.0
    numbers, sums, sums_of_squares = s["straight"][0], s["straight"][1], s["straight"][2]
    for at in range(BINS):
        if numbers[at] > 0.0:
            every += numbers[at]
            share = sums[at] / numbers[at] / usual_stride_s
            if SHORTEST_SHARE <= share <= LONGEST_SHARE:
                n += numbers[at]
                total += sums[at]
                squares += sums_of_squares[at]
    out[c.STRIDES] = n
    if every > 0.0:
        out[c.IRREGULAR_SHARE] = 1.0 - n / every
    if n >= LEAST_STRIDES:
        mean = total / n
        out[c.STRIDE_SD_S] = math.sqrt(max(squares - n * mean * mean, 0.0) / (n - 1.0))
        out[c.STRIDE_CV] = out[c.STRIDE_SD_S] / mean


@kernel
def travel(s: Record, p: Record, usual_stride_s: float, out: Floats) -> None:
    """Mean stride length, speed over those strides and its expected error, distance from standing to the last contact.

    Before the first contact the trunk has gone half a step; every further contact is a step more, whose length is the
    mean where it could not be measured. A foot goes a stride from contact to contact.
    """
    stride_m = pace(s, p, usual_stride_s, out)
    if p["contacts_per_stride"] > 1.5:
        out[c.DISTANCE_M] = 0.5 * stride_m * (s["strides"] + 1.5)
    else:
        out[c.DISTANCE_M] = stride_m * (s["strides"] + 0.5)


@kernel
def pace(s: Record, p: Record, usual_stride_s: float, out: Floats) -> float:
    """Mean stride length, which is returned too, speed over those strides and its expected error; NaN with too few."""
    n, seconds, metres = 0.0, 0.0, 0.0
    numbers, sums, sums_of_lengths = s["lengths"][0], s["lengths"][1], s["lengths"][2]
    for at in range(BINS):
        if numbers[at] > 0.0 and sums[at] / numbers[at] <= LONGEST_SHARE * usual_stride_s:
            n += numbers[at]
            seconds += sums[at]
            metres += sums_of_lengths[at]
    if n < LEAST_LENGTHS:
        return math.nan
    out[c.STRIDE_LENGTH_M] = metres / n
    out[c.SPEED_MPS] = metres / seconds
    out[c.SPEED_ERROR_MPS] = expected_error(p, out[c.SPEED_MPS], n)
    return float(metres / n)
