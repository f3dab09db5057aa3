"""However the sensor is turned, and while it turns on the body, the steps stay the same: none doubled, few lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.wearing import Wearing
from sensing.block import Position
from sensing.simulator import Mounting, Person, Sensor, Stand, Walk, simulate
from tests.dsp.walks import Floats, Stream, events_of, rotation, standing_steps, trunk_walk

BOTH_FEET: list[Position] = ["lower_back", "waist", "chest", "pocket", "thigh", "wrist", "hand"]
LOOSE: list[Position] = ["pocket", "thigh", "wrist", "hand"]
WITHIN_S = 0.15


def about(axis: Floats, angle: Floats) -> Floats:
    """Shape (n, 3, 3): turning by each of the angles about one axis (Rodrigues 1840)."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    sine, cosine = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.asarray(np.eye(3) + sine * cross + (1 - cosine) * (cross @ cross))


def turning(stream: Stream, axis: Floats, angle: Floats) -> Stream:
    """The same walk with a sensor that turns in its holder, which its gyroscope feels."""
    turned = about(axis, angle)
    acc = np.einsum("nji,nj->ni", turned, stream.acc_mps2)
    gyr = None
    if stream.gyr_radps is not None:
        own = np.gradient(angle, stream.time_s)[:, None] * axis / np.linalg.norm(axis)
        gyr = np.einsum("nji,nj->ni", turned, stream.gyr_radps + own)
    return Stream(stream.time_s, acc, gyr, stream.contacts_s, stream.rate_hz)


def slip(time_s: Floats, at_s: float, duration_s: float, degrees: float) -> Floats:
    """The angle of a smooth slip, in radians."""
    part = np.clip((time_s - at_s) / duration_s, 0, 1)
    return np.asarray(np.radians(degrees) * part**2 * (3 - 2 * part))


def lost_and_more(stream: Stream, position: Position) -> tuple[int, int]:
    """Contacts without a step, and steps too many."""
    found_s = np.array([event.time_s for event in standing_steps(events_of(stream, Wearing(position)))])
    if found_s.size == 0:
        return len(stream.contacts_s), 0
    near = np.abs(found_s[:, None] - stream.contacts_s[None, :]) <= WITHIN_S
    return int((~near.any(axis=0)).sum()), len(found_s) - int(near.any(axis=0).sum())


directions = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)).filter(lambda v: np.hypot(*v[:2]) > 0.2)


@settings(max_examples=40, deadline=None)
@given(
    position=st.sampled_from(BOTH_FEET),
    gyro=st.booleans(),
    step_s=st.floats(0.42, 0.8),
    strength_mps2=st.floats(1.0, 3.0),
    seed=st.integers(0, 99),
    axis=directions,
    at_s=st.floats(7.0, 11.0),
    duration_s=st.floats(0.5, 4.0),
)
def test_a_slip_of_forty_degrees_in_the_middle_of_a_walk_costs_one_step_at_most(
    position: Position,
    gyro: bool,
    step_s: float,
    strength_mps2: float,
    seed: int,
    axis: tuple[float, float, float],
    at_s: float,
    duration_s: float,
) -> None:
    walk = trunk_walk(steps=36, step_s=step_s, strength_mps2=strength_mps2, mounting=rotation(seed), seed=seed)
    slipped = turning(walk, np.array(axis), slip(walk.time_s, at_s, duration_s, 40.0))
    lost, more = lost_and_more(slipped if gyro else slipped.without_gyro(), position)
    assert more == 0
    assert lost <= 1


@settings(max_examples=30, deadline=None)
@given(
    position=st.sampled_from(LOOSE),
    step_s=st.floats(0.45, 0.7),
    seed=st.integers(0, 99),
    axis=directions,
    swing_deg=st.floats(0.0, 20.0),
    wander_deg=st.floats(0.0, 40.0),
    wander_s=st.floats(6.0, 20.0),
)
def test_a_phone_that_swings_with_the_stride_and_wanders_in_its_pocket_keeps_the_steps(
    position: Position,
    step_s: float,
    seed: int,
    axis: tuple[float, float, float],
    swing_deg: float,
    wander_deg: float,
    wander_s: float,
) -> None:
    walk = trunk_walk(steps=36, step_s=step_s, mounting=rotation(seed), seed=seed)
    since = walk.time_s - 3.0
    walking = np.clip(since, 0, 1) * np.clip(walk.contacts_s[-1] - walk.time_s, 0, 1)
    swing = np.radians(swing_deg) * walking * np.sin(np.pi * since / step_s)
    wander = np.radians(wander_deg) * np.sin(2 * np.pi * since / wander_s)
    lost, more = lost_and_more(turning(walk, np.array(axis), swing + wander), position)
    assert more <= 1
    assert lost <= 1


@pytest.mark.parametrize("position", BOTH_FEET)
def test_a_sensor_turned_over_in_the_middle_of_a_walk_goes_on_counting(position: Position) -> None:
    for seed in range(4):
        walk = trunk_walk(steps=36, mounting=rotation(seed), seed=seed)
        over = turning(walk, np.random.default_rng(seed).normal(size=3), slip(walk.time_s, 10.0, 1.0, 180.0))
        lost, more = lost_and_more(over, position)
        assert more == 0
        assert lost <= 1
        lost, more = lost_and_more(over.without_gyro(), position)
        assert more <= 2  # until the vertical has followed, down is taken for up
        assert lost <= 4


MOUNTINGS = {
    "upside down": Mounting(roll_deg=180.0),
    "on its side": Mounting(roll_deg=90.0),
    "back to front": Mounting(yaw_deg=180.0),
    "tilted 30 degrees forward": Mounting(pitch_deg=30.0),
    "tilted 30 degrees to the side": Mounting(roll_deg=-30.0),
}


@pytest.mark.parametrize("gyro", [True, False])
@pytest.mark.parametrize("mounting", MOUNTINGS.values(), ids=MOUNTINGS)
@pytest.mark.parametrize("position", ["lower_back", "chest", "pocket", "wrist", "ankle_left"])
def test_a_simulated_person_s_steps_do_not_depend_on_the_mounting(
    position: Position, mounting: Mounting, gyro: bool
) -> None:
    sensor = Sensor(has_gyroscope=gyro)
    script = (Stand(4.0), Walk((25.0,)), Stand(4.0))
    counts = []
    for worn in (Mounting(), mounting):
        said = simulate(script, Person(), position, sensor, worn, seed=3)
        contacts_s = np.sort(np.concatenate([said.truth["contacts_left_s"], said.truth["contacts_right_s"]]))
        stream = Stream(said.time_s, said.acc_mps2, said.gyr_radps, contacts_s, sensor.rate_hz)
        counts.append(len(standing_steps(events_of(stream, Wearing(position)))))
    feet = 2 if position.startswith("ankle") else 1
    assert counts[1] == pytest.approx(counts[0], abs=1)
    assert len(contacts_s) / feet - 2 <= counts[1] <= len(contacts_s) / feet + 1
