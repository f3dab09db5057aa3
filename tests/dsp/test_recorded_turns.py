"""Turns of real people, where the development recordings are there (../shared/recordings)."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dsp.detectors.turn import Turn
from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.recording import read_recording

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"

if not RECORDINGS.is_dir():
    pytest.skip(f"there are no development recordings at {RECORDINGS}", allow_module_level=True)


def turns_and_truth(group: str, name: str) -> tuple[list[Event], list[dict[str, Any]]]:
    recording = read_recording(RECORDINGS / group / f"{name}.parquet")
    pipeline = Pipeline(Wearing(recording.facts.position), [Turn])
    found = [event for block in recording.blocks(4096) for event in pipeline.update(block).events]
    truth = json.loads((RECORDINGS / group / "truth.json").read_text())
    return found + pipeline.finish().events, truth[name]["turns"]


def meeting(turn: dict[str, Any], found: list[Event]) -> list[Event]:
    return [e for e in found if e.end_s is not None and e.time_s < turn["end_s"] and e.end_s > turn["start_s"]]


@pytest.mark.parametrize(
    ("group", "names", "within_deg"),
    [
        ("voisard_healthy", [f"v{person:02d}_1_lower_back" for person in range(1, 11)], 6.0),
        ("voisard_healthy", [f"v{person:02d}_2_foot_left" for person in (2, 5, 8)], 12.0),
        ("voisard_clinical", ["ms_edss6", "equinovarus_m0"], 10.0),
        ("geotec_tug", [f"s{person:02d}_01_pocket" for person in (1, 4, 7, 12)], 14.0),
    ],
)
def test_every_half_turn_is_one_turn_of_180_degrees(group: str, names: list[str], within_deg: float) -> None:
    errors_deg = []
    for name in names:
        found, truth = turns_and_truth(group, name)
        for turn in truth:
            (event,) = meeting(turn, found)
            angle = event.fields["angle_rad"]
            assert isinstance(angle, float)
            if turn["side"]:
                assert (angle > 0) == (turn["side"] == "left")
            errors_deg.append(abs(math.degrees(angle)) - 180.0)
    assert np.mean(np.abs(errors_deg)) <= within_deg


def test_nothing_else_turns_on_the_way_out_and_back() -> None:
    for person in range(1, 11):
        found, (half_turn,) = turns_and_truth("voisard_healthy", f"v{person:02d}_2_lower_back")
        # At the end of the walk some turn round once more; the reference leaves that out, all three sensors show it.
        assert [e for e in found if 0.0 <= half_turn["end_s"] + 3.0 - e.time_s < 11.0] == meeting(half_turn, found)
