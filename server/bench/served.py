"""A real Surefoot in a process of its own, that can be killed in the middle of anything."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

START_LIMIT_S = 90.0


class ServedError(Exception):
    """The server did not do what a bench needs of it."""


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


class Served:
    """`surefoot COMMAND` on a data directory; the same port after each start, so that links stay good."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *command: str) -> None:
        """Returns when it answers. Raises ServedError."""
        own = ["--port", str(self.port), "--data-dir", str(self.folder), "--log-level", "error"]
        environment = {**os.environ, "SUREFOOT_SETTINGS": str(self.folder / "none.toml")}
        with (self.folder / "console.txt").open("ab") as console:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server.cli", *command, *own], env=environment, stdout=console, stderr=console
            )
        until_s = time.monotonic() + START_LIMIT_S
        while time.monotonic() < until_s:
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.02)
            if self._process.poll() is not None:
                break
        raise ServedError(f"{command} did not start: {(self.folder / 'console.txt').read_text()[-2000:]}")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """As a power cut does, but that what was written stays with the system."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def ask(self, method: str, path: str, content: object = None) -> tuple[int, Any]:
        """(status, JSON or text). Raises OSError when it is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20.0)
        try:
            body = None if content is None else json.dumps(content)
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            text = answer.read().decode()
            is_json = "json" in answer.headers.get("content-type", "")
            return answer.status, json.loads(text) if is_json else text
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
