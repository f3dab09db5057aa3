"""The patient's test page against a real server: choose, check, start, run, stop, lose the sensor, read the result."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import eventually
from tests.dashboard.servers import Server
from tests.dashboard.test_accessibility import (
    SCHEMES,
    SMALL_TARGETS,
    WIDTHS,
    axe_source,
    keep_picture,
    serious_findings,
    tab_to,
)
from tests.dashboard.wards import Ward

BIG_PX = 64
SETTLES_WITHIN_MS = 60_000

# The browser's voice and tone, which a test cannot hear: what is spoken and when a tone begins, on the page's clock.
LISTEN = """() => {
  window.heard = { said: [], tones_ms: [], tests: [] };
  const voice = { lang: "en-GB", localService: true, name: "test", default: true };
  SpeechSynthesis.prototype.getVoices = () => [voice];
  SpeechSynthesis.prototype.speak = (utterance) => window.heard.said.push(utterance.text);
  Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", { set() {}, get: () => null });
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at_s) {
    const ahead_s = at_s - this.context.currentTime + this.context.outputLatency;
    window.heard.tones_ms.push(performance.now() + 1000 * ahead_s);
    return start.call(this, at_s);
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...its) {
      super(...its);
      this.addEventListener("message", ({ data }) => {
        const said = typeof data === "string" ? JSON.parse(data) : {};
        if (said.type === "test") window.heard.tests.push({ ...said.test, at_ms: performance.now() });
      });
    }
  };
}"""


@pytest.fixture(scope="module")
def ward(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    ward = Ward(tmp_path_factory.mktemp("ward"))
    ward.start()
    yield ward
    ward.stop()


@pytest.fixture(autouse=True)
def _nothing_under_way(ward: Ward) -> None:
    """Every test begins with a sensor that is heard and no test under way."""
    ward.wake()
    for run in ward.get("/api/tests?limit=20")["items"]:
        if run["state"] in ("preflight", "countdown", "running", "paused", "settling"):
            ward.send(f"/api/tests/{run['id']}/stop", {"why": "aborted"})


def listening(open_page: OpenPage, address: str, **more: Any) -> Page:
    page = open_page("about:blank", **more)
    page.add_init_script(f"({LISTEN})()")
    page.goto(address)
    return page


def prepare(ward: Ward, protocol: str = "stance", **more: object) -> str:
    """A test that waits for its checks; its id."""
    wish: dict[str, object] = {
        "session_id": ward.session_id,
        "protocol": protocol,
        "started_by": "patient",
        "variants": {},
        "before": {},
    }
    if protocol == "stance":
        wish |= {"stance": "side_by_side", "hold_s": 10}
    return str(ward.send("/api/tests", wish | more)["id"])


def check(page: Page) -> None:
    """From the rules to the button that starts."""
    page.get_by_role("button", name="I have read this").click(timeout=30_000)
    confirm = page.get_by_role("button", name=re.compile("^Yes"))
    start = page.get_by_role("button", name="Start", exact=True)
    for _ in range(3):
        expect(confirm.or_(start)).to_be_visible(timeout=60_000)
        if confirm.count():
            confirm.click()
            page.wait_for_timeout(100)
    expect(start).to_be_enabled(timeout=30_000)


def begin(page: Page) -> None:
    check(page)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_enabled(timeout=10_000)


def state(ward: Ward, run: str) -> str:
    return str(ward.get(f"/api/tests/{run}")["state"])


def said(page: Page) -> list[str]:
    return list(page.evaluate("window.heard.said"))


def test_from_the_live_page_to_a_running_test_one_thing_at_a_time(ward: Ward, open_page: OpenPage) -> None:
    page = listening(open_page, ward.url, width=390, height=800)
    page.get_by_role("link", name="Do a test with").first.click(timeout=30_000)
    expect(page.get_by_role("heading", level=1, name="Which test?")).to_be_focused()
    page.get_by_role("button", name=re.compile("^Stand still")).click()
    expect(page.get_by_role("button", name="Feet side by side", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="On the left leg").click()
    page.get_by_role("button", name="10 seconds").click()
    expect(page.get_by_label("On the feet")).to_be_hidden()
    page.get_by_text("For the therapist").click()
    page.get_by_label("On the feet").select_option(label="barefoot or socks")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1, name="Before you begin")).to_be_focused()
    rules = page.get_by_role("listitem")
    expect(rules.filter(has_text="Stop and sit down if you feel faint")).to_be_visible()
    run = page.url.rsplit("/", 1)[1]
    kept = ward.get(f"/api/tests/{run}")
    assert (kept["stance"], kept["hold_s"], kept["started_by"]) == ("single_left", 10, "patient")
    assert kept["variants"] == {"footwear": "barefoot"}
    begin(page)
    assert state(ward, run) == "countdown"
    expect(page.get_by_test_id("instruction")).to_contain_text("Get ready.")
    expect(page.get_by_test_id("countdown")).to_have_text(re.compile("^[1-5]$"))
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running", timeout=10_000)
    expect(page.get_by_test_id("countdown")).to_be_hidden()
    expect(page.get_by_test_id("instruction")).to_contain_text("Go!")
    expect(page.get_by_test_id("instruction")).to_contain_text("Hold still.", timeout=10_000)
    assert page.get_by_role("navigation").count() == 0, "nothing leads away from a running test"


def test_what_is_to_be_done_is_spoken_in_the_servers_words(ward: Ward, open_page: OpenPage) -> None:
    prepare(ward, stance="tandem_left")
    run = ward.get("/api/tests?limit=1")["items"][0]
    page = listening(open_page, f"{ward.url}/test/{run['id']}")
    begin(page)
    expect(page.get_by_test_id("instruction")).to_contain_text("Hold still.", timeout=20_000)
    catalogue = next(it for it in ward.get("/api/protocols")["items"] if it["id"] == "stance")
    spoken = {it["key"]: it["say"] for it in catalogue["instructions"]}
    heard = said(page)
    assert any("Stop if you think that you might fall" in words for words in heard)
    assert "Is somebody near, or something to hold on to?" in heard
    cues = [words for words in heard if words in (spoken["ready"], spoken["countdown"], spoken["go"])]
    assert cues == [spoken["ready"], spoken["countdown"], spoken["go"]]
    assert run["instruction"]["say"] in heard
    assert "" not in heard


def test_the_tone_begins_at_the_servers_cue(ward: Ward, open_page: OpenPage) -> None:
    page = listening(open_page, f"{ward.url}/test/{prepare(ward)}")
    begin(page)
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running", timeout=10_000)
    heard = page.evaluate("window.heard")
    told = [it for it in heard["tests"] if it["cue_s"] is not None]
    # The message that was least late tells best what the session's clock is on the page.
    cue_ms = min(it["at_ms"] + 1000 * (it["cue_s"] - it["now_s"]) for it in told)
    assert abs(heard["tones_ms"][-1] - cue_ms) < 60


def test_sound_is_switched_off_and_stays_off(ward: Ward, open_page: OpenPage) -> None:
    address = f"{ward.url}/test/{prepare(ward)}"
    page = listening(open_page, address)
    page.get_by_role("button", name="Sound is on").click(timeout=30_000)
    page.reload()
    expect(page.get_by_role("button", name="Sound is off")).to_be_visible(timeout=30_000)
    begin(page)
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running", timeout=10_000)
    heard = page.evaluate("window.heard")
    assert (heard["said"], heard["tones_ms"]) == ([], [])
    expect(page.get_by_test_id("instruction")).to_contain_text("Go!")


def test_a_browser_without_a_voice_says_so_and_goes_on(ward: Ward, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    page.add_init_script("SpeechSynthesis.prototype.getVoices = () => [];")
    page.goto(f"{ward.url}/test/{prepare(ward)}")
    expect(page.get_by_test_id("no-voice")).to_contain_text("Please read the words.", timeout=30_000)
    begin(page)
    expect(page.get_by_test_id("instruction")).to_contain_text("Go!", timeout=10_000)


def test_one_touch_stops_and_asks_why(ward: Ward, open_page: OpenPage) -> None:
    run = prepare(ward)
    page = listening(open_page, f"{ward.url}/test/{run}", width=390, height=800)
    begin(page)
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running", timeout=10_000)
    stop = page.get_by_role("button", name="Stop", exact=True)
    box = stop.bounding_box()
    assert box is not None
    assert box["height"] >= 96
    assert box["width"] >= 300
    assert box["y"] + box["height"] <= 800, "it can be seen without scrolling"
    stop.click()
    expect(page.get_by_role("heading", level=1, name="Stopped. That is all right.")).to_be_visible()
    expect(page.get_by_text("Sit down and rest.")).to_be_visible()
    eventually(page, lambda: state(ward, run) == "aborted")
    assert said(page)[-1].startswith("Stopped.")
    page.get_by_role("button", name="I was dizzy").click()
    expect(page.get_by_role("button", name="I was dizzy")).to_be_hidden()
    assert "I was dizzy" in ward.get(f"/api/tests/{run}")["notes"][0]["text"]
    assert page.get_by_test_id("value").count() == 0


@pytest.mark.parametrize("key", ["Escape", "Space", "Enter"])
def test_a_key_stops_too(ward: Ward, open_page: OpenPage, key: str) -> None:
    run = prepare(ward)
    page = listening(open_page, f"{ward.url}/test/{run}")
    begin(page)
    page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1, name="Stopped. That is all right.")).to_be_visible()
    eventually(page, lambda: state(ward, run) == "aborted")


def test_a_held_key_or_a_trembling_hand_does_not_answer_twice(ward: Ward, open_page: OpenPage) -> None:
    run = prepare(ward)
    page = listening(open_page, f"{ward.url}/test/{run}")
    check(page)
    start = page.get_by_role("button", name="Start", exact=True)
    box = start.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_test_id("run")).to_be_visible()
    page.wait_for_timeout(1000)
    page.keyboard.down("Enter")
    assert state(ward, run) == "aborted", "one press stops"
    page.keyboard.up("Enter")
    again = prepare(ward)
    page.goto(f"{ward.url}/test/{again}")
    check(page)
    start.focus()
    page.keyboard.down("Enter")
    for _ in range(30):  # a key that is held repeats itself
        page.keyboard.down("Enter")
        page.wait_for_timeout(50)
    assert state(ward, again) in ("countdown", "running")
    page.keyboard.up("Enter")


def test_a_whole_test_with_the_keyboard_alone(ward: Ward, open_page: OpenPage) -> None:
    page = listening(open_page, f"{ward.url}/test")
    expect(page.get_by_role("heading", level=1, name="Which test?")).to_be_focused(timeout=30_000)
    page.wait_for_timeout(700)
    tab_to(page, "Stand still")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Stand still")).to_be_focused()
    page.wait_for_timeout(700)
    tab_to(page, "10 seconds")
    page.keyboard.press("Space")
    tab_to(page, "Go on")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Before you begin")).to_be_focused()
    page.wait_for_timeout(700)
    tab_to(page, "I have read this")
    page.keyboard.press("Enter")
    for question in ("Are you upright?", "Is the way free", "Is somebody near"):
        expect(page.get_by_role("heading", level=1, name=re.compile(re.escape(question)))).to_be_visible(timeout=60_000)
        expect(page.get_by_role("button", name=re.compile("^Yes"))).to_be_focused()
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_focused(timeout=30_000)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1, name="Stopped. That is all right.")).to_be_focused()


def test_a_sensor_that_falls_silent_pauses_the_test_and_then_it_does_not_count(ward: Ward, open_page: OpenPage) -> None:
    run = prepare(ward, hold_s=30)
    page = listening(open_page, f"{ward.url}/test/{run}")
    begin(page)
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running", timeout=10_000)
    ward.silence()
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "paused", timeout=10_000)
    expect(page.get_by_test_id("instruction")).to_contain_text("The sensor cannot be heard.")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    eventually(page, lambda: any("The sensor cannot be heard." in words for words in said(page)))
    expect(page.get_by_role("heading", level=1, name="This test did not count")).to_be_visible(timeout=20_000)
    expect(page.get_by_test_id("no-result")).to_contain_text("silent for more than five seconds")
    assert page.get_by_test_id("value").count() == 0
    expect(page.get_by_role("link", name="Do it again")).to_be_visible()


def test_a_sensor_that_is_silent_for_a_moment_comes_back(ward: Ward, open_page: OpenPage) -> None:
    run = prepare(ward, hold_s=30)
    page = listening(open_page, f"{ward.url}/test/{run}")
    begin(page)
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running", timeout=10_000)
    ward.silence()
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "paused", timeout=10_000)
    ward.wake()
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running", timeout=10_000)
    expect(page.get_by_test_id("instruction")).to_contain_text("Hold still.", timeout=10_000)


def test_a_sensor_that_falls_silent_in_the_countdown_begins_it_again(ward: Ward, open_page: OpenPage) -> None:
    page = listening(open_page, f"{ward.url}/test/{prepare(ward)}")
    begin(page)
    ward.silence()
    expect(page.get_by_text("The sensor fell silent in the countdown.")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    assert page.evaluate("window.heard.said.includes('Go.')") is False
    ward.wake()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled(timeout=60_000)
    assert page.get_by_role("heading", name="Before you begin").count() == 0, "the rules were read"


def test_a_lost_connection_is_said_and_the_clock_runs_on(ward: Ward, open_page: OpenPage) -> None:
    """The live connection goes dead under the page; the server goes on with the test."""
    run = prepare(ward, hold_s=10)
    page = listening(open_page, "about:blank")
    dead = {"now": False}

    def deaf(route: Any) -> None:
        if dead["now"]:
            route.close()
            return
        server = route.connect_to_server()
        server.on_message(lambda message: None if dead["now"] else route.send(message))

    page.route_web_socket(re.compile("/api/live"), deaf)
    page.goto(f"{ward.url}/test/{run}")
    begin(page)
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running", timeout=10_000)
    dead["now"] = True
    expect(page.get_by_test_id("run-stale")).to_contain_text("Go on with the test.", timeout=10_000)
    before = page.get_by_test_id("figure").inner_text()
    page.wait_for_timeout(1500)
    assert page.get_by_test_id("figure").inner_text() != before
    eventually(page, lambda: state(ward, run) in ("done", "invalid"))
    dead["now"] = False
    expect(page.get_by_test_id("result").or_(page.get_by_test_id("no-result"))).to_be_visible(timeout=30_000)


def test_a_stop_that_the_server_does_not_hear_holds_on_the_page_and_is_told_later(
    ward: Ward, open_page: OpenPage
) -> None:
    run = prepare(ward, hold_s=30)
    page = listening(open_page, f"{ward.url}/test/{run}")
    begin(page)
    page.route("**/api/tests/*/stop", lambda route: route.abort())
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Stopped. That is all right.")).to_be_visible()
    expect(page.get_by_test_id("stop-unheard")).to_be_visible(timeout=10_000)
    page.unroute("**/api/tests/*/stop")
    expect(page.get_by_test_id("stop-unheard")).to_be_hidden(timeout=10_000)
    assert state(ward, run) == "aborted"


def test_afterwards_it_asks_how_it_was_and_keeps_the_answers(ward: Ward, open_page: OpenPage) -> None:
    run = prepare(ward)
    page = listening(open_page, f"{ward.url}/test/{run}", width=390, height=800)
    begin(page)
    expect(page.get_by_role("button", name="How was it?")).to_be_visible(timeout=SETTLES_WITHIN_MS)
    kept = ward.get(f"/api/tests/{run}")
    if kept["result"] is not None and kept["result"]["value"] is not None:
        expect(page.get_by_test_id("value")).to_have_text(kept["result"]["value_text"])
        assert kept["result"]["plain_text"] in said(page)
    else:
        expect(page.get_by_test_id("no-result")).to_be_visible()
    page.get_by_role("button", name="How was it?").click()
    page.get_by_role("button", name=re.compile("somewhat strong")).click()
    page.get_by_role("group", name="Are you dizzy?").get_by_role("button", name="No").click()
    page.get_by_role("button", name="Skip this question").click()
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()
    assert ward.get(f"/api/tests/{run}")["after"] == {"borg_fatigue": 4, "dizziness": False}
    page.reload()
    expect(page.get_by_text("Your answers are saved.")).to_be_visible(timeout=30_000)


def test_questions_before_a_walk_are_sent_with_the_test(ward: Ward, open_page: OpenPage) -> None:
    page = listening(open_page, f"{ward.url}/test?protocol=6mwt")
    expect(page.get_by_role("button", name="I do not know")).to_have_attribute("aria-pressed", "true", timeout=30_000)
    page.get_by_role("button", name="20 metres").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("group", name="How short of breath are you?").get_by_role("button", name="nothing").click()
    page.get_by_role("group", name="How tired are you?").get_by_role("button", name="moderate").click()
    expect(page.get_by_role("heading", level=1, name="Before you begin")).to_be_visible()
    run = ward.get(f"/api/tests/{page.url.rsplit('/', 1)[1]}")
    assert (run["course_length_m"], run["before"]) == (20, {"borg_dyspnoea": 0, "borg_fatigue": 3})


def test_the_screen_stays_lit_while_a_test_runs_and_no_longer(ward: Ward, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    page.add_init_script("""
      window.lit = [];
      WakeLock.prototype.request = async (kind) => {
        window.lit.push(`lit ${kind}`);
        return { release: async () => window.lit.push("released") };
      };
    """)
    page.goto(f"{ward.url}/test/{prepare(ward)}")
    check(page)
    assert page.evaluate("window.lit") == []
    page.get_by_role("button", name="Start", exact=True).click()
    eventually(page, lambda: page.evaluate("window.lit") == ["lit screen"])
    page.get_by_role("button", name="Stop", exact=True).click()
    eventually(page, lambda: page.evaluate("window.lit") == ["lit screen", "released"])


def test_leaving_before_the_start_takes_the_test_back(ward: Ward, open_page: OpenPage) -> None:
    run = prepare(ward)
    page = listening(open_page, f"{ward.url}/test?session={ward.session_id}")
    page.get_by_role("link", name="Go on with: Stand still").click(timeout=30_000)
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1, name="Which test?")).to_be_visible()
    assert state(ward, run) == "aborted"
    expect(page.get_by_role("link", name="Go on with")).to_be_hidden()


def test_a_test_that_there_is_not_is_said_so(ward: Ward, open_page: OpenPage) -> None:
    page = open_page(f"{ward.url}/test/nothing")
    expect(page.get_by_role("heading", name="There is no such test")).to_be_visible(timeout=30_000)


def test_somebody_who_does_as_told_gets_a_result_with_last_time_beside_it(demo: Server, open_page: OpenPage) -> None:
    """Dora of the demo obeys: twice a Timed Up and Go, from the choice to the history."""
    page = listening(open_page, f"{demo.url}/test", width=390, height=800)
    page.get_by_role("button", name=re.compile("^Dora")).click(timeout=30_000)
    values = []
    for _ in range(2):
        again = page.get_by_role("link", name="Do it again")
        choice = page.get_by_role("button", name=re.compile("^Stand up, walk and sit down"))
        expect(again.or_(choice)).to_be_visible()
        again.or_(choice).click()
        page.get_by_role("button", name="Go on").click()
        begin(page)
        expect(page.get_by_test_id("value")).to_be_visible(timeout=90_000)
        run = demo.get(f"/api/tests/{page.url.rsplit('/', 1)[1]}")
        assert (run["state"], run["person"], run["verdict"]) == ("done", "Dora", "valid")
        expect(page.get_by_test_id("value")).to_have_text(run["result"]["value_text"])
        eventually(page, lambda text=run["result"]["plain_text"]: text in said(page))  # type: ignore[misc]
        values.append(run["result"]["value_text"])
    expect(page.get_by_test_id("result")).to_contain_text("Last time")
    expect(page.get_by_test_id("result")).to_contain_text(values[0])
    assert "fall" not in page.get_by_role("main").inner_text().lower()
    page.get_by_role("link", name="All my results").click()
    kind = page.get_by_test_id("kind").filter(has_text="Stand up, walk and sit down, 3 m")
    expect(kind.get_by_role("img", name=re.compile(f"2 results, .*{re.escape(values[1])}$"))).to_be_visible()
    expect(kind.get_by_role("row")).to_have_count(3)


STAGES = ("which", "setup", "before", "rules", "question", "start", "running", "over", "after", "history")


def go_to_stage(page: Page, ward: Ward, stage: str) -> None:
    """Brings the page to one of STAGES; they follow each other."""
    if stage == "which":
        page.goto(f"{ward.url}/test")
        expect(page.get_by_role("heading", level=1, name="Which test?")).to_be_visible(timeout=30_000)
    elif stage == "setup":
        page.get_by_role("button", name=re.compile("^Walk for six")).click()
        page.get_by_text("For the therapist").click()
    elif stage == "before":
        page.get_by_role("button", name="Go on").click()
    elif stage == "rules":
        page.goto(f"{ward.url}/test/{prepare(ward)}")
        expect(page.get_by_role("heading", level=1, name="Before you begin")).to_be_visible(timeout=30_000)
    elif stage == "question":
        page.get_by_role("button", name="I have read this").click()
        expect(page.get_by_role("heading", level=1, name="Are you upright?")).to_be_visible(timeout=60_000)
    elif stage == "start":
        for _ in range(3):
            page.get_by_role("button", name=re.compile("^Yes")).click()
            page.wait_for_timeout(100)
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled(timeout=30_000)
    elif stage == "running":
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running", timeout=15_000)
    elif stage == "over":
        expect(page.get_by_role("button", name="How was it?")).to_be_visible(timeout=SETTLES_WITHIN_MS)
    elif stage == "after":
        page.get_by_role("button", name="How was it?").click()
        expect(page.get_by_role("button", name="Skip this question")).to_be_visible()
    else:
        page.goto(f"{ward.url}/tests?person={ward.get('/api/tests?limit=1')['items'][0]['person']}")
        expect(page.get_by_test_id("kind").first).to_be_visible(timeout=30_000)
    page.wait_for_timeout(700)  # buttons listen


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_stage_fits_has_large_targets_and_nothing_serious_for_axe(
    ward: Ward, open_page: OpenPage, width: int, scheme: str
) -> None:
    source = axe_source()
    page = open_page("about:blank", width=width, height=800, scheme=scheme)
    for stage in STAGES:
        go_to_stage(page, ward, stage)
        keep_picture(page, f"test-{stage}-{width}-{scheme}")
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{stage} is {too_wide} px too wide"
        least_px = 44 if stage == "history" else BIG_PX
        assert page.evaluate(SMALL_TARGETS, least_px) == [], stage
        assert serious_findings(page, source) == [], stage
