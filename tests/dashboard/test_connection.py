"""A page that loses its server: it says so, comes back by itself, and misses no event."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import CARD, counter, eventually
from tests.dashboard.servers import Server

# Notes every event's number, when the page last heard something and when it first called itself stale.
WATCH = """() => {
  window.watched = { heard: 0, stale: null, numbers: [] };
  window.WebSocket = class extends window.WebSocket {
    constructor(...its) {
      super(...its);
      this.addEventListener("message", ({ data }) => {
        window.watched.heard = performance.now();
        const said = typeof data === "string" ? JSON.parse(data) : {};
        if (said.type === "event") window.watched.numbers.push(said.seq);
      });
    }
  };
  new MutationObserver(() => {
    const shown = document.querySelector('[data-testid="stale"]') !== null;
    if (shown && window.watched.stale === null) window.watched.stale = performance.now() - window.watched.heard;
    if (!shown) window.watched.stale = null;
  }).observe(document, { childList: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def own_demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server("demo", tmp_path_factory.mktemp("own-demo"))
    server.start()
    yield server
    server.stop()


def opened(open_page: OpenPage, server: Server) -> Page:
    page = open_page("about:blank")
    page.add_init_script(f"({WATCH})()")
    page.goto(server.url)
    expect(page.locator(CARD).first).to_be_visible(timeout=60_000)
    eventually(page, lambda: counter(page, "events-received") > 0)
    return page


def assert_none_missed(page: Page, server: Server) -> None:
    """Every event of a sensor on air that the server keeps has reached the page and was taken once.

    Not those of the recorded samples, which the demo reads in behind the page and shows nowhere.
    """

    def kept(after: int) -> set[int]:
        on_air = {it["id"] for it in server.get("/api/sessions?limit=200")["items"] if it["state"] == "live"}
        events = server.get(f"/api/events?after={after}&limit=10000")["events"]
        return {event["seq"] for event in events if event["session_id"] in on_air}

    eventually(page, lambda: bool(kept(counter(page, "events-first") - 1)))
    last = server.get("/api/status")["last_seq"]
    eventually(page, lambda: counter(page, "events-last") >= last)
    first, newest = counter(page, "events-first"), counter(page, "events-last")
    heard = set(page.evaluate("window.watched.numbers"))
    assert {seq for seq in kept(first - 1) if seq <= newest} <= heard
    eventually(page, lambda: counter(page, "events-received") == len(set(page.evaluate("window.watched.numbers"))))


def test_silence_makes_the_page_stale_within_two_seconds_and_it_recovers(own_demo: Server, open_page: OpenPage) -> None:
    page = opened(open_page, own_demo)
    own_demo.freeze()
    expect(page.get_by_test_id("stale")).to_be_visible(timeout=15_000)
    assert page.evaluate("window.watched.stale") < 2000
    expect(page.get_by_test_id("stale")).to_contain_text("old")
    card = page.locator(CARD).first
    expect(card.get_by_test_id("state")).to_have_text("Not connected")
    for figures in card.locator(".figures").all():
        expect(figures).to_have_attribute("data-old", "true")
        expect(figures).to_contain_text("s old")
    expect(page.get_by_role("status")).to_have_text("No connection to Surefoot. The numbers shown are old.")
    own_demo.thaw()
    expect(page.get_by_test_id("stale")).to_be_hidden(timeout=30_000)
    for figures in card.locator(".figures").all():
        expect(figures).to_have_attribute("data-old", "false", timeout=30_000)
    assert_none_missed(page, own_demo)


def test_a_long_silence_makes_it_connect_anew_without_missing_anything(own_demo: Server, open_page: OpenPage) -> None:
    page = opened(open_page, own_demo)
    own_demo.freeze()
    expect(page.get_by_test_id("stale")).to_contain_text("1", timeout=15_000)
    page.wait_for_timeout(10_000)
    own_demo.thaw()
    expect(page.get_by_test_id("stale")).to_be_hidden(timeout=30_000)
    eventually(page, lambda: counter(page, "reconnections") > 0)
    assert_none_missed(page, own_demo)


def test_a_killed_server_that_starts_again_is_found_again_and_no_event_is_missed(
    own_demo: Server, open_page: OpenPage
) -> None:
    page = opened(open_page, own_demo)
    own_demo.kill()
    expect(page.get_by_test_id("stale")).to_be_visible(timeout=15_000)
    own_demo.start()
    expect(page.get_by_test_id("stale")).to_be_hidden(timeout=60_000)
    assert counter(page, "reconnections") >= 1
    before = counter(page, "events-last")
    eventually(page, lambda: counter(page, "events-last") > before)
    assert_none_missed(page, own_demo)
