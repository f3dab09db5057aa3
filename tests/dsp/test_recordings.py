"""Real people: a few development recordings, where they are there (../shared/recordings)."""

import json
from pathlib import Path

import numpy as np
import pytest

from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.facts import Person
from sensing.recording import read_recording
from tests.dsp.walks import standing_steps

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"

if not RECORDINGS.is_dir():
    pytest.skip(f"there are no development recordings at {RECORDINGS}", allow_module_level=True)


def truth_of(name: str, group: str) -> dict[str, list[float]]:
    truth: dict[str, dict[str, list[float]]] = json.loads((RECORDINGS / group / "truth.json").read_text())
    return truth[name]


def events_of(name: str, group: str) -> list[Event]:
    recording = read_recording(RECORDINGS / group / f"{name}.parquet")
    person = recording.facts.person or Person()
    pipeline = Pipeline(Wearing(recording.facts.position, person.height_m, person.sensor_height_m))
    events = [event for block in recording.blocks(4096) for event in pipeline.update(block).events]
    return events + pipeline.finish().events


def matched(reference_s: list[float], found_s: list[float], within_s: float) -> int:
    """Pairs in time order, nearest first come: enough for contacts far further apart than the tolerance."""
    pairs, at = 0, 0
    for time_s in sorted(reference_s):
        while at < len(found_s) and found_s[at] < time_s - within_s:
            at += 1
        if at < len(found_s) and found_s[at] <= time_s + within_s:
            pairs, at = pairs + 1, at + 1
    return pairs


@pytest.mark.parametrize("person", range(1, 11))
def test_healthy_walks_at_the_lower_back(person: int) -> None:
    name = f"v{person:02d}_2_lower_back"
    truth = truth_of(name, "voisard_healthy")
    reference_s = truth["contacts_left_s"] + truth["contacts_right_s"]
    covered = truth["covered_s"]
    steps = standing_steps(events_of(name, "voisard_healthy"))
    found_s = [event.time_s for event in steps]
    hits = matched(reference_s, found_s, 0.25)
    asked = [t for t in found_s if any(start <= t <= end for start, end in covered)]  # type: ignore[misc]
    false = max(0, len(asked) - matched(reference_s, asked, 0.25))
    assert 2 * hits / (2 * hits + false + len(reference_s) - hits) >= 0.93


@pytest.mark.parametrize("side", ["left", "right"])
def test_healthy_walks_at_the_feet(side: str) -> None:
    for person in (1, 4, 8):
        name = f"v{person:02d}_1_foot_{side}"
        reference_s = truth_of(name, "voisard_healthy")[f"contacts_{side}_s"]
        found_s = [event.time_s for event in standing_steps(events_of(name, "voisard_healthy"))]
        assert matched(reference_s, found_s, 0.10) >= 0.9 * len(reference_s)
        assert len(found_s) <= len(reference_s) + 2


def test_both_feet_measure_twice_ten_metres_and_a_stance_as_healthy_people_have_it() -> None:
    """The distance counts the straight parts; the turn, and stepping over the line, add about a metre."""
    both, supports = [], []
    for person in range(1, 11):
        distances = []
        for side in ("left", "right"):
            events = events_of(f"v{person:02d}_2_foot_{side}", "voisard_healthy")
            bouts = [event.fields for event in events if event.kind == "walking_bout"]
            distances.append(sum(bout["distance_m"] or 0.0 for bout in bouts))  # type: ignore[misc]
            longest = max(bouts, key=lambda bout: bout["steps"])  # type: ignore[arg-type, return-value]
            supports.append(longest["stance_time_s"] / longest["stride_time_s"])  # type: ignore[operator]
        assert distances[0] == pytest.approx(distances[1], abs=1.6)
        both.append(np.mean(distances))
    assert np.mean(both) == pytest.approx(21.0, rel=0.03)
    assert both == pytest.approx([21.0] * 10, rel=0.13)
    assert supports == pytest.approx([0.62] * 20, abs=0.055)


