"""Slow, obvious twin of the stumble kernels: on whole arrays of ticks of a stream without holes from tick 0 on."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dsp.body import ACC_X, GYR_X, Floats
from dsp.stumbles import parameters as p
from dsp.stumbles.score import HEADS, TABLES

LEAST = 0.05


@dataclass
class Found:
    """A candidate: where, what its surroundings show, what was made of it."""

    tick: int
    at_s: float
    signs: Floats
    gyro: bool
    walked: bool
    told: bool = False

    @property
    def confidence(self) -> float:
        bias, offset, slope, surest = HEADS[int(self.gyro)]
        low, high, slopes = TABLES[int(self.gyro)].T
        odds = offset + slope * (bias + slopes @ np.clip(self.signs, low, high))
        return float(min(1.0 / (1.0 + np.exp(-odds)), surest))


def rms(values: Floats) -> float:
    """Root mean square length of the rows."""
    return float(np.sqrt((values.reshape(len(values), -1) ** 2).sum(axis=1).mean()))


def nearest(stretch: Floats, where: Floats) -> float:
    n = len(stretch)
    return min(rms(where[start : start + n] - stretch) for start in range(len(where) - n + 1))


def rhythm(own: Floats) -> float:
    moving = own - own.mean(axis=0)
    best = 0.0
    for lag in range(p.RHYTHM_LAGS[0], min(p.RHYTHM_LAGS[1], len(own) // 2) + 1):
        now, then = moving[lag:].ravel(), moving[:-lag].ravel()
        best = max(best, float(now @ then / np.sqrt((now @ now) * (then @ then))))
    return best


def beats(vertical: Floats) -> float:
    """Swings of a running mean from below to above, by 0.3 of the scatter."""
    half = 0.3 * vertical.std()
    states = []
    for at in range(len(vertical)):
        smooth = vertical[max(at - p.BEAT, 0) : at + p.BEAT + 1].mean() - vertical.mean()
        if abs(smooth) > half:
            states.append(smooth > 0)
    rises = sum(not before and after for before, after in pairwise(states))
    return rises / (len(vertical) * p.TICK_S)


class Stumbles:
    """Everything that was ever seen, and what is thought of it."""

    def __init__(self, rows: Floats) -> None:
        n = len(rows) // p.EVERY
        acc = rows[: n * p.EVERY, ACC_X : ACC_X + 3].reshape(n, p.EVERY, 3)
        norms = np.sqrt((acc**2).sum(axis=2))
        self.acc, self.most, self.most_row = acc.mean(axis=1), norms.max(axis=1), norms.argmax(axis=1)
        self.gyr = rows[: n * p.EVERY, GYR_X : GYR_X + 3].reshape(n, p.EVERY, 3).mean(axis=1)
        self.found: list[Found] = []
        for k in range(p.EARLIEST, n - p.AFTER):
            if self.alone(k):
                self.found.append(self.judged(k))

    def alone(self, k: int) -> bool:
        around = self.most[k - p.ALONE : k + p.ALONE + 1]
        return bool(self.most[k] >= p.LEAST_MPS2 and int(np.argmax(around)) == p.ALONE)

    def judged(self, k: int) -> Found:
        signs, walked, gyro = self.signs_at(k)
        found = Found(k, (k * p.EVERY + self.most_row[k]) / 100.0, signs, gyro, walked)
        last = max((other.tick for other in self.found if other.told), default=-(10**9))
        upright = signs[p.LEANING] <= p.LEANS_RAD and signs[p.LASTS] >= p.LEAST_LASTING_S
        found.told = walked and upright and found.confidence >= p.LEAST_CONFIDENCE and k - last >= p.SAME
        return found

    def signs_at(self, k: int) -> tuple[Floats, bool, bool]:
        first, end = max(k + p.OWN[0], 0), k + p.OWN[1]
        mean = self.acc[first:end].mean(axis=0)
        level = float(np.linalg.norm(mean))
        up = mean / level
        v = self.acc @ up - level
        across = self.acc - np.outer(self.acc @ up, up)
        moved = np.column_stack([v, across])
        near, after = slice(k - p.STEP, k + p.STEP + 1), slice(k + p.BACK[0], k + p.BACK[1] + 1)
        own = moved[first:end]
        top = max(float((self.most[first:end] - level).max()), p.FLOOR_MPS2)
        low = max(float(-v[first:end].min()), p.FLOOR_MPS2)
        lasting = slice(k - p.LASTING, k + p.LASTING + 1)
        beyond = (self.most[lasting] - level > top) | (-v[lasting] > low)
        beyond[p.LASTING - p.INSTANT : p.LASTING + p.INSTANT + 1] = False
        strength, sideways = max(rms(own), p.FLOOR_MPS2), max(rms(across[first:end]), p.FLOOR_MPS2)
        jerks = np.diff(v)
        own_jerks, near_jerks = jerks[first : end - 1], jerks[k - p.NEAR - 1 : k + p.NEAR]
        middle = first + (end - first) // 2 + p.SHAPE // 2
        apart = max(nearest(moved[middle:end], moved[first:middle]), 0.5 * p.FLOOR_MPS2)
        shape = moved[k - p.SHAPE : k + p.SHAPE + 1]
        later = self.acc[after].mean(axis=0)
        leaning = float(np.arccos(np.clip(later @ up / np.linalg.norm(later), -1.0, 1.0)))
        thirds = [
            moved[end - (i + 1) * p.THIRD : end - i * p.THIRD] for i in range(3) if end - (i + 1) * p.THIRD >= first
        ]
        signs = [
            np.log(max(self.most[k] - level, p.FLOOR_MPS2) / top),
            np.log(max(spread(near_jerks), p.FLOOR_MPS2) / max(spread(own_jerks), p.FLOOR_MPS2)),
            np.log(max(rms(moved[near]), p.FLOOR_MPS2) / strength),
            np.log(max(rms(across[near]), p.FLOOR_MPS2) / sideways),
            np.log(max(float(-v[near].min()), p.FLOOR_MPS2) / low),
            np.log(max(nearest(shape, own), LEAST) / apart),
            beyond.sum() * p.TICK_S,
            np.log(max(nearest(moved[after], own), LEAST) / apart),
            np.log(max(rms(moved[after]), LEAST) / strength),
            leaning,
            rhythm(own),
            np.log(max(min([strength, *map(rms, thirds)]), LEAST) / strength),
            beats(v[max(first, end - 3 * p.THIRD) : end]),
        ]
        yaw = self.gyr @ up
        tilt = np.sqrt(np.maximum((self.gyr**2).sum(axis=1) - yaw**2, 0.0))
        gyro = bool(np.isfinite(tilt[first : k + p.AFTER + 1]).all())
        if gyro:
            fastest = max(float(tilt[first:end].max()), p.FLOOR_RADPS)
            signs += [np.log(max(float(tilt[near].max()), p.FLOOR_RADPS) / fastest)]
            signs += [abs(float(yaw[k - p.TURNING : k + p.TURNING + 1].sum()) * p.TICK_S)]
        else:
            signs += [0.0, 0.0]
        walked = top > p.OWN_HARD_MPS2 and strength < p.OWN_MOST_MPS2
        walked = walked and signs[p.BEATS] > p.LEAST_BEATS and signs[p.RHYTHM] > p.LEAST_RHYTHM
        return np.array(signs), bool(walked), gyro


def spread(changes: Floats) -> float:
    """Peak to peak, zero included."""
    return max(float(changes.max()), 0.0) - min(float(changes.min()), 0.0)
