"""Fixtures: the minimal test of the clinic in every pipeline."""

from collections.abc import Iterator

import pytest

from tests.server.clinic.minimal import minimal_tests


@pytest.fixture(autouse=True)
def _minimal() -> Iterator[None]:
    with minimal_tests():
        yield
