"""Rising from a seat and sitting down, as a sensor at the trunk feels it."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsp.body import NORM, SEEN, TIME, UP_X, VALID, BodyBlock, V
from dsp.events import Event
from dsp.transitions import trunk_parameters as t
from dsp.transitions.trunk import TrunkTransitions
from dsp.wearing import Wearing
from sensing.block import Position
from sensing.recording import read_recording
from sensing.simulator.activities import Bend, Script, Sit, SitToStand, Stand, StandToSit, Turn, Walk, Work
from sensing.simulator.people import Mounting, Person, Sensor
from sensing.simulator.simulate import simulate
from server.plan import wearing_of
from tests.dsp import naive_trunk
from tests.dsp.walks import Floats, Stream, body_of, rotation

MALISA = Path(__file__).parents[3] / "shared" / "recordings" / "malisa"


def block_of(length: Floats, up: Floats) -> BodyBlock:
    """Four equal rows for each tick."""
    rows = np.zeros((4 * len(length), 22))
    rows[:, TIME] = rows[:, SEEN] = np.arange(len(rows)) / 100.0
    rows[:, NORM] = rows[:, V] = np.repeat(length, 4)
    rows[:, UP_X : UP_X + 3] = np.repeat(up, 4, axis=0)
    rows[:, VALID] = 1.0
    return BodyBlock(0, rows)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), ticks=st.integers(1, 250), size=st.floats(0.05, 3.0))
def test_the_kernel_sees_turning_quiet_and_match_as_its_slow_twins_do(seed: int, ticks: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    length = size * np.convolve(rng.normal(size=ticks + 8), np.ones(9) / 3.0, "valid")
    angle = 0.5 * np.cumsum(rng.normal(size=ticks)) / 25.0
    up = np.column_stack([np.sin(angle), np.zeros(ticks), np.cos(angle)])
    detector = TrunkTransitions(Wearing("lower_back"))
    detector.update(block_of(length, up))
    s = detector.state[0]
    for at in range(max(0, ticks - t.PAST + t.HALF), ticks):
        assert s["turning"][at % t.PAST] == pytest.approx(naive_trunk.turning(up, at), abs=1e-6)
        assert s["match"][at % t.PAST] == pytest.approx(naive_trunk.match(length, at), abs=1e-9)
        assert bool(s["quiet"][at % t.PAST]) == naive_trunk.quiet(length, up, at)


def test_a_rise_of_four_scales_is_matched_with_its_height() -> None:
    lasts_s, height_m = 4.0 * t.SCALE_S, 0.35
    at = np.arange(-t.HALF, t.HALF + 1) / t.TICK_HZ
    x = np.clip(at / lasts_s + 0.5, 0.0, 1.0)
    rise = height_m * (60.0 * x - 180.0 * x**2 + 120.0 * x**3) / lasts_s**2
    assert float(np.sum(t.MATCHED * rise)) == pytest.approx(height_m)
    assert float(np.sum(t.MATCHED)) == pytest.approx(0.0, abs=1e-9)  # what does not change is not matched


def performed(script: Script, seed: int = 3, rate_hz: float = 104.0, position: Position = "lower_back") -> Stream:
    person = replace(Person.drawn(seed), height_m=1.7)
    made = simulate(script, person, position, Sensor(rate_hz=rate_hz), Mounting.drawn(seed), seed)
    return Stream(made.time_s, made.acc_mps2, made.gyr_radps, np.empty(0), rate_hz)


def transitions(stream: Stream, wearing: Wearing | None = None) -> list[Event]:
    detector = TrunkTransitions(wearing or Wearing("lower_back"))
    events = [event for block in body_of(stream, wearing or Wearing("lower_back")) for event in detector.update(block)]
    return events + detector.finish(float(stream.time_s[-1]))


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 60),
    rise_s=st.floats(1.1, 3.0),
    sit_s=st.floats(1.4, 3.0),
    rate_hz=st.sampled_from([52.0, 104.0]),
    mounting=st.integers(0, 23),
)
@example(seed=24, rise_s=2.0, sit_s=3.0, rate_hz=52.0, mounting=0)  # the push that slowed it was told as a second rise
def test_a_rise_and_a_sitting_down_are_found_once_and_where_they_were(
    seed: int, rise_s: float, sit_s: float, rate_hz: float, mounting: int
) -> None:
    script = (Sit(4.0), SitToStand(rise_s), Stand(5.0), StandToSit(sit_s), Sit(5.0))
    stream = performed(script, seed, rate_hz)
    turned = rotation(mounting)
    assert stream.gyr_radps is not None
    worn = Stream(
        stream.time_s, stream.acc_mps2 @ turned.T, stream.gyr_radps @ turned.T, stream.contacts_s, stream.rate_hz
    )
    found = transitions(worn)
    assert [event.kind for event in found] == ["sit_to_stand", "stand_to_sit"]
    rise, sit = found
    assert rise.time_s == pytest.approx(4.0, abs=0.35)
    assert rise.end_s == pytest.approx(4.0 + rise_s, abs=0.4)
    assert sit.time_s == pytest.approx(9.0 + rise_s, abs=0.35)
    assert sit.end_s == pytest.approx(9.0 + rise_s + sit_s, abs=0.4)
    for event in found:
        flexion_rad = event.fields["flexion_rad"]
        assert isinstance(flexion_rad, float)
        assert math.radians(15) < flexion_rad < math.radians(60)
        assert event.end_s is not None
        assert event.emitted_s - event.end_s < 4.0


@pytest.mark.parametrize(
    "script",
    [
        (Stand(4.0), Walk(course=(8.0, Turn(180.0, 2.0), 8.0, Turn(-90.0, 1.4), 5.0)), Stand(4.0)),
        (Stand(20.0),),
        (Sit(20.0),),
        (Stand(3.0), Work(15.0), Stand(3.0)),
    ],
    ids=["walking and turning", "standing", "sitting", "working"],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_neither_rising_nor_sitting_down_is_not_told(script: Script, seed: int) -> None:
    assert transitions(performed(script, seed)) == []


def test_a_rise_is_found_where_the_stream_ends_soon_after_it() -> None:
    events = transitions(performed((Sit(5.0), SitToStand(1.6), Stand(1.2))))
    assert [event.kind for event in events] == ["sit_to_stand"]
    assert events[0].at_end


def test_a_hole_forgets_whether_the_wearer_sat() -> None:
    stream = performed((Sit(4.0), SitToStand(1.6), Stand(6.0), StandToSit(1.8), Sit(6.0)))
    holed = stream.keep((stream.time_s < 7.0) | (stream.time_s > 9.0))
    assert [event.kind for event in transitions(holed)] == ["sit_to_stand", "stand_to_sit"]


def test_heights_that_no_chair_has_are_not_told() -> None:
    events = transitions(performed((Sit(4.0), SitToStand(1.6), Stand(4.0), Bend(4.0), Stand(3.0))))
    for event in events:
        rise_m = event.fields["rise_m"]
        assert rise_m is None or 0.12 <= abs(float(str(rise_m))) <= 0.6


@pytest.mark.parametrize(("name", "stands"), [("dl_05_lower_back", 19), ("ds_05_lower_back", 14)])
def test_the_stands_of_real_sets_are_counted_as_the_seats_mat_does(name: str, stands: int) -> None:
    path = MALISA / f"{name}.parquet"
    if not path.exists():
        pytest.skip("the shared recordings are not beside the project")
    recording = read_recording(path)
    stream = Stream(recording.time_s, recording.acc_mps2, recording.gyr_radps, np.empty(0), recording.rate_hz)
    events = transitions(stream, wearing_of(recording.facts))
    assert sum(event.kind == "sit_to_stand" for event in events) == stands
