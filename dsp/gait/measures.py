"""What is measured over a bout, stride by stride, once its contacts are settled."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats
from dsp.gait.past import (
    FASTEST_STRIDE_S,
    FORWARD,
    FRESH,
    HARMONICS,
    PAST_STATE,
    SIDEWAYS,
    SLOWEST_STRIDE_S,
    SURE,
    VERTICAL,
    YAW_RATE,
    amplitudes,
    complete,
    first_row,
    mean_over,
)
from dsp.gait.regularity import REGULARITY_STATE, begin, regularity, take_until
from dsp.kernels import Record, kernel

# Measured columns of an emitted bout, from 0; NaN is not known.
STRIDES, STRIDE_SD_S, STRIDE_CV, ASYMMETRY, STEP_REGULARITY, STRIDE_REGULARITY = range(6)
RATIO_V, RATIO_AP, RATIO_ML, HARMONICS_USED, STRIDE_LENGTH_M, SPEED_MPS, DISTANCE_M, SPEED_ERROR_MPS = range(6, 14)
MEASURED_COLUMNS = 14

BINS, BIN_S = 200, 0.02
LEAST_STRIDES = 10  # for a spread; n is reported with it (clinical reference §3.2 asks for 30 to 50)
LEAST_STEPS = 12  # for an asymmetry
LEAST_RUN = 6  # steps without a missed or doubled contact, or which of them belong together is not known
LEAST_RATIOS = 3
LEAST_HARMONICS = 8
LEAST_LENGTHS = 3
# A stride this much off the bout's median has a missed contact, a doubled one or a pause in it. On voisard's 58 walks
# (lower back, turns left out) the spread's mean error is 14 ms, with 0.6 to 1.5 17 ms.
SHORTEST_SHARE, LONGEST_SHARE = 0.75, 1.33
STEADY = 0.2  # share by which neighbouring strides may differ before the order of the steps is in doubt
TURN_RAD = 0.35  # 20 degrees of yaw within a stride: a turn's strides are not part of the variability of walking
SURE_OF_FORWARD = 0.75  # frame confidence
USABLE_SHARE = 0.4  # of the sensor's rate: harmonics above are not there

# Inverted pendulum (Zijlstra and Hof 2003): a step's length is FACTOR * 2 * sqrt(2 l h - h²), l the sensor's height and
# h the vertical excursion of the trunk, here that of the stride's second harmonic alone: it is what both steps share,
# and drift, turning and heel strike are not in it. FACTOR 1.20 fits the straight parts of 52 walks of nine people
# (voisard), mean error 5.8 % for the person left out; published: 1.185 (mobgap, all MsProject), 1.25 (the paper).
FACTOR = 1.20
# Turning the trunk lifts it without carrying it forward: lengths shrink by 1/sqrt(1 + (rate / this)²). Chosen on the
# 58 U-turns of voisard and the two people of mobgap; mean error of their stride lengths 0.110 m without, 0.080 m with.
TURN_RADPS = 1.0
# Mean error of a speed: this share between people, which no number of strides removes, and this much a stride. Chosen
# so that it comes to 0.09 m/s on mobgap's bouts, where the error was 0.095. Slow walkers are over-estimated by every
# trunk pendulum, by 0.15 m/s below 0.4 m/s (clinical reference §6.2, 1 955 bouts): such a speed says so.
SHARE_BETWEEN, WITHIN_MPS, SLOW_EXCESS_MPS = 0.06, 0.3, 0.15
SLOW_MPS, USUAL_MPS = 0.55, 0.85  # as estimated, excess included: the excess may be whole, and is gone

MEASURES_STATE = np.dtype(
    [
        ("past", PAST_STATE),
        ("repeats", REGULARITY_STATE),
        ("taken", np.int64),  # contacts of the bout
        ("both_feet", np.int64),  # 1: the sensor feels both
        ("last_s", np.float64),
        ("before_s", np.float64),
        ("stride_before_s", np.float64),  # the last stride, 0 where there is none
        ("strides", np.int64),
        ("straight", np.float64, (3, BINS)),  # strides outside turns by duration: number, sums of s and s²
        ("lengths", np.float64, (3, BINS)),  # strides of known length by duration: number, sums of s and m
        ("run", np.float64, (2,)),  # sums of every other step since the order was last in doubt
        ("run_steps", np.int64),
        ("uneven", np.float64, (2,)),  # steps in runs, and the sum of their asymmetries
        ("ratio_until_s", np.float64),
        ("ratios", np.float64, (3, 2)),  # vertical, forward, sideways: number and sum
        ("harmonics", np.int64),  # fewest
    ],
    align=True,
)


@kernel
def start_over(m: Record) -> None:
    """Another bout begins; what has been seen stays."""
    m["taken"] = 0
    m["stride_before_s"] = 0.0
    m["strides"] = 0
    m["straight"][:] = 0.0
    m["lengths"][:] = 0.0
    m["run_steps"] = 0
    m["uneven"][:] = 0.0
    m["ratio_until_s"] = -1.0
    m["ratios"][:] = 0.0
    m["harmonics"] = HARMONICS


@kernel
def measure(m: Record, t: float, contacts_per_stride: float, pendulum_m: float, trunk: bool) -> None:
    """Takes the bout's next contact."""
    n = m["taken"]
    if n == 0:
        start_over(m)
        begin(m["repeats"], first_row(t))
        m["both_feet"] = 1 if contacts_per_stride > 1.5 else 0
    else:
        take_until(m["repeats"], m["past"], first_row(t))
        if contacts_per_stride < 1.5:
            stride(m, m["last_s"], t, pendulum_m, trunk)
        else:
            if n >= 2:
                stride(m, m["before_s"], t, pendulum_m, trunk)
            alternate(m, t - m["last_s"])
    m["before_s"] = m["last_s"]
    m["last_s"] = t
    m["taken"] = n + 1


