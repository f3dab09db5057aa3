"""Two sensors on one person: sides are certain, double support is measured, live is batch."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.events import Event
from dsp.pair import KEPT, Pair, PairError, PairNumbers, PairStep, PairWalk, misfit
from dsp.pair_measures import Contact, Measures
from dsp.wearing import Wearing
from sensing.block import POSITIONS, Position

LEFT, RIGHT, BACK = Wearing("ankle_left"), Wearing("ankle_right"), Wearing("lower_back")
END_S = 200.0
STRIDE_S, RIGHT_AFTER_S, STANCE = 1.2, 0.65, 0.62  # the right foot lands late: left steps take 0.55 s, right ones 0.65


def leg_steps(side: str, strides: int = 20, start_s: float = 5.0, late_s: float = 0.4) -> list[Event]:
    """A leg's contacts, each with its foot's last toe-off."""
    first_s = start_s + (RIGHT_AFTER_S if side == "right" else 0.0)
    events = []
    for n in range(strides):
        at_s = round(first_s + n * STRIDE_S, 4)
        final_s = None if n == 0 else round(at_s - (1 - STANCE) * STRIDE_S, 4)
        fields = {"side": side, "side_confidence": 1.0, "walking": True, "final_contact_s": final_s}
        events.append(Event("step", at_s, at_s + late_s, fields=fields))  # type: ignore[arg-type]
    return events


def back_steps(strides: int = 20, start_s: float = 5.0, bias_s: float = 0.03) -> list[Event]:
    """Both feet's contacts as the back feels them, a little late and without sides."""
    times = [start_s + n * STRIDE_S + after for n in range(strides) for after in (0.0, RIGHT_AFTER_S)]
    fields = {"side": None, "side_confidence": None, "walking": True, "final_contact_s": None}
    return [Event("step", round(t + bias_s, 4), t + bias_s + 0.35, fields=fields) for t in times]  # type: ignore[arg-type]


def moved(events: list[Event], by_s: float) -> list[Event]:
    """The same events on a clock that shows so much more."""
    out = []
    for event in events:
        fields = dict(event.fields)
        for name in ("final_contact_s", "of_time_s"):
            if isinstance(fields.get(name), float):
                fields[name] += by_s  # type: ignore[operator]
        out.append(Event(event.kind, event.time_s + by_s, event.emitted_s + by_s, fields=fields))
    return out


def told(pair: Pair, first: list[Event], second: list[Event]) -> tuple[list[PairStep], list[PairWalk]]:
    out = list(pair.fold(first, second, END_S))
    return [o for o in out if isinstance(o, PairStep)], [o for o in out if isinstance(o, PairWalk)]


def test_two_ankles_give_both_feets_steps_with_certain_sides_and_measured_double_support() -> None:
    steps, (walk,) = told(Pair(LEFT, RIGHT), leg_steps("left"), leg_steps("right"))
    assert [step.contact.side for step in steps] == ["left", "right"] * 20
    assert all(step.contact.side_confidence == 1.0 for step in steps)
    assert all(a.contact.time_s < b.contact.time_s for a, b in pairwise(steps))
    found = walk.measured
    assert (found.steps, found.left_steps, found.right_steps) == (40, 20, 20)
    assert found.stride_time_s == pytest.approx(STRIDE_S)
    assert found.left_step_time_s == pytest.approx(STRIDE_S - RIGHT_AFTER_S)
    assert found.right_step_time_s == pytest.approx(RIGHT_AFTER_S)
    assert found.step_time_asymmetry == pytest.approx(-0.1 / 0.6)
    assert found.left_stance_time_s == pytest.approx(STANCE * STRIDE_S)
    assert found.right_swing_time_s == pytest.approx((1 - STANCE) * STRIDE_S)
    assert found.double_support == pytest.approx(2 * STANCE - 1)


@pytest.mark.parametrize("wrong_s", [-0.08, 0.05])
def test_a_clock_that_is_a_little_off_does_not_change_double_support(wrong_s: float) -> None:
    _, (walk,) = told(Pair(LEFT, RIGHT), leg_steps("left"), moved(leg_steps("right"), wrong_s))
    assert walk.measured.double_support == pytest.approx(2 * STANCE - 1, abs=1e-6)


