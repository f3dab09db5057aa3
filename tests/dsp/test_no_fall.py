"""What is no fall: hard negatives by name, and a sensor that nobody wears."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.block import Position
from sensing.simulator import dropped, taken_off
from sensing.simulator.activities import (
    Activity,
    BeltSlip,
    Bend,
    Cough,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    Tap,
    Turn,
    Walk,
    Work,
)
from sensing.simulator.everyday import BedWay, Drive, Jump, Lie, LieDown, SitUp, Stairs
from tests.dsp.falling import falls_in, watched, worn

TRUNK: tuple[Position, ...] = ("lower_back", "waist", "chest")
LIMBS: tuple[Position, ...] = ("pocket", "ankle_right", "wrist")
everywhere = pytest.mark.parametrize("position", [*TRUNK, *LIMBS])
rates = st.sampled_from([26.0, 52.0, 104.0])
seeds = st.integers(0, 10_000)


def no_fall(script: Sequence[Activity], position: Position, seed: int = 0, rate_hz: float = 104.0) -> bool:
    return falls_in(worn(script, position, seed, rate_hz), position) == []


@settings(max_examples=25, deadline=None)
@given(
    position=st.sampled_from([*TRUNK, "wrist", "ankle_left"]),
    takes_s=st.floats(0.9, 2.5),
    impact_g=st.floats(1.2, 3.0),
    rate_hz=rates,
    seed=seeds,
)
def test_sitting_down_hard_is_no_fall(
    position: Position, takes_s: float, impact_g: float, rate_hz: float, seed: int
) -> None:
    script = [Walk((4.0,)), Stand(1.0), StandToSit(takes_s, impact_g=impact_g), Sit(4.0), SitToStand(), Stand(2.0)]
    assert no_fall(script, position, seed, rate_hz)


@settings(max_examples=15, deadline=None)
@given(takes_s=st.floats(1.2, 2.5), impact_g=st.floats(1.0, 1.6), seed=seeds)
def test_sitting_down_with_the_phone_in_the_pocket_is_no_fall(takes_s: float, impact_g: float, seed: int) -> None:
    script = [Walk((4.0,)), Stand(1.0), StandToSit(takes_s, impact_g=impact_g), Sit(4.0)]
    assert no_fall(script, "pocket", seed)


@settings(max_examples=25, deadline=None)
@given(
    position=st.sampled_from([*TRUNK, "wrist"]),
    way=st.sampled_from(["backward", "left", "right"]),
    takes_s=st.floats(2.0, 4.0),
    impact_g=st.floats(1.0, 1.4),
    seed=seeds,
)
def test_lying_down_quickly_is_no_fall(
    position: Position, way: BedWay, takes_s: float, impact_g: float, seed: int
) -> None:
    script = [Sit(4.0), LieDown(takes_s, way, impact_g), Lie(6.0), SitUp(2.0, way), Sit(3.0)]
    assert no_fall(script, position, seed)


@everywhere
@pytest.mark.parametrize("flight_s", [0.2, 0.35, 0.5])
def test_jumping_is_no_fall(position: Position, flight_s: float) -> None:
    for count in (1, 3):
        assert no_fall([Stand(4.0), Jump(count, flight_s), Stand(4.0)], position)


@everywhere
@pytest.mark.parametrize("down", [True, False])
def test_stairs_are_no_fall(position: Position, down: bool) -> None:
    for bump in (5.0, 9.0):
        assert no_fall([Walk((4.0,)), Stairs(14, down, bump_mps2=bump), Walk((4.0,))], position)


@everywhere
def test_a_car_on_a_bad_road_is_no_fall(position: Position) -> None:
    assert no_fall([Drive(60.0, 1.2, potholes=8, pothole_mps2=12.0, brakings=3)], position)


@everywhere
def test_bending_working_coughing_and_turning_are_no_falls(position: Position) -> None:
    script = [Stand(3.0), Bend(3.0, 70.0), Work(8.0), Cough(3, 5.0), Walk((5.0, Turn(), 5.0)), Bend(2.5), Stand(2.0)]
    assert no_fall(script, position)


@everywhere
@pytest.mark.parametrize("peak_mps2", [15.0, 60.0, 150.0])
def test_a_knock_on_the_sensor_is_no_fall(position: Position, peak_mps2: float) -> None:
    assert no_fall([Stand(4.0), Tap(peak_mps2, 3), Stand(4.0)], position)


@everywhere
def test_a_belt_that_slips_is_no_fall(position: Position) -> None:
    assert no_fall([Stand(4.0), BeltSlip(40.0, 0.4), Stand(4.0), Walk((5.0,))], position)


@settings(max_examples=25, deadline=None)
@given(position=st.sampled_from([*TRUNK, *LIMBS]), height_m=st.floats(0.4, 1.6), seed=seeds, rate_hz=rates)
def test_a_sensor_that_is_dropped_is_not_worn_and_no_fall(
    position: Position, height_m: float, seed: int, rate_hz: float
) -> None:
    made = dropped(worn([Walk((5.0,)), Stand(20.0)], position, seed, rate_hz), 9.0, height_m, seed)
    events, pipeline = watched(made, position)
    assert [event for event in events if event.kind == "fall"] == []
    assert pipeline.worn().state == "not_worn"
    since_s = pipeline.worn().since_s
    assert since_s is not None
    assert since_s == pytest.approx(9.5, abs=0.8)


@settings(max_examples=25, deadline=None)
@given(position=st.sampled_from([*TRUNK, "pocket", "wrist"]), handling_s=st.floats(3.0, 7.0), seed=seeds)
def test_a_belt_that_is_taken_off_is_no_fall_with_high_confidence(
    position: Position, handling_s: float, seed: int
) -> None:
    made = taken_off(worn([Walk((5.0,)), Stand(20.0)], position, seed), 9.0, handling_s, seed)
    for event in falls_in(made, position):
        confidence = event.fields["confidence"]
        assert isinstance(confidence, float)
        assert confidence < 0.8


def test_a_sensor_on_the_table_is_not_worn_after_a_minute_and_worn_again_when_somebody_walks() -> None:
    off = taken_off(worn([Walk((8.0,)), Stand(110.0)]), 12.0, 4.0)
    _, pipeline = watched(off)
    assert pipeline.worn().state == "not_worn"
    since_s = pipeline.worn().since_s
    assert since_s is not None
    assert 16.0 < since_s < 50.0
    _, pipeline = watched(worn([Walk((8.0,)), Stand(20.0)]))
    assert pipeline.worn().state == "worn"


def test_somebody_who_lies_still_and_breathes_wears_the_sensor() -> None:
    script = [Walk((5.0,)), StandToSit(), LieDown(3.0), Lie(150.0)]
    for position in ("lower_back", "chest", "pocket"):
        _, pipeline = watched(worn(script, position), position)  # type: ignore[arg-type]
        assert pipeline.worn().state == "worn"
