"""The notices that are open and what becomes of them: the one owner of every notice."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import cast

import structlog

from server.alerts.alert import Message
from server.alerts.care_plan import CarePlan, iso
from server.alerts.keeper import Alerts
from server.alerts.policy import Now
from server.care import words
from server.care.following import followed
from server.care.notice import Condition, Notice, ToldState
from server.care.rules import for_therapist
from server.care.shapes import notice_shape
from server.care.telling import contact_at, settled, told_now
from server.care.watching import ClockWatch, Machine, of_sessions
from server.care.week import Week, week_of
from server.day_report import present_of
from server.hub import Hub
from server.names import name_key
from server.session import Session
from server.storage.alerts import outbox_row
from server.storage.care import keep_notice, people_with_stumbles, unfinished_notices
from server.storage.store import Store
from server.ticking import ticks
from server.wire import message

log = structlog.get_logger("care")

TICK_S = 1.0
ADVICE_EVERY_S = 600.0
SETTLED_WITHIN = timedelta(days=1)  # nobody hears later than that that something is over


class Care:
    """Plain code on one event loop, after Alerts, whose clock, care plans and way out it uses."""

    def __init__(
        self, store: Store, hub: Hub, sessions: Mapping[str, Session], alerts: Alerts, machine: Machine
    ) -> None:
        self.open: dict[str, Notice] = {}  # by key
        self._store = store
        self._hub = hub
        self._sessions = sessions
        self._alerts = alerts
        self._machine = machine
        self._clock = ClockWatch()
        self._ending: dict[str, Notice] = {}  # by id: over, and not everybody has heard it
        self._moments: list[Condition] = []  # what happened since the last look
        self._advice: list[Condition] = []

    async def take_up(self) -> None:
        """At the start, after the alerts: notices go on, and an alarm that was interrupted is one itself."""
        now = self._alerts.now()
        kept = await asyncio.to_thread(
            self._store.read, partial(unfinished_notices, over_since=iso(now.wall - SETTLED_WITHIN))
        )
        for notice in kept:
            if notice.open:
                self.open[notice.key] = replace(notice, seen_s=now.s)
            elif not settled(notice):
                self._ending[notice.id] = notice
        for alert in self._alerts.open.values():
            told = words.restart(alert.person)
            self.happened(Condition("restart", told, alert.id, alert.person, simulated=alert.simulated))

    # --- time ---

    async def follow_for_ever(self) -> None:
        """Looks, and tells."""
        async for _ in ticks(TICK_S):
            self.look()

    async def weigh_for_ever(self) -> None:
        """Weighs everybody's week, now and every ten minutes."""
        await self.weigh()
        async for _ in ticks(ADVICE_EVERY_S):
            await self.weigh()

    def happened(self, condition: Condition) -> None:
        """Something that is over as soon as it has begun, and yet is to be known."""
        self._moments.append(condition)

    def look(self) -> None:
        """What is wrong at this moment, and who is to hear of it."""
        now = self._alerts.now()
        jump_s = self._clock.jump_s(now)
        if jump_s is not None:
            self.happened(Condition("clock", words.clock(jump_s)))
        notices = followed(self.open, self._conditions(now), self._sessions, now)
        for key in self.open.keys() - notices.keys():
            self.open.pop(key)  # it was gone before it reached a screen
        for notice in notices.values():
            self._become(notice, now)
        for notice in list(self._ending.values()):
            self._become(notice, now)

    def _conditions(self, now: Now) -> list[Condition]:
        moments, self._moments = self._moments, []
        sensors = of_sessions(self._sessions, self.open, now)
        return [*sensors, *self._machine.conditions(self.open), *moments, *self._advice]

    # --- the week ---

    async def weigh(self) -> None:
        """Whose stumbles of the week are worth a note to a therapist."""
        now = self._alerts.now()
        since = iso(now.wall - timedelta(days=8))
        await self._store.flush()
        people = await asyncio.to_thread(self._store.read, partial(people_with_stumbles, since=since))
        advice = []
        for person in people:
            week = await self.week(person)
            text = for_therapist(person, week.rules)
            if text is not None:
                year, number, _ = week.until.isocalendar()
                about = f"{name_key(person)}:{year}-{number}"
                advice.append(Condition("advice", text, about, person, simulated=week.simulated))
        self._advice = advice

    async def week(self, person: str, until: date | None = None, utc_offset_min: int | None = None) -> Week:
        """A person's week up to a local day; today, and the time of this place, where nothing else is said."""
        here = self._alerts.now().wall.astimezone()
        offset_s = (here.utcoffset() or timedelta()).total_seconds()
        offset_min = round(offset_s / 60.0) if utc_offset_min is None else utc_offset_min
        day = until or (self._alerts.now().wall + timedelta(minutes=offset_min)).date()
        present = {session_id: present_of(session) for session_id, session in self._sessions.items()}
        return await asyncio.to_thread(
            self._store.read,
            lambda connection: week_of(connection, person, day, offset_min, present),
        )

    # --- what whoever delivers asks and tells (see server.care.post) ---

    def addresses_of(self, contact_id: str) -> Sequence[str]:
        """The contact's channels at this moment; `contact_id` as telling.address makes it."""
        own_id, plan_of = contact_at(contact_id)
        contact = self._alerts.care(plan_of)[0].contact(own_id)
        return [channel.url for channel in contact.channels] if contact is not None else []

    def wanted(self, key: str, notice_id: str) -> bool:
        """Whether the message still is of use: not the trouble's once that is over."""
        return key.endswith("/1") or any(notice.id == notice_id for notice in self.open.values())

    def delivered(self, key: str, state: str, detail: str | None, channel: str | None = None) -> None:
        """What became of an attempt."""
        notice_id = key.split("/", 1)[0]
        notice = self._ending.get(notice_id) or next((one for one in self.open.values() if one.id == notice_id), None)
        if notice is None or state == "sending" or key.endswith("/1"):
            return
        told = tuple(
            replace(one, state=cast(ToldState, state), detail=detail) if one.key == key else one for one in notice.told
        )
        self._become(replace(notice, told=told), self._alerts.now())

    # --- inside ---

    def _become(self, notice: Notice, now: Now) -> None:
        """Remembers, writes and tells what a notice has become, where it is another."""
        before = self._ending.get(notice.id) or self.open.get(notice.key)
        notice, messages = told_now(notice, self._plans(notice), now)
        if notice.open:
            self.open[notice.key] = notice
        else:
            self.open.pop(notice.key, None)
            self._ending[notice.id] = notice
            if settled(notice) or now.wall - _over_at(notice) > SETTLED_WITHIN:
                self._ending.pop(notice.id)
        if notice.level == "unseen" or (before is not None and _same(before, notice)):
            return
        self._write(notice, messages, now)
        if before is None or _shown(before) != _shown(notice):
            self._hub.event(message("notice", {"notice": notice_shape(notice).model_dump()}))

    def _write(self, notice: Notice, messages: Iterable[Message], now: Now) -> None:
        rows = [outbox_row(one, now.iso) for one in messages]
        self._store.put(partial(keep_notice, notice=notice, rows=rows))
        if rows:
            log.warning("technical messages", notice=notice.id, keys=[row["key"] for row in rows])
            self._alerts.bring_out(rows, notice.id)

    def _plans(self, notice: Notice) -> list[CarePlan]:
        """The person's; all of them where it concerns the whole server, everybody's first."""
        if notice.person:
            return [self._alerts.care(notice.person)[0]]
        return sorted(self._alerts.plans(), key=lambda plan: name_key(plan.person))


def _over_at(notice: Notice) -> datetime:
    return datetime.fromisoformat(notice.over_at or notice.at)


def _same(one: Notice, other: Notice) -> bool:
    """Whether nothing is worth writing down: that it is still so is not."""
    return replace(one, seen_s=0.0) == replace(other, seen_s=0.0)


def _shown(notice: Notice) -> object:
    return notice_shape(notice)
