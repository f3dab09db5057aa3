"""Walk tests as a stream: what prompts do, when the event is sent, that cuts change nothing."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.clinic.clinic import Clinic
from dsp.clinic.walk_past import KEPT_STEPS
from dsp.clinic.walk_test import WalkTest
from dsp.events import Event
from dsp.prompt import Prompt
from dsp.wearing import Wearing
from tests.dsp.corridor import (
    CUE_S,
    TWO,
    Around,
    Rest,
    Walker,
    clinic_events,
    one,
    standing_rows,
    to_and_fro,
    two_minutes,
)


def test_a_recording_that_ends_in_mid_walk_is_invalid_and_one_that_ends_standing_is_not() -> None:
    events = Walker().walk(to_and_fro(20.0, 160.0)).in_order()
    walking = one(clinic_events(events, 70.0, [TWO]))
    assert (walking.fields["verdict"], walking.at_end, walking.fields["distance_m"]) == ("invalid", True, None)
    stood = one(clinic_events(Walker().walk(to_and_fro(20.0, 60.0)).in_order(), 90.0, [TWO]))
    assert stood.fields["verdict"] == "attention"
    assert stood.fields["distance_m"] == pytest.approx(60.0)


def test_a_hole_of_two_seconds_makes_it_invalid() -> None:
    event = two_minutes(to_and_fro(20.0, 160.0), hole_s=(50.0, 52.0))
    assert event.fields["verdict"] == "invalid"
    assert event.fields["distance_m"] is None


def test_it_is_sent_twelve_seconds_after_its_end_and_only_once() -> None:
    event = two_minutes(to_and_fro(20.0, 160.0))
    assert event.emitted_s - CUE_S - 120.0 == pytest.approx(12.0, abs=0.03)
    assert not event.at_end


def test_a_broken_off_test_leaves_nothing_and_a_new_go_starts_another() -> None:
    events = Walker().walk(to_and_fro(20.0, 260.0)).in_order()
    off = replace(TWO, set_s=40.0, aborted=True)
    assert clinic_events(events, 170.0, [TWO, off]) == []
    again = replace(TWO, set_s=45.0, cue_s=50.0)
    assert one(clinic_events(events, 190.0, [TWO, off, again])).time_s == 50.0
    assert one(clinic_events(events, 190.0, [TWO, again])).time_s == 50.0


def test_a_next_test_set_up_at_once_does_not_swallow_the_one_before() -> None:
    events = Walker().walk(to_and_fro(20.0, 160.0)).in_order()
    found = clinic_events(events, 160.0, [TWO, Prompt("stance", set_s=CUE_S + 123.0)])
    assert one(found).emitted_s == pytest.approx(CUE_S + 123.0, abs=0.03)
    assert clinic_events(events, 160.0, [TWO, Prompt("stance", set_s=60.0)]) == []


def test_a_stop_told_after_the_event_changes_nothing() -> None:
    events = Walker().walk(to_and_fro(20.0, 160.0)).in_order()
    late = replace(TWO, set_s=145.0, end_cue_s=140.0)
    assert one(clinic_events(events, 160.0, [TWO, late])) == one(clinic_events(events, 160.0, [TWO]))


WALK = Walker(noise=0.06, seed=4).walk([*to_and_fro(20.0, 70.0), Rest(6.0), 10.0, Around(), 20.0, Around(), 20.0])


@settings(deadline=None, max_examples=25)
@given(
    cuts=st.lists(st.integers(0, 16_000), max_size=10),
    resume=st.booleans(),
    prompt=st.sampled_from(
        [TWO, replace(TWO, cue_s=None), replace(TWO, end_cue_s=90.0), replace(TWO, protocol="10mwt")]
    ),
)
def test_the_events_are_the_same_however_the_rows_are_cut_and_from_the_state_alone(
    cuts: list[int], resume: bool, prompt: Prompt
) -> None:
    whole = clinic_events(WALK.in_order(), 160.0, [prompt])
    assert clinic_events(WALK.in_order(), 160.0, [prompt], cuts=cuts, resume=resume) == whole
    assert whole


@settings(deadline=None, max_examples=15)
@given(until_s=st.floats(10.0, 160.0))
def test_what_was_sent_until_then_does_not_depend_on_what_follows(until_s: float) -> None:
    whole = clinic_events(WALK.in_order(), 160.0, [TWO])
    part = clinic_events(WALK.in_order(), until_s, [TWO])
    assert [e for e in part if not e.at_end] == [e for e in whole if not e.at_end and e.emitted_s <= round(until_s, 2)]


def test_steps_taken_back_do_not_count() -> None:
    events = WALK.in_order()
    extra = [Event("step", 30.111 + n, 30.6 + n, None, {"stride_length_m": 1.2}) for n in range(4)]
    gone = [Event("retraction", 35.0, 35.0, None, {"of_kind": "step", "of_time_s": e.time_s}) for e in extra]
    more = sorted([*events, *extra, *gone], key=lambda event: event.emitted_s)
    assert clinic_events(more, 160.0, [TWO]) == clinic_events(events, 160.0, [TWO])


def test_memory_stays_what_it_is_and_keeps_the_newest() -> None:
    clinic = Clinic(Wearing(height_m=1.7), (WalkTest,))
    sizes = [state.nbytes for state in clinic.states]
    events = [Event("step", 0.3 * n, 0.3 * n + 0.4, None, {}) for n in range(3 * KEPT_STEPS)]
    events += [Event("turn", 2.0 * n, 2.0 * n + 1.4, 2.0 * n + 1.0, {"angle_rad": 3.0}) for n in range(800)]
    clinic.update(standing_rows(1.0)[0], events)
    assert [state.nbytes for state in clinic.states] == sizes
    past = clinic.states[-1][0]["past"]
    assert past["step_s"][past["steps"] - 1] == pytest.approx(0.3 * (3 * KEPT_STEPS - 1))
    assert 0 < past["turns"] <= past["turn_rad"].size


def test_progress_follows_the_walk() -> None:
    events = Walker().walk(to_and_fro(20.0, 160.0)).in_order()
    clinic = Clinic(Wearing(height_m=1.7, prompts=(TWO,)), (WalkTest,))
    (block,) = standing_rows(160.0)
    seen = {}
    last = 0
    for until_s in (3.0, 40.0, 80.0, 127.0, 150.0):
        stop = int(until_s * 100)
        now = [event for event in events if block.seen_s[last] <= event.emitted_s < block.seen_s[stop]]
        part = replace(block, first_index=last, rows=block.rows[last:stop])
        clinic.update(part, now)
        seen[until_s], last = clinic.progress(), stop
    waiting, running, later, settling, after = seen.values()
    assert after is None
    assert waiting is not None
    assert running is not None
    assert later is not None
    assert settling is not None
    assert [p["state"] for p in (waiting, running, later, settling)] == ["waiting", "running", "running", "settling"]
    assert (waiting["left_s"], waiting["prompted"], waiting["protocol"]) == (120.0, True, "2mwt")
    assert running["elapsed_s"] == pytest.approx(40.0 - CUE_S, abs=0.02)
    assert running["laps"] == 1
    assert later["distance_m"] == pytest.approx(Walker().walk(to_and_fro(20.0, 160.0)).at(80.0), abs=3.0)
    assert later["minute"] == 2
    assert later["cadence_spm"] == pytest.approx(60.0 / 0.55, rel=0.02)
    assert settling["left_s"] == 0.0
    assert not any(isinstance(value, float) and math.isnan(value) for value in later.values())
