"""What a test reads from a page."""

import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page

CARD = "article.card"

# Steps are drawn in the colour --chart-step; their markers stand in the uppermost rows of the chart.
STEP_PIXELS = """(root) => {
  const canvas = root.querySelector("canvas");
  if (!canvas || canvas.width < 10) return 0;
  const wanted = getComputedStyle(root).getPropertyValue("--chart-step").trim();
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
  const rows = Math.round(12 * devicePixelRatio);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, rows);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const near = Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12;
    if (near && data[i + 3] > 200) count++;
  }
  return count;
}"""

# Columns of the chart's middle in which the trace of the upper lane is drawn.
TRACE_COLUMNS = """(root) => {
  const canvas = root.querySelector("canvas");
  if (!canvas || canvas.width < 10) return 0;
  const wanted = getComputedStyle(root).getPropertyValue("--chart-side").trim();
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
  const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let columns = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const i = 4 * (y * width + x);
      if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 60 && data[i + 3] > 150) {
        columns++;
        break;
      }
    }
  }
  return columns / width;
}"""

# Pixels of a drawing that are near a colour of the style sheet.
COLOUR_PIXELS = """(root, name) => {
  const canvas = root.querySelector("canvas");
  if (!canvas || canvas.width < 10) return 0;
  const wanted = getComputedStyle(root).getPropertyValue(name).trim();
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const apart = Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b);
    if (apart < 60 && data[i + 3] > 150) count++;
  }
  return count;
}"""


def number(locator: Locator) -> int | None:
    """A big number, or None while it is a dash."""
    text = locator.inner_text().replace(",", "")
    return int(text) if text.isdigit() else None


def step_pixels(card: Locator) -> int:
    """How much of step markers is drawn on a card's chart."""
    return int(card.locator(".wave").evaluate(STEP_PIXELS))


def traced(card: Locator) -> float:
    """The part of the chart's width in which there is a trace."""
    return float(card.locator(".wave").evaluate(TRACE_COLUMNS))


def pixels(page: Page, root: str, colour: str) -> int:
    """How much of a drawing has this colour, named as in the style sheet."""
    return int(page.locator(root).evaluate(COLOUR_PIXELS, colour))


def counter(page: Page, name: str) -> int:
    """One of the figures under "Details of this page's connection"."""
    text = page.get_by_test_id(name).text_content() or ""
    return int(text) if text.isdigit() else 0


def eventually(page: Page, reached: Callable[[], bool], *, within_s: float = 90.0) -> None:
    """Looks several times a second until it is so."""
    give_up = time.monotonic() + within_s
    while not reached():
        assert time.monotonic() < give_up, f"this did not come about within {within_s} s"
        page.wait_for_timeout(200)
