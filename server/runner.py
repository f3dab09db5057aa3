"""Binds the port, runs uvicorn until Ctrl-C, and ends in order."""

import asyncio
import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

SEND_BUFFER_BYTES = 256 * 1024  # a page that stalls falls back at most this far behind what the hub still holds
NEXT_PORTS = 20
GRACE_S = 3


class PortError(Exception):
    """The address cannot be listened on; the text is a sentence with the remedy."""


def bind(host: str, port: int, *, or_next: bool = False) -> socket.socket:
    """A listening socket. With `or_next`, the next free one of the following ports. Raises PortError."""
    last: OSError | None = None
    for candidate in range(port, port + (NEXT_PORTS if or_next and port else 1)):
        try:
            return _bind(host, candidate)
        except OSError as error:
            last = error
            if error.errno != errno.EADDRINUSE:
                break
    assert last is not None
    if last.errno == errno.EADDRINUSE:
        raise PortError(
            f"Port {port} of {host} is in use, perhaps by another Surefoot. Choose another one: --port {port + 1}."
        ) from last
    if last.errno == errno.EACCES:
        raise PortError(f"Port {port} may not be used without special rights. Choose one above 1023.") from last
    raise PortError(f"{host} port {port} cannot be listened on: {last.strerror or last}. Check --host.") from last


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        bound.bind(address)
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


def url_of(bound: socket.socket) -> str:
    """What to type into a browser."""
    host, port = bound.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


class _Quiet(uvicorn.Server):
    """uvicorn without its own signal handlers: the caller decides when to end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening.set()

    async def ready_or_done(self, serving: asyncio.Task[None]) -> None:
        """Until requests are answered, or `serving` has ended without."""
        listening = asyncio.create_task(self._listening.wait(), name="listening")
        await asyncio.wait({listening, serving}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    app: FastAPI, bound: socket.socket, stop: asyncio.Event, on_ready: Callable[[], None] | None = None
) -> None:
    """Serve until `stop` is set; open pages are then told that the service restarts (1012). `on_ready` runs once."""
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = _Quiet(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]), name="uvicorn")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        await server.ready_or_done(serving)
        if on_ready is not None and not serving.done():
            on_ready()
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        server.should_exit = True
        await serving
