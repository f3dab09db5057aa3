"""What is no fall obeys physics too: what goes up comes down, what falls freely weighs nothing, what lies is still."""

import numpy as np
import pytest

from sensing.simulator import (
    PERFECT,
    Drive,
    Jump,
    Lie,
    LieDown,
    Person,
    Sit,
    SitUp,
    Stairs,
    Stand,
    Walk,
    dropped,
    simulate,
    taken_off,
)
from tests.sensing.simulator.measures import body

STILL = Person(sway_ap_mps2=0.0, sway_ml_mps2=0.0)
G = 9.80665


def test_a_jump_flies_at_no_weight_and_lands_as_fast_as_it_left() -> None:
    s = simulate([Stand(1.0), Jump(2, flight_s=0.4), Stand(1.0)], STILL, sensor=PERFECT)
    vertical = body(s)[0][:, 0]
    speed = np.cumsum(vertical) / 104.0
    assert vertical.min() == pytest.approx(-G, abs=0.1)
    assert speed.max() == pytest.approx(0.5 * G * 0.4, rel=0.06)
    assert abs(speed[-1]) < 0.15
    norm = np.linalg.norm(s.acc_mps2, axis=1)
    assert np.mean(norm < 0.1 * G) * s.time_s[-1] == pytest.approx(2 * 0.4, abs=0.1)
    assert len(s.truth["negatives"]["jumps"][0]["at_s"]) == 2


@pytest.mark.parametrize("way", ["backward", "left", "right"])
def test_lying_down_turns_the_trunk_by_85_degrees_and_sitting_up_back(way: str) -> None:
    script = [Sit(2.0), LieDown(2.0, way), Lie(4.0), SitUp(2.0, way), Sit(2.0)]  # type: ignore[arg-type]
    s = simulate(script, STILL, sensor=PERFECT)
    before, lying, after = (
        s.acc_mps2[(s.time_s > a) & (s.time_s < a + 1.0)].mean(axis=0) for a in (0.5, 6.0, s.time_s[-1] - 1.2)
    )

    def apart(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.rad2deg(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))))

    assert apart(before, lying) == pytest.approx(85.0, abs=2.0)
    assert apart(before, after) < 2.0


def test_nobody_can_lie_who_has_not_lain_down() -> None:
    with pytest.raises(ValueError, match="starts lying"):
        simulate([Stand(1.0), Lie(2.0)])


def test_stairs_have_a_bump_per_step_and_a_car_has_potholes() -> None:
    s = simulate([Stand(1.0), Stairs(10, bump_mps2=8.0), Stand(1.0)], STILL, sensor=PERFECT)
    vertical = body(s)[0][:, 0]
    assert np.sum((vertical[1:] > 4.0) & (vertical[:-1] <= 4.0)) == 10
    s = simulate([Drive(20.0, rough_mps2=0.1, potholes=1, pothole_mps2=9.0, brakings=0)], STILL, sensor=PERFECT)
    assert 3.0 < np.abs(np.linalg.norm(s.acc_mps2, axis=1) - G).max() < 12.0


def test_a_dropped_sensor_falls_freely_for_as_long_as_its_height_takes_then_never_moves() -> None:
    worn = simulate([Walk((4.0,)), Stand(10.0)])
    s = dropped(worn, 6.0, height_m=1.2, seed=3)
    fall_s = np.sqrt(2.0 * 1.2 / G)
    norm = np.linalg.norm(s.acc_mps2, axis=1)
    falling = (s.time_s > 6.05) & (s.time_s < 6.0 + fall_s - 0.05)
    assert norm[falling].max() < 0.3 * G
    assert norm.max() > 40.0
    rest = s.time_s > 6.0 + fall_s + 1.5
    assert np.std(s.acc_mps2[rest], axis=0).max() < 0.02
    assert norm[rest].mean() == pytest.approx(G, abs=0.05)
    assert np.array_equal(s.acc_mps2[s.time_s < 6.0], worn.acc_mps2[s.time_s < 6.0])
    assert s.truth["off_body_s"][0] == pytest.approx(6.0, abs=0.02)


def test_a_belt_that_is_taken_off_ends_still_on_the_table() -> None:
    s = taken_off(simulate([Walk((4.0,)), Stand(20.0)]), 6.0, handling_s=4.0, seed=2)
    busy, rest = (s.time_s > 7.0) & (s.time_s < 9.0), s.time_s > 10.5
    assert np.std(np.linalg.norm(s.acc_mps2[busy], axis=1)) > 0.5
    assert np.std(s.acc_mps2[rest], axis=0).max() < 0.02
    assert s.gyr_radps is not None
    assert np.abs(s.gyr_radps[rest]).max() < 0.02
