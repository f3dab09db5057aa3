"""Falls from recordings to what is learned of them, on little input."""

import json
from pathlib import Path

import numpy as np
import pytest

from dsp.falls.parameters import N_SIGNS, SIGNS, TRUNK
from dsp.falls.score import read_weights
from sensing.recording import Facts, write_recording
from sensing.simulator.activities import Fall, Stand
from server.analyze import result_of
from server.bench import falls
from server.bench.fall_candidates import Case, candidates_of
from server.bench.fall_fit import Weighing, fitted, learned
from server.bench.fall_people import FALLS, KINDS, PLACES, simulated, simulated_case
from server.monitor import Monitor
from tests.dsp.falling import UPRIGHT_AGAIN, worn


def test_the_regression_finds_the_slopes_that_made_the_truth() -> None:
    rng = np.random.default_rng(1)
    signs = rng.normal(size=(6000, 3))
    truth = (2.0 * signs[:, 0] + np.minimum(signs[:, 1], 0.0) + rng.logistic(size=6000) > 1.0).astype(float)
    found = fitted(signs, truth, np.ones(6000))
    assert found.below[0] == pytest.approx(found.above[0], rel=0.4)
    assert found.below[0] > 1.5
    assert abs(found.below[2]) < 0.3
    assert abs(found.above[2]) < 0.3
    right = (found.score(signs) > 0.0) == (truth > 0.5)
    assert right.mean() > 0.75


def test_of_a_falls_recording_only_the_fall_is_learned_from() -> None:
    rng = np.random.default_rng(2)
    calm, fall = rng.normal(0.0, 0.3, (40, N_SIGNS)), rng.normal(3.0, 0.3, (1, N_SIGNS))
    walk = Case("a", "walk", "waist", "p", "", False, None, 0.1, np.arange(40.0), calm)
    mixed = Case("a", "fall", "waist", "p", "", True, 7.0, 0.1, np.arange(40.0), calm.copy())
    mixed.signs[7] = fall
    weighing = learned([walk, mixed, mixed])
    assert int(np.argmax(weighing.score(mixed.signs))) == 7


def test_every_kind_of_simulated_person_can_be_at_every_place() -> None:
    cases = list(simulated(2))
    assert {case.position for case in cases} == set(PLACES)
    assert all(case.signs.shape == (len(case.times_s), N_SIGNS) for case in cases)
    for seed, kind in enumerate(KINDS):
        made = simulated_case(kind, "waist", seed)
        assert bool(made.truth.get("falls")) == (kind in FALLS)
        times_s, signs = candidates_of(made.recording(kind))
        assert np.isfinite(signs).all()
        assert (np.diff(times_s) > 0.0).all()


def test_the_bench_prints_curves_and_writes_weights_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = {}
    folder = tmp_path / "sisfall"
    folder.mkdir()
    for seed, kind in enumerate(["fall", "walking", "fall", "sitting down hard", "fall", "jumping"]):
        made = simulated_case(kind, "waist", seed)
        write_recording(folder / f"r{seed}.parquet", made.recording(f"r{seed}"))
        truth[f"r{seed}"] = {"subject": str(seed), "activity": kind, "is_fall": kind == "fall"}
    (folder / "truth.json").write_text(json.dumps(truth))
    written = tmp_path / "weights.py"
    assert falls.main([str(tmp_path), "--people", "5", "--write", str(written)]) == 0
    printed = capsys.readouterr().out
    assert "sisfall waist" in printed
    assert "wrong at the working point" in printed
    found: dict[str, str] = {}
    exec(written.read_text(), found)
    for name in ("TRUNK", "THIGH", "LEG", "ARM"):
        _, table = read_weights(found[name])
        assert table.shape == (len(SIGNS), 6)


def test_what_is_written_weighs_as_what_was_learned() -> None:
    rng = np.random.default_rng(3)
    columns = [rng.normal(size=N_SIGNS) for _ in range(6)]
    weighing = Weighing(*columns, bias=1.25)
    found: dict[str, str] = {}
    exec(falls.source_of([weighing] * 4, "Learned from nothing."), found)
    bias, table = read_weights(found["TRUNK"])
    assert bias == weighing.bias
    assert table == pytest.approx(np.stack(columns, axis=1), abs=1e-4)
    assert falls.WORKING_POINT[TRUNK] < 0.0


def test_the_result_says_what_became_of_who_fell() -> None:
    made = worn([Stand(5.0), UPRIGHT_AGAIN, Stand(6.0), Fall("left", lying_s=20.0)])
    found = result_of(made.recording("anna"))
    (first, second), events = found["summary"]["falls"], [e for e in found["events"] if e["kind"] == "fall"]
    assert [first["time_s"], second["time_s"]] == [event["time_s"] for event in events]
    assert second["got_up_s"] is None
    assert second["lying_s"] == pytest.approx(20.0, abs=2.5)


async def test_a_session_knows_who_has_fallen_and_whether_the_sensor_is_worn(monitor: Monitor) -> None:
    session = monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 1")
    assert session.fallen() is None
    for block in worn([Stand(5.0), Fall("backward")]).recording("anna").blocks(400):
        session.receive_block(block)
    fallen = session.fallen()
    assert fallen is not None
    assert fallen.got_up_s is None
    assert session.worn().state == "worn"
