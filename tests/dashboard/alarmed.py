"""Anna's alarms in a browser: her care plan, her own device, a fall."""

from playwright.sync_api import Page, expect

from tests.dashboard.conftest import OpenPage
from tests.dashboard.wards import Ward


def annas_device(open_page: OpenPage, ward: Ward, path: str = "/", **more: object) -> Page:
    page = open_page(f"{ward.url}/what-happened", **more)
    page.evaluate("localStorage.setItem('surefoot.wearer', 'Anna')")
    page.goto(ward.url + path)
    expect(page.get_by_role("button", name="I need help")).to_be_visible()
    return page


def fell(ward: Ward, page: Page) -> None:
    ward.fall()
    expect(page.get_by_role("alertdialog", name="Are you OK?")).to_be_visible(timeout=20_000)
