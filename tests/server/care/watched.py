"""A server on a clock that a test moves on, with somebody whose sensor sends and a place where messages arrive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sensing.packets import Record
from sensing.recording import Facts, Recording
from server.alerts.care_plan import CarePlan, Channel, Contact
from server.alerts.clock import Sources
from server.alerts.keeper import AlertOptions
from server.bench.sink import Sink
from server.monitor import Monitor, SessionOptions
from server.packing import records_of
from server.session import Session
from tests.server.people import walker
from tests.server.running import until

NOON = datetime(2026, 11, 25, 12, 0).astimezone()


@dataclass
class Time:
    """What every clock of the server shows; `set_by_s` is by how much somebody set the wall clock."""

    now_s: float = 1000.0
    set_by_s: float = 0.0

    def wall(self) -> datetime:
        return NOON + timedelta(seconds=self.now_s - 1000.0 + self.set_by_s)

    @property
    def options(self) -> SessionOptions:
        sources = Sources("boot", lambda: self.now_s, lambda: self.wall().timestamp())
        return SessionOptions(clock=lambda: self.now_s, alerts=AlertOptions(sources, self.wall))


@dataclass
class Watched:
    """The server and what goes on around it."""

    monitor: Monitor
    time: Time
    sink: Sink
    records: dict[str, list[Record]] = field(default_factory=dict)

    async def later(self, seconds: float) -> None:
        """Time passes; every clock shows it, and the server looks."""
        self.time.now_s += seconds
        self.monitor.care.look()
        self.monitor.delivery.worker.wake()
        await self.monitor.store.flush()

    def wear(self, recording: Recording | None = None, name: str = "Anna", **more: Any) -> Session:
        """A sensor that has sent the first five seconds of a recording; `sends` brings the rest."""
        session = self.monitor.open_session(name, Facts("lower_back"), "GaitIMU 2", **more)
        session.on_status({"state": "streaming"})
        self.records[session.plan.id] = list(records_of(recording or walker(5.0)))
        self.sends(session, 5.1)
        return session

    def sends(self, session: Session, up_to_s: float) -> None:
        """What arrives up to this second of the session, each at its time."""
        records = self.records[session.plan.id]
        began_s = self.time.now_s - session.now_s()
        while records and records[0].arrival_s <= up_to_s:
            record = records.pop(0)
            self.time.now_s = max(self.time.now_s, began_s + record.arrival_s)
            self.monitor.receive(session, record)

    @property
    def notices(self) -> dict[str, str]:
        """Kind and level of what is open."""
        return {one.kind: one.level for one in self.monitor.care.open.values() if one.level != "unseen"}

    async def arrived(self, count: int) -> list[dict[str, Any]]:
        """The messages, once there are so many."""
        await until(lambda: len(self.sink.got) >= count)
        return [got.content for got in self.sink.got]

    async def care_plan(self, person: str = "", **more: Any) -> None:
        """Bea hears of technical things, Dora is the therapist."""
        bea = Contact("c1", "Bea", channels=(Channel("w", self.sink.url("/bea")),), technical=True)
        dora = Contact("c2", "Dora", "therapist", channels=(Channel("w", self.sink.url("/dora")),))
        await self.monitor.alerts.set_care(CarePlan(person, contacts=(bea, dora), **more), None)


def with_gap(recording: Recording, at_s: float, gap_s: float) -> Recording:
    """The same, but that nothing came for a while."""
    time_s = recording.time_s + gap_s * (recording.time_s >= at_s)
    return replace(recording, time_s=time_s)


@asynccontextmanager
async def watched(directory: Path, time: Time | None = None, **more: Any) -> AsyncIterator[Watched]:
    """A server while the context lasts."""
    time = time or Time()
    with Sink() as sink:
        async with Monitor(directory, options=replace(time.options, **more)) as monitor:
            yield Watched(monitor, time, sink)
