"""The slow obvious twin of dsp.freezes: whole signals, one line per step of the method."""

import math

import numpy as np
from scipy.signal import butter, sosfilt

from dsp.body import ACC_X, GYR_X, SEEN, BodyBlock
from dsp.freezes import parameters as p
from tests.dsp.walks import Floats

ROWS = p.EVERY * p.TICKS_PER_LOOK


def freezes(block: BodyBlock) -> list[tuple[float, float, float, float]]:
    """(start, end, emitted, freeze index) of one stretch without a break, without what its end brings out."""
    skipped = -block.first_index % p.EVERY
    rows = block.rows
    acc = rows[:, ACC_X : ACC_X + 3] - rows[0, ACC_X : ACC_X + 3]
    stepping, trembling = (
        sosfilt(
            np.vstack([butter(2, low, "high", fs=100, output="sos"), butter(2, high, fs=100, output="sos")]),
            acc,
            axis=0,
        )[skipped:]
        for low, high in (p.STEPPING_HZ, p.TREMBLING_HZ)
    )
    gyr = rows[skipped:, GYR_X : GYR_X + 3]
    has_gyro = bool(np.isfinite(gyr).all())
    n = len(stepping) // ROWS
    low, high = ((band[: n * ROWS] ** 2).reshape(n, -1).sum(axis=1) for band in (stepping, trembling))
    felt = gyr if has_gyro else stepping
    ticks = felt[: len(felt) // p.EVERY * p.EVERY].reshape(-1, p.EVERY, 3).mean(axis=1)
    alike = [_alike(ticks[: p.TICKS_PER_LOOK * (k + 1)]) for k in range(n)]
    return _episodes(block, skipped, low, high, alike, p.WEIGHT[int(has_gyro)])


def _alike(ticks: Floats) -> tuple[float, int]:
    """The best likeness of the last ticks to those a lag before, and the lag in looks."""
    last = ticks[-p.RHYTHM_TICKS :]
    best, at = 0.0, 0
    if len(ticks) >= p.RHYTHM_TICKS + p.LAGS[1]:
        for lag in range(p.LAGS[0], p.LAGS[1] + 1):
            before = ticks[len(ticks) - p.RHYTHM_TICKS - lag : len(ticks) - lag]
            likeness = 2 * np.sum(last * before) / (np.sum(last**2) + np.sum(before**2))
            if likeness > best:
                best, at = likeness, lag // p.TICKS_PER_LOOK
    return best, at


def _episodes(
    block: BodyBlock, skipped: int, low: Floats, high: Floats, alike: list[tuple[float, int]], weight: float
) -> list[tuple[float, float, float, float]]:
    own_index, own_power, own_steady = p.OWN_INDEX, p.OWN_POWER, p.OWN_STEADY
    learned = 0
    walked: float = math.inf
    found: list[tuple[float, float, float, float]] = []
    frozen: list[tuple[float, float, float, bool]] = []  # middle, low, high, trembling alone
    waited, resumed, is_open = 0, False, False
    for now in range(p.WINDOW - 1 + p.AHEAD, len(low)):
        k = now - p.AHEAD
        window = slice(k - p.WINDOW + 1, k + 1)
        power_low, power_high = (band[window].sum() / (p.WINDOW * ROWS) for band in (low, high))
        power, at = power_low + power_high, k - p.RHYTHM_LAG
        later = [likeness for j, (likeness, lag) in enumerate(alike[: now + 1]) if likeness and j - lag == at]
        now_steady = max(alike[at][0], *later, 0.0)
        moving = power > max(p.LEAST_POWER, p.GATE * math.exp(own_power))
        excess = lost = 0.0
        if moving:
            index = math.log(power_high / power_low)
            step = max(p.STEP, p.FIRST_STEP / (p.FIRST_LOOKS + learned))
            learned += 1
            index_step = step * (p.FROZEN_SHARE if is_open else 1.0)
            own_index += index_step * (p.INDEX_QUANTILE if index > own_index else p.INDEX_QUANTILE - 1)
            own_index = float(np.clip(own_index, p.OWN_INDEX - p.OWN_INDEX_SPAN, p.OWN_INDEX + p.OWN_INDEX_SPAN))
            own_power += step * (p.POWER_QUANTILE if math.log(power) > own_power else p.POWER_QUANTILE - 1)
            if now_steady > p.LEAST_STEADY:
                up = now_steady > own_steady
                own_steady += p.STEADY_STEP * step * (p.STEADY_QUANTILE if up else p.STEADY_QUANTILE - 1)
            excess, lost = index - own_index, weight * max(own_steady - now_steady, 0.0)
        walks = moving and now_steady >= p.STEADY and excess < p.ENTER
        walked = 0 if walks else walked + 1
        row = skipped + (now + 1) * ROWS - 1
        middle_s = (block.first_index + row + 0.5) / 100 - p.LOOK_AHEAD_S
        enters = moving and excess + lost > p.ENTER
        if not frozen and enters and walked <= p.RECENT:
            is_open = True
        elif frozen and not is_open:
            waited += 1
            resumed = resumed or walks
            trembles = 2 * sum(look[3] for look in frozen) >= len(frozen)
            if enters and (waited <= p.BRIDGE or not resumed):
                is_open = True
            elif waited > p.BRIDGE and (resumed or trembles):
                if len(frozen) >= p.LEAST:
                    share = sum(look[2] for look in frozen) / sum(look[1] for look in frozen)
                    found.append((frozen[0][0], frozen[-1][0] + p.LOOK_S, block.rows[row, SEEN], share))
                frozen = []
            elif waited > p.RESUME:
                frozen = []
        if is_open and moving and excess + lost > p.ENTER - p.LEAVE:
            frozen.append((middle_s, power_low, power_high, excess > p.ENTER - p.LEAVE))
        elif is_open:
            is_open, waited, resumed = False, 0, False
    return found
