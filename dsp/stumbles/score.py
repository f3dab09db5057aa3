"""How much a candidate's signs look like a stumble's: a weighing learned offline (weights.py), how sure, how severe."""

import math

import numpy as np

from dsp.body import Floats
from dsp.kernels import kernel
from dsp.stumbles.parameters import HARDER, JERKIER, N_SIGNS, SIDEWAYS, SIGNS, STRONGER
from dsp.stumbles.weights import ACCELERATION_ONLY, WITH_GYROSCOPE


def read_weights(text: str) -> tuple[Floats, Floats]:
    """((bias, confidence's offset, its slope, the surest), table of shape (signs, 3)) from a text of weights.py.

    Raises ValueError where it is for other signs.
    """
    first, *lines = (line.split() for line in text.strip().splitlines())
    if first[::2] != ["bias", "offset", "slope", "surest"] or tuple(line[0] for line in lines) != SIGNS:
        raise ValueError("these weights were learned for other signs: python -m server.bench.stumbles writes new ones")
    return np.array([float(value) for value in first[1::2]]), np.array([[float(v) for v in line[1:]] for line in lines])


_READ = [read_weights(text) for text in (ACCELERATION_ONLY, WITH_GYROSCOPE)]
HEADS = np.array([head for head, _ in _READ])  # (with a gyroscope or not, 4)
TABLES = np.array([table for _, table in _READ])  # (with a gyroscope or not, signs, 3)


@kernel
def weigh(signs: Floats, gyro: bool) -> float:
    """Log odds among the candidates it was learned from: logistic regression, each sign within what it may count."""
    one = 1 if gyro else 0
    total = HEADS[one, 0]
    for c in range(N_SIGNS):
        low, high, slope = TABLES[one, c]
        total += slope * min(max(signs[c], low), high)
    return float(total)


@kernel
def confidence_of(score: float, gyro: bool) -> float:
    """From log odds to 0..1, at the base rate that server/bench/stumbles.py states."""
    one = 1 if gyro else 0
    odds = HEADS[one, 1] + HEADS[one, 2] * score
    return float(min(1.0 / (1.0 + math.exp(-min(max(odds, -30.0), 30.0))), HEADS[one, 3]))


@kernel
def severity_of(signs: Floats) -> float:
    """0..1: how far it was from the bout's own walking; 1 where it was six times as hard and as strong (design)."""
    mean = (signs[HARDER] + signs[JERKIER] + signs[STRONGER] + signs[SIDEWAYS]) / 4.0
    return float(min(max(mean / math.log(6.0), 0.0), 1.0))
