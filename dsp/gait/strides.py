"""What one contact, and the stride that it completes, say: one row of facts."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats
from dsp.gait.lengths import model_length
from dsp.gait.matching import matched
from dsp.gait.past import (
    BRIDGED,
    FASTEST_STRIDE_S,
    FORWARD,
    FRESH,
    HARMONICS,
    SIDEWAYS,
    SLOWEST_STRIDE_S,
    SURE,
    VERTICAL,
    YAW_RATE,
    amplitudes,
    complete,
    first_row,
    heading_change,
    mean_over,
)
from dsp.kernels import Record, kernel

# Columns of a row of facts. NaN is not known; BREAK, STRAIGHT and LOST are 1 or 0.
TIME_S, STEP_S, STRIDE_S, MATCHED_S, BREAK, STRAIGHT, LOST, LENGTH_M, HARMONICS_USED = range(9)
# From here on, what is averaged over strides, in the order of MEANS.
FIRST_MEAN = 9
MEANS = 9
OF_RATIO_V, OF_RATIO_AP, OF_RATIO_ML, OF_SMOOTHNESS, OF_SUPPORT, OF_STANCE, OF_SWING, OF_SURE, OF_BRIDGED = range(MEANS)
FACTS = FIRST_MEAN + MEANS

STEADY = 0.2  # share by which neighbouring strides may differ before the order of the steps is in doubt
# A turn's strides, and those half a stride away from it, are not part of the variability of walking: 20 degrees of
# yaw from half a stride before to half a stride after. On voisard's 58 walks the mean error of the spread is 12 ms with
# the stride alone, 10 ms so; 15 and 30 degrees do about the same.
TURN_RAD, AROUND = 0.35, 0.5
SURE_OF_FORWARD = 0.75  # frame confidence
USABLE_SHARE = 0.4  # of the sensor's rate: harmonics above are not there
LEAST_HARMONICS = 8
# Smoothness: the jerk is taken between means over this many rows, which leaves out what is faster than 11 Hz; a
# sensor must bring one sample for each.
JERK_ROWS = 4


@kernel
def forget(facts: Floats) -> None:
    """Nothing is known yet."""
    facts[:] = np.nan
    facts[BREAK] = 0.0
    facts[STRAIGHT] = 0.0
    facts[LOST] = 0.0


@kernel
def stride_facts(
    past: Record, p: Record, start_s: float, t: float, before_s: float, own_length_m: float, ratios: bool, facts: Floats
) -> None:
    """Fills in what the stride from start_s to t says. before_s: duration of the stride before, 0 where there is none.

    own_length_m: as a foot's sensor measured it, else NaN. ratios: whether the harmonic ratios are wanted.
    """
    stride_s = t - start_s
    facts[STRIDE_S] = stride_s
    steady = abs(stride_s - before_s) < STEADY * before_s
    if before_s > 0.0 and not steady:
        facts[BREAK] = 1.0
    start, stop = first_row(start_s), first_row(t)
    known = FASTEST_STRIDE_S <= stride_s <= SLOWEST_STRIDE_S and complete(past, start, stop)
    facts[STRAIGHT] = 1.0
    facts[MATCHED_S] = stride_s
    facts[LENGTH_M] = own_length_m
    if not known:
        facts[LOST] = 1.0 if stride_s <= SLOWEST_STRIDE_S else 0.0
        return
    around = math.floor(AROUND * stride_s * BODY_RATE_HZ)
    turning = abs(heading_change(past, start - around, stop + around)) > TURN_RAD
    if turning:
        facts[STRAIGHT] = 0.0
    elif p["contacts_per_stride"] > 1.5:
        again_s = matched(past, start_s, stride_s)
        if not math.isnan(again_s):
            facts[MATCHED_S] = 0.5 * (stride_s + again_s)
    means = facts[FIRST_MEAN:]
    means[OF_SURE] = mean_over(past, SURE, start, stop)
    means[OF_BRIDGED] = mean_over(past, BRIDGED, start, stop)
    if math.isnan(own_length_m):
        yaw_radps = mean_over(past, YAW_RATE, start, stop)
        facts[LENGTH_M] = model_length(past, p, start_s, stride_s, yaw_radps)
    fresh_hz = mean_over(past, FRESH, start, stop) * BODY_RATE_HZ
    if steady and not turning:
        if fresh_hz >= BODY_RATE_HZ / JERK_ROWS:
            means[OF_SMOOTHNESS] = smoothness(past, start, stop)
        if ratios and p["trunk"] > 0.5:
            harmonic_ratios(past, start_s, stride_s, fresh_hz * stride_s, facts)


@kernel
def harmonic_ratios(past: Record, start_s: float, stride_s: float, samples: float, facts: Floats) -> None:
    """Harmonic ratios of one stride: even over odd amplitudes, sideways odd over even (Bellanca 2013)."""
    used = min(2 * int(0.5 * USABLE_SHARE * samples + 1e-6), HARMONICS)  # exactly whole ones count
    if used < LEAST_HARMONICS:
        return
    facts[HARMONICS_USED] = used
    means = facts[FIRST_MEAN:]
    sizes = np.empty(HARMONICS)
    for which in range(3):
        column = VERTICAL
        if which > 0:
            column = FORWARD if which == 1 else SIDEWAYS
            if means[OF_SURE] < SURE_OF_FORWARD:
                return
        amplitudes(past, column, start_s, stride_s, used, sizes)
        odd, even = 0.0, 0.0
        for k in range(0, used, 2):
            odd += sizes[k]
            even += sizes[k + 1]
        if which == 2:
            odd, even = even, odd
        if odd > 1e-9:
            means[OF_RATIO_V + which] = even / odd


@kernel
def smoothness(past: Record, start: int, stop: int) -> float:
    """Log dimensionless jerk of the acceleration over rows start to stop - 1 (Melendez-Calderon 2021, LDLJ-A).

    Minus the natural logarithm of duration times the integral of the squared jerk over the squared peak acceleration,
    gravity and the stride's mean taken out, all three axes together: it does not depend on the mounting. Nearer to
    zero is smoother.
    """
    n = (stop - start) // JERK_ROWS
    step_s = JERK_ROWS / BODY_RATE_HZ
    rows = past["rows"]
    ticks = np.zeros((3, n))
    peak = np.zeros(n)
    jerk = 0.0
    for axis in range(3):
        mean = 0.0
        for k in range(n):
            for i in range(start + k * JERK_ROWS, start + (k + 1) * JERK_ROWS):
                ticks[axis, k] += rows[VERTICAL + axis, i % rows.shape[1]] / JERK_ROWS
            mean += ticks[axis, k] / n
        for k in range(n):
            off = ticks[axis, k] - mean
            peak[k] += off * off
            if k > 0:
                change = (ticks[axis, k] - ticks[axis, k - 1]) / step_s
                jerk += change * change * step_s
    most = peak.max()
    return -math.log(n * step_s * jerk / most) if most > 1e-9 and jerk > 0.0 else math.nan
