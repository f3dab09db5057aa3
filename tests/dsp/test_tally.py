"""The numbers on the screen follow from the events alone."""

import pytest

from dsp.events import Event, JsonValue
from dsp.tally import STALE_S, Tally
from dsp.wearing import Wearing
from tests.dsp.walks import events_of, leg_walk, trunk_walk


def step(time_s: float, walking: bool | None = True) -> Event:
    return Event("step", time_s, time_s + 0.4, fields={"side": None, "walking": walking})


def retraction(of_time_s: float, at_s: float) -> Event:
    return Event("retraction", at_s, at_s, fields={"of_kind": "step", "of_time_s": of_time_s, "why": "test"})


def bout(start_s: float, end_s: float) -> Event:
    return Event("walking_bout", start_s, end_s + 4.0, end_s)


def walked(steps: int, step_s: float = 0.5) -> Tally:
    tally = Tally()
    tally.update([step(10.0 + n * step_s, walking=True if n > 3 else None) for n in range(steps)])
    return tally


def test_nothing_is_known_before_anything_happened() -> None:
    numbers = Tally().numbers(5.0)
    assert (numbers.steps, numbers.cadence_spm, numbers.bout, numbers.walking_s, numbers.bouts) == (0, None, None, 0, 0)


def test_cadence_bout_and_walking_time_grow_with_the_steps() -> None:
    numbers = walked(11).numbers(15.3)
    assert numbers.steps == 11
    assert numbers.cadence_spm == pytest.approx(120.0)
    assert numbers.cadence_time_s == pytest.approx(15.0)
    assert numbers.bout is not None
    assert (numbers.bout.start_s, numbers.bout.steps) == (10.0, 11)
    assert numbers.walking_s == pytest.approx(5.0)
    assert numbers.bouts == 1


def test_undecided_steps_count_but_give_neither_cadence_nor_bout() -> None:
    numbers = walked(4).numbers(12.0)
    assert numbers.steps == 4
    assert numbers.cadence_spm is None
    assert numbers.bout is None


def test_cadence_goes_when_nobody_walks_any_more() -> None:
    tally = walked(11)
    assert tally.numbers(15.0 + STALE_S + 0.1).cadence_spm is None
    assert tally.numbers(15.0 + STALE_S + 0.1).bout is None


def test_steps_that_were_taken_back_are_not_counted() -> None:
    tally = Tally()
    tally.update([step(1.0, None), step(1.7, None), retraction(1.0, 4.0), retraction(1.7, 4.0)])
    assert tally.numbers(4.0).steps == 0
    tally.update([step(5.0 + 0.5 * n) for n in range(8)])
    numbers = tally.numbers(9.0)
    assert numbers.bout is not None
    assert numbers.bout.start_s == 5.0
    assert numbers.steps == 8


def test_a_closed_bout_is_counted_once() -> None:
    tally = walked(11)
    tally.update([bout(10.0, 15.0)])
    numbers = tally.numbers(19.0)
    assert (numbers.bouts, numbers.walking_s, numbers.bout) == (1, 5.0, None)


def test_cadence_of_a_limp_is_that_of_its_strides() -> None:
    tally = Tally()
    times, t = [], 10.0
    for n in range(14):
        times.append(t)
        t += 0.4 if n % 2 else 0.8
    tally.update([step(time_s) for time_s in times])
    assert tally.numbers(times[-1] + 0.1).cadence_spm == pytest.approx(100.0, rel=0.01)


def test_a_new_walk_that_starts_before_the_old_bout_was_reported_keeps_both() -> None:
    tally = walked(11)
    tally.update([step(18.5 + 0.5 * n, walking=None) for n in range(2)])
    assert tally.numbers(19.1).walking_s == pytest.approx(5.0)
    tally.update([bout(10.0, 15.0), *(step(19.5 + 0.5 * n) for n in range(5))])
    numbers = tally.numbers(21.6)
    assert numbers.bout is not None
    assert (numbers.bout.start_s, numbers.bout.steps) == (18.5, 7)
    assert numbers.walking_s == pytest.approx(5.0 + 3.0)
    assert numbers.bouts == 2


