"""A therapist's view of a test against a real server: start, watch, annotate, judge, replay, find it on other pages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.doing import confirm, done, ended, prepare, stance
from tests.dashboard.looking import eventually, pixels
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
from tests.dashboard.wards import Ward


@pytest.fixture(scope="module")
def held(demo: Server) -> dict[str, Any]:
    """A stance that Dora held."""
    return done(demo, stance(demo))


def test_a_therapist_starts_a_stance_watches_the_sway_and_reads_the_result(demo: Server, open_page: OpenPage) -> None:
    run_id = stance(demo)
    page = open_page(f"{demo.url}/watch/{run_id}")
    start = page.get_by_role("button", name="Start the test")
    expect(start).to_be_disabled()
    confirm(page)
    expect(start).to_be_enabled()
    start.click()
    expect(page.get_by_test_id("test-state")).to_have_text("About to start")
    expect(page.get_by_test_id("test-clock")).to_have_text(re.compile("^−"))
    expect(page.get_by_test_id("test-state")).to_have_text("Under way", timeout=20_000)
    eventually(page, lambda: float(page.get_by_test_id("test-clock").inner_text().removesuffix(" s")) > 2)
    eventually(page, lambda: pixels(page, ".sway-plot", "--accent") > 20)
    keep_picture(page, "watch-stance-running")
    expect(page.get_by_test_id("test-state")).to_have_text("Finished", timeout=60_000)
    run = demo.get(f"/api/tests/{run_id}")
    expect(page.get_by_test_id("result-value")).to_have_text(run["result"]["value_text"])
    expect(page.get_by_test_id("verdict")).to_contain_text(run["result"]["verdict_text"])
    expect(page.get_by_role("heading", name="Reference")).to_be_visible()
    page.locator(".sway-plot").scroll_into_view_if_needed()
    eventually(page, lambda: pixels(page, ".sway-plot", "--accent") > 20)
    keep_picture(page, "watch-stance-done")


def test_a_finished_test_fills_in_again_as_it_is_played(
    demo: Server, held: dict[str, Any], open_page: OpenPage
) -> None:
    page = open_page(f"{demo.url}/watch/{held['id']}")
    table = page.get_by_role("table", name="The stance so far")
    whole = f"{held['event']['held_s']:.1f} s of 10 s"
    expect(table.get_by_role("row", name="Held")).to_contain_text(whole)
    page.keyboard.press("Home")
    expect(table.get_by_role("row", name="Held")).to_contain_text("0.0 s of 10 s")
    expect(page.get_by_test_id("position")).to_have_text("0.0 s")
    nothing = pixels(page, ".sway-plot", "--accent")
    page.get_by_role("button", name="8×").click()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("play")).to_have_text("Pause")
    expect(page.get_by_test_id("play")).to_have_text("Play", timeout=20_000)
    expect(table.get_by_role("row", name="Held")).to_contain_text(whole)
    assert pixels(page, ".sway-plot", "--accent") > nothing + 20


def test_notes_are_kept_with_their_time(demo: Server, held: dict[str, Any], open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/watch/{held['id']}")
    page.get_by_label("A note with the time of now").fill("Shoes off.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_role("listitem").filter(has_text="Shoes off.")).to_have_text(
        re.compile(r"^\d\d:\d\d Shoes off\.$")
    )
    assert demo.get(f"/api/tests/{held['id']}")["notes"][-1]["text"] == "Shoes off."
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="Shoes off.")).to_be_visible()


def test_a_trial_is_marked_as_not_valid_kept_and_taken_back(
    demo: Server, held: dict[str, Any], open_page: OpenPage
) -> None:
    page = open_page(f"{demo.url}/watch/{held['id']}")
    page.get_by_role("button", name="Mark this trial as not valid").click()
    page.get_by_label("Why is it not valid?").fill("She held on to the rail.")
    page.get_by_role("button", name="Mark as not valid").click()
    expect(page.get_by_test_id("result-value")).to_have_text("No result")
    expect(page.get_by_role("region", name="Marked as not valid")).to_contain_text("She held on to the rail.")
    assert demo.get(f"/api/tests/{held['id']}")["result"]["value"] is None
    keep_picture(page, "watch-marked")
    page.reload()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_test_id("result-value")).to_have_text(held["result"]["value_text"])


def test_a_test_is_broken_off_with_a_reason_and_has_no_result(demo: Server, open_page: OpenPage) -> None:
    run_id = stance(demo)
    demo.send("POST", f"/api/tests/{run_id}/start", {})
    page = open_page(f"{demo.url}/watch/{run_id}")
    expect(page.get_by_test_id("test-state")).to_have_text("Under way", timeout=20_000)
    page.get_by_role("button", name="Break off…").click()
    page.get_by_label("Why?").fill("Somebody came in.")
    page.get_by_role("button", name="Break off", exact=True).click()
    expect(page.get_by_test_id("test-state")).to_have_text("Broken off")
    expect(page.get_by_text("This test was broken off.")).to_contain_text("broken off")
    expect(page.get_by_text("Somebody came in.")).to_be_visible()
    keep_picture(page, "watch-broken-off")
    expect(page.get_by_test_id("result-value")).to_have_count(0)
    assert demo.get(f"/api/tests/{run_id}")["result"] is None


def test_an_operators_end_ends_a_stance(demo: Server, open_page: OpenPage) -> None:
    run_id = prepare(demo, "stance", stance="side_by_side", hold_s=30)
    demo.send("POST", f"/api/tests/{run_id}/start", {})
    page = open_page(f"{demo.url}/watch/{run_id}")
    expect(page.get_by_test_id("test-state")).to_have_text("Under way", timeout=20_000)
    eventually(page, lambda: float(page.get_by_test_id("test-clock").inner_text().removesuffix(" s")) > 3)
    page.get_by_role("button", name="Finished now").click()
    run = ended(demo, run_id)
    assert run["end_cue_s"] is not None
    expect(page.get_by_test_id("test-state")).to_have_text(re.compile("^(Finished|Not valid)$"))


@pytest.fixture(scope="module")
def ward(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    ward = Ward(tmp_path_factory.mktemp("ward"))
    ward.start()
    yield ward
    ward.stop()


def test_a_test_whose_sensor_falls_silent_is_said_to_wait_and_then_to_have_no_result(
    ward: Ward, open_page: OpenPage
) -> None:
    wish = {"session_id": ward.session_id, "protocol": "stance", "stance": "side_by_side", "hold_s": 30}
    run_id = ward.send("/api/tests", {**wish, "started_by": "therapist", "variants": {}, "before": {}})["id"]
    page = open_page(f"{ward.url}/watch/{run_id}")
    confirm(page)
    start = page.get_by_role("button", name="Start the test")
    expect(start).to_be_enabled(timeout=60_000)
    start.click()
    expect(page.get_by_test_id("test-state")).to_have_text("Under way", timeout=20_000)
    ward.silence()
    expect(page.get_by_test_id("test-state")).to_have_text("Waiting for the sensor", timeout=20_000)
    expect(page.get_by_role("alert")).to_contain_text("silent")
    keep_picture(page, "watch-silent")
    expect(page.get_by_test_id("test-state")).to_have_text("Not valid", timeout=30_000)
    expect(page.get_by_text("This test has no result.")).to_be_visible()
    expect(page.locator(".result-value")).to_have_count(0)
    keep_picture(page, "watch-no-result")
    ward.wake()


def test_a_test_that_is_not_there_is_said_so(demo: Server, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/watch/20200101-000000-none")
    expect(page.get_by_role("heading", name="There is no such test")).to_be_visible()


def test_a_test_is_started_with_the_keyboard_alone(demo: Server, open_page: OpenPage) -> None:
    run_id = stance(demo, "side_by_side")
    page = open_page(f"{demo.url}/watch/{run_id}")
    boxes = page.get_by_role("checkbox")
    expect(boxes.first).to_be_visible(timeout=20_000)
    tab_to(page, "All tests of Dora")
    for at in range(boxes.count()):
        page.keyboard.press("Tab")
        expect(boxes.nth(at)).to_be_focused()
        page.keyboard.press("Space")
    tab_to(page, "Start the test")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("test-state")).to_have_text("About to start")
    ended(demo, run_id)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_view_is_accessible_before_and_after_a_test(
    demo: Server, held: dict[str, Any], open_page: OpenPage, width: int, scheme: str
) -> None:
    source = axe_source()
    waiting = stance(demo, "single_right")
    page = open_page("about:blank", width=width, scheme=scheme)
    for name, run_id in (("waiting", waiting), ("done", held["id"])):
        page.goto(f"{demo.url}/watch/{run_id}")
        expect(page.get_by_test_id("test-state")).to_be_visible(timeout=20_000)
        page.wait_for_load_state("networkidle")
        for summary in page.locator("summary").all():
            summary.click()
        keep_picture(page, f"watch-{name}-{width}-{scheme}")
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{name} is {too_wide} px too wide"
        assert page.evaluate(SMALL_TARGETS, TARGET_PX) == [], name
        assert serious_findings(page, source) == [], name
    demo.send("POST", f"/api/tests/{waiting}/stop", {"why": "aborted"})
