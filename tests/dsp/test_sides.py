"""Left and right at the lower back come from the sway, in any mounting, or are not told."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import COLUMNS, CONFIDENCE, COSINE, SINE
from dsp.detector import fresh
from dsp.events import Event
from dsp.gait.contacts import EMITTED_COLUMNS, LEFT, SIDE, SIDE_CONFIDENCE
from dsp.gait.rhythm import DRIFT_S, GYRO_MPS2_PER_RADPS, LONGEST_TICKS, RHYTHM_STATE, SHORTEST_TICKS, TICK_HZ, follow
from dsp.gait.sides import LEAST_CONFIDENCE, MOST_CONFIDENCE, SIDES_STATE, face, first_harmonic, tell_side
from dsp.wearing import Wearing
from sensing.block import Position
from tests.dsp import naive_sides
from tests.dsp.walks import UPRIGHT, Stream, events_of, rotation, standing_steps, trunk_walk

TICK_S = 1 / TICK_HZ


def high_passed(motion: np.ndarray) -> np.ndarray:
    """Ticks less their slow mean, rates scaled: what the rhythm keeps of them."""
    x = np.nan_to_num(motion) * ([1, 1, 1] + 3 * [GYRO_MPS2_PER_RADPS])
    keep, drift, out = math.exp(-TICK_S / DRIFT_S), x[0], []
    for value in x:
        drift = keep * drift + (1 - keep) * value
        out.append(value - drift)
    return np.array(out)


def told(row: np.ndarray) -> tuple[str, float] | None:
    if math.isnan(row[SIDE]):
        return None
    return ("left" if row[SIDE] == LEFT else "right"), float(row[SIDE_CONFIDENCE])


def sides_told(events: list[Event]) -> list[str | None]:
    return [event.fields["side"] for event in standing_steps(events)]  # type: ignore[misc]


def is_first_left(stream: Stream, events: list[Event]) -> list[bool]:
    """For each step with a side: is it that of a walk whose first contact, 0 on, is the left foot's?"""
    right = []
    for event in standing_steps(events):
        number = int(np.abs(stream.contacts_s - event.time_s).argmin())
        if event.fields["side"] is not None:
            right.append(event.fields["side"] == ("left", "right")[number % 2])
    return right


def without(stream: Stream, start_s: float, stop_s: float) -> Stream:
    """The same walk with the body still in between: a contact or two that nobody could feel."""
    still = (stream.time_s > start_s) & (stream.time_s < stop_s)
    acc, gyr = stream.acc_mps2.copy(), np.zeros_like(stream.acc_mps2) if stream.gyr_radps is None else stream.gyr_radps
    acc[still] = (0.0, 0.0, 9.81)
    return replace(stream, acc_mps2=acc, gyr_radps=np.where(still[:, None], 0.0, gyr))


@pytest.mark.parametrize("mounting", [UPRIGHT, *(np.diag(d) for d in ([1, -1, -1], [-1, 1, -1], [-1, -1, 1]))])
@pytest.mark.parametrize("gyro", [True, False])
def test_upside_down_and_back_to_front_change_no_side(mounting: np.ndarray, gyro: bool) -> None:
    stream = trunk_walk(steps=24, mounting=mounting)
    right = is_first_left(stream, events_of(stream if gyro else stream.without_gyro()))
    assert len(right) > 14
    assert all(right)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), step_s=st.floats(0.45, 0.9))
def test_no_mounting_and_no_pace_changes_a_side(seed: int, step_s: float) -> None:
    stream = trunk_walk(steps=28, step_s=step_s, mounting=rotation(seed), strength_mps2=2.0)
    right = is_first_left(stream, events_of(stream))
    assert len(right) > 10
    assert all(right)


def test_the_other_foot_first_is_the_other_side_throughout() -> None:
    stream = trunk_walk(steps=24)
    mirrored = stream.acc_mps2 * (1, -1, 1)
    assert stream.gyr_radps is not None
    events = events_of(replace(stream, acc_mps2=mirrored, gyr_radps=stream.gyr_radps * (-1, 1, -1)))
    right = is_first_left(stream, events)
    assert len(right) > 14
    assert not any(right)


def test_after_contacts_that_nobody_felt_the_sides_are_right_again() -> None:
    stream = trunk_walk(steps=60)
    for missed in (1, 2, 3):
        events = events_of(without(stream, stream.contacts_s[29] + 0.25, stream.contacts_s[29 + missed] + 0.25))
        later = [event for event in events if event.time_s > stream.contacts_s[29 + missed] + 3.0]
        right = is_first_left(stream, later)
        assert len(right) > 15
        assert all(right)


def test_the_first_contacts_of_a_wearing_have_no_side_and_those_of_the_next_walk_have() -> None:
    one = trunk_walk(steps=30, still_s=4.0)
    acc, gyr = np.concatenate([one.acc_mps2] * 2), np.concatenate([one.gyr_radps, one.gyr_radps])  # type: ignore[list-item]
    seconds = one.time_s[-1] + 0.01
    twice = Stream(
        np.arange(len(acc)) / 100.0, acc, gyr, np.concatenate([one.contacts_s, one.contacts_s + seconds]), 100.0
    )
    steps = standing_steps(events_of(twice))
    first = [event.fields["side"] for event in steps if event.time_s < seconds]
    second = [event.fields["side"] for event in steps if event.time_s > seconds]
    assert first[:3] == [None] * 3
    assert None not in second[3:]
    assert all(is_first_left(twice, steps))


