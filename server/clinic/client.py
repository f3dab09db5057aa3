"""A program's way to a Surefoot that runs: its REST API, and the messages about one test from its WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

PATIENCE_S = 30.0
Json = dict[str, Any]


class RefusedError(Exception):
    """The server said no; the text is its sentence."""


class UnreachableError(Exception):
    """No Surefoot answers there; the text is a sentence with the remedy."""


class Client:
    """`url` such as http://127.0.0.1:8000, `token` where one is needed."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def get(self, path: str) -> Any:
        """Raises RefusedError, UnreachableError."""
        return await asyncio.to_thread(self._call, "GET", path, None)

    async def post(self, path: str, body: Json | None = None) -> Any:
        """Raises RefusedError, UnreachableError."""
        return await asyncio.to_thread(self._call, "POST", path, body or {})

    async def runs(self, run_id: str) -> AsyncIterator[Json]:
        """How a run is, each time that it is told. Raises UnreachableError when the server is gone."""
        address = self.url.replace("http", "ws", 1) + "/api/live"
        try:
            async with connect(address, compression=None, max_queue=None, additional_headers=self._headers) as socket:
                async for said in socket:
                    for run in _told(said):
                        if run["id"] == run_id:
                            yield run
        except (OSError, ConnectionClosed, InvalidHandshake) as error:
            raise UnreachableError(f"The Surefoot at {self.url} has gone ({error}).") from error
        raise UnreachableError(f"The Surefoot at {self.url} has ended.")

    def _call(self, method: str, path: str, body: Json | None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = {**self._headers, "Content-Type": "application/json"}
        request = Request(self.url + path, content, headers, method=method)
        try:
            with urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)
        except HTTPError as error:
            raise RefusedError(_detail(error)) from error
        except (URLError, OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise UnreachableError(
                f"No Surefoot answers at {self.url} ({reason}). Start one (`surefoot live`), say where it is (--url), "
                "or let this command look for the sensor itself (--sensor)."
            ) from error


def _told(said: str | bytes) -> list[Json]:
    """The runs that a message is about."""
    if isinstance(said, bytes):
        return []
    message: Json = json.loads(said)
    if message["type"] == "hello":
        return list(message["tests"])
    return [message["test"]] if message["type"] == "test" else []


def _detail(error: HTTPError) -> str:
    try:
        detail = json.load(error)["detail"]
    except (ValueError, KeyError, TypeError):
        return f"{error.url}: {error.reason}"
    return detail if isinstance(detail, str) else "; ".join(str(one.get("msg")) for one in detail)
