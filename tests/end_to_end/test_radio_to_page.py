"""Peripheral → virtual radio → Bleak → driver → intake → detectors → hub → WebSocket client, nothing replaced."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest

from dsp.pipeline import Pipeline
from sensing.ble import Radio
from sensing.recording import read_recording
from sensing.virtual.catalogue import virtual_sensor
from sensing.virtual.faults import Faults, GilbertElliott
from sensing.virtual.radio import VirtualRadio
from sensing.virtual.sensor import VirtualSensor
from server.analyze import result_of
from server.closing import RECORDING_NAME
from server.demo import demo_people, sample_recordings, wish_for
from server.live import watch_sensors
from server.monitor import Monitor, SessionOptions
from tests.server.running import Page, Running, page, running

SPEED = 5.0


@dataclass
class Scene:
    """People on the air, and the server that watches them."""

    monitor: Monitor
    server: Running
    sensors: Sequence[VirtualSensor]
    stop: asyncio.Event
    watching: "asyncio.Task[None]"

    @property
    def session_id(self) -> str:
        return next(iter(self.monitor.sessions))


@asynccontextmanager
async def scene(
    tmp_path: Path, *, faults: Faults | None = None, people: int = 3, idle_close_s: float = 1e9
) -> AsyncIterator[Scene]:
    """The demo's people, five times as fast as life."""
    worn = demo_people(sample_recordings())[:people]
    drivers = ("movesense", "polar", "gaitimu")
    Pipeline.warm()
    async with VirtualRadio(speed=SPEED) as air:
        options = SessionOptions(clock=air.clock)
        async with Monitor(tmp_path / "data", "demo", options=options) as monitor, running(monitor) as server:
            sensors = [
                await air.add(virtual_sensor(driver, person, number=number, faults=faults))
                for number, (person, driver) in enumerate(zip(worn, drivers, strict=False))
            ]
            wishes = [wish_for(person, sensor) for person, sensor in zip(worn, sensors, strict=True)]
            stop = asyncio.Event()
            radio = Radio(air.backend, clock=air.clock)
            watching = asyncio.create_task(
                watch_sensors(monitor, radio, wishes, stop, idle_close_s=idle_close_s, clock=air.clock)
            )
            try:
                yield Scene(monitor, server, sensors, stop, watching)
            finally:
                stop.set()
                await watching


async def test_three_sensors_of_three_makes_are_seen_walking_on_the_live_page(tmp_path: Path) -> None:
    async with scene(tmp_path) as at, page(at.server.live(0)) as opened:

        def everybody_walks() -> bool:
            walked = {
                one["session_id"]: one["event"]["emitted_s"]
                for one in opened.of("event")
                if one["event"]["kind"] == "step"
            }
            return len(walked) == 3 and min(walked.values()) > 15

        await opened.read_until(lambda _: everybody_walks())
        streams = {one["stream"]["session_id"]: one["stream"] for one in opened.of("stream")}
        assert {one["sensor"]["driver"] for one in streams.values()} == {"movesense", "polar", "gaitimu"}
        assert {one["position"] for one in streams.values()} == {"lower_back", "chest", "pocket"}
        assert {one["state"] for one in streams.values()} == {"streaming"}
        assert all(one["simulated"] for one in streams.values())
        assert all(one["battery_percent"] == 77 for one in streams.values())
        assert all(one["counters"]["lost_samples"] == 0 for one in streams.values())
        assert {one["label"]: one["has_gyroscope"] for one in streams.values()} == {
            "Anna": True,
            "Bert": False,
            "Carla": True,
        }
        assert opened.seqs == sorted(set(opened.seqs))
        assert len(opened.frames) > 300
        async with httpx.AsyncClient(base_url=at.server.url) as client:
            sensors = (await client.get("/api/sensors")).json()
        assert {one["name"] for one in sensors} == {sensor.name for sensor in at.sensors}


async def test_live_is_batch_over_a_bad_radio_with_a_cut_link(tmp_path: Path) -> None:
    lossy = Faults(
        loss=GilbertElliott(enter=0.03, leave=0.4), duplicate_every=17, reorder_every=23, clock_error_ppm=80, seed=7
    )
    async with scene(tmp_path, faults=lossy, people=1) as at, page(at.server.live(0)) as opened:
        await opened.read_until(lambda p: any(e["event"]["emitted_s"] > 10 for e in p.of("event")))
        at.sensors[0].cut()
        await opened.read_until(lambda p: any(s["stream"]["counters"].get("reconnects") for s in p.of("stream")))
        back_s = at.monitor.sessions[at.session_id].now_s()
        await opened.read_until(lambda p: any(e["event"]["emitted_s"] > back_s + 8 for e in p.of("event")))
        session_id = at.session_id
        async with httpx.AsyncClient(base_url=at.server.url, timeout=30) as client:
            detail = (await client.post(f"/api/sessions/{session_id}/stop")).json()
            stored = (await client.get(f"/api/sessions/{session_id}/events", params={"limit": 10000})).json()["events"]
        await opened.read_until(lambda p: bool(p.of("gone")))
        recording = read_recording(at.monitor.directory_of(session_id) / RECORDING_NAME)
    batch = result_of(recording)["events"]
    assert [one["event"] for one in opened.of("event")] == [one["event"] for one in stored] == batch
    assert detail["state"] == "finished"
    assert detail["counters"]["reconnects"] == 1
    assert detail["counters"]["lost_samples"] > 0
    assert detail["counters"]["duplicate_packets"] > 0
    assert detail["counters"]["samples"] == recording.time_s.size
    assert detail["gaps"] == len(recording.gaps) > 1
    assert bool(np.all(np.diff(recording.time_s) > 0))


