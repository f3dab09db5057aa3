"""Falls at every place of the sensor, told once, soon and honestly; what becomes of the person."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.events import Event
from dsp.falls.phases import NAMES
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.block import Position
from sensing.simulator import Mounting
from sensing.simulator.activities import Activity, Direction, Fall, Sit, Stand, StandToSit, Stumble, Walk
from tests.dsp.falling import UPRIGHT_AGAIN, falling, falls_in, stream_of, watched, worn
from tests.dsp.walks import events_of

LATEST_S = 3.0  # CONTRACT §4
EVERYWHERE: tuple[Position, ...] = (
    "lower_back",
    "waist",
    "chest",
    "pocket",
    "thigh",
    "ankle_left",
    "foot_right",
    "wrist",
    "hand",
)
trunk = st.sampled_from(["lower_back", "waist", "chest"])
ways = st.sampled_from(["forward", "backward", "left", "right"])


def told_once(found: list[Event], impact_s: float) -> Event:
    (fall,) = found
    assert fall.time_s == pytest.approx(impact_s, abs=0.4)
    assert 0.0 < fall.emitted_s - fall.time_s <= LATEST_S
    return fall


@settings(max_examples=30, deadline=None)
@given(
    position=trunk,
    direction=ways,
    impact_mps=st.floats(1.6, 3.0),
    descent_s=st.floats(0.5, 1.0),
    contact_s=st.floats(0.03, 0.1),
    rate_hz=st.sampled_from([26.0, 52.0, 104.0]),
    walks=st.booleans(),
    seed=st.integers(0, 10_000),
    tilt_deg=st.floats(-180.0, 180.0),
)
def test_a_fall_is_told_once_within_three_seconds_however_the_trunk_wears_the_sensor(
    position: Position,
    direction: Direction,
    impact_mps: float,
    descent_s: float,
    contact_s: float,
    rate_hz: float,
    walks: bool,
    seed: int,
    tilt_deg: float,
) -> None:
    before: Activity = Walk((5.0,), interrupted=True) if walks else Stand(4.0)
    fall = Fall(direction, impact_mps, descent_s=descent_s, contact_s=contact_s)
    mounting = Mounting(pitch_deg=tilt_deg, roll_deg=0.5 * tilt_deg)
    made = worn([before, fall], position, seed, rate_hz, mounting)
    told = told_once(falls_in(made, position), made.truth["falls"][0]["impact_s"])
    confidence, impact = told.fields["confidence"], told.fields["impact_mps2"]
    assert isinstance(confidence, float)
    assert isinstance(impact, float)
    assert 0.5 <= confidence <= 1.0
    assert impact > 9.8


@pytest.mark.parametrize("position", EVERYWHERE)
@pytest.mark.parametrize("direction", ["forward", "backward", "left", "right"])
def test_a_fall_is_told_at_every_place_with_and_without_a_gyroscope(position: Position, direction: Direction) -> None:
    made = worn([Walk((5.0,), interrupted=True), Fall(direction)], position, 11)
    stream = stream_of(made)
    for told in (falls_in(stream, position), falls_in(stream.without_gyro(), position)):
        told_once(told, made.truth["falls"][0]["impact_s"])


@settings(max_examples=20, deadline=None)
@given(position=trunk, direction=ways, impact_mps=st.floats(1.0, 1.25), seed=st.integers(0, 10_000))
def test_a_collapse_that_never_reads_two_g_is_told_as_a_soft_fall_and_not_claimed_for_certain(
    position: Position, direction: Direction, impact_mps: float, seed: int
) -> None:
    slide = Fall(direction, impact_mps, descent_s=0.7, contact_s=0.3, rebounds=0)
    made = worn([Stand(4.0), slide], position, seed, mounting=Mounting())
    told = told_once(falls_in(made, position), made.truth["falls"][0]["impact_s"])
    impact, confidence = told.fields["impact_mps2"], told.fields["confidence"]
    assert isinstance(impact, float)
    assert isinstance(confidence, float)
    assert told.fields["soft"] is (impact < 19.6)
    assert confidence <= (0.7 if told.fields["soft"] else 1.0)


def test_the_phases_of_a_fall_follow_one_another_in_time() -> None:
    made = worn([Stand(4.0), Fall("backward")])
    (fall,) = falls_in(made)
    phases = fall.fields["phases"]
    assert isinstance(phases, list)
    names, edges = [], []
    for phase in phases:
        assert isinstance(phase, dict)
        names.append(phase["name"])
        edges += [phase["start_s"], phase["end_s"]]
    assert names == sorted(names, key=lambda name: NAMES.index(str(name)))
    assert {"descent", "impact", "lying"} <= set(names)
    assert edges == sorted(edges, key=float)  # type: ignore[arg-type]
    truth = made.truth["falls"][0]
    assert fall.fields["descent_start_s"] == pytest.approx(truth["descent_s"], abs=0.5)
    assert fall.fields["posture_change_rad"] == pytest.approx(np.deg2rad(85.0), abs=0.4)


def test_a_fall_in_the_last_second_comes_out_at_the_end() -> None:
    whole = stream_of(worn([Stand(4.0), Fall("left")], seed=4))
    impact_s = worn([Stand(4.0), Fall("left")], seed=4).truth["falls"][0]["impact_s"]
    cut = whole.keep(whole.time_s < impact_s + 1.5)
    events, _ = watched(cut)
    assert events == []
    (fall,) = falls_in(cut)
    assert fall.at_end
    assert fall.time_s == pytest.approx(impact_s, abs=0.4)


def test_a_fall_is_found_across_a_hole_that_the_body_made() -> None:
    made = worn([Stand(4.0), Fall("forward", lying_s=12.0)], seed=6)
    stream, impact_s = stream_of(made), made.truth["falls"][0]["impact_s"]
    shadowed = stream.keep((stream.time_s < impact_s + 0.4) | (stream.time_s > impact_s + 1.9))
    told_once(falls_in(shadowed), impact_s)


def test_who_gets_up_later_has_fallen_and_is_known_to_be_up_again() -> None:
    fall = Fall("forward", lying_s=8.0, get_up_s=4.0)
    made = worn([Stand(5.0), Walk((4.0,), interrupted=True), fall, Stand(4.0)], seed=2)
    events, pipeline = watched(made)
    assert [event.kind for event in events] == ["fall"]
    fallen, truth = pipeline.fallen(), made.truth["falls"][0]
    assert fallen is not None
    assert fallen.time_s == events[0].time_s
    assert fallen.got_up_s is not None
    assert truth["end_s"] < fallen.got_up_s < truth["end_s"] + 6.0
    assert fallen.lying_s == pytest.approx(fallen.got_up_s - fallen.time_s, abs=0.02)
    assert fallen.walks_s is None


def test_who_lies_still_is_said_to_lie_and_for_how_long() -> None:
    made = worn([Stand(4.0), Fall("right", lying_s=40.0)])
    (_, pipeline), impact_s = watched(made), made.truth["falls"][0]["impact_s"]
    fallen = pipeline.fallen()
    assert fallen is not None
    assert fallen.got_up_s is None
    assert fallen.lying_s == pytest.approx(made.time_s[-1] - impact_s, abs=1.5)
    assert fallen.still_s is not None
    assert 30.0 < fallen.still_s < 40.0


def test_who_walks_again_after_lying_has_still_fallen() -> None:
    events, pipeline = watched(worn([Stand(4.0), UPRIGHT_AGAIN, Stand(2.0), Walk((12.0,))], seed=1))
    assert [event.kind for event in events] == ["fall"]
    fallen = pipeline.fallen()
    assert fallen is not None
    assert fallen.walks_s is not None


@pytest.mark.parametrize("position", ["lower_back", "wrist"])
def test_a_fall_is_taken_back_soon_when_its_wearer_is_up_at_once_and_walks_on(position: Position) -> None:
    caught = Fall("forward", 2.0, lying_s=0.2, get_up_s=1.5)
    made = worn([Stand(4.0), Walk((4.0,), interrupted=True), caught, Walk((14.0,))], position, 1)
    (fall, retraction), pipeline = watched(made, position)
    assert (fall.kind, retraction.kind) == ("fall", "retraction")
    assert retraction.fields["of_kind"] == "fall"
    assert retraction.fields["of_time_s"] == fall.time_s
    assert retraction.fields["why"]
    assert retraction.emitted_s - fall.time_s < 20.0
    assert pipeline.fallen() is None


def test_at_the_wrist_nobody_says_how_long_somebody_lies() -> None:
    events, pipeline = watched(worn([Stand(4.0), Fall("backward")], "wrist", 11), "wrist")
    (fall,) = events
    assert fall.fields["lying_s"] is None
    fallen = pipeline.fallen()
    assert fallen is not None
    assert fallen.lying_s is None


@pytest.mark.parametrize("severity", [0.5, 0.8, 1.0])
def test_who_stumbles_and_walks_on_has_not_fallen(severity: float) -> None:
    for position in ("lower_back", "pocket", "wrist"):
        stumble = Walk((5.0, Stumble(severity), 8.0))
        assert falls_in(worn([Stand(3.0), stumble], position, 5), position) == []  # type: ignore[arg-type]


def test_without_the_detector_nothing_is_known() -> None:
    pipeline = Pipeline(Wearing("lower_back"), detectors=())
    assert pipeline.fallen() is None
    assert pipeline.worn().state == "unknown"


def test_saved_state_remembers_who_fell() -> None:
    stream = falling("lower_back")
    first, second = Pipeline(Wearing("lower_back")), Pipeline(Wearing("lower_back"))
    for block in stream.blocks([4000]):
        first.update(block)
        break
    second.load_state(first.save_state())
    assert second.fallen() == first.fallen()
    assert second.worn() == first.worn()


def test_sitting_down_after_a_walk_is_no_event_of_the_fall_detector() -> None:
    script = [Walk((6.0,)), Stand(1.0), StandToSit(), Sit(5.0)]
    assert all(event.kind != "fall" for event in events_of(stream_of(worn(script)), Wearing("lower_back")))
