"""What a screen draws, against the obvious way to round it."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dsp.body import AP, COLUMNS, GYR_ML, GYR_V, ML, VALID, BodyBlock, V
from dsp.drawing import CHANNELS, MOST, NONE, drawn

STEP_MPS2, STEP_RADPS = 0.005, 0.00125
values = st.one_of(st.floats(-400.0, 400.0), st.sampled_from([math.nan, math.inf, -math.inf, 0.0025, 0.0075]))


def naive(row: np.ndarray) -> list[int]:
    if row[VALID] <= 0.5:
        return [NONE] * CHANNELS
    steps = [*(row[[V, ML, AP]] / STEP_MPS2).tolist(), *(row[[GYR_ML, GYR_V]] / STEP_RADPS).tolist()]
    return [NONE if not math.isfinite(x) else max(-MOST, min(MOST, round(x))) for x in steps]


@settings(deadline=None)  # the kernel is compiled on its first call
@given(arrays(np.float64, (7, 6), elements=values), arrays(np.bool_, 7))
def test_counts_are_the_rounded_values_or_none(motion: np.ndarray, valid: np.ndarray) -> None:
    rows = np.zeros((7, COLUMNS))
    rows[:, V : V + 6], rows[:, VALID] = motion, valid
    before = rows.copy()
    counts = drawn(BodyBlock(0, rows), STEP_MPS2, STEP_RADPS)
    assert counts.dtype == np.int16
    assert counts.tolist() == [naive(row) for row in rows]
    assert np.array_equal(rows, before, equal_nan=True)


def test_a_sensor_without_a_gyroscope_has_acceleration_and_no_rates() -> None:
    rows = np.zeros((2, COLUMNS))
    rows[:, V], rows[:, VALID] = 1.0, 1.0
    rows[:, [GYR_V, GYR_ML]] = math.nan
    assert drawn(BodyBlock(0, rows), STEP_MPS2, STEP_RADPS).tolist() == [[200, 0, 0, NONE, NONE]] * 2
