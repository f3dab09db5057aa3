"""Brings the messages of the outbox out: at least once each, always under the same key, until they are out."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog

from server.alerts.care_plan import iso
from server.alerts.channels import Channels, described
from server.alerts.links import VALID, hash_of, link_of, token_of
from server.alerts.outcome import Delivered, Refused, Sent, Unreachable
from server.alerts.outgoing import Outgoing
from server.alerts.proving import Went, proven
from server.alerts.retrying import SHORTENED_BY, after_failure
from server.storage.engine import StorageError
from server.storage.outbox import mark_message, unsent_messages
from server.storage.store import Store

log = structlog.get_logger("delivery")
T = TypeVar("T")

TURN_S = 1.0  # the worker looks at its work at least so often, and says by that that it is alive
END_PATIENCE_S = 1.0  # the end of the program waits no longer for a channel
DISK_PATIENCE_S = 1.0  # a message does not wait longer for the disk to note that it goes out
GIVE_UP_S = 24 * 3600.0  # a message that is a day old tells nobody anything any more
MOST_REMEMBERED = 1000  # links, and keys of what is out, in memory; all are in the table
LINKED = frozenset({"fall", "help", "test"})  # what can be taken with one tap


class Keeper(Protocol):
    """What the worker asks of whoever decides."""

    def addresses_of(self, alert_id: str, contact_id: str) -> Sequence[str]:
        """The contact's channels at this moment, the best first."""

    def wanted(self, key: str, alert_id: str, what: str) -> bool:
        """Whether the message still is of use."""

    def delivered(self, key: str, state: str, detail: str | None, channel: str | None) -> None:
        """What became of an attempt, and through which kind of channel."""


@dataclass(frozen=True, slots=True)
class Times:
    """Clocks of the worker: one that only goes forward, one for times of day."""

    now_s: Callable[[], float] = field(default=time.monotonic)
    wall: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


