"""Rolling figures, strides, turns, sides and walks: live and in the replay."""

import json
import re

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.looking import CARD, eventually
from tests.dashboard.servers import Server

# How many pixels of a canvas are nearly of a colour of the style sheet.
COLOURED = """(canvas, name) => {
  const wanted = getComputedStyle(canvas).getPropertyValue(name).trim();
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const near = Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 30;
    if (near && data[i + 3] > 150) count++;
  }
  return count;
}"""


def coloured(canvas: Locator, name: str) -> int:
    return int(canvas.evaluate(COLOURED, name))


def altered(page: Page, server: Server, change: dict[str, object]) -> None:
    """Opens the live page with these fields put into every stream's numbers on their way."""

    def route(web_socket: WebSocketRoute) -> None:
        behind = web_socket.connect_to_server()

        def alter(message: str | bytes) -> None:
            if isinstance(message, bytes):
                web_socket.send(message)
                return
            said = json.loads(message)
            for stream in [said["stream"]] if said["type"] == "stream" else said.get("streams", []):
                stream["numbers"] |= change
            web_socket.send(json.dumps(said))

        behind.on_message(alter)

    page.route_web_socket(re.compile("/api/live"), route)
    page.goto(server.url)
    expect(page.locator(CARD).first).to_be_visible(timeout=30_000)


