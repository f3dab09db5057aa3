"""The real program is killed in the middle of alarms; `python -m server.bench.kills` does it 200 times."""

from pathlib import Path

import pytest

from server.bench.kills import Killed, Kind, killed


def assert_surely_told(results: list[Killed]) -> None:
    for one in results:
        assert one.told, f"lost: {one}"
        assert one.keys == 1, f"told under several keys: {one}"
        assert one.taken, f"the acknowledgement was lost: {one}"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["help", "fall"])
def test_no_alarm_is_lost_and_none_goes_out_under_two_keys_when_the_program_is_killed(
    kind: Kind, tmp_path: Path
) -> None:
    results = killed(kind, {"help": 5, "fall": 1}[kind], tmp_path, seed=7)
    assert_surely_told(results)
