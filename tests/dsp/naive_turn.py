"""Slow, obvious twin of the turn kernel: all at once, on a list of ticks without holes."""

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dsp.turns import parameters as t

Floats = NDArray[np.float64]


@dataclass
class Run:
    """Ticks start to end - 1, all turning the same way."""

    sign: int
    start: int
    end: int
    area_rad: float
    peak_radps: float
    parts: int = 1


@dataclass(frozen=True)
class Found:
    first: int
    last: int
    angle_rad: float
    peak_radps: float
    hesitations: int


def smooth(rate: Floats, ticks: int) -> Floats:
    """Hann window around each tick, as though nothing had turned before the first one or after the last."""
    weights = np.sin(np.pi * np.arange(1, ticks + 1) / (ticks + 1)) ** 2
    return np.convolve(rate, weights / weights.sum(), "same")


def runs_of(slow: Floats) -> list[Run]:
    """Every stretch above the low rate, the last one perhaps unfinished."""
    signs = np.where(slow > t.LOW_RADPS, 1, np.where(slow < -t.LOW_RADPS, -1, 0)).tolist()
    runs, start = [], 0
    for sign, group in groupby(signs):
        end = start + len(list(group))
        if sign:
            size = np.abs(slow[start:end])
            runs.append(Run(sign, start, end, size.sum() * t.TICK_S, size.max()))
        start = end
    return runs


def turns_of(rate: Floats, merge_ticks: int) -> list[Found]:
    """The turns that have been sent when the stream is at its last tick, and the one that its end brings out."""
    slow = smooth(rate, t.WINDOW)[: len(rate) - t.HALF]
    runs = runs_of(slow)
    ended = [run for run in runs if run.end < len(slow)]
    real = [run for run in ended if run.area_rad >= t.PART_RAD and run.peak_radps >= t.HIGH_RADPS]
    turns: list[tuple[Run, int]] = []  # with where the turning before it ended
    before = 0
    for run in real:
        if turns and turns[-1][0].end == before and joins(turns[-1][0], run, run.end, merge_ticks):
            turn = turns[-1][0]
            turn.end, turn.parts = run.end, turn.parts + 1
            turn.area_rad, turn.peak_radps = turn.area_rad + run.area_rad, max(turn.peak_radps, run.peak_radps)
        elif run.end - run.start <= t.LONGEST_TICKS:
            turns.append((Run(**vars(run)), before))
        before = run.end
    found = [measure(rate, slow, turn, after, until(slow, runs, turn, merge_ticks)) for turn, after in turns]
    return [turn for turn in found if turn is not None]


def joins(turn: Run, run: Run, at: int, merge_ticks: int) -> bool:
    together = run.sign == turn.sign and run.start - turn.end <= merge_ticks and at - turn.start <= t.LONGEST_TICKS
    return together and not (turn.area_rad >= t.WHOLE_RAD and run.area_rad >= t.WHOLE_RAD)


def until(slow: Floats, runs: list[Run], turn: Run, merge_ticks: int) -> int:
    """Where the heading after the turn stops counting: at the next turning, if that shows while the turn waits."""
    for at in range(turn.end, len(slow)):
        for run in runs:
            if (
                run.start >= turn.end
                and run.end == at
                and run.area_rad >= t.PART_RAD
                and run.peak_radps >= t.HIGH_RADPS
            ):
                return run.start
        now = [run for run in runs if turn.end <= run.start <= at < run.end]
        so_far = [Run(r.sign, r.start, at + 1, np.abs(slow[r.start : at + 1]).sum() * t.TICK_S, 0.0) for r in now]
        if at - turn.end < max(t.STRIDE_TICKS, merge_ticks) or any(joins(turn, r, at, merge_ticks) for r in so_far):
            continue
        return so_far[0].start if so_far and so_far[0].area_rad >= t.PART_RAD else at
    return len(slow) + t.HALF


def measure(rate: Floats, slow: Floats, turn: Run, after: int, end: int) -> Found | None:
    heading = np.cumsum(rate) * t.TICK_S
    begin = min(max(turn.start - t.STRIDE_TICKS, after), turn.start - 1) if turn.start else -1
    ahead = heading[max(begin, 0) : turn.start].mean() if turn.start else 0.0
    behind = heading[turn.end - 1 : max(turn.end, min(turn.end + t.STRIDE_TICKS, end))].mean()
    least = max(t.LOW_RADPS, t.EDGE * turn.peak_radps)
    fast = [at for at in range(turn.start, turn.end) if turn.sign * slow[at] >= least]
    first, last = fast[0], fast[-1]
    angle = behind - ahead
    if turn.sign * angle < t.LEAST_RAD or (last - first) * t.TICK_S < t.SHORTEST_S:
        return None
    peak = (turn.sign * smooth(rate, t.EASED)[first : last + 1]).max()
    return Found(first, last, float(angle), float(peak), turn.parts - 1)
