"""What every detector in DETECTORS, and the pipeline around them, must keep to."""

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import BodyBlock
from dsp.detector import Detector
from dsp.detectors import DETECTORS
from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.block import Position, SampleBlock
from tests.dsp.falling import falling, stream_of
from tests.dsp.freezing import STAND, TREMBLE, WALK, freezing
from tests.dsp.legs import walking_leg
from tests.dsp.medley import medley, prompted, up_and_go
from tests.dsp.stumbling import stumbler
from tests.dsp.turns import Bend, turning
from tests.dsp.walks import Stream, body_of, events_of, fidgeting, leg_walk, rotation, trunk_walk

LATEST_STEP_S, LATEST_RETRACTION_S = 0.75, 5.0  # CONTRACT §3 and §4


def holed(stream: Stream, seed: int = 0) -> Stream:
    """Short holes, long holes and single losses."""
    rng = np.random.default_rng(seed)
    kept = np.ones(stream.time_s.size, bool)
    for share, seconds in ((0.02, 0.05), (0.004, 0.2), (0.002, 1.5)):
        for start in np.flatnonzero(rng.random(kept.size) < share / 10):
            kept[start : start + round(seconds * stream.rate_hz)] = False
    kept[0] = True
    return stream.keep(kept)


def spoilt(stream: Stream) -> Stream:
    """Not-a-numbers here and there, and everything above 2 g clipped."""
    rng = np.random.default_rng(0)
    acc = np.clip(stream.acc_mps2, -19.6, 19.6)
    acc[rng.random(acc.shape) < 0.01] = np.nan
    gyr = None if stream.gyr_radps is None else stream.gyr_radps.copy()
    if gyr is not None:
        gyr[rng.random(gyr.shape) < 0.01] = np.nan
    return Stream(stream.time_s, acc, gyr, stream.contacts_s, stream.rate_hz)


STREAMS: dict[str, tuple[Callable[[], Stream], Position]] = {
    "walk": (lambda: trunk_walk(), "lower_back"),
    "walk, no gyroscope": (lambda: trunk_walk().without_gyro(), "waist"),
    "walk, upside down and jittered": (lambda: trunk_walk(mounting=rotation(8), jitter=0.7), "chest"),
    "walk at 12.5 Hz": (lambda: trunk_walk(rate_hz=12.5), "wrist"),
    "walk at 1 kHz": (lambda: trunk_walk(rate_hz=1000.0, steps=8), "pocket"),
    "walk with holes": (lambda: holed(trunk_walk(steps=40)), "lower_back"),
    "walk, spoilt": (lambda: spoilt(trunk_walk(steps=24)), "lower_back"),
    "slow uneven noise": (lambda: trunk_walk(step_s=1.15, strength_mps2=0.6, noise_mps2=0.3), "lower_back"),
    "foot": (lambda: leg_walk(), "foot_right"),
    "foot with holes, 52 Hz": (lambda: holed(leg_walk(rate_hz=52.0, strides=20), 3), "foot_left"),
    "foot that turns as it swings": (
        lambda: walking_leg(strides=8, turn_rad=0.3, mounting=rotation(4)).stream,
        "foot_right",
    ),
    "shank with holes, 104 Hz": (
        lambda: holed(walking_leg(strides=14, shank=True, lever_m=0.1, rate_hz=104.0).stream, 6),
        "ankle_left",
    ),
    "foot, spoilt": (lambda: spoilt(walking_leg(strides=10, noise_mps2=0.1).stream), "foot_left"),
    "turns": (lambda: turning(Bend(180), Bend(-90, 3.0, 0.5), Bend(-90)), "lower_back"),
    "turns with holes, spoilt": (lambda: holed(spoilt(turning(*[Bend(160), Bend(-100)] * 3)), 2), "pocket"),
    "fidgeting": (lambda: fidgeting(), "lower_back"),
    "fidgeting hand": (lambda: fidgeting(seed=3), "hand"),
}
CASES = {name: (make(), Wearing(position)) for name, (make, position) in STREAMS.items()}
CASES["clinic, prompted"] = (medley(), prompted())
CASES["clinic, found by itself"] = (medley(), Wearing("lower_back", height_m=1.7))
CASES["clinic with holes, prompted, 52 Hz"] = (holed(medley(52.0), 4), prompted())
CASES["clinic in a pocket, spoilt"] = (spoilt(medley()), Wearing("pocket", prompts=prompted().prompts))
CASES["clinic at the wrist without gyroscope"] = (medley(52.0).without_gyro(), Wearing("wrist"))
CASES["two Up and Go in a pocket"] = (up_and_go("pocket"), Wearing("pocket", prompts=prompted().prompts[:1]))
CASES["two Up and Go in a pocket, holes"] = (holed(up_and_go("pocket"), 8), Wearing("pocket"))
CASES["two Up and Go at the wrist"] = (up_and_go("wrist"), Wearing("wrist", prompts=prompted().prompts[:1]))
CASES["walk, height known"] = (holed(trunk_walk(steps=30), 5), Wearing("lower_back", height_m=1.7))

