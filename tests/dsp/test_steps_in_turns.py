"""How many steps a turn took, from the two detectors' events."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.events import Event
from dsp.turns.steps import StepsInTurns
from dsp.wearing import Wearing
from tests.dsp.turns import Bend, bends_s, turning
from tests.dsp.walks import events_of, standing_steps


def step(time_s: float) -> Event:
    return Event("step", time_s, time_s + 0.4)


def retraction(of_time_s: float, at_s: float) -> Event:
    return Event("retraction", at_s, at_s, fields={"of_kind": "step", "of_time_s": of_time_s, "why": "test"})


def turn(start_s: float, end_s: float, emitted_s: float) -> Event:
    return Event("turn", start_s, emitted_s, end_s, {"angle_rad": 3.0, "steps_in_turn": None})


@pytest.mark.parametrize("step_s", [0.45, 0.55, 0.8])
def test_the_contacts_between_start_and_end_of_a_turn_are_its_steps(step_s: float) -> None:
    bends = (Bend(180, 2.5), Bend(-90, 1.5, 6.0))
    events = events_of(turning(*bends, step_s=step_s, still_s=6.0))
    found = [event for event in events if event.kind == "turn"]
    assert len(found) == 2
    times_s = np.array([event.time_s for event in standing_steps(events)])
    for event, (start_s, end_s) in zip(found, bends_s(bends, 6.0), strict=True):
        assert event.end_s is not None
        assert event.fields["steps_in_turn"] == np.sum((times_s >= event.time_s) & (times_s <= event.end_s))
        assert event.fields["steps_in_turn"] == pytest.approx((end_s - start_s) / step_s, abs=2)


def test_a_turn_without_a_step_has_no_number_of_steps() -> None:
    found = [event for event in events_of(turning(Bend(180), swing_radps=0.0)) if event.kind == "turn"]
    assert [event.fields["steps_in_turn"] for event in found] == [None]


def test_one_leg_does_not_know_the_others_steps() -> None:
    events = [*(step(t) for t in (1.0, 2.0, 3.0)), turn(0.5, 3.5, 6.0)]
    assert StepsInTurns(Wearing("foot_left")).join(events) == events
    assert StepsInTurns(Wearing()).join(events)[-1].fields["steps_in_turn"] == 3


@given(
    gaps_s=st.lists(st.floats(0.25, 3.0), max_size=300),
    taken_back=st.sets(st.integers(0, 300)),
    spans=st.lists(st.tuples(st.floats(0.0, 300.0), st.floats(0.5, 10.0)), max_size=6),
    cut=st.integers(0, 700),
)
def test_any_events_are_counted_as_if_all_were_remembered(
    gaps_s: list[float], taken_back: set[int], spans: list[tuple[float, float]], cut: int
) -> None:
    times_s = [round(t, 4) for t in np.cumsum(gaps_s)]
    events = [step(t) for t in times_s]
    events += [retraction(times_s[n], times_s[n] + 2.0) for n in taken_back if n < len(times_s)]
    events += [turn(start_s, start_s + long_s, start_s + long_s + 5.1) for start_s, long_s in spans]
    events.sort(key=lambda event: event.emitted_s)
    whole = StepsInTurns(Wearing()).join(events)
    first, second = StepsInTurns(Wearing()), StepsInTurns(Wearing())
    pieces = first.join(events[:cut])
    second.state[:] = first.state
    assert pieces + second.join(events[cut:]) == whole
    for n, event in enumerate(whole):
        if event.kind == "turn":
            assert event.end_s is not None
            seen = [e.time_s for e in events[:n] if e.kind == "step"]
            gone = {e.fields["of_time_s"] for e in events[:n] if e.kind == "retraction"}
            inside = [t for t in seen if event.time_s <= t <= event.end_s and t not in gone]
            assert event.fields["steps_in_turn"] == (len(inside) or None)
        else:
            assert event == events[n]
