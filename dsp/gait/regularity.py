"""How well a bout's vertical acceleration repeats itself a step and a stride later."""

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats
from dsp.gait.past import ROWS, VERTICAL
from dsp.kernels import Record, kernel

RATE_HZ = 50.0  # lags of 20 ms; peaks are interpolated between them
PER_LAG = round(BODY_RATE_HZ / RATE_HZ)
LAGS = 208  # 4.2 s: beyond the slowest stride (3.06 s, clinical reference §3.2) by 30 %
KEPT = 256
LATELY_HZ = 25.0  # enough for the second harmonic, whose peaks these are: a quarter of the work
LATELY_ROWS = round(BODY_RATE_HZ / LATELY_HZ)
LATELY_MOST = ROWS - 248  # rows: what is sure to be still there when the step after the last one settled is sent
LEAST_STRIDES = 4.0  # clinical reference §3.2: bouts of 4.5 s at least (scikit-digital-health)
NEAR = 0.3  # the peak lies within this share of the usual stride around a stride and around half of one
NEAR_STEP = 0.15

REGULARITY_STATE = np.dtype(
    [
        ("next", np.int64),  # tick expected
        ("run", np.int64),  # ticks since the bout's start or the last break
        ("sum", np.float64),  # of this run
        ("ticks", np.int64),  # of all runs
        ("total", np.float64),
        ("kept", np.float64, (KEPT,)),  # the newest ticks of this run
        ("head", np.float64, (LAGS,)),  # sums of this run's first 0, 1, 2 ... ticks
        ("product", np.float64, (LAGS,)),  # sums over the bout's pairs of ticks a lag apart: of their products ...
        ("earlier", np.float64, (LAGS,)),  # ... and, of runs that ended, of the earlier one ...
        ("later", np.float64, (LAGS,)),  # ... of the later one ...
        ("pairs", np.int64, (LAGS,)),  # ... and how many
    ],
    align=True,
)


@kernel
def begin(a: Record, index: int) -> None:
    """A bout starts with this row."""
    a["next"] = (index + PER_LAG - 1) // PER_LAG
    a["run"] = 0
    a["sum"] = 0.0
    a["ticks"] = 0
    a["total"] = 0.0
    a["product"][:] = 0.0
    a["earlier"][:] = 0.0
    a["later"][:] = 0.0
    a["pairs"][:] = 0


@kernel
def take_until(a: Record, past: Record, index: int) -> None:
    """Takes the bout's rows up to, not including, this one; where rows are missing a new run begins."""
    line, stamp = past["rows"][VERTICAL], past["index"]
    while (a["next"] + 1) * PER_LAG <= index:
        first = a["next"] * PER_LAG
        a["next"] += 1
        x = 0.0
        there = True
        for i in range(first, first + PER_LAG):
            x += line[i % ROWS] / PER_LAG
            there = there and stamp[i % ROWS] == i + 1
        if there:
            add(a, x)
        else:
            end_run(a)


@kernel
def add(a: Record, x: float) -> None:
    """One tick more in this run."""
    n = a["run"]
    kept, product = a["kept"], a["product"]
    kept[n % KEPT] = x
    if n < LAGS:
        a["head"][n] = a["sum"]
    for lag in range(min(n + 1, LAGS)):
        product[lag] += x * kept[(n - lag) % KEPT]
    a["sum"] += x
    a["total"] += x
    a["run"] = n + 1
    a["ticks"] += 1


@kernel
def end_run(a: Record) -> None:
    """Books the sums of the run's ticks that have a partner a lag later, and a lag earlier."""
    n = a["run"]
    tail = 0.0
    for lag in range(min(n, LAGS)):
        if lag > 0:
            tail += a["kept"][(n - lag) % KEPT]
        a["earlier"][lag] += a["sum"] - tail
        a["later"][lag] += a["sum"] - a["head"][lag]
        a["pairs"][lag] += n - lag
    a["run"] = 0
    a["sum"] = 0.0


@kernel
def likeness(a: Record, lag: int) -> float:
    """Unbiased autocorrelation, 1 at lag 0 (Moe-Nilssen and Helbostad 2004); every run must have ended."""
    n = a["pairs"][lag]
    if n == 0:
        return 0.0
    mean = a["total"] / a["ticks"]
    own = a["product"][0] / a["ticks"] - mean * mean
    both = (a["product"][lag] - mean * (a["earlier"][lag] + a["later"][lag])) / n + mean * mean
    return float(both / own) if own > 1e-9 else 0.0


@kernel
def peak(line: Floats, rate_hz: float, low_s: float, high_s: float) -> float:
    """Height of the highest local maximum at lags of low to high seconds, NaN where there is none."""
    best = np.nan
    first, last = max(1, int(low_s * rate_hz)), min(line.shape[0] - 2, int(high_s * rate_hz) + 1)
    for lag in range(first, last + 1):
        before, here, after = line[lag - 1], line[lag], line[lag + 1]
        if here >= before and here > after:
            bend = before - 2.0 * here + after
            height = here - 0.125 * (before - after) * (before - after) / bend
            if not height <= best:
                best = height
    return float(best)


@kernel
def peaks(line: Floats, rate_hz: float, stride_s: float) -> tuple[float, float]:
    """Heights of the peaks at a step and at a stride."""
    step = peak(line, rate_hz, (0.5 - NEAR_STEP) * stride_s, (0.5 + NEAR_STEP) * stride_s)
    return step, peak(line, rate_hz, (1.0 - NEAR) * stride_s, (1.0 + NEAR) * stride_s)


@kernel
def regularity(a: Record, stride_s: float) -> tuple[float, float]:
    """Heights of the peaks at a step and at a stride; NaN for a bout shorter than LEAST_STRIDES."""
    end_run(a)
    if not a["ticks"] >= LEAST_STRIDES * stride_s * RATE_HZ:
        return np.nan, np.nan
    line = np.empty(LAGS)
    for lag in range(LAGS):
        line[lag] = likeness(a, lag)
    return peaks(line, RATE_HZ, stride_s)


@kernel
def lately(past: Record, start: int, stop: int, stride_s: float) -> tuple[float, float]:
    """The same of rows start to stop - 1, of the last 18 s of them at most and from the last hole on, more coarsely."""
    start = max(start, stop - LATELY_MOST)
    for i in range(stop - 1, start - 1, -1):
        if past["index"][i % ROWS] != i + 1:
            start = i + 1
            break
    n = (stop - start) // LATELY_ROWS
    lags = min(int((1.0 + NEAR) * stride_s * LATELY_HZ) + 3, n)
    if n < LEAST_STRIDES * stride_s * LATELY_HZ:
        return np.nan, np.nan
    x = np.zeros(n)
    for k in range(n):
        for i in range(stop - (n - k) * LATELY_ROWS, stop - (n - k - 1) * LATELY_ROWS):
            x[k] += past["rows"][VERTICAL, i % ROWS]
    x -= x.mean()
    own = (x @ x) / n
    line = np.zeros(lags)
    if own > 1e-9:
        for lag in range(max(0, int((0.5 - NEAR_STEP) * stride_s * LATELY_HZ) - 1), lags):
            line[lag] = (x[: n - lag] @ x[lag:]) / (n - lag) / own
    return peaks(line, LATELY_HZ, stride_s)
