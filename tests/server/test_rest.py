import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from sensing.recording import Facts, read_recording
from server.app import create_app
from server.monitor import Monitor
from server.packing import records_of
from server.playing import import_recording
from server.wire import unframed, unpack_waveform
from tests.server.people import walker
from tests.server.running import TIMEOUT_S, Running, running


@dataclass
class Api:
    """A server with one finished session and one in progress."""

    server: Running
    client: httpx.AsyncClient
    finished: str
    present: str


@pytest.fixture
async def api(monitor: Monitor) -> AsyncIterator[Api]:
    await import_recording(monitor, walker(20.0, name="anna_walks"), simulated=True)
    finished = monitor.store.sessions(1)[1][0].id
    session = monitor.open_session("Bert", Facts("waist"), "GaitIMU 2")
    session.on_status({"state": "streaming", "reason": "Streaming.", "attempt": 0, "rssi": -60})
    for record in records_of(walker(10.0)):
        monitor.receive(session, record)
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url) as client:
        yield Api(server, client, finished, session.plan.id)


async def test_status_and_sensors_say_what_is_going_on(api: Api) -> None:
    status = (await api.client.get("/api/status")).json()
    assert status["mode"] == "serve"
    assert status["sensors"] == 1
    assert status["last_seq"] > 0
    (sensor,) = (await api.client.get("/api/sensors")).json()
    assert sensor["session_id"] == api.present
    assert sensor["state"] == "streaming"
    assert sensor["rssi"] == -60
    assert sensor["counters"]["samples"] == 1000
    assert sensor["clock"]["kind"] == "device"


async def test_the_list_shows_the_latest_first_and_those_in_progress_with_their_present_numbers(api: Api) -> None:
    listed = (await api.client.get("/api/sessions")).json()
    assert listed["total"] == 2
    assert [item["id"] for item in listed["items"]] == [api.present, api.finished]
    live, finished = listed["items"]
    assert (live["state"], live["ended_at"], live["simulated"]) == ("live", None, False)
    assert live["duration_s"] == pytest.approx(10.0, abs=0.1)
    assert (finished["state"], finished["label"], finished["simulated"]) == ("finished", "Anna walks", True)
    assert finished["steps"] > 20
    page = (await api.client.get("/api/sessions", params={"limit": 1, "offset": 1})).json()
    assert [item["id"] for item in page["items"]] == [api.finished]


async def test_a_session_shows_facts_counters_and_gaps(api: Api) -> None:
    detail = (await api.client.get(f"/api/sessions/{api.finished}")).json()
    assert detail["facts"]["position"] == "lower_back"
    assert detail["facts"]["simulated"] is True
    assert detail["rate_hz"] == 100.0
    assert detail["has_gyroscope"] is True
    assert detail["gap_list"] == []
    live = (await api.client.get(f"/api/sessions/{api.present}")).json()
    assert live["counters"]["packets"] == 100


async def test_the_events_of_a_session_come_by_page_and_kind(api: Api) -> None:
    whole = (await api.client.get(f"/api/sessions/{api.finished}/events")).json()
    seqs = [one["seq"] for one in whole["events"]]
    assert seqs == sorted(seqs)
    assert whole["last_seq"] == seqs[-1]
    path = f"/api/sessions/{api.finished}/events"
    first = (await api.client.get(path, params={"limit": 3})).json()
    rest = (await api.client.get(path, params={"after_seq": first["last_seq"]})).json()
    assert first["events"] + rest["events"] == whole["events"]
    steps = (await api.client.get(path, params={"kind": "step"})).json()["events"]
    assert steps == [one for one in whole["events"] if one["event"]["kind"] == "step"]
    everything = (await api.client.get("/api/events", params={"after": 0})).json()["events"]
    assert {one["session_id"] for one in everything} == {api.finished, api.present}


async def test_the_recording_is_a_contract_parquet_and_the_waveform_covers_it(api: Api, tmp_path: Path) -> None:
    answer = await api.client.get(f"/api/sessions/{api.finished}/recording")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    target = tmp_path / "a.parquet"
    target.write_bytes(answer.content)
    assert b"surefoot" in pq.read_metadata(target).metadata
    assert read_recording(target).time_s.size == 2000
    content = (await api.client.get(f"/api/sessions/{api.finished}/waveform")).content
    frames = [unpack_waveform(frame) for _, frame in unframed(content)]
    assert sum(len(frame.acc_body_mps2) for frame in frames) > 1950
    part = (await api.client.get(f"/api/sessions/{api.finished}/waveform?start_s=4&end_s=5")).content
    assert 0 < len(part) < len(content) / 10
    assert part in content


