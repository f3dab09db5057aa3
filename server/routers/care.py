"""Who is told about a person, in which order and how; and pauses in which nobody is."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.concurrency import run_in_threadpool

from server.alerts.care_plan import Away, CarePlan, Channel, Contact, Snooze, iso
from server.alerts.channels import described, problem_with
from server.alerts.policy import Now
from server.models import Problem
from server.models_alerts import (
    AwayShape,
    CareShape,
    CareWish,
    ChannelShape,
    ChannelWish,
    ContactShape,
    ContactWish,
    SnoozeShape,
    SnoozeWish,
)
from server.monitor import Monitor
from server.names import name_key
from server.storage.engine import StorageError

Person = Annotated[str, Query(max_length=80, description="by name; empty for everybody without a plan of their own")]
REFUSED: dict[int | str, dict[str, object]] = {409: {"model": Problem}, 503: {"model": Problem}}
UNWRITTEN: dict[int | str, dict[str, object]] = {503: {"model": Problem}}


def care_router(monitor: Monitor) -> APIRouter:
    """/api/care."""
    router = APIRouter(prefix="/api/care", tags=["alerts"])
    alerts = monitor.alerts

    async def shaped(person: str) -> CareShape:
        plan, snooze = alerts.care(person)
        return await run_in_threadpool(_shape, plan, snooze, alerts.now(), alerts.has_own_care(person))

    async def kept(plan: CarePlan, snooze: Snooze | None) -> CareShape:
        try:
            await alerts.set_care(plan, snooze)
        except StorageError as error:
            raise HTTPException(503, str(error)) from error
        return await shaped(plan.person)

    @router.get("")
    async def care(person: Person = "") -> CareShape:
        """A person's care plan; channels without their secrets."""
        return await shaped(person)

    @router.put("", responses=REFUSED)
    async def set_care(wish: CareWish) -> CareShape:
        """Writes a care plan anew. A channel that is named by its id alone stays as it is."""
        present, snooze = alerts.care(wish.person)
        plan = await run_in_threadpool(_plan, wish, present)
        return await kept(plan, snooze if alerts.has_own_care(wish.person) else None)

    @router.post("/snooze", responses=UNWRITTEN)
    async def snooze(wish: SnoozeWish) -> CareShape:
        """For a while nobody is told about this person's falls; they are kept all the same. Calls for help go out."""
        plan, _ = alerts.care(wish.person)
        now, lasts = alerts.now(), timedelta(minutes=wish.minutes)
        ends = Snooze(iso(now.wall + lasts), wish.by, wish.why, now.iso, now.s + lasts.total_seconds())
        return await kept(replace(plan, person=wish.person), ends)

    @router.delete("/snooze", responses=UNWRITTEN)
    async def wake(person: Annotated[str, Query(min_length=1, max_length=80)]) -> CareShape:
        """Falls are told again."""
        plan, _ = alerts.care(person)
        return await kept(replace(plan, person=person), None)

    return router


def _plan(wish: CareWish, present: CarePlan) -> CarePlan:
    """Raises HTTPException 409."""
    known = {channel.id: channel.url for contact in present.contacts for channel in contact.channels}
    contacts = tuple(_contact(one, known) for one in wish.contacts)
    names = [name_key(one.name) for one in contacts]
    if len(set(names)) < len(names):
        raise HTTPException(409, "Two contacts have the same name. It says who takes an alarm, so give each their own.")
    if len({one.id for one in contacts}) < len(contacts):
        raise HTTPException(409, "Two contacts have the same id.")
    fields = wish.model_dump(exclude={"contacts"})
    return CarePlan(**fields, contacts=contacts)


def _contact(wish: ContactWish, known: dict[str, str]) -> Contact:
    away = tuple(Away(_moment(one.since), _moment(one.until)) for one in wish.away)
    if any(one.since >= one.until for one in away):
        raise HTTPException(409, f"A holiday of {wish.name} ends before it begins.")
    return Contact(
        id=wish.id or secrets.token_hex(4),
        name=wish.name,
        role=wish.role,
        channels=tuple(_channel(one, known, wish.name) for one in wish.channels),
        wait_s=wish.wait_s,
        away=away,
        technical=wish.technical,
    )


def _channel(wish: ChannelWish, known: dict[str, str], name: str) -> Channel:
    url = wish.url or known.get(wish.id or "")
    if url is None:
        raise HTTPException(409, f"A channel of {name} has no address.")
    problem = problem_with(url) if wish.url else None
    if problem is not None:
        raise HTTPException(409, f"A channel of {name} cannot be used. {problem}")
    return Channel(wish.id or secrets.token_hex(4), url)


def _moment(text: str) -> str:
    try:
        return iso(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise HTTPException(409, f"{text} is no day and time.") from error


def _shape(plan: CarePlan, snooze: Snooze | None, now: Now, own: bool) -> CareShape:
    contacts = [
        ContactShape(
            id=one.id,
            name=one.name,
            role=one.role,
            channels=[_channel_shape(channel) for channel in one.channels],
            wait_s=one.wait_s,
            away=[AwayShape(since=away.since, until=away.until) for away in one.away],
            technical=one.technical,
        )
        for one in plan.contacts
    ]
    left_s = 0.0 if snooze is None else snooze.left_s(now.s, now.wall)
    shown = None
    if snooze is not None and left_s > 0.0:
        until = iso(now.wall + timedelta(seconds=left_s))
        shown = SnoozeShape(until=until, since=snooze.since, by=snooze.by, why=snooze.why)
    return CareShape(
        person=plan.person,
        own=own,
        prompt_s=plan.prompt_s,
        observe_s=plan.observe_s,
        least_confidence=plan.least_confidence,
        contacts=contacts,
        quiet_from=plan.quiet_from,
        quiet_until=plan.quiet_until,
        dead_man_url=plan.dead_man_url,
        tell_simulated=plan.tell_simulated,
        snooze=shown,
    )


def _channel_shape(channel: Channel) -> ChannelShape:
    it = described(channel.url)
    return ChannelShape(id=channel.id, kind=it.kind, shown=it.shown)
