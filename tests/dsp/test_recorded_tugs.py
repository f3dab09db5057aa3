"""The Timed Up and Go of real people, where the development recordings are there (../shared/recordings)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.recording import read_recording

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"

if not RECORDINGS.is_dir():
    pytest.skip(f"there are no development recordings at {RECORDINGS}", allow_module_level=True)

NAMES = [f"s{person:02d}_02" for person in range(1, 13)]  # one test of each person


def tug_and_truth(name: str) -> tuple[Event | None, dict[str, Any]]:
    recording = read_recording(RECORDINGS / "geotec_tug" / f"{name}.parquet")
    pipeline = Pipeline(Wearing(recording.facts.position))
    events = [event for block in recording.blocks(4096) for event in pipeline.update(block).events]
    truth = json.loads((RECORDINGS / "geotec_tug" / "truth.json").read_text())[name]["tug"]
    found = [event for event in events + pipeline.finish().events if event.kind == "tug"]
    near = [event for event in found if abs(event.time_s - truth["start_s"]) < 3.0]
    return near[0] if near else None, truth


def total_error_s(event: Event, truth: dict[str, Any]) -> float:
    duration_s = event.fields["duration_s"]
    assert isinstance(duration_s, float)
    return duration_s - float(truth["duration_s"])


def boundary_errors_s(event: Event, truth: dict[str, Any]) -> list[float]:
    phases = event.fields["phases"]
    assert isinstance(phases, list)
    errors = []
    for told, true in zip(phases, truth["phases"], strict=True):
        assert isinstance(told, dict)
        assert told["name"] == true["name"]
        errors += [float(told[end]) - float(true[end]) for end in ("start_s", "end_s")]  # type: ignore[arg-type]
    return errors


@pytest.mark.parametrize(("place", "mean_s", "boundary_median_s"), [("pocket", 0.45, 0.25), ("wrist", 0.55, 0.35)])
def test_a_test_on_video_is_found_with_its_time_and_phases(place: str, mean_s: float, boundary_median_s: float) -> None:
    pairs = [tug_and_truth(f"{name}_{place}") for name in NAMES]
    found = [(event, truth) for event, truth in pairs if event is not None]
    assert len(found) == len(pairs)
    errors_s = np.array([total_error_s(event, truth) for event, truth in found])
    assert np.mean(np.abs(errors_s)) <= mean_s
    boundaries_s = np.array([boundary_errors_s(event, truth) for event, truth in found])
    assert np.all(np.median(np.abs(boundaries_s), axis=0) <= boundary_median_s)
