"""The pipeline's own doings: warming, saving, several detectors."""

from pathlib import Path

import pytest

import dsp.detectors
from dsp.body import BodyBlock
from dsp.detector import State, fresh
from dsp.detectors import DETECTORS
from dsp.detectors.gait import Gait
from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from tests.dsp.walks import trunk_walk


class EveryTenth:
    """A detector that reports every tenth row, for tests of how several are woven together."""

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(Gait(wearing).state.dtype)

    def update(self, block: BodyBlock) -> list[Event]:
        rows = [(block.first_index + i, seen_s) for i, seen_s in enumerate(block.seen_s.tolist())]
        return [Event("tenth", index / 100, seen_s) for index, seen_s in rows if index % 10 == 0]

    def finish(self, seen_s: float) -> list[Event]:
        return [Event("end", seen_s, seen_s, at_end=True)]


def test_every_file_of_the_detectors_folder_is_in_the_list() -> None:
    folder = Path(dsp.detectors.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {make.__module__.rpartition(".")[2] for make in DETECTORS} == files


def test_warming_is_silent_and_may_be_repeated() -> None:
    Pipeline.warm()
    Pipeline.warm(Wearing("ankle_left"))


def test_events_of_several_detectors_come_in_the_order_they_were_emitted() -> None:
    pipeline = Pipeline(Wearing(), [*DETECTORS, EveryTenth])
    stream = trunk_walk()
    events = [event for block in stream.blocks([300, 900]) for event in pipeline.update(block).events]
    emitted_s = [event.emitted_s for event in events]
    assert emitted_s == sorted(emitted_s)
    assert {"step", "tenth"} <= {event.kind for event in events}
    assert [event.kind for event in pipeline.finish().events][-1] == "end"


def test_the_body_blocks_cover_the_stream_once() -> None:
    stream = trunk_walk()
    pipeline = Pipeline(Wearing())
    bodies = [body for block in stream.blocks([7, 8, 500]) for body in pipeline.update(block).body]
    index = bodies[0].first_index
    for body in bodies:
        assert body.first_index == index
        index += len(body)
    assert index == pytest.approx(len(stream.time_s), abs=2)


def test_a_state_of_other_detectors_is_refused() -> None:
    with pytest.raises(ValueError, match="another version"):
        Pipeline(Wearing()).load_state(Pipeline(Wearing(), [EveryTenth, EveryTenth]).save_state())
