"""A real HTTP server on loopback that takes alerts, and fails as often as it is told."""

import json
import random
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Got:
    """One request: when, where, what, and what it was answered."""

    at_s: float  # time.monotonic, which all processes of a machine share
    wall_s: float
    path: str
    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key")

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Sink:
    """Answers `status`, but for the fraction `fails` 503. What `hangs_s` is answered so much later."""

    fails: float = 0.0
    seed: int = 1
    status: int = 200
    hangs_s: float = 0.0
    port: int = 0
    got: list[Got] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._random = random.Random(self.seed)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sink", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/") -> str:
        """A webhook channel to this sink."""
        return f"webhook+http://127.0.0.1:{self.port}{path}?secret={SECRET}"

    @property
    def accepted(self) -> list[Got]:
        """What was answered with success."""
        return [one for one in self.got if 200 <= one.status < 300]

    def wait_for(self, enough: int, limit_s: float) -> bool:
        """Until so many were accepted; False when they were not in time."""
        until_s = time.monotonic() + limit_s
        while len(self.accepted) < enough:
            if time.monotonic() > until_s:
                return False
            time.sleep(0.005)
        return True

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """What to answer; a hang ends when the sink does."""
        if self.hangs_s:
            self._stopping.wait(self.hangs_s)
        with self._lock:
            status = 503 if self._random.random() < self.fails else self.status
            self.got.append(Got(time.monotonic(), time.time(), path, headers, body, status))
        return status


SECRET = "the-secret-of-the-sink"


def _handler(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            self._answer(sink.take(self.path, _lower(self.headers), body))

        def do_GET(self) -> None:
            self._answer(sink.take(self.path, _lower(self.headers), b""))

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing on the console."""

    return Handler


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
