"""From samples of each activity to a day: a stratified estimate, with two 95 % intervals.

Of day d and class c an amount E is done and s of it was sampled, in which k things were counted. The day's own estimate
is the sum of k·E/s over the classes (Horvitz and Thompson 1952), and the mean over all days is what is told. Whatever a
class was sampled too little of thus shows in the interval, not in the estimate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

RESAMPLES = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Sampled:
    """One class of one day: so much of it is done, so much of that was sampled."""

    day: int
    activity: str
    amount: float
    sampled: float

    @property
    def weight(self) -> float:
        """How many of the day each sampled one stands for. Raises ValueError for something done but never sampled."""
        if self.sampled <= 0.0:
            raise ValueError(f"{self.activity} of day {self.day} is done but was not sampled")
        return self.amount / self.sampled


@dataclass(frozen=True, slots=True)
class Estimate:
    """Per day. `counted` is what stands behind it; the interval is the wider one of `poisson` and `people`."""

    per_day: float
    low: float
    high: float
    counted: float

    def times(self, factor: float) -> "Estimate":
        return Estimate(factor * self.per_day, factor * self.low, factor * self.high, self.counted)


def estimated(strata: Sequence[Sampled], counts: Sequence[float], days: int) -> Estimate:
    """`counts` belong to `strata`, in order; `days` are all days, also those on which none of the classes is done."""
    if len(strata) != len(counts):
        raise ValueError(f"{len(counts)} counts for {len(strata)} strata")
    if days < 1:
        raise ValueError("an estimate needs at least one day")
    weights = np.array([one.weight for one in strata]) / days
    counted = np.array(counts, dtype=float)
    of_day: dict[int, float] = {}
    for one, weight, count in zip(strata, weights, counted, strict=True):
        of_day[one.day] = of_day.get(one.day, 0.0) + float(weight * count)
    low, high = poisson(weights, counted)
    among = np.array([*of_day.values(), *[0.0] * (days - len(of_day))]) * days
    least, most = people(among)
    return Estimate(float(weights @ counted), min(low, least), max(high, most), float(counted.sum()))


def poisson(weights: NDArray[np.float64], counts: NDArray[np.float64]) -> tuple[float, float]:
    """Interval of a weighted sum of Poisson counts (Fay and Feuer 1997), never too narrow; of none counted up to
    3.69 of the largest weight."""
    if not weights.size:
        return 0.0, 0.0
    total, variance, largest = float(weights @ counts), float(weights**2 @ counts), float(weights.max())
    tail = (1.0 - LEVEL) / 2.0
    low = 0.0
    if variance > 0.0:
        low = variance / (2.0 * total) * float(chi2.ppf(tail, 2.0 * total**2 / variance))
    more, wider = total + largest, variance + largest**2
    return low, wider / (2.0 * more) * float(chi2.ppf(1.0 - tail, 2.0 * more**2 / wider))


def people(of_day: NDArray[np.float64]) -> tuple[float, float]:
    """Percentile bootstrap over days, each another person's: who does a thing the wrong way does so again."""
    rng = np.random.default_rng(len(of_day))
    means = [float(rng.choice(of_day, of_day.size).mean()) for _ in range(RESAMPLES)]
    tail = 50.0 * (1.0 - LEVEL)
    return float(np.percentile(means, tail)), float(np.percentile(means, 100.0 - tail))


def share(found: int, all_: int) -> tuple[float, float, float]:
    """(share, low, high) by Wilson (1927); NaN of none."""
    if not all_:
        return np.nan, np.nan, np.nan
    z2 = 1.959964**2
    middle, half = found + z2 / 2.0, np.sqrt(z2) * np.sqrt(found * (all_ - found) / all_ + z2 / 4.0)
    return found / all_, float((middle - half) / (all_ + z2)), float((middle + half) / (all_ + z2))