async def test_a_sensor_out_of_reach_is_shown_as_such_and_picked_up_again(tmp_path: Path) -> None:
    async with scene(tmp_path, people=1) as at, page(at.server.live(0)) as opened:
        await opened.read_until(lambda p: any(s["stream"]["state"] == "streaming" for s in p.of("stream")))
        at.sensors[0].vanish()
        await opened.read_until(lambda p: p.of("stream")[-1]["stream"]["state"] in ("scanning", "backing_off"))
        assert opened.of("stream")[-1]["stream"]["reason"]
        at.sensors[0].come_back()
        await opened.read_until(lambda p: p.of("stream")[-1]["stream"]["state"] == "streaming")
        assert len({s["stream"]["session_id"] for s in opened.of("stream")}) == 1, "it stays one wearing"


async def test_a_silent_sensor_is_reported_and_revived(tmp_path: Path) -> None:
    async with scene(tmp_path, people=1) as at, page(at.server.live(0)) as opened:
        await opened.read_until(lambda p: any(s["stream"]["last_sample_s"] for s in p.of("stream")))
        at.sensors[0].stall(until_subscribed=True)
        await opened.read_until(lambda p: p.of("stream")[-1]["stream"]["state"] in ("no_data", "stalled"))
        await opened.read_until(lambda p: p.of("stream")[-1]["stream"]["state"] == "streaming")


async def test_a_wearing_that_stays_silent_is_closed_and_the_next_sample_begins_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.live.IDLE_CHECK_S", 0.1)
    async with scene(tmp_path, people=1, idle_close_s=3.0) as at, page(at.server.live(0)) as opened:
        await opened.read_until(lambda p: any(s["stream"]["last_sample_s"] for s in p.of("stream")))
        first = at.session_id
        at.sensors[0].stall()
        await opened.read_until(lambda p: bool(p.of("gone")))
        assert opened.of("gone")[0]["session_id"] == first
        at.sensors[0].resume()

        def begun(seen: Page) -> bool:
            streams = [s["stream"] for s in seen.of("stream")]
            return any(s["session_id"] != first and s["counters"].get("samples") for s in streams)

        await opened.read_until(begun)
        second = at.monitor.sessions[at.session_id]
        assert second.first_sample_s == pytest.approx(0.0, abs=0.5), "the new wearing has a time of its own"
        assert second.plan.sensor_name == at.sensors[0].name
        assert at.monitor.store.session(first).state == "finished"  # type: ignore[union-attr]


async def test_stopping_a_session_disconnects_its_sensor_and_leaves_the_others(tmp_path: Path) -> None:
    async with scene(tmp_path, people=2) as at, page(at.server.live(0)) as opened:
        await opened.read_until(
            lambda p: len({s["stream"]["session_id"] for s in p.of("stream") if s["stream"]["last_sample_s"]}) == 2
        )
        first, second = at.monitor.sessions
        async with httpx.AsyncClient(base_url=at.server.url) as client:
            assert (await client.post(f"/api/sessions/{first}/stop")).status_code == 200
        await opened.read_until(lambda p: bool(p.of("gone")))
        assert opened.of("gone")[0]["session_id"] == first
        assert list(at.monitor.sessions) == [second]
        connections = at.sensors[0].connections
        await asyncio.sleep(0.5)
        assert at.sensors[0].connections == connections, "nobody connects to it again"
        assert at.monitor.sessions[second].state == "streaming"


@pytest.mark.parametrize("kind", ["session", "recording"])
async def test_what_was_recorded_plays_again_with_the_same_events(tmp_path: Path, kind: str) -> None:
    from server.playing import play, source_of

    async with scene(tmp_path, people=1) as at, page(at.server.live(0)) as opened:
        await opened.read_until(lambda p: any(e["event"]["emitted_s"] > 12 for e in p.of("event")))
        session_id = at.session_id
        await at.monitor.stop_session(at.monitor.sessions[session_id])
        first = [dict(one.event) for one in at.monitor.store.events(session_id=session_id)]
        named = session_id if kind == "session" else str(at.monitor.directory_of(session_id) / RECORDING_NAME)
        source = source_of(named, tmp_path / "data")
        session = await play(at.monitor, source, None)
        again = [dict(one.event) for one in at.monitor.store.events(session_id=session.plan.id)]
    assert again == first
    assert first
