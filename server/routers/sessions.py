"""Sessions and events: list, details, recorded signal and numbers."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse

from server.closing import RECORDING_NAME
from server.models import (
    EventPage,
    Gap,
    NumberedEvent,
    OperatorNote,
    Problem,
    SensorClock,
    SessionDetail,
    SessionPage,
    SessionSummary,
)
from server.monitor import Monitor
from server.number_models import NumbersOverTime
from server.numbers import numbers_over_time
from server.pairs import partner_of
from server.session import Session
from server.storage.models import SessionRow
from server.storage.store import StoredEvent
from server.stream_shape import clock_of
from server.waveforms import FILE_NAME, read_waveforms

SessionId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,64}$", examples=["20261121-090000-1f2e3d"])]
Seq = Annotated[int, Query(ge=0, le=2**62)]
Seconds = Annotated[float, Query(ge=-1e9, le=1e9)]
NOT_FOUND: dict[int | str, dict[str, object]] = {404: {"model": Problem}}
MOST_EVENTS = 10_000


def sessions_router(monitor: Monitor) -> APIRouter:
    """/api/sessions and /api/events."""
    router = APIRouter(prefix="/api", tags=["sessions"])

    async def row_of(session_id: str) -> SessionRow:
        row = await run_in_threadpool(monitor.store.session, session_id)
        if row is None and session_id in monitor.sessions:
            await monitor.store.flush()
            row = await run_in_threadpool(monitor.store.session, session_id)
        if row is None:
            raise HTTPException(404, f"There is no session {session_id}.")
        return row

    @router.get("/sessions")
    async def sessions(
        limit: Annotated[int, Query(ge=1, le=500)] = 50, offset: Annotated[int, Query(ge=0, le=2**62)] = 0
    ) -> SessionPage:
        """The list of sessions, latest first; those in progress with their numbers of this moment."""
        await monitor.store.flush()
        total, rows = await run_in_threadpool(monitor.store.sessions, limit, offset)
        return SessionPage(total=total, items=[_summary(row, monitor.sessions.get(row.id)) for row in rows])

    @router.get("/sessions/{session_id}", responses=NOT_FOUND)
    async def session(session_id: SessionId) -> SessionDetail:
        """Everything that is known about one session."""
        return _detail(await row_of(session_id), monitor.sessions.get(session_id))

    @router.post("/sessions/{session_id}/stop", responses={**NOT_FOUND, 409: {"model": Problem}})
    async def stop(session_id: SessionId) -> SessionDetail:
        """End a session in progress: its sensor is let go, its recording written."""
        present = monitor.sessions.get(session_id)
        if present is None:
            await row_of(session_id)
            raise HTTPException(409, f"Session {session_id} has ended already.")
        await monitor.stop_session(present)
        return _detail(await row_of(session_id), None)

    @router.post("/sessions/{session_id}/notes", status_code=204, responses={**NOT_FOUND, 409: {"model": Problem}})
    async def note(session_id: SessionId, given: OperatorNote) -> None:
        """A remark of the operator, written into the raw log at this moment of the session."""
        present = monitor.sessions.get(session_id)
        if present is None:
            await row_of(session_id)
            raise HTTPException(409, f"Session {session_id} has ended already.")
        present.note(given.kind, given.model_dump(exclude={"kind"}))

    @router.get(
        "/sessions/{session_id}/recording",
        response_class=FileResponse,
        responses={200: {"content": {"application/vnd.apache.parquet": {}}}, **NOT_FOUND, 409: {"model": Problem}},
    )
    async def recording(session_id: SessionId) -> FileResponse:
        """The recording in the contract's Parquet form."""
        row = await row_of(session_id)
        if row.state == "live":
            raise HTTPException(409, "The recording is written when the session ends.")
        path = monitor.directory_of(session_id) / RECORDING_NAME
        if not path.exists():
            raise HTTPException(404, "The recording of this session is not on the disk.")
        return FileResponse(path, media_type="application/vnd.apache.parquet", filename=f"{session_id}.parquet")

    @router.get("/sessions/{session_id}/events", responses=NOT_FOUND)
    async def session_events(
        session_id: SessionId,
        after_seq: Seq = 0,
        kind: Annotated[list[str] | None, Query(description="only these kinds")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 1000,
    ) -> EventPage:
        """The events of one session in their order."""
        await row_of(session_id)
        await monitor.store.flush()
        found = await run_in_threadpool(
            lambda: monitor.store.events(after_seq=after_seq, session_id=session_id, kinds=kind or (), limit=limit)
        )
        return _page(found, after_seq)

    @router.get(
        "/sessions/{session_id}/waveform",
        response_class=Response,
        responses={200: {"content": {"application/octet-stream": {}}}, **NOT_FOUND},
    )
    async def waveform(session_id: SessionId, start_s: Seconds = 0.0, end_s: Seconds = 1e9) -> Response:
        """The body-frame signal: the WebSocket's binary frames, each preceded by its length (u32 little-endian)."""
        await row_of(session_id)
        path = monitor.directory_of(session_id) / FILE_NAME
        content = await run_in_threadpool(read_waveforms, path, start_s, end_s)
        return Response(content, media_type="application/octet-stream")

    @router.get("/sessions/{session_id}/numbers", responses=NOT_FOUND)
    async def numbers(session_id: SessionId) -> NumbersOverTime:
        """Step count, cadence and walking as they were shown at the time, twice a second."""
        row = await row_of(session_id)
        await monitor.store.flush()
        found = await run_in_threadpool(lambda: monitor.store.events(session_id=session_id))
        present = monitor.sessions.get(session_id)
        end_s = row.duration_s if present is None else present.last_sample_s or 0.0
        partner = await run_in_threadpool(partner_of, monitor.store, row)
        return await run_in_threadpool(numbers_over_time, found, row.facts, end_s, partner)

    @router.get("/events", tags=["events"])
    async def events(after: Seq = 0, limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 1000) -> EventPage:
        """The events of all sessions after a sequence number."""
        await monitor.store.flush()
        return _page(await run_in_threadpool(lambda: monitor.store.events(after_seq=after, limit=limit)), after)

    return router


def _page(found: list[StoredEvent], after: int) -> EventPage:
    return EventPage(
        events=[NumberedEvent(seq=e.seq, session_id=e.session_id, event=dict(e.event)) for e in found],
        last_seq=found[-1].seq if found else after,
    )


def _summary_fields(row: SessionRow, present: Session | None) -> dict[str, object]:
    fields: dict[str, object] = {
        name: getattr(row, name)
        for name in (
            "id",
            "label",
            "position",
            "sensor_name",
            "driver",
            "started_at",
            "ended_at",
            "duration_s",
            "state",
            "steps",
            "walking_s",
            "bouts",
            "simulated",
            "test",
        )
    }
    fields["gaps"] = row.gap_count
    if present is not None:
        numbers = present.tally.numbers(present.now_s())
        fields |= {"duration_s": present.duration_s, "steps": numbers.steps}
        fields |= {"walking_s": numbers.walking_s, "bouts": numbers.bouts}
    return fields


def _summary(row: SessionRow, present: Session | None) -> SessionSummary:
    return SessionSummary.model_validate(_summary_fields(row, present))


def _detail(row: SessionRow, present: Session | None) -> SessionDetail:
    fields = _summary_fields(row, present) | {
        "facts": row.facts,
        "counters": row.counters if present is None else present.counters(),
        "clock": SensorClock(**(row.clock if present is None else clock_of(present))),
        "gap_list": [Gap(start_s=start_s, end_s=end_s) for start_s, end_s in row.gaps],
        "rate_hz": row.rate_hz if present is None else present.rate_hz,
        "has_gyroscope": row.has_gyroscope if present is None else present.has_gyroscope,
        "torn": row.torn,
    }
    return SessionDetail.model_validate(fields)
