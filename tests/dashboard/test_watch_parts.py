"""What a therapist's view shows of a test, protocol by protocol, and where else a test is named."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from server.demo import SAMPLES
from tests.dashboard.conftest import OpenPage
from tests.dashboard.doing import done, ended, obedient, prepare, stance
from tests.dashboard.looking import eventually, pixels
from tests.dashboard.servers import Server
from tests.dashboard.test_accessibility import (
    SMALL_TARGETS,
    TARGET_PX,
    WIDTHS,
    axe_source,
    keep_picture,
    serious_findings,
)


def test_trials_of_a_day_are_averaged_with_their_spread(demo: Server, open_page: OpenPage) -> None:
    first, second = done(demo, stance(demo)), done(demo, stance(demo))
    values = [first["result"]["value"], second["result"]["value"]]
    page = open_page(f"{demo.url}/watch/{second['id']}")
    mean = page.get_by_test_id("trials-mean")
    expect(mean).to_contain_text("on average of")
    shown = float(re.match(r"[\d.]+", mean.inner_text())[0])  # type: ignore[index]
    assert min(values) - 0.06 <= shown <= max(values) + 0.06
    page.get_by_text("Averages of the figures").click()
    averages = page.get_by_role("table", name="Averages over the trials of this day")
    expect(averages.get_by_role("row").nth(1)).to_be_visible()
    trials = page.locator(".trials-list a")
    assert trials.count() >= 2
    expect(
        trials.filter(has=page.locator("[aria-current]")).or_(page.locator(".trials-list a[aria-current]"))
    ).to_have_count(1)


def test_a_walk_test_shows_rotation_and_step_times(demo: Server, open_page: OpenPage) -> None:
    run_id = prepare(demo, "10mwt", course_length_m=10)
    page = open_page(f"{demo.url}/watch/{run_id}")
    demo.send("POST", f"/api/tests/{run_id}/start", {})
    expect(page.get_by_test_id("test-state")).to_have_text("Under way", timeout=20_000)
    eventually(page, lambda: pixels(page, ".rate-plot", "--chart-yaw") > 50)
    eventually(page, lambda: page.locator(".step-bars > span").count() > 3)
    keep_picture(page, "watch-10mwt-running")
    run = ended(demo, run_id)
    expect(page.get_by_test_id("play")).to_be_visible(timeout=30_000)
    if run["result"]["value"] is not None:
        expect(page.get_by_test_id("result-value")).to_have_text(run["result"]["value_text"])
    eventually(page, lambda: pixels(page, ".rate-plot", "--chart-pitch") > 50)
    page.get_by_text("Step times as a table").click()
    rows = page.get_by_role("table", name="Step times of the test").get_by_role("row")
    expect(rows.nth(4)).to_be_visible()
    assert_usable(page, "watch-10mwt-done")


def test_a_test_under_way_is_named_on_the_live_page_and_afterwards_in_its_session(
    demo: Server, open_page: OpenPage
) -> None:
    run_id = stance(demo, "semi_tandem")
    session_id = obedient(demo)
    page = open_page(f"{demo.url}/?focus={session_id}")
    strip = page.get_by_test_id("test-strip")
    expect(strip).to_contain_text("getting ready", timeout=30_000)
    demo.send("POST", f"/api/tests/{run_id}/start", {})
    expect(strip).to_contain_text("under way", timeout=20_000)
    keep_picture(page, "live-test-under-way")
    ended(demo, run_id)
    expect(strip).to_have_count(0, timeout=20_000)
    log = page.get_by_role("region", name="Just happened")
    happened = log.get_by_role("listitem").filter(has_text=re.compile("semi-tandem, held"))
    expect(happened).to_contain_text("Stance")
    happened.get_by_role("link", name="Stance").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("semi-tandem")
    page.get_by_role("link", name="The session").click()
    tests = page.get_by_role("region", name="Tests")
    expect(tests.get_by_role("listitem").filter(has_text="semi-tandem")).to_be_visible(timeout=30_000)
    assert page.locator(".strip-test").count() >= 1
    keep_picture(page, "session-with-tests")
    before = page.get_by_role("slider").input_value()
    tests.get_by_role("button").last.click()
    assert page.get_by_role("slider").input_value() != before


@pytest.fixture(scope="module")
def sample(demo: Server) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the run of the Timed Up and Go that ships with Surefoot, what is known to have happened in it)."""
    truth: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text())["tug_lower_back"]
    runs = demo.get("/api/tests?protocol=tug&limit=100")["items"]
    return next(run for run in runs if run["session_id"] != obedient(demo)), truth