async def test_the_numbers_over_time_end_where_the_summary_says(api: Api) -> None:
    numbers = (await api.client.get(f"/api/sessions/{api.finished}/numbers")).json()
    summary = (await api.client.get(f"/api/sessions/{api.finished}")).json()
    assert numbers["time_s"][:3] == [0.0, 0.5, 1.0]
    per_change = ("rolling", "sides", "pair")
    assert len({len(column) for name, column in numbers.items() if name not in per_change}) == 1
    assert numbers["steps"][0] == 0
    assert numbers["steps"][-1] == summary["steps"]
    assert numbers["walking"][20] is True
    assert numbers["cadence_spm"][20] == pytest.approx(108, abs=4)
    assert numbers["cadence_spm"][0] is None


async def test_a_session_can_be_stopped_once_and_its_recording_is_there_then(api: Api) -> None:
    assert (await api.client.get(f"/api/sessions/{api.present}/recording")).status_code == 409
    remark = {"kind": "remark", "text": "Has a cold."}
    assert (await api.client.post(f"/api/sessions/{api.present}/notes", json=remark)).status_code == 204
    stopped = await api.client.post(f"/api/sessions/{api.present}/stop")
    assert stopped.status_code == 200
    assert stopped.json()["state"] == "finished"
    assert (await api.client.get(f"/api/sessions/{api.present}/recording")).status_code == 200
    again = await api.client.post(f"/api/sessions/{api.present}/stop")
    assert again.status_code == 409
    assert "ended already" in again.json()["detail"]
    assert (await api.client.get("/api/sensors")).json() == []


@pytest.mark.parametrize("below", ["", "/events", "/recording", "/waveform", "/numbers"])
async def test_a_session_that_is_not_there_is_a_404_with_a_sentence(api: Api, below: str) -> None:
    answer = await api.client.get(f"/api/sessions/nobody{below}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no session nobody."


async def test_prometheus_can_read_the_metrics(api: Api) -> None:
    values: dict[str, str] = {}
    async with asyncio.timeout(TIMEOUT_S):
        while 'surefoot_sensors{state="streaming"}' not in values:  # counted once a second
            lines = (await api.client.get("/metrics")).text.splitlines()
            values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
            await asyncio.sleep(0.05)
    assert float(values["surefoot_packets_total"]) == 100
    assert float(values["surefoot_samples_total"]) == 1000
    assert float(values['surefoot_sensors{state="streaming"}']) == 1
    assert float(values['surefoot_events_total{kind="step"}']) > 8
    assert float(values["surefoot_packet_to_publish_seconds_count"]) == 100


async def test_pages_come_from_the_build_and_unknown_ones_from_its_index(monitor: Monitor, tmp_path: Path) -> None:
    static = tmp_path / "dist"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<p>the page</p>")
    (static / "assets" / "a.js").write_text("1")
    (tmp_path / "secret.txt").write_text("do not tell")
    async with running(monitor, static=static) as server, httpx.AsyncClient(base_url=server.url) as client:
        for path in ("/", "/sessions", "/sessions/20261121-090000-1f2e3d"):
            assert (await client.get(path)).text == "<p>the page</p>"
        script = await client.get("/assets/a.js")
        assert "immutable" in script.headers["cache-control"]
        assert (await client.get("/assets/b.js")).status_code == 404
        assert (await client.get("/api/nothing")).status_code == 404
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"):
            assert "do not tell" not in (await client.get(path)).text


async def test_a_missing_build_says_how_to_make_it(monitor: Monitor, tmp_path: Path) -> None:
    async with running(monitor, static=tmp_path) as server, httpx.AsyncClient(base_url=server.url) as client:
        answer = await client.get("/")
        assert answer.status_code == 503
        assert "make dashboard" in answer.text


async def test_every_answer_keeps_to_the_openapi_description(api: Api) -> None:
    """Schemathesis invents requests from the description; status, headers and body of each answer must be described."""
    schema = schemathesis.openapi.from_dict(create_app(api.server.monitor).openapi())
    bounded = settings(
        max_examples=8,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    def all_of_them() -> int:
        tried = 0
        for result in schema.get_all_operations():
            operation = result.ok()

            @bounded
            @given(case=operation.as_strategy())
            def one(case: schemathesis.Case) -> None:
                nonlocal tried
                if "session_id" in case.path_parameters and tried % 2:
                    case.path_parameters["session_id"] = api.finished
                tried += 1
                answer = case.call(base_url=api.server.url)
                assert answer.status_code < 500
                case.validate_response(answer)

            one()
        return tried

    assert await asyncio.to_thread(all_of_them) > 50
