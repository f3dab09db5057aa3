"""Technical notices on every page, and the evening's question about possible stumbles."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sensing.facts import Facts
from server.plan import SessionPlan
from server.rows import row_at_start
from server.storage.store import Store, StoredEvent
from tests.dashboard.alarmed import annas_device, fell
from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import eventually
from tests.dashboard.patients import LISTEN, listening, said
from tests.dashboard.servers import Server
from tests.dashboard.test_accessibility import SCHEMES, axe_source, keep_picture, serious_findings
from tests.dashboard.wards import CARE_OF_ANNA, Ward

NAME = "Dora"


def listening_device(open_page: OpenPage, ward: Ward, path: str = "/sessions") -> Page:
    """Anna's own device, touched once; what it says is kept."""
    page = annas_device(open_page, ward, path)
    page.add_init_script(f"({LISTEN})()")
    page.reload()
    page.get_by_role("heading", level=1).first.click()
    return page


def yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


async def write_stumbles(data_dir: Path) -> None:
    """Yesterday Dora walked for ten minutes and perhaps stumbled twice."""
    began = datetime.combine(yesterday(), datetime.min.time(), UTC) + timedelta(hours=10)
    async with Store(data_dir) as store:
        row = row_at_start(SessionPlan("worn", NAME, Facts("lower_back"), "sensor"), began.isoformat())
        ended = (began + timedelta(hours=2)).isoformat()
        store.add_session(row | {"state": "finished", "duration_s": 7200.0, "ended_at": ended})
        walk = {"end_s": 700.0, "steps": 1000, "speed_mps": 1.0, "distance_m": 600.0}
        events = [{"kind": "walking_bout", "time_s": 100.0, "emitted_s": 703.0, **walk}]
        for time_s in (280.0, 520.0):
            felt = {"severity": 0.5, "confidence": 0.6}
            events.append({"kind": "stumble", "time_s": time_s, "emitted_s": time_s + 2.0, **felt})
        for ordinal, event in enumerate(events):
            store.add_event(StoredEvent(store.next_seq(), "worn", ordinal, event))


@pytest.fixture
def stumbled(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    with ThreadPoolExecutor(1) as apart:  # Playwright's own event loop runs in the thread of the tests
        apart.submit(asyncio.run, write_stumbles(tmp_path / "data")).result()
    server = Server("serve", tmp_path)
    server.start()
    yield server
    server.stop()


def test_the_wearers_device_asks_about_possible_stumbles_and_advises_when_they_were_real(
    stumbled: Server, open_page: OpenPage
) -> None:
    page = open_page(f"{stumbled.url}/sessions", timezone_id="UTC")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("evening-question")).to_have_count(0)
    page.evaluate("localStorage.setItem('surefoot.wearer', 'Dora')")
    page.reload()
    question = page.get_by_test_id("evening-question")
    expect(question).to_contain_text("There were 2 possible stumbles. Were they real?")
    question.get_by_role("link", name="Look at them").click()
    first, second = page.get_by_test_id("stumble").nth(0), page.get_by_test_id("stumble").nth(1)
    expect(first).to_contain_text("In the morning, at 10:04, 3 min into a walk of 10 min.")
    expect(page.get_by_test_id("advice")).to_have_count(0)
    for stumble in (first, second):
        stumble.get_by_role("button", name="Yes, I stumbled").click()
        expect(stumble.get_by_role("button", name="Yes, I stumbled")).to_have_attribute("aria-pressed", "true")
        expect(stumble).to_contain_text("It counts for the week.")
    expect(page.get_by_test_id("advice")).to_contain_text("This is advice, not a prescription.")
    page.get_by_text("Why", exact=True).click()
    expect(page.get_by_test_id("week")).to_contain_text("2 stumbles in the last seven days (2 confirmed")
    second.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_test_id("advice")).to_have_count(0)
    page.goto(f"{stumbled.url}/sessions")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("evening-question")).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_question_can_be_answered_by_everybody(stumbled: Server, open_page: OpenPage, scheme: str) -> None:
    width = 360
    address = f"{stumbled.url}/stumbles?person={NAME}&date={yesterday()}"
    page = open_page(address, timezone_id="UTC", scheme=scheme, width=width, height=740)
    expect(page.get_by_test_id("stumble")).to_have_count(2)
    keep_picture(page, f"stumbles-{scheme}")
    assert serious_findings(page, axe_source()) == []
    for button in page.get_by_test_id("stumble").get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 60
        assert box["x"] + box["width"] <= width