@pytest.mark.parametrize("cut", [0, 1])
def test_the_tally_agrees_with_the_bout_that_follows(cut: int) -> None:
    for stream, wearing in ((trunk_walk(steps=20), Wearing()), (leg_walk(), Wearing("foot_left"))):
        tally = Tally(wearing)
        events = events_of(stream, wearing)
        closing = next(n for n, event in enumerate(events) if event.kind == "walking_bout")
        tally.update(events[: closing + cut])
        last = events[closing]
        assert last.end_s is not None
        numbers = tally.numbers(last.end_s + 0.5)
        assert numbers.walking_s == pytest.approx(last.end_s - last.time_s, abs=0.01)
        assert numbers.bouts == 1
        assert numbers.steps == pytest.approx(last.fields["steps"], abs=1)


def test_memory_does_not_grow_with_the_walk() -> None:
    tally = walked(5000)
    assert tally.numbers(2510.0).steps == 5000
    assert len(tally._run) <= 64


def sided(time_s: float, side: str | None, confidence: float | None = 0.9) -> Event:
    fields: dict[str, JsonValue] = {"side": side, "side_confidence": confidence, "walking": True}
    return Event("step", time_s, time_s + 0.4, fields=fields)


def limp(n: int, since_s: float = 10.0) -> list[Event]:
    """Right steps of 0.4 s, left ones of 0.8 s."""
    times, t = [], since_s
    for k in range(n):
        times.append(t)
        t += 0.4 if k % 2 else 0.8
    return [sided(time_s, "left" if k % 2 else "right") for k, time_s in enumerate(times)]


def test_the_two_feet_have_their_own_step_times() -> None:
    tally = Tally()
    tally.update(limp(30))
    last_s = limp(30)[-1].time_s
    sides = tally.numbers(last_s + 1.0).sides
    assert sides is not None
    assert sides.left_step_time_s == pytest.approx(0.8)
    assert sides.right_step_time_s == pytest.approx(0.4)
    assert sides.steps == 20
    assert sides.confidence == pytest.approx(0.9)
    assert tally.numbers(last_s + 10.5).sides is None


def test_sides_need_six_steps_of_known_side() -> None:
    tally = Tally()
    tally.update(limp(5))
    assert tally.numbers(13.0).sides is None
    tally.update([sided(15.0 + 0.6 * n, None, None) for n in range(8)])
    assert tally.numbers(20.0).sides is None


def test_a_step_of_unknown_side_and_a_retracted_one_spoil_no_step_time() -> None:
    tally = Tally()
    events = limp(12)
    events[6] = sided(events[6].time_s, None, None)
    tally.update(events)
    tally.update([sided(events[-1].time_s + 0.1, "left"), retraction(events[-1].time_s + 0.1, events[-1].time_s + 0.5)])
    sides = tally.numbers(events[-1].time_s).sides
    assert sides is not None
    assert sides.left_step_time_s == pytest.approx(0.8)
    assert sides.right_step_time_s == pytest.approx(0.4)
    assert sides.steps == 11


def test_the_newest_rolling_measures_are_shown_for_ten_seconds() -> None:
    tally = Tally()
    values: dict[str, JsonValue] = {"window_s": 4.0, "steps": 9, "strides": 7, "cadence_spm": 110.0}
    tally.update([Event("step", 12.0, 12.4, fields={"side": None, "walking": True, "rolling": values}), step(12.6)])
    rolling = tally.numbers(20.0).rolling
    assert rolling is not None
    assert (rolling.time_s, rolling.emitted_s, rolling.values) == (12.0, 12.4, values)
    assert tally.numbers(22.1).rolling is None


def test_the_distance_grows_with_the_steps_and_is_the_bouts_once_it_is_closed() -> None:
    tally = Tally()
    assert tally.numbers(1.0).distance_m is None
    steps = [
        Event(
            "step", 10.0 + 0.5 * n, 10.4 + 0.5 * n, fields={"walking": True, "stride_length_m": 1.2 if n > 1 else None}
        )
        for n in range(12)
    ]
    tally.update(steps)
    assert tally.numbers(15.6).distance_m == pytest.approx(6.0)
    tally.update([Event("walking_bout", 10.0, 19.0, 15.5, {"distance_m": 7.5})])
    assert tally.numbers(19.0).distance_m == pytest.approx(7.5)
    tally.update([Event("step", 30.0, 30.4, fields={"walking": True, "stride_length_m": 1.0})])
    assert tally.numbers(30.5).distance_m == pytest.approx(8.0)
    tally.update([retraction(30.0, 31.0)])
    assert tally.numbers(31.0).distance_m == pytest.approx(7.5)
