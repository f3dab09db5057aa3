"""The list of sessions and the replay of one, on what the demo has recorded."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import eventually, number, step_pixels
from tests.dashboard.servers import Server


@pytest.fixture(scope="module")
def empty_server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server("serve", tmp_path_factory.mktemp("empty"))
    server.start()
    yield server
    server.stop()


def finished_walk(demo: Server) -> dict[str, object]:
    """The recorded session with the most steps."""
    items = demo.get("/api/sessions?limit=100")["items"]
    return max((item for item in items if item["state"] != "live"), key=lambda item: int(item["steps"]))


def position_s(page: Page) -> float:
    return float(page.get_by_role("slider").input_value())


def opened(open_page: OpenPage, demo: Server) -> Page:
    page = open_page(f"{demo.url}/sessions/{finished_walk(demo)['id']}")
    expect(page.get_by_test_id("play")).to_be_visible(timeout=30_000)
    return page


def test_the_list_shows_what_was_recorded_and_opens_it(demo: Server, open_page: OpenPage) -> None:
    walk = finished_walk(demo)
    page = open_page(f"{demo.url}/sessions")
    table = page.get_by_role("table", name=re.compile("Recorded sessions"))
    steps = page.get_by_role("cell", name=str(walk["steps"]), exact=True)
    row = table.get_by_role("row").filter(has=steps).first
    expect(row).to_contain_text(str(walk["label"]))
    expect(row).to_contain_text("Finished")
    expect(row).to_contain_text("Simulated")
    row.get_by_role("link", name=re.compile("^Open")).click()
    expect(page.get_by_role("heading", level=1, name=str(walk["label"]))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Sessions")).to_be_visible()


def test_an_empty_list_says_what_to_do(empty_server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{empty_server.url}/sessions")
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
    expect(page.get_by_text("surefoot demo")).to_be_visible()
    page.get_by_role("link", name="Live", exact=True).click()
    expect(page.get_by_role("heading", name="Nobody is wearing a sensor right now")).to_be_visible()


def test_a_session_that_is_not_there_is_said_so(empty_server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{empty_server.url}/sessions/20200101-000000-none")
    expect(page.get_by_role("heading", name="There is no such session")).to_be_visible()
    page.get_by_role("link", name="All sessions").click()
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()


def test_a_session_is_scrubbed_by_keyboard(demo: Server, open_page: OpenPage) -> None:
    page = opened(open_page, demo)
    end_s = float(page.get_by_role("slider").get_attribute("max") or "")
    page.keyboard.press("Home")
    assert position_s(page) == 0
    expect(page.get_by_test_id("steps")).to_have_text("0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert position_s(page) == 1
    page.keyboard.press("Shift+ArrowRight")
    assert position_s(page) == 11
    page.keyboard.press("End")
    assert position_s(page) == pytest.approx(end_s)
    assert number(page.get_by_test_id("steps")) == finished_walk(demo)["steps"]
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowDown")
    assert position_s(page) == pytest.approx(end_s - 11)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^\d+:\d\d of \d+:\d\d$"))


def test_a_session_plays_at_the_chosen_speed_and_pauses(demo: Server, open_page: OpenPage) -> None:
    page = opened(open_page, demo)
    page.keyboard.press("Home")
    page.get_by_role("button", name="8×").click()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("play")).to_have_text("Pause")
    eventually(page, lambda: position_s(page) > 12)
    page.keyboard.press("Space")
    expect(page.get_by_test_id("play")).to_have_text("Play")
    assert step_pixels(page.locator("article")) > 20
    paused_s = position_s(page)
    page.wait_for_timeout(400)
    assert position_s(page) == paused_s


def test_the_strip_is_clicked_and_walks_are_jumped_to(demo: Server, open_page: OpenPage) -> None:
    page = opened(open_page, demo)
    slider = page.get_by_role("slider")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert position_s(page) == pytest.approx(float(slider.get_attribute("max") or "") / 2, rel=0.05)
    page.keyboard.press("Home")
    page.get_by_role("button", name="Next walk").click()
    assert position_s(page) > 0
    expect(page.get_by_test_id("steps")).to_have_text("0")


def test_the_open_list_renews_itself(demo: Server, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    page.clock.install()
    page.goto(f"{demo.url}/sessions")
    expect(page.get_by_role("link", name="Open").first).to_be_visible(timeout=30_000)
    with page.expect_request(re.compile("/api/sessions[?]"), timeout=20_000):
        page.clock.run_for(10_500)
    expect(page.get_by_role("link", name="Open").first).to_be_visible()
