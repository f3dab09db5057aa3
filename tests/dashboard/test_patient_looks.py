"""Every stage of a test, light and dark, at three widths: it fits, its targets are large, axe finds nothing serious."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.patients import prepare
from tests.dashboard.test_accessibility import (
    SCHEMES,
    SMALL_TARGETS,
    WIDTHS,
    axe_source,
    keep_picture,
    serious_findings,
)
from tests.dashboard.wards import Ward

BIG_PX = 64
SETTLES_WITHIN_MS = 60_000

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
