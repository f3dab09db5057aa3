"""Steps and bouts on walks whose contacts are known."""

import numpy as np
import pytest

from dsp.events import Event
from dsp.wearing import Wearing
from sensing.block import POSITIONS, Position
from tests.dsp.walks import Stream, events_of, fidgeting, leg_walk, rotation, standing_steps, trunk_walk


def steps_s(events: list[Event]) -> np.ndarray:
    return np.array([event.time_s for event in standing_steps(events)])


def bouts(events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind == "walking_bout"]


def assert_found(stream: Stream, found_s: np.ndarray, within_s: float = 0.1, missing: int = 0) -> None:
    """Every contact but `missing` has its own step within the tolerance, and no step is left over."""
    off = np.abs(found_s[:, None] - stream.contacts_s[None, :])
    assert len(found_s) <= len(stream.contacts_s)
    assert (off.min(axis=0) <= within_s).sum() >= len(stream.contacts_s) - missing
    assert (off.min(axis=1) <= within_s).all()


@pytest.mark.parametrize("rate_hz", [12.5, 20.0, 50.0, 52.0, 104.0, 208.0, 1000.0])
@pytest.mark.parametrize("gyro", [True, False])
def test_every_contact_is_found_at_any_rate_with_and_without_gyroscope(rate_hz: float, gyro: bool) -> None:
    stream = trunk_walk(rate_hz=rate_hz, jitter=0.3)
    assert_found(stream, steps_s(events_of(stream if gyro else stream.without_gyro())))


@pytest.mark.parametrize("step_s", [0.4, 0.5, 0.7, 0.9, 1.2])
def test_every_contact_is_found_at_any_pace(step_s: float) -> None:
    stream = trunk_walk(step_s=step_s, strength_mps2=1.0 / step_s)
    assert_found(stream, steps_s(events_of(stream)), missing=1)


@pytest.mark.parametrize("position", [place for place in POSITIONS if not place.startswith(("foot", "ankle"))])
def test_every_place_that_feels_both_feet_finds_the_walk(position: Position) -> None:
    stream = trunk_walk(steps=20)
    events = events_of(stream, Wearing(position))
    assert_found(stream, steps_s(events), missing=1)
    (bout,) = bouts(events)
    assert bout.fields["cadence_spm"] == pytest.approx(60 / 0.55, rel=0.01)
    assert bout.fields["stride_time_s"] == pytest.approx(1.1, rel=0.01)
    sides = {event.fields["side"] for event in standing_steps(events)}
    assert sides == ({None, "left", "right"} if position == "lower_back" else {None})


@pytest.mark.parametrize("position", ["foot_left", "ankle_right"])
@pytest.mark.parametrize("rate_hz", [25.0, 100.0, 208.0])
def test_a_leg_finds_its_own_contacts_and_counts_both_feet_in_the_bout(position: Position, rate_hz: float) -> None:
    stream = leg_walk(rate_hz=rate_hz)
    events = events_of(stream, Wearing(position))
    assert_found(stream, steps_s(events), missing=1)
    assert {event.fields["side"] for event in standing_steps(events)} == {position.split("_")[1]}
    (bout,) = bouts(events)
    assert bout.fields["steps"] == 2 * len(standing_steps(events)) - 1
    assert bout.fields["cadence_spm"] == pytest.approx(120 / 1.1, rel=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_the_steps_do_not_depend_on_the_mounting(seed: int) -> None:
    upright = events_of(trunk_walk())
    turned = events_of(trunk_walk(mounting=rotation(seed)))
    assert [event.kind for event in turned] == [event.kind for event in upright]
    np.testing.assert_allclose(
        [event.time_s for event in turned], [event.time_s for event in upright], rtol=0, atol=1e-4 + 1e-9
    )


def test_first_contacts_are_undecided_and_later_ones_are_walking() -> None:
    said = [event.fields["walking"] for event in events_of(trunk_walk()) if event.kind == "step"]
    assert said[0] is None
    assert said[-1] is True
    assert said == sorted(said, key=lambda walking: walking is True)


def test_the_bout_spans_its_contacts_and_measures_nothing_it_cannot() -> None:
    stream = trunk_walk(steps=20)
    (bout,) = bouts(events_of(stream))
    assert bout.time_s == pytest.approx(stream.contacts_s[0], abs=0.1)
    assert bout.end_s == pytest.approx(stream.contacts_s[-1], abs=0.1)
    assert bout.fields["steps"] == 20
    for name in ("speed_mps", "stride_length_m", "distance_m", "speed_expected_error_mps"):
        assert bout.fields[name] is None


def test_a_pause_of_two_seconds_is_inside_a_bout_and_one_of_five_is_not() -> None:
    for pause_s, expected in ((1.8, 1), (5.0, 2)):
        first, second = trunk_walk(still_s=pause_s / 2), trunk_walk(still_s=pause_s / 2, seed=2)
        later = second.time_s + first.time_s[-1] + 0.01
        both = Stream(
            np.concatenate([first.time_s, later]),
            np.concatenate([first.acc_mps2, second.acc_mps2]),
            None,
            np.concatenate([first.contacts_s, second.contacts_s + later[0]]),
            100.0,
        )
        assert len(bouts(events_of(both))) == expected


def test_fidgeting_brings_no_bout_and_every_step_of_it_is_taken_back() -> None:
    for seed in range(4):
        events = events_of(fidgeting(seed=seed))
        assert bouts(events) == []
        assert standing_steps(events) == []


def test_standing_still_brings_nothing_at_all() -> None:
    assert events_of(trunk_walk(strength_mps2=0.0)) == []


def test_clapping_hands_do_not_walk() -> None:
    time_s = np.arange(3000) / 100.0
    claps = 40 * np.exp(-0.5 * (((time_s % 0.5) - 0.25) / 0.012) ** 2) * np.sin(2 * np.pi * 25 * time_s)
    acc = np.column_stack([claps + 3 * np.sin(2 * np.pi * time_s / 0.5), 0 * time_s, 9.81 + 0.4 * claps])
    events = events_of(Stream(time_s, acc, None, np.empty(0), 100.0), Wearing("wrist"))
    assert standing_steps(events) == []


def test_a_limp_with_one_weak_step_keeps_both_steps_and_adds_none() -> None:
    stream = trunk_walk(step_s=1.0, steps=20)
    time_s = stream.time_s
    envelope = np.clip((time_s - 3) / 1.0, 0, 1) * np.clip((stream.contacts_s[-1] + 0.5 - time_s) / 1.0, 0, 1)
    acc = stream.acc_mps2.copy()
    acc[:, 2] += envelope * 0.5 * np.sin(np.pi * (time_s - 3.0) / 1.0)
    limping = Stream(time_s, acc, stream.gyr_radps, stream.contacts_s, 100.0)
    assert_found(limping, steps_s(events_of(limping)), within_s=0.25, missing=1)
