"""Wearers for the tests of runs: a session that is fed by hand, on a clock that is moved by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sensing.packets import Packet, Record
from sensing.recording import Facts
from server.clinic.run import Chosen, Run
from server.monitor import Monitor
from server.packing import records_of
from server.session import Session
from server.storage.runs import run_by_id, runs_where
from tests.server.people import walker


class Hands:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Worn:
    """A session whose sensor sends as long as `wear` is called, and is silent where only the clock goes on."""

    monitor: Monitor
    clock: Hands
    session: Session
    records: Iterator[Record]

    def wear(self, seconds: float) -> None:
        """The sensor sends for so long; the monitor looks after every packet."""
        end_s = self.clock.now_s + seconds
        while self.clock.now_s < end_s:
            record = next(self.records)
            self.clock.now_s = max(self.clock.now_s, 1000.0 + record.arrival_s)
            self.monitor.receive(self.session, record)
            self.monitor.tests.tick()

    def silence(self, seconds: float) -> None:
        """Nothing is heard for so long; what was measured meanwhile is lost."""
        end_s = self.clock.now_s + seconds
        while self.clock.now_s < end_s:
            self.clock.now_s += 0.1
            self.monitor.tests.tick()
        for record in self.records:
            if isinstance(record, Packet) and 1000.0 + record.arrival_s > self.clock.now_s:
                return


def worn(
    monitor: Monitor,
    clock: Hands,
    *,
    still_s: float = 1e6,
    seconds: float = 300.0,
    label: str = "Anna",
    **facts: object,
) -> Worn:
    """Somebody who stands still until `still_s` and walks then; the monitor must have been made with this clock."""
    session = monitor.open_session(label, Facts.from_json({"position": "lower_back", **facts}), "GaitIMU 1")  # type: ignore[dict-item]
    session.on_status({"state": "streaming"})
    return Worn(monitor, clock, session, records_of(walker(seconds, still_s=still_s)))


TUG = Chosen("tug")


def begun(anna: Worn, chosen: Chosen = TUG) -> Run:
    """A run whose countdown has just begun, after twelve good seconds."""
    anna.wear(12.0)
    run = anna.monitor.tests.prepare(anna.session, chosen, "patient", {})
    return anna.monitor.tests.start(run.id)


def present(anna: Worn) -> Run:
    return anna.monitor.tests.under_way[anna.session.plan.id]


async def stored(monitor: Monitor, run_id: str) -> Run:
    await monitor.store.flush()
    assert monitor.store.fault is None
    return monitor.store.read(lambda connection: run_by_id(connection, run_id))


async def all_stored(monitor: Monitor, session_id: str) -> list[Run]:
    await monitor.store.flush()
    return monitor.store.read(lambda connection: runs_where(connection, session_id=session_id))


def events(monitor: Monitor, session_id: str) -> list[dict[str, Any]]:
    return [dict(one.event) for one in monitor.store.events(session_id=session_id)]


def sent_tests(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in found if event["kind"] == "tug"]
