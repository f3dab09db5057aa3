"""Stumbles in walking: found by severity, never where nobody walks, and what only feels like one left alone."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.events import Event
from dsp.stumbles.falling import FallsNotStumbles
from dsp.stumbles.parameters import LEAST_CONFIDENCE
from sensing.block import Position
from sensing.simulator.activities import (
    Activity,
    BeltSlip,
    Bend,
    Cough,
    Fall,
    Pause,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    Stumble,
    Tap,
    Turn,
    Walk,
    Work,
)
from sensing.simulator.everyday import Drive, Jump, Stairs
from tests.dsp.falling import stream_of
from tests.dsp.stumbling import stumbler, stumbles_in, walker
from tests.dsp.walks import Stream

TRUNK: tuple[Position, ...] = ("lower_back", "waist", "chest")
rates = st.sampled_from([26.0, 52.0, 104.0])
seeds = st.integers(0, 10_000)


def found_near(seed: int, severity: float, position: Position = "lower_back", rate_hz: float = 104.0) -> bool:
    made = stumbler(severity, position, seed, rate_hz)
    (truth,) = made.truth["stumbles"]
    return any(truth["time_s"] - 0.5 < event.time_s < truth["end_s"] + 0.5 for event in stumbles_in(made, position))


def test_the_more_severe_a_stumble_the_surer_it_is_found() -> None:
    shares = [np.mean([found_near(seed, severity) for seed in range(12)]) for severity in (0.2, 0.6, 1.0)]
    assert shares[0] <= shares[1] <= shares[2]
    assert shares[2] >= 0.6


@pytest.mark.parametrize("position", TRUNK)
def test_a_hard_stumble_is_told_once_within_two_seconds(position: Position) -> None:
    told = 0
    for seed in range(5):
        made = stumbler(1.0, position, seed)
        events = stumbles_in(made, position)
        assert len(events) <= 1
        told += len(events)
        for event in events:
            assert 0.0 < event.emitted_s - event.time_s <= 2.0
            confidence, severity = event.fields["confidence"], event.fields["severity"]
            assert isinstance(confidence, float)
            assert isinstance(severity, float)
            assert LEAST_CONFIDENCE <= confidence <= 1.0
            assert 0.0 <= severity <= 1.0
            assert event.fields["turning_seen"] is True
    assert told >= 2


def test_a_harder_stumble_is_more_severe() -> None:
    def severities(severity: float) -> list[float]:
        found = [event.fields["severity"] for seed in range(8) for event in stumbles_in(stumbler(severity, seed=seed))]
        return [value for value in found if isinstance(value, float)]

    light, hard = severities(0.7), severities(1.0)
    assert light
    assert hard
    assert np.mean(hard) > np.mean(light)


def test_without_a_gyroscope_it_is_never_so_sure_that_it_counts_unasked() -> None:
    events = [event for seed in range(8) for event in stumbles_in(stream_of(stumbler(1.0, seed=seed)).without_gyro())]
    assert events
    assert all(event.fields["turning_seen"] is False for event in events)
    assert all(isinstance(sure := event.fields["confidence"], float) and sure < 0.8 for event in events)


@pytest.mark.parametrize("position", ["wrist", "hand", "pocket", "thigh", "ankle_left", "foot_right", "head"])
def test_where_it_would_be_a_guess_nothing_is_told(position: Position) -> None:
    assert stumbles_in(stumbler(1.0, "lower_back"), position) == []


def test_a_stumble_that_ends_in_a_fall_is_told_at_most_once() -> None:
    for seed in range(6):
        fall = Fall(("forward", "left")[seed % 2], lying_s=10.0)
        made = walker([Stand(2.0), Walk((9.0, Stumble(0.9), 0.5), interrupted=True), fall], seed=seed)
        (impact_s,) = (one["impact_s"] for one in made.truth["falls"])
        events = stumbles_in(made)
        assert len(events) <= 1
        assert all(event.time_s < impact_s - 0.3 for event in events)


def test_a_fall_alone_is_no_stumble() -> None:
    for seed in range(6):
        fall = Fall(("forward", "backward", "left")[seed % 3], lying_s=10.0)
        assert stumbles_in(walker([Stand(2.0), Walk((9.0,), interrupted=True), fall], seed=seed)) == []


def told(kind: str, time_s: float, late_s: float) -> Event:
    return Event(kind, time_s, time_s + late_s)


def test_a_stumble_that_was_the_impact_of_a_fall_is_taken_back_when_the_fall_is_told() -> None:
    falls = FallsNotStumbles()
    stumble, fall = told("stumble", 9.9, 1.75), told("fall", 10.0, 2.75)
    assert falls.join([stumble]) == [stumble]
    first, second = falls.join([fall])
    assert first == fall
    assert (second.kind, second.emitted_s) == ("retraction", fall.emitted_s)
    assert (second.fields["of_kind"], second.fields["of_time_s"]) == ("stumble", 9.9)
    assert falls.join([told("fall", 10.2, 2.75)]) == [told("fall", 10.2, 2.75)]


def test_a_stumble_that_led_to_a_fall_stands() -> None:
    events = [told("stumble", 9.0, 1.75), told("fall", 10.0, 2.75)]
    assert FallsNotStumbles().join(events) == events


def quiet(script: Sequence[Activity], seed: int, rate_hz: float, position: Position) -> bool:
    return stumbles_in(walker(script, position, seed, rate_hz), position) == []


@settings(max_examples=15, deadline=None)
@given(seed=seeds, rate_hz=rates, rough=st.floats(0.3, 1.5), position=st.sampled_from(TRUNK))
def test_nobody_stumbles_standing_sitting_working_or_driving(
    seed: int, rate_hz: float, rough: float, position: Position
) -> None:
    script = [
        Stand(6.0),
        Cough(),
        StandToSit(),
        Sit(4.0),
        Drive(15.0, rough),
        SitToStand(),
        Work(8.0),
        Tap(),
        Stand(4.0),
    ]
    assert quiet(script, seed, rate_hz, position)


HARD: dict[str, Sequence[Activity]] = {
    "turning": [Walk((7.0, Turn(180.0, 1.5), 7.0, Turn(-90.0, 1.0), 7.0, Turn(60.0, 1.0), 5.0))],
    "stopping at once": [Walk((8.0, Pause(2.0), 8.0, Pause(3.0), 6.0))],
    "sitting down hard": [Walk((8.0,)), StandToSit(1.3, impact_g=2.5), Sit(3.0), SitToStand(), Walk((6.0,))],
    "stairs": [Walk((8.0,), interrupted=True), Stairs(12, True, 100.0, 7.0), Walk((6.0,))],
    "a kerb": [Walk((8.0,), interrupted=True), Stairs(1, False, 100.0, 5.0), Walk((8.0,))],
    "a belt that slips": [Walk((9.0,), interrupted=True), BeltSlip(25.0, 0.3), Walk((9.0,))],
    "a knock on the sensor": [Walk((9.0,), interrupted=True), Tap(40.0), Walk((9.0,))],
    "bending": [Walk((8.0,)), Bend(2.0), Walk((8.0,))],
    "jumping": [Walk((8.0,)), Jump(2, 0.3), Stand(3.0)],
}


@pytest.mark.parametrize("name", HARD)
def test_what_only_feels_like_a_stumble_is_none(name: str) -> None:
    told = [seed for seed in range(8) if not quiet(HARD[name], seed, 104.0, TRUNK[seed % 3])]
    assert told == []


def test_a_knock_on_the_sensor_while_walking_is_hardly_ever_a_stumble() -> None:
    rng = np.random.default_rng(0)
    told = 0
    for seed in range(60):
        stream = stream_of(walker([Walk((14.0,))], seed=seed))
        hard_mps2, lasts_s, at = rng.uniform(8.0, 80.0), rng.uniform(0.01, 0.08), rng.uniform(0.4, 0.8)
        way = rng.normal(size=3)
        since_s = stream.time_s - at * stream.time_s[-1]
        pulse = np.where((since_s > 0) & (since_s < lasts_s), np.sin(np.pi * since_s / lasts_s), 0.0)
        acc = stream.acc_mps2 + hard_mps2 * pulse[:, None] * way / np.linalg.norm(way)
        told += bool(stumbles_in(Stream(stream.time_s, acc, stream.gyr_radps, stream.contacts_s, stream.rate_hz)))
    assert told <= 4


@settings(max_examples=10, deadline=None)
@given(swing_mps2=st.floats(0.5, 3.0), rate_hz=st.floats(0.5, 1.2), seed=st.integers(0, 30))
def test_a_bag_that_begins_to_swing_against_the_hip_is_no_stumble(swing_mps2: float, rate_hz: float, seed: int) -> None:
    stream = stream_of(walker([Walk((16.0,))], seed=seed))
    since_s = np.maximum(stream.time_s - 0.5 * stream.time_s[-1], 0.0)
    swing = swing_mps2 * np.minimum(since_s / 2.0, 1.0) * np.sin(2.0 * np.pi * rate_hz * since_s)
    acc = stream.acc_mps2 + swing[:, None] * np.array([0.0, 0.8, 0.6])
    assert stumbles_in(Stream(stream.time_s, acc, stream.gyr_radps, stream.contacts_s, stream.rate_hz)) == []


@settings(max_examples=10, deadline=None)
@given(at=st.integers(5, 90), seconds=st.floats(0.02, 2.0), spoilt=st.booleans(), seed=seeds)
def test_holes_and_broken_numbers_in_a_walk_are_no_stumble(at: int, seconds: float, spoilt: bool, seed: int) -> None:
    stream = stream_of(walker([Walk((14.0,))], seed=seed % 50))
    first = stream.time_s.size * at // 100
    missing = slice(first, first + round(seconds * stream.rate_hz))
    if spoilt:
        acc = stream.acc_mps2.copy()
        acc[missing] = np.nan
        stream = Stream(stream.time_s, acc, stream.gyr_radps, stream.contacts_s, stream.rate_hz)
    else:
        kept = np.ones(stream.time_s.size, bool)
        kept[missing] = False
        stream = stream.keep(kept)
    assert stumbles_in(stream) == []


def test_after_a_hole_a_stumble_is_found_again_once_the_rhythm_is_known() -> None:
    found = 0
    for seed in range(6):
        made = stumbler(1.0, seed=seed)
        stream = stream_of(made)
        hole_s = made.truth["stumbles"][0]["time_s"] - 6.0
        kept = (stream.time_s < hole_s) | (stream.time_s > hole_s + 1.0)
        found += bool(stumbles_in(stream.keep(kept)))
    assert found >= 4
