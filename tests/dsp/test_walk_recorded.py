"""Walk tests on walks of real people, where the development recordings are there (../shared/recordings)."""

import json
from pathlib import Path

import pytest

from sensing.recording import read_recording
from server.analyze import result_of

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"

if not RECORDINGS.is_dir():
    pytest.skip(f"there are no development recordings at {RECORDINGS}", allow_module_level=True)


@pytest.mark.parametrize(
    ("group", "name"),
    [
        *(("voisard_healthy", f"v{person:02d}_1_lower_back") for person in range(1, 11)),
        ("voisard_healthy", "v03_2_foot_left"),
        ("voisard_healthy", "v08_2_foot_right"),
        ("voisard_clinical", "ms_edss6"),
        ("voisard_clinical", "equinovarus_m0"),
    ],
)
def test_ten_metres_out_and_back_are_two_lengths(group: str, name: str) -> None:
    start_s, end_s = json.loads((RECORDINGS / group / "truth.json").read_text())[name]["walk_s"]
    facts = {"test": "6mwt", "course_length_m": 10.0, "cue_s": start_s - 0.5, "end_cue_s": end_s + 0.3}
    result = result_of(read_recording(RECORDINGS / group / f"{name}.parquet", facts))
    (event,) = [event for event in result["events"] if event["kind"] == "walk_test"]
    assert event["laps"] == 2
    assert event["distance_m"] == pytest.approx(20.0, abs=2.0)  # some turn round once more
    assert event["verdict"] == "attention"  # stopped early


def test_no_walk_test_is_found_in_a_walk_of_five_minutes() -> None:
    result = result_of(read_recording(RECORDINGS / "trundlewheel" / "wheel_1.parquet", {"person": {"height_m": 1.7}}))
    assert [event for event in result["events"] if event["kind"] == "walk_test"] == []
