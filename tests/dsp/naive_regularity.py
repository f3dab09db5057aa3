"""Slow, obvious twin of how dsp.gait measures the repetition of a bout, and the motion that the twins work on."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Motion:
    """Rows of 0.01 s from index 0; NaN verticals are rows that were lost."""

    v: Floats
    ml: Floats
    ap: Floats
    yaw_radps: Floats
    sure: Floats
    fresh: Floats

    def between(self, start_s: float, stop_s: float) -> NDArray[np.int64]:
        first, last = math.ceil(start_s * 100 - 1e-9), math.ceil(stop_s * 100 - 1e-9)
        return np.arange(first, last)


def autocorrelation(runs: list[Floats], lags: int) -> Floats:
    """Unbiased, of all runs together, each lag a plain double sum; 1 at lag 0."""
    mean = np.concatenate(runs).mean()
    found = []
    for lag in range(lags):
        pairs = [(run[i] - mean) * (run[i + lag] - mean) for run in runs for i in range(len(run) - lag)]
        found.append(np.mean(pairs) if pairs else 0.0)
    return np.array(found) / found[0]


def runs_of(motion: Motion, contacts_s: list[float]) -> list[Floats]:
    """The bout's vertical acceleration at 50 Hz, cut where rows are missing."""
    first, last = math.ceil(contacts_s[0] * 100 - 1e-9), math.ceil(contacts_s[-1] * 100 - 1e-9)
    runs: list[list[float]] = [[]]
    for tick in range(math.ceil(first / 2), last // 2):
        value = 0.5 * (motion.v[2 * tick] + motion.v[2 * tick + 1])
        if math.isnan(value):
            runs.append([])
        else:
            runs[-1].append(value)
    return [np.array(run) for run in runs if run]


def highest_peak(likeness: Floats, low_s: float, high_s: float, rate_hz: int = 50) -> float:
    """Highest vertex of the parabolas through the local maxima in the range."""
    heights = []
    for lag in range(max(1, int(low_s * rate_hz)), min(len(likeness) - 2, int(high_s * rate_hz) + 1) + 1):
        before, here, after = likeness[lag - 1 : lag + 2]
        if here >= before and here > after:
            a, b, c = np.polyfit([-1, 0, 1], [before, here, after], 2)
            heights.append(c - b * b / (4 * a))
    return max(heights, default=math.nan)


def regularity(motion: Motion, contacts_s: list[float], usual_s: float) -> tuple[float, float]:
    runs = runs_of(motion, contacts_s)
    if sum(map(len, runs)) < 4 * usual_s * 50:
        return math.nan, math.nan
    likeness = autocorrelation(runs, 208)
    return highest_peak(likeness, 0.35 * usual_s, 0.65 * usual_s), highest_peak(likeness, 0.7 * usual_s, 1.3 * usual_s)


def lately(motion: Motion, first_s: float, last_s: float, usual_s: float) -> tuple[float, float]:
    """Regularity of the rows between two contacts, 18 s at most and from the last hole on, in means over 0.04 s."""
    rows = motion.between(first_s, last_s)[-1800:]
    holes = np.flatnonzero(np.isnan(motion.v[rows]))
    rows = rows[holes[-1] + 1 :] if holes.size else rows
    n = len(rows) // 4
    if n < 4 * usual_s * 25:
        return math.nan, math.nan
    x = motion.v[rows[len(rows) - 4 * n :]].reshape(n, 4).mean(axis=1)
    likeness = autocorrelation([x], min(int(1.3 * usual_s * 25) + 3, n))
    return (
        highest_peak(likeness, 0.35 * usual_s, 0.65 * usual_s, 25),
        highest_peak(likeness, 0.7 * usual_s, 1.3 * usual_s, 25),
    )