CASES["falls, getting up, lying"] = (falling("lower_back"), Wearing("lower_back"))
CASES["falls with holes, 52 Hz"] = (holed(falling("waist", 52.0), 5), Wearing("waist"))
CASES["falls in a pocket, spoilt"] = (spoilt(falling("pocket")), Wearing("pocket"))
CASES["falls at the wrist without gyroscope"] = (falling("wrist", 25.0).without_gyro(), Wearing("wrist"))

CASES["stumbles, 52 Hz"] = (stream_of(stumbler(1.0, "waist", 3, 52.0)), Wearing("waist"))
CASES["stumbles with holes"] = (holed(stream_of(stumbler(1.0, seed=1)), 11), Wearing("lower_back"))
CASES["stumbles, spoilt, without gyroscope"] = (spoilt(stream_of(stumbler(1.0)).without_gyro()), Wearing("chest"))

FROZEN = ((WALK, 16.0), (TREMBLE, 4.0), (WALK, 8.0), (STAND, 2.0), (WALK, 8.0), (TREMBLE, 9.0))
LEG = Wearing("ankle_right", freezes=True)
CASES["freezes of a leg"] = (freezing(*FROZEN), LEG)
CASES["freezes with holes, spoilt, 64 Hz"] = (holed(spoilt(freezing(*FROZEN, rate_hz=64.0)), 3), LEG)
CASES["freezes without gyroscope"] = (freezing(*FROZEN, rate_hz=128.0).without_gyro(), LEG)

every_stream = pytest.mark.parametrize("name", CASES)
every_detector = pytest.mark.parametrize("make", DETECTORS, ids=lambda make: make.__name__)
drawn_stream = st.sampled_from(sorted(CASES))
drawn_cuts = st.lists(st.floats(0, 1), max_size=40)


def run(detector: Detector, blocks: list[BodyBlock]) -> list[Event]:
    return [event for block in blocks for event in detector.update(block)]


def recut(blocks: list[BodyBlock], cuts: list[float]) -> list[BodyBlock]:
    pieces = []
    for block in blocks:
        edges = [0, *sorted({int(c * len(block)) for c in cuts if 0 < int(c * len(block)) < len(block)}), len(block)]
        for start, stop in pairwise(edges):
            pieces.append(BodyBlock(block.first_index + start, np.ascontiguousarray(block.rows[start:stop])))
    return pieces


@every_detector
@settings(max_examples=25, deadline=None)
@given(name=drawn_stream, cuts=drawn_cuts)
def test_a_detector_finds_the_same_however_its_blocks_are_cut(
    make: type[Detector], name: str, cuts: list[float]
) -> None:
    stream, wearing = CASES[name]
    blocks = body_of(stream, wearing)
    whole, pieces = make(wearing), make(wearing)
    assert run(pieces, recut(blocks, cuts)) == run(whole, blocks)
    assert pieces.finish(stream.time_s[-1]) == whole.finish(stream.time_s[-1])


@every_detector
@settings(max_examples=15, deadline=None)
@given(name=drawn_stream, at=st.floats(0.05, 0.95))
def test_its_state_alone_resumes_a_detector(make: type[Detector], name: str, at: float) -> None:
    stream, wearing = CASES[name]
    pieces = recut(body_of(stream, wearing), [at])
    half = len(pieces) // 2
    whole, first, second = make(wearing), make(wearing), make(wearing)
    expected = run(whole, pieces)
    found = run(first, pieces[:half])
    second.state[:] = first.state
    run(first, body_of(fidgeting(seed=9)))  # whatever the first goes on to see must not matter
    assert found + run(second, pieces[half:]) == expected


@every_detector
@every_stream
def test_a_detector_leaves_its_blocks_as_they_are_and_its_state_keeps_its_size(make: type[Detector], name: str) -> None:
    stream, wearing = CASES[name]
    detector = make(wearing)
    for block in body_of(stream, wearing):
        before, size = block.rows.copy(), detector.state.nbytes
        detector.update(block)
        np.testing.assert_array_equal(block.rows, before)
        assert detector.state.nbytes == size


@settings(max_examples=25, deadline=None)
@given(name=drawn_stream, cuts=drawn_cuts)
def test_the_pipeline_finds_the_same_however_the_stream_is_cut(name: str, cuts: list[float]) -> None:
    stream, wearing = CASES[name]
    assert events_of(stream, wearing, [int(c * len(stream.time_s)) for c in cuts]) == events_of(stream, wearing)


@settings(max_examples=5, deadline=None)
@given(name=drawn_stream, size=st.integers(1, 8))
def test_the_pipeline_finds_the_same_in_packets_as_at_once(name: str, size: int) -> None:
    stream, wearing = CASES[name]
    assert events_of(stream, wearing, list(range(0, len(stream.time_s), size))) == events_of(stream, wearing)


