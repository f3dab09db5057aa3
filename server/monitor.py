"""Everything one server runs on: store, hub, metrics and the sessions in progress, with the clock that drives them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

import structlog

from dsp.events import Event
from sensing.packets import Packet, Record
from sensing.rawlog import RawLogError
from sensing.recording import Facts, Recording
from server.alerts.delivery import Delivery
from server.alerts.keeper import AlertOptions, Alerts
from server.care.keeper import Care
from server.care.post import Post
from server.care.watching import LEAST_FREE_BYTES, Machine
from server.clinic.obeying import Obedient
from server.clinic.reporting import Reporter
from server.clinic.runs import Runs
from server.closing import keep_recording, logged_blocks, recording_from
from server.counting import Counting
from server.handing_over import HandingOver
from server.hub import Hub, HubSizes
from server.metrics import Metrics
from server.pairs import Pairs
from server.people import known_wearer
from server.plan import SessionPlan, new_session_id
from server.rows import row_at_end, row_at_start
from server.session import Session
from server.storage.store import Store, StoredEvent
from server.stream_shape import stream_of
from server.ticking import reported, ticks
from server.wire import compact, event_message, message

log = structlog.get_logger("monitor")

Mode = Literal["serve", "live", "demo", "replay", "record"]

TICK_S = 0.5  # packets and events are on the disk after one, so that even a late tick keeps to a second
SESSIONS_DIR = "sessions"


@dataclass(slots=True)
class RadioState:
    """What the radio is doing, for the status page."""

    state: Literal["off", "starting", "running", "failed"] = "off"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How sessions are watched."""

    silence_s: float = 1.5
    clock: Callable[[], float] = field(default=time.monotonic)
    alerts: AlertOptions | None = None
    least_free_bytes: float = LEAST_FREE_BYTES  # on the disk, before somebody is told


