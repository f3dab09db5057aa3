"""`analyze` writes what the contract says, and fails as it says."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dsp.prompt import Prompt
from sensing.facts import FactsError
from sensing.recording import Facts, Recording, write_recording
from server.analyze import analyze
from server.plan import wearing_of
from tests.dsp.walks import Stream, trunk_walk

Result = dict[str, Any]


def save(folder: Path, name: str, stream: Stream, **facts: Any) -> Path:
    """A recording file; `name` with its ending."""
    path = folder / name
    known = Facts.from_json({"position": "lower_back", "rate_hz": stream.rate_hz} | facts)
    recording = Recording(name, known, stream.rate_hz, stream.time_s, stream.acc_mps2, stream.gyr_radps)
    write_recording(path, recording)
    return path


def result(folder: Path, name: str) -> Result:
    loaded: Result = json.loads((folder / f"{name}.json").read_text())
    return loaded


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    return save(tmp_path, "anna.parquet", trunk_walk())


STEP_FIELDS = {
    "kind",
    "time_s",
    "emitted_s",
    "side",
    "side_confidence",
    "walking",
    "final_contact_s",
    "stride_time_s",
    "stride_length_m",
    "speed_mps",
}


def test_the_result_is_what_the_contract_says(walk: Path, tmp_path: Path) -> None:
    assert analyze([walk], tmp_path / "out") == 0
    found = result(tmp_path / "out", "anna")
    assert found["schema"] == "surefoot.analysis/1"
    about = found["recording"]
    assert (about["name"], about["position"], about["rate_hz"]) == ("anna", "lower_back", 100.0)
    assert about["has_gyroscope"] is True
    assert about["gaps"] == []
    assert about["duration_s"] == pytest.approx(trunk_walk().time_s[-1], abs=1e-6)
    steps = [event for event in found["events"] if event["kind"] == "step"]
    assert len(steps) == 16
    assert set(steps[0]) == STEP_FIELDS
    assert (steps[0]["stride_time_s"], steps[0]["final_contact_s"]) == (None, None)
    assert all(set(step) - {"rolling"} == STEP_FIELDS for step in steps)
    (bout,) = [event for event in found["events"] if event["kind"] == "walking_bout"]
    assert bout["steps"] == 16
    assert bout["end_s"] > bout["time_s"]
    emitted_s = [event["emitted_s"] for event in found["events"]]
    assert emitted_s == sorted(emitted_s)
    assert found["summary"]["steps"] == 16


@pytest.mark.parametrize("until_s", [0.5, 4.0, 5.5, 7.77, 11.0])
def test_until_gives_exactly_the_events_of_the_whole_until_then(walk: Path, tmp_path: Path, until_s: float) -> None:
    analyze([walk], tmp_path / "whole")
    analyze([walk], tmp_path / "cut", until_s=until_s)
    whole, cut = result(tmp_path / "whole", "anna"), result(tmp_path / "cut", "anna")
    expected = [event for event in whole["events"] if event["emitted_s"] <= until_s and not event.get("at_end")]
    assert [event for event in cut["events"] if not event.get("at_end")] == expected
    assert cut["recording"]["duration_s"] <= until_s


def test_until_before_the_first_sample_gives_no_event(walk: Path, tmp_path: Path) -> None:
    assert analyze([walk], tmp_path / "out", until_s=-1.0) == 0
    assert result(tmp_path / "out", "anna")["events"] == []


def test_a_folder_stands_for_its_recordings_in_every_spelling(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    names = ("a.parquet", "b.csv", "c.csv.gz")
    for name in names:
        save(folder, name, trunk_walk(steps=6))
    assert analyze([folder], tmp_path / "out") == 0
    events = [result(tmp_path / "out", name.split(".")[0])["events"] for name in names]
    assert [len(e) for e in events] == [len(events[0])] * 3


def test_what_cannot_be_read_is_named_and_the_others_are_done(
    walk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(b"not parquet")
    missing = tmp_path / "missing.csv"
    assert analyze([bad, walk, missing], tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert "bad.parquet" in said
    assert "missing.csv" in said
    assert "anna" not in said
    assert result(tmp_path / "out", "anna")["events"]


def test_processes_find_what_one_finds(tmp_path: Path) -> None:
    paths = [save(tmp_path, f"r{n}.parquet", trunk_walk(steps=4 + n, seed=n)) for n in range(5)]
    done: list[tuple[int, int]] = []
    assert analyze(paths, tmp_path / "one") == 0
    assert analyze(paths, tmp_path / "two", jobs=2, progress=lambda *now: done.append(now)) == 0
    assert done == [(n, 5) for n in range(1, 6)]
    for path in paths:
        assert result(tmp_path / "one", path.stem) == result(tmp_path / "two", path.stem)


def test_the_position_can_be_told(walk: Path, tmp_path: Path) -> None:
    assert analyze([walk], tmp_path / "out", overrides={"position": "ankle_left"}) == 0
    assert result(tmp_path / "out", "anna")["recording"]["position"] == "ankle_left"


def test_gaps_are_listed(tmp_path: Path) -> None:
    stream = trunk_walk()
    kept = np.ones(stream.time_s.size, bool)
    kept[600:640] = False
    path = save(tmp_path, "gap.parquet", stream.keep(kept))
    analyze([path], tmp_path / "out")
    (gap,) = result(tmp_path / "out", "gap")["recording"]["gaps"]
    assert gap == {"start_s": pytest.approx(5.99), "end_s": pytest.approx(6.4)}


def test_two_recordings_of_one_name_do_not_overwrite_each_other(
    walk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(walk, other / walk.name)
    assert analyze([walk, other / walk.name], tmp_path / "out") == 1
    assert "same name" in capsys.readouterr().err


def test_a_result_never_overwrites_the_facts_beside_a_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, "facts.csv", trunk_walk(steps=4))
    before = (tmp_path / "facts.json").read_text()
    assert analyze([path], tmp_path) == 1
    assert (tmp_path / "facts.json").read_text() == before
    assert "overwrite" in capsys.readouterr().err


def test_the_test_in_a_recordings_facts_is_what_the_detectors_are_prompted_with() -> None:
    facts = Facts("lower_back", test="tug", cue_s=4.2, end_cue_s=20.0, course_length_m=3.0)
    assert wearing_of(facts).prompts == (Prompt("tug", cue_s=4.2, end_cue_s=20.0, course_length_m=3.0),)
    assert wearing_of(Facts("lower_back", test="stance", stance="tandem_left")).prompts[0].stance == "tandem_left"
    assert wearing_of(Facts("lower_back", test="none")).prompts == ()


def test_a_recording_of_several_tests_tells_the_detectors_of_each_in_its_turn() -> None:
    tests = [
        {"protocol": "tug", "set_s": 3.0, "cue_s": 8.0, "course_length_m": 3.0},
        {"protocol": "tug", "set_s": 9.5, "cue_s": 8.0, "aborted": True},
        {"protocol": "stance", "set_s": 20.0, "cue_s": 25.0, "stance": "tandem_left", "hold_s": 10.0},
        {"protocol": "chair_stand_5x", "set_s": 50.0, "variant": "sppb", "end_cue_s": 70.0},
    ]
    facts = Facts.from_json({"position": "lower_back", "tests": tests})
    assert wearing_of(facts).prompts == (
        Prompt("tug", 3.0, 8.0, course_length_m=3.0),
        Prompt("tug", 9.5, 8.0, aborted=True),
        Prompt("stance", 20.0, 25.0, stance="tandem_left", hold_s=10.0),
        Prompt("chair_stand_5x", 50.0, end_cue_s=70.0, variant="sppb"),
    )
    assert Facts.from_json(facts.to_json()) == facts


@pytest.mark.parametrize(
    ("tests", "complaint"),
    [
        ("tug", "must be a list"),
        (["tug"], "must be an object"),
        ([{"cue_s": 4.0}], "must be an object"),
        ([{"protocol": "tog"}], "did you mean tug"),
        ([{"protocol": "none"}], "is not known"),
        ([{"protocol": "tug", "cue_s": "now"}], "must be a number"),
        ([{"protocol": "6mwt", "course_length_m": 3000}], "between 0.1 and 1000"),
        ([{"protocol": "stance", "stance": "headstand"}], "is not known"),
        ([{"protocol": "chair_stand_5x", "variant": "tenth"}], "is not known"),
    ],
)
def test_a_test_that_cannot_have_been_set_up_is_refused_in_words(tests: Any, complaint: str) -> None:
    with pytest.raises(FactsError, match=complaint):
        Facts.from_json({"position": "lower_back", "tests": tests})
