"""Measures what a new user waits for: from `surefoot demo` to the first step drawn in a browser.

Run as `python -m tests.dashboard.start_bench`, from the checkout; `make bench` does.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.dashboard.browsers import launch
from tests.dashboard.looking import CARD, step_pixels

PATIENCE_S = 180.0
LOOK_EVERY_MS = 50


def first_drawn_step(browser: Browser, kernels: Path) -> dict[str, float]:
    """Seconds from starting the demo until its address is printed, and until a step is on the page's canvas."""
    began_s = time.perf_counter()
    demo = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "demo", "--no-browser"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(kernels)},
    )
    try:
        assert demo.stderr is not None
        said = next((found for line in demo.stderr if (found := re.search(r"http://\S+", line))), None)
        if said is None:
            raise RuntimeError("the demo ended before it was ready")
        address_s = time.perf_counter() - began_s
        page = browser.new_page()
        page.goto(said[0])
        while time.perf_counter() - began_s < PATIENCE_S:
            if any(step_pixels(card) for card in page.locator(CARD).all()):
                return {"address": address_s, "first drawn step": time.perf_counter() - began_s}
            page.wait_for_timeout(LOOK_EVERY_MS)
        raise RuntimeError(f"no step was drawn within {PATIENCE_S:.0f} s")
    finally:
        demo.terminate()
        demo.communicate()


def main() -> int:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="surefoot-kernels-") as kernels:
        browser = launch(playwright)
        if isinstance(browser, str):
            print(f"demo to first drawn step: not measured, {browser}")
            return 0
        for name in ("cold", "warm"):
            marks = first_drawn_step(browser, Path(kernels))
            print(f"demo, {name} start:", ", ".join(f"{what} {at_s:.1f} s" for what, at_s in marks.items()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
