"""Alerts: what is open, what was, what people say to them, and the minute of signal around each."""

import asyncio
from collections.abc import Awaitable
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse

from server.alerts.alert import Alert, Kind
from server.alerts.around import NoSignalError, signal_around
from server.alerts.budget import budgets_of
from server.alerts.keeper import DISK_PATIENCE_S
from server.alerts.labels import write_labels
from server.alerts.policy import Happening, NotNowError, Said
from server.alerts.shapes import budget_shape
from server.alerts.weeks import table_of, weeks_of
from server.models import Problem
from server.models_alerts import (
    AlertList,
    AlertShape,
    AnswerWish,
    BudgetList,
    HelpWish,
    ResolveWish,
    SignalShape,
    TakeWish,
    TestAlarmWish,
    WeekList,
)
from server.monitor import Monitor
from server.session import Session
from server.storage.alerts import NoSuchAlertError, alert_by_id, alerts_of_session, alerts_where

AlertId = Annotated[str, Path(pattern=r"^[^/]{1,200}$", examples=["20261125-153000-1f2e3d-fall-61020"])]
Person = Annotated[str | None, Query(max_length=80, description="by name, however it is spelled")]
NOT_FOUND: dict[int | str, dict[str, object]] = {404: {"model": Problem}}
REFUSED: dict[int | str, dict[str, object]] = {**NOT_FOUND, 409: {"model": Problem}}


def alerts_router(monitor: Monitor) -> APIRouter:
    """/api/alerts."""
    router = APIRouter(prefix="/api/alerts", tags=["alerts"])
    alerts = monitor.alerts
    labellings: set[asyncio.Task[None]] = set()

    async def known(alert_id: str) -> Alert:
        """The alert as it is now; 404 where there is none."""
        present = alerts.open.get(alert_id)
        if present is not None:
            return present
        await monitor.store.flush()
        try:
            return await run_in_threadpool(monitor.store.read, partial(alert_by_id, alert_id=alert_id))
        except NoSuchAlertError as error:
            raise HTTPException(404, str(error)) from error

    async def told(alert_id: str, what: Happening, said: Said) -> AlertShape:
        async def change() -> Alert:
            changed = await alerts.happened(alert_id, what, said)
            if changed.outcome is not None and changed.session_id is not None:
                labelling = asyncio.create_task(label(changed, changed.session_id), name=f"label {alert_id}")
                labellings.add(labelling)
                labelling.add_done_callback(labellings.discard)
                await asyncio.wait({labelling}, timeout=DISK_PATIENCE_S)  # nobody's answer waits for a slow disk
            return changed

        return await answered(change())

    async def label(changed: Alert, session_id: str) -> None:
        """What was said goes beside the recording; an answer is kept without it, too."""
        stored = await run_in_threadpool(monitor.store.read, partial(alerts_of_session, session_id=session_id))
        every = [*(one for one in stored if one.id != changed.id), changed]
        await run_in_threadpool(write_labels, monitor.directory_of(session_id), every)

    async def called(kind: Kind, person: str, session: Session | None) -> AlertShape:
        alert = alerts.call(kind, person, session)
        await alerts.written()
        return alerts.shape(alert)

    async def answered(change: Awaitable[Alert]) -> AlertShape:
        try:
            return alerts.shape(await change)
        except NoSuchAlertError as error:
            raise HTTPException(404, str(error)) from error
        except NotNowError as error:
            raise HTTPException(409, str(error)) from error

    async def found(person: str | None, only_open: bool, limit: int | None, offset: int) -> tuple[int, list[Alert]]:
        await monitor.store.flush()
        wanted = partial(alerts_where, person=person, only_open=only_open, limit=limit, offset=offset)
        total, page = await run_in_threadpool(monitor.store.read, wanted)
        return total, [alerts.open.get(alert.id, alert) for alert in page]

    @router.get("")
    async def all_alerts(
        state: Literal["open", "all"] = "all",
        person: Person = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> AlertList:
        """What nobody has taken first, then the newest."""
        total, page = await found(person, state == "open", limit, offset)
        return AlertList(total=total, alerts=[alerts.shape(alert) for alert in page])

    @router.get("/counts")
    async def counts(person: Person = None) -> WeekList:
        """By week: confirmed falls, unconfirmed ones, false alarms, calls for help."""
        _, every = await found(person, False, None, 0)
        return WeekList(weeks=weeks_of(every))

    @router.get("/budget")
    async def budget(person: Person = None) -> BudgetList:
        """False alarms of the last four weeks against the budget, for each person who was asked in them."""
        _, every = await found(person, False, None, 0)
        plans = budgets_of(every, alerts.now().wall, lambda name: alerts.care(name)[0])
        return BudgetList(budgets=[budget_shape(one) for one in plans])

    @router.get("/export.csv", response_class=PlainTextResponse, responses={200: {"content": {"text/csv": {}}}})
    async def export(person: Person = None) -> PlainTextResponse:
        """All alerts of one person, or of everybody, as a table."""
        _, every = await found(person, False, None, 0)
        named = {"content-disposition": 'attachment; filename="alerts.csv"'}
        return PlainTextResponse(table_of(every), media_type="text/csv", headers=named)

    @router.post("/help", status_code=201, responses=NOT_FOUND)
    async def call_for_help(wish: HelpWish) -> AlertShape:
        """Somebody calls for help: contacts are told at once. A call that is open already is answered with."""
        session = monitor.sessions.get(wish.session_id or "")
        person = wish.person or (session.plan.label if session else None)
        if person is None:
            raise HTTPException(404, "Nobody knows who calls: give a person, or a session that is in progress.")
        return await called("help", person, session)

    @router.post("/test", status_code=201)
    async def test(wish: TestAlarmWish) -> AlertShape:
        """A test of the whole chain: every contact gets a message that says that it is a test."""
        return await called("test", wish.person, None)

    @router.get("/{alert_id}", responses=NOT_FOUND)
    async def one(alert_id: AlertId) -> AlertShape:
        """An alert with its history and who was told."""
        return alerts.shape(await known(alert_id))

    @router.get("/{alert_id}/signal", responses=NOT_FOUND)
    async def signal(alert_id: AlertId) -> SignalShape:
        """The minute around an alert; what has not happened yet is null."""
        try:
            return await signal_around(monitor, await known(alert_id))
        except NoSignalError as error:
            raise HTTPException(404, str(error)) from error

    @router.post("/{alert_id}/answer", responses=REFUSED)
    async def answer(alert_id: AlertId, wish: AnswerWish) -> AlertShape:
        """The wearer answers; afterwards too, and may say whether it was a fall."""
        return await told(alert_id, wish.answer, Said(fell=wish.fell))

    @router.post("/{alert_id}/acknowledge", responses=REFUSED)
    async def acknowledge(alert_id: AlertId, wish: TakeWish) -> AlertShape:
        """Somebody takes it; nobody else is called after that."""
        return await told(alert_id, "acknowledged", Said(by=wish.by))

    @router.post("/{alert_id}/again", responses=REFUSED)
    async def again(alert_id: AlertId, wish: TakeWish) -> AlertShape:
        """The next contacts are told as well."""
        return await told(alert_id, "again", Said(by=wish.by))

    @router.post("/{alert_id}/resolve", responses=REFUSED)
    async def resolve(alert_id: AlertId, wish: ResolveWish) -> AlertShape:
        """How it ended; may be put right later."""
        return await told(
            alert_id, "resolved", Said(by=wish.by, outcome=wish.outcome, label=wish.label, note=wish.note)
        )

    return router