def test_who_does_not_sway_gets_no_sides() -> None:
    stream = trunk_walk(steps=30)
    acc = stream.acc_mps2.copy()
    acc[:, 1] = 0.0
    events = events_of(replace(stream, acc_mps2=acc, gyr_radps=np.zeros_like(acc)))
    assert set(sides_told(events)) == {None}


@pytest.mark.parametrize("position", ["waist", "chest", "head", "pocket", "wrist"])
def test_elsewhere_than_at_the_lower_back_nobody_guesses(position: Position) -> None:
    events = events_of(trunk_walk(steps=24), Wearing(position))
    assert {event.fields["side"] for event in events if event.kind == "step"} == {None}
    assert {event.fields["side_confidence"] for event in events if event.kind == "step"} == {None}


def test_a_told_side_has_a_confidence_and_an_untold_none() -> None:
    for event in standing_steps(events_of(trunk_walk(steps=24))):
        confidence = event.fields["side_confidence"]
        if event.fields["side"] is None:
            assert confidence is None
        else:
            assert isinstance(confidence, float)
            assert LEAST_CONFIDENCE <= confidence <= MOST_CONFIDENCE


@settings(max_examples=25, deadline=None)
@given(
    stride_s=st.floats(SHORTEST_TICKS * TICK_S, LONGEST_TICKS * TICK_S),
    phase=st.floats(-3.1, 3.1),
    at_s=st.floats(-0.7, 0.0),
)
def test_the_first_harmonic_is_what_it_was_before_the_high_pass(stride_s: float, phase: float, at_s: float) -> None:
    n = round(stride_s * TICK_HZ)
    stride_s = n * TICK_S
    times_s = TICK_S * np.arange(-400, 1)
    wave = np.cos(2 * np.pi * (times_s - at_s) / stride_s + phase)
    state, out = fresh(RHYTHM_STATE)[0], np.zeros(6, complex)
    for value in wave:
        follow(state, np.array([value, 2 * value, 3.0, 0.0, 0.0, 0.0]))
    assert first_harmonic(state, at_s, stride_s, out)
    np.testing.assert_allclose(out[:3], [np.exp(1j * phase), 2 * np.exp(1j * phase), 0], atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10_000), gyro=st.booleans())
def test_whatever_comes_the_slow_twin_says_the_same(data: st.DataObject, seed: int, gyro: bool) -> None:
    rng = np.random.default_rng(seed)
    step_s = data.draw(st.floats(0.3, 1.6))
    contacts = data.draw(st.lists(st.tuples(st.floats(0.2, 3.5), st.booleans()), min_size=1, max_size=14))
    rhythm, sides, twin = fresh(RHYTHM_STATE)[0], fresh(SIDES_STATE)[0], naive_sides.Sides()
    ticks: list[np.ndarray] = []
    standing: list[float] = []
    t = 0.0
    for gap_s, taken_back in contacts:
        t += gap_s
        now_s = t + 0.4
        while len(ticks) * TICK_S <= now_s:
            at = len(ticks) * TICK_S
            motion = np.sin(np.pi * at / step_s + np.arange(6) + seed) + rng.normal(0, 0.4, 6)
            if not gyro:
                motion[3:] = np.nan
            ticks.append(motion)
            follow(rhythm, motion)
        row = np.zeros(COLUMNS)
        angle, row[CONFIDENCE] = rng.uniform(0, 2 * np.pi), rng.uniform(0.4, 1.0)
        row[COSINE], row[SINE] = math.cos(angle), math.sin(angle)
        newest_s = (len(ticks) - 1) * TICK_S
        face(sides, newest_s, row)
        known = data.draw(st.booleans()) or gap_s < 2.0
        n = round(2 * step_s * TICK_HZ)
        now = None
        if known and SHORTEST_TICKS <= n <= LONGEST_TICKS and len(ticks) >= n:
            now = naive_sides.harmonic(high_passed(np.array(ticks)), newest_s, t, 2 * step_s, TICK_S, DRIFT_S)
        before_s = standing[-1] if standing else math.nan
        out = np.full(EMITTED_COLUMNS, np.nan)
        tell_side(sides, rhythm, t, before_s, step_s if known else 0.0, out)
        facing = (row[COSINE], row[SINE], max(0.0, 2 * row[CONFIDENCE] - 1))
        expected = twin.contact(t, standing[-1] if standing else None, step_s if known else 0.0, now, facing)
        found = told(out)
        if found is None or expected is None:
            assert found == expected
        else:
            assert found[0] == expected[0]
            assert found[1] == pytest.approx(expected[1], abs=1e-6)
        standing.append(t)
        if taken_back:
            standing.pop()