def test_rolling_figures_stand_with_unit_strides_and_age(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    card = page.locator(CARD).filter(has=page.get_by_role("heading", name="Anna"))
    variability = card.get_by_test_id("variability")
    expect(variability).to_have_text(re.compile(r"^\d+\.\d %$"), timeout=60_000)
    rolling = card.get_by_test_id("rolling")
    expect(rolling).to_contain_text(re.compile(r"± \d+ ms, \d+ strides, (now|\d+ s ago)"))
    expect(card.get_by_test_id("asymmetry")).to_have_text(re.compile(r"^\d+ %$"))
    expect(rolling).to_contain_text(re.compile(r"m/s.*± 0\.\d\d expected|needs height or a calibration walk"))
    card.get_by_text("More gait figures").click()
    expect(card).to_contain_text(re.compile(r"From the last \d+ strides, over \d+ s; "))
    expect(card.locator(".measures")).to_contain_text("Experimental")


def test_a_place_without_stride_length_says_so_instead_of_a_speed(demo: Server, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    figures = {"strides": 20, "speed_mps": None, "age_s": 0.5, "window_s": 30}
    altered(page, demo, {"rolling": figures})
    card = page.locator(CARD).filter(has=page.get_by_role("heading", name="Carla"))
    expect(card.get_by_test_id("speed")).to_have_text("–")
    expect(card.get_by_test_id("rolling")).to_contain_text("not measured with the sensor worn here")


def test_strides_are_drawn_and_can_be_read_as_a_table(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    card = page.locator(CARD).filter(has=page.get_by_role("heading", name="Anna"))
    expect(card).to_be_visible(timeout=30_000)
    strip = card.locator(".stride-plot canvas")
    card.locator(".stride-strip").scroll_into_view_if_needed()
    eventually(page, lambda: coloured(strip, "--chart-step") > 100)
    card.get_by_text("Stride times as a table").click()
    table = card.get_by_role("table", name="Stride times in pieces of ten seconds")
    expect(table.get_by_role("rowheader").first).to_have_text(re.compile(r"^\d+:\d0$"))


def test_a_turn_is_marked_on_the_waveform(demo: Server, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    page.get_by_role("link", name="Larger view of Anna").click()
    chart = page.locator(".wave canvas")
    expect(chart).to_be_visible(timeout=30_000)
    eventually(page, lambda: coloured(chart, "--chart-turn") > 30)


def test_the_bar_of_left_and_right_comes_and_goes_with_the_sides(demo: Server, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    change: dict[str, object] = {"sides": None, "pair": None}
    altered(page, demo, change)
    card = page.locator(CARD).first
    bar = card.get_by_test_id("sides")
    expect(bar).to_have_count(0)
    change["sides"] = {"left_step_time_s": 0.5, "right_step_time_s": 0.62, "steps": 18, "confidence": 0.91}
    expect(bar).to_contain_text(re.compile(r"Left step\s*0\.50 s\s*Right step\s*0\.62 s"), timeout=15_000)
    expect(bar).to_contain_text("Sides 91 % sure. Last 18 steps.")
    change["pair"] = {
        "with_session_id": "other",
        "double_support": 0.24,
        "left_step_time_s": 0.52,
        "right_step_time_s": 0.6,
        "steps": 20,
        "age_s": 1.0,
    }
    expect(bar).to_contain_text("Sides certain: two sensors.", timeout=15_000)
    expect(bar).to_contain_text("Both feet on the ground: 24 % of the stride.")
    change |= {"sides": None, "pair": None}
    expect(bar).to_have_count(0, timeout=15_000)
    expect(card).to_contain_text("Left and right cannot be told apart at the moment.")


def finished_walks(demo: Server) -> tuple[str, list[dict[str, object]]]:
    """The recorded session with the most steps, and its walks."""
    items = [item for item in demo.get("/api/sessions?limit=100")["items"] if item["state"] != "live"]
    walk = max(items, key=lambda item: int(item["steps"]))
    events = demo.get(f"/api/sessions/{walk['id']}/events?kind=walking_bout")["events"]
    return str(walk["id"]), [event["event"] for event in events]


def test_a_replay_shows_the_figures_of_the_moment_and_goes_to_walks(demo: Server, open_page: OpenPage) -> None:
    session_id, walks = finished_walks(demo)
    longest = max(walks, key=lambda walk: float(walk["end_s"]) - float(walk["time_s"]))  # type: ignore[arg-type]
    late_s = float(longest["end_s"]) - 3  # type: ignore[arg-type]
    page = open_page(f"{demo.url}/sessions/{session_id}?at={late_s:.1f}")
    expect(page.get_by_test_id("play")).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("variability")).to_have_text(re.compile(r"^\d+\.\d %$"))
    eventually(page, lambda: coloured(page.locator(".stride-plot canvas"), "--chart-step") > 100)
    table = page.get_by_role("table", name=re.compile("^Walks"))
    expect(table.get_by_role("row")).to_have_count(len(walks) + 1)
    expect(table.locator("[aria-current]")).to_contain_text(str(longest["steps"]))
    page.keyboard.press("Home")
    expect(page.get_by_test_id("variability")).to_have_text("–")
    expect(page.get_by_test_id("rolling")).to_contain_text("not walking")
    table.get_by_role("button", name=re.compile("^Go to the walk at")).first.click()
    assert abs(float(page.get_by_role("slider").input_value()) - float(walks[0]["time_s"])) < 0.1  # type: ignore[arg-type]


def test_walks_are_listed_with_quality_and_its_reasons_on_demand(demo: Server, open_page: OpenPage) -> None:
    page = open_page("about:blank")

    def judged(route: WebSocketRoute) -> None:
        behind = route.connect_to_server()

        def alter(message: str | bytes) -> None:
            if isinstance(message, str) and '"walking_bout"' in message:
                said = json.loads(message)
                said["event"] |= {"quality": 0.4, "quality_reasons": ["Only 8 strides outside turns."]}
                message = json.dumps(said)
            route.send(message)

        behind.on_message(alter)

    page.route_web_socket(re.compile("/api/live"), judged)
    page.route(
        re.compile("/events[?].*kind=walking_bout"), lambda route: route.fulfill(json={"events": [], "last_seq": 0})
    )
    page.goto(demo.url)
    page.get_by_role("link", name="Larger view of Carla").click()
    table = page.get_by_role("table", name=re.compile("^Walks"))
    expect(table).to_be_visible(timeout=90_000)
    row = table.get_by_role("row").nth(1)
    expect(row).to_contain_text("Poor")
    expect(row.get_by_text("Only 8 strides outside turns.")).to_be_hidden()
    row.locator("summary").click()
    expect(row.get_by_text("Only 8 strides outside turns.")).to_be_visible()
