"""False alarms against their budget on the inbox: who was disturbed too often, and what can be done about it."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from server.alerts.alert import Alert, Line
from server.alerts.care_plan import iso
from server.storage.alerts import keep_alert
from server.storage.store import Store
from tests.dashboard.conftest import OpenPage
from tests.dashboard.servers import Server
from tests.dashboard.test_accessibility import SCHEMES, axe_source, keep_picture, serious_findings


def false_alarm(person: str, days_ago: float) -> Alert:
    at = iso(datetime.now(UTC) - timedelta(days=days_ago))
    return Alert(
        id=f"{person}-{days_ago}",
        kind="fall",
        person=person,
        at=at,
        happened_s=0.0,
        state="resolved",
        since=at,
        since_s=0.0,
        due_s=None,
        confidence=0.6,
        outcome="false_alarm",
        label="Sat down hard",
        resolved={"by": "Ben", "at": at, "why": "Ben says: it was not a fall."},
        history=(Line(at, "opened", "Perhaps."), Line(at, "prompting", "Asked.")),
    )


async def write_alerts(data_dir: Path) -> None:
    """Emil was asked in vain three times this week, Dora once."""
    async with Store(data_dir) as store:
        for alert in (*(false_alarm("Emil", day) for day in (1.0, 2.0, 3.0)), false_alarm("Dora", 2.5)):
            store.put(partial(keep_alert, alert=alert))


@pytest.fixture
def disturbed(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    with ThreadPoolExecutor(1) as apart:  # Playwright's own event loop runs in the thread of the tests
        apart.submit(asyncio.run, write_alerts(tmp_path / "data")).result()
    server = Server("serve", tmp_path)
    server.start()
    yield server
    server.stop()


def test_who_was_disturbed_too_often_stands_first_with_what_can_be_done(disturbed: Server, open_page: OpenPage) -> None:
    for width, scheme in ((390, SCHEMES[0]), (820, SCHEMES[-1]), (1440, SCHEMES[0])):
        page = open_page(f"{disturbed.url}/alerts", width=width, height=844, scheme=scheme)
        first, second = page.get_by_test_id("budget").nth(0), page.get_by_test_id("budget").nth(1)
        expect(first).to_contain_text("Emil")
        expect(first).to_contain_text(
            "Above the budget of false questions. Asked 3 times in the last 7 days, 3 of them false."
        )
        expect(first).to_contain_text(
            "Above the budget: consider asking only at likely falls (care plan): 3 of 3 false questions"
        )
        expect(second).to_contain_text("Within the budget.")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert serious_findings(page, axe_source()) == []
        first.scroll_into_view_if_needed()
        keep_picture(page, f"alarm-budget-{width}")
    first.get_by_role("link", name="Open Emil’s care plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is told about Emil")
    page.goto(f"{disturbed.url}/alerts?person=Dora")
    expect(page.get_by_test_id("budget")).to_have_count(1)
