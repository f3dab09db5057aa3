"""What is sent, confirmed and taken back, against a twin made of lists."""

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.detector import State, fresh
from dsp.gait.contacts import (
    AT,
    BOUT,
    BOUT_STATE,
    CONTACT_STATE,
    COUNT,
    EMITTED,
    EMITTED_COLUMNS,
    END,
    KEPT,
    KIND,
    RETRACTION,
    STEP,
    STRIDE,
    append,
    close_bout,
    enter,
    leave,
    middle,
    take_back,
    usual_stride_s,
)
from dsp.gait.parameters import parameters_for, record_of
from dsp.gait.rhythm import MEMORY_S, TICK_HZ
from dsp.gait.stream import GAIT_STATE, tick
from dsp.gait.walking import WALK_STATE, candidate, grow_old
from dsp.wearing import Wearing
from sensing.block import Position
from tests import naive

KINDS = {STEP: "step", RETRACTION: "retraction", BOUT: "walking_bout"}

rises = st.tuples(
    st.floats(0.04, 2.2),  # seconds since the last one
    st.floats(0.02, 3.0),  # height
    st.floats(0.0, 0.4),  # tilt
    st.booleans(),  # the rhythm is clear
)


def out_rows() -> np.ndarray:
    return np.empty((4 * KEPT, EMITTED_COLUMNS))


def sent_by(out: np.ndarray, made: int) -> list[tuple[str, float, float]]:
    return [(KINDS[row[KIND]], row[AT], row[EMITTED]) for row in out[:made].tolist()]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["lower_back", "chest", "pocket", "wrist", "foot_left"]),
    st.lists(rises, max_size=60),
    st.sampled_from([0.0, 0.35, 0.55, 1.1]),
    st.sampled_from([0.01, 5.0, 500.0]),
)
def test_the_kernel_does_what_its_twin_with_lists_does(
    position: Position, series: list[tuple[float, float, float, bool]], step_s: float, vigour_m2ps4: float
) -> None:
    parameters, p = record_of(Wearing(position)), parameters_for(position)
    state = fresh(WALK_STATE)
    w = state[0]
    twin = naive.Walk(asdict(p) | {"odd_pace": 0.0})
    parameters["odd_pace"] = 0.0
    w["rhythm"]["energy"] = vigour_m2ps4 * MEMORY_S * TICK_HZ
    twin.vigour = vigour_m2ps4
    sent: list[tuple[str, float, float]] = []
    now_s, due_s = 0.0, 1.0
    for pause_s, height, tilt, clear in series:
        due_s += pause_s
        while now_s < due_s:
            now_s += 0.04
            out = out_rows()
            made = 0
            w["tilt"] = twin.tilt = tilt
            w["largest_tilt"] = twin.largest_tilt = max(tilt, twin.largest_tilt)
            w["step_s"] = twin.step_s = step_s
            w["rhythm"]["strength"] = twin.strength = 0.7 if clear and step_s else 0.3
            w["steady_s"] = twin.steady_s = twin.steady_s + 0.04 if twin.strength > 0.5 else 0.0
            w["rhythm"]["stride_s"] = twin.stride_s = step_s * p.contacts_per_stride
            if now_s >= due_s:
                made = candidate(w, parameters[0], due_s - 0.4, height, now_s, out, made)
                twin.candidate(due_s - 0.4, height, now_s)
            made = grow_old(w, parameters[0], now_s, now_s, out, made)
            twin.grow_old(now_s, now_s)
            sent += sent_by(out, made)
    assert sent == twin.sent


def contacts(times_s: list[float]) -> State:
    state = fresh(CONTACT_STATE)
    for time_s in times_s:
        append(state[0], time_s, 1.0, 0.0)
    return state


def test_the_list_of_contacts_forgets_the_oldest_and_never_grows() -> None:
    k = contacts([float(n) for n in range(2 * KEPT)])[0]
    assert k["count"] == k["provisional"] == KEPT
    assert k["time_s"].tolist() == [float(n) for n in range(KEPT, 2 * KEPT)]


@settings(deadline=None)
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=15))
def test_the_middle_is_the_upper_median(values: list[float]) -> None:
    assert middle(np.array(values), 0, len(values)) == naive.upper_median(values)


def test_a_step_older_than_five_seconds_is_not_taken_back_any_more() -> None:
    k, out = contacts([1.0, 7.0])[0], out_rows()
    assert take_back(k, 0, 7.5, 1.0, out, 0) == 0
    assert take_back(k, 0, 7.5, 1.0, out, 0) == 1
    assert out[0, AT] == 7.0
    assert k["count"] == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.3, 1.2), min_size=3, max_size=80), st.sampled_from([1.0, 2.0]))
def test_the_bout_knows_its_median_stride(steps_s: list[float], per_stride: float) -> None:
    times_s = np.cumsum(steps_s)
    state = fresh(BOUT_STATE)
    for time_s in times_s:
        enter(state[0], time_s, per_stride)
    apart = int(per_stride)
    strides_s = times_s[apart:] - times_s[:-apart]
    assert state[0]["strides"].sum() == len(strides_s)
    low, high = np.sort(strides_s)[[(len(strides_s) - 1) // 2, len(strides_s) // 2]]
    assert low - 0.011 <= usual_stride_s(state[0]) <= high + 0.011


def test_a_contact_that_leaves_the_bout_leaves_no_trace() -> None:
    k = contacts([1.0, 1.6, 2.1, 2.7])[0]
    k["provisional"] = 0
    for time_s in (1.0, 1.6, 2.1):
        enter(k["bout"], time_s, 2.0)
    before = k["bout"].copy()
    enter(k["bout"], 2.7, 2.0)
    leave(k, 2.0)
    assert k["bout"] == before
    assert k["count"] == 3


def test_a_closed_bout_says_when_how_many_and_how_fast() -> None:
    k, p, out = contacts([])[0], record_of(Wearing())[0], out_rows()
    for n in range(11):
        enter(k["bout"], 5.0 + 0.5 * n, 2.0)
    assert close_bout(k, p, 20.0, out, 0) == 1
    assert out[0, [KIND, AT, END, COUNT]].tolist() == [BOUT, 5.0, 10.0, 11]
    assert out[0, STRIDE] == pytest.approx(1.0, abs=0.006)
    assert close_bout(k, p, 21.0, out, 0) == 0
    assert math.isnan(usual_stride_s(k["bout"]))


@pytest.mark.parametrize(
    ("position", "now_s", "remembered"),
    [("lower_back", 11.9, True), ("lower_back", 12.1, False), ("pocket", 4.1, False)],
)
def test_a_slow_rhythm_is_remembered_for_ten_steps(position: Position, now_s: float, remembered: bool) -> None:
    s = fresh(GAIT_STATE)[0]
    s["walk"]["step_s"] = 1.2
    tick(s, record_of(Wearing(position))[0], now_s, now_s, out_rows(), 0)
    assert (s["walk"]["step_s"] > 0.0) == remembered
