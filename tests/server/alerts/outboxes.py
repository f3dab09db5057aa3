"""Messages in a real outbox, on a clock that a test moves on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, select

from server.alerts.channels import Channels
from server.alerts.worker import Times, Worker
from server.storage.models import OutboxRow
from server.storage.store import Store

KEY = bytes(32)
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@dataclass
class Hand:
    """A clock that goes on when a test moves it."""

    now_s: float = 1000.0

    def wall(self) -> datetime:
        return NOON + timedelta(seconds=self.now_s - 1000.0)

    @property
    def times(self) -> Times:
        return Times(lambda: self.now_s, self.wall)


@dataclass
class Book:
    """Who is reached how, which alerts are over, and what the worker has reported."""

    addresses: dict[str, Sequence[str]] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    reports: list[tuple[str, str, str | None]] = field(default_factory=list)
    channels: list[str | None] = field(default_factory=list)

    def addresses_of(self, alert_id: str, contact_id: str) -> Sequence[str]:
        return self.addresses.get(contact_id, ())

    def wanted(self, key: str, alert_id: str, what: str) -> bool:
        return alert_id not in self.over

    def delivered(self, key: str, state: str, detail: str | None, channel: str | None) -> None:
        self.reports.append((key, state, detail))
        self.channels.append(channel)

    def states(self, key: str) -> list[str]:
        return [state for of, state, _ in self.reports if of == key]


def row(contact: str = "bea", alert: str = "anna-fall-1", what: str = "fall", wall: datetime = NOON) -> dict[str, Any]:
    """A message as the keeper writes it."""
    return {
        "key": f"{alert}/{what}/{contact}/0",
        "alert_id": alert,
        "contact_id": contact,
        "contact_name": contact.capitalize(),
        "channel_no": 0,
        "what": what,
        "subject": "Anna may have fallen",
        "body": "Anna may have fallen and does not answer.",
        "state": "pending",
        "tries": 0,
        "next_try": None,
        "created_at": wall.isoformat(),
        "sent_at": None,
        "late": False,
        "error": None,
        "link_hash": None,
        "link_until": None,
    }


@dataclass
class Desk:
    """A worker at work, with everything around it."""

    store: Store
    book: Book
    hand: Hand
    worker: Worker

    async def write(self, *rows: dict[str, Any], kept: bool = True) -> None:
        """Into the table, where it is `kept`, and over to the worker."""
        if kept:
            await self.store.change(partial(insert_messages, rows=rows))
        self.worker.hand_over(rows)

    async def until(self, enough: Callable[[], bool], limit_s: float = 20.0) -> None:
        """Real seconds; for what a test waits for it need not know how long it takes."""
        async with asyncio.timeout(limit_s):
            while not enough():  # noqa: ASYNC110 - what is waited for is not always ours
                await asyncio.sleep(0.005)

    async def forward(self, seconds: float, until: Callable[[], bool]) -> None:
        """Move the clock on in steps of a second until `until`, for so many at most."""
        for _ in range(round(seconds)):
            if until():
                return
            self.hand.now_s += 1.0
            self.worker.wake()
            await self.settle()

    async def settle(self) -> None:
        """Until nothing is under way."""
        await asyncio.sleep(0.01)
        while self.worker.under_way:  # noqa: ASYNC110 - the worker has no need of such an event
            await asyncio.sleep(0.005)

    def kept(self, key: str) -> dict[str, Any]:
        """The row as it is in the table."""
        chosen = select(*OutboxRow.__table__.c).where(OutboxRow.__table__.c.key == key)
        return dict(self.store.read(lambda connection: connection.execute(chosen).one())._mapping)


@asynccontextmanager
async def desk(
    store: Store, book: Book, hand: Hand | None = None, channels: Channels | None = None
) -> AsyncIterator[Desk]:
    """A worker on `store` while the context lasts; then it is cut off, as by the end of the program."""
    hand = hand or Hand()
    worker = Worker(store, book, KEY, channels=channels or Channels(5.0), times=hand.times, chance=Random(1))
    worker.public_url = "http://surefoot.example"
    working = asyncio.create_task(worker.run_for_ever())
    try:
        yield Desk(store, book, hand, worker)
    finally:
        working.cancel()
        await asyncio.wait({working})


def insert_messages(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """As the keeper writes them."""
    connection.execute(insert(OutboxRow), list(rows))
