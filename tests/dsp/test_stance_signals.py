"""Watching somebody stand, row by row, against a slow twin."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import BODY_RATE_HZ, BodyBlock
from dsp.clinic.stance_record import FREE, HOLDING, KEPT_ROWS, OWN_LEAST_MPS, OWN_LEAST_MPS2, SHUT, SIGNALS
from dsp.clinic.stance_signals import alike, feel, follow
from dsp.conditioning import Conditioner
from dsp.detector import State, fresh
from dsp.kernels import Record
from dsp.wearing import Wearing
from sensing.simulator.activities import Cough, Stand, TandemStance, Tap, Walk
from sensing.simulator.people import Sensor
from tests.dsp.naive_stance import Watched, naive_hold, naive_motion
from tests.dsp.stances import performed
from tests.dsp.walks import body_of


def watching() -> State:
    """A hold under way from the first row on, without end."""
    state = fresh(SIGNALS)
    s = state[0]
    s["phase"], s["until_s"], s["wake_s"] = HOLDING, math.inf, math.inf
    s["pending_s"] = s["doubtful_s"] = math.nan
    return state


def watched(s: Record, block: BodyBlock) -> Watched:
    """What the kernels see of a hold."""
    seen, at = Watched(), 0
    while at < len(block):
        at, why = follow(s, block.first_index, block.rows, at)
        if why == SHUT:
            seen.windows_s.append((float(s["open_s"]), float(s["shut_s"])))
            s["open"] = 0
    if s["open"]:
        seen.windows_s.append((float(s["open_s"]), math.inf))
    seen.landings_s = s["landings_s"][: s["landings"]].tolist()
    seen.excursions = int(s["excursions"])
    return seen


def standing(seed: int, loss_s: float, sway: float) -> BodyBlock:
    stance = TandemStance(
        20.0, ml_mps2=0.15 * sway, ap_mps2=0.1 * sway, loss_of_balance_s=(loss_s,), corrections_per_s=0.4
    )
    return body_of(performed(stance, Stand(3.0), Cough(), Stand(2.0), Tap(), Walk((1.5,)), Stand(1.0), seed=seed))[0]


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 9999), loss_s=st.floats(2.0, 19.0), sway=st.floats(0.5, 2.5))
def test_what_is_seen_of_a_hold_is_what_its_slow_twin_sees(seed: int, loss_s: float, sway: float) -> None:
    block = standing(seed, loss_s, sway)
    seen, expected = watched(watching()[0], block), naive_hold(block.rows)
    assert seen.landings_s == expected.landings_s[: len(seen.landings_s)]
    assert len(seen.landings_s) == min(len(expected.landings_s), len(seen.landings_s)) > 0
    assert seen.windows_s[0] == pytest.approx(expected.windows_s[0])
    assert seen.excursions <= expected.excursions


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 9999), sway=st.floats(0.5, 3.0))
def test_excursions_and_windows_of_an_unbroken_hold_are_its_twins(seed: int, sway: float) -> None:
    stance = TandemStance(25.0, ml_mps2=0.15 * sway, ap_mps2=0.1, corrections_per_s=0.4)
    block = body_of(performed(stance, Cough(1), Stand(3.0), seed=seed))[0]
    seen, expected = watched(watching()[0], block), naive_hold(block.rows)
    assert seen.excursions == expected.excursions
    assert [t for window in seen.windows_s for t in window] == pytest.approx(
        [t for window in expected.windows_s for t in window]
    )
    assert seen.landings_s == pytest.approx(expected.landings_s)
    if sway < 2.0:  # a cough in the wildest sway may look like a foot put down
        assert seen.landings_s == []


def test_shock_and_speed_are_those_of_whole_signal_filters() -> None:
    rows = standing(3, 9.0, 1.0).rows
    s = watching()[0]
    s["own_speed"], s["own_shock"] = OWN_LEAST_MPS**2, OWN_LEAST_MPS2**2
    follow(s, 0, rows[:1], 0)  # begins the filters at the first row
    felt = [feel(s, row) for row in rows[1:]]
    shock, speed = naive_motion(rows)
    np.testing.assert_allclose([one[0] for one in felt[4:]], shock[5:], atol=1e-9)
    np.testing.assert_allclose([one[1] for one in felt], speed[1:], atol=1e-9)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 9999))
def test_forward_in_the_sensors_axes_is_the_frames_own(seed: int) -> None:
    conditioner = Conditioner(Wearing("lower_back"))
    block = conditioner.update(performed(Walk((6.0,)), Stand(12.0), seed=seed).block())[0]
    s = watching()[0]
    watched(s, BodyBlock(block.first_index + len(block) - 1000, np.ascontiguousarray(block.rows[-1000:])))
    frame = conditioner.state[0]["frame"]
    up = frame["gravity"] / np.linalg.norm(frame["gravity"])
    cosine, sine = frame["heading"]
    forward = cosine * frame["across"] + sine * np.cross(up, frame["across"])
    assert np.sum(s["facing"] * forward) > math.cos(math.radians(1.0)) * np.linalg.norm(s["facing"])


def test_a_window_keeps_its_first_minute_and_counts_on() -> None:
    block = body_of(performed(Stand(70.0), sensor=Sensor(rate_hz=52.0)))[0]
    s = watching()[0]
    watched(s, block)
    assert s["kept"] == KEPT_ROWS
    assert s["length"] == len(block) - np.searchsorted(block.time_s, s["open_s"])
    np.testing.assert_array_equal(s["acc"][0], block.rows[len(block) - s["length"], 16:19])


def test_a_break_shuts_the_window_where_the_stream_broke() -> None:
    block = body_of(performed(Stand(20.0)))[0]
    s = watching()[0]
    first = BodyBlock(block.first_index, block.rows[:900])
    watched(s, first)
    at, why = follow(s, block.first_index + 950, np.ascontiguousarray(block.rows[950:]), 0)
    assert (at, why) == (0, SHUT)
    assert s["shut_s"] == pytest.approx(block.time_s[899] + 1.0 / BODY_RATE_HZ)


@settings(deadline=None)
@given(angle_rad=st.floats(0.0, 1.5), size=st.floats(0.5, 2.0))
def test_two_verticals_are_one_posture_up_to_twelve_degrees(angle_rad: float, size: float) -> None:
    up, upright = np.array([0.0, 0.0, 1.0]), size * np.array([math.sin(angle_rad), 0.0, math.cos(angle_rad)])
    if abs(angle_rad - math.radians(12.0)) > 1e-6:
        assert alike(up, upright) == (angle_rad < math.radians(12.0))
    assert not alike(up, np.zeros(3))


def test_nothing_is_watched_for_while_nobody_stands() -> None:
    state = watching()
    state[0]["phase"] = FREE
    assert watched(state[0], standing(1, 9.0, 1.0)) == Watched()
