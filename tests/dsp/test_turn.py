"""Turns whose angle and time are known."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dsp.body import COLUMNS, GYR_AP, GYR_ML, GYR_V, NORM, SEEN, TIME, UP_Z, VALID, BodyBlock
from dsp.detectors.turn import Turn
from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.turns import parameters as p
from dsp.wearing import Wearing
from sensing.block import POSITIONS, Position
from sensing.simulator import Bend as BendDown
from sensing.simulator import Fall, Mounting, Person, Stand, Tug, Walk, Work, simulate
from sensing.simulator import Turn as SimulatedTurn
from tests.dsp.naive_turn import turns_of
from tests.dsp.turns import Bend, bends_s, turning
from tests.dsp.walks import Stream, rotation, trunk_walk

ANGLE_WITHIN_DEG = 2.0  # of an analytic turn in a walk with its swing
EDGE_WITHIN_S = 0.5  # the first and last fifth of a raised cosine turn 5 % of the angle each
LATEST_S = 3.0  # after the end, unless more of the same direction follows


def turns(stream: Stream, position: Position = "lower_back") -> list[Event]:
    pipeline = Pipeline(Wearing(position), [Turn])
    return pipeline.update(stream.block()).events + pipeline.finish().events


def degrees(event: Event) -> float:
    angle = event.fields["angle_rad"]
    assert isinstance(angle, float)
    return math.degrees(angle)


@pytest.mark.parametrize("angle_deg", [180.0, -180.0, 90.0, -60.0, 360.0])
@pytest.mark.parametrize("mounted", [None, 0, 1, 2, 3])
def test_angle_direction_and_time_come_out_at_any_mounting(angle_deg: float, mounted: int | None) -> None:
    bend = Bend(angle_deg, 2.4)
    mounting = np.eye(3) if mounted is None else rotation(mounted)
    (event,) = turns(turning(bend, mounting=mounting))
    ((start_s, end_s),) = bends_s([bend])
    assert event.end_s is not None
    assert degrees(event) == pytest.approx(angle_deg, abs=ANGLE_WITHIN_DEG)
    assert event.time_s == pytest.approx(start_s, abs=EDGE_WITHIN_S)
    assert event.end_s == pytest.approx(end_s, abs=EDGE_WITHIN_S)
    assert event.fields["duration_s"] == pytest.approx(event.end_s - event.time_s)
    assert event.fields["hesitations"] == 0
    assert event.emitted_s - event.end_s <= LATEST_S


@pytest.mark.parametrize("rate_hz", [12.5, 25.0, 52.0, 208.0, 1000.0])
def test_turns_are_found_at_any_rate(rate_hz: float) -> None:
    left, right = turns(turning(Bend(180), Bend(-90, 1.5), rate_hz=rate_hz))
    assert degrees(left) == pytest.approx(180, abs=ANGLE_WITHIN_DEG)
    assert degrees(right) == pytest.approx(-90, abs=ANGLE_WITHIN_DEG)


@pytest.mark.parametrize("duration_s", [1.0, 1.5, 3.0, 6.0])
def test_the_peak_rate_is_the_profiles_at_the_pace_of_people(duration_s: float) -> None:
    (event,) = turns(turning(Bend(180, duration_s), swing_radps=0.0))
    expected = 2 * math.pi / duration_s
    assert event.fields["peak_rate_radps"] == pytest.approx(expected, rel=0.15 if duration_s < 1.5 else 0.06)


@pytest.mark.parametrize("pause_s", [0.2, 0.5, 1.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_turn_with_a_hesitation_is_one_turn(pause_s: float, sign: int) -> None:
    (event,) = turns(turning(Bend(80 * sign, 1.5, pause_s), Bend(100 * sign, 1.5), swing_radps=0.1))
    assert degrees(event) == pytest.approx(180 * sign, abs=ANGLE_WITHIN_DEG)
    if pause_s >= 0.5:  # a shorter one disappears in the low-pass
        assert event.fields["hesitations"] == 1


def test_two_half_turns_are_two_turns_however_soon_one_follows_the_other() -> None:
    stream = turning(Bend(180, 1.8, 0.6), Bend(180, 1.8))
    assert [round(degrees(event), -1) for event in turns(stream)] == [180, 180]


def test_there_and_back_at_once_are_two_turns() -> None:
    first, second = turns(turning(Bend(120, 1.5, 0.0), Bend(-90, 1.5)))
    assert degrees(first) == pytest.approx(120, abs=5)
    assert degrees(second) == pytest.approx(-90, abs=5)


def test_a_gyroscope_that_is_off_is_set_right_by_the_rest_before() -> None:
    offset_radps = math.radians(2.0)
    bend = Bend(90, 5.0)
    (resting,) = turns(turning(bend, still_s=12.0, offset_radps=offset_radps))
    (event,) = turns(turning(bend, still_s=0.5, offset_radps=offset_radps))
    assert degrees(resting) == pytest.approx(90, abs=ANGLE_WITHIN_DEG)
    assert degrees(event) > 95  # never stood still: nothing to know it by


@pytest.mark.parametrize("angle_deg", [0.0, 20.0, 40.0])
def test_less_than_45_degrees_is_no_turn(angle_deg: float) -> None:
    assert turns(turning(Bend(angle_deg))) == []


@pytest.mark.parametrize("swing_radps", [0.3, 0.8, 1.5])
def test_a_swing_with_every_stride_is_no_turn(swing_radps: float) -> None:
    assert turns(turning(Bend(0.0, 20.0), swing_radps=swing_radps)) == []


def test_a_long_curve_is_no_turn() -> None:
    assert turns(turning(Bend(720, 40.0))) == []


def test_without_a_gyroscope_and_at_the_wrist_nothing_is_reported() -> None:
    stream = turning(Bend(180))
    assert turns(stream.without_gyro()) == []
    assert turns(stream, "wrist") == []
    assert len(turns(stream, "hand")) == 1  # a phone held before the body


@pytest.mark.parametrize("position", [place for place in POSITIONS if place != "wrist"])
def test_every_other_place_reports_the_turn(position: Position) -> None:
    (event,) = turns(turning(Bend(-180)), position)
    assert degrees(event) == pytest.approx(-180, abs=ANGLE_WITHIN_DEG)
    assert (event.fields["hesitations"] is None) == position.startswith(("foot", "ankle"))


def without(stream: Stream, start_s: float, end_s: float) -> Stream:
    return stream.keep((stream.time_s < start_s) | (stream.time_s >= end_s))


def test_a_short_hole_costs_little_and_a_longer_one_the_angle() -> None:
    stream = turning(Bend(180))
    (short,) = turns(without(stream, 4.6, 4.8))
    assert degrees(short) == pytest.approx(180, abs=5)
    (long,) = turns(without(stream, 4.4, 4.95))
    assert long.fields["angle_rad"] is None
    assert long.fields["peak_rate_radps"] is None
    assert turns(without(stream, 4.2, 5.8)) == []


def test_a_gyroscope_that_says_nothing_for_a_while_is_a_hole_too() -> None:
    stream = turning(Bend(180), Bend(180))
    assert stream.gyr_radps is not None
    gyr = stream.gyr_radps.copy()
    gyr[(stream.time_s > 4.5) & (stream.time_s < 5.0)] = np.nan
    spoilt, whole = turns(Stream(stream.time_s, stream.acc_mps2, gyr, stream.contacts_s, 100.0))
    assert spoilt.fields["angle_rad"] is None
    assert degrees(whole) == pytest.approx(180, abs=ANGLE_WITHIN_DEG)


def test_a_clipped_gyroscope_still_shows_the_turn() -> None:
    stream = turning(Bend(180, 1.5))
    assert stream.gyr_radps is not None
    clipped = Stream(stream.time_s, stream.acc_mps2, np.clip(stream.gyr_radps, -2.2, 2.2), stream.contacts_s, 100.0)
    (event,) = turns(clipped)
    assert 90 < degrees(event) < 180


def test_a_turn_that_is_still_going_on_when_the_stream_ends_is_not_guessed_at() -> None:
    stream = turning(Bend(180))
    assert turns(stream.keep(stream.time_s < 5.2)) == []
    (event,) = turns(stream.keep(stream.time_s < 7.2))
    assert event.at_end


def body_block(rate: np.ndarray) -> BodyBlock:
    """Ticks of these rates, upright, and never at rest."""
    rows = np.zeros((rate.size * p.EVERY, COLUMNS))
    rows[:, TIME] = rows[:, SEEN] = np.arange(len(rows)) / 100.0
    rows[:, GYR_V] = np.repeat(rate, p.EVERY)
    rows[:, NORM] = np.repeat(np.where(np.arange(rate.size) % 2, 2.0, -2.0), p.EVERY)
    rows[:, UP_Z] = rows[:, VALID] = 1.0
    rows[:, GYR_ML] = rows[:, GYR_AP] = 0.01
    return BodyBlock(0, rows)


drawn_bends = st.lists(
    st.builds(
        Bend,
        st.floats(-270, 270),
        st.floats(0.6, 7.0),
        st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.1, 1.6, 4.0]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(
    bends=drawn_bends,
    swing=st.floats(0, 1.0),
    seed=st.integers(0, 99),
    position=st.sampled_from(["chest", "foot_left"]),
)
def test_the_kernel_finds_what_its_slow_twin_finds(
    bends: list[Bend], swing: float, seed: int, position: Position
) -> None:
    stream = turning(*bends, rate_hz=p.TICK_HZ, swing_radps=swing, seed=seed)
    assert stream.gyr_radps is not None
    rate = stream.gyr_radps[:, 2]
    detector = Turn(Wearing(position))
    found = detector.update(body_block(rate)) + detector.finish(1e6)
    merge_s = p.LEG_MERGE_S if position == "foot_left" else p.MERGE_S
    expected = turns_of(rate, round(merge_s * p.TICK_HZ))
    middle_s = 0.015
    assert [event.time_s for event in found] == pytest.approx([e.first * p.TICK_S + middle_s for e in expected])
    assert [event.end_s for event in found] == pytest.approx([e.last * p.TICK_S + middle_s for e in expected])
    assert [degrees(event) for event in found] == pytest.approx([math.degrees(e.angle_rad) for e in expected], abs=0.01)
    peaks = [event.fields["peak_rate_radps"] for event in found]
    assert peaks == pytest.approx([e.peak_radps for e in expected], abs=1e-4)
    if position == "chest":
        assert [event.fields["hesitations"] for event in found] == [e.hesitations for e in expected]


@settings(max_examples=25, deadline=None)
@given(
    angle_deg=st.floats(60, 360),
    left=st.booleans(),
    speed_dps=st.floats(40, 150),
    swing=st.floats(0, 0.5),
    step_s=st.floats(0.45, 0.7),
    mounted=st.integers(0, 99),
)
def test_any_turn_in_any_walk_comes_out_within_the_stated_error(
    angle_deg: float, left: bool, speed_dps: float, swing: float, step_s: float, mounted: int
) -> None:
    duration_s = angle_deg / speed_dps
    assume(0.8 <= duration_s <= 7.0)
    signed = angle_deg if left else -angle_deg
    bend = Bend(signed, duration_s)
    found = turns(turning(bend, swing_radps=swing, step_s=step_s, mounting=rotation(mounted)))
    assert sum(degrees(event) for event in found) == pytest.approx(signed, abs=6.0)
    assert len(found) == 1


@pytest.mark.parametrize("condition", ["healthy", "ms"])
@pytest.mark.parametrize("position", ["lower_back", "pocket", "head"])
def test_simulated_people_turn_as_often_and_as_far_as_found(condition: str, position: Position) -> None:
    course = (4.0, SimulatedTurn(180, 2.2), 4.0, SimulatedTurn(-180, 3.5, 1, 0.8), 4.0, SimulatedTurn(90, 1.5), 4.0)
    person = Person.drawn(5, condition)  # type: ignore[arg-type]
    simulated = simulate([Stand(4), Walk(course), Stand(4)], person, position, mounting=Mounting.drawn(5), seed=5)
    recording = simulated.recording("simulated")
    pipeline = Pipeline(Wearing(position), [Turn])
    found = [event for block in recording.blocks(512) for event in pipeline.update(block).events]
    found += pipeline.finish().events
    truth = simulated.truth["turns"]
    assert [degrees(event) for event in found] == pytest.approx([turn["angle_deg"] for turn in truth], abs=6.0)
    assert [event.fields["hesitations"] for event in found] == [0, 1, 0]
    for event, turn in zip(found, truth, strict=True):
        assert event.end_s is not None
        assert event.time_s == pytest.approx(turn["start_s"], abs=0.5)
        assert event.end_s == pytest.approx(turn["end_s"], abs=0.5)


def test_both_turns_of_a_simulated_up_and_go_are_found() -> None:
    simulated = simulate([Tug()], Person.drawn(3), seed=1)
    pipeline = Pipeline(Wearing("lower_back"), [Turn])
    found = [event for block in simulated.recording("tug").blocks(512) for event in pipeline.update(block).events]
    assert [degrees(event) for event in found] == pytest.approx([180, 180], abs=6.0)


@pytest.mark.parametrize("position", ["lower_back", "chest", "pocket", "hand", "foot_left"])
def test_work_bending_and_falling_are_no_turns(position: Position) -> None:
    for script in ([Stand(3), Work(), BendDown(), Stand(3)], [Stand(4), Walk((5.0,), interrupted=True), Fall("left")]):
        pipeline = Pipeline(Wearing(position), [Turn])
        recording = simulate(script, Person(), position, seed=1).recording("none")  # type: ignore[arg-type]
        found = [event for block in recording.blocks(512) for event in pipeline.update(block).events]
        assert found + pipeline.finish().events == []


def test_a_walk_without_turns_has_none() -> None:
    assert turns(trunk_walk(steps=40)) == []