def test_an_ankle_makes_the_backs_sides_certain_and_takes_out_its_bias() -> None:
    for first, second in (((BACK, back_steps()), (RIGHT, leg_steps("right"))),):
        steps, (walk,) = told(Pair(first[0], second[0]), first[1], second[1])
        assert [step.contact.side for step in steps] == ["left", "right"] * 20 or steps[0].contact.side is None
        assert [step.contact.side for step in steps[1:]] == ["right", "left"] * 19 + ["right"]
        found = walk.measured
        assert found.left_step_time_s == pytest.approx(STRIDE_S - RIGHT_AFTER_S, abs=1e-6)
        assert found.right_step_time_s == pytest.approx(RIGHT_AFTER_S, abs=0.01)
        assert found.right_stance_time_s == pytest.approx(STANCE * STRIDE_S)
        assert found.left_stance_time_s is None
        assert found.double_support is not None


def test_a_contact_that_the_back_felt_twice_keeps_the_backs_own_word() -> None:
    twice = sorted([*back_steps(), *moved(back_steps()[20:21], 0.3)], key=lambda event: event.emitted_s)
    steps, _ = told(Pair(BACK, LEFT), twice, leg_steps("left"))
    doubtful = [step.contact for step in steps if step.contact.side is None]
    assert len(doubtful) <= 2
    assert all(abs(contact.time_s - twice[20].time_s) < STRIDE_S for contact in doubtful)


@pytest.mark.parametrize("offset_s", [-1234.5, 0.25, 86_400.0])
def test_the_offset_puts_the_second_clock_on_the_first(offset_s: float) -> None:
    steps, (walk,) = told(Pair(LEFT, RIGHT, offset_s), leg_steps("left"), moved(leg_steps("right"), -offset_s))
    assert [step.contact.side for step in steps] == ["left", "right"] * 20
    assert walk.measured.double_support == pytest.approx(2 * STANCE - 1, abs=1e-6)
    assert walk.start_s == pytest.approx(5.0)


def test_what_was_taken_back_is_never_told() -> None:
    wrong = Event("step", 8.123, 8.5, fields={"side": "left", "side_confidence": 1.0, "final_contact_s": None})
    back = Event("retraction", 12.9, 12.9, fields={"of_kind": "step", "of_time_s": 8.123, "why": "test"})
    events = sorted([*leg_steps("left"), wrong, back], key=lambda event: event.emitted_s)
    steps, _ = told(Pair(LEFT, RIGHT), events, leg_steps("right"))
    assert [step.contact.side for step in steps] == ["left", "right"] * 20


def test_a_pause_makes_two_walks() -> None:
    left = leg_steps("left") + leg_steps("left", start_s=60.0)
    right = leg_steps("right") + leg_steps("right", start_s=60.0)
    _, walks = told(Pair(LEFT, RIGHT), left, right)
    assert [walk.measured.steps for walk in walks] == [40, 40]
    assert walks[0].emitted_s == pytest.approx(walks[0].end_s + 8.1)
    assert not walks[0].at_end


def test_without_toe_offs_there_is_no_double_support_and_never_a_zero() -> None:
    def without(events: list[Event]) -> list[Event]:
        return [Event(e.kind, e.time_s, e.emitted_s, fields=dict(e.fields) | {"final_contact_s": None}) for e in events]

    _, (walk,) = told(Pair(LEFT, RIGHT), without(leg_steps("left")), without(leg_steps("right")))
    assert walk.measured.double_support is None
    assert walk.measured.left_stance_time_s is None
    assert walk.measured.left_step_time_s is not None


@settings(max_examples=60, deadline=None)
@given(data=st.data(), until_s=st.floats(6.0, 40.0))
def test_until_gives_what_had_been_told_by_then(data: st.DataObject, until_s: float) -> None:
    lost = data.draw(st.sets(st.integers(0, 19), max_size=4))
    left = [event for n, event in enumerate(leg_steps("left")) if n not in lost]
    right = leg_steps("right")
    whole = [o for o in Pair(LEFT, RIGHT).fold(left, right, END_S) if o.emitted_s <= until_s]
    cut = Pair(LEFT, RIGHT).fold(*([e for e in events if e.emitted_s <= until_s] for events in (left, right)), until_s)
    assert [o for o in cut if not o.at_end] == [o for o in whole if not o.at_end]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_however_the_streams_take_turns_the_same_comes_out(data: st.DataObject) -> None:
    back = data.draw(st.booleans())
    first, second = (BACK, LEFT) if back else (LEFT, RIGHT)
    streams = (back_steps() if back else leg_steps("left"), leg_steps("left") if back else leg_steps("right"))
    expected = list(Pair(first, second).fold(*streams, END_S))
    pair, seen_s, done, out = Pair(first, second), [0.0, 0.0], [0, 0], []
    while done != [len(stream) for stream in streams]:
        which = data.draw(st.sampled_from([0, 1]))
        if seen_s[which] - seen_s[1 - which] > 1.0:  # further than WAIT_S apart they may not be
            which = 1 - which
        seen_s[which] += data.draw(st.floats(0.05, 0.9))
        start, stream = done[which], streams[which]
        while done[which] < len(stream) and stream[done[which]].emitted_s <= seen_s[which]:
            done[which] += 1
        out += pair.update(which, stream[start : done[which]], seen_s[which])
    out += pair.finish(END_S)
    plain = [(type(one), one.emitted_s if not one.at_end else None) for one in out]
    assert [o.contact for o in out if isinstance(o, PairStep)] == [
        o.contact for o in expected if isinstance(o, PairStep)
    ]
    assert len(plain) == len(expected)
    assert [o.measured for o in out if isinstance(o, PairWalk)] == [
        o.measured for o in expected if isinstance(o, PairWalk)
    ]


