"""People, their days and the calibration walk."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import eventually
from tests.dashboard.servers import Server
from tests.dashboard.test_accessibility import (
    SCHEMES,
    SMALL_TARGETS,
    TARGET_PX,
    WIDTHS,
    axe_source,
    keep_picture,
    serious_findings,
    tab_to,
)
from tests.dashboard.weeks import NAME, WORN_H, write_weeks


def today() -> date:
    return datetime.now(UTC).date()


@pytest.fixture(scope="module")
def weeks_server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("weeks")
    write_weeks(folder / "data", today())
    server = Server("serve", folder)
    server.start()
    yield server
    server.stop()


def day_page(open_page: OpenPage, server: Server, ago: int = 0, **more: object) -> Page:
    day = today() - timedelta(days=ago)
    page = open_page(f"{server.url}/people/1/today?date={day}", timezone_id="UTC", **more)
    expect(page.get_by_role("heading", level=1, name=NAME)).to_be_visible(timeout=30_000)
    return page


def test_a_day_stands_against_the_four_weeks_before(weeks_server: Server, open_page: OpenPage) -> None:
    told = weeks_server.get(f"/api/people/1/day?date={today() - timedelta(days=1)}")
    page = day_page(open_page, weeks_server, ago=1)
    expect(page.get_by_test_id("walking")).to_have_text(f"{told['walking_s'] / 60:.1f} min")
    expect(page.get_by_test_id("day-steps")).to_have_text(f"{told['steps']:,}")
    expect(page.get_by_test_id("compared-with")).to_contain_text(f"half of the {told['usual']['days']} days")
    figure = page.locator(".day-figure").filter(has=page.get_by_text("Walking time"))
    expect(figure).to_contain_text(re.compile(r"(Less|More) than on most days|Like most days"))
    expect(figure).to_contain_text(f"in the middle {told['usual']['walking_s']['median'] / 60:.1f}.")
    expect(page.get_by_text(f"Recorded for {WORN_H} h 00 min.")).to_be_visible()
    lengths = page.get_by_role("table", name="Walks by how long they lasted")
    for length in told["by_length"]:
        expect(lengths).to_contain_text(str(length["bouts"]))
    expect(page.get_by_role("table", name="Walking time by speed")).to_contain_text("m/s")
    page.get_by_text("These days as a table").click()
    expect(page.get_by_role("table", name="Days, newest first").get_by_role("row")).to_have_count(30)


def test_today_is_not_called_low_while_it_goes_on(weeks_server: Server, open_page: OpenPage) -> None:
    page = day_page(open_page, weeks_server)
    expect(page.locator(".day-figure").first).to_contain_text(re.compile("So far|More than"))
    assert page.get_by_text("Less than on most days").count() == 0
    assert page.get_by_text("Shorter than on most days").count() == 0


def test_a_day_without_a_sensor_is_no_day_without_walking(weeks_server: Server, open_page: OpenPage) -> None:
    page = day_page(open_page, weeks_server, ago=3)
    expect(page.get_by_test_id("nothing-recorded")).to_contain_text("No sensor was worn on this day")
    assert page.get_by_test_id("day-steps").count() == 0


def test_too_little_recorded_and_too_few_days_are_said(weeks_server: Server, open_page: OpenPage) -> None:
    short = day_page(open_page, weeks_server, ago=6)
    expect(short.locator(".day-figure").first).to_contain_text("Too little recorded to compare.")
    expect(short.get_by_text("worn for less time than usual")).to_be_visible()
    first = day_page(open_page, weeks_server, ago=28)
    expect(first.get_by_test_id("compared-with")).to_contain_text("Not enough days yet to compare")


def test_days_are_switched_and_the_longest_walk_is_opened(weeks_server: Server, open_page: OpenPage) -> None:
    page = day_page(open_page, weeks_server)
    page.get_by_role("link", name=re.compile("^Day before")).click()
    yesterday = today() - timedelta(days=1)
    expect(page).to_have_url(re.compile(f"date={yesterday}"))
    before = today() - timedelta(days=2)
    page.get_by_label("Day to show").fill(str(before))
    expect(page).to_have_url(re.compile(f"date={before}"))
    expect(page.get_by_role("heading", level=2, name=re.compile(rf"\b{before.day} "))).to_be_visible()
    page.get_by_role("link", name="Today", exact=True).last.click()
    expect(page.get_by_role("heading", name=re.compile("^Today, "))).to_be_visible()
    page.get_by_role("link", name="Look at this walk").click()
    expect(page).to_have_url(re.compile(r"/sessions/.+[?]at=\d"))


def test_somebody_who_is_not_known_is_said_so(weeks_server: Server, open_page: OpenPage) -> None:
    for address in ("/people/99", "/people/99/today", "/people/99/calibrate"):
        page = open_page(weeks_server.url + address)
        expect(page.get_by_role("heading", name="There is no such person")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_full_day_fits_every_width_and_axe_finds_nothing_serious(
    weeks_server: Server, open_page: OpenPage, scheme: str
) -> None:
    source = axe_source()
    for width in WIDTHS:
        page = day_page(open_page, weeks_server, ago=1, width=width, scheme=scheme)
        page.get_by_text("These days as a table").click()
        keep_picture(page, f"weeks-{width}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert page.evaluate(SMALL_TARGETS, TARGET_PX) == []
        assert serious_findings(page, source) == []


def test_a_person_is_added_from_the_card_and_changed(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    page.get_by_role("link", name="Add person Bert").click(timeout=30_000)
    expect(page.get_by_label("Name")).to_have_value("Bert")
    page.get_by_label("Height, cm").fill("1.8")
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("alert").filter(has_text="Height must be a number from 50 to 250 cm")).to_be_visible()
    page.get_by_label("Height, cm").fill("180")
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("heading", level=1, name="Bert")).to_be_visible()
    page.get_by_label("Age, years").fill("50")
    expect(page.get_by_label("Look for freezing-like episodes")).not_to_be_checked()
    page.get_by_text("Look for freezing-like episodes").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It holds for sessions that begin from now on.")).to_be_visible()
    told = next(it for it in demo.get("/api/people")["items"] if it["name"] == "Bert")
    assert (told["height_m"], told["age_years"], told["freezes"]) == (1.8, 50, True)
    page.get_by_role("link", name="Live", exact=True).click()
    page.get_by_role("link", name="Today of Bert").click()
    expect(page.get_by_role("heading", name=re.compile("^Today, "))).to_be_visible()


def test_a_name_that_is_taken_is_refused_with_the_servers_sentence(demo: Server, open_page: OpenPage) -> None:
    demo.person("Anna", height_m=1.68)
    page = open_page(f"{demo.url}/people?add=anna")
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("alert").filter(has_text="There is a person Anna already")).to_be_visible()


def test_the_sessions_list_leads_to_the_persons_day(demo: Server, open_page: OpenPage) -> None:
    demo.person("Anna", height_m=1.68)
    page = open_page(f"{demo.url}/sessions")
    page.get_by_role("link", name=re.compile("^Anna: the day of")).first.click(timeout=30_000)
    expect(page.get_by_role("heading", level=1, name="Anna")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/people/\d+/today\?date="))


def test_a_recorded_walk_calibrates_with_the_keyboard_alone(demo: Server, open_page: OpenPage) -> None:
    person = demo.person("Anna", height_m=1.68)
    page = open_page(f"{demo.url}/people/{person}")
    expect(page.get_by_text("Not calibrated.")).to_be_visible()
    tab_to(page, "Start a calibration walk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Which session?")).to_be_focused()
    recorded = page.get_by_role("button", name=re.compile(r"Lower back, [12] min .*finished")).first
    expect(recorded).to_be_visible(timeout=30_000)
    recorded.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Which walk was it?")).to_be_focused()
    expect(page.get_by_role("button", name=re.compile(r"steps, at \d")).first).to_be_visible(timeout=30_000)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How far was it?")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("at least 10")
    page.keyboard.press("Control+A")
    page.keyboard.type("9000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("which cannot be 9000 m", timeout=60_000)
    measured_m = float(re.findall(r"([\d.]+) m were measured", page.get_by_role("alert").inner_text())[0])
    page.get_by_label("Distance in metres").fill(f"{measured_m / 1.08:.1f}")
    page.keyboard.press("Enter")
    result = page.get_by_test_id("calibration-result")
    expect(result).to_contain_text(
        re.compile(r"Speed was (7\.9|8|8\.1) % too high. It is corrected now."), timeout=60_000
    )
    expect(result).to_contain_text(re.compile(r"The expected error is now ± [\d.]+ %"))
    page.get_by_role("link", name="Finish").click()
    expect(page.get_by_text(re.compile("Lower back: Without it, speed would be"))).to_be_visible()
    page.get_by_role("button", name="Forget the calibration for the lower back").click()
    page.get_by_role("button", name="Yes, forget it").click()
    expect(page.get_by_text("Not calibrated.")).to_be_visible()


def test_a_walk_that_happens_now_calibrates(demo: Server, open_page: OpenPage) -> None:
    person = demo.person("Anna", height_m=1.68)
    page = open_page(f"{demo.url}/people/{person}/calibrate")
    page.get_by_role("button", name=re.compile("In progress now")).first.click(timeout=30_000)
    page.get_by_role("button", name="Start walking").click(timeout=30_000)
    clock = page.locator(".walk-clock")

    def walked() -> bool:
        found = re.search(r"(\d+) steps", clock.inner_text())
        return found is not None and int(found[1]) >= 40

    eventually(page, walked)
    page.get_by_role("button", name="Arrived").click()
    expect(page.get_by_role("heading", name="How far was it?")).to_be_focused()
    page.get_by_role("button", name="20 m", exact=True).click()
    page.get_by_role("button", name="Calibrate").click()
    expect(page.get_by_test_id("calibration-result")).to_contain_text("The expected error is now", timeout=60_000)
    page.get_by_role("button", name="Walk once more").click()
    expect(page.get_by_role("heading", name="Which session?")).to_be_focused()
