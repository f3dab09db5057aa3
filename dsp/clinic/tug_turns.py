"""The two half turns of a Timed Up and Go in the heading of a whole test."""

import math
from dataclasses import dataclass

import numpy as np

from dsp.body import Floats

HZ = 25.0  # ticks of the heading
# A trunk's heading swings by 4 to 8 degrees with each stride, a thigh's by 20: the mean over most of a stride has
# little of it left, and a turn of 0.6 s is still seen (geotec_tug, the quickest).
WINDOW = 25
EVERY = 4  # ticks between the moments that are tried for the middle of a turn
AROUND = 15  # ticks on each side of a turn's middle that belong to neither direction of walking
# A turn is what lies between these shares of the way from one direction to the next. With shares instead of rates
# neither swing nor a hesitation moves the ends. At the trunk the marks of voisard_healthy (29 U-turns, lower back) lie
# at 3 and 95 %, 0.1 s off in the median; on the video of geotec_tug (12 people, phone in the pocket) a turn begins
# at 10 to 12 % and is over at 80 to 88 %: people step along the new direction before thigh and trunk have come round.
Shares = tuple[float, float]
MARKED: Shares = (0.03, 0.95)
FILMED: Shares = (0.10, 0.87)


@dataclass(frozen=True, slots=True)
class HalfTurn:
    """One turn: first and last tick, its angle (rad, positive to the left)."""

    start: int
    end: int
    angle_rad: float


@dataclass(frozen=True, slots=True)
class TwoTurns:
    """Both turns, and how far the heading strays from three straight ways (root mean square, rad)."""

    first: HalfTurn
    second: HalfTurn
    strays_rad: float


def two_turns(heading_rad: Floats, shares: Shares = MARKED) -> TwoTurns | None:
    """Lays three straight ways and two turns between them into a heading of ticks, as near as squares allow.

    None where it is too short for that. Whether these are half turns, and whether there are more, is for the caller to
    judge by the angles and by how far the heading strays.
    """
    smooth = smoothed(heading_rad)
    n = smooth.size
    first, second = _middles(smooth[::EVERY])
    if second == 0:
        return None
    at = (EVERY * first, EVERY * second)
    out = _level(smooth, 0, at[0] - AROUND)
    back = _level(smooth, at[0] + AROUND, at[1] - AROUND)
    seat = _level(smooth, at[1] + AROUND, n)
    first_turn = _turn(smooth, at[0], (out, back), (0, at[1]), shares)
    turns = (first_turn, _turn(smooth, at[1], (back, seat), (at[0], n - 1), shares))
    ways = np.concatenate(
        [
            smooth[: turns[0].start] - out,
            smooth[turns[0].end : turns[1].start] - back,
            smooth[turns[1].end :] - seat,
        ]
    )
    strays = math.sqrt(float(np.mean(ways * ways))) if ways.size else math.inf
    return TwoTurns(turns[0], turns[1], strays)


def smoothed(values: Floats) -> Floats:
    """Through a Hann window of WINDOW ticks; the ends are held."""
    weights = np.hanning(WINDOW + 2)[1:-1]
    held = np.pad(values, WINDOW // 2, mode="edge")
    return np.convolve(held, weights / weights.sum(), "valid")


def _middles(x: Floats) -> tuple[int, int]:
    """Where two steps best cut x into three level parts; (0, 0) where it has fewer than three values."""
    n = x.size
    if n < 3:
        return 0, 0
    x = x - x.mean()
    sums = np.concatenate([[0.0], np.cumsum(x)])
    squares = np.concatenate([[0.0], np.cumsum(x * x)])
    at = np.arange(1, n)
    before = squares[at] - sums[at] ** 2 / at
    after = squares[n] - squares[at] - (sums[n] - sums[at]) ** 2 / (n - at)
    i, j = at[:, None], at[None, :]
    width = np.maximum(j - i, 1)
    between = squares[j] - squares[i] - (sums[j] - sums[i]) ** 2 / width
    cost = np.where(j > i, before[:, None] + between + after[None, :], math.inf)
    best = int(np.argmin(cost))
    return int(at[best // at.size]), int(at[best % at.size])


def _level(x: Floats, start: int, stop: int) -> float:
    """Median direction between two ticks; of the middle one where nothing lies between."""
    if stop - start < 1:
        middle = min(max((start + stop) // 2, 0), x.size - 1)
        return float(x[middle])
    return float(np.median(x[max(start, 0) : stop]))


def _turn(x: Floats, middle: int, ways: tuple[float, float], limits: tuple[int, int], shares: Shares) -> HalfTurn:
    """Outwards from the middle to where little of the turn is left, within the limits."""
    angle = ways[1] - ways[0]
    done = (x - ways[0]) / angle if angle else np.full(x.size, 0.5)
    start, end = middle, middle
    while start > limits[0] and done[start] > shares[0]:
        start -= 1
    while end < limits[1] and done[end] < shares[1]:
        end += 1
    return HalfTurn(start, end, angle)
