"""How a browser test does a test of the clinic as the person who wears the sensor."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.wards import Ward

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
