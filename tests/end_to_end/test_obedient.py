"""A whole test of the clinic over the virtual radio: somebody who obeys, real bytes, the real detectors."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dsp.pipeline import Pipeline
from sensing.ble import Radio
from sensing.recording import read_recording
from sensing.virtual.radio import VirtualRadio
from sensing.virtual.sensor import VirtualSensor
from server.analyze import result_of
from server.closing import RECORDING_NAME
from server.demo import obedient_wish
from server.live import watch_sensors
from server.monitor import Monitor, SessionOptions
from server.ticking import ticks
from tests.server.running import Page, page, running

SPEED = 5.0
PATIENCE_S = 120.0  # of a machine that has other things to do as well


@dataclass
class Clinic:
    """A server that watches one person who obeys, and a page."""

    monitor: Monitor
    client: httpx.AsyncClient
    page: Page
    sensor: VirtualSensor

    @property
    def session_id(self) -> str:
        return next(iter(self.monitor.sessions))

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.client.post(f"/api/tests{path}", json=body or None)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def started(self, **wish: Any) -> str:
        """A test from its preparation to its countdown; the path of its run."""
        await self.page.read_until(lambda p: any((s["stream"]["last_sample_s"] or 0) > 12 for s in p.of("stream")))
        run = await self.post("", session_id=self.session_id, started_by="patient", **wish)
        path = f"/{run['id']}"
        await self.until(f"{path}/preflight", lambda found: found["ready"])
        await self.post(f"{path}/start")
        return path

    async def ended(self, path: str) -> dict[str, Any]:
        return await self.until(path, lambda found: found["state"] in ("done", "invalid", "aborted"))

    async def until(self, path: str, enough: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            async for _ in ticks(0.1):
                found = dict((await self.client.get(f"/api/tests{path}")).json())
                if enough(found):
                    return found
        raise AssertionError("ticks never end")


@asynccontextmanager
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    Pipeline.warm()
    async with VirtualRadio(speed=SPEED) as air:
        options = SessionOptions(clock=air.clock)
        async with Monitor(tmp_path / "data", "demo", options=options) as monitor, running(monitor) as server:
            wish, stop = await obedient_wish(air, 1), asyncio.Event()
            radio = Radio(air.backend, clock=air.clock)
            watching = asyncio.create_task(
                watch_sensors(monitor, radio, [wish], stop, idle_close_s=1e9, clock=air.clock)
            )
            try:
                async with page(server.live()) as opened, httpx.AsyncClient(base_url=server.url) as client:
                    yield Clinic(monitor, client, opened, air.sensors[0])
            finally:
                stop.set()
                await watching


@pytest.mark.parametrize(
    "wish",
    [{"protocol": "tug"}, {"protocol": "t25fw"}, {"protocol": "stance", "stance": "side_by_side", "hold_s": 10}],
    ids=lambda wish: wish["protocol"],
)
async def test_somebody_who_obeys_does_a_test_that_is_valid_and_live_is_batch(
    tmp_path: Path, wish: dict[str, Any]
) -> None:
    async with clinic(tmp_path) as at:
        run = await at.ended(await at.started(**wish))
        assert (run["state"], run["verdict"]) in (("done", "valid"), ("done", "attention")), run
        assert run["result"]["value"] is not None
        session_id = at.session_id
        await at.client.post(f"/api/sessions/{session_id}/stop", timeout=30.0)
        stored = [dict(one.event) for one in at.monitor.store.events(session_id=session_id)]
        recording = read_recording(at.monitor.directory_of(session_id) / RECORDING_NAME)
    assert result_of(recording)["events"] == stored
    assert run["event"] in stored


async def test_a_sensor_that_goes_out_of_reach_in_mid_test_pauses_it_and_then_ends_it_without_a_number(
    tmp_path: Path,
) -> None:
    async with clinic(tmp_path) as at:
        path = await at.started(protocol="stance", stance="side_by_side", hold_s=30)
        await at.until(path, lambda found: found["state"] == "running")
        at.sensor.vanish()
        run = await at.ended(path)
        assert (run["state"], run["verdict"]) == ("invalid", "invalid")
        assert run["reasons"] == ["The sensor was silent for more than five seconds."]
        assert run["event"] is None
        assert run["result"] is None
        await at.page.read_until(lambda p: any(one["test"]["state"] == "invalid" for one in p.of("test")))
        states = [one["test"]["state"] for one in at.page.of("test")]
        assert list(dict.fromkeys(states)) == ["preflight", "countdown", "running", "paused", "invalid"]
        at.sensor.come_back()
        again = await at.started(protocol="stance", stance="side_by_side", hold_s=10)
        assert (await at.ended(again))["state"] == "done", "the next test is none the worse for it"
