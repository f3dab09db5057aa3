"""Slow, obvious twin of what dsp.gait measures over a bout: everything is there at once, nothing is forgotten."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dsp.gait import columns as c
from dsp.gait import lengths
from dsp.gait import strides as table
from tests.dsp.naive_regularity import Floats, Motion, regularity

SHARE = 0.07  # mean error of lengths between people, as the tests have it


@dataclass(frozen=True)
class Stride:
    start_s: float
    stop_s: float

    @property
    def duration_s(self) -> float:
        return self.stop_s - self.start_s


def strides_of(contacts_s: list[float], per_stride: int) -> list[Stride]:
    return [Stride(a, b) for a, b in zip(contacts_s, contacts_s[per_stride:], strict=False)]


def is_known(motion: Motion, stride: Stride) -> bool:
    rows = motion.between(stride.start_s, stride.stop_s)
    return 0.5 <= stride.duration_s <= 3.2 and len(rows) > 0 and not np.isnan(motion.v[rows]).any()


def yaw_radps(motion: Motion, stride: Stride) -> float:
    return float(np.mean(motion.yaw_radps[motion.between(stride.start_s, stride.stop_s)]))


def turns(motion: Motion, stride: Stride) -> bool:
    """Does the heading change by more than 20 degrees from half a stride before to half a stride after?"""
    if not is_known(motion, stride):
        return False
    rows = motion.between(stride.start_s, stride.stop_s)
    around = math.floor(0.5 * stride.duration_s * 100)
    wide = np.arange(max(0, rows[0] - around), min(len(motion.v), rows[-1] + around + 1))
    heading = motion.yaw_radps[wide][~np.isnan(motion.v[wide])].sum() / 100
    return bool(abs(heading) > table.TURN_RAD)


def matched_s(motion: Motion, stride: Stride) -> float:
    """After how long what surrounds the first contact is seen again; the stride's own duration where it is not."""
    first = math.floor(stride.start_s * 100 + 0.5) - 15
    lag = math.floor(stride.duration_s * 100 + 0.5)
    if first < 0 or first + lag + 20 + 51 > len(motion.v):
        return stride.duration_s
    axes = np.array([motion.v, motion.ml, motion.ap])
    template = axes[:, first : first + 51]
    candidates = [axes[:, first + k : first + k + 51] for k in range(lag - 20, lag + 21)]
    alike = []
    for seen in candidates:
        a = template - template.mean(axis=1, keepdims=True)
        b = seen - seen.mean(axis=1, keepdims=True)
        alike.append(np.sum(a * b) / math.sqrt(np.sum(a * a) * np.sum(b * b)))
    if np.isnan(alike).any():
        return stride.duration_s
    best = int(np.argmax(alike))
    if best in (0, 40):
        return stride.duration_s
    a, b, _ = np.polyfit([-1, 0, 1], alike[best - 1 : best + 2], 2)
    return float(lag - 20 + best - b / (2 * a)) / 100


def straight_s(motion: Motion, strides: list[Stride], per_stride: int) -> list[float]:
    """Durations of the strides outside turns."""
    found = []
    for stride in strides:
        if not turns(motion, stride):
            match = per_stride == 2 and is_known(motion, stride)
            again_s = matched_s(motion, stride) if match else stride.duration_s
            found.append(0.5 * (again_s + stride.duration_s))
    return [duration_s for duration_s in found if duration_s < 4.0]


def spread(motion: Motion, strides: list[Stride], usual_s: float, per_stride: int) -> tuple[int, float, float]:
    """Strides, their standard deviation and their coefficient of variation."""
    groups: dict[int, list[float]] = {}
    for duration_s in straight_s(motion, strides, per_stride):
        groups.setdefault(int(duration_s / 0.02), []).append(duration_s)
    taken = [d for g in groups.values() if 0.75 <= np.mean(g) / usual_s <= 1.33 for d in g]
    if len(taken) < 10:
        return len(taken), math.nan, math.nan
    return len(taken), float(np.std(taken, ddof=1)), float(np.std(taken, ddof=1) / np.mean(taken))


