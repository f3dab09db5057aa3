"""The physics of a simulated sensor: gravity, attitude, mounting, faults and clock."""

import math
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from sensing.block import POSITIONS, STANDARD_GRAVITY_MPS2, Position
from sensing.simulator import (
    PERFECT,
    BeltSlip,
    Fall,
    Loss,
    Mounting,
    Person,
    Sensor,
    Simulated,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    Tap,
    Turn,
    Walk,
    simulate,
)
from sensing.simulator.limbs import Part
from sensing.simulator.sensor import specific_force

STILL = Person(sway_ap_mps2=0.0, sway_ml_mps2=0.0)
EVERY_MOVE = (
    Stand(1.0),
    Walk((3.0, Turn(120.0), 3.0)),
    StandToSit(),
    Sit(1.0),
    SitToStand(),
    Fall(lying_s=1.0),
)


def attitudes(s: Simulated, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Up in the sensor's axes for every sample, out of the gyroscope alone."""
    assert s.gyr_radps is not None
    steps = 0.5 * (s.gyr_radps[1:] + s.gyr_radps[:-1]) * np.diff(s.time_s)[:, None]
    up = [start]
    for turn in Rotation.from_rotvec(-steps):
        up.append(turn.apply(up[-1]))
    return np.array(up)


@pytest.mark.parametrize("position", POSITIONS)
def test_at_rest_the_norm_is_gravity_at_every_position(position: Position) -> None:
    s = simulate([Stand(4.0)], STILL, position, PERFECT, Mounting(30.0, 100.0, -50.0))
    assert np.allclose(np.linalg.norm(s.acc_mps2, axis=1), STANDARD_GRAVITY_MPS2, atol=0.05)


def test_worn_straight_x_is_up_y_left_z_backward() -> None:
    s = simulate([Stand(2.0), Turn(90.0, 2.0), Stand(2.0)], STILL, sensor=PERFECT)
    assert s.acc_mps2[0] == pytest.approx([STANDARD_GRAVITY_MPS2, 0.0, 0.0], abs=0.05)
    bent = simulate([Stand(1.0)], Person(stoop_deg=20.0, sway_ap_mps2=0, sway_ml_mps2=0), sensor=PERFECT).acc_mps2[0]
    # leaning forward, the back of the sensor looks up
    assert bent == pytest.approx(
        [9.80665 * math.cos(math.radians(20)), 0, 9.80665 * math.sin(math.radians(20))], abs=0.06
    )
    assert s.gyr_radps is not None
    assert np.trapezoid(s.gyr_radps[:, 0], s.time_s) == pytest.approx(math.pi / 2, abs=0.06)  # to the left is positive


@pytest.mark.parametrize("direction", ["forward", "backward", "left", "right"])
def test_the_gyroscope_carries_the_attitude_through_everything_a_person_does(direction: str) -> None:
    script = (*EVERY_MOVE[:-1], Fall(direction, lying_s=4.0))
    s = simulate(script, STILL, sensor=replace(PERFECT, rate_hz=500.0), seed=3)
    up = attitudes(s, s.acc_mps2[0] / np.linalg.norm(s.acc_mps2[0]))
    resting = s.acc_mps2[-500:].mean(axis=0)
    assert np.degrees(np.arccos(up[-1] @ resting / np.linalg.norm(resting))) < 1.0
    assert np.degrees(np.arccos(resting[0] / np.linalg.norm(resting))) == pytest.approx(85.0, abs=3.0)


def test_force_and_rate_are_those_of_the_attitude_by_rotation_matrices() -> None:
    """A slow twin: rotations as matrices, derivatives as differences of rotations."""
    rng = np.random.default_rng(0)
    rate_hz, n = 500.0, 400
    t = np.arange(n) / rate_hz
    yaw, pitch, roll = (
        a * np.sin(2 * np.pi * f * t + rng.uniform(0, 6)) for a, f in ((2.0, 0.4), (1.2, 0.7), (0.8, 1.1))
    )
    acc = np.column_stack([2.0 * np.sin(2 * np.pi * f * t) for f in (1.0, 2.0, 3.0)])
    lever = np.array((0.1, -0.2, 0.3))
    force, omega = specific_force(Part(yaw, pitch, roll, acc, (0.1, -0.2, 0.3)), rate_hz)
    attitude = Rotation.from_euler("ZYX", np.column_stack((yaw, pitch, roll)))
    between = (attitude[:-2].inv() * attitude[2:]).as_rotvec() * rate_hz / 2
    assert np.allclose(between[3:-3], omega[4:-4], atol=1e-3)
    heading = Rotation.from_euler("Z", yaw[:, None])
    world = heading.apply(acc) + np.array((0.0, 0.0, STANDARD_GRAVITY_MPS2))
    arm = np.gradient(np.gradient(attitude.apply(lever), t, axis=0), t, axis=0)
    expected = attitude.inv().apply(world + arm)
    assert np.allclose(expected[8:-8], force[8:-8], atol=0.02)


def test_two_mountings_read_the_same_vectors_in_other_axes() -> None:
    straight = simulate(EVERY_MOVE, Person(), sensor=PERFECT, seed=5)
    turned = simulate(EVERY_MOVE, Person(), sensor=PERFECT, mounting=Mounting(120.0, -70.0, 200.0), seed=5)
    assert not np.allclose(straight.acc_mps2, turned.acc_mps2, atol=1.0)
    for a, b in ((straight.acc_mps2, turned.acc_mps2), (straight.gyr_radps, turned.gyr_radps)):
        assert a is not None
        assert b is not None
        rotation, _ = Rotation.align_vectors(a, b)
        assert np.allclose(rotation.apply(b), a, atol=1e-6)


def test_several_sensors_on_one_person_see_the_same_walk() -> None:
    script, person = (Stand(1.0), Walk((8.0,)), Stand(1.0)), Person.drawn(4)
    here, there = (simulate(script, person, cast(Position, p), PERFECT, seed=9) for p in ("ankle_left", "lower_back"))
    assert here.truth == there.truth


@pytest.mark.parametrize(("position", "side"), [("foot_left", "left"), ("ankle_right", "right")])
def test_a_leg_sensor_is_struck_at_its_own_contacts(position: Position, side: str) -> None:
    s = simulate([Stand(2.0), Walk((20.0,)), Stand(2.0)], STILL, position, Sensor(rate_hz=500.0), seed=2)
    norm = np.linalg.norm(s.acc_mps2, axis=1)
    high = np.abs(np.gradient(np.gradient(norm)))
    for contact in s.truth[f"contacts_{side}_s"][1:-1]:
        near = np.abs(s.time_s - contact - 0.01) < 0.02
        before = (s.time_s > contact - 0.2) & (s.time_s < contact - 0.02)
        assert high[near].max() > 2.0 * high[before].max()


def test_a_foot_that_stands_does_not_move() -> None:
    s = simulate([Stand(2.0), Walk((20.0,)), Stand(2.0)], STILL, "foot_left", PERFECT, seed=2)
    assert s.gyr_radps is not None
    for contact in s.truth["contacts_left_s"][1:-2]:
        flat = (s.time_s > contact + 0.2) & (s.time_s < contact + 0.3)
        assert np.allclose(np.linalg.norm(s.acc_mps2[flat], axis=1), STANDARD_GRAVITY_MPS2, atol=0.3)
        assert np.abs(s.gyr_radps[flat]).max() < 0.1


def test_a_sitting_thigh_lies() -> None:
    s = simulate([Stand(2.0), StandToSit(), Sit(3.0)], STILL, "thigh", PERFECT)
    assert s.acc_mps2[0, 0] == pytest.approx(STANDARD_GRAVITY_MPS2, abs=0.1)
    assert s.acc_mps2[-1, 0] == pytest.approx(0.0, abs=0.3)
    up = simulate([Sit(2.0), SitToStand(), Stand(3.0)], STILL, "thigh", PERFECT)
    assert up.acc_mps2[0, 0] == pytest.approx(0.0, abs=0.1)
    assert up.acc_mps2[-1, 0] == pytest.approx(STANDARD_GRAVITY_MPS2, abs=0.3)


def test_slow_and_sudden_slip_turn_the_sensor_about_the_left_axis() -> None:
    slow = simulate([Stand(60.0)], STILL, sensor=PERFECT, mounting=Mounting(slip_deg_per_h=120.0))
    assert math.degrees(math.atan2(-slow.acc_mps2[-1, 2], slow.acc_mps2[-1, 0])) == pytest.approx(-2.0, abs=0.2)
    sudden = simulate([Stand(2.0), BeltSlip(20.0), Stand(2.0)], STILL, sensor=PERFECT)
    assert sudden.gyr_radps is not None
    angle = abs(math.degrees(math.atan2(-sudden.acc_mps2[-1, 2], sudden.acc_mps2[-1, 0])))
    assert angle == pytest.approx(20.0, abs=0.5)
    assert np.degrees(abs(np.trapezoid(sudden.gyr_radps[:, 1], sudden.time_s))) == pytest.approx(20.0, abs=0.5)


def test_a_loose_strap_rings_at_its_resonance() -> None:
    script = [Stand(2.0), Tap(), Walk((15.0,)), Stand(2.0)]
    rigid, loose = (
        simulate(script, Person(), sensor=PERFECT, mounting=Mounting(strap_hz=hz), seed=1).acc_mps2[:, 0]
        for hz in (None, 8.0)
    )
    band = [
        np.abs(np.fft.rfft(x - x.mean()))[int(6.5 * x.size / 104) : int(9.5 * x.size / 104)].sum()
        for x in (rigid, loose)
    ]
    assert band[1] > 1.3 * band[0]
    assert loose[:100].mean() == pytest.approx(rigid[:100].mean(), abs=0.01)


def test_the_sensor_clips_quantises_and_has_its_own_errors() -> None:
    sensor = Sensor(acc_range_mps2=2 * 9.80665, acc_step_mps2=0.01)
    s = simulate([Stand(2.0), Tap(60.0, 3), Stand(1.0)], STILL, sensor=sensor)
    assert np.abs(s.acc_mps2).max() == pytest.approx(2 * 9.80665, abs=0.006)
    assert np.allclose(s.acc_mps2 / 0.01, np.rint(s.acc_mps2 / 0.01), atol=1e-6)
    noise = simulate([Stand(8.0)], STILL, sensor=Sensor(acc_step_mps2=0.0)).acc_mps2[:, 1].std()
    assert 0.002 < noise < 0.02  # 90 µg/√Hz in 42 Hz is 0.0057 m/s²


@pytest.mark.parametrize("rate_hz", [12.5, 52.0, 104.0, 208.0, 1000.0])
def test_any_rate_from_12_5_to_1000_hz_gives_its_number_of_samples(rate_hz: float) -> None:
    s = simulate([Stand(1.0), Walk((3.0,))], sensor=Sensor(rate_hz=rate_hz))
    assert np.median(np.diff(s.time_s)) == pytest.approx(1 / rate_hz)
    assert s.time_s.size == pytest.approx(s.time_s[-1] * rate_hz + 1, abs=1.01)


def test_a_fast_clock_stretches_stamps_and_truth_alike() -> None:
    script, person = [Stand(1.0), Walk((60.0,)), Stand(1.0)], Person.drawn(1)
    true, fast = (simulate(script, person, sensor=Sensor(clock_skew_ppm=ppm), seed=1) for ppm in (0.0, 1000.0))
    assert fast.time_s[-1] / true.time_s[-1] == pytest.approx(1.001, abs=1e-6)
    assert fast.truth["contacts_left_s"][-1] / true.truth["contacts_left_s"][-1] == pytest.approx(1.001, abs=1e-5)
    assert np.array_equal(fast.acc_mps2, true.acc_mps2)


def test_jittered_stamps_never_run_backwards_and_lost_packets_are_gaps() -> None:
    sensor = Sensor(rate_hz=52.0, jitter_s=0.004, stamp_jitter_s=0.01, loss=Loss(8, good=0.02, bad=0.6, good_s=4.0))
    s = simulate([Walk((80.0,))], sensor=sensor, seed=8)
    steps = np.diff(s.time_s)
    assert steps.min() > 0
    assert s.time_s[0] >= 0
    assert steps.max() > 7 / 52.0
    assert np.all(np.isfinite(s.acc_mps2))


def test_without_a_gyroscope_there_is_none() -> None:
    assert simulate([Stand(1.0)], sensor=Sensor(has_gyroscope=False)).gyr_radps is None


def test_a_rate_out_of_the_contract_is_refused() -> None:
    with pytest.raises(ValueError, match=r"12\.5"):
        Sensor(rate_hz=5.0)
