"""The measurements run, on little input; what they measure is not judged here."""

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from sensing.intake import Intake
from server.bench import __main__ as bench
from server.bench.alarm import Parts
from server.bench.day import day_of_a_session, day_of_detecting
from server.bench.kills import Killed
from server.bench.latency import packet_to_event, waking_up
from server.bench.live_cost import live_cost
from server.bench.measuring import MeasuringError, run_on_one_core
from server.bench.peer_runner import upright
from server.bench.peers import analyze_command, cost_of, line, sample_recordings
from server.bench.streams import endless, walk


def test_the_endless_stream_is_one_uninterrupted_walk() -> None:
    intake = Intake("endless")
    blocks = [
        block
        for record in itertools.takewhile(lambda record: record.arrival_s < 100.0, endless(8, period_s=20.0))
        for block in intake.receive(record)
    ]
    acc = np.concatenate([block.acc_mps2 for block in blocks])
    assert intake.counters.lost_samples == 0
    assert intake.counters.packets == len(blocks) == 1249
    assert np.allclose(acc[:2000], acc[2000:4000])
    assert np.abs(acc[:1000] - walk(10.0).acc_mps2).max() < 0.003, "rounded to the sensor's counts"


async def test_the_live_path_is_measured_at_its_own_pace_and_as_fast_as_it_goes(tmp_path: Path) -> None:
    paced = await packet_to_event(2, 8, 4.0, tmp_path / "paced")
    assert paced["packets"] > 2 * 40
    assert paced["packets_with_events"] > 0
    fed = await live_cost(2, 4, 6.0, tmp_path / "fed")
    assert 0 < fed["packets_cpu_s"] < fed["cpu_s_per_hour_and_sensor"]
    assert await waking_up(50.0, 0.2) > 0


async def test_a_day_is_measured_hour_by_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.bench.day.HOUR_S", 5.0)
    detecting = day_of_detecting(2)
    assert detecting["hours"] == 2
    assert detecting["state_mb_first"] == detecting["state_mb_last"]
    session = await day_of_a_session(2, 10, tmp_path)
    assert session["cpu_s_last_hour"] > 0


def test_the_bench_tells_of_alarms_and_of_kills_and_says_when_one_was_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def alarms(people: int, folder: Path) -> tuple[list[Parts], int]:
        return [Parts(45.0, 2.8, 9.2, 30.0, 3.0)] * people, 0

    def killed(kind: str, times: int, folder: Path, **_: object) -> list[Killed]:
        return [Killed("Dora", "answered", 0.1, kind == "help", None, 0, 0, False)] * times

    monkeypatch.setattr(bench, "alarms", alarms)
    monkeypatch.setattr(bench, "killed", killed)
    monkeypatch.setattr(bench, "set_up_logs", lambda level: None)
    out = tmp_path / "figures.json"
    assert bench.main(["--only", "alarm", "--people", "3", "--kills", "2", "--json", str(out)]) == 0
    figures = json.loads(out.read_text())
    assert figures["impact_to_receiver"]["total_s"] == {"median": 45.0, "p99": 45.0}
    assert len(figures["kills_fall"]["lost"]) == figures["kills_help"]["kills"] == 2
    assert "NOTE: alarms (fall) were lost" in capsys.readouterr().out


def test_our_own_analysis_is_measured_as_a_program(tmp_path: Path) -> None:
    files = sample_recordings()[:2]
    cost = cost_of(analyze_command(tmp_path), files)
    assert cost.start_cpu_s > 0
    assert cost.peak_mb > 20
    assert {file.with_suffix(".json").name for file in files} <= {path.name for path in tmp_path.iterdir()}
    assert "surefoot" in line("surefoot", {"surefoot": cost})


def test_a_program_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(MeasuringError, match="no such thing"):
        run_on_one_core([sys.executable, "-c", "raise SystemExit('no such thing')"])


@pytest.mark.parametrize("gravity", [(0.0, 9.8, 0.0), (0.1, -9.8, 0.3), (-9.8, 0.0, 0.0), (5.0, 5.0, -6.0)])
def test_peers_are_given_signals_that_stand_upright(gravity: tuple[float, float, float]) -> None:
    turn = upright(np.array(gravity))
    assert np.allclose(turn @ np.array(gravity), [np.linalg.norm(gravity), 0.0, 0.0])
    assert np.allclose(turn @ turn.T, np.eye(3))
    assert np.linalg.det(turn) == pytest.approx(1.0)
