"""Notices, the day's possible stumbles, and what a week of them means."""

from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from server.care.quiet import is_quiet
from server.care.shapes import advice_shape, notice_shape, stumble_shape
from server.care.stumbles import Possible, session_of, stumble_id, to_be_asked
from server.care.week import stumbles_between
from server.models import Problem
from server.models_care import AdviceShape, NoticeList, StumbleShape, StumblesOfDay, StumbleWish
from server.monitor import Monitor
from server.storage.care import keep_answer, notices_where, stumbles_of
from server.storage.engine import StorageError

FIRST_DAY, LAST_DAY = date(2000, 3, 1), date(2999, 12, 31)
Person = Annotated[str, Query(min_length=1, max_length=80, description="by name, however it is spelled")]
Someone = Annotated[str | None, Query(max_length=80, description="theirs, and what concerns the whole server")]
Day = Annotated[date | None, Query(alias="date", description="the local day; default today")]
Offset = Annotated[int, Query(ge=-14 * 60, le=14 * 60, description="local time less UTC, in minutes")]
StumbleId = Annotated[str, Path(max_length=200, examples=["20261125-090000-1f2e3d-stumble-61020"])]
NOT_FOUND: dict[int | str, dict[str, object]] = {404: {"model": Problem}}
UNWRITTEN: dict[int | str, dict[str, object]] = {**NOT_FOUND, 503: {"model": Problem}}


def notices_router(monitor: Monitor) -> APIRouter:
    """/api/notices, /api/stumbles, /api/advice."""
    router = APIRouter(prefix="/api", tags=["care"])

    def now_at(utc_offset_min: int) -> datetime:
        return monitor.alerts.now().wall.astimezone(timezone(timedelta(minutes=utc_offset_min)))

    async def possible(person: str, first: date, last: date, utc_offset_min: int) -> list[Possible]:
        await monitor.store.flush()
        work = partial(stumbles_between, person=person, first=first, last=last, utc_offset_min=utc_offset_min)
        return await run_in_threadpool(monitor.store.read, work)

    @router.get("/notices")
    async def notices(
        person: Someone = None,
        state: Literal["open", "all"] = "all",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> NoticeList:
        """What Surefoot has noticed about itself and its sensors, and its notes. None of it is an alarm."""
        await monitor.store.flush()
        wanted = partial(notices_where, person=person, only_open=state == "open", limit=limit)
        stored = await run_in_threadpool(monitor.store.read, wanted)
        present = {notice.id: notice for notice in monitor.care.open.values()}
        return NoticeList(notices=[notice_shape(present.get(one.id, one)) for one in stored])

    @router.get("/stumbles", responses=NOT_FOUND)
    async def stumbles(person: Person, day: Day = None, utc_offset_min: Offset = 0) -> StumblesOfDay:
        """A day's possible stumbles, each to be answered: was this a stumble? Asked from the evening on."""
        now = now_at(utc_offset_min)
        wanted = _sensible(day or now.date())
        found = await possible(person, wanted, wanted, utc_offset_min)
        plan, _ = monitor.alerts.care(person)
        ask = bool(to_be_asked(found, wanted, now)) and not is_quiet(plan, now)
        return StumblesOfDay(
            person=person,
            date=wanted,
            ask=ask,
            unanswered=sum(one.answer is None for one in found),
            stumbles=[stumble_shape(one) for one in found],
        )

    @router.post("/stumbles/{of_id}", responses=UNWRITTEN)
    async def answer(of_id: StumbleId, wish: StumbleWish, utc_offset_min: Offset = 0) -> StumbleShape:
        """The wearer says whether it was a stumble; a later answer replaces an earlier one."""
        session_id = session_of(of_id)
        await monitor.store.flush()
        row = None if session_id is None else await run_in_threadpool(monitor.store.session, session_id)
        if row is None:
            raise HTTPException(404, f"There is no stumble {of_id}.")
        at = monitor.alerts.now().iso
        known = await run_in_threadpool(monitor.store.read, partial(_time_of, session_id=row.id, of_id=of_id))
        if known is None:
            raise HTTPException(404, f"There is no stumble {of_id}.")
        try:
            work = partial(keep_answer, stumble_id=of_id, session_id=row.id, answer=wish.answer, at=at)
            await monitor.store.change(work)
        except StorageError as error:
            raise HTTPException(503, str(error)) from error
        zone = timezone(timedelta(minutes=utc_offset_min))
        when = (datetime.fromisoformat(row.started_at) + timedelta(seconds=known)).astimezone(zone)
        found = await possible(row.label, when.date(), when.date(), utc_offset_min)
        near = min(found, key=lambda one: (one.id != of_id, abs(one.at - when)), default=None)
        if near is None:
            raise HTTPException(404, f"The stumble {of_id} was recorded at another time, and played again.")
        return stumble_shape(near)

    @router.get("/advice", responses=NOT_FOUND)
    async def advice(person: Person, day: Day = None, utc_offset_min: Offset = 0) -> AdviceShape:
        """The last seven days' stumbles against the person's own four weeks, and what every rule says of them."""
        until = _sensible(day or now_at(utc_offset_min).date())
        await monitor.store.flush()
        week = await monitor.care.week(person, until, utc_offset_min)
        found = await possible(person, week.since, week.until, utc_offset_min)
        return advice_shape(person, week, [one for one in found if one.answer is None])

    return router


def _sensible(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise HTTPException(404, f"There is nothing of {day}; ask for a day from {FIRST_DAY} to {LAST_DAY}.")
    return day


def _time_of(connection: Connection, session_id: str, of_id: str) -> float | None:
    """When in its session the stumble was, None where there is none of this name."""
    found = stumbles_of(connection, [session_id])
    return next((one.time_s for one in found if stumble_id(session_id, one.time_s) == of_id), None)
