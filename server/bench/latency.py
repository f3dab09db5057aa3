"""How long a packet's events take to a page, at the pace of real sensors, and what that costs the processor."""

import asyncio
import random
import statistics
import time
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import numpy as np

from dsp.pipeline import Pipeline
from sensing.packets import Packet, Record
from sensing.recording import Facts
from server.bench.streams import RATE_HZ, endless
from server.hub import Client
from server.monitor import Monitor
from server.session import Session

SETTLE_S = 2.0


class Sensor:
    """A sensor that sends its packets on time into a session, and keeps how long each took until it was published."""

    def __init__(self, monitor: Monitor, session: Session, records: Iterator[Record], starts_s: float) -> None:
        self.took_s: list[float] = []
        self.events_took_s: list[float] = []
        self._monitor, self._session, self._records, self._starts_s = monitor, session, records, starts_s
        self._waiting_since_s: float | None = None  # due time of the first packet that has not been analysed yet
        self._loop = asyncio.get_running_loop()

    def begin(self) -> None:
        self._plan(next(self._records))

    def _plan(self, record: Record) -> None:
        self._loop.call_at(self._starts_s + record.arrival_s, self._hear, record)

    def _hear(self, record: Record) -> None:
        session, due_s = self._session, self._starts_s + record.arrival_s
        events = session.events
        self._monitor.receive(session, record)
        if isinstance(record, Packet):
            now_s = self._loop.time()
            since_s = due_s if self._waiting_since_s is None else self._waiting_since_s
            self.took_s.append(now_s - due_s)
            if session.events > events:
                self.events_took_s.append(now_s - since_s)
            self._waiting_since_s = since_s if session.waiting else None
        following = next(self._records, None)
        if following is not None:
            self._plan(following)


async def packet_to_event(sensors: int, samples: int, seconds: float, data_dir: Path) -> dict[str, float]:
    """Milliseconds from a packet's arrival until its events are in a page's queue; CPU seconds per hour and sensor.

    Everything runs as in the server: raw logs with fsync, database, half-second tick, one page that reads. An event's
    time counts from the first packet that was analysed with it. The CPU includes waking up for every packet, which
    `waking_up` measures by itself.
    """
    Pipeline.warm()
    loop = asyncio.get_running_loop()
    async with Monitor(data_dir) as monitor:
        client = monitor.hub.join()
        reading = asyncio.create_task(read_everything(client))
        sessions = [monitor.open_session(str(n), Facts("lower_back"), f"GaitIMU {n}") for n in range(sensors)]
        phases = random.Random(1)
        begin_s = loop.time() + 0.5
        all_sensors = []
        for session in sessions:
            records = takewhile(lambda record: record.arrival_s < seconds, endless(samples))
            all_sensors.append(Sensor(monitor, session, records, begin_s + phases.random()))
        for sensor in all_sensors:
            sensor.begin()
        await asyncio.sleep(SETTLE_S)
        cpu_s, began_s = time.process_time(), loop.time()
        await asyncio.sleep(seconds - SETTLE_S)
        cpu_s, lasted_s = time.process_time() - cpu_s, loop.time() - began_s
        await asyncio.sleep(SETTLE_S)
        reading.cancel()
    took_s = [one for sensor in all_sensors for one in sensor.took_s]
    events_took_s = [one for sensor in all_sensors for one in sensor.events_took_s]
    return {
        "sensors": sensors,
        "samples_per_packet": samples,
        "packets": len(took_s),
        "packets_with_events": len(events_took_s),
        "event_median_ms": 1e3 * statistics.median(events_took_s),
        "event_p99_ms": 1e3 * _p99(events_took_s),
        "packet_median_ms": 1e3 * statistics.median(took_s),
        "packet_p99_ms": 1e3 * _p99(took_s),
        "cpu_s_per_hour_and_sensor": 3600.0 * cpu_s / lasted_s / sensors,
        "waking_up_alone": await waking_up(sensors * RATE_HZ / samples) / sensors,
    }


async def waking_up(per_s: float, seconds: float = 4.0) -> float:
    """CPU seconds an hour of an event loop that is woken so often and does nothing: what no program can go below."""
    loop = asyncio.get_running_loop()
    begin_s = loop.time()

    def wake(number: int) -> None:
        if number < per_s * seconds:
            loop.call_at(begin_s + number / per_s, wake, number + 1)

    wake(1)
    cpu_s = time.process_time()
    await asyncio.sleep(seconds)
    return 3600.0 * (time.process_time() - cpu_s) / seconds


async def read_everything(client: Client) -> None:
    """A page that keeps up."""
    while True:
        if client.take() is None:
            await client.wait()


def _p99(values: list[float]) -> float:
    return float(np.quantile(np.asarray(values), 0.99))
