"""Lengths of a corridor from the steps between half turns, and the way behind them."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dsp.clinic.walk_laps import cheapest, count_laps
from dsp.clinic.walk_minutes import fatigability, rests_of
from dsp.clinic.walk_past import Steps, Turns
from dsp.clinic.walk_way import pivots_of, way_of
from tests.dsp.naive_laps import all_explanations

RATIOS = st.lists(st.floats(0.0, 3.6), min_size=1, max_size=6)


def steps_at(times_s: list[float], per_contact: int = 1) -> Steps:
    times = np.array(times_s, dtype=float)
    return Steps(
        times, np.full(times.size, 0.6), np.full(times.size, np.nan), np.zeros(times.size, dtype=bool), per_contact
    )


def even_steps(start_s: float, count: int, step_s: float = 0.5) -> list[float]:
    return [start_s + step_s * (n + 1) for n in range(count)]


@given(RATIOS, st.floats(0.2, 0.4))
def test_the_explanation_taken_costs_as_little_as_any(ratios: list[float], tolerance: float) -> None:
    tolerances = [tolerance] * len(ratios)
    best = min(cost for cost, _ in all_explanations(ratios, tolerances))
    taken = cheapest(ratios, tolerances)
    costs = [cost for cost, stretches in all_explanations(ratios, tolerances) if list(stretches) == taken]
    assert costs
    assert min(costs) == pytest.approx(best, abs=1e-9)
    assert [n for stretch in taken for n in range(stretch.first, stretch.first + stretch.count)] == [
        *range(len(ratios))
    ]


@given(
    usual=st.floats(10.0, 90.0),
    noise=st.lists(st.floats(-1.5, 1.5), min_size=3, max_size=30),
    part=st.floats(0.0, 0.95),
    tiring=st.floats(0.0, 0.03),
)
def test_lengths_of_about_equally_many_steps_are_whole(
    usual: float, noise: list[float], part: float, tiring: float
) -> None:
    done = [usual * (1.0 + tiring * min(n, 12)) + more for n, more in enumerate(noise)]
    last = usual * (1.0 + tiring * min(len(done), 12))
    laps = count_laps(done, part * last, usual)
    assert laps is not None
    assert laps.whole == len(done)
    assert not laps.astray
    assert laps.part == pytest.approx(part, abs=max(0.06, 3.5 / usual))


@given(usual=st.floats(16.0, 90.0), count=st.integers(4, 20), data=st.data())
def test_a_turn_that_was_missed_is_counted_and_said(usual: float, count: int, data: st.DataObject) -> None:
    noise = data.draw(st.lists(st.floats(-1.0, 1.0), min_size=count, max_size=count))
    done = [usual + more for more in noise]
    at = data.draw(st.integers(0, count - 2))
    done[at : at + 2] = [done[at] + done[at + 1]]
    laps = count_laps(done, 0.5 * usual, usual * data.draw(st.floats(0.75, 1.35)))
    assert laps is not None
    assert laps.whole == count
    assert laps.astray == ("turn missed",)


@given(usual=st.floats(20.0, 90.0), count=st.integers(4, 20), share=st.floats(0.15, 0.36), data=st.data())
def test_a_turn_too_many_is_taken_out_and_said(usual: float, count: int, share: float, data: st.DataObject) -> None:
    done = [usual] * count
    at = data.draw(st.integers(0, count - 1))
    done[at : at + 1] = [share * usual, (1.0 - share) * usual]
    laps = count_laps(done, 0.4 * usual, usual)
    assert laps is not None
    assert laps.whole == count
    assert laps.astray == ("turn too many",)


@given(usual=st.floats(20.0, 90.0), share=st.floats(0.2, 0.65), count=st.integers(3, 9), data=st.data())
def test_who_turned_round_on_the_way_went_there_and_back(
    usual: float, share: float, count: int, data: st.DataObject
) -> None:
    assume(abs(2.0 * share - 1.0) > 0.05)
    done = [usual] * count
    at = data.draw(st.integers(0, count))
    done[at:at] = [share * usual, share * usual]
    laps = count_laps(done, 0.0, usual)
    assert laps is not None
    assert sum(laps.lengths) == pytest.approx(count + 2.0 * share, abs=0.25)
    assert set(laps.astray) <= {"turned round", "turn too many"}
    assert laps.astray


def test_stretches_that_nothing_explains_are_unclear() -> None:
    laps = count_laps([40.0, 40.0, 60.0, 40.0, 22.0, 40.0], 10.0, 40.0)
    assert laps is not None
    assert "unclear" in laps.astray


def test_without_a_stretch_there_are_no_laps() -> None:
    assert count_laps([], 30.0, 40.0) is None
    assert count_laps([1.0, 0.0], 30.0, 40.0) is None


def test_the_model_decides_which_of_two_unlike_stretches_is_a_length() -> None:
    short, long = count_laps([20.0, 40.0], 0.0, 21.0), count_laps([20.0, 40.0], 0.0, 39.0)
    assert short is not None
    assert long is not None
    assert (short.whole, long.usual[0]) == (3, 40.0)


def test_contacts_that_were_missed_count_and_standing_does_not() -> None:
    times_s = [*even_steps(0.0, 20), *even_steps(11.0, 20), *even_steps(60.0, 20)]
    way = way_of(steps_at(times_s), 0.0)
    assert way.at(10.0) == pytest.approx(20.0)
    assert way.at(11.5) == pytest.approx(23.0)  # two missed
    assert way.between(22.0, 59.9) == pytest.approx(0.0)
    assert way.at(100.0) == pytest.approx(62.0)
    assert rests_of(steps_at(times_s), 80.0) == [(21.0, pytest.approx(60.0)), (70.0, 80.0)]


def test_the_wait_for_the_first_step_is_no_walking() -> None:
    way = way_of(steps_at(even_steps(4.0, 20)), 0.0)
    assert way.at(4.0) == 0.0
    assert way.at(4.5) == pytest.approx(1.0)


def test_a_contact_of_one_leg_is_two_steps() -> None:
    assert way_of(steps_at(even_steps(0.0, 20, 1.1), 2), 0.0).at(22.0) == pytest.approx(40.0)


@given(st.lists(st.floats(0.05, 6.0), max_size=60), st.floats(0.0, 5.0), st.lists(st.floats(0.0, 300.0), max_size=8))
def test_a_way_never_goes_back(gaps_s: list[float], wait_s: float, moments_s: list[float]) -> None:
    times_s = (wait_s + np.cumsum(gaps_s)).tolist() if gaps_s else []
    way = way_of(steps_at(times_s), 0.0)
    assert np.all(np.diff(way.time_s) >= 0.0)
    assert np.all(np.diff(way.steps) >= 0.0)
    made = [way.at(moment_s) for moment_s in sorted(moments_s)]
    assert made == sorted(made)
    assert len(times_s) <= way.at(1e6) or not times_s


def turns_of(*turns: tuple[float, float, float]) -> Turns:
    start_s, end_s, degrees = (np.array(column, dtype=float) for column in zip(*turns, strict=True))
    return Turns(start_s, end_s, np.radians(degrees))


@pytest.mark.parametrize(
    ("turns", "half"),
    [
        ([(10.0, 12.0, 180.0)], [True]),
        ([(10.0, 11.0, 90.0), (12.5, 13.5, 88.0)], [True]),  # in two parts
        ([(10.0, 12.0, 180.0), (12.5, 14.0, -170.0)], [False]),  # looked round
        ([(10.0, 12.0, 200.0), (12.3, 13.0, -50.0)], [True]),  # too far and back
        ([(10.0, 12.0, 60.0), (15.0, 16.0, -60.0)], []),  # round something
        ([(10.0, 12.0, 350.0)], [False]),
        ([(10.0, 14.0, 540.0)], [True]),
        ([(10.0, 12.0, math.nan)], [True]),
        ([(10.0, 12.0, 180.0), (30.0, 32.0, -180.0)], [True, True]),
    ],
)
def test_a_half_turn_is_what_leaves_the_walker_facing_the_other_way(
    turns: list[tuple[float, float, float]], half: list[bool]
) -> None:
    found = pivots_of(turns_of(*turns), way_of(steps_at(even_steps(0.0, 100)), 0.0), 0.0, 50.0)
    assert [pivot.is_half_turn for pivot in found] == half


def test_turning_back_after_a_rest_on_the_spot_is_no_half_turn() -> None:
    way = way_of(steps_at([*even_steps(0.0, 20), *even_steps(40.0, 20)]), 0.0)
    found = pivots_of(turns_of((10.0, 12.0, 180.0), (38.0, 40.0, 180.0)), way, 0.0, 60.0)
    assert [pivot.is_half_turn for pivot in found] == [False]


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (None, None),
        (12.0, "none"),
        (5.0, "none"),
        (4.9, "stable"),
        (-4.9, "stable"),
        (-5.0, "mild"),
        (-14.9, "mild"),
        (-15.0, "walking_fatigability"),
        (-60.0, "walking_fatigability"),
    ],
)
def test_fatigability_has_the_classes_of_leone(index: float | None, name: str | None) -> None:
    assert fatigability(index) == name
