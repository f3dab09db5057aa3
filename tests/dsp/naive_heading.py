"""Slow, obvious twin of the kernel that keeps a test's heading: everything that was ever seen, at once."""

import numpy as np

from dsp.body import GYR_AP, GYR_V, UP_X, UP_Z, BodyBlock, Floats
from dsp.clinic.tug_record import EVERY


def kept(blocks: list[BodyBlock]) -> dict[int, Floats]:
    """Tick number to heading, path and vertical; ticks in holes stand as the one before them, at the hole's heading."""
    ticks: dict[int, Floats] = {}
    turned = np.zeros(2)
    last = blocks[0].first_index // EVERY - 1
    before = np.zeros(5)
    for block in blocks:
        for tick in range(last + 1, block.first_index // EVERY):
            ticks[tick] = before = np.array([*turned, *before[2:]])
            last = tick
        for i, row in enumerate(block.rows):
            rates = row[GYR_V : GYR_AP + 1]
            if np.all(np.isfinite(rates)):
                turned = turned + np.array([row[GYR_V], np.linalg.norm(rates)]) / 100.0
            tick, part = divmod(block.first_index + i, EVERY)
            if part == EVERY - 1:
                ticks[tick] = before = np.array([*turned, *row[UP_X : UP_Z + 1]])
                last = tick
    return ticks
