"""What holds for every test: kernels from the program's own cache, the same examples every time, pages last."""

import os

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from server.kernels_cache import set_kernels_cache

set_kernels_cache()

settings.register_profile("same examples", derandomize=True, deadline=None)
settings.register_profile("new examples", deadline=None, print_blob=True)
if os.environ.get("SUREFOOT_EXPLORE"):
    settings.load_profile("new examples")
else:
    settings.load_profile("same examples")
    # Hypothesis also draws the numbers that stand in whichever of our modules have been imported by then. That depends
    # on what this process happened to test before: not the same examples at all.
    providers._get_local_constants = lambda none=providers._local_constants: none  # type: ignore[misc]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where several processes test, kernels are compiled before, once: each would compile them for itself."""
    if getattr(session.config.option, "numprocesses", None):
        from dsp.pipeline import Pipeline

        Pipeline.warm()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running in the thread, beside which no other can.

    A file's tests stay together, for what they share, its browser tests apart from the others.
    """
    for item in items:
        in_browser = item.get_closest_marker("browser") is not None
        item.add_marker(pytest.mark.xdist_group(f"{item.path.name}{' in the browser' if in_browser else ''}"))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
