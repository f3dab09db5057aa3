"""Fixtures of the browser tests: built pages, servers, a browser, a page that reports its errors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from dashboard.bundle import DIST, BuildError, build
from tests.dashboard.browsers import launch
from tests.dashboard.servers import Server
from tests.dashboard.wards import CARE_OF_ANNA, Ward

# A page that loses its server says so on the console; that is what some tests are about.
EXPECTED_ON_CONSOLE = ("WebSocket connection to", "Failed to load resource", "net::ERR_")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def dashboard_build() -> None:
    """Current pages; where there is no Node, the ones that are there, and where there are none, a skip."""
    try:
        build()
    except BuildError as problem:
        if not (DIST / "index.html").is_file():
            pytest.skip(str(problem))


@pytest.fixture(scope="session")
def browser(dashboard_build: None) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = launch(playwright)
        if isinstance(launched, str):
            pytest.skip(launched)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`surefoot demo`, shared: a test that disturbs it starts its own."""
    server = Server("demo", tmp_path_factory.mktemp("demo"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def standing_ward(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    ward = Ward(tmp_path_factory.mktemp("ward"))
    ward.start()
    yield ward
    ward.stop()


@pytest.fixture
def ward(standing_ward: Ward) -> Ward:
    """Anna's sensor is heard, and no test is under way."""
    standing_ward.wake()
    for run in standing_ward.get("/api/tests?limit=20")["items"]:
        if run["state"] not in ("done", "invalid", "aborted"):
            standing_ward.send(f"/api/tests/{run['id']}/stop", {"why": "aborted"})
    return standing_ward


@pytest.fixture
def anna(browser: Browser, tmp_path: Path) -> Iterator[Ward]:
    """A ward of its own whose Anna has a care plan; nobody's device yet."""
    ward = Ward(tmp_path)
    ward.start()
    ward.send("/api/care", CARE_OF_ANNA, "PUT")
    yield ward
    ward.stop()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages of a fresh profile each; an error on one of them fails the test."""
    problems: list[str] = []
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in EXPECTED_ON_CONSOLE):
            problems.append(message.text)

    def opened(url: str, *, width: int = 1280, height: int = 900, scheme: str = "light", **more: str) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            **more,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []
