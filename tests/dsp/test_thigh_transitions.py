"""Rising and sitting down at the pocket and the thigh."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsp.body import COLUMNS, GYR_ML, SEEN, TIME, UP_X, UP_Z, BodyBlock, Floats
from dsp.events import Event
from dsp.transitions import posture_parameters as p
from dsp.transitions.pocket import ThighTransitions
from dsp.wearing import Wearing
from sensing.simulator import Mounting, Person, Sensor, Walk, simulate
from sensing.simulator.activities import Activity, Sit, SitToStand, Stand, StandToSit, Tug, Turn
from tests.dsp.naive_posture import Thigh
from tests.dsp.walks import Stream, body_of, events_of

POCKET = Wearing("pocket")
KINDS = {p.ROSE: "sit_to_stand", p.SAT: "stand_to_sit"}


def found_by(blocks: list[BodyBlock]) -> list[Event]:
    detector = ThighTransitions(POCKET)
    return [event for block in blocks for event in detector.update(block)]


def rows_of(up: Floats, rate: Floats) -> BodyBlock:
    """Rows that hold each tick's vertical and rate for EVERY rows."""
    rows = np.zeros((len(up) * p.EVERY, COLUMNS))
    rows[:, TIME] = rows[:, SEEN] = np.arange(len(rows)) / 100.0
    rows[:, UP_X : UP_Z + 1] = np.repeat(up, p.EVERY, axis=0)
    rows[:, GYR_ML] = np.repeat(rate, p.EVERY)
    return BodyBlock(0, rows)


def leaning(angles_rad: Floats) -> Floats:
    return np.stack([np.sin(angles_rad), np.zeros_like(angles_rad), np.cos(angles_rad)], axis=1)


def stream_of(script: list[Activity], seed: int = 0, rate_hz: float = 104.0, tilt_deg: float = 0.0) -> Stream:
    mounting = Mounting(pitch_deg=tilt_deg, roll_deg=0.3 * tilt_deg)
    made = simulate(script, Person.drawn(seed), "pocket", Sensor(rate_hz=rate_hz), mounting, seed)
    return Stream(made.time_s, made.acc_mps2, made.gyr_radps, made.time_s[:0], rate_hz)


def transitions(stream: Stream) -> list[Event]:
    return found_by(body_of(stream, POCKET))


parts = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.4, 0.7, 1.5]),  # where the thigh lies, rad
        st.integers(1, 150),  # ticks there
        st.sampled_from([0.0, 0.02, 0.3]),  # how much it swings, rad
        st.sampled_from([0.02, 0.2, 1.2]),  # how fast it turns, rad/s
    ),
    min_size=2,
    max_size=10,
)


@settings(max_examples=150, deadline=None)
@given(parts=parts)
@example(parts=[(1.5, 17, 0.0, 0.02), (0.0, 9, 0.0, 0.02), (1.5, 10, 0.0, 0.2)])  # told two ticks after the stir
def test_the_kernel_finds_what_its_slow_twin_finds(parts: list[tuple[float, int, float, float]]) -> None:
    angles, rates = [np.zeros(40)], [np.full(40, 0.02)]
    for lies_rad, ticks, swings_rad, rate in parts:
        way = np.linspace(angles[-1][-1], lies_rad, 12)
        angles += [way, lies_rad + swings_rad * np.sin(0.21 * np.arange(ticks))]
        rates += [np.full(12, 1.0), np.full(ticks, rate)]
    up, rate_radps = leaning(np.concatenate(angles)), np.concatenate(rates)
    events = found_by([rows_of(up, rate_radps)])
    twins = Thigh(up, rate_radps).found
    assert [event.kind for event in events] == [KINDS[twin.kind] for twin in twins]
    for event, twin in zip(events, twins, strict=True):
        assert event.time_s == pytest.approx(twin.start_s, abs=1e-4)
        assert event.end_s == pytest.approx(min(twin.end_s, event.emitted_s), abs=1e-4)
        assert event.fields["thigh_rad"] == pytest.approx(twin.turned_rad, abs=1e-4)
        seat_s = event.fields["seat_off_s" if twin.kind == p.ROSE else "seat_on_s"]
        assert seat_s == pytest.approx(twin.seat_s, abs=1e-4)
        assert event.emitted_s == pytest.approx((twin.told * p.EVERY + p.EVERY - 1) / 100.0)