def test_memory_does_not_grow_with_the_hours() -> None:
    pair = Pair(BACK, LEFT)
    for hour in range(40):
        back, leg = back_steps(60, 100.0 * hour), leg_steps("left", 60, 100.0 * hour)
        list(pair.fold(back, leg, 1e6))
        assert all(len(felt) <= KEPT for felt in pair._felt)
        assert not pair._waiting


def test_a_sensor_that_says_nothing_holds_the_other_up_for_two_seconds_at_most() -> None:
    pair = Pair(LEFT, RIGHT)
    pair.update(1, [], 5.0)
    events = leg_steps("left")
    out = pair.update(0, events, events[-1].emitted_s)
    newest_s = max(o.contact.time_s for o in out if isinstance(o, PairStep))
    assert newest_s > events[-1].emitted_s - 2.0 - 5.1 - STRIDE_S


def test_the_numbers_are_of_the_last_steps_and_gone_after_ten_seconds() -> None:
    pair = Pair(LEFT, RIGHT)
    assert pair.numbers(5.0) is None
    list(pair.fold(leg_steps("left"), leg_steps("right"), END_S))
    newest_s = 5.0 + 19 * STRIDE_S + RIGHT_AFTER_S
    found = pair.numbers(newest_s + 9.0)
    assert isinstance(found, PairNumbers)
    assert found.measured.steps == 20
    assert found.measured.left_step_time_s == pytest.approx(STRIDE_S - RIGHT_AFTER_S)
    assert pair.numbers(newest_s + 10.1) is None


@settings(max_examples=100, deadline=None)
@given(gaps=st.lists(st.floats(0.2, 3.0), min_size=3, max_size=40), seed=st.integers(0, 999))
def test_the_running_measures_are_those_of_the_whole_list(gaps: list[float], seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.cumsum(gaps)
    sides = [
        str(rng.choice(["left", "right"])) if rng.random() < 0.3 else ("left", "right")[n % 2] for n in range(len(gaps))
    ]
    finals = [float(t - rng.uniform(0.1, 0.8)) for t in times]
    measures = Measures()
    for t, side, final in zip(times, sides, finals, strict=True):
        measures.add(Contact(float(t), float(t), side, 1.0, final))
    found = measures.result()
    steps = {"left": [], "right": []}  # type: dict[str, list[float]]
    strides, halves = [], {"left": [], "right": []}  # type: list[float], dict[str, list[float]]
    for n in range(1, len(times)):
        if sides[n] != sides[n - 1] and times[n] - times[n - 1] <= 2.0:
            steps[sides[n]].append(times[n] - times[n - 1])
            if n > 1 and sides[n] == sides[n - 2] and times[n] - times[n - 2] <= 4.0:
                strides.append(times[n] - times[n - 2])
                if finals[n] > times[n - 2]:
                    halves[sides[n]].append(max(0.0, finals[n] - times[n - 1]) / strides[-1])
    known = [float(np.mean(half)) for half in halves.values() if len(half) >= 3]
    for value, expected in (
        (found.left_step_time_s, steps["left"]),
        (found.right_step_time_s, steps["right"]),
        (found.stride_time_s, strides),
    ):
        assert value == (pytest.approx(np.mean(expected)) if len(expected) >= 3 else None)
    assert found.double_support == (pytest.approx(2 * np.mean(known)) if known else None)


def test_only_places_that_tell_something_together_fit() -> None:
    fitting = {(a, b) for a in POSITIONS for b in POSITIONS if misfit(a, b) is None}
    legs: list[Position] = ["ankle_left", "ankle_right", "foot_left", "foot_right"]
    expected = {("ankle_left", "ankle_right"), ("foot_left", "foot_right")} | {("lower_back", leg) for leg in legs}
    assert fitting == expected | {(b, a) for a, b in expected}
    with pytest.raises(PairError, match=r"^Sensors at pocket and wrist tell nothing together, because .+\.$"):
        Pair(Wearing("pocket"), Wearing("wrist"))
