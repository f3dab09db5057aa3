"""Surefoot servers as processes of their own, which a test may stop, wake, kill and start again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 240.0  # a busy machine compiles the detectors for minutes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`surefoot COMMAND` on a port and a data folder that survive a restart."""

    def __init__(self, command: str, folder: Path, *options: str, settings: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._command = [sys.executable, "-m", "server.cli", command, *options, "--port", str(self.port)]
        self._command += ["--data-dir", str(folder / "data")]
        self._is_demo = command == "demo"
        if self._is_demo:
            self._command.append("--no-browser")
        self._environment = {**os.environ, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers, and a demo when it streams; raises with what it printed when it does not."""
        output = self._folder / "output.txt"
        with output.open("ab") as sink:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=sink, stderr=subprocess.STDOUT
            )
        give_up = time.monotonic() + STARTS_WITHIN_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.stop()
                raise RuntimeError(f"the server did not start:\n{output.read_text()[-2000:]}")
            time.sleep(0.2)

    def _is_ready(self) -> bool:
        try:
            if not self._is_demo:
                return self.get("/api/login") is not None
            states = [sensor["state"] for sensor in self.get("/api/sensors")]
        except (urllib.error.URLError, OSError):
            return False
        return bool(states) and set(states) == {"streaming"}

    def get(self, path: str) -> Any:
        """The JSON of a REST address."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def send(self, method: str, path: str, body: object) -> Any:
        """The JSON that a REST address answers to this JSON."""
        headers = {"Content-Type": "application/json"}
        wish = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(wish, timeout=30) as answer:
            return json.load(answer)

    def person(self, name: str, **facts: object) -> int:
        """The id of the person with this name, added where there is none yet."""
        known = {person["name"]: person["id"] for person in self.get("/api/people")["items"]}
        return int(known.get(name) or self.send("POST", "/api/people", {"name": name, **facts})["id"])

    def freeze(self) -> None:
        """Stops the process where it stands; its connections stay open and say nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """As a power cut would."""
        self._signal(signal.SIGKILL)
        self._wait()

    def stop(self) -> None:
        """Ends it in order, or without when it was ended already."""
        if self._process is None or self._process.poll() is not None:
            return
        self.thaw()
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: int) -> None:
        if self._process is None:
            raise RuntimeError("the server was not started")
        self._process.send_signal(number)

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait(30)
