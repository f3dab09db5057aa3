"""Tests of the clinic that Dora, the demo's obedient person, does for a browser test."""

import time
from typing import Any

from playwright.sync_api import Page, expect

from tests.dashboard.servers import Server

UNDER_WAY = ("preflight", "countdown", "running", "paused", "settling")
DONE_WITHIN_S = 90.0


def obedient(demo: Server) -> str:
    """The session of Dora, who does what a test tells her."""
    sessions = demo.get("/api/sessions?limit=100")["items"]
    return str(next(it["id"] for it in sessions if it["label"] == "Dora" and it["state"] == "live"))


def prepare(demo: Server, protocol: str, **more: object) -> str:
    """A test of Dora that waits for its start; one that another browser test left is broken off."""
    session_id = obedient(demo)
    for run in demo.get(f"/api/tests?session_id={session_id}&limit=20")["items"]:
        if run["state"] in UNDER_WAY:
            demo.send("POST", f"/api/tests/{run['id']}/stop", {"why": "aborted"})
    wish = {"session_id": session_id, "protocol": protocol, "started_by": "therapist", "variants": {}, "before": {}}
    run_id = str(demo.send("POST", "/api/tests", wish | more)["id"])
    give_up = time.monotonic() + DONE_WITHIN_S
    while not demo.get(f"/api/tests/{run_id}/preflight")["ready"]:
        assert time.monotonic() < give_up, demo.get(f"/api/tests/{run_id}/preflight")
        time.sleep(0.3)
    return run_id


def stance(demo: Server, condition: str = "tandem_left") -> str:
    return prepare(demo, "stance", stance=condition, hold_s=10)


def ended(demo: Server, run_id: str) -> dict[str, Any]:
    """The run once it is over."""
    give_up = time.monotonic() + DONE_WITHIN_S
    while True:
        run: dict[str, Any] = demo.get(f"/api/tests/{run_id}")
        if run["state"] not in UNDER_WAY:
            return run
        assert time.monotonic() < give_up, run["state"]
        time.sleep(0.3)


def done(demo: Server, run_id: str) -> dict[str, Any]:
    """Starts it and waits for its end."""
    demo.send("POST", f"/api/tests/{run_id}/start", {})
    return ended(demo, run_id)


def confirm(page: Page) -> None:
    """Ticks what only a person can see."""
    boxes = page.get_by_role("checkbox")
    expect(boxes.first).to_be_visible(timeout=20_000)
    for box in boxes.all():
        box.check()