def test_a_silent_sensor_is_a_calm_notice_on_every_page_and_goes_when_it_sends_again(
    ward: Ward, open_page: OpenPage
) -> None:
    page = open_page(f"{ward.url}/sessions")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("notices")).to_have_count(0)
    ward.silence()
    expect(page.get_by_test_id("notices")).to_contain_text("The sensor sends nothing.", timeout=30_000)
    keep_picture(page, "notice")
    assert page.get_by_role("alert").count() == 0
    ward.wake()
    expect(page.get_by_test_id("notices")).to_have_count(0, timeout=60_000)


HEARD = "I hear nothing from your sensor."


def spoken_notices(page: Page) -> list[str]:
    return [words for words in said(page) if "sensor" in words]


def test_the_wearers_device_says_once_and_calmly_that_the_sensor_is_silent(anna: Ward, open_page: OpenPage) -> None:
    page = listening_device(open_page, anna)
    anna.notice(1)
    eventually(page, lambda: len(spoken_notices(page)) == 1, within_s=20)
    assert spoken_notices(page)[0].startswith(HEARD)
    assert page.evaluate("window.heard.tones_ms") == []
    assert page.get_by_role("alertdialog").count() == 0
    anna.notice(1, level="carer")  # it goes on
    anna.notice(2, kind="battery")
    eventually(page, lambda: len(spoken_notices(page)) == 2, within_s=20)
    assert "battery" in spoken_notices(page)[1]
    page.reload()
    page.get_by_role("heading", level=1).click()
    anna.notice(1)
    anna.notice(3, kind="not_worn")
    eventually(page, lambda: len(spoken_notices(page)) == 1, within_s=20)
    assert "not being worn" in spoken_notices(page)[0], "after a reload nothing is said a second time"


def test_a_notice_waits_until_the_question_of_a_fall_is_answered(anna: Ward, open_page: OpenPage) -> None:
    page = listening_device(open_page, anna)
    fell(anna, page)
    anna.notice(1)
    expect(page.get_by_test_id("notices")).to_contain_text("The sensor sends nothing.")
    question = len([words for words in said(page) if "are you OK" in words])
    eventually(page, lambda: len([words for words in said(page) if "are you OK" in words]) > question, within_s=20)
    assert spoken_notices(page) == []
    page.get_by_role("button", name="I’m OK").click()
    skip = page.get_by_role("dialog", name="Good that you are OK").get_by_role("button", name="Skip")
    expect(skip).to_be_enabled()
    assert spoken_notices(page) == []
    skip.click()
    eventually(page, lambda: len(spoken_notices(page)) == 1, within_s=20)


def test_nothing_is_said_in_quiet_hours_nor_on_a_test_page_nor_at_a_carers_device(
    anna: Ward, open_page: OpenPage
) -> None:
    begin, end = (f"{datetime.now().astimezone() + timedelta(hours=hours):%H:%M}" for hours in (-1, 1))
    anna.send("/api/care", CARE_OF_ANNA | {"quiet_from": begin, "quiet_until": end}, "PUT")
    quiet = listening_device(open_page, anna)
    testing = listening_device(open_page, anna, "/test")
    carers = listening(open_page, f"{anna.url}/sessions")
    asked: list[str] = []
    quiet.on("response", lambda answer: asked.append(answer.url))
    carers.get_by_role("heading", level=1).click()
    anna.notice(1)
    for page in (quiet, carers):
        expect(page.get_by_test_id("notices")).to_contain_text("The sensor sends nothing.")
    eventually(quiet, lambda: any("/api/care?" in url for url in asked), within_s=20)
    for page in (quiet, testing, carers):
        page.wait_for_timeout(300)
        assert spoken_notices(page) == []
