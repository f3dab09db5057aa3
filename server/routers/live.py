"""The WebSocket of the live page: hello, what was missed, then everything as it happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import structlog
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from server import VERSION
from server.care.shapes import notice_shape
from server.hub import OVERFLOW_CODE, Client
from server.monitor import Monitor
from server.storage.store import StoredEvent
from server.stream_shape import stream_of
from server.wire import PROTOCOL, message

log = structlog.get_logger("live")

CATCH_UP_PAGE = 1000
CLOSE_PATIENCE_S = 30.0  # a page that reads nothing cannot read why it was closed either
OVERFLOW_REASON = "Too many events are waiting for this page; come back with after=SEQ."


def live_router(monitor: Monitor) -> APIRouter:
    """/api/live."""
    router = APIRouter(prefix="/api")

    @router.websocket("/live")
    async def live(socket: WebSocket) -> None:
        after = _sequence(socket.query_params.get("after"))
        await socket.accept()
        client = monitor.hub.join()
        listening = asyncio.create_task(_listen(socket), name="live: listen")
        sending = asyncio.create_task(_send(socket, client, monitor, after), name="live: send")
        overflowing = asyncio.create_task(client.overflow(), name="live: overflow")
        try:
            await asyncio.wait({listening, sending, overflowing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            monitor.hub.leave(client)
            for task in (listening, sending, overflowing):
                task.cancel()
            ends = await asyncio.gather(listening, sending, overflowing, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, WebSocketDisconnect):
                log.error("live page failed", exc_info=end)
        if client.overflowed:
            monitor.metrics.overflowed_clients.inc()
            log.warning("live page too slow: closed, it resumes by itself")
            await _close(socket)

    return router


def _sequence(text: str | None) -> int | None:
    """after=SEQ; anything that is no number counts as not given."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 19 else None


async def _listen(socket: WebSocket) -> None:
    """The page has nothing to say; this ends when it leaves."""
    while True:
        said = await socket.receive()
        if said["type"] == "websocket.disconnect":
            return


async def _send(socket: WebSocket, client: Client, monitor: Monitor, after: int | None) -> None:
    """`client` has joined the hub already: what is published from now on waits there, what came before is stored."""
    last_seq = monitor.store.last_seq
    resumed = after if after is not None and after <= last_seq else None
    hello = {
        "protocol": PROTOCOL,
        "version": VERSION,
        "store_id": monitor.store.store_id,
        "last_seq": last_seq,
        "resumed_from": resumed,
        "streams": [stream_of(one, monitor.pairs.numbers(one)).model_dump() for one in monitor.sessions.values()],
        "tests": [
            monitor.reporter.shape(run, monitor.sessions.get(run.session_id)).model_dump()
            for run in monitor.tests.under_way.values()
        ],
        "alerts": [monitor.alerts.shape(alert).model_dump() for alert in monitor.alerts.open.values()],
        "notices": [
            notice_shape(notice).model_dump() for notice in monitor.care.open.values() if notice.level != "unseen"
        ],
    }
    numbers = {session.plan.id: session.stream_no for session in monitor.sessions.values()}
    await socket.send_text(message("hello", hello))
    if resumed is not None:
        async for stored in _missed(monitor, resumed, last_seq):
            await socket.send_text(_event_text(stored, numbers.get(stored.session_id)))
    while True:
        waiting = client.take()
        if waiting is None:
            await client.wait()
        elif isinstance(waiting, str):
            await socket.send_text(waiting)
        else:
            await socket.send_bytes(waiting)


async def _missed(monitor: Monitor, after: int, last_seq: int) -> AsyncIterator[StoredEvent]:
    """Events after `after` up to `last_seq`, from the database, once all of them are there."""
    await monitor.store.flush()
    while after < last_seq:
        page = await asyncio.to_thread(monitor.store.events, after_seq=after, up_to_seq=last_seq, limit=CATCH_UP_PAGE)
        for stored in page:
            yield stored
        if len(page) < CATCH_UP_PAGE:
            return
        after = page[-1].seq


def _event_text(stored: StoredEvent, stream_no: int | None) -> str:
    fields: dict[str, Any] = {"seq": stored.seq, "session_id": stored.session_id, "stream_no": stream_no}
    return message("event", {**fields, "event": dict(stored.event)})


async def _close(socket: WebSocket) -> None:
    if socket.application_state is WebSocketState.CONNECTED and socket.client_state is WebSocketState.CONNECTED:
        with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):  # it may be gone by now, or never read again
            await asyncio.wait_for(socket.close(OVERFLOW_CODE, OVERFLOW_REASON), CLOSE_PATIENCE_S)
