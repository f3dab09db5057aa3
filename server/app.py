"""The web application around a monitor."""

from pathlib import Path

from fastapi import FastAPI

from dashboard import STATIC
from server import VERSION
from server.auth import Gate
from server.monitor import Monitor
from server.routers.alerts import alerts_router
from server.routers.care import care_router
from server.routers.links import links_router
from server.routers.live import live_router
from server.routers.login import login_router
from server.routers.notices import notices_router
from server.routers.pages import pages_router
from server.routers.people import people_router
from server.routers.sessions import sessions_router
from server.routers.status import machine_router, status_router
from server.routers.tests import tests_router

DESCRIPTION = """Sessions, sensors, events and recordings of a Surefoot server.

Times are seconds of the session (`time_s`), times of day ISO 8601 in UTC, lengths metres, angles radians. What could
not be measured is `null`. Events have the shape of CONTRACT.md §3 and carry a sequence number that grows over all
sessions; the WebSocket `/api/live?after=SEQ` goes on where a page left off."""


def create_app(
    monitor: Monitor, token: str | None = None, static: Path = STATIC, *, public_url: str | None = None
) -> FastAPI:
    """The application; `monitor` is opened and closed by the caller. `public_url`: as others know it."""
    app = FastAPI(
        title="Surefoot",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(status_router(monitor))
    app.include_router(sessions_router(monitor))
    app.include_router(people_router(monitor))
    app.include_router(tests_router(monitor))
    app.include_router(alerts_router(monitor))
    app.include_router(care_router(monitor))
    app.include_router(notices_router(monitor))
    app.include_router(links_router(monitor.delivery))
    app.include_router(login_router(token))
    app.include_router(live_router(monitor))
    app.include_router(machine_router(monitor))
    app.include_router(pages_router(static))
    app.add_middleware(Gate, token=token, public_url=public_url)
    return app
