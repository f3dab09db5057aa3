"""`surefoot analyze` beside mobgap and scikit-digital-health: the same recordings, one core each, the same measure."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sensing.recording import read_recording, write_recording
from server.bench.measuring import MeasuringError, Taken, run_on_one_core
from server.bench.streams import sample_recordings, shared_recordings, walk

RUNNER = Path(__file__).with_name("peer_runner.py")
PEERS = ("mobgap", "skdh")
HOUR_S = 3600.0
LEAST_OF = 2  # runs; the smaller counts, because a busy machine only ever adds

Command = Callable[[Sequence[Path]], list[str | Path]]


@dataclass(frozen=True, slots=True)
class Cost:
    """`start_cpu_s` is one run's fixed part (imports, warming up); `cpu_s_per_hour` what an hour of signal adds."""

    start_cpu_s: float
    cpu_s_per_hour: float
    peak_mb: float
    steps: int | None


def analyze_command(out: Path) -> Command:
    """Ours, with every detector on, as a user would call it."""
    return lambda files: [sys.executable, "-m", "server.cli", "analyze", *files, "--out", out, "--jobs", "1"]


def peer_command(python: Path, peer: str) -> Command:
    """A peer in its own environment."""
    return lambda files: [python, RUNNER, peer, *files]


def cost_of(command: Command, files: Sequence[Path]) -> Cost:
    """Two runs, over the first recording alone and over all: the difference is the recordings' own. Needs two files.

    Raises MeasuringError.
    """
    lengths_s = [read_recording(file).duration_s for file in files]
    one, all_ = _least(command(files[:1])), _least(command(files))
    per_s = max(0.0, all_.cpu_s - one.cpu_s) / sum(lengths_s[1:])
    said = all_.output.strip().splitlines()
    steps = json.loads(said[-1])["steps"] if said and said[-1].startswith("{") else None
    return Cost(one.cpu_s - per_s * lengths_s[0], HOUR_S * per_s, all_.peak_mb, steps)


def compare(folder: Path, peers_python: Path, say: Callable[[str], None]) -> dict[str, dict[str, Cost]]:
    """Every set of recordings, every program. What cannot be measured is told in a sentence and left out."""
    results: dict[str, dict[str, Cost]] = {}
    commands = {"surefoot": analyze_command(folder / "results")}
    if peers_python.exists():
        commands |= {peer: peer_command(peers_python, peer) for peer in PEERS}
    else:
        say("mobgap and scikit-digital-health are not installed (see requirements/prepare.py peers): left out.")
    for name, files in sets(folder, say).items():
        hours = sum(read_recording(file).duration_s for file in files) / HOUR_S
        say(f"{name}: {len(files)} recordings, {hours:.2f} h")
        costs = results[name] = {}
        for program, command in commands.items():
            try:
                costs[program] = cost_of(command, files)
            except MeasuringError as error:
                say(f"  {program} could not be measured: {error}.")
                continue
            say("  " + line(program, costs))
    return results


def sets(folder: Path, say: Callable[[str], None]) -> dict[str, list[Path]]:
    """Short recordings as people make them, and one that goes on for an hour, where a program's start is nothing."""
    short = shared_recordings()
    name = "recordings (voisard_healthy and mobgap, lower back)"
    if not short:
        say("../shared/recordings is not there: measured on the sample recordings instead.")
        short, name = sample_recordings(), "sample recordings"
    hour = folder / "hour.parquet"
    write_recording(hour, walk(HOUR_S))
    return {name: short, "one hour's walk": [short[0], hour]}


def line(program: str, costs: dict[str, Cost]) -> str:
    """One program's figures, and how it compares with ours."""
    cost, ours = costs[program], costs.get("surefoot")
    text = f"{program}: {cost.cpu_s_per_hour:.3g} s CPU per hour of signal, {cost.start_cpu_s:.2f} s to start, "
    text += f"{cost.peak_mb:.0f} MB resident"
    if ours is not None and program != "surefoot" and ours.cpu_s_per_hour > 0:
        text += f"; {cost.cpu_s_per_hour / ours.cpu_s_per_hour:.0f} times ours"
    return text


def _least(command: list[str | Path]) -> Taken:
    runs = [run_on_one_core(command) for _ in range(LEAST_OF)]
    return min(runs, key=lambda run: run.cpu_s)