@settings(max_examples=20, deadline=None)
@given(name=drawn_stream, at=st.floats(0.02, 1.0))
def test_a_stream_that_ends_early_gave_exactly_the_events_of_the_whole_until_then(name: str, at: float) -> None:
    stream, wearing = CASES[name]
    seen = max(1, int(at * len(stream.time_s)))
    kept = np.arange(len(stream.time_s)) < seen
    until_s = stream.time_s[seen - 1]
    early = events_of(stream.keep(kept), wearing)
    expected = [e for e in events_of(stream, wearing) if e.emitted_s <= until_s and not e.at_end]
    assert [event for event in early if not event.at_end] == expected


@settings(max_examples=15, deadline=None)
@given(name=drawn_stream, at=st.floats(0.05, 0.95))
def test_the_pipelines_saved_state_resumes_it(name: str, at: float) -> None:
    stream, wearing = CASES[name]
    blocks = list(stream.blocks([int(at * len(stream.time_s))]))
    first, second = Pipeline(wearing), Pipeline(wearing)
    events = first.update(blocks[0]).events
    second.load_state(first.save_state())
    for block in blocks[1:]:
        events = events + second.update(block).events
    assert events + second.finish().events == events_of(stream, wearing)


@every_stream
def test_the_pipeline_leaves_its_samples_as_they_are(name: str) -> None:
    stream, wearing = CASES[name]
    acc = stream.acc_mps2.copy()
    gyr = None if stream.gyr_radps is None else stream.gyr_radps.copy()
    events_of(stream, wearing)
    np.testing.assert_array_equal(stream.acc_mps2, acc)
    if gyr is not None:
        np.testing.assert_array_equal(stream.gyr_radps, gyr)


@every_stream
def test_events_come_in_order_in_time_and_after_they_happened(name: str) -> None:
    stream, wearing = CASES[name]
    events = events_of(stream, wearing)
    emitted_s = [event.emitted_s for event in events]
    assert emitted_s == sorted(emitted_s)
    assert set(emitted_s) <= set(stream.time_s.tolist())
    for event in events:
        assert np.isfinite(event.time_s)
        assert event.emitted_s >= (event.time_s if event.end_s is None else event.end_s)
        assert event.end_s is None or event.end_s >= event.time_s
        if event.kind == "step":
            assert event.emitted_s - event.time_s <= LATEST_STEP_S


@every_stream
def test_only_steps_that_stand_are_taken_back_each_once_and_soon(name: str) -> None:
    stream, wearing = CASES[name]
    standing: set[float] = set()
    for event in events_of(stream, wearing):
        if event.kind == "step":
            assert event.time_s not in standing
            standing.add(event.time_s)
        elif event.kind == "retraction" and event.fields["of_kind"] == "step":
            of_time_s = event.fields["of_time_s"]
            assert isinstance(of_time_s, float)
            assert event.emitted_s - of_time_s <= LATEST_RETRACTION_S
            assert event.fields["why"]
            standing.remove(of_time_s)


@every_stream
def test_a_bouts_steps_are_the_steps_that_stand_inside_it(name: str) -> None:
    stream, wearing = CASES[name]
    events = events_of(stream, wearing)
    taken_back = {event.fields["of_time_s"] for event in events if event.fields.get("of_kind") == "step"}
    steps_s = [event.time_s for event in events if event.kind == "step" and event.time_s not in taken_back]
    for bout in (event for event in events if event.kind == "walking_bout"):
        assert bout.end_s is not None
        inside = sum(bout.time_s <= time_s <= bout.end_s for time_s in steps_s)
        assert bout.fields["steps"] == (inside if wearing.side is None else 2 * inside - 1)


def test_a_day_needs_no_more_memory_than_a_minute() -> None:
    stream, wearing = CASES["walk"]
    pipeline = Pipeline(wearing)
    sizes = set()
    for hour in range(24):
        shifted = stream.time_s + 3600.0 * hour
        pipeline.update(SampleBlock("day", 360000 * hour, 100.0, shifted, stream.acc_mps2, stream.gyr_radps))
        sizes.add(tuple(len(part) for part in pipeline.save_state()))
    assert len(sizes) == 1
    found = pipeline.finish().events
    assert len([event for event in found if event.kind == "walking_bout"]) <= 1


def test_uncompiled_kernels_find_what_compiled_ones_find() -> None:
    script = (
        "from tests.dsp.walks import *\n"
        "for event in events_of(trunk_walk(steps=8)):\n"
        "    print(event.kind, f'{event.time_s:.3f}', event.emitted_s)\n"
    )
    found = []
    for disabled in ("0", "1"):
        environment = os.environ | {"NUMBA_DISABLE_JIT": disabled}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        found.append(done.stdout)
    assert found[0] == found[1]
    assert found[0].count("step") >= 8
