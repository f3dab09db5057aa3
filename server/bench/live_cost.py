"""What a live sensor costs, fed as fast as it goes: parsing, logging, detecting, publishing, storing."""

import time
from itertools import pairwise
from pathlib import Path

from dsp.pipeline import Pipeline
from sensing.recording import Facts
from server.bench.streams import endless
from server.hub import Client
from server.monitor import TICK_S, Monitor, SessionOptions


class Fed:
    """A monitor with its sessions, whose clock is the stream: each half second gets its packets, flush and beat.

    What the half second costs in a server is in it: fsync of every raw log, the database's batch, the states for one
    page. Waking up for each packet and sending to a socket are not.
    """

    def __init__(self, data_dir: Path, sensors: int, samples: int) -> None:
        self.now_s = 0.0
        self.cpu_s = {"packets": 0.0, "storing": 0.0, "states": 0.0}
        self.monitor = Monitor(data_dir, options=SessionOptions(clock=lambda: self.now_s))
        self._client = self.monitor.hub.join()
        self._sessions = [
            self.monitor.open_session(str(n), Facts("lower_back"), f"GaitIMU {n}") for n in range(sensors)
        ]
        self._records = endless(samples)
        self._next = next(self._records)
        for session in self._sessions:
            session.on_status({"state": "streaming"})

    async def half_second(self) -> None:
        """The next half second of the stream, for all sensors."""
        self.now_s += TICK_S
        marks = [time.process_time()]
        while self._next.arrival_s < self.now_s:
            for session in self._sessions:
                self.monitor.receive(session, self._next)
            self._next = next(self._records)
            drain(self._client)
        marks.append(time.process_time())
        await self.monitor.store.flush()
        marks.append(time.process_time())
        self.monitor.beat()
        drain(self._client)
        marks.append(time.process_time())
        for name, (since_s, until_s) in zip(self.cpu_s, pairwise(marks), strict=True):
            self.cpu_s[name] += until_s - since_s

    async def close(self) -> None:
        """End the sessions; the recordings are written."""
        for session in list(self.monitor.sessions.values()):
            await self.monitor.close_session(session, "The measurement is over.")
        await self.monitor.store.close()


async def live_cost(sensors: int, samples: int, seconds: float, data_dir: Path) -> dict[str, float]:
    """CPU seconds for an hour of one sensor among so many, and where they go."""
    Pipeline.warm()
    fed = Fed(data_dir, sensors, samples)
    while fed.now_s < seconds:
        await fed.half_second()
    per_hour = 3600.0 / fed.now_s / sensors
    parts = {f"{name}_cpu_s": spent_s * per_hour for name, spent_s in fed.cpu_s.items()}
    await fed.close()
    return {
        "sensors": sensors,
        "samples_per_packet": samples,
        "cpu_s_per_hour_and_sensor": sum(parts.values()),
        **parts,
    }


def drain(client: Client) -> None:
    """A page that keeps up."""
    while client.take() is not None:
        pass
