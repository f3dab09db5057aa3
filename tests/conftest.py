"""What holds for every test: kernels come from the same cache that the program uses."""

import pytest

from server.kernels_cache import set_kernels_cache

set_kernels_cache()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running in the thread, beside which no other can."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
