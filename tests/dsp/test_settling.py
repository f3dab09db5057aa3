"""Taking up a posture before standing in it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.clinic.settling import leaned_rad, settling_rows
from tests.dsp.walks import Floats


def standing(rows: int, sway_mps2: float, seed: int = 0) -> Floats:
    """A trunk that sways like an inverted pendulum, upright along the sensor's y axis, shape (rows, 3)."""
    rng = np.random.default_rng(seed)
    plane = rng.normal(size=(rows + 200, 2))
    slow = np.stack([np.convolve(axis, np.hanning(100), "same") for axis in plane.T], axis=1)[100:-100]
    slow *= sway_mps2 / slow.std()
    return np.column_stack([slow[:, 0], np.full(rows, 9.81), slow[:, 1]])


@given(seed=st.integers(0, 1000), sway_mps2=st.floats(0.01, 0.3))
def test_somebody_who_stands_from_the_start_is_measured_from_the_start(seed: int, sway_mps2: float) -> None:
    assert settling_rows(standing(3000, sway_mps2, seed)) <= 100


@given(seed=st.integers(0, 1000), lasts_s=st.integers(2, 8), lean_mps2=st.floats(0.8, 2.0))
def test_the_seconds_of_leaning_into_a_posture_are_left_out(seed: int, lasts_s: int, lean_mps2: float) -> None:
    acc = standing(3000, 0.05, seed)
    way = np.clip(1.0 - np.arange(3000) / (100.0 * lasts_s), 0.0, 1.0)
    acc[:, 0] += lean_mps2 * way
    assert 100 * (lasts_s - 3) <= settling_rows(acc) <= 100 * lasts_s


def test_leaning_on_and_on_is_said_in_degrees() -> None:
    acc = standing(3000, 0.03)
    acc[:, 2] += 9.81 * math.tan(math.radians(6.0)) * np.arange(3000) / 3000.0
    assert math.degrees(leaned_rad(acc)) == pytest.approx(5.0, abs=0.3)  # from the first five seconds to the last
    assert settling_rows(acc) <= 1000
    assert leaned_rad(standing(3000, 0.05)) < math.radians(1.0)