def test_a_very_slow_walk_with_ms() -> None:
    truth = truth_of("ms_edss6", "voisard_clinical")
    reference_s = truth["contacts_left_s"] + truth["contacts_right_s"]
    found_s = [event.time_s for event in standing_steps(events_of("ms_edss6", "voisard_clinical"))]
    for within_s, least in ((0.10, 0.80), (0.25, 0.90)):
        assert 2 * matched(reference_s, found_s, within_s) / (len(found_s) + len(reference_s)) >= least


@pytest.mark.parametrize(
    ("group", "position", "every"),
    [
        ("sisfall", "waist", 12),
        ("umafall", "ankle_right", 6),
        ("umafall", "chest", 3),
        ("umafall", "pocket", 3),
        ("umafall", "wrist", 3),
        ("weda_fall", "wrist", 6),
    ],
)
def test_nobody_walks_where_nobody_walks(group: str, position: str, every: int) -> None:
    truth = json.loads((RECORDINGS / group / "truth.json").read_text())
    still = [name for name, facts in sorted(truth.items()) if facts.get("non_walking")]
    still = [name for name in still if group != "umafall" or name.endswith(position)][::every]
    assert len(still) >= 7
    assert sum(len(standing_steps(events_of(name, group))) for name in still) == 0


def test_an_hour_of_work_at_a_desk_is_no_walk() -> None:
    assert standing_steps(events_of("bw_0009", "bangle_wrist")) == []


@pytest.mark.parametrize(("position", "share"), [("chest", 0.9), ("pocket", 0.85), ("waist", 0.9)])
def test_the_walks_of_umafall_are_found_as_far_as_they_go(position: str, share: float) -> None:
    truth = json.loads((RECORDINGS / "umafall" / "truth.json").read_text())
    walks = [name for name, facts in sorted(truth.items()) if facts.get("walking") and name.endswith(position)]
    walks = [name for name in walks if name != f"uf_0373_{position}"]  # no step at any of its five places
    counts = [len(standing_steps(events_of(name, "umafall"))) for name in walks]
    assert np.mean(np.array(counts) >= 16) >= share  # 12 to 13 s of walking


def test_counted_steps_of_a_phone_in_every_place() -> None:
    truth = json.loads((RECORDINGS / "oxford_steps" / "truth.json").read_text())
    errors = []
    for name, facts in sorted(truth.items())[::4]:
        found = standing_steps(events_of(name, "oxford_steps"))
        errors.append(len(found) / facts["step_count"] - 1)
    assert np.mean(np.abs(errors)) < 0.02


def test_twice_ten_metres_at_the_lower_back_by_body_height_alone() -> None:
    errors = []
    for person in range(1, 10):
        events = events_of(f"v{person:02d}_2_lower_back", "voisard_healthy")
        parts_m = [event.fields["distance_m"] for event in events if event.kind == "walking_bout"]
        errors.append(sum(part_m for part_m in parts_m if isinstance(part_m, float)) / 20.0 - 1.0)
    assert np.mean(np.abs(errors)) < 0.07


@pytest.mark.parametrize(
    ("name", "group", "least_told", "least_right"),
    [(f"v{person:02d}_5_lower_back", "voisard_healthy", 0.6, 0.93) for person in (1, 3, 4, 5, 6, 7, 8, 9, 10)]
    + [("ms_edss6", "voisard_clinical", 0.6, 0.88)],
)
def test_left_and_right_at_the_lower_back(name: str, group: str, least_told: float, least_right: float) -> None:
    """One wrong contact is 4 % of a walk. In v04_1 and v04_2 the feet are the wrong way round: they are not asked."""
    truth = truth_of(name, group)
    steps = standing_steps(events_of(name, group))
    told = []
    for side in ("left", "right"):
        for time_s in truth[f"contacts_{side}_s"]:
            step = min(steps, key=lambda step: abs(step.time_s - time_s))
            if abs(step.time_s - time_s) <= 0.25:
                told.append((step.fields["side"], side))
    given = [(found, true) for found, true in told if found is not None]
    assert len(given) >= least_told * len(told)
    assert np.mean([found == true for found, true in given]) >= least_right
