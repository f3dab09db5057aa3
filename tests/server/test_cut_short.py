"""What is made of a blow just before the program was killed."""

from collections.abc import Sequence

import pytest

from dsp.pipeline import Pipeline
from sensing.block import SampleBlock
from sensing.recording import Recording
from server.bench.fallen import fallen
from server.cut_short import LAST_S, fall_cut_short
from server.plan import wearing_of
from tests.server.people import walker


def blocks_until(recording: Recording, until_s: float) -> list[SampleBlock]:
    blocks = [block for block in recording.blocks(64) if block.time_s[0] <= until_s]
    last = blocks[-1]
    return [*blocks[:-1], last[: int((last.time_s <= until_s).sum())]]


def found(recording: Recording, blocks: Sequence[SampleBlock]) -> bool:
    """Whether a recovery calls it a fall, by the detectors or by the second look."""
    wearing = wearing_of(recording.facts)
    pipeline = Pipeline(wearing)
    events = [event for block in blocks for event in pipeline.update(block).events] + pipeline.finish().events
    if any(event.kind == "fall" for event in events):
        return True
    return fall_cut_short(wearing, blocks, events) is not None


@pytest.mark.parametrize("after_s", [0.15, 0.3, 0.35, 0.4, 0.5, 1.0, 2.0])
def test_a_fall_is_found_however_soon_after_the_blow_the_stream_is_cut(after_s: float) -> None:
    for seed in range(6):
        recording, impact_s = fallen(seed)
        assert found(recording, blocks_until(recording, impact_s + after_s)), seed


def test_walking_that_is_cut_anywhere_is_no_fall() -> None:
    recording = walker(30.0)
    for tenths in range(60, 290, 23):
        assert not found(recording, blocks_until(recording, tenths / 10.0)), tenths


def test_a_fall_that_is_told_already_is_not_found_a_second_time() -> None:
    recording, impact_s = fallen(3)
    wearing, blocks = wearing_of(recording.facts), blocks_until(recording, impact_s + 0.4)
    fall = fall_cut_short(wearing, blocks, [])
    assert fall is not None
    assert abs(fall.time_s - impact_s) < 0.2
    assert fall_cut_short(wearing, blocks, [fall]) is None
    later = blocks_until(recording, impact_s + LAST_S + 5.0)
    assert fall_cut_short(wearing, later, []) is None, "it had its time to be judged"


def test_a_stream_without_samples_holds_nothing() -> None:
    assert fall_cut_short(wearing_of(walker(5.0).facts), [], []) is None
