"""/a/TOKEN: the page behind the link in an alarm message. Needs no log-in: the token is the right to take the alarm."""

import time
from datetime import UTC, datetime

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from server.alerts.delivery import Delivery, Held
from server.alerts.limiter import MissLimiter
from server.alerts.link_page import EXPIRED, TOO_MANY, UNKNOWN, LinkPage, page_for
from server.alerts.links import PATH, is_token

log = structlog.get_logger("links")

NEVER_KEPT = {"cache-control": "no-store", "x-robots-tag": "noindex"}


def links_router(delivery: Delivery) -> APIRouter:
    """The page, and the one tap. Only POST takes an alarm: mail scanners and previews follow every link."""
    router = APIRouter(include_in_schema=False)
    limiter = MissLimiter(time.monotonic)

    async def held(request: Request, token: str) -> Held | Response:
        """What the link opens, or the answer to one that opens nothing."""
        found = await delivery.held(token) if is_token(token) else None
        if found is not None:
            old = datetime.fromisoformat(found.until) < datetime.now(UTC)
            return _shown(EXPIRED, 410) if old else found
        address = request.client.host if request.client else ""
        if limiter.missed(address):
            log.warning("many wrong links", address=address)
            return _shown(TOO_MANY, 429)
        return _shown(UNKNOWN, 404)

    @router.api_route(PATH + "{token}", methods=["GET", "HEAD"])
    async def look(request: Request, token: str) -> Response:
        found = await held(request, token)
        return found if isinstance(found, Response) else _shown(page_for(found.view, found.contact), 200)

    @router.post(PATH + "{token}")
    async def take(request: Request, token: str) -> Response:
        found = await held(request, token)
        if isinstance(found, Response):
            return found
        if found.view.taken_by is None and not found.view.over:
            await delivery.take(found)
        return RedirectResponse(PATH + token, 303, NEVER_KEPT)  # so that loading the page again sends nothing

    return router


def _shown(page: LinkPage, status: int) -> HTMLResponse:
    return HTMLResponse(page.html(), status, NEVER_KEPT)
