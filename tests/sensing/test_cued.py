"""A recording that comes when it is asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensing.recording import Facts, Recording
from sensing.virtual.cued import REST_S, CuedMotion
from sensing.virtual.motion import Motion

RATE_HZ = 100.0
NOTHING_ASKED = {"course_length_m": None, "stance": None, "hold_s": None}


def numbered(cue_s: float | None) -> Recording:
    """Twenty seconds from second 3 on, whose acceleration says its time since the beginning."""
    time_s = 3.0 + np.arange(2000) / RATE_HZ
    acc_mps2 = np.stack([time_s - 3.0, np.zeros(2000), np.full(2000, 9.81)], axis=1)
    return Recording("numbered", Facts("lower_back", cue_s=cue_s), RATE_HZ, time_s, acc_mps2, np.zeros((2000, 3)))


def felt_s(motion: CuedMotion, start_s: float, seconds: float) -> np.ndarray:
    frame = motion.samples(round(start_s * RATE_HZ), round(seconds * RATE_HZ), RATE_HZ)
    assert frame is not None
    return np.asarray(frame.acc_mps2[:, 0])


def test_before_it_is_asked_for_its_first_rest_is_played_to_and_fro() -> None:
    motion = CuedMotion(numbered(10.0))
    assert isinstance(motion, Motion)
    felt = felt_s(motion, 0.0, 30.0)
    assert felt.max() <= REST_S
    assert felt.min() >= 0.0
    assert np.abs(np.diff(felt)).max() < 0.011


@given(st.floats(0.0, 50.0), st.floats(4.0, 20.0), st.sampled_from([None, 3.0, 5.5, 9.0]))
def test_its_cue_falls_on_the_cue_that_was_asked_for(begin_s: float, after_s: float, cue_s: float | None) -> None:
    motion = CuedMotion(numbered(cue_s))
    first = round(begin_s * RATE_HZ)
    felt_s(motion, first / RATE_HZ, 0.1)
    motion.prepare("tug")
    motion.perform("tug", after_s=after_s, **NOTHING_ASKED)
    cue = first + round(after_s * RATE_HZ)
    frame = motion.samples(cue, 200, RATE_HZ)
    assert frame is not None
    expected = (0.0 if cue_s is None else cue_s - 3.0) + np.arange(200) / RATE_HZ
    assert frame.acc_mps2[1:, 0] == pytest.approx(expected[1:], abs=0.011)  # the first may still be the rest's last


def test_after_its_end_its_last_rest_is_played_until_the_next_test() -> None:
    motion = CuedMotion(numbered(5.0))
    felt_s(motion, 0.0, 0.1)
    motion.perform("tug", after_s=5.0, **NOTHING_ASKED)
    felt = felt_s(motion, 30.0, 20.0)
    assert felt.min() >= 20.0 - REST_S - 0.02
    motion.stop()
    assert felt_s(motion, 60.0, 5.0).max() <= REST_S
