"""What a screen draws, against the obvious way to round it."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dsp.body import COLUMNS, VALID, BodyBlock, V
from dsp.drawing import MOST, NONE, drawn

values = st.one_of(st.floats(-400.0, 400.0), st.sampled_from([math.nan, math.inf, -math.inf, 0.0025, 0.0075]))


def naive(row: np.ndarray, step: float) -> list[int]:
    if row[VALID] <= 0.5:
        return [NONE] * 3
    return [NONE if not math.isfinite(x) else max(-MOST, min(MOST, round(x / step))) for x in row[V : V + 3].tolist()]


@settings(deadline=None)  # the kernel is compiled on its first call
@given(arrays(np.float64, (7, 3), elements=values), arrays(np.bool_, 7))
def test_counts_are_the_rounded_values_or_none(acc: np.ndarray, valid: np.ndarray) -> None:
    rows = np.zeros((7, COLUMNS))
    rows[:, V : V + 3], rows[:, VALID] = acc, valid
    before = rows.copy()
    counts = drawn(BodyBlock(0, rows), 0.005)
    assert counts.dtype == np.int16
    assert counts.tolist() == [naive(row, 0.005) for row in rows]
    assert np.array_equal(rows, before, equal_nan=True)
