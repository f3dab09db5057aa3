"""Up, forward and left are found for any mounting."""

import numpy as np
import pytest

from dsp.body import BodyBlock
from dsp.wearing import Wearing
from tests.dsp.walks import Stream, body_of, rotation, trunk_walk

MOUNTINGS = [rotation(seed) for seed in range(6)]


def angle_to_truth(block: BodyBlock, mounting: np.ndarray) -> float:
    """Largest error of up in degrees after the first second."""
    return float(np.degrees(np.arccos(np.clip(block.up[100:] @ mounting[:, 2], -1, 1))).max())


@pytest.mark.parametrize("mounting", MOUNTINGS)
def test_up_is_found_for_any_mounting(mounting: np.ndarray) -> None:
    for stream in (trunk_walk(mounting=mounting), trunk_walk(mounting=mounting).without_gyro()):
        (block,) = body_of(stream)
        assert angle_to_truth(block, mounting) < 5.0


@pytest.mark.parametrize("mounting", MOUNTINGS)
def test_forward_and_left_are_found_from_the_walk_itself(mounting: np.ndarray) -> None:
    (upright,) = body_of(trunk_walk(steps=24))
    (turned,) = body_of(trunk_walk(steps=24, mounting=mounting))
    walking = (turned.time_s > 12.0) & (turned.time_s < 16.0)
    assert turned.frame_confidence[walking].min() > 0.9
    np.testing.assert_allclose(turned.acc_body_mps2[walking], upright.acc_body_mps2[walking], atol=0.1)
    straight = trunk_walk(steps=24)
    at = np.interp(turned.time_s[walking], straight.time_s, straight.acc_mps2[:, 0])
    assert np.corrcoef(turned.acc_body_mps2[walking, 2], at)[0, 1] > 0.95  # AP is forward, not backward
    at = np.interp(turned.time_s[walking], straight.time_s, straight.acc_mps2[:, 1])
    assert np.corrcoef(turned.acc_body_mps2[walking, 1], at)[0, 1] > 0.95  # ML is left


def test_who_only_stands_gets_no_forward() -> None:
    (block,) = body_of(trunk_walk(strength_mps2=0.0))
    assert block.frame_confidence.max() == 0.5
    assert block.frame_confidence[0] < 0.1


def test_a_phone_in_the_pocket_gets_no_forward() -> None:
    (block,) = body_of(trunk_walk(steps=24), Wearing("pocket"))
    assert block.frame_confidence.max() == 0.5


def test_the_length_of_the_motion_does_not_depend_on_the_mounting() -> None:
    (upright,) = body_of(trunk_walk())
    (turned,) = body_of(trunk_walk(mounting=rotation(9)))
    np.testing.assert_allclose(turned.norm_mps2, upright.norm_mps2, atol=1e-9)
    np.testing.assert_allclose(turned.acc_body_mps2[:, 0], upright.acc_body_mps2[:, 0], atol=1e-9)


def test_turned_back_the_horizontal_axes_do_not_swing() -> None:
    (block,) = body_of(trunk_walk(steps=24))
    ml, ap = block.acc_body_mps2[:, 1], block.acc_body_mps2[:, 2]
    cosine, sine = block.forward.T
    fixed = np.column_stack([cosine * ap - sine * ml, sine * ap + cosine * ml])
    (other,) = body_of(trunk_walk(steps=24), Wearing("pocket"))  # never swings
    other_fixed = np.column_stack([-other.acc_body_mps2[:, 1], other.acc_body_mps2[:, 2]])
    np.testing.assert_allclose(fixed @ fixed[500], other_fixed @ other_fixed[500], atol=1e-9)


def test_a_gyroscope_with_wrong_axes_costs_little_more_than_having_none() -> None:
    stream = trunk_walk(steps=24)
    seconds = stream.time_s
    lean = 0.5 * np.sin(2 * np.pi * seconds / 4.0)
    gravity = 9.81 * np.column_stack([np.sin(lean), np.zeros_like(lean), np.cos(lean)])
    true_rate = -np.gradient(lean, seconds)
    wrong = np.column_stack([np.zeros_like(lean), -true_rate, np.zeros_like(lean)])  # its y points the other way
    errors = []
    for gyr in (wrong, None, -wrong):
        (block,) = body_of(Stream(seconds, gravity, gyr, stream.contacts_s, 100.0))
        truth = np.column_stack([np.interp(block.time_s, seconds, gravity[:, c]) for c in range(3)]) / 9.81
        error = np.degrees(np.arccos(np.clip((block.up * truth).sum(1), -1, 1)))
        errors.append(np.median(error[200:]))
    assert errors[0] < 1.5 * errors[1]
    assert errors[2] < 1.0  # and a right one gains a lot


def test_a_sensor_that_slips_is_upright_again_within_seconds() -> None:
    before, after = trunk_walk(steps=20), trunk_walk(steps=20, mounting=rotation(5))
    half = before.time_s.size // 2
    acc = np.concatenate([before.acc_mps2[:half], after.acc_mps2[half:]])
    (block,) = body_of(Stream(before.time_s, acc, None, before.contacts_s, 100.0))
    late = block.time_s > before.time_s[half] + 6.0
    error = np.degrees(np.arccos(np.clip(block.up[late] @ rotation(5)[:, 2], -1, 1)))
    assert error.max() < 8.0
