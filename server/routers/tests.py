"""The tests of the clinic: the catalogue, and every run from its preparation to its result."""

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.concurrency import run_in_threadpool

from server.clinic.choosing import ChoiceError
from server.clinic.protocol import ProtocolId
from server.clinic.reporting import ended_shapes
from server.clinic.run import Chosen, Run
from server.clinic.running import NotNowError
from server.clinic.shapes import preflight_shape, protocol_list
from server.models import Problem
from server.models_tests import (
    AfterWish,
    InvalidWish,
    NoteWish,
    Preflight,
    ProtocolList,
    StopWish,
    TestRun,
    TestRuns,
    TestWish,
)
from server.monitor import Monitor
from server.storage.engine import StorageError
from server.storage.runs import NoSuchTestError, run_by_id, runs_where

RunId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,100}$", examples=["20261125-153000-1f2e3d"])]
NOT_FOUND: dict[int | str, dict[str, object]] = {404: {"model": Problem}}
REFUSED: dict[int | str, dict[str, object]] = {**NOT_FOUND, 409: {"model": Problem}}
CHANGED: dict[int | str, dict[str, object]] = {**REFUSED, 422: {"model": Problem}, 503: {"model": Problem}}


def tests_router(monitor: Monitor) -> APIRouter:
    """/api/protocols and /api/tests."""
    router = APIRouter(prefix="/api", tags=["tests"])
    runs = monitor.tests

    async def known(run_id: str) -> Run:
        """The run as it is now; 404 where there is none."""
        present = next((run for run in runs.under_way.values() if run.id == run_id), None)
        if present is not None:
            return present
        await monitor.store.flush()
        try:
            return await run_in_threadpool(monitor.store.read, lambda connection: run_by_id(connection, run_id))
        except NoSuchTestError as error:
            raise HTTPException(404, str(error)) from error

    def shaped(run: Run) -> TestRun:
        return monitor.reporter.shape(run, monitor.sessions.get(run.session_id))

    async def changed(change: Awaitable[Run]) -> TestRun:
        await monitor.store.flush()
        try:
            return shaped(await change)
        except NoSuchTestError as error:
            raise HTTPException(404, str(error)) from error
        except ChoiceError as error:
            raise HTTPException(422, str(error)) from error
        except StorageError as error:
            raise HTTPException(503, str(error)) from error

    @router.get("/protocols")
    async def protocols() -> ProtocolList:
        """Every test that can be chosen, with everything that is asked and said."""
        return protocol_list()

    @router.post("/tests", status_code=201, responses=CHANGED)
    async def prepare(wish: TestWish) -> TestRun:
        """Prepares a test on a session in progress; nothing is measured before it is started."""
        session = monitor.sessions.get(wish.session_id)
        if session is None or session.closing:
            row = await run_in_threadpool(monitor.store.session, wish.session_id)
            if row is None:
                raise HTTPException(404, f"There is no session {wish.session_id}.")
            raise HTTPException(409, f"Session {wish.session_id} has ended already.")
        chosen = Chosen(
            wish.protocol, wish.stance, wish.course_length_m, wish.hold_s, wish.variant, dict(wish.variants)
        )
        try:
            return shaped(runs.prepare(session, chosen, wish.started_by, wish.before))
        except NotNowError as error:
            raise HTTPException(409, str(error)) from error
        except ChoiceError as error:
            raise HTTPException(422, str(error)) from error

    @router.get("/tests")
    async def tests(
        session_id: Annotated[str | None, Query(max_length=64)] = None,
        person: Annotated[str | None, Query(max_length=80, description="by name, however it is spelled")] = None,
        protocol: ProtocolId | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> TestRuns:
        """Runs, newest first; those that were found without a prompt too."""
        await monitor.store.flush()
        stored = await run_in_threadpool(
            monitor.store.read,
            lambda connection: runs_where(
                connection, session_id=session_id, person=person, protocol=protocol, limit=limit
            ),
        )
        ended = [run for run in stored if run.course.final]
        shapes = await run_in_threadpool(monitor.store.read, lambda connection: ended_shapes(connection, ended))
        items = {shape.id: shape for shape in shapes}
        for run in runs.under_way.values():
            items[run.id] = shaped(run)
        return TestRuns(items=[_here(items[run.id], monitor) if run.id in items else shaped(run) for run in stored])

    @router.get("/tests/{run_id}", responses=NOT_FOUND)
    async def test(run_id: RunId) -> TestRun:
        """One run, whatever has become of it."""
        return shaped(await known(run_id))

    @router.get("/tests/{run_id}/preflight", responses=REFUSED)
    async def preflight(run_id: RunId) -> Preflight:
        """What must be right before it begins, as it stands now."""
        await known(run_id)
        try:
            return preflight_shape(runs.checks(run_id))
        except NotNowError as error:
            raise HTTPException(409, str(error)) from error

    @router.post("/tests/{run_id}/start", responses=REFUSED)
    async def start(run_id: RunId) -> TestRun:
        """The countdown begins; the server sets the "go" on the session's clock.

        Refused where the sensor is not heard without loss, or worn at a place that this test cannot be measured at.
        """
        await known(run_id)
        try:
            return shaped(runs.start(run_id))
        except NotNowError as error:
            raise HTTPException(409, str(error)) from error

    @router.post("/tests/{run_id}/stop", responses=REFUSED)
    async def stop(run_id: RunId, wish: StopWish) -> TestRun:
        """The operator's "stop": finished, with a result to come, or aborted, without one."""
        await known(run_id)
        try:
            return shaped(runs.stop(run_id, wish.why, wish.reason))
        except NotNowError as error:
            raise HTTPException(409, str(error)) from error

    @router.post("/tests/{run_id}/after", responses=CHANGED)
    async def after(run_id: RunId, wish: AfterWish) -> TestRun:
        """Answers to the questions after the test; a question answered again has the new answer."""
        return await changed(runs.answer(run_id, wish.answers))

    @router.post("/tests/{run_id}/notes", responses=CHANGED)
    async def note(run_id: RunId, wish: NoteWish) -> TestRun:
        """A remark, kept with its time."""
        return await changed(runs.remark(run_id, wish.text))

    @router.put("/tests/{run_id}/invalid", responses=CHANGED)
    async def invalidate(run_id: RunId, wish: InvalidWish) -> TestRun:
        """Marks a trial as one that does not count; it is kept and shown, without a result."""
        return await changed(runs.invalidate(run_id, wish.reason))

    @router.delete("/tests/{run_id}/invalid", responses=CHANGED)
    async def validate(run_id: RunId) -> TestRun:
        """Takes the mark back."""
        return await changed(runs.invalidate(run_id, None))

    return router


def _here(shape: TestRun, monitor: Monitor) -> TestRun:
    """With what only a session in progress knows."""
    session = monitor.sessions.get(shape.session_id)
    if session is None:
        return shape
    return shape.model_copy(update={"stream_no": session.stream_no, "now_s": session.now_s()})
