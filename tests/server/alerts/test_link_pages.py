import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.alerts.limiter import MISSES
from server.bench.sink import Sink
from server.monitor import Monitor
from tests.server.running import running

TOKEN = "correct horse battery staple"
PUBLIC = "https://alarm.example.org"


@asynccontextmanager
async def told(
    monitor: Monitor, kind: str = "help", contacts: tuple[str, ...] = ("Bea",), token: str | None = None
) -> AsyncIterator[tuple[httpx.AsyncClient, list[str], str]]:
    """A running server, the links that its contacts were sent, and the alert's id. The client has no log-in."""
    with Sink() as sink:
        async with running(monitor, token) as server:
            monitor.delivery.public_url = server.url
            login = {"authorization": f"Bearer {TOKEN}"}
            async with httpx.AsyncClient(base_url=server.url) as client:
                people = [{"name": name, "channels": [{"url": sink.url()}]} for name in contacts]
                plan = {"person": "Anna", "contacts": people}
                assert (await client.put("/api/care", json=plan, headers=login)).status_code == 200
                called = await client.post(f"/api/alerts/{kind}", json={"person": "Anna"}, headers=login)
                assert called.status_code == 201, called.text
                alert_id = called.json()["id"]
                for _ in contacts[1:] if kind != "test" else ():
                    await client.post(f"/api/alerts/{alert_id}/again", json={"by": "Bea"}, headers=login)
                assert await asyncio.to_thread(sink.wait_for, len(contacts), 20.0)
                links = {one.content["to"]: one.content["link"] for one in sink.got}
                yield client, [links[name] for name in contacts], alert_id


@asynccontextmanager
async def asking(monitor: Monitor) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that runs on `monitor`."""
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url) as client:
        yield client


async def state_of(monitor: Monitor, alert_id: str) -> dict[str, Any]:
    alert = monitor.alerts.present(alert_id)
    assert alert is not None
    return alert.to_json()


async def test_looking_takes_nothing_and_one_tap_takes_it_by_name(monitor: Monitor) -> None:
    async with told(monitor, token=TOKEN) as (client, (link,), alert_id):
        for _ in range(3):  # a mail scanner, a preview, a person
            seen = await client.get(link)
            assert seen.status_code == 200
            assert (await client.head(link)).status_code == 200
        assert (await state_of(monitor, alert_id))["state"] == "escalating"
        assert "Anna asks for help" in seen.text
        assert "You are Bea" in seen.text
        assert re.findall(r"<button>(.*?)</button>", seen.text) == ["I take it"]
        assert "<script" not in seen.text
        assert seen.headers["cache-control"] == "no-store"
        thanks = await client.post(link, follow_redirects=True)
        assert thanks.status_code == 200
        assert "Thank you, Bea." in thanks.text
        assert "Anna is told that you are coming." in thanks.text
        assert "<button>" not in thanks.text
        taken = await state_of(monitor, alert_id)
        assert (taken["state"], taken["acknowledged"]["by"]) == ("acknowledged", "Bea")
        assert taken["acknowledged"]["via"] == "link"
        again = await client.post(link, follow_redirects=True)
        assert "Thank you, Bea." in again.text
        assert (await client.get("/api/alerts")).status_code == 401, "the link opens nothing else"


async def test_who_comes_second_sees_who_has_it(monitor: Monitor) -> None:
    async with told(monitor, contacts=("Bea", "Carl")) as (client, (bea, carl), _):
        await client.post(bea)
        seen = await client.post(carl, follow_redirects=True)
        assert "Bea has taken it" in seen.text
        assert "<button>" not in seen.text


async def test_what_is_over_says_so(monitor: Monitor) -> None:
    async with told(monitor) as (client, (link,), alert_id):
        await client.post(f"/api/alerts/{alert_id}/answer", json={"answer": "ok"})
        seen = await client.get(link)
        assert "This alarm is over" in seen.text
        assert "<button>" not in seen.text


async def test_a_test_is_proven_by_each_for_one(monitor: Monitor) -> None:
    async with told(monitor, "test", ("Bea", "Carl")) as (client, (bea, carl), alert_id):
        seen = await client.get(bea)
        assert "THIS IS A TEST" in seen.text
        assert "The test has reached you." in (await client.post(bea, follow_redirects=True)).text
        assert "<button>" in (await client.get(carl)).text
        states = {one["name"]: one["state"] for one in (await state_of(monitor, alert_id))["told"]}
        assert states["Bea"] == "acknowledged"
        assert states["Carl"] in ("pending", "delivered"), "it may have arrived without our having heard of it"


async def test_a_link_works_on_after_a_restart_and_not_after_a_day(tmp_path: Path) -> None:
    async with Monitor(tmp_path) as first, told(first) as (_, (link,), _):
        path = httpx.URL(link).path
    async with Monitor(tmp_path) as second, asking(second) as client:
        assert "Anna asks for help" in (await client.get(path)).text
        old = "UPDATE outbox SET link_until = '2020-01-01T00:00:00+00:00'"
        await second.store.change(lambda connection: connection.exec_driver_sql(old) and None)
    async with Monitor(tmp_path) as third, asking(third) as client:
        for seen in (await client.get(path), await client.post(path)):
            assert seen.status_code == 410
            assert "24 hours" in seen.text
        assert all(alert.state == "escalating" for alert in third.alerts.open.values())


@pytest.mark.parametrize("wrong", ["x", "a" * 43, "a" * 42 + "%00", "%2e%2e", "a" * 5000])
async def test_a_wrong_link_opens_nothing_and_helps_on(monitor: Monitor, wrong: str) -> None:
    async with running(monitor, TOKEN) as server, httpx.AsyncClient(base_url=server.url) as client:
        for seen in (await client.get(f"/a/{wrong}"), await client.post(f"/a/{wrong}")):
            assert seen.status_code == 404
            assert "This link is not valid" in seen.text


async def test_guessing_is_slowed_down_and_shuts_no_helper_out(monitor: Monitor) -> None:
    async with told(monitor) as (client, (link,), _):
        statuses = [(await client.get("/a/" + "b" * 43)).status_code for _ in range(MISSES + 5)]
        assert statuses == [404] * MISSES + [429] * 5
        assert (await client.get(link)).status_code == 200


async def test_a_page_from_elsewhere_cannot_take_it(monitor: Monitor) -> None:
    async with told(monitor) as (client, (link,), alert_id):
        assert (await client.post(link, headers={"origin": "https://evil.example"})).status_code == 403
        assert (await client.post(link, headers={"origin": "null"})).status_code == 403
        assert (await state_of(monitor, alert_id))["state"] == "escalating"
        host = str(httpx.URL(link).netloc, "ascii")
        assert (await client.post(link, headers={"origin": f"http://{host}"})).status_code == 303


async def test_the_links_and_nothing_else_answer_under_the_public_name(monitor: Monitor) -> None:
    async with running(monitor, public_url=PUBLIC) as server, httpx.AsyncClient(base_url=server.url) as client:
        public = {"host": "alarm.example.org"}
        assert (await client.get("/a/x", headers=public)).status_code == 404
        assert (await client.get("/a/x", headers={"host": "evil.example"})).status_code == 403
        for path in ("/api/status", "/", "/api/alerts"):
            assert (await client.get(path, headers=public)).status_code == 403
        own = {"origin": PUBLIC}
        assert (await client.post("/a/x", headers=public | own)).status_code == 404
        assert (await client.post("/a/x", headers=own)).status_code == 404, "a proxy that gives us another Host"
        assert (await client.post("/api/alerts/help", json={"person": "A"}, headers=own)).status_code == 403
