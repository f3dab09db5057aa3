"""Real people who froze while they were watched: the development recordings, where they are there."""

from pathlib import Path

import pytest

from dsp.freezes.parameters import ENTER
from server.bench.freezes import measured

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"

if not (RECORDINGS / "daphnet").is_dir() or not (RECORDINGS / "stanford_fog").is_dir():
    pytest.skip(f"there are no recordings of freezes at {RECORDINGS}", allow_module_level=True)


def test_at_the_ankle_each_persons_frozen_time_is_found_and_the_rest_left_alone() -> None:
    rows = measured(RECORDINGS, (ENTER,), ("ankle_left", "ankle_right"))
    for (group, person, position), row in rows.items():
        times = row.curve[group == "stanford_fog", ENTER]
        assert times.wrong_s <= 0.15 * times.free_s, (group, person, position, str(times))
        assert times.hit_s >= 0.80 * times.frozen_s, (group, person, position, str(times))
    frozen = {person for (_, person, _), row in rows.items() for times in row.curve.values() if times.frozen_s}
    assert frozen == {"S02", "pt6"}
