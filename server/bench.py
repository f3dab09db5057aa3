"""Measures what matters to somebody watching: packet to event, hours of signal per second, start to first step.

Run as `python -m server.bench`; the figures of README and CHANGELOG come from here.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from server.kernels_cache import set_kernels_cache
from server.logs import set_up_logs

if TYPE_CHECKING:
    from sensing.recording import Recording

SENSORS = (1, 10, 100)
PACED_S = 15.0
HOUR_S = 3600.0
RATE_HZ = 100.0
START_TIMEOUT_S = 180.0


async def packet_to_event(sensors: int, seconds: float, data_dir: Path) -> dict[str, float]:
    """Milliseconds from a packet's arrival until its events are in a page's queue, at the pace of real sensors.

    Everything runs as in the server: raw logs with fsync, database, half-second tick, one page that reads.
    """
    from dsp.pipeline import Pipeline
    from sensing.packets import Packet
    from sensing.recording import Facts
    from server.monitor import Monitor
    from server.packing import records_of

    Pipeline.warm()
    walk = _walk(seconds + 10.0)
    records = list(records_of(walk))
    loop = asyncio.get_running_loop()
    all_s: list[float] = []
    with_events_s: list[float] = []
    async with Monitor(data_dir) as monitor:
        client = monitor.hub.join()

        async def read() -> None:
            while True:
                if client.take() is None:
                    await client.wait()

        reading = asyncio.create_task(read())
        sessions = [monitor.open_session(str(n), Facts("lower_back"), f"GaitIMU {n}") for n in range(sensors)]
        phases = random.Random(1)
        begin_s = loop.time() + 0.5
        starts_s = [begin_s + phases.random() for _ in sessions]
        places = [0] * sensors
        cpu_s = time.process_time()

        def hear(number: int) -> None:
            session, record = sessions[number], records[places[number]]
            due_s = starts_s[number] + record.arrival_s
            before = session.events
            monitor.receive(session, record)
            took_s = loop.time() - due_s
            if isinstance(record, Packet):
                all_s.append(took_s)
                if session.events > before:
                    with_events_s.append(took_s)
            places[number] += 1
            if records[places[number]].arrival_s < seconds:
                loop.call_at(starts_s[number] + records[places[number]].arrival_s, hear, number)

        for number in range(sensors):
            loop.call_at(starts_s[number], hear, number)
        await asyncio.sleep(seconds + 2.0)
        cpu_s = time.process_time() - cpu_s
        reading.cancel()
    return {
        "sensors": sensors,
        "packets": len(all_s),
        "packets_with_events": len(with_events_s),
        "event_median_ms": 1e3 * statistics.median(with_events_s),
        "event_p99_ms": 1e3 * _p99(with_events_s),
        "packet_median_ms": 1e3 * statistics.median(all_s),
        "packet_p99_ms": 1e3 * _p99(all_s),
        "cpu_percent_of_a_core": 100.0 * cpu_s / (seconds + 2.0),
    }


def analyze_cost(data_dir: Path) -> dict[str, float]:
    """CPU seconds to analyse an hour of 100 Hz signal with gyroscope: reading, detecting, writing."""
    from dsp.pipeline import Pipeline
    from sensing.recording import write_recording
    from server.analyze import analyze_file

    Pipeline.warm()
    write_recording(data_dir / "hour.parquet", _walk(HOUR_S))
    began_cpu_s, began_s = time.process_time(), time.perf_counter()
    analyze_file(data_dir / "hour.parquet", data_dir)
    return {"cpu_s_per_hour": time.process_time() - began_cpu_s, "wall_s_per_hour": time.perf_counter() - began_s}


async def demo_start(cache: Path) -> dict[str, float]:
    """Seconds from starting `surefoot demo` to the page's address, the first waveform and the first step on a page."""
    from websockets.asyncio.client import connect

    began_s = time.perf_counter()
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.cli", "demo", "--no-browser", "--port", "0",
        stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip
    marks: dict[str, float] = {}

    def mark(name: str) -> None:
        marks.setdefault(name, time.perf_counter() - began_s)

    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            assert process.stderr is not None
            while not (line := (await process.stderr.readline()).decode()).startswith("Surefoot is at"):
                if not line:
                    raise RuntimeError("the demo ended before it was ready")
            mark("page_s")
            address = line.split()[3].replace("http", "ws") + "api/live?after=0"
            async with connect(address, compression=None, max_queue=None) as socket:
                async for said in socket:
                    if isinstance(said, bytes):
                        mark("first_waveform_s")
                    elif '"kind":"step"' in said:
                        mark("first_step_s")
                        break
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    return marks


def _walk(seconds: float) -> "Recording":
    """Somebody who walks for so long at 100 Hz: the sample walk again and again."""
    from sensing.recording import Recording, read_recording
    from server.demo import SAMPLES

    sample = read_recording(SAMPLES / "anna_walks_lower_back.parquet")
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    at_s = sample.time_s[0] + 5.0 + time_s % (sample.duration_s - 10.0)
    assert sample.gyr_radps is not None

    def resampled(vectors: np.ndarray) -> np.ndarray:
        return np.stack([np.interp(at_s, sample.time_s, vectors[:, axis]) for axis in range(3)], axis=1)

    facts = replace(sample.facts, rate_hz=RATE_HZ)
    return Recording("walk", facts, RATE_HZ, time_s, resampled(sample.acc_mps2), resampled(sample.gyr_radps))


def _p99(values: Sequence[float]) -> float:
    return float(np.quantile(np.asarray(values), 0.99))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as they come, and all of them as JSON at the end."""
    parser = argparse.ArgumentParser(prog="python -m server.bench", description=__doc__)
    parser.add_argument("--only", choices=("latency", "analyze", "start"), help="measure only this")
    parser.add_argument("--seconds", type=float, default=PACED_S, help="length of each latency run")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    given = parser.parse_args(arguments)
    set_kernels_cache()
    set_up_logs("warning")
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as folder:
        root = Path(folder)
        if given.only in (None, "latency"):
            runs = []
            for sensors in SENSORS:
                runs.append(asyncio.run(packet_to_event(sensors, given.seconds, root / f"latency-{sensors}")))
                print("packet → event:", _line(runs[-1]), flush=True)
            figures["packet_to_event"] = runs
        if given.only in (None, "analyze"):
            figures["analyze"] = cost = analyze_cost(root)
            print("analyze:", _line(cost), flush=True)
        if given.only in (None, "start"):
            for name in ("cold", "warm"):
                figures[f"demo_{name}_start"] = started = asyncio.run(demo_start(root / "kernels"))
                print(f"demo, {name} start:", _line(started), flush=True)
    if given.json is not None:
        given.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def _line(figures: dict[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
