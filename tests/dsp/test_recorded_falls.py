"""Real people who fell, sat, lay down and walked: a few development recordings, where they are there."""

import json
from pathlib import Path

import pytest

from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.recording import read_recording

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
EACH = 3  # recordings of every activity

if not RECORDINGS.is_dir():
    pytest.skip(f"there are no development recordings at {RECORDINGS}", allow_module_level=True)


def falls_of(group: str, name: str) -> list[Event]:
    """Those that stand."""
    recording = read_recording(RECORDINGS / group / f"{name}.parquet")
    pipeline = Pipeline(Wearing(recording.facts.position))
    events = [event for block in recording.blocks(4096) for event in pipeline.update(block).events]
    events += pipeline.finish().events
    taken_back = {event.fields["of_time_s"] for event in events if event.fields.get("of_kind") == "fall"}
    return [event for event in events if event.kind == "fall" and event.time_s not in taken_back]


@pytest.mark.parametrize(("group", "place", "most_wrong"), [("sisfall", "", 0.03), ("umafall", "waist", 0.03)])
def test_of_every_staged_fall_and_daily_activity_some_are_judged_rightly(
    group: str, place: str, most_wrong: float
) -> None:
    truth = json.loads((RECORDINGS / group / "truth.json").read_text())
    seen: dict[str, int] = {}
    wrong, judged = [], 0
    for name in sorted(truth):
        activity = truth[name]["activity"]
        if seen.get(activity, 0) >= EACH or not name.endswith(place):
            continue
        seen[activity] = seen.get(activity, 0) + 1
        judged += 1
        if bool(falls_of(group, name)) != truth[name]["is_fall"]:
            wrong.append(f"{name}: {truth[name]['activity_text']}")
    assert judged >= 3 * 10
    assert len(wrong) <= most_wrong * judged, wrong


def test_at_the_wrist_the_impact_is_found_at_its_instant() -> None:
    truth = json.loads((RECORDINGS / "weda_fall" / "truth.json").read_text())
    errors = []
    for name in sorted(name for name in truth if truth[name]["is_fall"])[:25]:
        errors += [abs(fall.time_s - truth[name]["impact_s"]) for fall in falls_of("weda_fall", name)[:1]]
    assert len(errors) >= 21
    assert sorted(errors)[len(errors) // 2] < 0.1


def test_nobody_falls_in_ordinary_walking_with_a_walking_aid_or_on_a_wrist_at_a_desk() -> None:
    for group, pattern in (("mobgap", "*"), ("voisard_clinical", "*"), ("bangle_wrist", "bw_000[0-2]")):
        for path in sorted((RECORDINGS / group).glob(f"{pattern}.parquet")):
            assert falls_of(group, path.stem) == [], path.stem
