"""A possible fall on the pages: the wearer is asked, others see it, somebody takes it, and it can be read later."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.dashboard.alarmed import annas_device, fell
from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import eventually
from tests.dashboard.test_accessibility import SCHEMES, SMALL_TARGETS, axe_source, keep_picture, serious_findings
from tests.dashboard.wards import CARE_OF_ANNA, FALLING, Ward


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_wearer_is_asked_over_any_page_with_buttons_that_a_fist_hits(
    anna: Ward, open_page: OpenPage, scheme: str
) -> None:
    page = annas_device(open_page, anna, "/tests", width=360, height=740, scheme=scheme)
    fell(anna, page)
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text(re.compile(r"In \d+ seconds? I will call Ben"))
    for name in ("I’m OK", "I need help"):
        box = dialog.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["height"] > 740 / 3 - 5
        assert box["width"] > 300
    assert serious_findings(page, axe_source()) == []
    keep_picture(page, f"alarm-prompt-{scheme}")
    dialog.get_by_role("button", name="I’m OK").click()
    after = page.get_by_role("dialog", name="Good that you are OK")
    expect(after).to_contain_text("Nobody was called. Did you fall?")
    keep_picture(page, f"alarm-after-{scheme}")
    after.get_by_role("button", name="Yes, but I am fine").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="What happened").click()
    expect(page.get_by_test_id("happened")).to_contain_text(
        "It looked as if you had fallen. You said that you were OK."
    )
    (alert,) = anna.get("/api/alerts")["alerts"]
    assert (alert["outcome"], alert["fell"]) == ("fall_no_injury", True)


def test_help_is_called_shown_and_taken_from_a_second_browser(anna: Ward, open_page: OpenPage) -> None:
    page = annas_device(open_page, anna, width=360, height=740)
    carer = open_page(f"{anna.url}/sessions", width=1440)
    fell(anna, page)
    expect(carer.get_by_role("link", name="Anna may have fallen")).to_be_visible()
    page.get_by_role("button", name="I need help").click()
    calling = page.get_by_role("alertdialog", name="Help is being called")
    expect(calling).to_contain_text("Ben ")
    expect(calling).to_contain_text(re.compile(r"(Next: Cleo|Then again: Ben), in \d+ (seconds|minutes)\."))
    keep_picture(page, "alarm-calling")
    carer.get_by_role("link", name="Anna may have fallen").click()
    expect(carer.get_by_test_id("one-alert")).to_have_attribute("data-state", "escalating")
    carer.get_by_label("Your name").fill("Ben")
    carer.get_by_role("button", name="I take it").click()
    expect(page.get_by_role("alertdialog", name="Ben takes care of you")).to_be_visible()
    expect(carer.get_by_test_id("told")).to_contain_text("Has taken it")
    carer.get_by_role("button", name="How did it end?").click()
    carer.get_by_role("button", name="False alarm").click()
    carer.get_by_role("button", name="Sat down hard").click()
    carer.get_by_role("button", name="Save the outcome").click()
    expect(carer.get_by_test_id("one-alert")).to_have_attribute("data-state", "resolved")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    (alert,) = anna.get("/api/alerts")["alerts"]
    assert (alert["outcome"], alert["label"], alert["resolved"]["by"]) == ("false_alarm", "Sat down hard", "Ben")
    carer.get_by_role("link", name="All alarms").click()
    expect(carer.get_by_test_id("alert")).to_contain_text("Sat down hard")


@pytest.mark.parametrize("width", [360, 1440])
def test_the_inbox_one_alarm_and_the_care_plan_fit_and_can_be_used_by_everybody(
    anna: Ward, open_page: OpenPage, width: int
) -> None:
    page = open_page(f"{anna.url}/alerts", width=width, height=900)
    expect(page.get_by_test_id("no-alerts")).to_be_visible()
    anna.fall()
    expect(page.get_by_test_id("alert")).to_have_attribute("data-state", "prompting", timeout=20_000)
    for name, path in (("inbox", "/alerts"), ("one", None), ("care", "/care?person=Anna")):
        if path is None:
            page.goto(f"{anna.url}/alerts")
            page.get_by_test_id("alert").get_by_role("link").first.click()
            expect(page.get_by_role("heading", name="The minute around it")).to_be_visible()
            expect(page.locator("svg[role=img]")).to_be_visible()
        else:
            page.goto(anna.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(500)
        keep_picture(page, f"alarm-{name}-{width}")
        assert serious_findings(page, axe_source()) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = [it for it in page.evaluate(SMALL_TARGETS, 44) if not it.startswith("checkbox")]
        assert small == []


def test_a_pause_is_shown_with_its_end_and_falls_are_kept_without_disturbing_anybody(
    anna: Ward, open_page: OpenPage
) -> None:
    page = annas_device(open_page, anna)
    carer = open_page(f"{anna.url}/care?person=Anna")
    carer.get_by_label("Your name").fill("Ben")
    carer.get_by_label("Why").fill("exercises")
    carer.get_by_role("button", name="Switch off").click()
    expect(carer.get_by_test_id("snoozed")).to_contain_text("Switched off by Ben: exercises.")
    anna.fall()
    expect(carer.get_by_role("navigation").get_by_role("link", name="Alarms 1")).to_be_visible()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    wearers = open_page(f"{anna.url}/what-happened")
    wearers.get_by_label("Whose device is it?").select_option("Anna")
    expect(wearers.get_by_test_id("not-watched")).to_contain_text(re.compile(r"not watched until \d\d:\d\d"))
    expect(wearers.get_by_text("If you need help, I call Ben, then Cleo.")).to_be_visible()
    carer.get_by_role("button", name="Switch on again now").click()
    expect(carer.get_by_test_id("snoozed")).to_have_count(0)


def test_the_standing_button_calls_for_help_after_five_seconds_unless_it_was_a_mistake(
    anna: Ward, open_page: OpenPage
) -> None:
    page = annas_device(open_page, anna, "/people")
    page.get_by_role("button", name="I need help").click()
    thinking = page.get_by_role("alertdialog", name=re.compile("Help is called in"))
    thinking.get_by_role("button", name="No, not now").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert anna.get("/api/alerts")["alerts"] == []
    page.get_by_role("button", name="I need help").click()
    expect(page.get_by_role("alertdialog", name="Help is being called")).to_be_visible(timeout=20_000)
    (alert,) = anna.get("/api/alerts")["alerts"]
    assert (alert["kind"], alert["person"], alert["state"]) == ("help", "Anna", "escalating")


def test_a_fall_in_a_running_walk_test_lies_over_the_test_which_goes_on(anna: Ward, open_page: OpenPage) -> None:
    run = anna.send("/api/tests", {"session_id": anna.session_id, "protocol": "6mwt", "started_by": "patient"})
    page = annas_device(open_page, anna, f"/test/{run['id']}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    eventually(page, lambda: bool(anna.get(f"/api/tests/{run['id']}/preflight")["ready"]))
    anna.send(f"/api/tests/{run['id']}/start", {})
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=30_000)
    fell(anna, page)
    assert anna.get(f"/api/tests/{run['id']}")["state"] in ("countdown", "running")
    page.get_by_role("button", name="I’m OK").click()
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()


@pytest.mark.usefixtures("browser")
def test_a_fall_that_the_sensor_feels_is_asked_about_and_drawn(open_page: OpenPage, tmp_path: Path) -> None:
    ward = Ward(tmp_path, FALLING)
    ward.start()
    try:
        ward.send("/api/care", CARE_OF_ANNA | {"observe_s": 3}, "PUT")
        page = annas_device(open_page, ward)
        expect(page.get_by_role("alertdialog", name="Are you OK?")).to_be_visible(timeout=90_000)
        carer = open_page(f"{ward.url}/alerts", width=360)
        carer.get_by_role("link", name="Possible fall: Anna").click()
        page.wait_for_timeout(12_000)
        carer.reload()
        expect(carer.get_by_text("impact", exact=False).first).to_be_visible()
        carer.get_by_text("As a table").click()
        minute = carer.locator(".minute table")
        expect(minute).to_contain_text("upright")
        expect(minute).to_contain_text("lying")
        keep_picture(carer, "alarm-fall-360")
        page.get_by_role("button", name="I’m OK").click()
        page.get_by_role("button", name="Yes, but I am fine").click()
        expect(carer.get_by_test_id("one-alert")).to_have_attribute("data-state", "resolved")
        expect(carer.get_by_text("I fell", exact=True)).to_be_visible()
        carer.get_by_role("link", name="All alarms").click()
        carer.get_by_label("Whose alarms").select_option("Anna")
        expect(carer.get_by_role("heading", name="Alarms of Anna")).to_be_visible()
        expect(carer.get_by_role("row").nth(1)).to_contain_text(re.compile(r"1\s*0\s*0\s*0"))
    finally:
        ward.stop()


def test_a_change_of_the_care_plan_keeps_what_it_does_not_show(anna: Ward, open_page: OpenPage) -> None:
    page = open_page(f"{anna.url}/care?person=Anna", width=360)
    page.get_by_label("Time to answer, s").fill("45")
    page.get_by_label("Ask", exact=True).select_option("0.7")
    page.get_by_role("button", name="Tell Cleo earlier").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    care = anna.get("/api/care?person=Anna")
    assert (care["prompt_s"], care["least_confidence"]) == (45.0, 0.7)
    assert [one["name"] for one in care["contacts"]] == ["Cleo", "Ben"]
    assert all(one["channels"][0]["kind"] == "Webhook" for one in care["contacts"])
    page.get_by_label("Time to answer, s").fill("5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("between 10 and 120 seconds")


def test_a_late_answer_undoes_nothing_that_was_typed_or_switched_meanwhile(anna: Ward, open_page: OpenPage) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "PUT":
            held.append(route)
        else:
            route.continue_()

    page = open_page(f"{anna.url}/care?person=Anna")
    page.route(re.compile("/api/care"), hold)
    page.get_by_label("Time to answer, s").fill("45")
    page.get_by_role("button", name="Save").click()
    eventually(page, lambda: len(held) == 1, within_s=20)
    page.get_by_label("Time to answer, s").fill("50")
    page.get_by_label("Your name").fill("Ben")
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_test_id("snoozed")).to_be_visible()
    before = anna.get("/api/care?person=Anna") | {"prompt_s": 45, "snooze": None}
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        held[0].fulfill(json=before)
    expect(page.get_by_test_id("snoozed")).to_be_visible()
    expect(page.get_by_label("Time to answer, s")).to_have_value("50")
    expect(page.get_by_text("Saved.")).to_have_count(0)


def test_a_test_alarm_shows_for_everybody_whether_it_arrived(anna: Ward, open_page: OpenPage) -> None:
    mine = annas_device(open_page, anna)
    page = open_page(f"{anna.url}/care?person=Anna")
    page.get_by_role("button", name="Test the alarm").click()
    expect(page.get_by_role("heading", name="Test alarm: Anna")).to_be_visible()
    told = page.get_by_test_id("told").get_by_role("listitem")
    expect(told).to_have_count(2)
    expect(told.first).to_contain_text("could not be reached", timeout=20_000)
    page.get_by_label("Your name").fill("Ben")
    page.get_by_role("button", name="The test has reached me").click()
    expect(told.filter(has_text="Ben")).to_contain_text("Has taken it")
    expect(mine.get_by_role("alertdialog")).to_have_count(0)
