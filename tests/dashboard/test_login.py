"""A server with a token lets nobody look before the log-in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.servers import Server
from tests.dashboard.test_accessibility import SCHEMES, SMALL_TARGETS, TARGET_PX, WIDTHS, axe_source, serious_findings

TOKEN = "a-token-for-this-test-only"


@pytest.fixture(scope="module")
def closed_server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server("serve", tmp_path_factory.mktemp("closed"), settings={"SUREFOOT_TOKEN": TOKEN})
    server.start()
    yield server
    server.stop()


def test_the_token_is_asked_for_and_leads_to_the_page_that_was_wanted(
    closed_server: Server, open_page: OpenPage
) -> None:
    page = open_page(f"{closed_server.url}/sessions")
    token = page.get_by_label("Access token")
    expect(token).to_be_focused()
    assert "/login" in page.url
    token.fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not the right token")
    expect(token).to_be_focused()
    token.fill(TOKEN)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
    assert page.url.endswith("/sessions")
    page.reload()
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Access token")).to_be_visible()


def test_the_live_page_asks_too_and_comes_alive_after_the_log_in(closed_server: Server, open_page: OpenPage) -> None:
    page = open_page(closed_server.url)
    page.get_by_label("Access token").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nobody is wearing a sensor right now")).to_be_visible()
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()


def test_a_log_in_page_sends_nobody_to_another_site(closed_server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{closed_server.url}/login?to=https://example.org/x")
    page.get_by_label("Access token").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nobody is wearing a sensor right now")).to_be_visible()
    assert page.url == f"{closed_server.url}/"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_form_fits_every_width_and_axe_finds_nothing_serious(
    closed_server: Server, open_page: OpenPage, scheme: str
) -> None:
    source = axe_source()
    for width in WIDTHS:
        page = open_page(f"{closed_server.url}/login", width=width, scheme=scheme)
        expect(page.get_by_label("Access token")).to_be_focused()
        for refused in (False, True):
            if refused:
                page.get_by_label("Access token").fill("wrong")
                page.keyboard.press("Enter")
                expect(page.get_by_role("alert")).to_be_visible()
            too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert too_wide <= 0
            assert page.evaluate(SMALL_TARGETS, TARGET_PX) == []
            assert serious_findings(page, source) == []
