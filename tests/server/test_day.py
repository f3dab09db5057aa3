from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensing.block import POSITIONS
from server.day import (
    BEST_FIRST,
    DAY_S,
    Span,
    Walk,
    Worn,
    by_day,
    by_length,
    by_speed,
    counted,
    day_start_s,
    median_speed_mps,
    summary_of,
    usual_of,
)
from server.models_people import DaySummary

MONDAY = date(2026, 11, 23)
NOON_S = day_start_s(MONDAY, 0) + DAY_S / 2


def walk(start_s: float, end_s: float, steps: int = 20, speed_mps: float | None = 1.0, session: str = "a") -> Walk:
    """In seconds after Monday noon."""
    metres = None if speed_mps is None else speed_mps * (end_s - start_s)
    return Walk(session, NOON_S, NOON_S + start_s, NOON_S + end_s, steps, speed_mps, metres)


def worn(position: str, spans: Sequence[Span], *walks: Walk, session: str = "a") -> Worn:
    return Worn(session, position, [(NOON_S + start, NOON_S + end) for start, end in spans], walks)


def test_every_position_has_its_rank() -> None:
    assert set(BEST_FIRST) == {place.removesuffix("_left").removesuffix("_right") for place in POSITIONS}


def test_two_sensors_worn_at_once_are_counted_once_the_better_placed_one_where_it_was_worn() -> None:
    back = worn("lower_back", [(0, 100)], walk(80, 95, 30), session="back")
    pocket = worn("pocket", [(50, 200)], walk(82, 97, 28), walk(90, 110, 40), walk(150, 160, 18), session="pocket")
    found = counted([pocket, back])
    assert [(start - NOON_S, end - NOON_S) for start, end in found.spans] == [(0, 100), (100, 200)]
    assert [(one.start_s - NOON_S, one.end_s - NOON_S, one.steps) for one in found.walks] == [
        (80, 95, 30),
        (100, 110, 20),
        (150, 160, 18),
    ]


def test_a_hole_in_the_better_sensors_recording_is_filled_by_the_other() -> None:
    back = worn("lower_back", [(0, 40), (60, 100)], session="back")
    pocket = worn("pocket", [(0, 100)], walk(45, 55), session="pocket")
    found = counted([back, pocket])
    assert sum(end - start for start, end in found.spans) == 100
    assert len(found.walks) == 1


def test_a_walk_over_midnight_is_two_walks_with_their_shares() -> None:
    midnight = DAY_S / 2
    session = worn("waist", [(0, DAY_S)], walk(midnight - 30, midnight + 10, 60))
    monday, tuesday = by_day(counted([session]), [MONDAY, MONDAY + timedelta(days=1)], 0)
    assert [(one.duration_s, one.steps, one.distance_m) for one in (*monday.walks, *tuesday.walks)] == [
        (30, 45, 30),
        (10, 15, 10),
    ]
    assert (summary_of(MONDAY, monday).recorded_s, summary_of(MONDAY, tuesday).recorded_s) == (DAY_S / 2, DAY_S / 2)


def test_the_local_day_begins_at_local_midnight() -> None:
    assert day_start_s(date(1970, 1, 2), 60) == 23 * 3600
    assert day_start_s(MONDAY, -300) - day_start_s(MONDAY, 0) == 5 * 3600


def test_a_day_without_a_recording_has_no_figures_and_one_without_a_walk_has_zeros() -> None:
    nothing = summary_of(MONDAY, by_day(counted([]), [MONDAY], 0)[0])
    assert nothing == DaySummary(
        date=MONDAY,
        recorded_s=0,
        walking_s=None,
        steps=None,
        bouts=None,
        longest_bout_s=None,
        median_speed_mps=None,
    )
    idle = summary_of(MONDAY, by_day(counted([worn("waist", [(0, 60)])]), [MONDAY], 0)[0])
    assert (idle.recorded_s, idle.walking_s, idle.steps, idle.bouts, idle.longest_bout_s) == (60, 0, 0, 0, None)


def test_walks_are_sorted_by_length_and_speed() -> None:
    walks = [walk(0, 9.9), walk(20, 30), walk(100, 400, speed_mps=0.59), walk(500, 530, speed_mps=2.7)]
    assert [(one.from_s, one.to_s, one.bouts, one.walking_s) for one in by_length(walks)] == [
        (0, 10, 1, pytest.approx(9.9)),
        (10, 30, 1, 10),
        (30, 60, 1, 30),
        (60, 120, 0, 0),
        (120, None, 1, 300),
    ]
    speeds = by_speed([*walks, walk(600, 700, speed_mps=None)])
    assert speeds is not None
    assert [(one.from_mps, one.to_mps, one.walking_s) for one in speeds if one.walking_s] == [
        (0.4, 0.6, 300),
        (1.0, 1.2, pytest.approx(19.9)),
        (2.0, None, 30),
    ]
    assert median_speed_mps(walks) == 0.59
    assert by_speed([walk(0, 10, speed_mps=None)]) is None
    assert median_speed_mps([walk(0, 10, speed_mps=None)]) is None


