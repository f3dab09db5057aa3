from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.events import Event
from sensing.facts import CALIBRATION_FACTOR, StrideCalibration
from server.calibration import CalibrationError, KnownWalk, error_share, measured_walk, with_walk

VOISARD = Path(__file__).parents[3] / "shared" / "recordings" / "voisard_healthy"


def steps(first_s: float, last_s: float, count: int, lengths: Sequence[float | None] = ()) -> list[Event]:
    apart = (last_s - first_s) / (count - 1)
    of = list(lengths) or [None] * count
    return [
        Event("step", first_s + n * apart, first_s + n * apart + 0.5, None, {"stride_length_m": of[n]})
        for n in range(count)
    ]


def bout(first_s: float, last_s: float, distance_m: float | None) -> Event:
    return Event("walking_bout", first_s, last_s + 3.0, last_s, {"distance_m": distance_m})


WALK = [*steps(10.0, 30.0, 41), bout(10.0, 30.0, 24.0)]


def test_a_walk_within_the_times_counts_with_its_whole_distance() -> None:
    found = measured_walk(WALK, 9.0, 31.0, one_leg=False)
    assert (found.measured_m, found.strides, found.start_s, found.end_s) == (24.0, 39, 10.0, 30.0)
    assert measured_walk(WALK, None, None, one_leg=False) == found, "the only walk needs no times"
    assert measured_walk(WALK, None, None, one_leg=True).strides == 40


def test_a_walk_that_the_times_cut_counts_with_its_steps_share_each_weighing_its_length() -> None:
    assert measured_walk(WALK, 10.0, 20.0, one_leg=False).measured_m == pytest.approx(24.0 * 21 / 41)
    lengths = [None] * 2 + [0.8] * 19 + [1.6] * 20
    walk = [*steps(10.0, 30.0, 41, lengths), bout(10.0, 30.0, 24.0)]
    usual = (0.8 * 19 + 1.6 * 20) / 39
    slow_m = 2 * usual + 0.8 * 19
    found = measured_walk(walk, 0.0, 20.0, one_leg=False)
    assert found.measured_m == pytest.approx(24.0 * slow_m / (slow_m + 1.6 * 20))


def test_walks_with_a_rest_between_them_add_up_when_the_times_hold_both() -> None:
    two = [*WALK, *steps(40.0, 50.0, 21), bout(40.0, 50.0, 12.0)]
    assert measured_walk(two, 5.0, 55.0, one_leg=False).measured_m == 36.0
    with pytest.raises(CalibrationError, match="There are 2 walks"):
        measured_walk(two, None, None, one_leg=False)


def test_steps_that_were_taken_back_do_not_count() -> None:
    back = Event("retraction", 33.0, 33.0, None, {"of_kind": "step", "of_time_s": 12.0})
    assert measured_walk([*WALK, back], 9.0, 31.0, one_leg=False).strides == 38


@pytest.mark.parametrize(
    ("events", "start_s", "end_s", "complaint"),
    [
        ([], None, None, "Nobody walked"),
        (WALK, 31.0, 60.0, "Nobody walked"),
        (WALK, 10.0, 15.0, "Only 9 strides"),
        ([*steps(10.0, 30.0, 41), bout(10.0, 30.0, None)], None, None, "gives no stride length"),
    ],
)
def test_a_walk_that_says_nothing_is_refused_with_a_sentence(
    events: list[Event], start_s: float | None, end_s: float | None, complaint: str
) -> None:
    with pytest.raises(CalibrationError, match=complaint):
        measured_walk(events, start_s, end_s, one_leg=False)


def known(distance_m: float = 20.0, measured_m: float = 20.0, start_s: float = 0.0, source: str = "s") -> KnownWalk:
    return KnownWalk(source, start_s, start_s + 20.0, distance_m, measured_m, 30, "2026-11-21T09:00:00+00:00")


def test_the_factor_is_known_over_measured_distance_of_all_walks_together() -> None:
    first = with_walk(None, known(20.0, 18.0), 0.95)
    assert first["factor"] == pytest.approx(20 / 18, abs=1e-4)
    assert (first["pendulum_m"], first["walked_m"], len(first["walks"])) == (0.95, 20.0, 1)
    second = with_walk(first, known(40.0, 40.0, 100.0), 0.95)
    assert second["factor"] == pytest.approx(60 / 58, abs=1e-4)
    assert (second["walked_m"], len(second["walks"])) == (60.0, 2)


def test_a_walk_measured_again_replaces_itself() -> None:
    first = with_walk(None, known(20.0, 18.0), 0.95)
    again = with_walk(first, known(20.0, 19.0, 3.0), 0.95)
    assert (again["factor"], len(again["walks"])) == (round(20 / 19, 4), 1)
    elsewhere = with_walk(first, known(20.0, 19.0, 3.0, source="other"), 0.95)
    assert len(elsewhere["walks"]) == 2


@pytest.mark.parametrize(
    ("walk", "complaint"),
    [
        (known(9.0, 9.0), "too short"),
        (known(20.0, 40.0), "cannot be 20 m"),
        (known(40.0, 20.0), "cannot be 40 m"),
    ],
)
def test_a_walk_that_cannot_be_believed_is_refused(walk: KnownWalk, complaint: str) -> None:
    with pytest.raises(CalibrationError, match=complaint):
        with_walk(None, walk, None)


def test_more_walks_are_surer_and_walks_that_disagree_less_so() -> None:
    one, three = [known()], [known(start_s=n * 100.0) for n in range(3)]
    disagreeing = [known(20.0, 20.0 * scale, n * 100.0) for n, scale in enumerate((0.8, 1.0, 1.25))]
    assert 0.02 < error_share(three) < error_share(one) < 0.06
    assert error_share(disagreeing) > 2 * error_share(three)
    assert error_share([replace(known(), strides=200)]) < error_share(one)


@given(st.lists(st.tuples(st.floats(10, 400), st.floats(0.61, 1.59)), min_size=1, max_size=25))
def test_any_walks_give_a_factor_between_the_smallest_and_the_largest(given_walks: list[tuple[float, float]]) -> None:
    stored: dict[str, Any] | None = None
    for number, (distance_m, ratio) in enumerate(given_walks):
        stored = with_walk(stored, known(distance_m, distance_m / ratio, 100.0 * number), None)
    assert stored is not None
    ratios = [ratio for _, ratio in given_walks[-20:]]
    assert min(ratios) - 1e-3 <= stored["factor"] <= max(ratios) + 1e-3
    assert CALIBRATION_FACTOR[0] <= stored["factor"] <= CALIBRATION_FACTOR[1]
    assert 0.0 < stored["error_share"] < 1.0
    assert len(stored["walks"]) == min(20, len(given_walks))
    StrideCalibration.from_json({name: stored[name] for name in ("factor", "pendulum_m", "error_share", "walked_m")})
