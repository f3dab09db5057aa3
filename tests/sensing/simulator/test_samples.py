"""The sample recordings that ship are what the command makes, and they are usable."""

import json
from pathlib import Path

import numpy as np
import pytest

from sensing.recording import Recording, read_recording
from sensing.simulator.samples import FOLDER, samples, write_samples

NAMES = [sample.name for sample in samples()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("samples")
    write_samples(directory)
    return directory


def close(shipped: np.ndarray | None, again: np.ndarray | None, one_step: float) -> bool:
    """Equal, but for a rounding here and there that another processor's sine may turn by one step of the sensor."""
    if shipped is None or again is None:
        return shipped is again
    difference = np.abs(shipped - again)
    return bool(difference.max() <= 1.01 * one_step and np.mean(difference > 0) < 1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_regenerating_gives_the_recordings_that_ship(made: Path, name: str) -> None:
    shipped, again = (read_recording(folder / f"{name}.parquet") for folder in (FOLDER, made))
    assert shipped.facts == again.facts
    assert np.array_equal(shipped.time_s, again.time_s)
    assert close(shipped.acc_mps2, again.acc_mps2, 0.244e-3 * 9.80665)
    assert close(shipped.gyr_radps, again.gyr_radps, float(np.deg2rad(0.035)))


@pytest.mark.parametrize("file", ["truth.json", "README.md"])
def test_regenerating_gives_the_truth_and_the_description_that_ship(made: Path, file: str) -> None:
    assert (FOLDER / file).read_text(encoding="utf-8") == (made / file).read_text(encoding="utf-8")


def test_the_folder_holds_the_samples_and_nothing_else_and_is_small() -> None:
    files = list(FOLDER.iterdir())
    assert {f.name for f in files} == {f"{name}.parquet" for name in NAMES} | {"truth.json", "README.md"}
    assert sum(f.stat().st_size for f in files) < 3_000_000


def test_every_sample_has_its_truth_and_lasts_between_one_and_three_minutes() -> None:
    truths = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
    assert list(truths) == NAMES
    for name, truth in truths.items():
        recording = read_recording(FOLDER / f"{name}.parquet")
        assert 55.0 <= recording.duration_s <= 180.0, name
        contacts = truth["contacts_left_s"] + truth["contacts_right_s"]
        assert all(0.0 <= c <= recording.time_s[-1] for c in contacts), name
        assert recording.facts.extra["simulated"] is True


def test_lost_packets_of_the_sample_with_losses_are_gaps() -> None:
    assert gaps("ms_slow_walk_lower_back") > 0
    assert gaps("anna_walks_lower_back") == 0


def gaps(name: str) -> int:
    recording: Recording = read_recording(FOLDER / f"{name}.parquet")
    return len(recording.gaps)
