"""What a Timed Up and Go remembers of the stream."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import COLUMNS, GYR_AP, GYR_V, SEEN, TIME, UP_X, UP_Z, BodyBlock
from dsp.clinic.tug_measure import offset_radps
from dsp.clinic.tug_record import (
    EVERY,
    PAST,
    TUG_STATE,
    Transition,
    keep_rise,
    kept_rise,
    take_rows,
    tick_of,
    ticks_between,
    time_of,
    transition_of,
)
from dsp.detector import fresh
from dsp.events import Event
from tests.dsp.naive_heading import kept


def rows_from(first_index: int, n: int, seed: int) -> BodyBlock:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, COLUMNS))
    rows[:, TIME] = rows[:, SEEN] = np.arange(first_index, first_index + n) / 100.0
    rows[rng.random(n) < 0.05, GYR_V : GYR_AP + 1] = np.nan
    rows[:, UP_X : UP_Z + 1] /= np.linalg.norm(rows[:, UP_X : UP_Z + 1], axis=1)[:, None]
    return BodyBlock(first_index, rows)


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(st.tuples(st.integers(0, 90), st.integers(1, 60)), min_size=1, max_size=12),
    begins=st.integers(-40, 40),
)
def test_the_kernel_keeps_what_its_slow_twin_keeps(pieces: list[tuple[int, int]], begins: int) -> None:
    s = fresh(TUG_STATE)[0]
    blocks, index = [], begins
    for hole, n in pieces:
        index += hole if blocks else 0
        blocks.append(rows_from(index, n, index % 997))
        index += n
    for block in blocks:
        take_rows(s, block.first_index, block.rows)
    twin = kept(blocks)
    first, ticks = ticks_between(s, begins / 100.0 - 1.0, index / 100.0 + 1.0)
    assert list(range(first, first + len(ticks))) == sorted(twin)
    if twin:
        np.testing.assert_allclose(ticks, np.array([twin[tick] for tick in sorted(twin)]), atol=1e-9)


def test_only_the_last_minutes_are_remembered() -> None:
    s = fresh(TUG_STATE)[0]
    rows = np.zeros((2 * PAST * EVERY, COLUMNS))
    rows[:, GYR_V] = 0.1
    take_rows(s, 0, rows)
    first, ticks = ticks_between(s, 0.0, 1e6)
    assert len(ticks) == PAST
    assert first == PAST
    np.testing.assert_allclose(np.diff(ticks[:, 0]), 0.1 * EVERY / 100.0)


def test_a_hole_longer_than_the_memory_leaves_a_straight_way() -> None:
    s = fresh(TUG_STATE)[0]
    take_rows(s, 0, rows_from(0, 100, 1).rows)
    heading = float(s["turned"][0])
    take_rows(s, 10 * PAST * EVERY, rows_from(10 * PAST * EVERY, 3, 2).rows)
    _, ticks = ticks_between(s, 0.0, 1e9)
    np.testing.assert_allclose(ticks[:, 0], heading)


@given(tick=st.integers(-1000, 10**7))
def test_a_tick_and_its_time_belong_together(tick: int) -> None:
    assert tick_of(time_of(tick)) == tick


@given(numbers=st.tuples(*[st.floats(0.0, 1e5)] * 2), more=st.tuples(*[st.none() | st.floats(0.0, 50.0)] * 2))
def test_a_rise_is_kept_as_it_was(numbers: tuple[float, float], more: tuple[float | None, float | None]) -> None:
    record = fresh(TUG_STATE)[0]["rise"]
    assert kept_rise(record) is None
    rise = Transition(*numbers, *more)
    keep_rise(record, rise)
    assert kept_rise(record) == rise


@pytest.mark.parametrize(("offset_radps", "walks", "seen"), [(0.03, False, 0.03), (0.03, True, 0.0), (0.2, False, 0.0)])
def test_the_gyroscopes_offset_is_what_it_says_while_nobody_moves(
    offset_radps: float, walks: bool, seen: float
) -> None:
    s = fresh(TUG_STATE)[0]
    rows = np.zeros((500, COLUMNS))
    rows[:, GYR_V] = offset_radps + (2.0 * np.sin(np.arange(500) / 20.0) if walks else 0.0)
    take_rows(s, 0, rows)
    assert offset_of(s) == pytest.approx(seen, abs=1e-3)


def offset_of(s: np.void) -> float:
    return offset_radps(s, 4.9)


@pytest.mark.parametrize(("met_s", "ends_s"), [(None, 5.0), (4.5, 5.0), (5.5, 5.5), (9.0, 7.0)])
def test_nobody_has_sat_down_before_the_seat_is_met(met_s: float | None, ends_s: float) -> None:
    sit = transition_of(Event("stand_to_sit", 3.0, 7.0, 5.0, {"seat_on_s": met_s, "peak_rate_radps": None}))
    assert (sit.start_s, sit.end_s, sit.seat_s) == (3.0, ends_s, met_s)
