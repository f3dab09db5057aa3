"""`analyze A B --together`: one more result for two recordings of one person."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from sensing.facts import Person
from sensing.recording import Recording, read_recording, write_recording
from server.cli import app
from server.together import both, offset_between, together_of

SAMPLES = Path(__file__).resolve().parents[2] / "sensing" / "samples"
TRUTH = json.loads((SAMPLES / "truth.json").read_text())["bert_walks_ankle_left"]


def ankle(side: str, **facts: Any) -> Recording:
    recording = read_recording(SAMPLES / f"bert_walks_ankle_{side}.parquet")
    return replace(recording, facts=replace(recording.facts, **facts))


def shifted(recording: Recording, by_s: float) -> Recording:
    return replace(recording, time_s=recording.time_s + by_s)


def steps_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in result["together"] if one["kind"] == "step"]


def test_both_ankles_give_every_contact_its_side() -> None:
    result = together_of(ankle("left"), ankle("right"))
    steps = steps_of(result)
    for side in ("left", "right"):
        truth = np.array(TRUTH[f"contacts_{side}_s"])
        found = np.array([step["time_s"] for step in steps if step["side"] == side])
        assert len(found) >= len(truth) - 2
        assert (np.abs(found[:, None] - truth).min(axis=1) < 0.12).all()
    assert {step["side"] for step in steps} == {"left", "right"}
    walks = [one for one in result["together"] if one["kind"] == "walking_bout"]
    assert sum(walk["steps"] for walk in walks) == len(steps)
    assert walks[0]["left_step_time_s"] == pytest.approx(0.53, abs=0.05)
    assert result["events"] == []
    assert [one["emitted_s"] for one in result["together"]] == sorted(one["emitted_s"] for one in result["together"])


def test_the_second_clock_is_put_on_the_first_by_offset_or_by_the_starts() -> None:
    expected = together_of(ankle("left"), ankle("right"))
    later = shifted(ankle("right"), -7.5)
    stated = together_of(ankle("left"), later, 7.5)
    assert stated["recording"]["clock"] == "stated"
    times = [[step["time_s"] for step in steps_of(result)] for result in (expected, stated)]
    np.testing.assert_allclose(times[0], times[1], atol=0.02)
    assert [s["side"] for s in steps_of(stated)] == [s["side"] for s in steps_of(expected)]
    left = ankle("left", started_at="2026-11-21T10:00:00+01:00")
    right = replace(later, facts=replace(later.facts, started_at="2026-11-21T09:00:07.500+00:00"))
    assert offset_between(left, right) == (7.5, "started_at")


def test_until_gives_what_had_been_told_by_then() -> None:
    left, right = ankle("left"), ankle("right")
    whole, cut = together_of(left, right), together_of(left, right, until_s=30.0)
    before = [one for one in whole["together"] if one["emitted_s"] <= 30.0]
    assert [one for one in cut["together"] if "at_end" not in one] == before


def test_the_command_writes_three_results(tmp_path: Path) -> None:
    paths = [str(SAMPLES / f"bert_walks_ankle_{side}.parquet") for side in ("left", "right")]
    done = CliRunner().invoke(app, ["analyze", *paths, "--together", "--out", str(tmp_path)])
    assert done.exit_code == 0
    names = {"bert_walks_ankle_left", "bert_walks_ankle_right", "bert_walks_ankle_left+bert_walks_ankle_right"}
    assert {path.stem for path in tmp_path.iterdir()} == names
    result = json.loads((tmp_path / "bert_walks_ankle_left+bert_walks_ankle_right.json").read_text())
    assert result["schema"] == "surefoot.analysis/1"
    assert result["recording"]["position"] == "ankle_left+ankle_right"
    assert result["summary"]["sides_known"] == result["summary"]["steps"] > 80


@pytest.mark.parametrize("count", [1, 3])
def test_together_is_of_two(tmp_path: Path, count: int) -> None:
    paths = [str(SAMPLES / "bert_walks_ankle_left.parquet")] * count
    done = CliRunner().invoke(app, ["analyze", *paths, "--together", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_what_tells_nothing_together_is_said_in_a_sentence(tmp_path: Path) -> None:
    def said(first: Recording, second: Recording) -> str:
        paths = (tmp_path / "a.parquet", tmp_path / "b.parquet")
        for path, recording in zip(paths, (first, second), strict=True):
            write_recording(path, recording)
        reason = both(paths, tmp_path)
        assert reason is not None
        assert reason.endswith(".")
        return reason

    left, right = ankle("left"), ankle("right")
    assert "both are on the same leg" in said(left, left)
    pocket = replace(right, facts=replace(right.facts, position="pocket"))
    assert "tell nothing together" in said(left, pocket)
    assert "different people" in said(
        ankle("left", person=Person(height_m=1.6)), ankle("right", person=Person(height_m=1.8))
    )
    anna, bert = ankle("left", extra={"label": "Anna"}), ankle("right", extra={"label": "Bert"})
    assert "Anna" in said(anna, bert)
    assert "worn together for 0.0 s" in said(left, shifted(right, 500.0))
    odd = said(ankle("left", started_at="yesterday"), ankle("right", started_at="2026-11-21T09:00:00"))
    assert "--offset-s" in odd
