"""python -m server.bench: print the figures as they come, and all of them as JSON where that is wanted."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from server.bench.alarm import alarms
from server.bench.alarm import figures_of as alarm_figures
from server.bench.day import day_of_a_session, day_of_detecting
from server.bench.kills import failures_in, killed
from server.bench.kills import figures_of as kill_figures
from server.bench.latency import packet_to_event
from server.bench.live_cost import live_cost
from server.bench.peers import compare
from server.bench.start import demo_start
from server.kernels_cache import set_kernels_cache
from server.logs import set_up_logs

LIVE = ((1, 8), (10, 8), (100, 8), (1, 4), (10, 4), (100, 4))  # sensors, samples a packet
LATENCY = ((1, 10), (10, 10), (100, 10), (10, 8), (10, 4))
PACED_S = 15.0
FED_SENSOR_S = 600.0  # of stream, shared among the sensors ...
LEAST_FED_S = 20.0  # ... but each at least so long
DAY_H = 24
ALARM_PEOPLE = 25
KILLS = 4  # a fall that is killed in takes half a minute

Figures = dict[str, Any]


def measure_latency(given: argparse.Namespace, folder: Path) -> Figures:
    runs = []
    for sensors, samples in LATENCY:
        run = packet_to_event(sensors, samples, given.seconds, folder / f"latency-{sensors}-{samples}")
        runs.append(told("packet to event", asyncio.run(run)))
    return {"packet_to_event": runs}


def measure_live(given: argparse.Namespace, folder: Path) -> Figures:
    runs = []
    for sensors, samples in LIVE:
        seconds = max(LEAST_FED_S, FED_SENSOR_S / sensors)
        run = live_cost(sensors, samples, seconds, folder / f"live-{sensors}-{samples}")
        runs.append(told("live, as fast as it goes", asyncio.run(run)))
    return {"live": runs}


def measure_analyze(given: argparse.Namespace, folder: Path) -> Figures:
    results = compare(folder, given.peers, lambda text: print(text, flush=True))
    return {"analyze": {name: {who: asdict(cost) for who, cost in costs.items()} for name, costs in results.items()}}


def measure_day(given: argparse.Namespace, folder: Path) -> Figures:
    detecting = told("a day through the detectors", day_of_detecting(given.hours))
    session = asyncio.run(day_of_a_session(given.hours, 10, folder / "day"))
    return {"day_of_detecting": detecting, "day_of_a_session": told("a day through a live session", session)}


def measure_start(given: argparse.Namespace, folder: Path) -> Figures:
    return {
        f"demo_{name}_start": told(f"demo, {name} start", asyncio.run(demo_start(folder / "kernels")))
        for name in ("cold", "warm")
    }


def measure_alarm(given: argparse.Namespace, folder: Path) -> Figures:
    """From the impact to the receiver, and whether a kill in between loses anything."""
    parts, missed = asyncio.run(alarms(given.people, folder / "alarm"))
    figures: Figures = {"impact_to_receiver": alarm_figures(parts, missed)}
    print(f"impact to receiver: {json.dumps(figures['impact_to_receiver'])}", flush=True)
    for kind in ("help", "fall") if given.kills > 0 else ():
        results = killed(kind, given.kills, folder / "kills", at_once=2)
        figures[f"kills_{kind}"] = kill_figures(results)
        print(f"killed, {kind}: {json.dumps(figures[f'kills_{kind}'])}", flush=True)
        if failures_in(figures[f"kills_{kind}"]):
            print(
                f"NOTE: alarms ({kind}) were lost, or went out under two keys, when the program was killed.", flush=True
            )
    return figures


MEASURES: dict[str, Callable[[argparse.Namespace, Path], Figures]] = {
    "analyze": measure_analyze,
    "live": measure_live,
    "latency": measure_latency,
    "day": measure_day,
    "start": measure_start,
    "alarm": measure_alarm,
}


def told(what: str, figures: dict[str, float]) -> dict[str, float]:
    """Print them in a line."""
    said = ", ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in figures.items())
    print(f"{what}: {said}", flush=True)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m server.bench", description=__doc__)
    parser.add_argument("--only", choices=tuple(MEASURES), action="append", help="measure only this; repeat for more")
    parser.add_argument("--seconds", type=float, default=PACED_S, help="length of each latency run")
    parser.add_argument("--hours", type=int, default=DAY_H, help="length of the day")
    parser.add_argument("--people", type=int, default=ALARM_PEOPLE, help="who fall at one time in the alarm bench")
    parser.add_argument(
        "--kills", type=int, default=KILLS, help="of each kind in the alarm bench; make kills does more"
    )
    parser.add_argument("--peers", type=Path, default=Path(".venv-peers/bin/python"), help="Python that has the peers")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    given = parser.parse_args(arguments)
    set_kernels_cache()
    set_up_logs("warning")
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as folder:
        for name in given.only or MEASURES:
            figures |= MEASURES[name](given, Path(folder))
    if given.json is not None:
        given.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
