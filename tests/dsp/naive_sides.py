"""The slow, obvious twin of dsp.gait.sides."""

import math

import numpy as np
from numpy.typing import NDArray

from dsp.gait import sides as s

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


def harmonic(passed: Floats, newest_s: float, at_s: float, stride_s: float, tick_s: float, drift_s: float) -> Complexes:
    """First harmonic of the newest stride of high-passed ticks (n, axes), as it was before the high pass."""
    n = round(stride_s / tick_s)
    part = passed[-n:] - passed[-n:].mean(axis=0)
    times_s = newest_s - tick_s * np.arange(n)[::-1]
    around = 2 * np.pi / stride_s
    found = 2 * np.mean(part * np.exp(-1j * around * (times_s - at_s))[:, None], axis=0)
    keep = math.exp(-tick_s / drift_s)
    z = np.exp(1j * around * tick_s)
    return np.asarray(found / (keep * (z - 1) / (z - keep)))


class Sides:
    """All contacts with their odds, and what the pattern was made of."""

    def __init__(self) -> None:
        self.odds: dict[float, float] = {}
        self.pattern: Complexes | None = None
        self.sway = 0.0
        self.taken = 0

    def contact(
        self, t: float, before_s: float | None, step_s: float, now: Complexes | None, facing: tuple[float, float, float]
    ) -> tuple[str, float] | None:
        """Side and confidence; `now` is the stride's first harmonic, None where it is not known."""
        odds = self._expected(t, before_s, step_s)
        told = None
        if now is not None:
            if self.pattern is None:
                odds = odds or s.FIRST_ODDS
                self.pattern = np.zeros_like(now)
            else:
                sizes = np.linalg.norm(self.pattern) * np.linalg.norm(now)
                odds += s.LIKENESS_ODDS * np.vdot(self.pattern, now).real / sizes
            odds = float(np.clip(odds, -s.MOST_ODDS, s.MOST_ODDS))
            self.taken += 1
            new = max(s.SHARE_NEW, 1 / self.taken)
            self.pattern = (1 - new) * self.pattern + new * now * (2 * chance(odds) - 1)
            self.sway = (1 - new) * self.sway + new * float(np.sum(np.abs(now[1:3]) ** 2))
            told = self._told(odds, facing)
        self.odds[t] = odds
        return told

    def _expected(self, t: float, before_s: float | None, step_s: float) -> float:
        if before_s is None or step_s == 0 or (t - before_s) / step_s > s.LONGEST_STEPS:
            return 0.0
        steps = (t - before_s) / step_s
        turned = chance(-math.cos(math.pi * steps) * (s.ORDER_ODDS if steps < 1.5 else s.SKIPPED_ODDS))
        one = chance(dict(list(self.odds.items())[-2:]).get(before_s, 0.0))
        now_one = turned * (1 - one) + (1 - turned) * one
        return math.log(now_one / (1 - now_one))

    def _told(self, odds: float, facing: tuple[float, float, float]) -> tuple[str, float] | None:
        cosine, sine, sure = facing
        if sure < s.LEAST_SURE or self.taken < s.LEAST_CONTACTS or self.pattern is None:
            return None
        sideways = cosine * self.pattern[2] - sine * self.pattern[1]
        in_phase = (
            abs(sideways) * math.cos(np.angle(sideways) - s.SWAY_RAD) / math.hypot(math.sqrt(self.sway), s.FAINT_MPS2)
        )
        one_is_left = chance(s.SWAY_ODDS * in_phase)
        left = chance(odds) * one_is_left + (1 - chance(odds)) * (1 - one_is_left)
        if max(left, 1 - left) < s.LEAST_CONFIDENCE:
            return None
        return ("left" if left > 0.5 else "right"), min(max(left, 1 - left), s.MOST_CONFIDENCE)


def chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
