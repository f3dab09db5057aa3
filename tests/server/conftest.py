"""Fixtures: a monitor on a fresh data directory."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.monitor import Monitor


@pytest.fixture
async def monitor(tmp_path: Path) -> AsyncIterator[Monitor]:
    async with Monitor(tmp_path / "data") as opened:
        yield opened