@kernel
def alternate(m: Record, step_s: float) -> None:
    """Adds a step to its own foot's, whichever that is."""
    n = m["run_steps"]
    if n == 0:
        m["run"][:] = 0.0
    m["run"][n % 2] += step_s
    m["run_steps"] = n + 1


@kernel
def end_run(m: Record) -> None:
    """Which step belongs to which foot is in doubt: books what the steps so far say."""
    n, run = m["run_steps"], m["run"]
    if n >= LEAST_RUN:
        even, odd = run[0] / ((n + 1) // 2), run[1] / (n // 2)
        m["uneven"][0] += n
        m["uneven"][1] += n * abs(even - odd) / (0.5 * (even + odd))
    m["run_steps"] = 0


@kernel
def stride(m: Record, start_s: float, t: float, pendulum_m: float, trunk: bool) -> None:
    """Takes one stride."""
    past = m["past"]
    stride_s, before_s = t - start_s, m["stride_before_s"]
    steady = abs(stride_s - before_s) < STEADY * before_s
    if before_s > 0.0 and not steady:
        end_run(m)
    m["stride_before_s"] = stride_s
    m["strides"] += 1
    start, stop = first_row(start_s), first_row(t)
    known = FASTEST_STRIDE_S <= stride_s <= SLOWEST_STRIDE_S and complete(past, start, stop)
    yaw_radps = mean_over(past, YAW_RATE, start, stop) if known else np.nan
    turning = abs(yaw_radps) * stride_s > TURN_RAD
    at = int(stride_s / BIN_S)
    if at < BINS and not turning:
        m["straight"][0, at] += 1.0
        m["straight"][1, at] += stride_s
        m["straight"][2, at] += stride_s * stride_s
    if known and pendulum_m > 0.0:
        m["lengths"][0, at] += 1.0
        m["lengths"][1, at] += stride_s
        m["lengths"][2, at] += length(past, start_s, stride_s, yaw_radps, pendulum_m)
    if known and trunk and steady and not turning and start_s >= m["ratio_until_s"]:
        m["ratio_until_s"] = t
        ratios(m, start_s, stride_s)


@kernel
def length(past: Record, start_s: float, stride_s: float, yaw_radps: float, pendulum_m: float) -> float:
    """Stride length in metres from the trunk's vertical excursion; without a rate nobody turns."""
    sizes = np.empty(HARMONICS)
    amplitudes(past, VERTICAL, start_s, stride_s, 2, sizes)
    radps = 4.0 * math.pi / stride_s
    h = min(2.0 * sizes[1] / (radps * radps), pendulum_m)
    turned = 0.0 if math.isnan(yaw_radps) else yaw_radps / TURN_RADPS
    return float(4.0 * FACTOR * math.sqrt(2.0 * pendulum_m * h - h * h) / math.sqrt(1.0 + turned * turned))


@kernel
def ratios(m: Record, start_s: float, stride_s: float) -> None:
    """Harmonic ratios of one stride: even over odd amplitudes, sideways odd over even (Bellanca 2013)."""
    past = m["past"]
    start, stop = first_row(start_s), first_row(start_s + stride_s)
    fresh = mean_over(past, FRESH, start, stop) * BODY_RATE_HZ * stride_s
    used = min(2 * int(0.5 * USABLE_SHARE * fresh), HARMONICS)
    if used < LEAST_HARMONICS:
        return
    m["harmonics"] = min(m["harmonics"], used)
    sizes = np.empty(HARMONICS)
    sure = mean_over(past, SURE, start, stop) >= SURE_OF_FORWARD
    for which in range(3):
        column = VERTICAL
        if which > 0:
            column = FORWARD if which == 1 else SIDEWAYS
            if not sure:
                return
        amplitudes(past, column, start_s, stride_s, used, sizes)
        odd, even = 0.0, 0.0
        for k in range(0, used, 2):
            odd += sizes[k]
            even += sizes[k + 1]
        if which == 2:
            odd, even = even, odd
        if odd > 1e-9:
            m["ratios"][which, 0] += 1.0
            m["ratios"][which, 1] += even / odd


@kernel
def conclude(m: Record, usual_stride_s: float, out: Floats) -> None:
    """The bout is over: its measures into out[0] on. Nothing is known of a bout whose contacts were not all taken."""
    out[:MEASURED_COLUMNS] = np.nan
    if m["taken"] == 0:
        return
    end_run(m)
    spread(m, usual_stride_s, out)
    if m["uneven"][0] >= LEAST_STEPS:
        out[ASYMMETRY] = m["uneven"][1] / m["uneven"][0]
    step, out[STRIDE_REGULARITY] = regularity(m["repeats"], usual_stride_s)
    if m["both_feet"] == 1:
        out[STEP_REGULARITY] = step
    for which in range(3):
        if m["ratios"][which, 0] >= LEAST_RATIOS:
            out[RATIO_V + which] = m["ratios"][which, 1] / m["ratios"][which, 0]
            out[HARMONICS_USED] = m["harmonics"]
    travel(m, usual_stride_s, out)
    m["taken"] = 0


@kernel
def spread(m: Record, usual_stride_s: float, out: Floats) -> None:
    """Number of strides outside turns whose contacts are all there, and the spread of their durations."""
    n, total, squares = 0.0, 0.0, 0.0
    numbers, sums, sums_of_squares = m["straight"][0], m["straight"][1], m["straight"][2]
    for at in range(BINS):
        if numbers[at] > 0.0:
            share = sums[at] / numbers[at] / usual_stride_s
            if SHORTEST_SHARE <= share <= LONGEST_SHARE:
                n += numbers[at]
                total += sums[at]
                squares += sums_of_squares[at]
    out[STRIDES] = n
    if n >= LEAST_STRIDES:
        mean = total / n
        out[STRIDE_SD_S] = math.sqrt(max(squares - n * mean * mean, 0.0) / (n - 1.0))
        out[STRIDE_CV] = out[STRIDE_SD_S] / mean


@kernel
def travel(m: Record, usual_stride_s: float, out: Floats) -> None:
    """Mean stride length, speed over those strides, distance from standing to the last contact, expected error.

    Before the first contact the trunk has gone half a step; every further contact is a step more, whose length is the
    mean where it could not be measured.
    """
    n, seconds, metres = 0.0, 0.0, 0.0
    numbers, sums, sums_of_lengths = m["lengths"][0], m["lengths"][1], m["lengths"][2]
    for at in range(BINS):
        if numbers[at] > 0.0 and sums[at] / numbers[at] <= LONGEST_SHARE * usual_stride_s:
            n += numbers[at]
            seconds += sums[at]
            metres += sums_of_lengths[at]
    if n < LEAST_LENGTHS:
        return
    out[STRIDE_LENGTH_M] = metres / n
    out[SPEED_MPS] = metres / seconds
    out[DISTANCE_M] = 0.5 * metres / n * (m["strides"] + 1.5)
    slow = min(1.0, max(0.0, (USUAL_MPS - out[SPEED_MPS]) / (USUAL_MPS - SLOW_MPS)))
    random = math.hypot(SHARE_BETWEEN * out[SPEED_MPS], WITHIN_MPS / math.sqrt(n))
    out[SPEED_ERROR_MPS] = math.hypot(random, slow * SLOW_EXCESS_MPS)
