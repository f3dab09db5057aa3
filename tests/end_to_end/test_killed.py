"""The real program is killed in the middle of alarms; `python -m server.bench.kills` does it 200 times."""

from pathlib import Path

import pytest

from server.bench.kills import Killed, failures_in, figures_of, killed


def assert_surely_told(results: list[Killed]) -> None:
    figures = figures_of(results)
    assert figures["lost"] == []
    assert figures["under_two_keys"] == []
    assert figures["acknowledgement_lost"] == []
    assert figures["kills"] == len(results) > 0


@pytest.mark.slow
def test_no_call_for_help_is_lost_or_goes_out_under_two_keys_when_the_program_is_killed(tmp_path: Path) -> None:
    assert_surely_told(killed("help", 6, tmp_path, seed=7))


@pytest.mark.slow
def test_a_kill_a_fraction_of_a_second_after_the_impact_does_not_take_the_fall_along(tmp_path: Path) -> None:
    assert_surely_told(killed("fall", 3, tmp_path, seed=9, at_once=2, fall_span_s=(0.2, 0.6)))


@pytest.mark.slow
def test_no_fall_is_lost_when_the_program_is_killed_just_after_the_impact(tmp_path: Path) -> None:
    assert_surely_told(killed("fall", 2, tmp_path, seed=8, at_once=2, fall_span_s=(0.2, 4.0)))


def test_what_went_wrong_is_counted() -> None:
    well = Killed("a", "calling", 0.1, True, 2.0, 1, 2, True)
    lost = Killed("b", "calling", 0.1, False, None, 0, 0, False)
    twice = Killed("c", "answered", 0.1, True, 4.0, 2, 2, True)
    unfelt = Killed("d", "not found yet", 9.0, False, None, 0, 0, False, felt=False)
    figures = figures_of([well, lost, twice, unfelt])
    assert figures["missed_by_the_detectors"] == ["d"]
    assert [one["person"] for one in figures["lost"]] == ["b"]
    assert [one["person"] for one in figures["under_two_keys"]] == ["c"]
    assert figures["repeated_under_the_same_key"] == 1
    assert figures["told_after_restart_s"] == {"median": 3.0, "p99": 3.98, "longest": 4.0}
    assert failures_in(figures) == 2
