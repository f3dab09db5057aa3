"""Finds a browser for the tests, or says why there is none."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright
from playwright.sync_api import Error as PlaywrightError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def installed_browser() -> str | None:
    """SUREFOOT_BROWSER if it is set, else a Chromium or Chrome on the path; None leaves it to Playwright's own."""
    named = os.environ.get("SUREFOOT_BROWSER")
    if named:
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser | str:
    """A headless browser with a fresh profile, or a sentence that says why not."""
    executable = installed_browser()
    if executable is None and not Path(playwright.chromium.executable_path).exists():
        return "no Chrome or Chromium: set SUREFOOT_BROWSER, install one, or run `playwright install chromium`"
    try:
        return playwright.chromium.launch(executable_path=executable, args=list(QUIET))
    except PlaywrightError as error:
        return f"{executable or 'the browser'} does not start: {error.message.splitlines()[0]}"