def shown_as(page: Page, demo: Server, run: dict[str, Any], event: dict[str, Any]) -> None:
    """Opens a run with this event in place of what the detectors made of it: the page is looked at, not they."""
    good = {"verdict": "valid", "reasons": [], "prompted": True, "emitted_s": event["end_s"] + 2.0}
    told = run | {"state": "done", "protocol": event.get("protocol", "tug"), "event": good | event, "result": None}

    def answer(route: Route) -> None:
        route.fulfill(json=told)

    page.route(re.compile(f"/api/tests/{run['id']}$"), answer)
    page.goto(f"{demo.url}/watch/{run['id']}")
    expect(page.get_by_test_id("play")).to_be_visible(timeout=30_000)


def assert_usable(page: Page, name: str) -> None:
    """At every width, with everything unfolded: nothing to scroll sideways, targets large enough, nothing for axe."""
    for summary in page.locator("details:not([open]) > summary").all():
        summary.click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        keep_picture(page, f"{name}-{width}")
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{name} is {too_wide} px too wide at {width}"
        assert page.evaluate(SMALL_TARGETS, TARGET_PX) == [], name
        assert serious_findings(page, axe_source()) == [], name
    page.set_viewport_size({"width": 1280, "height": 900})


def to_moment(page: Page, at_s: float) -> None:
    page.get_by_role("slider").evaluate(
        "(it, to) => { it.value = to; it.dispatchEvent(new Event('input', { bubbles: true })); }", str(at_s)
    )


def test_the_phases_of_an_up_and_go_fill_in_with_their_times(
    demo: Server, sample: tuple[dict[str, Any], dict[str, Any]], open_page: OpenPage
) -> None:
    run, truth = sample
    tug = truth["tug"]
    page = open_page("about:blank")
    event = {"kind": "tug", "time_s": tug["start_s"], "end_s": tug["end_s"], "clock": "cue", "cue_s": tug["cue_s"]}
    shown_as(page, demo, run, event | {"phases": tug["phases"], "steps": 16, "duration_s": 13.6})
    table = page.get_by_role("table", name=re.compile("^Phases of the test"))
    rows = table.get_by_role("row")
    expect(rows).to_have_count(7)
    for at, phase in enumerate(tug["phases"], 1):
        expect(rows.nth(at)).to_contain_text(f"{phase['end_s'] - phase['start_s']:.2f} s")
        expect(rows.nth(at)).to_contain_text(f"{phase['start_s'] - tug['cue_s']:.1f} s")
    eventually(page, lambda: pixels(page, ".rate-plot", "--chart-pitch") > 50)
    whole = pixels(page, ".rate-plot", "--chart-yaw")
    assert_usable(page, "watch-tug-done")
    to_moment(page, 16.0)
    expect(rows.nth(1)).to_contain_text("1.70 s")
    expect(rows.nth(2)).to_contain_text("1.9 s …")
    for at in (3, 4, 5, 6):
        expect(rows.nth(at)).to_contain_text("not yet")
    eventually(page, lambda: pixels(page, ".rate-plot", "--chart-yaw") < whole)
    keep_picture(page, "watch-tug-amid")


def test_the_stands_of_a_set_are_listed_with_what_did_not_count(
    demo: Server, sample: tuple[dict[str, Any], dict[str, Any]], open_page: OpenPage
) -> None:
    run, truth = sample
    first, second = truth["sit_to_stand"]
    page = open_page("about:blank")
    event = {"kind": "chair_stand", "protocol": "chair_stand_30s", "clock": "motion", "cue_s": None, "repetitions": 2}
    event |= {"time_s": first["start_s"], "end_s": first["start_s"] + 42.0, "incomplete_times_s": [30.0]}
    event |= {"repetition_times_s": [first["end_s"], second["end_s"]], "rise_velocities_mps": [0.44, None]}
    shown_as(page, demo, run, event)
    rows = page.get_by_role("table", name="Every rise with its time and speed").get_by_role("row")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("0.44")
    expect(rows.nth(2)).to_contain_text("not counted")
    expect(rows.nth(3).get_by_role("rowheader")).to_have_text("2")
    expect(rows.nth(3)).to_contain_text("–")
    eventually(page, lambda: pixels(page, ".rate-plot", "--chart-pitch") > 50)
    assert_usable(page, "watch-chair-done")
    to_moment(page, 20.0)
    expect(rows).to_have_count(2)
