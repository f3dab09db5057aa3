"""How much a candidate's signs look like a fall's: one weighing per class of places, learned offline (weights.py)."""

import math

import numpy as np

from dsp.body import Floats
from dsp.falls.parameters import N_SIGNS, SIGNS
from dsp.falls.weights import ARM, LEG, THIGH, TRUNK
from dsp.kernels import kernel


def read_weights(text: str) -> tuple[float, Floats]:
    """(bias, table of shape (signs, 6)) from a text of weights.py. Raises ValueError where it is for other signs."""
    first, *lines = (line.split() for line in text.strip().splitlines())
    if first[0] != "bias" or tuple(line[0] for line in lines) != SIGNS:
        raise ValueError("these weights were learned for other signs: python -m server.bench.falls writes new ones")
    return float(first[1]), np.array([[float(value) for value in line[1:]] for line in lines])


_READ = [read_weights(text) for text in (TRUNK, THIGH, LEG, ARM)]
BIASES = np.array([bias for bias, _ in _READ])
TABLES = np.array([table for _, table in _READ])  # (places, signs, 6)


@kernel
def weigh(signs: Floats, place: int) -> float:
    """Log odds, 0 at the working point.

    Logistic regression with two slopes per sign, which meet at the mean of recorded falls: what lies beyond the typical
    fall need not count the way that what falls short of it does. Signs are cut off at what the training saw.
    """
    total = BIASES[place]
    for c in range(N_SIGNS):
        low, high, middle, spread, below, above = TABLES[place, c]
        z = (min(max(signs[c], low), high) - middle) / spread
        total += below * min(z, 0.0) + above * max(z, 0.0)
    return float(total)


@kernel
def confidence_of(score: float, surest: float) -> float:
    """From log odds to 0..1."""
    return min(1.0 / (1.0 + math.exp(-min(max(score, -30.0), 30.0))), surest)
