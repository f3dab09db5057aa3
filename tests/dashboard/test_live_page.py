"""The live page on the real demo: real bytes over the virtual radio, drawn in a real browser."""

import json
import re
import struct

from playwright.sync_api import WebSocketRoute, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import CARD, eventually, number, step_pixels, traced
from tests.dashboard.servers import Server


def test_a_step_is_ticked_and_counted_and_cadence_shows(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    card = page.locator(CARD).first
    expect(card).to_be_visible(timeout=30_000)
    eventually(page, lambda: traced(card) > 0.5)
    eventually(page, lambda: step_pixels(card) > 20)
    steps, cadence = card.get_by_test_id("steps"), card.get_by_test_id("cadence")
    eventually(page, lambda: number(steps) is not None)
    before = number(steps)
    eventually(page, lambda: (number(steps) or 0) > (before or 0) + 2)
    eventually(page, lambda: 40 <= (number(cadence) or 0) <= 200)


def test_several_people_are_side_by_side_with_the_state_of_their_sensors(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url, width=1440)
    cards = page.locator(CARD)
    expect(cards).to_have_count(len(demo.get("/api/sensors")), timeout=30_000)
    tops = {round(card.bounding_box()["y"]) for card in cards.all()[:3]}  # type: ignore[index]
    assert len(tops) == 1
    for card in cards.all():
        expect(card.get_by_test_id("state")).to_have_text("Receiving", timeout=30_000)
        expect(card).to_contain_text("Simulated")
        facts = card.locator(".facts")
        expect(facts).to_contain_text(re.compile(r"Battery\s*\d+ %"))
        expect(facts).to_contain_text(re.compile(r"Signal\s*strong"))
        expect(facts).to_contain_text(re.compile(r"Packets lost\s*[\d.<]"))
        expect(facts).to_contain_text(re.compile(r"Last sample\s*just now"))


def test_who_asks_for_less_motion_gets_traces_that_move_once_a_second(demo: Server, open_page: OpenPage) -> None:
    """Pictures of the first chart that differ from the one before, in sixty frames of the display each."""
    changes = """async (canvas) => {
      let before = canvas.toDataURL(), count = 0;
      for (let i = 0; i < 60; i++) {
        await new Promise(requestAnimationFrame);
        const now = canvas.toDataURL();
        if (now !== before) count++;
        before = now;
      }
      return count;
    }"""
    seen = {}
    for wish in ("no-preference", "reduce"):
        page = open_page(demo.url, reduced_motion=wish)
        card = page.locator(CARD).first
        expect(card).to_be_visible(timeout=30_000)
        eventually(page, lambda card=card: traced(card) > 0.1)
        seconds, count = card.locator(".wave canvas").first.evaluate(
            f"async (canvas) => {{ const t = performance.now(); const n = await ({changes})(canvas);"
            " return [(performance.now() - t) / 1000, n]; }"
        )
        seen[wish] = (seconds, count)
        page.close()
    assert seen["reduce"][1] <= seen["reduce"][0] + 2
    assert seen["no-preference"][1] > seen["reduce"][1]


def test_counters_and_clock_open_on_demand(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    details = page.locator(CARD).first.locator("details").filter(has_text="Details of sensor and radio")
    expect(details.get_by_text("Samples received")).to_be_hidden()
    details.locator("summary").click()
    expect(details.get_by_text("Samples received")).to_be_visible()
    expect(details).to_contain_text("the sensor's clock")


def test_the_table_says_what_the_cards_say(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    expect(page.locator(CARD).first).to_be_visible(timeout=30_000)
    names = page.locator(f"{CARD} h2").all_inner_texts()
    rows = page.get_by_role("table", name=re.compile("Live numbers")).get_by_role("rowheader")
    assert rows.all_inner_texts() == names
    page.get_by_role("button", name="Show as table").click()
    region = page.get_by_role("region", name="Live numbers")
    expect(region).to_be_visible()
    expect(region).to_contain_text("Cadence, steps/min")


def test_one_person_can_be_looked_at_large(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    name = page.locator(f"{CARD} h2").first.inner_text()
    page.get_by_role("link", name=f"Larger view of {name}").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.locator(CARD)).to_have_count(1)
    assert "focus=" in page.url
    page.reload()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible(timeout=30_000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1, name="Live")).to_be_visible()


def test_what_did_not_arrive_is_a_hole_in_the_trace(demo: Server, open_page: OpenPage) -> None:
    """Every other two seconds of waveform are taken out on their way to the page."""

    def torn(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def tear(message: str | bytes) -> None:
            if isinstance(message, str) or struct.unpack_from("<d", message, 8)[0] % 4 < 2:
                route.send(message)

        server.on_message(tear)

    page = open_page("about:blank")
    page.route_web_socket(re.compile("/api/live"), torn)
    page.goto(demo.url)
    card = page.locator(CARD).first
    expect(card).to_be_visible(timeout=30_000)
    left_out = card.locator("details div").filter(has_text="Chart pieces left out").locator("dd")
    eventually(page, lambda: int(left_out.text_content() or 0) > 50)
    assert 0.3 < traced(card) < 0.7


def test_a_lost_sensor_is_named_with_reason_remedy_and_countdown(demo: Server, open_page: OpenPage) -> None:
    """The server's own messages, with the state of every sensor changed on their way to the page."""

    def lost(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def alter(message: str | bytes) -> None:
            if isinstance(message, bytes):
                return
            said = json.loads(message)
            for stream in [said["stream"]] if said["type"] == "stream" else said.get("streams", []):
                stream |= {"state": "backing_off", "reason": "The link was lost.", "retry_in_s": 7.5}
            route.send(json.dumps(said))

        server.on_message(alter)

    page = open_page("about:blank")
    page.route_web_socket(re.compile("/api/live"), lost)
    page.goto(demo.url)
    card = page.locator(CARD).first
    expect(card.get_by_test_id("state")).to_have_text("Waiting to reconnect", timeout=30_000)
    expect(card).to_contain_text("The link was lost.")
    expect(card).to_contain_text("Keep the sensor switched on")
    expect(card.get_by_test_id("retry")).to_have_text(re.compile(r"Next try in \d s\."))
    expect(card.get_by_test_id("cadence")).to_have_text("–")
    expect(card).to_contain_text("no signal")
