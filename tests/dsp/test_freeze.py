"""Freezes: what a leg does that trembles or halts while it should step, and all that is none."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import BodyBlock
from dsp.detectors.freeze import PLACES, Freeze
from dsp.events import Event
from dsp.freezes.bands import SECTIONS
from dsp.wearing import Wearing
from sensing.block import POSITIONS, Position
from tests.dsp.freezing import STAND, TREMBLE, WALK, Part, freezing
from tests.dsp.naive_freeze import freezes as naive_freezes
from tests.dsp.walks import Stream, body_of, events_of, fidgeting, rotation

ON = Wearing("ankle_left", freezes=True)
RATES_HZ = (64.0, 100.0, 128.0)


def found_in(stream: Stream, wearing: Wearing = ON, cuts: list[float] | None = None) -> list[Event]:
    detector = Freeze(wearing)
    events: list[Event] = []
    for block in body_of(stream, wearing):
        edges = [0, *sorted({int(c * len(block)) for c in cuts or []}), len(block)]
        for start, stop in pairwise(edges):
            events += detector.update(BodyBlock(block.first_index + start, block.rows[start:stop].copy()))
    return events + detector.finish(float(stream.time_s[-1]))


def trembling(seconds: float = 5.0, rate_hz: float = 100.0, seed: int = 1) -> Stream:
    return freezing((WALK, 22), (TREMBLE, seconds), (WALK, 11), (STAND, 4), rate_hz=rate_hz, seed=seed)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("gyro", [True, False])
def test_trembling_between_two_walks_is_a_freeze_with_its_times(rate_hz: float, gyro: bool) -> None:
    stream = trembling(rate_hz=rate_hz)
    (event,) = found_in(stream if gyro else stream.without_gyro())
    assert event.kind == "freeze"
    assert event.end_s is not None
    assert event.time_s == pytest.approx(22.3, abs=1.25)
    assert event.end_s == pytest.approx(27.3, abs=1.25)
    assert event.emitted_s - event.end_s < 5.0
    index, own = event.fields["freeze_index"], event.fields["own_freeze_index"]
    assert isinstance(index, float)
    assert isinstance(own, float)
    assert event.fields["form"] == "trembling"
    assert index > 1.5 * own


def test_a_leg_that_stands_while_it_should_swing_has_halted_once_it_walks_on() -> None:
    (event,) = found_in(freezing((WALK, 22), (STAND, 2.0), (WALK, 11)))
    assert event.end_s is not None
    assert event.fields["form"] == "halting"
    assert event.time_s < 23.3 < event.end_s
    assert event.emitted_s - event.end_s < 8.8


def test_who_halts_and_stays_has_simply_stopped() -> None:
    assert found_in(freezing((WALK, 22), (STAND, 20.0))) == []
    assert found_in(freezing((WALK, 22), (STAND, 20.0), (WALK, 22), (STAND, 20))) == []


def test_trembling_of_somebody_who_has_not_walked_is_no_freeze() -> None:
    assert found_in(freezing((STAND, 20), (TREMBLE, 20), (STAND, 5))) == []
    assert found_in(freezing((WALK, 22), (STAND, 15), (TREMBLE, 20), (STAND, 5))) == []


def test_trembling_for_longer_than_two_minutes_is_told_once_then_and_not_followed_on() -> None:
    (event,) = found_in(freezing((WALK, 22), (TREMBLE, 300), rate_hz=64))
    assert event.end_s is not None
    assert event.end_s - event.time_s == pytest.approx(120, abs=0.1)
    assert event.emitted_s - event.end_s < 4.0
    assert not event.at_end


def test_a_stream_that_ends_in_a_tremor_brings_it_out() -> None:
    (event,) = found_in(freezing((WALK, 22), (TREMBLE, 9)))
    assert event.at_end
    assert event.end_s is not None
    assert event.end_s <= event.emitted_s


def test_a_break_in_the_stream_ends_a_freeze() -> None:
    stream = freezing((WALK, 22), (TREMBLE, 12), (WALK, 11))
    found = found_in(stream.keep((stream.time_s < 29.0) | (stream.time_s > 31.0)))
    assert len(found) == 1
    assert found[0].end_s is not None
    assert found[0].end_s < 29.0
    assert not found[0].at_end


def test_nothing_is_looked_for_unless_it_is_switched_on() -> None:
    stream = trembling()
    assert [e for e in events_of(stream, ON) if e.kind == "freeze"]
    assert not [e for e in events_of(stream, Wearing("ankle_left")) if e.kind == "freeze"]


@pytest.mark.parametrize("position", sorted(set(POSITIONS) - PLACES))
def test_elsewhere_than_at_an_ankle_nothing_is_claimed(position: Position) -> None:
    assert found_in(trembling(), Wearing(position, freezes=True)) == []


@settings(max_examples=20, deadline=None)
@given(
    rate_hz=st.sampled_from(RATES_HZ),
    stride_s=st.sampled_from([0.9, 1.1, 1.35, 1.6]),
    gyro=st.booleans(),
    seed=st.integers(0, 50),
)
def test_steady_walking_has_no_freezes(rate_hz: float, stride_s: float, gyro: bool, seed: int) -> None:
    stream = freezing((STAND, 3), (WALK, 30), (STAND, 4), rate_hz=rate_hz, stride_s=stride_s, mounting=rotation(seed))
    assert found_in(stream if gyro else stream.without_gyro()) == []


@settings(max_examples=15, deadline=None)
@given(noise_mps2=st.floats(0.0, 0.6), seed=st.integers(0, 1000), walked=st.booleans())
def test_standing_still_has_no_freezes(noise_mps2: float, seed: int, walked: bool) -> None:
    before: tuple[Part, ...] = ((WALK, 11),) if walked else ()
    assert found_in(freezing(*before, (STAND, 30), noise_mps2=noise_mps2, seed=seed)) == []


@settings(max_examples=15, deadline=None)
@given(
    seconds=st.sampled_from([2.5, 4.0, 7.3, 12.0]),
    rate_hz=st.sampled_from(RATES_HZ),
    gyro=st.booleans(),
    mounting=st.integers(0, 50),
    cuts=st.lists(st.floats(0, 1), max_size=8),
)
def test_a_simulated_freeze_is_found_whatever_the_mounting_and_the_cut(
    seconds: float, rate_hz: float, gyro: bool, mounting: int, cuts: list[float]
) -> None:
    parts: tuple[Part, ...] = ((WALK, 22), (TREMBLE, seconds), (WALK, 11), (STAND, 3))
    stream = freezing(*parts, rate_hz=rate_hz, mounting=rotation(mounting))
    stream = stream if gyro else stream.without_gyro()
    (event,) = found_in(stream, cuts=cuts)
    assert event.end_s is not None
    shared = min(event.end_s, 22.3 + seconds) - max(event.time_s, 22.3)
    assert shared > 0.6 * seconds
    assert found_in(stream) == [event]


def test_the_sections_are_scipys() -> None:
    from scipy.signal import butter

    for section, (corner_hz, kind) in zip(
        SECTIONS, ((0.5, "high"), (3.0, "low"), (3.0, "high"), (8.0, "low")), strict=True
    ):
        sos = butter(2, corner_hz, kind, fs=100, output="sos")[0]
        np.testing.assert_allclose(section, [*sos[:3], *sos[4:]], rtol=1e-9)


@settings(max_examples=10, deadline=None)
@given(
    parts=st.lists(st.tuples(st.sampled_from([WALK, TREMBLE, STAND]), st.floats(2, 9)), min_size=2, max_size=7),
    gyro=st.booleans(),
    seed=st.integers(0, 100),
    late=st.integers(0, 9),
)
def test_the_kernel_finds_what_its_slow_twin_finds(parts: list[Part], gyro: bool, seed: int, late: int) -> None:
    stream = freezing((WALK, 15), *parts, (WALK, 8), seed=seed)
    (block,) = body_of(stream if gyro else stream.without_gyro(), ON)
    block = BodyBlock(block.first_index + late, block.rows[late:].copy())
    found = Freeze(ON).update(block)
    expected = naive_freezes(block)
    assert [(e.time_s, e.end_s, e.emitted_s) for e in found] == [
        (round(s, 2), round(e, 2), at) for s, e, at, _ in expected
    ]
    assert [e.fields["freeze_index"] for e in found] == pytest.approx([share for *_, share in expected], abs=0.011)


def test_fidgeting_is_no_freeze() -> None:
    assert found_in(fidgeting(seconds=60)) == []