def asymmetry(contacts_s: list[float]) -> float:
    """Difference of the two feet's mean step over their mean, weighted over the runs in which feet alternate surely."""
    steps = np.diff(contacts_s)
    breaks = [0]
    for n in range(2, len(steps)):
        before, now = steps[n - 2] + steps[n - 1], steps[n - 1] + steps[n]
        if abs(now - before) >= 0.2 * before:
            breaks.append(n)
    weights, found = [], []
    for start, stop in pairwise([*breaks, len(steps)]):
        run = steps[start:stop]
        if len(run) >= 6:
            one, other = run[::2].mean(), run[1::2].mean()
            weights.append(len(run))
            found.append(abs(one - other) / (0.5 * (one + other)))
    return float(np.average(found, weights=weights)) if sum(weights) >= 12 else math.nan


def amplitudes(motion: Motion, signal: Floats, stride: Stride, most: int) -> Floats:
    """Amplitudes of harmonics 1 to most, sum by sum."""
    rows = motion.between(stride.start_s, stride.stop_s)
    x = signal[rows] - signal[rows].mean()
    phase = 2 * np.pi * (rows / 100 - stride.start_s) / stride.duration_s
    return np.array([2 / len(rows) * abs(np.sum(x * np.exp(1j * k * phase))) for k in range(1, most + 1)])


def ratios(motion: Motion, strides: list[Stride]) -> tuple[float, float, float, float]:
    """Vertical, forward, sideways, and the fewest harmonics they rest on."""
    found: tuple[list[float], list[float], list[float]] = ([], [], [])
    fewest, until_s = 20, -1.0
    for before, stride in pairwise(strides):
        steady = abs(stride.duration_s - before.duration_s) < 0.2 * before.duration_s
        usable = is_known(motion, stride) and steady and not turns(motion, stride)
        if not usable or stride.start_s < until_s:
            continue
        until_s = stride.stop_s
        rows = motion.between(stride.start_s, stride.stop_s)
        per_second = motion.fresh[rows].mean() * 100
        used = min(2 * int(0.2 * (per_second * stride.duration_s) + 1e-6), 20)
        if used < 8:
            continue
        fewest = min(fewest, used)
        for which, signal in enumerate((motion.v, motion.ap, motion.ml)):
            if which == 0 or motion.sure[rows].mean() >= 0.75:
                size = amplitudes(motion, signal, stride, used)
                odd, even = size[::2].sum(), size[1::2].sum()
                found[which].append(odd / even if which == 2 else even / odd)
    values = [float(np.mean(f)) if len(f) >= 3 else math.nan for f in found]
    return values[0], values[1], values[2], float(fewest) if not all(map(math.isnan, values)) else math.nan


def stride_length_m(motion: Motion, stride: Stride, pendulum_m: float, walk_ratio_m_s: float = 0.0) -> float:
    """Two steps of an inverted pendulum whose bob moves with the stride's second harmonic, or by the walk ratio."""
    if pendulum_m <= 0:
        return walk_ratio_m_s / stride.duration_s
    size = amplitudes(motion, motion.v, stride, 2)[1]
    onward = math.sqrt(max(size**2 - lengths.IDLE_MPS2**2, (0.3 * size) ** 2))
    h = min(2 * onward / (2 * np.pi * 2 / stride.duration_s) ** 2, pendulum_m)
    rate = yaw_radps(motion, stride)
    shrunk = 1.0 if math.isnan(rate) else 1 / math.hypot(1.0, rate / lengths.TURN_RADPS)
    length_m = 2 * lengths.FACTOR * 2 * math.sqrt(2 * pendulum_m * h - h * h) * shrunk
    return length_m / math.sqrt(1 + (length_m / (lengths.LONGEST * pendulum_m)) ** 2)