def summary(ago: int, **figures: Any) -> DaySummary:
    usual = {"recorded_s": 4e4, "walking_s": 3000.0, "steps": 5000, "bouts": 80, "longest_bout_s": 300.0}
    return DaySummary(date=MONDAY - timedelta(days=ago), median_speed_mps=None, **(usual | figures))


def test_the_usual_day_leaves_out_days_with_less_than_an_hour_and_needs_three() -> None:
    short = summary(9, recorded_s=3599.0, steps=10)
    assert usual_of([short, summary(1), summary(2)]) is None
    usual = usual_of([short, *(summary(n, steps=1000 * n) for n in range(1, 6))])
    assert usual is not None
    assert usual.days == 5
    assert (usual.steps.low, usual.steps.median, usual.steps.high) == (2000, 3000, 4000)
    assert usual.median_speed_mps is None
    assert usual.longest_bout_s is not None


@st.composite
def wearings(draw: st.DrawFn) -> list[Worn]:
    """Up to five sessions of up to three days within a week, some at once, with walks inside their spans."""
    found = []
    for number in range(draw(st.integers(0, 5))):
        spans, walks = [], []
        at = draw(st.integers(0, 5 * 24 * 60)) * 60.0
        for _ in range(draw(st.integers(1, 3))):
            end = at + draw(st.integers(1, 1000)) * 60.0
            spans.append((at, end))
            while at + 4.0 < end and len(walks) < 30:
                length = draw(st.floats(3.0, 4000.0))
                walks.append(walk(at, min(at + length, end), draw(st.integers(4, 5000)), session=str(number)))
                at += length + draw(st.floats(3.0, 20000.0))
            at = end + draw(st.integers(1, 300)) * 60.0
        found.append(worn(draw(st.sampled_from(POSITIONS)), spans, *walks, session=str(number)))
    return found


WEEKS = [MONDAY + timedelta(days=n) for n in range(-2, 14)]


@given(wearings(), st.integers(-14 * 60, 14 * 60))
def test_days_add_up_to_the_whole_and_count_no_instant_twice(sessions: list[Worn], utc_offset_min: int) -> None:
    whole = counted(sessions)
    assert all(before[1] <= after[0] for before, after in zip(whole.spans, whole.spans[1:], strict=False))
    days = by_day(whole, WEEKS, utc_offset_min)
    assert sum(len(day.spans) for day in days) >= len(whole.spans)
    recorded_s = sum(end - start for start, end in whole.spans)
    assert sum(summary_of(MONDAY, day).recorded_s for day in days) == pytest.approx(recorded_s)
    assert sum(one.duration_s for day in days for one in day.walks) == pytest.approx(
        sum(one.duration_s for one in whole.walks)
    )
    assert sum(one.steps for day in days for one in day.walks) == sum(one.steps for one in whole.walks)
    for when, day in zip(WEEKS, days, strict=True):
        begin = day_start_s(when, utc_offset_min)
        for one in day.walks:
            assert begin <= one.start_s <= one.end_s <= begin + DAY_S
        figures = summary_of(when, day)
        assert (figures.walking_s or 0.0) <= figures.recorded_s + 1e-3
        classes = by_length(day.walks)
        assert sum(one.bouts for one in classes) == len(day.walks)


@given(wearings())
def test_one_sensor_alone_loses_nothing_and_the_order_of_sessions_does_not_matter(sessions: list[Worn]) -> None:
    for alone in sessions:
        found = counted([alone])
        assert list(found.spans) == list(alone.spans)
        assert sum(one.steps for one in found.walks) == sum(one.steps for one in alone.walks)
    assert counted(sessions) == counted(sessions[::-1])


def test_a_walk_in_parts_keeps_its_steps_whatever_the_cuts() -> None:
    whole = walk(0, 100, 7)
    assert replace(whole, steps=7) == whole
    spans = [(NOON_S + n * 13.0, NOON_S + n * 13.0 + 13.0) for n in range(8)]
    found = counted([Worn("a", "waist", spans, [whole])])
    assert sum(one.steps for one in found.walks) == 7
