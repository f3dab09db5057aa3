"""Rising from a chair again and again is no walk, and walking on after a rise is one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.detector import fresh
from dsp.events import Event
from dsp.gait.lifting import LEAK_S, LIFT_STATE, OVER_TICKS, lay_down, lift
from dsp.gait.rhythm import TICK_HZ
from dsp.wearing import Wearing
from sensing.simulator.activities import Script, Sit, SitToStand, Stand, StandToSit, Walk
from sensing.simulator.people import Mounting, Person
from sensing.simulator.simulate import simulate
from tests.dsp.walks import Stream, events_of


def range_m(up_mps2: list[float]) -> float:
    """The slow twin: both leaking integrals written out, the whole past looked through."""
    speed_mps = height_m = 0.0
    heights = [0.0] * OVER_TICKS
    for value in up_mps2:
        speed_mps = speed_mps + value / TICK_HZ - speed_mps / (TICK_HZ * LEAK_S)
        height_m = height_m + speed_mps / TICK_HZ - height_m / (TICK_HZ * LEAK_S)
        heights.append(height_m)
    return max(heights[-OVER_TICKS:]) - min(heights[-OVER_TICKS:])


def felt(up_mps2: list[float]) -> float:
    state = fresh(LIFT_STATE)[0]
    for value in up_mps2:
        lift(state, value)
    return float(state["range_m"])


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=200))
def test_the_range_is_that_of_the_slow_twin(up_mps2: list[float]) -> None:
    assert felt(up_mps2) == pytest.approx(range_m(up_mps2), abs=1e-9)


@given(st.floats(0.5, 3.0), st.floats(0.1, 3.0))
def test_the_range_of_a_wave_is_about_twice_its_height(period_s: float, size_mps2: float) -> None:
    rate = 2 * np.pi / period_s
    time_s = np.arange(0, 12, 1 / TICK_HZ)
    true_m = 2 * size_mps2 / rate**2
    assert felt((size_mps2 * np.sin(rate * time_s)).tolist()) == pytest.approx(true_m, rel=0.35)


def test_a_break_forgets_the_way() -> None:
    state = fresh(LIFT_STATE)[0]
    for _ in range(40):
        lift(state, 3.0)
    lay_down(state)
    lift(state, 0.0)
    assert state["range_m"] == 0.0


def performed(script: Script, seed: int) -> list[Event]:
    person = replace(Person.drawn(seed), height_m=1.7)
    made = simulate(script, person, "lower_back", None, Mounting.drawn(seed), seed)
    stream = Stream(made.time_s, made.acc_mps2, made.gyr_radps, np.empty(0), 104.0)
    return events_of(stream, Wearing("lower_back"))


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 200), rise_s=st.floats(0.9, 2.0), wait_s=st.floats(0.0, 1.0))
def test_a_set_of_chair_stands_is_no_walk(seed: int, rise_s: float, wait_s: float) -> None:
    cycle = (SitToStand(rise_s), Stand(wait_s + 0.05), StandToSit(rise_s + 0.1))
    events = performed((Sit(3.0), *cycle * 7, Sit(5.0)), seed)
    assert not [event for event in events if event.kind == "walking_bout"]
    assert not [event for event in events if event.kind == "step" and event.fields["walking"]]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 200), rise_s=st.floats(1.0, 2.2))
def test_walking_on_after_a_rise_is_found_from_its_first_steps(seed: int, rise_s: float) -> None:
    events = performed((Sit(3.0), SitToStand(rise_s), Walk(course=(8.0,), speed_mps=1.1), Stand(4.0)), seed)
    bouts = [event for event in events if event.kind == "walking_bout"]
    assert len(bouts) == 1
    assert bouts[0].time_s < 3.0 + rise_s + 2.5
