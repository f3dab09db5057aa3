"""The question "Are you OK?" against what happens to questions: a stray touch, the keyboard, silence, a lost server."""

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.dashboard.alarmed import annas_device, fell
from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import eventually
from tests.dashboard.patients import LISTEN, said
from tests.dashboard.test_accessibility import axe_source, serious_findings
from tests.dashboard.wards import Ward

# Presses "I need help" in the very moment in which it appears, as a finger does that was on its way to something else.
STRAY_TOUCH = """() => {
  window.strayed = 0;
  new MutationObserver(() => {
    const button = document.querySelector("dialog .alarm-button[data-kind=help]");
    if (!button || window.strayed++) return;
    button.click();
  }).observe(document.body, { childList: true, subtree: true });
}"""


def the_alert(ward: Ward) -> dict[str, Any]:
    (alert,) = ward.get("/api/alerts")["alerts"]
    return dict(alert)


def test_a_touch_that_was_under_way_when_the_question_appeared_answers_nothing(anna: Ward, open_page: OpenPage) -> None:
    page = annas_device(open_page, anna)
    page.evaluate(STRAY_TOUCH)
    fell(anna, page)
    expect(page.get_by_role("button", name="I need help")).to_be_enabled()
    assert page.evaluate("window.strayed") >= 1
    assert the_alert(anna)["state"] == "prompting"


def test_whoever_goes_on_pressing_for_help_takes_nothing_back(anna: Ward, open_page: OpenPage) -> None:
    page = annas_device(open_page, anna, width=360, height=740)
    fell(anna, page)
    button = page.get_by_role("button", name="I need help")
    expect(button).to_be_enabled()
    box = button.bounding_box()
    assert box is not None
    for _ in range(8):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(300)
    expect(page.get_by_role("alertdialog", name="Help is being called")).to_be_visible()
    assert the_alert(anna)["state"] == "escalating"


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.closest('dialog') ? document.activeElement.textContent : 'outside'")
    )


def test_the_question_holds_the_focus_and_is_not_closed_by_the_keyboard(anna: Ward, open_page: OpenPage) -> None:
    page = annas_device(open_page, anna, "/people")
    fell(anna, page)
    expect(page.get_by_role("button", name="I’m OK")).to_be_enabled()
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog", name="Are you OK?")).to_be_visible()
    page.keyboard.press("Space")
    assert the_alert(anna)["state"] == "prompting"
    page.keyboard.press("Tab")
    assert focused(page) == "I’m OK"
    page.keyboard.press("Tab")
    assert focused(page) == "I need help"
    page.keyboard.press("Tab")
    assert focused(page) != "outside" or page.evaluate("document.activeElement === document.body")
    page.keyboard.press("Shift+Tab")
    page.get_by_role("button", name="I’m OK").focus()
    page.keyboard.press("Enter")
    after = page.get_by_role("dialog", name="Good that you are OK")
    expect(after).to_be_visible()
    assert serious_findings(page, axe_source()) == []
    skip = after.get_by_role("button", name="Skip")
    expect(skip).to_be_enabled()
    skip.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert the_alert(anna)["outcome"] == "false_alarm"


def test_the_question_is_spoken_again_and_help_is_spoken_of_calmly(anna: Ward, open_page: OpenPage) -> None:
    page = annas_device(open_page, anna)
    page.add_init_script(f"({LISTEN})()")
    page.reload()
    expect(page.get_by_text("Touch this page once, so that I can speak to you.")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_text("Touch this page once")).to_have_count(0)
    fell(anna, page)
    question = "Anna, are you OK? Please press the large button. If you do not answer, I will call Ben."
    eventually(page, lambda: said(page).count(question) >= 2, within_s=20)
    assert len(page.evaluate("window.heard.tones_ms")) >= 4
    eventually(page, lambda: page.title() == "● Are you OK?", within_s=5)
    page.get_by_role("button", name="I need help").click()
    eventually(page, lambda: any("Help is being called." in words for words in said(page)), within_s=10)
    tones = len(page.evaluate("window.heard.tones_ms"))
    anna.send(f"/api/alerts/{the_alert(anna)['id']}/acknowledge", {"by": "Ben"})
    eventually(page, lambda: said(page)[-1] == "Ben knows, and takes care of you.", within_s=10)
    page.get_by_role("button", name="Close").click()
    assert len(page.evaluate("window.heard.tones_ms")) == tones
    page.get_by_role("button", name="Ben takes care of you: show").click()
    page.get_by_role("button", name="I am OK after all").click()
    expect(page.get_by_role("dialog", name="Good that you are OK")).to_contain_text("I tell Ben")
    eventually(page, lambda: said(page)[-1].startswith("Good that you are OK."), within_s=5)


def test_an_answer_that_the_server_does_not_hear_is_told_until_it_does(anna: Ward, open_page: OpenPage) -> None:
    page = annas_device(open_page, anna)
    fell(anna, page)

    def unheard(route: Route) -> None:
        route.abort()

    page.route(re.compile("/answer$"), unheard)
    page.get_by_role("button", name="I’m OK").click()
    expect(page.get_by_role("status").filter(has_text="Surefoot has not heard you yet")).to_be_visible()
    expect(page.get_by_role("button", name="I need help")).to_be_enabled()
    page.unroute(re.compile("/answer$"), unheard)
    expect(page.get_by_role("dialog", name="Good that you are OK")).to_be_visible(timeout=15_000)
    assert the_alert(anna)["state"] == "resolved"


def test_a_call_for_help_that_the_server_does_not_hear_goes_on(anna: Ward, open_page: OpenPage) -> None:
    page = annas_device(open_page, anna)

    def unheard(route: Route) -> None:
        route.abort()

    page.route(re.compile("/alerts/help$"), unheard)
    page.get_by_role("button", name="I need help").click()
    page.get_by_role("button", name="Call now").click()
    expect(page.get_by_role("alert").filter(has_text="Call out, or use a telephone.")).to_be_visible()
    page.unroute(re.compile("/alerts/help$"), unheard)
    expect(page.get_by_role("alertdialog", name="Help is being called")).to_be_visible(timeout=15_000)


def test_another_wearers_device_is_left_in_peace(anna: Ward, open_page: OpenPage) -> None:
    mine = annas_device(open_page, anna)
    other = open_page(f"{anna.url}/what-happened")
    other.evaluate("localStorage.setItem('surefoot.wearer', 'Bea')")
    other.goto(f"{anna.url}/people")
    expect(other.get_by_role("button", name="I need help")).to_be_visible()
    fell(anna, mine)
    expect(other.get_by_role("navigation").get_by_role("link", name="Alarms 1")).to_be_visible()
    expect(other.get_by_role("alertdialog")).to_have_count(0)
    expect(other.get_by_role("link", name="Anna may have fallen")).to_have_count(0)
