"""Every page in light and dark, at three widths: nothing to scroll sideways, nothing serious for axe, keys enough."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from dashboard.bundle import HERE
from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import CARD
from tests.dashboard.servers import Server

WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
PAGES = ("live", "focus", "table", "sessions", "replay", "people", "person", "day", "calibrate", "login", "nowhere")
PEOPLE_PAGES = {
    "people": ("/people", "People"),
    "person": ("/people/{id}", "How exact is the speed?"),
    "day": ("/people/{id}/today", "How much"),
    "calibrate": ("/people/{id}/calibrate", "Which session?"),
}
TARGET_PX = 44

SMALL_TARGETS = """(least) => [...document.querySelectorAll("a, button, summary, input, select")]
  .filter((it) => it.checkVisibility() && !it.closest(".visually-hidden") && !it.matches(".skip"))
  .map((it) => ({ text: it.textContent || it.type, box: it.getBoundingClientRect() }))
  .filter(({ box }) => box.height < least - 0.5 || box.width < least - 0.5)
  .map(({ text, box }) => `${text}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


def axe_source() -> str:
    source = HERE / "node_modules" / "axe-core" / "axe.min.js"
    if not source.is_file():
        pytest.skip("axe-core is not installed: run `npm ci` in the dashboard's folder")
    return source.read_text(encoding="utf-8")


def serious_findings(page: Page, source: str) -> list[str]:
    """What axe-core calls serious or critical, with the first places where."""
    page.evaluate(source)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{it['id']}: {[node['html'][:160] for node in it['nodes'][:3]]}"
        for it in found["violations"]
        if it["impact"] in ("serious", "critical")
    ]


def go_to(page: Page, demo: Server, name: str) -> None:
    """Opens one of PAGES and waits until it stands."""
    if name in ("live", "focus", "table"):
        page.goto(demo.url)
        expect(page.locator(CARD).first).to_be_visible(timeout=30_000)
        if name == "focus":
            page.get_by_role("link", name="Larger view of").first.click()
            expect(page.locator(".card-large")).to_be_visible()
        if name == "table":
            page.get_by_role("button", name="Show as table").click()
        for summary in page.locator("summary").all():
            summary.click()
    elif name == "replay":
        finished = next(it for it in demo.get("/api/sessions?limit=100")["items"] if it["state"] != "live")
        page.goto(f"{demo.url}/sessions/{finished['id']}")
        expect(page.get_by_test_id("play")).to_be_visible(timeout=30_000)
        for summary in page.locator("summary").all():
            summary.click()
    elif name in PEOPLE_PAGES:
        address, heading = PEOPLE_PAGES[name]
        page.goto(demo.url + address.format(id=demo.person("Anna", height_m=1.68)))
        expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=30_000)
        page.wait_for_load_state("networkidle")
        for summary in page.locator("summary").all():
            summary.click()
    elif name == "sessions":
        page.goto(f"{demo.url}/sessions")
        expect(page.get_by_role("link", name="Open").first).to_be_visible(timeout=30_000)
    elif name == "login":
        page.goto(f"{demo.url}/login")
        page.wait_for_load_state("networkidle")
    else:
        page.goto(f"{demo.url}/nowhere")
        expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


def keep_picture(page: Page, name: str) -> None:
    """For people who want to look: SUREFOOT_SCREENSHOTS names a folder."""
    folder = os.environ.get("SUREFOOT_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways_or_has_targets_too_small(
    demo: Server, open_page: OpenPage, width: int, scheme: str
) -> None:
    page = open_page("about:blank", width=width, scheme=scheme)
    for name in PAGES:
        go_to(page, demo, name)
        keep_picture(page, f"{name}-{width}-{scheme}")
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{name} is {too_wide} px too wide"
        assert page.evaluate(SMALL_TARGETS, TARGET_PX) == [], name


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_serious(demo: Server, open_page: OpenPage, width: int, scheme: str) -> None:
    source = axe_source()
    page = open_page("about:blank", width=width, scheme=scheme)
    for name in PAGES:
        go_to(page, demo, name)
        assert serious_findings(page, source) == [], name


def test_axe_finds_nothing_serious_on_a_page_without_connection(demo: Server, open_page: OpenPage) -> None:
    """The server's first words come through, then nothing more."""

    def greet_only(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        said: list[str | bytes] = []

        def pass_some(message: str | bytes) -> None:
            said.append(message)
            if len(said) <= 40:
                route.send(message)

        server.on_message(pass_some)

    source = axe_source()
    page = open_page("about:blank")
    page.route_web_socket(re.compile("/api/live"), greet_only)
    page.goto(demo.url)
    expect(page.get_by_test_id("stale")).to_be_visible(timeout=30_000)
    keep_picture(page, "stale-1280-light")
    assert serious_findings(page, source) == []


def focused(page: Page) -> str:
    return str(
        page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent || '').trim()"
        )
    )


def outlined(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
            }"""
        )
    )


def tab_to(page: Page, wanted: str, *, most: int = 40) -> None:
    """Tabs until `wanted` has the focus; every stop on the way shows that it has it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert outlined(page), f"the focus on {focused(page)!r} cannot be seen"
        if focused(page).startswith(wanted):
            return
    raise AssertionError(f"{wanted!r} is not reached with the Tab key")


def test_everything_can_be_done_with_the_keyboard_alone(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    expect(page.locator(CARD).first).to_be_visible(timeout=30_000)
    tab_to(page, "Skip to the page")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "Show as table")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Live numbers")).to_be_visible()
    tab_to(page, "Larger view of")
    page.keyboard.press("Enter")
    expect(page.locator(".card-large")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1, name="Live")).to_be_visible()
    page.reload()
    expect(page.locator(CARD).first).to_be_visible(timeout=30_000)
    tab_to(page, "Sessions")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Open").first).to_be_visible(timeout=30_000)
    tab_to(page, "Open")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("play")).to_be_visible(timeout=30_000)
    tab_to(page, "Play")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("play")).to_have_text("Pause")
    page.keyboard.press("Space")
    tab_to(page, "2×")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="2×")).to_have_attribute("aria-pressed", "true")


def test_colours_follow_the_system_until_they_are_chosen(demo: Server, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/sessions", scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)
    button = page.get_by_role("button", name="Colours")
    button.click()
    light = page.evaluate(ground)
    assert light != dark
    page.reload()
    assert page.evaluate(ground) == light
    page.get_by_role("button", name="Colours: light").click()
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name="Colours: dark").click()
    expect(page.get_by_role("button", name="Colours: as the system")).to_be_visible()
