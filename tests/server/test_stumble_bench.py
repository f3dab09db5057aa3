"""Stumbles from recordings to what is learned of them, on little input."""

import json
from pathlib import Path

import numpy as np
import pytest

from dsp.stumbles import parameters as p
from dsp.stumbles.score import confidence_of, read_weights, weigh
from dsp.stumbles.weights import ACCELERATION_ONLY, WITH_GYROSCOPE
from sensing.recording import write_recording
from server.bench import stumbles
from server.bench.stumble_candidates import Case
from server.bench.stumble_fit import WAYS, Weighing, fitted, learned, sureness
from server.bench.stumble_people import KINDS, STUMBLES, simulated_walk


def case(times: int, signs: np.ndarray, stumble_s: float | None = None, is_stumble: bool = False) -> Case:
    times_s = 3.0 * np.arange(float(times))
    nothing = np.zeros(times)
    return Case(
        "a", "w", "waist", "p", "", is_stumble, False, None, stumble_s, 1.0, times_s, signs, nothing, times_s, True
    )


def test_no_sign_may_speak_against_what_physics_says_however_the_data_lie() -> None:
    rng = np.random.default_rng(1)
    signs = rng.normal(size=(3000, p.N_SIGNS))
    truth = (signs @ -WAYS + rng.logistic(size=3000) > 0.0).astype(float)
    assert (fitted(signs, truth, np.ones(3000), True).slopes == 0.0).all()
    truth = (signs @ WAYS + rng.logistic(size=3000) > 6.0).astype(float)
    found = fitted(signs, truth, np.ones(3000), True)
    assert (found.slopes * WAYS > 0.0).all()
    without = fitted(signs, truth, np.ones(3000), False)
    assert (without.slopes[[p.SIGNS.index("burst"), p.SIGNS.index("turned")]] == 0.0).all()


def test_of_a_stumbles_recording_only_the_stumble_is_learned_from() -> None:
    rng = np.random.default_rng(2)
    calm = -np.abs(rng.normal(0.0, 0.3, (40, p.N_SIGNS))) * WAYS
    mixed = calm.copy()
    mixed[7] = 3.0 * WAYS
    stumble = case(40, mixed, is_stumble=True)
    weighing = learned([case(40, calm), stumble, stumble], True)
    assert stumble.chosen(weighing.score(stumble.signs)) == 7
    assert not stumble.is_other.any()


def test_confidence_says_what_share_is_right_at_the_stated_rate() -> None:
    """As many false ones as stumbles are to be expected in these hours, all alike: half of them are right."""
    walk, stumble = case(1800, np.zeros((1800, p.N_SIGNS))), case(10, np.ones((10, p.N_SIGNS)), is_stumble=True)
    walk.scores = np.where(np.arange(1800) < 1, 3.0, -5.0)
    stumble.scores = np.full(10, 3.0)
    hours = walk.watched_h
    sure = sureness([walk, stumble], True)
    stumbles_then = 0.5 * 2.0 * hours
    assert sure.confidence(np.array([3.0]))[0] == pytest.approx(stumbles_then / (stumbles_then + 1.5), abs=0.05)
    assert sure.confidence(np.array([-5.0]))[0] < 0.05


def test_every_kind_of_simulated_person_can_be_walked() -> None:
    for seed, kind in enumerate(KINDS):
        made = simulated_walk(kind, "chest", seed)
        assert bool(made.truth.get("stumbles")) == (kind in STUMBLES)


@pytest.mark.parametrize(("text", "gyro"), [(ACCELERATION_ONLY, False), (WITH_GYROSCOPE, True)])
def test_what_is_written_weighs_as_what_was_learned(text: str, gyro: bool) -> None:
    (bias, offset, slope, surest), table = read_weights(text)
    weighing = Weighing(table[:, 0], table[:, 1], table[:, 2], bias, offset, slope, surest)
    for signs in np.random.default_rng(3).normal(0.0, 2.0, (20, p.N_SIGNS)):
        score = weighing.score(signs[None])[0]
        assert weigh(signs, gyro) == pytest.approx(score)
        assert confidence_of(score, gyro) == pytest.approx(weighing.confidence(np.array([score]))[0])


def test_the_bench_prints_curves_and_writes_weights_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = {}
    folder = tmp_path / "sisfall"
    folder.mkdir()
    for seed in range(8):
        kind = "walking" if seed % 2 else "trip"
        write_recording(folder / f"r{seed}.parquet", simulated_walk(kind, "waist", seed).recording(f"r{seed}"))
        truth[f"r{seed}"] = {"subject": str(seed), "activity": kind, "is_stumble": kind == "trip"}
    (folder / "truth.json").write_text(json.dumps(truth))
    written = tmp_path / "weights.py"
    assert stumbles.main([str(tmp_path), "--people", "6", "--write", str(written)]) == 0
    printed = capsys.readouterr().out
    assert "watched walking" in printed
    found: dict[str, str] = {}
    exec(written.read_text(), found)
    for name in ("ACCELERATION_ONLY", "WITH_GYROSCOPE"):
        head, table = read_weights(found[name])
        assert head.shape == (4,)
        assert table.shape == (p.N_SIGNS, 3)
