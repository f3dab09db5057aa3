"""Where a slow rise at the trunk begins and a slow sitting down ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import COLUMNS, GYR_ML, GYR_V, SEEN, TIME, UP_X, UP_Z, Floats
from dsp.clinic.tug_record import TUG_STATE, Transition, take_rows
from dsp.clinic.tug_trunk import from_calm, to_calm
from dsp.detector import fresh
from dsp.kernels import Record

BEGINS_S = 6.0


def leaned(t: Floats, lasts_s: float, lean_rad: float) -> Floats:
    """Forward and back again, a raised cosine from BEGINS_S on."""
    s = np.clip((t - BEGINS_S) / lasts_s, 0.0, 1.0)
    return lean_rad * 0.5 * (1.0 - np.cos(2.0 * np.pi * s))


def record(lasts_s: float, lean_rad: float = 0.7, unrest_rad: float = 0.0) -> Record:
    t = np.arange(2000) / 100.0
    angle = leaned(t, lasts_s, lean_rad) + unrest_rad * np.sin(2.0 * np.pi * t / 1.3)
    rows = np.zeros((t.size, COLUMNS))
    rows[:, TIME] = rows[:, SEEN] = t
    rows[:, UP_X], rows[:, UP_Z] = np.sin(angle), np.cos(angle)
    rows[:, GYR_ML], rows[:, GYR_V] = np.gradient(angle) * 100.0, 0.0
    s = fresh(TUG_STATE)[0]
    take_rows(s, 0, rows)
    return s


@settings(max_examples=30, deadline=None)
@given(lasts_s=st.floats(2.0, 5.0), unrest_rad=st.floats(0.0, 0.015))
def test_a_rise_that_was_cut_where_the_lean_turns_back_begins_with_the_lean(lasts_s: float, unrest_rad: float) -> None:
    turns_back_s = BEGINS_S + 0.5 * lasts_s
    rise = from_calm(record(lasts_s, 0.7, unrest_rad), Transition(turns_back_s, turns_back_s + 1.0, None, None))
    assert rise.start_s == pytest.approx(BEGINS_S, abs=0.2 + 0.1 * lasts_s)
    assert rise.end_s == turns_back_s + 1.0


@settings(max_examples=30, deadline=None)
@given(lasts_s=st.floats(2.0, 5.0), unrest_rad=st.floats(0.0, 0.015))
def test_a_sitting_down_that_was_cut_there_ends_with_the_trunk_upright(lasts_s: float, unrest_rad: float) -> None:
    turns_back_s = BEGINS_S + 0.5 * lasts_s
    sit = to_calm(record(lasts_s, 0.7, unrest_rad), Transition(BEGINS_S, turns_back_s, None, None), 19.0)
    assert sit.end_s == pytest.approx(BEGINS_S + lasts_s, abs=0.2 + 0.1 * lasts_s)
    assert sit.start_s == BEGINS_S


def test_what_was_told_rightly_stays_as_it_was() -> None:
    s = record(2.0)
    rise = Transition(BEGINS_S - 0.1, BEGINS_S + 2.0, 7.0, 1.0)
    assert from_calm(s, rise) == rise
    sit = Transition(BEGINS_S, BEGINS_S + 2.1, 7.0, 1.0)
    assert to_calm(s, sit, 19.0) == sit


def test_a_sitters_unrest_is_no_part_of_it() -> None:
    s = record(2.0, 0.0, 0.03)
    rise = Transition(BEGINS_S, BEGINS_S + 2.0, None, None)
    assert from_calm(s, rise) == rise


@pytest.mark.parametrize(("now_s", "ends_s"), [(19.0, 9.0), (8.6, 8.6)])
def test_nobody_has_sat_down_before_the_seat_is_met_nor_after_what_was_seen(now_s: float, ends_s: float) -> None:
    sit = to_calm(record(2.0), Transition(BEGINS_S, 8.5, 9.0, None), now_s)
    assert sit.end_s == pytest.approx(ends_s)
