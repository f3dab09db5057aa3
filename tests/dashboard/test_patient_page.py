"""The patient's test page against a real server: choose, check, hear, start, and read what came out."""

import re

from playwright.sync_api import expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import eventually
from tests.dashboard.patients import begin, check, listening, prepare, said, state
from tests.dashboard.servers import Server
from tests.dashboard.test_accessibility import tab_to
from tests.dashboard.wards import Ward

SETTLES_WITHIN_MS = 60_000


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
    eventually(page, lambda: state(ward, run) == "aborted")
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
        assert (run["state"], run["person"]) == ("done", "Dora")
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