class Worker:
    """Holds every message that is not out yet, in memory as well as in the table: a full disk stops none."""

    def __init__(
        self,
        store: Store,
        keeper: Keeper,
        key: bytes,
        *,
        channels: Channels | None = None,
        times: Times | None = None,
        chance: random.Random | None = None,
    ) -> None:
        """`key` is the secret of the links."""
        self.public_url = ""
        self._store = store
        self._keeper = keeper
        self._key = key
        self._channels = channels or Channels()
        self._times = times or Times()
        self._chance = chance or random.Random()
        self._waiting: dict[str, Outgoing] = {}
        self._wake = asyncio.Event()
        self._attempts: set[asyncio.Task[None]] = set()
        self._notings: set[asyncio.Task[None]] = set()
        self._noting = asyncio.Lock()
        self._done: dict[str, None] = {}  # keys that need no more; in the order in which they came to it
        self._links: dict[str, Mapping[str, Any]] = {}
        self._turned_s: float | None = None
        self._loaded = False

    # --- what others ask ---

    @property
    def fault(self) -> str | None:
        """A sentence while somebody cannot be reached on any channel."""
        stuck = {out.contact_name: out.why for out in self._waiting.values() if out.all_failed}
        if not stuck:
            return None
        name, why = next(iter(stuck.items()))
        others = f" Nor do those to {len(stuck) - 1} more." if len(stuck) > 1 else ""
        return f"Messages to {name} do not get out: {why}{others} Surefoot keeps trying."

    @property
    def alive(self) -> bool:
        """Whether it has looked at its work in the last half minute."""
        return self._turned_s is not None and time.monotonic() - self._turned_s < 30.0

    @property
    def under_way(self) -> int:
        """How many attempts have begun and not ended."""
        return sum(out.under_way for out in self._waiting.values())

    def hand_over(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """New rows of the outbox, whether or not the disk has taken them. A key that is held already is the same."""
        now_s, wall = self._times.now_s(), self._times.wall()
        for row in rows:
            if row["key"] not in self._done:
                self._waiting.setdefault(row["key"], Outgoing.of_row(row, now_s, wall))
        self._wake.set()

    def message_of_link(self, link_hash: str) -> Mapping[str, Any] | None:
        """The message with this link, if it went out since the start: the table may not have it, on a full disk."""
        return self._links.get(link_hash)

    def wake(self) -> None:
        """Look at once: something has changed."""
        self._wake.set()

    # --- work ---

    async def run_for_ever(self) -> None:
        """Until it is cancelled. What was under way then is sent again after the next start, under the same key."""
        try:
            if not self._loaded:
                self.hand_over(await asyncio.to_thread(self._store.read, unsent_messages))
                self._loaded = True
            while True:
                self._turned_s = time.monotonic()
                self._begin_what_is_due()
                await self._rest()
        finally:
            if self._attempts:  # what is about to be out is noted as out
                await asyncio.wait(self._attempts, timeout=END_PATIENCE_S)
            for task in self._attempts:
                task.cancel()
            await asyncio.gather(*self._attempts, *self._notings, return_exceptions=True)

    def _begin_what_is_due(self) -> None:
        now_s = self._times.now_s()
        for out in self._waiting.values():
            if not out.under_way and out.due_s <= now_s:
                out.under_way = True
                task = asyncio.create_task(self._reported(out), name=f"send {out.key}")
                self._attempts.add(task)
                task.add_done_callback(self._attempts.discard)

    async def _rest(self) -> None:
        now_s = self._times.now_s()
        waits = [out.due_s - now_s for out in self._waiting.values() if not out.under_way]
        with suppress(TimeoutError):
            async with asyncio.timeout(min([TURN_S, *(max(0.0, wait) for wait in waits)])):
                await self._wake.wait()
        self._wake.clear()

    async def _reported(self, out: Outgoing) -> None:
        """A fault of ours in one attempt costs that attempt, not the message."""
        try:
            await self._attempt(out)
        except Exception:
            log.exception("an attempt failed inside Surefoot; it is repeated", key=out.key)
            out.due_s = self._times.now_s() + 5.0
        finally:
            out.under_way = False
            self._wake.set()

    async def _attempt(self, out: Outgoing) -> None:
        now_s = self._times.now_s()
        if not self._keeper.wanted(out.key, out.alert_id, out.what):
            await self._end(out, "dropped", "No longer needed.")
            return
        if now_s - out.since_s > GIVE_UP_S:
            await self._end(out, "failed", f"Given up after a day. {out.why or ''}".strip())
            return
        addresses = self._keeper.addresses_of(out.alert_id, out.contact_id)
        number = min(out.course.channel_no, max(0, len(addresses) - 1))
        out.tries += 1
        await self._mark(out, state="sending", channel_no=number, tries=out.tries, **self._link_columns(out))
        went = await (self._prove(out, addresses) if out.what == "test" else self._send(out, addresses, number))
        if isinstance(went.outcome, Sent | Delivered):
            await self._arrived(out, went)
        else:
            channels = 1 if out.what == "test" else len(addresses)
            await self._failed(out, went.outcome, went.channel, channels)

    async def _send(self, out: Outgoing, addresses: Sequence[str], number: int) -> Went:
        if not addresses:
            return Went(Refused(f"There is no way to reach {out.contact_name}: give a channel in the care plan."), None)
        url = addresses[number]
        link = link_of(self.public_url, token_of(self._key, out.key)) if out.what in LINKED else None
        page = f"{self.public_url.rstrip('/')}/alerts/{out.alert_id}" if out.what == "open" else None
        outcome = await self._channels.send(url, out.message(self._times.now_s(), link, page))
        return Went(outcome, (await asyncio.to_thread(described, url)).kind)

    async def _prove(self, out: Outgoing, addresses: Sequence[str]) -> Went:
        """A test goes through every channel, and it is said of each whether it works."""
        if not addresses:
            return await self._send(out, addresses, 0)
        return proven(await asyncio.gather(*(self._send(out, addresses, number) for number in range(len(addresses)))))

    async def _arrived(self, out: Outgoing, went: Went) -> None:
        late = out.is_late(self._times.now_s())
        state = "delivered" if isinstance(went.outcome, Delivered) else "sent"
        await self._mark(out, state=state, next_try=None, sent_at=iso(self._times.wall()), late=late, error=went.detail)
        self._over(out, state, "late" if late else went.detail, went.channel)

    async def _failed(self, out: Outgoing, outcome: Refused | Unreachable, channel: str | None, channels: int) -> None:
        why = outcome.why
        hopeless = isinstance(outcome, Refused) or outcome.hangs
        following = after_failure(out.course, max(1, channels), hopeless=hopeless)
        turned = following.course.channel_no != out.course.channel_no
        out.course, out.why = following.course, why
        out.all_failed = out.all_failed or following.all_failed
        wait_s = following.wait_s * (1.0 - SHORTENED_BY * self._chance.random())
        out.due_s = self._times.now_s() + wait_s
        state = "failed" if out.all_failed else "pending"
        next_try = iso(self._times.wall() + timedelta(seconds=wait_s))
        log.warning("a message did not get out", key=out.key, why=why, tries=out.tries, next_in_s=round(wait_s, 1))
        await self._mark(out, state=state, next_try=next_try, error=why, channel_no=out.course.channel_no)
        detail = f"{why} The next way is tried." if turned and not following.all_failed else why
        self._keeper.delivered(out.key, state, detail, channel)

    async def _end(self, out: Outgoing, state: str, detail: str) -> None:
        await self._mark(out, state=state, next_try=None)
        self._over(out, state, detail, None)

    def _over(self, out: Outgoing, state: str, detail: str | None, channel: str | None) -> None:
        self._waiting.pop(out.key, None)
        _remember(self._done, out.key, None)
        self._keeper.delivered(out.key, state, detail, channel)

    # --- the table ---

    def _link_columns(self, out: Outgoing) -> dict[str, str]:
        if out.what not in LINKED:
            return {}
        until = iso(datetime.fromisoformat(out.created_at) + VALID)
        link_hash = hash_of(token_of(self._key, out.key))
        link = {"alert_id": out.alert_id, "contact_name": out.contact_name, "link_until": until}
        _remember(self._links, link_hash, link)
        return {"link_hash": link_hash, "link_until": until}

    async def _mark(self, out: Outgoing, **columns: Any) -> None:
        """Noted in the table when this returns, or later where the disk is slow or refuses."""
        noting = asyncio.create_task(self._noted(out.key, columns), name=f"note {out.key}")
        self._notings.add(noting)  # which goes on: a flush must not be cut short
        noting.add_done_callback(self._notings.discard)
        await asyncio.wait({noting}, timeout=DISK_PATIENCE_S)

    async def _noted(self, key: str, columns: Mapping[str, Any]) -> None:
        write = partial(mark_message, key=key, columns=columns)
        async with self._noting:  # one after the other, so that none that had to wait overwrites a newer one
            try:
                if await self._store.change(write):
                    return
            except StorageError:
                log.warning("the disk refuses; it is noted later how far a message has come", key=key)
            self._store.put(write)  # behind the message itself, if that waits too


def _remember(memory: dict[str, T], name: str, value: T) -> None:
    """The newest so many."""
    memory[name] = value
    while len(memory) > MOST_REMEMBERED:
        memory.pop(next(iter(memory)))