def smoothness(motion: Motion, strides: list[Stride]) -> float:
    """Mean log dimensionless jerk of the steady strides: of means over 0.04 s, all axes, without the stride's mean."""
    found = []
    for before, stride in pairwise(strides):
        steady = abs(stride.duration_s - before.duration_s) < 0.2 * before.duration_s
        if not is_known(motion, stride) or not steady or turns(motion, stride):
            continue
        rows = motion.between(stride.start_s, stride.stop_s)
        if motion.fresh[rows].mean() * 100 < 25:
            continue
        n = len(rows) // 4
        ticks = np.array(
            [[x[rows][4 * k : 4 * k + 4].mean() for k in range(n)] for x in (motion.v, motion.ml, motion.ap)]
        )
        ticks -= ticks.mean(axis=1, keepdims=True)
        jerk = np.sum((np.diff(ticks, axis=1) / 0.04) ** 2) * 0.04
        found.append(-math.log(n * 0.04 * jerk / np.sum(ticks**2, axis=0).max()))
    return float(np.mean(found)) if len(found) >= 3 else math.nan


def travel(
    motion: Motion, strides: list[Stride], usual_s: float, models: tuple[float, float], per_stride: int
) -> tuple[float, float, float, float]:
    """Stride length and speed, at the trunk without the strides that end with the last two steps; distance; error.

    The distance is that of all strides, the error that to be expected of the speed.
    """
    if max(models) <= 0:
        return math.nan, math.nan, math.nan, math.nan

    def usable(some: list[Stride]) -> list[Stride]:
        groups: dict[int, list[Stride]] = {}
        for stride in some:
            if is_known(motion, stride):
                groups.setdefault(int(stride.duration_s / 0.02), []).append(stride)
        return [s for g in groups.values() if np.mean([s.duration_s for s in g]) <= 1.33 * usual_s for s in g]

    every, steady = usable(strides), usable(strides[:-2] if per_stride == 2 else strides)
    if len(every) < 3:
        return math.nan, math.nan, math.nan, math.nan
    walked_m = float(np.mean([stride_length_m(motion, stride, *models) for stride in every]))
    distance_m = walked_m / 2 * (len(strides) + 1.5)
    if per_stride == 1:
        known = [stride_length_m(motion, s, *models) for s in strides if is_known(motion, s)]
        distance_m = sum(known) + walked_m * (len(strides) - len(known) + 0.5)
    taken = steady if len(steady) >= 3 else every
    found = [stride_length_m(motion, stride, *models) for stride in taken]
    speed = sum(found) / sum(stride.duration_s for stride in taken)
    slow = min(1.0, max(0.0, (0.7 - speed) / 0.3))
    turning = 1 - len(straight_s(motion, strides, per_stride)) / len(strides)
    parts = (SHARE * speed, 0.2 / math.sqrt(len(taken)), 0.06 * slow, 0.1 * turning)
    return float(np.mean(found)), speed, distance_m, math.hypot(*parts)


COMPARED = [*range(c.SPEED_ERROR_MPS + 1), c.SMOOTHNESS]


def measured(
    motion: Motion, contacts_s: list[float], usual_s: float, per_stride: int, models: tuple[float, float], trunk: bool
) -> Floats:
    """The columns of dsp.gait.columns in COMPARED, in its order, NaN where not known."""
    strides = strides_of(contacts_s, per_stride)
    both = per_stride == 2
    step, stride = regularity(motion, contacts_s, usual_s)
    nothing = (math.nan, math.nan, math.nan, math.nan)
    return np.array(
        [
            *spread(motion, strides, usual_s, per_stride),
            asymmetry(contacts_s) if both else math.nan,
            step if both else math.nan,
            stride,
            *(ratios(motion, strides) if trunk else nothing),
            *travel(motion, strides, usual_s, models, per_stride),
            smoothness(motion, strides),
        ]
    )
