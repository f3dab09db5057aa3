"""Real people who stumbled on purpose, and who only walked: development recordings, where they are there."""

import json
from pathlib import Path

import pytest

from dsp.conditioning import Conditioner
from dsp.detectors.stumble import Stumble
from dsp.events import Event
from dsp.wearing import Wearing
from sensing.recording import read_recording

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
EACH = 4  # recordings of every activity
WALKS = (("mobgap", "*"), ("voisard_clinical", "*"), ("voisard_healthy", "v0[1-5]*lower_back*"))

if not RECORDINGS.is_dir():
    pytest.skip(f"there are no development recordings at {RECORDINGS}", allow_module_level=True)


def stumbles_of(path: Path) -> list[Event]:
    """The detector alone: it needs nothing of the others."""
    recording = read_recording(path)
    wearing = Wearing(recording.facts.position)
    conditioner, detector = Conditioner(wearing), Stumble(wearing)
    body = [motion for block in recording.blocks(4096) for motion in conditioner.update(block)]
    return [event for motion in body for event in detector.update(motion)]


def test_most_staged_stumbles_are_found_once_and_hardly_any_other_activity_has_one() -> None:
    truth = json.loads((RECORDINGS / "sisfall" / "truth.json").read_text())
    seen: dict[str, int] = {}
    found, stumbles, false, others = 0, 0, 0, 0
    for name in sorted(truth):
        activity, is_stumble = truth[name]["activity"], truth[name]["is_stumble"]
        if truth[name]["is_fall"] or (seen.get(activity, 0) >= EACH and not is_stumble):
            continue
        seen[activity] = seen.get(activity, 0) + 1
        events = stumbles_of(RECORDINGS / "sisfall" / f"{name}.parquet")
        assert all(event.emitted_s - event.time_s <= 2.0 for event in events)
        if is_stumble:
            stumbles += 1
            found += len(events) == 1
        else:
            others += 1
            false += len(events)
    assert stumbles >= 40
    assert others >= 60
    assert found >= 0.85 * stumbles
    assert false <= 1


@pytest.mark.parametrize(("group", "pattern"), WALKS)
def test_nobody_stumbles_in_ordinary_walking_or_with_a_walking_aid(group: str, pattern: str) -> None:
    paths = sorted((RECORDINGS / group).glob(f"{pattern}.parquet"))
    assert paths
    for path in paths:
        assert stumbles_of(path) == [], path.stem


def test_those_who_freeze_do_not_seem_to_stumble_all_the_time() -> None:
    paths = sorted((RECORDINGS / "daphnet").glob("*lower_back.parquet"))
    assert paths
    assert sum(len(stumbles_of(path)) for path in paths) <= 1
