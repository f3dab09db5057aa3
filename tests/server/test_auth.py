import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from server.auth import FOREIGN_CODE, LOGIN_NEEDED_CODE, same_token
from server.monitor import Monitor
from tests.server.running import Running, page, running

TOKEN = "correct horse battery staple"


async def closed_with(url: str, **options: object) -> int:
    async with connect(url, **options) as socket:  # type: ignore[arg-type]
        with pytest.raises(ConnectionClosedError) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def test_without_a_token_loopback_is_open(monitor: Monitor) -> None:
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.get("/api/status")).status_code == 200
        assert (await client.get("/api/login")).json() == {"needed": False, "allowed": True}
        async with page(server.live()) as opened:
            assert opened.hello["type"] == "hello"


@pytest.mark.parametrize("path", ["/api/status", "/api/sessions", "/api/events", "/metrics", "/api/openapi.json"])
async def test_with_a_token_nothing_is_told_without_it(monitor: Monitor, path: str) -> None:
    async with running(monitor, TOKEN) as server, httpx.AsyncClient(base_url=server.url) as client:
        refused = await client.get(path)
        assert refused.status_code == 401
        assert "Log in first" in refused.json()["detail"]
        wrong = await client.get(path, headers={"authorization": "Bearer wrong"})
        assert wrong.status_code == 401
        assert (await client.get(path, headers={"authorization": f"Bearer {TOKEN}"})).status_code == 200
        assert (await client.get("/healthz")).text == "ok"
        assert (await client.get("/")).status_code in (200, 503), "the page itself must load, to log in"


async def test_the_log_in_gives_a_cookie_that_opens_rest_and_websocket_until_the_log_out(monitor: Monitor) -> None:
    async with running(monitor, TOKEN) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.post("/api/login", json={"token": "guess"})).status_code == 401
        assert (await client.get("/api/login")).json() == {"needed": True, "allowed": False}
        answer = await client.post("/api/login", json={"token": TOKEN})
        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert (await client.get("/api/status")).status_code == 200
        assert (await client.get("/api/login")).json() == {"needed": True, "allowed": True}
        sent = {"cookie": cookie.partition(";")[0]}
        async with page(server.live(), additional_headers=sent) as opened:
            assert opened.hello["type"] == "hello"
        await client.post("/api/logout")
        assert (await client.get("/api/status")).status_code == 401


async def test_a_websocket_without_the_token_is_closed_with_4401(monitor: Monitor) -> None:
    async with running(monitor, TOKEN) as server:
        assert await closed_with(server.live()) == LOGIN_NEEDED_CODE
        headers = {"cookie": "surefoot_token=wrong"}
        assert await closed_with(server.live(), additional_headers=headers) == LOGIN_NEEDED_CODE


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_a_page_of_another_site_gets_no_websocket(monitor: Monitor, token: str | None) -> None:
    async with running(monitor, token) as server:
        headers = {"authorization": f"Bearer {TOKEN}"}
        evil = {"origin": "https://evil.example", "additional_headers": headers}
        assert await closed_with(server.live(), **evil) == FOREIGN_CODE
        other_port = {"origin": f"http://127.0.0.1:{server.port + 1}", "additional_headers": headers}
        assert await closed_with(server.live(), **other_port) == FOREIGN_CODE
        async with page(server.live(), origin=server.url, additional_headers=headers) as opened:
            assert opened.hello["type"] == "hello"


async def test_a_page_of_another_site_changes_nothing(monitor: Monitor) -> None:
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url) as client:
        answer = await client.post("/api/sessions/x/stop", headers={"origin": "https://evil.example"})
        assert answer.status_code == 403
        assert (await client.post("/api/sessions/x/stop", headers={"origin": server.url})).status_code == 404


async def test_a_host_name_that_was_bent_to_loopback_is_refused(monitor: Monitor) -> None:
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url) as client:
        rebound = await client.get("/api/status", headers={"host": f"evil.example:{server.port}"})
        assert rebound.status_code == 403
        assert (await client.get("/", headers={"host": "evil.example"})).status_code == 403
        for name in ("localhost", "127.0.0.1", "[::1]"):
            fine = await client.get("/api/status", headers={"host": f"{name}:{server.port}"})
            assert fine.status_code == 200
        assert await bent(server) == FOREIGN_CODE


async def bent(server: Running) -> int:
    """A rebound page agrees with itself: Origin and Host are the same evil name."""
    return await closed_with(
        f"ws://evil.example:{server.port}/api/live", host="127.0.0.1", origin=f"http://evil.example:{server.port}"
    )


async def test_every_answer_forbids_framing_and_foreign_scripts(monitor: Monitor) -> None:
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url) as client:
        headers = (await client.get("/")).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@given(st.text(), st.text(min_size=1))
def test_only_the_very_same_token_is_the_same(given_: str, wanted: str) -> None:
    assert same_token(given_, wanted) == (given_ == wanted)
    assert not same_token(None, wanted)
