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
    RollOver,
    Sit,
    SitUp,
    Stairs,
    Stand,
    Walk,
    dropped,
    simulate,
    taken_off,
)
from sensing.simulator.people import HABITS
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


@pytest.mark.parametrize(("before", "after"), [("backward", "left"), ("right", "backward"), ("left", "right")])
def test_turning_over_in_bed_ends_where_lying_down_that_way_would_have(before: str, after: str) -> None:
    def lying(*script: object) -> np.ndarray:
        s = simulate([Sit(1.0), *script], STILL, sensor=PERFECT)  # type: ignore[list-item]
        return np.asarray(s.acc_mps2[s.time_s > s.time_s[-1] - 1.0].mean(axis=0))

    turned = lying(LieDown(2.0, before), Lie(2.0), RollOver(before, after, 2.0), Lie(4.0))  # type: ignore[arg-type]
    laid = lying(LieDown(2.0, after), Lie(4.0))  # type: ignore[arg-type]
    assert turned == pytest.approx(laid, abs=0.2)


def test_who_turns_over_turns_about_their_own_length() -> None:
    script = [Sit(1.0), LieDown(2.0, "backward"), Lie(2.0), RollOver("backward", "left", 2.0), Lie(2.0)]
    s = simulate(script, STILL, sensor=PERFECT)
    start_s = s.truth["negatives"]["rolls_over"][0]["start_s"]
    moving = (s.time_s > start_s) & (s.time_s < start_s + 2.0)
    _, gyr = body(s)
    angle_deg = np.rad2deg(gyr[moving].sum(axis=0) / 104.0)
    assert abs(angle_deg[0]) == pytest.approx(90.0, abs=3.0)  # the sensor's axis along the trunk
    assert np.abs(angle_deg[1:]).max() < 12.0  # the trunk lies 5 degrees off level
    assert np.linalg.norm(s.acc_mps2[moving], axis=1) == pytest.approx(G, abs=3.0)


def test_who_jumps_takes_the_feet_along_and_who_drives_shakes_them() -> None:
    s = simulate([Stand(1.0), Jump(1, flight_s=0.4), Stand(1.0)], STILL, "ankle_right", PERFECT)
    norm = np.linalg.norm(s.acc_mps2, axis=1)
    assert np.mean(norm < 0.1 * G) * s.time_s[-1] == pytest.approx(0.4, abs=0.05)
    s = simulate([Drive(20.0, rough_mps2=1.0)], STILL, "ankle_right", PERFECT)
    assert np.std(np.linalg.norm(s.acc_mps2, axis=1)) > 0.5


def test_each_foot_climbs_every_other_step_where_contacts_are_not_asked_for() -> None:
    s = simulate([Stand(1.0), Stairs(10), Stand(1.0)], STILL, "ankle_right", PERFECT)
    assert len(s.truth["contacts_left_s"]) == len(s.truth["contacts_right_s"]) == 5
    contacts = [*s.truth["contacts_left_s"], *s.truth["contacts_right_s"]]
    assert not any(a <= moment <= b for moment in contacts for a, b in s.truth["covered_s"])
    assert s.gyr_radps is not None
    assert np.abs(s.gyr_radps).max() > 2.0


def test_everybody_of_a_condition_walks_within_its_habits_and_the_conditions_differ() -> None:
    speeds = {}
    for condition, habits in HABITS.items():
        people = [Person.drawn(seed, condition) for seed in range(40)]
        speeds[condition] = float(np.mean([one.preferred_speed_mps for one in people]))
        assert speeds[condition] == pytest.approx(habits.speed_mps, abs=0.08)
        assert all(habits.stride_time_cv[0] <= one.stride_time_cv <= habits.stride_time_cv[1] for one in people)
        assert all(one.to_json().get("condition", "healthy") == condition for one in people)
    assert speeds["als"] < speeds["ssc"] < speeds["healthy"]