@settings(max_examples=12, deadline=None)
@given(
    rises_s=st.floats(1.0, 3.5),
    stands_s=st.floats(0.3, 6.0),
    sits_s=st.floats(1.2, 3.0),
    seed=st.integers(0, 10_000),
    rate_hz=st.sampled_from([52.0, 104.0]),
    tilt_deg=st.floats(-25.0, 25.0),
)
def test_a_rise_and_a_sitting_down_around_a_walk_are_found_once_each(
    rises_s: float, stands_s: float, sits_s: float, seed: int, rate_hz: float, tilt_deg: float
) -> None:
    walk = Walk(course=(5.0, Turn(180.0, 2.2), 5.0))
    script = [Sit(4.0), SitToStand(rises_s), Stand(stands_s), walk, StandToSit(sits_s), Sit(5.0)]
    stream = stream_of(script, seed, rate_hz, tilt_deg)
    rise, sit = transitions(stream)
    assert (rise.kind, sit.kind) == ("sit_to_stand", "stand_to_sit")
    assert rise.end_s is not None
    assert sit.end_s is not None
    assert rise.time_s == pytest.approx(4.0, abs=0.3 + 0.4 * rises_s)  # the thigh lies still while the trunk leans
    assert rise.end_s == pytest.approx(4.0 + rises_s, abs=0.3 + 0.25 * rises_s)
    seated_s = stream.time_s[-1] - 5.0
    assert sit.end_s == pytest.approx(seated_s, abs=0.3 + 0.25 * sits_s)
    assert sit.emitted_s - sit.end_s < 2.0


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), speed_mps=st.floats(0.4, 1.4))
def test_nobody_rises_who_walks_stands_and_turns(seed: int, speed_mps: float) -> None:
    walk = Walk(course=(8.0, Turn(180.0, 2.0), 8.0, Turn(-180.0, 3.0), 4.0), speed_mps=speed_mps)
    assert transitions(stream_of([Stand(4.0), walk, Stand(5.0), walk, Stand(3.0)], seed)) == []


def test_standing_up_to_stand_is_told_at_once_when_walking_has_shown_what_standing_is() -> None:
    script = [Stand(3.0), Walk(course=(8.0,)), StandToSit(1.8), Sit(4.0), SitToStand(1.6), Stand(6.0)]
    sit, rise = transitions(stream_of(script))
    assert (sit.kind, rise.kind) == ("stand_to_sit", "sit_to_stand")
    assert rise.end_s is not None
    assert rise.emitted_s - rise.end_s < 3.0


def test_a_rise_into_standing_waits_for_the_walk_that_shows_it() -> None:
    script = [Sit(4.0), SitToStand(1.6), Stand(4.0), Walk(course=(6.0,))]
    (rise,) = transitions(stream_of(script))
    assert rise.time_s == pytest.approx(4.0, abs=1.0)
    assert rise.emitted_s > 9.6
    assert transitions(stream_of(script[:3])) == []


def test_a_leg_that_is_crossed_is_no_rise() -> None:
    up = leaning(np.concatenate([np.zeros(100), np.linspace(0.0, 0.8, 20), np.full(200, 0.8)]))
    rate = np.concatenate([np.full(100, 0.02), np.full(20, 1.0), np.full(200, 0.02)])
    assert found_by([rows_of(up, rate)]) == []


def test_without_a_gyroscope_nothing_is_told() -> None:
    stream = stream_of([Sit(4.0), SitToStand(1.6), Walk(course=(6.0,)), StandToSit(1.8), Sit(4.0)]).without_gyro()
    assert transitions(stream) == []


def test_a_hole_does_not_make_a_transition() -> None:
    stream = stream_of([Sit(6.0), SitToStand(1.6), Walk(course=(8.0,)), Stand(3.0)])
    hidden = (stream.time_s < 5.0) | (stream.time_s > 8.5)
    assert transitions(stream.keep(hidden)) == []


def test_a_phone_that_lies_flatter_in_a_wide_pocket_still_shows_the_rise() -> None:
    swing = 0.12 * np.sin(2.0 * math.pi * np.arange(150) / 27.0)
    up = leaning(np.concatenate([np.zeros(100), np.linspace(0.0, 0.5, 20), 0.5 + swing]))
    rate = np.concatenate([np.full(100, 0.02), np.full(170, 1.0)])
    (rise,) = found_by([rows_of(up, rate)])
    assert rise.kind == "sit_to_stand"
    assert rise.fields["thigh_rad"] == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(("speed_mps", "verdict"), [(1.1, "valid"), (0.35, "attention")])
def test_a_slow_up_and_go_in_a_pocket_says_that_its_time_may_be_too_short(speed_mps: float, verdict: str) -> None:
    stream = stream_of([Tug(3.0, 4.0, speed_mps=speed_mps), Sit(3.0)])
    (tug,) = (event for event in events_of(stream, POCKET) if event.kind == "tug")
    assert tug.fields["verdict"] == verdict
    assert bool(tug.fields["reasons"]) == (verdict == "attention")
