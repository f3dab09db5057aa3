"""python -m server.bench.alarm: how long it takes from a fall's impact to the first message that a receiver has.

Simulated people fall in live sessions of a real monitor, at the pace of real sensors; the receiver is an HTTP server on
loopback. Everything between runs as it does in the program: raw logs and database with fsync, detectors, the care
plan's waiting, the outbox and its worker.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from dsp.pipeline import Pipeline
from server.alerts.alert import Alert
from server.alerts.care_plan import CarePlan, Channel, Contact
from server.bench.fallen import fallen
from server.bench.latency import Sensor
from server.bench.sink import Sink
from server.kernels_cache import set_kernels_cache
from server.logs import set_up_logs
from server.monitor import Monitor
from server.packing import records_of

LYING_S = 75.0
AFTER_S = 10.0  # beyond the care plan's own waiting, whoever is not told by then is missed
SPREAD_S = 5.0  # over which the people begin


@dataclass(frozen=True, slots=True)
class Parts:
    """Seconds from the impact to the receiver, and where they went."""

    total_s: float
    detection_s: float  # from the impact until the fall is an alert
    observation_s: float  # until the wearer is asked
    prompt_s: float  # until the contact is to be told
    delivery_s: float  # until the receiver has it


async def alarms(people: int, folder: Path, seed: int = 1, plan: CarePlan | None = None) -> tuple[list[Parts], int]:
    """One alarm each of so many people at one time; and how many falls were not told of."""
    Pipeline.warm()
    loop = asyncio.get_running_loop()
    plan = plan or CarePlan()
    with Sink() as sink:
        contact = Contact("bea", "Bea", channels=(Channel("one", sink.url()),))
        async with Monitor(folder) as monitor:
            await monitor.alerts.set_care(replace(plan, tell_simulated=True, contacts=(contact,)), None)
            begin_s, begin_wall_s = loop.time(), time.time()
            impacts: dict[str, float] = {}
            latest_s = 0.0
            for number in range(people):
                recording, impact_s = fallen(seed * 1000 + number, LYING_S)
                name = f"Person {number}"
                session = monitor.open_session(name, recording.facts, f"GaitIMU {number}", simulated=True)
                starts_s = loop.time() + 1.0 + SPREAD_S * number / people
                Sensor(monitor, session, records_of(recording), starts_s).begin()
                impacts[name] = begin_wall_s + starts_s - begin_s + impact_s
                latest_s = max(latest_s, impacts[name])
                await asyncio.sleep(0)
            until_s = latest_s + plan.observe_s + plan.prompt_s + AFTER_S
            while time.time() < until_s and len(sink.accepted) < people:  # noqa: ASYNC110 - the sink is in threads
                await asyncio.sleep(0.1)
            alerts = list(monitor.alerts.open.values())
        had = {str(got.content["alert"]): got.wall_s for got in reversed(sink.accepted)}
    parts = [_parts(one, impacts[one.person], had[one.id]) for one in alerts if one.id in had]
    return parts, people - len(parts)


def _parts(alert: Alert, impact_s: float, had_s: float) -> Parts:
    first: dict[str, float] = {}
    for line in alert.history:
        first.setdefault(line.what, datetime.fromisoformat(line.at).timestamp())
    opened_s, asked_s, told_s = first["opened"], first["prompting"], first["told"]
    return Parts(had_s - impact_s, opened_s - impact_s, asked_s - opened_s, told_s - asked_s, had_s - told_s)


def figures_of(parts: Sequence[Parts], missed: int) -> dict[str, dict[str, float] | int]:
    """Median and 99th percentile of each part."""
    figures: dict[str, dict[str, float] | int] = {"alarms": len(parts), "not_told_of": missed}
    for name in asdict(parts[0]) if parts else ():
        values = [getattr(one, name) for one in parts]
        p99 = float(np.quantile(values, 0.99))
        figures[name] = {"median": round(statistics.median(values), 3), "p99": round(p99, 3)}
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m server.bench.alarm", description=__doc__)
    parser.add_argument("--people", type=int, default=25, help="at one time")
    parser.add_argument("--rounds", type=int, default=4)
    given = parser.parse_args(arguments)
    set_kernels_cache()
    set_up_logs("error")
    every: list[Parts] = []
    missed = 0
    with tempfile.TemporaryDirectory(prefix="surefoot-alarm-") as folder:
        for number in range(1, given.rounds + 1):
            parts, more = asyncio.run(alarms(given.people, Path(folder) / str(number), number))
            every += parts
            missed += more
    print(json.dumps(figures_of(every, missed), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
