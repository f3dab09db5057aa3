"""Sessions that a crash cut short: raw log → the same pipeline → recording and events, marked as recovered."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from dsp.events import Event
from sensing.packets import Json
from sensing.rawlog import RawLog, RawLogError, read_raw_log, segments
from sensing.recording import Recording
from server.closing import RECORDING_NAME, keep_recording, recording_from
from server.cut_short import fall_cut_short
from server.monitor import SESSIONS_DIR, Monitor
from server.plan import SessionPlan
from server.rows import row_at_end, row_at_start
from server.session import Session
from server.storage.runs import drop_unborne
from server.storage.store import StoredEvent

log = structlog.get_logger("recovery")


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of one session: a sentence for people, and whether there was something to keep."""

    session_id: str
    sentence: str
    kept: bool


class _Collected:
    """An outlet that only gathers the events."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def opened(self, session: Session) -> None: ...

    def event(self, session: Session, ordinal: int, event: Event) -> None:
        self.events.append(event)

    def waveform(self, session: Session, frame: bytes) -> None: ...

    def changed(self, session: Session) -> None: ...


async def recover(monitor: Monitor, on_found: Callable[[str, int, int], None] | None = None) -> list[Recovered]:
    """Recover every session that was not closed, before any new one begins. `on_found(id, number, of)` for progress."""
    found = unfinished(monitor)
    results = []
    for number, session_id in enumerate(found, 1):
        if on_found is not None:
            on_found(session_id, number, len(found))
        results.append(await _recover_one(monitor, session_id))
        await monitor.store.flush()
    return results


def unfinished(monitor: Monitor) -> list[str]:
    """Sessions that the database calls live, and raw logs without a recording that it has never heard of."""
    named = {row.id for row in monitor.store.unfinished_sessions()}
    root = monitor.data_dir / SESSIONS_DIR
    if root.is_dir():
        for directory in root.iterdir():
            unknown = directory.is_dir() and directory.name not in named
            if unknown and segments(directory) and not (directory / RECORDING_NAME).exists():
                row = monitor.store.session(directory.name)
                if row is None:
                    named.add(directory.name)
    return sorted(named)


async def _recover_one(monitor: Monitor, session_id: str) -> Recovered:
    directory = monitor.directory_of(session_id)
    try:
        raw = read_raw_log(directory)
        plan = SessionPlan.from_json(_mapping(raw.header.get("plan")))
        rebuilt = rebuild(plan, directory, raw)
    except (RawLogError, KeyError, ValueError, OSError) as error:
        log.exception("session cannot be recovered", session=session_id)
        sentence = f"Session {session_id} was cut short and cannot be recovered: {error}. Its folder is left as it is."
        if monitor.store.session(session_id) is not None:
            monitor.store.update_session(session_id, {"state": "recovered", "torn": {"problem": str(error)}})
        return Recovered(session_id, sentence, kept=False)
    if rebuilt.recording is None:
        monitor.store.delete_session(session_id)
        return Recovered(session_id, f"Session {session_id} was cut short before its first samples.", kept=False)
    _store(monitor, rebuilt)
    lost = f", {sum(d.bytes_lost for d in raw.damage)} damaged bytes left out" if raw.damage else ""
    steps = rebuilt.session.tally.numbers(rebuilt.session.now_s()).steps
    sentence = (
        f"Session {session_id} ({plan.label}) was cut short and has been recovered: "
        f"{rebuilt.session.duration_s:.0f} s, {steps} steps{lost}."
    )
    if rebuilt.problem:
        sentence += f" {rebuilt.problem}"
    log.info("session recovered", session=session_id, damage=[str(d) for d in raw.damage])
    return Recovered(session_id, sentence, kept=True)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A session as it was, made again from its raw log."""

    session: Session
    events: list[Event]
    recording: Recording | None
    torn: dict[str, Any] | None
    problem: str | None


def rebuild(plan: SessionPlan, directory: Path, raw: RawLog) -> Rebuilt:
    """Run the raw log through a session that logs nothing, and write its recording."""
    outlet = _Collected()
    session = Session(plan, 0, directory, outlet, clock=lambda: 0.0, rebuilding=True)
    with suppress(ValueError):
        session.started_at = datetime.fromisoformat(str(raw.header.get("started_at")))
    for record in raw.records:
        session.receive(record)
    session.end("The program was cut short.")
    recording = recording_from(plan, session.blocks, session.start_text, session.told.facts)
    problem = keep_recording(plan, directory, recording) if recording is not None else None
    torn = {"damage": [str(d) for d in raw.damage]} if raw.damage else None
    return Rebuilt(session, outlet.events, recording, torn, problem)


def _store(monitor: Monitor, rebuilt: Rebuilt) -> None:
    session, store = rebuilt.session, monitor.store
    plan = session.plan
    if store.session(plan.id) is None:
        store.add_session(row_at_start(plan, session.start_text))
    store.update_session(plan.id, row_at_end(session, rebuilt.recording, "recovered") | {"torn": rebuilt.torn})
    events = [dict(event.to_json()) for event in rebuilt.events]
    known = store.events(session_id=plan.id)
    same = 0
    while same < min(len(known), len(events)) and dict(known[same].event) == events[same]:
        same += 1
    if same < len(known):
        log.warning("stored events not borne out by the raw log", session=plan.id, dropped=len(known) - same)
        store.delete_events(plan.id, same)
    for ordinal in range(same, len(events)):
        store.add_event(StoredEvent(store.next_seq(), plan.id, ordinal, events[ordinal]))
    store.put(partial(drop_unborne, session_id=plan.id, events=events))
    for event in rebuilt.events:
        monitor.tests.event(session, event)
    cut_short = fall_cut_short(plan.wearing, session.blocks, rebuilt.events)
    monitor.alerts.recovered(session, [*rebuilt.events, *([] if cut_short is None else [cut_short])])


def _mapping(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise ValueError("the raw log's header does not say what the session was")
    return value
