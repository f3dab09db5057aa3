"""Reads and writes sessions and events; one thread writes, in batches, and whoever reads never waits for it."""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

import structlog
from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session as Query

from server.storage.engine import StorageError, migrate, open_engine
from server.storage.facts import fact, set_fact
from server.storage.models import EventRow, RunRow, SessionRow

log = structlog.get_logger("storage")

FILE_NAME = "surefoot.sqlite"
RESERVED_AHEAD = 10_000  # sequence numbers promised to the disk before they are used: none is ever given twice
MAX_WAITING = 200_000  # writes kept while the disk refuses; beyond it the oldest go (the raw log still has them)

Write = Callable[[Connection], object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its place in the order of all events (`seq`) and in its session (`ordinal`)."""

    seq: int
    session_id: str
    ordinal: int
    event: Mapping[str, Any]


class Store:
    """The database of one data directory. Use from one event loop; `close` makes everything durable."""

    def __init__(self, directory: Path, before_commit: Callable[[], None] | None = None) -> None:
        """Opens (and makes or migrates) the database. Raises StorageError.

        `before_commit` runs in the writer thread ahead of each batch: what must be on the disk before it.
        """
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / FILE_NAME
        self._engine = open_engine(self.path)
        migrate(self._engine)
        self._writing = self._engine.connect()  # the writer's own: one from the pool costs more than a batch does
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._before_commit = before_commit
        self._writes: list[Write] = []
        self._events: list[StoredEvent] = []
        self._flushing = asyncio.Lock()
        self.fault: str | None = None
        self.lost_writes = 0
        with self._engine.begin() as connection:
            self.store_id = fact(connection, "store_id") or secrets.token_hex(8)
            set_fact(connection, "store_id", self.store_id)
            newest = connection.execute(select(func.max(EventRow.seq))).scalar() or 0
            self.last_seq = max(newest, int(fact(connection, "reserved_seq") or 0))
            self._reserved = self.last_seq + RESERVED_AHEAD
            set_fact(connection, "reserved_seq", str(self._reserved))

    # --- writing: called on the loop, done by the writer thread ---

    def next_seq(self) -> int:
        """The next sequence number: grows by one, over every session and every start of the program."""
        self.last_seq += 1
        if self.last_seq > self._reserved - RESERVED_AHEAD // 2:
            self._reserved += RESERVED_AHEAD
            reserved = str(self._reserved)
            self._writes.append(lambda connection: set_fact(connection, "reserved_seq", reserved))
        return self.last_seq

    def add_session(self, row: Mapping[str, Any]) -> None:
        values = dict(row)
        self._writes.append(lambda connection: _run(connection, insert(SessionRow).values(**values)))

    def update_session(self, session_id: str, row: Mapping[str, Any]) -> None:
        values = dict(row)
        change = update(SessionRow).where(SessionRow.id == session_id).values(**values)
        self._writes.append(lambda connection: _run(connection, change))

    def delete_session(self, session_id: str) -> None:
        for row, key in ((RunRow, RunRow.session_id), (SessionRow, SessionRow.id)):
            self.put(partial(_run, statement=delete(row).where(key == session_id)))

    def put(self, write: Write) -> None:
        """Something else to be written with the next batch."""
        self._writes.append(write)

    def delete_events(self, session_id: str, from_ordinal: int) -> None:
        """Forget a session's events from `from_ordinal` on (a recovery that the raw log does not bear out)."""
        change = delete(EventRow).where(EventRow.session_id == session_id, EventRow.ordinal >= from_ordinal)
        self._writes.append(lambda connection: _run(connection, change))

    def add_event(self, stored: StoredEvent) -> None:
        self._events.append(stored)

    async def flush(self) -> None:
        """Everything put so far is on the disk when this returns, unless `fault` says otherwise."""
        async with self._flushing:  # one at a time: two that are refused would put theirs back in the wrong order
            writes, self._writes = self._writes, []
            events, self._events = self._events, []
            refused = await asyncio.get_running_loop().run_in_executor(self._writer, self._commit, writes, events)
            if refused:  # kept for the next try, in order, within bounds
                self._writes = writes + self._writes
                self._events = events + self._events
                excess = max(0, len(self._events) - MAX_WAITING)
                self.lost_writes += excess
                del self._events[:excess]

    async def change(self, work: Callable[[Connection], T]) -> T:
        """One transaction at once, after what was put before; what `work` returns or raises.

        Raises StorageError when the disk refuses.
        """
        await self.flush()
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._at_once, work)

    def _at_once(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except (DBAPIError, sqlite3.Error) as error:  # the latter from preparing a new connection
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise StorageError(
                f"The database cannot be written ({cause}). Free some disk space and try again."
            ) from error

    def _commit(self, writes: Sequence[Write], events: Sequence[StoredEvent]) -> bool:
        """One transaction, in the writer thread; True when the disk refused it and it should be tried again."""
        if self._before_commit is not None:
            self._before_commit()
        if not writes and not events:
            return False
        try:
            with self._writing.begin():
                for write in writes:
                    write(self._writing)
                if events:
                    self._writing.execute(insert(EventRow), [_event_values(stored) for stored in events])
        except IntegrityError as error:
            self.lost_writes += len(writes) + len(events)
            self.fault = (
                f"The database refused {len(writes) + len(events)} entries ({error.orig}); the raw log has them."
            )
            log.exception("batch refused", writes=len(writes), events=len(events))
            return False
        except SQLAlchemyError as error:
            self.fault = f"The database cannot be written ({error}). Free some disk space; nothing is lost meanwhile."
            log.exception("batch postponed", writes=len(writes), events=len(events))
            return True
        self.fault = None
        return False

    async def close(self) -> None:
        """Write what waits, give unused sequence numbers back, close the file."""
        last_seq = str(self.last_seq)
        self._writes.append(lambda connection: set_fact(connection, "reserved_seq", last_seq))
        await self.flush()
        self._writer.shutdown()
        self._writing.close()
        self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # --- reading: plain calls, for worker threads ---

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds."""
        with self._engine.connect() as connection:
            return work(connection)

    def session(self, session_id: str) -> SessionRow | None:
        with Query(self._engine, expire_on_commit=False) as query:
            return query.get(SessionRow, session_id)

    def sessions(self, limit: int, offset: int = 0) -> tuple[int, list[SessionRow]]:
        """(how many there are, the page of them), latest start first."""
        return _sessions(self._engine, limit, offset)

    def sessions_labelled(self, label: str) -> list[SessionRow]:
        """All of one person, earliest start first."""
        of_label = select(SessionRow).where(SessionRow.label == label).order_by(SessionRow.started_at, SessionRow.id)
        with Query(self._engine, expire_on_commit=False) as query:
            return list(query.scalars(of_label))

    def unfinished_sessions(self) -> list[SessionRow]:
        with Query(self._engine, expire_on_commit=False) as query:
            return list(query.scalars(select(SessionRow).where(SessionRow.state == "live").order_by(SessionRow.id)))

    def events(
        self,
        *,
        after_seq: int = 0,
        up_to_seq: int | None = None,
        session_id: str | None = None,
        kinds: Iterable[str] = (),
        limit: int | None = None,
    ) -> list[StoredEvent]:
        """Events in the order of `seq`, after one number and up to another, of one session or of all."""
        chosen = select(EventRow.seq, EventRow.session_id, EventRow.ordinal, EventRow.event)
        chosen = chosen.where(EventRow.seq > after_seq).order_by(EventRow.seq)
        if up_to_seq is not None:
            chosen = chosen.where(EventRow.seq <= up_to_seq)
        if session_id is not None:
            chosen = chosen.where(EventRow.session_id == session_id)
        wanted = list(kinds)
        if wanted:
            chosen = chosen.where(EventRow.kind.in_(wanted))
        if limit is not None:
            chosen = chosen.limit(limit)
        with self._engine.connect() as connection:
            return [StoredEvent(*row) for row in connection.execute(chosen)]


def read_sessions(path: Path, limit: int) -> tuple[int, list[SessionRow]]:
    """The newest sessions of a database file that another process may be writing."""
    engine = open_engine(path)
    try:
        return _sessions(engine, limit, 0)
    finally:
        engine.dispose()


def _sessions(engine: Engine, limit: int, offset: int) -> tuple[int, list[SessionRow]]:
    with Query(engine, expire_on_commit=False) as query:
        total = query.scalar(select(func.count()).select_from(SessionRow)) or 0
        order = select(SessionRow).order_by(SessionRow.started_at.desc(), SessionRow.id.desc())
        return total, list(query.scalars(order.limit(limit).offset(offset)))


def _run(connection: Connection, statement: Any) -> None:
    connection.execute(statement)


def _event_values(stored: StoredEvent) -> dict[str, Any]:
    event = stored.event
    return {
        "seq": stored.seq,
        "session_id": stored.session_id,
        "ordinal": stored.ordinal,
        "kind": event["kind"],
        "time_s": event["time_s"],
        "emitted_s": event["emitted_s"],
        "event": dict(event),
    }
