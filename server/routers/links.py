"""/a/TOKEN: the page behind the link in an alarm message. Needs no log-in: the token is the right to take the alarm."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from server.alerts.limiter import MissLimiter
from server.alerts.link_page import EXPIRED, TOO_MANY, UNKNOWN, LinkPage, LinkView, page_for
from server.alerts.links import PATH, hash_of, is_token

log = structlog.get_logger("links")

NEVER_KEPT = {"cache-control": "no-store", "x-robots-tag": "noindex"}


class Alarms(Protocol):
    """What the page asks of whoever keeps the alarms."""

    def message_of_link(self, link_hash: str) -> Mapping[str, Any] | None:
        """The message with this link: alert_id, contact_name, link_until. Reads the database."""

    def view(self, alert_id: str) -> LinkView | None:
        """How the alarm stands. Reads the database."""

    async def acknowledge(self, alert_id: str, by: str, via: str) -> None:
        """Somebody takes it."""


def links_router(alarms: Alarms) -> APIRouter:
    """The page, and the one tap. Only POST takes an alarm: mail scanners and previews follow every link."""
    router = APIRouter(include_in_schema=False)
    limiter = MissLimiter(time.monotonic)

    def found(token: str) -> tuple[Mapping[str, Any], LinkView] | tuple[LinkPage, int]:
        message = alarms.message_of_link(hash_of(token)) if is_token(token) else None
        if message is None:
            return UNKNOWN, 404
        if datetime.fromisoformat(message["link_until"]) < datetime.now(UTC):
            return EXPIRED, 410
        view = alarms.view(message["alert_id"])
        return (UNKNOWN, 404) if view is None else (message, view)

    def missed(request: Request, page: LinkPage, status: int) -> Response:
        address = request.client.host if request.client else ""
        if status == 404 and limiter.missed(address):
            log.warning("many wrong links", address=address)
            return _shown(TOO_MANY, 429)
        return _shown(page, status)

    @router.api_route(PATH + "{token}", methods=["GET", "HEAD"])
    async def look(request: Request, token: str) -> Response:
        what, more = await asyncio.to_thread(found, token)
        if isinstance(what, LinkPage):
            assert isinstance(more, int)
            return missed(request, what, more)
        assert isinstance(more, LinkView)
        return _shown(page_for(more, what["contact_name"]), 200)

    @router.post(PATH + "{token}")
    async def take(request: Request, token: str) -> Response:
        what, more = await asyncio.to_thread(found, token)
        if isinstance(what, LinkPage):
            assert isinstance(more, int)
            return missed(request, what, more)
        assert isinstance(more, LinkView)
        if more.taken_by is None and not more.over:
            await alarms.acknowledge(what["alert_id"], what["contact_name"], "link")
        return RedirectResponse(PATH + token, 303, NEVER_KEPT)  # so that going back or loading again sends nothing

    return router


def _shown(page: LinkPage, status: int) -> HTMLResponse:
    return HTMLResponse(page.html(), status, NEVER_KEPT)
