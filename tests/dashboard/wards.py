"""A Surefoot in this process, on a real port and a virtual radio, whose sensors a test may silence and wake."""

import asyncio
import json
import threading
import time
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dsp.events import Event
from dsp.pipeline import Pipeline
from sensing.ble import Radio
from sensing.recording import Recording
from sensing.simulator.activities import Activity, Fall, Stand, Walk
from sensing.simulator.samples import ANNA, MOVESENSE
from sensing.simulator.simulate import simulate
from sensing.virtual.radio import VirtualRadio
from sensing.virtual.sensor import VirtualSensor
from server.alerts.care_plan import iso
from server.care.notice import Notice
from server.care.shapes import notice_shape
from server.demo import sensor_for, wish_for
from server.live import watch_sensors
from server.monitor import Monitor, SessionOptions
from server.wire import message
from tests.server.running import running

STARTS_WITHIN_S = 120.0
STANDS_S = 900.0
# Nobody listens at these addresses: what is told fails, and that is shown.
CARE_OF_ANNA: dict[str, Any] = {
    "person": "Anna",
    "prompt_s": 60,
    "observe_s": 0,
    "tell_simulated": True,
    "contacts": [
        {"id": "ben", "name": "Ben", "wait_s": 600, "channels": [{"id": "x", "url": "webhook+http://127.0.0.1:9/x?secret=0123456789abcdef0123"}]},
        {"id": "cleo", "name": "Cleo", "wait_s": 600, "channels": [{"id": "y", "url": "webhook+http://127.0.0.1:9/y?secret=0123456789abcdef0123"}]},
    ],
}  # fmt: skip


# Anna, who stands and sways as people do; and Anna who walks, falls forward and lies.
STANDING: tuple[Activity, ...] = (Stand(STANDS_S),)
FALLING: tuple[Activity, ...] = (Stand(15.0), Walk((8.0,), interrupted=True), Fall(lying_s=STANDS_S))


def recorded(script: tuple[Activity, ...]) -> Recording:
    return simulate(script, ANNA, sensor=MOVESENSE, seed=3).recording("anna")


class Ward:
    """Anna, a sensor at her lower back, stands for as long as the tests take, or does what a script says."""

    def __init__(self, folder: Path, script: tuple[Activity, ...] = STANDING) -> None:
        self._script = script
        self.url = ""
        self._folder = folder
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), name="ward", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._sensor: VirtualSensor | None = None
        self._monitor: Monitor | None = None
        self._problem: BaseException | None = None

    def start(self) -> None:
        """Returns when the sensor streams."""
        self._thread.start()
        if not self._ready.wait(STARTS_WITHIN_S) or self._problem is not None:
            raise RuntimeError("the ward did not start") from self._problem
        give_up = time.monotonic() + STARTS_WITHIN_S
        while [sensor["state"] for sensor in self.get("/api/sensors")] != ["streaming"]:
            if time.monotonic() > give_up:
                raise RuntimeError("the ward's sensor does not stream")
            time.sleep(0.2)

    def stop(self) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def silence(self) -> None:
        """The sensor sends nothing more; its link stays up."""
        self._tell("stall")

    def wake(self) -> None:
        self._tell("resume")

    def fall(self) -> None:
        """Anna's detectors report a fall at this moment."""

        def report() -> None:
            assert self._monitor is not None
            (session,) = self._monitor.sessions.values()
            at_s = session.last_sample_s or 0.0
            fields: dict[str, Any] = {"confidence": 0.9, "impact_mps2": 38.0, "lying_s": None}
            event = Event("fall", round(at_s - 2.7, 3), at_s, fields=fields)
            self._monitor.event(session, session.events, event)
            session.events += 1

        if self._loop is None:
            raise RuntimeError("the ward was not started")
        self._loop.call_soon_threadsafe(report)

    def notice(self, number: int, **more: Any) -> None:
        """The live connection tells of something technical about Anna's sensor, that a person has to hear of."""
        assert self._loop is not None
        assert self._monitor is not None
        at = iso(datetime.now(UTC))
        session_id = self.session_id
        told = Notice(
            f"notice-{number}", f"{number}", "no_data", "Anna", session_id, True, "Words.", at, 0.0, 0.0, "person"
        )
        shown = notice_shape(replace(told, **more)).model_dump()
        self._loop.call_soon_threadsafe(self._monitor.hub.event, message("notice", {"notice": shown}))

    def get(self, path: str) -> Any:
        """The JSON of a REST address."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def send(self, path: str, body: object, method: str = "POST") -> Any:
        """The JSON that a REST address answers to this JSON."""
        headers = {"Content-Type": "application/json"}
        wish = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(wish, timeout=30) as answer:
            return json.load(answer)

    @property
    def session_id(self) -> str:
        return str(self.get("/api/sensors")[0]["session_id"])

    def _tell(self, what: str) -> None:
        if self._loop is None or self._sensor is None:
            raise RuntimeError("the ward was not started")
        self._loop.call_soon_threadsafe(getattr(self._sensor, what))

    async def _live(self) -> None:
        try:
            await self._watch()
        except BaseException as problem:
            self._problem = problem
            raise
        finally:
            self._ready.set()

    async def _watch(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        anna = await asyncio.to_thread(recorded, self._script)
        await asyncio.to_thread(Pipeline.warm)
        async with VirtualRadio() as air:
            options = SessionOptions(clock=air.clock)
            async with Monitor(self._folder / "data", "demo", options=options) as monitor, running(monitor) as server:
                self.url, self._monitor = server.url, monitor
                self._sensor = await air.add(sensor_for(anna, 1))
                radio = Radio(air.backend, clock=air.clock)
                wish = wish_for(anna, self._sensor)
                watching = asyncio.create_task(
                    watch_sensors(monitor, radio, [wish], self._stop, idle_close_s=1e9, clock=air.clock)
                )
                self._ready.set()
                await watching
