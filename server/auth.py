"""Who may look: a token (header or cookie) where one is set, and only pages of this very server."""

import hmac
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from server.settings import is_loopback

COOKIE = "surefoot_token"
OPEN_PATHS = frozenset({"/healthz", "/api/login", "/api/logout"})
GUARDED_PATHS = ("/api/", "/metrics")
LINKS = "/a/"
LOGIN_NEEDED_CODE = 4401
FOREIGN_CODE = 4403
LOGIN_NEEDED = "Log in first: send the server's token to /api/login, or as `Authorization: Bearer TOKEN`."
SECURITY_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        b"frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


def same_token(given: str | None, wanted: str) -> bool:
    """Compared in constant time."""
    return given is not None and hmac.compare_digest(given.encode(), wanted.encode())


def token_in(headers: Headers) -> str | None:
    """The token that a request carries: `Authorization: Bearer`, else the cookie."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials:
        return credentials.strip()
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return cookie.value if cookie else None


def host_of(netloc: str) -> str:
    """The name in a Host header or an origin, without port."""
    return urlsplit(f"//{netloc}").hostname or ""


class Gate:
    """ASGI middleware in front of everything.

    Without a token the server is open, but only under a loopback name: a page elsewhere that points its own host name
    at 127.0.0.1 (DNS rebinding) is refused. Whatever the token, a browser's request that changes something, and every
    WebSocket, must come from a page of this server (Origin equals Host). The pages behind the links of alarm messages
    may also be asked for, without a token, under the name that the links have: `public_url`.
    """

    def __init__(self, app: ASGIApp, token: str | None, public_url: str | None = None) -> None:
        self._app = app
        self._token = token
        self._public = urlsplit(public_url or "").netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._foreign(scope, headers)
        if refusal is not None:
            await _refuse(scope, receive, send, 403, FOREIGN_CODE, refusal)
        elif self._guarded(scope["path"]) and not self.allows(headers):
            await _refuse(scope, receive, send, 401, LOGIN_NEEDED_CODE, LOGIN_NEEDED)
        else:
            await self._app(scope, receive, _with_security_headers(send))

    def allows(self, headers: Headers) -> bool:
        """Whether these headers carry the token, where one is needed."""
        return self._token is None or same_token(token_in(headers), self._token)

    def _guarded(self, path: str) -> bool:
        return path not in OPEN_PATHS and path.startswith(GUARDED_PATHS)

    def _foreign(self, scope: Scope, headers: Headers) -> str | None:
        host = headers.get("host", "")
        public = self._public if scope["path"].startswith(LINKS) else ""
        known = is_loopback(host_of(host)) or (public and host_of(host) == host_of(public))
        if self._token is None and not known:
            return f"This server answers on this machine only, not as {host_of(host) or 'a host without a name'}."
        origin = headers.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if changes and origin is not None and urlsplit(origin).netloc not in {host, public or host}:
            return f"A page from {origin} may not use this server."
        return None


def _with_security_headers(send: Send) -> Callable[..., Awaitable[None]]:
    async def wrapped(event: dict[str, object]) -> None:
        if event["type"] == "http.response.start":
            event["headers"] = [*event.get("headers", ()), *SECURITY_HEADERS]  # type: ignore[misc]
        await send(event)

    return wrapped


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, code: int, text: str) -> None:
    if scope["type"] == "http":
        await JSONResponse({"detail": text}, status)(scope, receive, send)
        return
    await receive()  # the connect event; accepted and closed at once, as a browser cannot read a refused handshake
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code, "reason": text[:120]})
