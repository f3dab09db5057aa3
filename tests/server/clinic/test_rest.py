"""The tests of the clinic over real HTTP and a real WebSocket."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.monitor import Monitor, SessionOptions
from tests.server.clinic.people import Hands, Worn, worn
from tests.server.running import Page, Running, page, running


@dataclass
class Api:
    """A server with Anna, who wears a sensor."""

    anna: Worn
    server: Running
    client: httpx.AsyncClient

    async def post(self, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
        answer = await self.client.post(f"/api/tests{path}", json=body or None)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def prepared(self, **wish: Any) -> dict[str, Any]:
        wish = {"protocol": "tug", "started_by": "patient", **wish}
        return await self.post("", 201, session_id=self.anna.session.plan.id, **wish)

    async def started(self) -> dict[str, Any]:
        run = await self.prepared()
        return await self.post(f"/{run['id']}/start")


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor, running(monitor) as server:
        anna = worn(monitor, clock)
        anna.wear(12.0)
        async with httpx.AsyncClient(base_url=server.url) as client:
            yield Api(anna, server, client)


async def test_the_catalogue_has_every_test_with_its_words_and_questions(api: Api) -> None:
    items = {one["id"]: one for one in (await api.client.get("/api/protocols")).json()["items"]}
    assert list(items) == ["tug", "6mwt", "2mwt", "10mwt", "t25fw", "chair_stand_30s", "chair_stand_5x", "stance"]
    assert items["tug"]["course_choices_m"] == [3.0, 7.0]
    assert items["tug"]["stances"] is None
    assert items["chair_stand_30s"]["course_choices_m"] is None
    assert [one["id"] for one in items["stance"]["stances"]][:2] == ["side_by_side", "semi_tandem"]
    dyspnoea = items["6mwt"]["before"][0]
    assert (dyspnoea["key"], dyspnoea["min"], dyspnoea["max"]) == ("borg_dyspnoea", 0, 10)
    assert dyspnoea["words"]["10"]
    assert {"key", "text", "say"} == set(items["6mwt"]["instructions"][0])


async def test_a_test_is_prepared_checked_started_watched_and_read_again(api: Api) -> None:
    async with page(api.server.live()) as opened:
        run = await api.prepared(before={}, variants={"walking_aid": "cane"}, course_length_m=3)
        assert (run["state"], run["course_length_m"], run["variants"]) == ("preflight", 3.0, {"walking_aid": "cane"})
        assert run["instruction"]["key"] == "sit"
        path = f"/{run['id']}"
        preflight = (await api.client.get(f"/api/tests{path}/preflight")).json()
        states = {check["key"]: check["state"] for check in preflight["checks"]}
        assert list(states) == ["connected", "signal", "position", "upright", "still", "battery", "floor", "near"]
        assert {key for key, state in states.items() if state == "ask"} == {"upright", "floor", "near"}
        assert preflight["ready"] is True
        started = await api.post(f"{path}/start")
        assert started["cue_s"] == pytest.approx(started["now_s"] + 5.0, abs=0.05)
        assert started["next_say_at_s"] == pytest.approx(started["cue_s"] - 3.0)
        async with page(api.server.live()) as second:
            assert [one["id"] for one in second.hello["tests"]] == [run["id"]]
        for _ in range(70):
            api.anna.wear(0.2)
            await asyncio.sleep(0)
        await opened.read_until(lambda p: shown(p)[-1:] == ["done"])
        seen = [one["test"] for one in opened.of("test")]
        states_seen = [one["state"] for one in seen]
        assert list(dict.fromkeys(states_seen)) == ["preflight", "countdown", "running", "settling", "done"]
        assert any(one["progress"] for one in seen if one["state"] == "running")
        keys = [one["instruction"]["key"] for one in seen]
        assert list(dict.fromkeys(keys)) == ["sit", "ready", "countdown", "go", "going", "stop", "done"]
        done = (await api.client.get(f"/api/tests{path}")).json()
        assert {**done, "now_s": None} == {**seen[-1], "now_s": None}
        assert done["result"]["value"] == pytest.approx(6.0)
        assert done["event"]["prompted"] is True
        assert (await api.client.get(f"/api/tests{path}/preflight")).status_code == 409


async def test_the_page_hears_twice_a_second_how_far_a_test_is(api: Api) -> None:
    async with page(api.server.live()) as opened:
        await api.started()
        await asyncio.sleep(1.6)
        await opened.read_until(lambda p: len(p.of("test")) >= 4)
    times = [one["test"]["now_s"] for one in opened.of("test")]
    assert times == sorted(times)


async def test_a_page_that_is_slow_never_sees_an_older_state_after_a_newer_one(api: Api) -> None:
    run = await api.started()
    session, reporter = api.anna.session, api.anna.monitor.reporter
    async with page(api.server.live()) as opened:
        reporter.tell(api.anna.monitor.tests.under_way[session.plan.id], session, changed=False)
        api.anna.monitor.tests.stop(run["id"], "aborted", None)
        await opened.read_until(lambda p: bool(p.of("test")))
        await opened.read_until(lambda p: bool(p.of("beat")))
    assert [one["test"]["state"] for one in opened.of("test")] == ["aborted"]


async def test_what_does_not_fit_is_refused_with_a_sentence(api: Api) -> None:
    session_id = api.anna.session.plan.id
    wish = {"session_id": session_id, "protocol": "tug"}
    for body, status, detail in [
        ({**wish, "protocol": "hop"}, 422, "There is no test hop"),
        ({**wish, "course_length_m": 5}, 422, "3 or 7 m"),
        ({**wish, "before": {"pain": 3}}, 422, "does not ask pain"),
        ({**wish, "session_id": "nobody"}, 404, "There is no session nobody."),
    ]:
        answer = await api.client.post("/api/tests", json=body)
        assert answer.status_code == status
        assert detail in answer.json()["detail"]
    run = await api.prepared()
    path = f"/api/tests/{run['id']}"
    assert (await api.client.post("/api/tests", json=wish)).status_code == 409
    assert (await api.client.post(f"{path}/stop", json={"why": "finished"})).json() == {
        "detail": "The test has not begun."
    }
    assert (await api.client.post(f"{path}/stop", json={"why": "aborted"})).status_code == 200
    for call in (
        api.client.post(f"{path}/start"),
        api.client.post(f"{path}/stop", json={"why": "aborted"}),
    ):
        answer = await call
        assert answer.status_code == 409
        assert answer.json()["detail"].endswith("has ended; begin another one.")
    await api.anna.monitor.close_session(api.anna.session, "Done.")
    answer = await api.client.post("/api/tests", json=wish)
    assert answer.status_code == 409
    assert "has ended already" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "below", "body"),
    [
        ("GET", "", None),
        ("GET", "/preflight", None),
        ("POST", "/start", None),
        ("POST", "/stop", {"why": "aborted"}),
        ("POST", "/after", {"answers": {}}),
        ("POST", "/notes", {"text": "x"}),
        ("PUT", "/invalid", {"reason": "x"}),
        ("DELETE", "/invalid", None),
    ],
)
async def test_a_test_that_is_not_there_is_a_404_with_a_sentence(
    api: Api, method: str, below: str, body: dict[str, Any] | None
) -> None:
    answer = await api.client.request(method, f"/api/tests/nothing{below}", json=body)
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no test nothing.")


async def test_answers_remarks_and_marks_after_the_end_reach_the_pages(api: Api) -> None:
    run = await api.started()
    path = f"/{run['id']}"
    api.anna.wear(14.0)
    async with page(api.server.live()) as opened:
        assert opened.hello["tests"] == []
        await api.post(f"{path}/after", answers={"pain": 1, "dizziness": True})
        await api.post(f"{path}/notes", text="Held on to the table.")
        marked = await api.client.put(f"/api/tests{path}/invalid", json={"reason": "Held on."})
        assert marked.json()["result"]["value"] is None
        assert marked.json()["event"]["duration_s"] == pytest.approx(6.0)
        await opened.read_until(lambda p: len(p.of("test")) == 3)
        assert opened.of("test")[-1]["test"]["invalidated"]["reason"] == "Held on."
    refused = await api.client.post(f"/api/tests{path}/after", json={"answers": {"pain": 12}})
    assert refused.status_code == 422
    back = await api.client.delete(f"/api/tests{path}/invalid")
    assert back.json()["invalidated"] is None
    assert back.json()["after"] == {"pain": 1, "dizziness": True}
    assert back.json()["notes"][0]["text"] == "Held on to the table."


async def test_runs_are_listed_newest_first_by_session_person_and_protocol(api: Api) -> None:
    runs = []
    for protocol in ("tug", "6mwt", "tug"):
        run = await api.prepared(protocol=protocol)
        await api.post(f"/{run['id']}/stop", why="aborted")
        runs.append(run["id"])
    present = await api.prepared()

    async def ids(**query: Any) -> list[str]:
        answer = await api.client.get("/api/tests", params=query)
        return [one["id"] for one in answer.json()["items"]]

    assert await ids() == [present["id"], *reversed(runs)]
    assert await ids(person=" ANNA ", protocol="6mwt") == [runs[1]]
    assert await ids(session_id=api.anna.session.plan.id, limit=2) == [present["id"], runs[2]]
    assert await ids(person="Bert") == []
    assert (await api.client.get("/api/tests", params={"protocol": "hop"})).status_code == 422


async def test_a_result_knows_the_runs_before_it(api: Api) -> None:
    first = await api.started()
    api.anna.wear(14.0)
    second = await api.started()
    api.anna.wear(14.0)
    card = (await api.client.get(f"/api/tests/{second['id']}")).json()["result"]
    assert [one["id"] for one in card["history"]] == [first["id"], second["id"]]
    assert card["last"]["id"] == first["id"]
    card = (await api.client.get(f"/api/tests/{first['id']}")).json()["result"]
    assert second["id"] not in [one["id"] for one in card["history"]]


async def test_a_result_is_compared_with_people_like_the_wearer_as_the_facts_or_the_database_have_them(
    tmp_path: Path,
) -> None:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor, running(monitor) as server:
        anna = worn(monitor, clock, person={"age_years": 72, "sex": "female"})
        anna.wear(12.0)
        async with httpx.AsyncClient(base_url=server.url) as client:
            api = Api(anna, server, client)
            run = await api.started()
            anna.wear(14.0)
            card = (await client.get(f"/api/tests/{run['id']}")).json()["result"]
            assert "70" in card["reference_text"]
            assert card["reference"]["low"] < card["reference"]["high"]
            await client.post("/api/people", json={"name": "Anna", "age_years": 30})
            card = (await client.get(f"/api/tests/{run['id']}")).json()["result"]
            assert "70" not in card["reference_text"]


async def test_a_database_that_refuses_is_said(api: Api) -> None:
    import sqlite3

    run = await api.started()
    await api.post(f"/{run['id']}/stop", why="aborted")
    await api.anna.monitor.store.flush()
    with sqlite3.connect(api.anna.monitor.store.path, isolation_level=None) as blocker:
        blocker.execute("CREATE TRIGGER full BEFORE UPDATE ON tests BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    blocker.close()
    answer = await api.client.post(f"/api/tests/{run['id']}/notes", json={"text": "x"})
    assert answer.status_code == 503
    assert "cannot be written" in answer.json()["detail"]


def shown(opened: Page) -> list[str]:
    return [one["test"]["state"] for one in opened.of("test")]


async def test_the_server_itself_follows_the_clock_between_the_packets(api: Api) -> None:
    async with page(api.server.live()) as opened:
        await api.started()
        api.anna.clock.now_s += 1.0
        await opened.read_until(lambda p: "countdown" in shown(p))
        api.anna.clock.now_s += 1.0
        await opened.read_until(lambda p: shown(p)[-1:] == ["preflight"])
        assert "fell silent in the countdown" in opened.of("test")[-1]["test"]["problem"]