class Monitor:
    """The one owner of what changes. Use on one event loop, as `async with Monitor(...)`."""

    def __init__(
        self,
        data_dir: Path,
        mode: Mode = "serve",
        *,
        options: SessionOptions | None = None,
        sizes: HubSizes | None = None,
    ) -> None:
        """Opens the database. Raises StorageError."""
        self.data_dir = data_dir
        self.mode: Mode = mode
        self.started_at = datetime.now(UTC)
        self.metrics = Metrics()
        self.hub = Hub(sizes, self.metrics.dropped_waveforms.inc)
        self.store = Store(data_dir, self._flush_logs)
        self._handing_over = HandingOver(self._present)
        self.radio = RadioState()
        self.sessions: dict[str, Session] = {}
        self.pairs = Pairs()
        self.reporter = Reporter(self.store, self.hub)
        self.tests = Runs(self.store, self.reporter, self.sessions)
        self._options = options or SessionOptions()
        self.alerts = Alerts(self.store, self.hub, self.sessions, self._options.alerts)
        machine = Machine(
            data_dir,
            lambda: self.store.fault,
            lambda: self.delivery.fault,
            self._options.least_free_bytes,
        )
        self.care = Care(self.store, self.hub, self.sessions, self.alerts, machine)
        self.delivery = Delivery(data_dir, self.store, self.alerts, Post(self.alerts, self.care))
        self._streams = 0
        self._beats = 0
        self._counting = Counting(self.metrics)
        self._announced: set[str] = set()
        self._running: list[asyncio.Task[None]] = []
        self._closings: set[asyncio.Task[str | None]] = set()
        self._feeders: dict[str, Callable[[], Awaitable[None]]] = {}

    async def __aenter__(self) -> Self:
        await self.tests.take_up()
        await self.alerts.take_up()
        await self.care.take_up()
        works = [self._beat_for_ever, self._flush_for_ever, self.tests.follow_for_ever, self.alerts.follow_for_ever]
        works += [self.care.follow_for_ever, self.care.weigh_for_ever]
        for work in (*works, self.delivery.run_for_ever, self.delivery.dead_man.run_for_ever):
            self._running.append(asyncio.create_task(reported(work), name=work.__name__))
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(self.close_session(session, "Surefoot is ending.") for session in self._present()))
        if self._closings:
            await asyncio.gather(*self._closings)
        for task in self._running:
            task.cancel()
        await asyncio.wait(self._running)
        self._handing_over.end()
        await self.alerts.end()
        await self.store.close()

    # --- sessions ---

    def directory_of(self, session_id: str) -> Path:
        return self.data_dir / SESSIONS_DIR / session_id

    def open_session(
        self,
        label: str,
        facts: Facts,
        sensor_name: str,
        *,
        sensor_address: str | None = None,
        driver: str | None = None,
        simulated: bool = False,
        copy_to: Path | None = None,
        speed: float = 1.0,
        shown: bool = True,
        as_recorded: bool = False,
    ) -> Session:
        """A session in progress. It is shown at once (or never); it is stored when its first samples are announced.

        What is known about the person completes the facts, unless it plays what was `as_recorded`.
        """
        if not as_recorded:
            label, facts = known_wearer(self.store, label, facts)
        plan = SessionPlan(
            id=new_session_id(datetime.now(UTC)),
            label=label,
            facts=facts,
            sensor_name=sensor_name,
            sensor_address=sensor_address,
            driver=driver,
            simulated=simulated,
            copy_to=str(copy_to) if copy_to else None,
        )
        self._streams = self._streams % 65535 + 1  # what the waveform's header can hold
        session = Session(
            plan,
            self._streams,
            self.directory_of(plan.id),
            self,
            clock=self._options.clock,
            speed=speed,
            silence_s=self._options.silence_s,
        )
        if shown:
            self.sessions[plan.id] = session
        return session

    def receive(self, session: Session, record: Record) -> None:
        """A record for a session, with its time from arrival to publication measured."""
        began = time.perf_counter()
        session.receive(record)
        self._handing_over.wake()
        if isinstance(record, Packet):
            self.metrics.packets.inc()
            self.metrics.packet_to_publish.observe(time.perf_counter() - began)

    async def close_session(self, session: Session, reason: str) -> str | None:
        """End a session: last events, Parquet, database. A sentence when something could not be kept, else None."""
        if session.closing:
            return None
        session.end(reason)
        self.tests.ended(session)
        task = asyncio.create_task(self._keep(session, reason), name=f"close {session.plan.id}")
        self._closings.add(task)
        task.add_done_callback(self._closings.discard)
        return await asyncio.shield(task)

    async def stop_session(self, session: Session) -> str | None:
        """End a session because a person wants it: whoever feeds it lets its sensor go first."""
        let_go = self._feeders.pop(session.plan.id, None)
        if let_go is not None:
            await let_go()
        return await self.close_session(session, "Stopped.")

    def fed_by(self, session: Session, let_go: Callable[[], Awaitable[None]], wearer: Obedient | None = None) -> None:
        """Tell how to let the source of a session's records go, and who wears it where that is somebody who obeys."""
        self._feeders[session.plan.id] = let_go
        if wearer is not None:
            self.tests.wearers[session.plan.id] = wearer

    async def _keep(self, session: Session, reason: str) -> str | None:
        plan = session.plan
        problem = session.fault
        if session.opened:
            try:
                recording, trouble = await asyncio.to_thread(_write, session)
            except (OSError, ValueError, RawLogError) as error:
                recording, trouble = None, f"The recording could not be written ({error}); the raw log is kept."
                log.exception("closing failed", session=plan.id)
            problem = problem or trouble
            if recording is not None:
                self.store.update_session(plan.id, row_at_end(session, recording, "finished"))
            elif trouble is None:
                self.store.delete_session(plan.id)  # it never had a sample; with trouble, the next start recovers it
            await self.store.flush()
        if plan.id in self.sessions:
            self._counting.gone(session)
        self._gone(session, reason)
        if problem:
            log.error("session closed with a problem", session=plan.id, problem=problem)
        elif session.opened:
            log.info("session closed", session=plan.id, steps=session.tally.numbers(session.now_s()).steps)
        return problem

    def _gone(self, session: Session, reason: str) -> None:
        plan = session.plan
        if self.sessions.pop(plan.id, None) is None:
            return
        self.pairs.gone(session)
        self._feeders.pop(plan.id, None)
        self._announced.discard(plan.id)
        text = message("gone", {"session_id": plan.id, "stream_no": session.stream_no, "reason": reason})
        self.hub.overtake(plan.id, text)

    # --- outlet of the sessions ---

    def opened(self, session: Session) -> None:
        self.store.add_session(row_at_start(session.plan, session.start_text))
        self.pairs.opened(session, self._present())
        self.changed(session)

    def event(self, session: Session, ordinal: int, event: Event) -> None:
        seq = self.store.next_seq()
        plain: dict[str, Any] = dict(event.to_json())
        text = compact(plain)
        self.store.add_event(StoredEvent(seq, session.plan.id, ordinal, plain))
        if session.plan.id in self.sessions:
            self.hub.event(event_message(seq, session.plan.id, session.stream_no, text))
            self.alerts.event(session, event)
            self.pairs.event(session, event)
            self.metrics.events.labels(event.kind).inc()
        self.tests.event(session, event)

    def waveform(self, session: Session, frame: bytes) -> None:
        if session.plan.id in self.sessions:
            self.hub.waveform(frame)

    def changed(self, session: Session) -> None:
        if session.plan.id not in self.sessions:
            return
        if not self.hub.clients:
            self._announced.add(session.plan.id)  # a page that comes is told in its `hello`
            return
        text = self.stream_text(session)
        if session.plan.id in self._announced:
            self.hub.latest(session.plan.id, text)
        else:
            self._announced.add(session.plan.id)
            self.hub.event(text)

    def stream_text(self, session: Session) -> str:
        """What a page is told of a session at this moment."""
        return f'{{"type":"stream","stream":{stream_of(session, self.pairs.numbers(session)).model_dump_json()}}}'

    # --- time ---

    async def _beat_for_ever(self) -> None:
        async for _ in ticks(TICK_S):
            self.beat()

    def beat(self) -> None:
        """Twice a second a sign of life for the pages, once a second the state of every session."""
        self._beats += 1
        now_s = round((datetime.now(UTC) - self.started_at).total_seconds(), 3)
        self.hub.latest("beat", message("beat", {"now_s": now_s}))
        for session in self._present():
            session.catch_up()
            if self._beats % 2 == 0:
                self.changed(session)
                session.flush_waveforms()
                self._counting.session(session)
        if self._beats % 2 == 0:
            self._counting.present(self._present(), self.hub.clients, self.store.fault)

    async def _flush_for_ever(self) -> None:
        """Packets and events to the disk; a slow disk holds up nothing but this."""
        async for _ in ticks(TICK_S):
            await self.store.flush()

    def _flush_logs(self) -> None:
        """In the writer thread, ahead of a batch: the database knows of no event whose packets are not safe."""
        for session in self._present():
            session.flush()

    def _present(self) -> list[Session]:
        return list(self.sessions.values())


def _write(session: Session) -> tuple[Recording | None, str | None]:
    """In a worker thread: the recording of an ended session, written; None for one without samples."""
    plan = session.plan
    blocks = session.blocks or logged_blocks(plan, session.directory)
    recording = recording_from(plan, blocks, session.start_text, session.told.facts)
    if recording is None:
        return None, None
    return recording, keep_recording(plan, session.directory, recording)
