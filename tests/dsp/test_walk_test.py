"""Six and two minutes of walking, from steps and turns to the event."""

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
from dsp.wearing import Calibration, Wearing
from tests.dsp.corridor import STANDS_S, Around, Part, Rest, Walker, clinic_events, standing_rows, to_and_fro

CUE_S = STANDS_S - 0.3
TWO = Prompt("2mwt", set_s=0.0, cue_s=CUE_S, course_length_m=20.0)
NUMBERS = ("duration_s", "distance_m", "distance_expected_error_m", "laps", "last_part_m", "speed_mps", "dwi_6_1")


def one(events: list[Event]) -> Event:
    assert [event.kind for event in events] == ["walk_test"]
    return events[0]


def two_minutes(parts: list[Part], prompt: Prompt = TWO, walker: Walker | None = None, **more: object) -> Event:
    """The event of a two-minute walk that is walked on for a while."""
    played = (walker or Walker()).walk(parts)
    return one(clinic_events(played.in_order(), 160.0, [prompt], **more))


@settings(deadline=None, max_examples=40)
@given(
    course_m=st.floats(6.0, 40.0),
    step_m=st.floats(0.3, 0.85),
    step_s=st.floats(0.42, 0.85),
    model=st.floats(0.75, 1.3),
    noise=st.floats(0.0, 0.08),
    seed=st.integers(0, 1000),
)
def test_laps_are_exact_and_the_distance_good_to_a_stride_whoever_walks(
    course_m: float, step_m: float, step_s: float, model: float, noise: float, seed: int
) -> None:
    walker = Walker(step_m, step_s, noise, seed, model)
    walked = walker.walk(to_and_fro(course_m, 130.0 / step_s * step_m * 1.2))
    event = one(clinic_events(walked.in_order(), 160.0, [replace(TWO, course_length_m=course_m)]))
    end_s = CUE_S + 120.0
    true_m = walked.at(end_s)
    assert event.end_s == pytest.approx(end_s)
    if true_m < 1.1 * course_m + 2.0:
        return  # hardly a turn before the end
    assert event.fields["distance_method"] == "laps", event.fields["reasons"]
    assert event.fields["distance_m"] == pytest.approx(true_m, abs=1.0 + step_m)
    assert event.fields["laps"] in (int(true_m / course_m + 1e-6), int((true_m + 0.6 * step_m) / course_m))
    if 0.75 < model < 1.3:
        assert event.fields["verdict"] == "valid"


def test_distance_is_lengths_and_the_last_part_and_the_minutes_add_up() -> None:
    walked = Walker().walk(to_and_fro(20.0, 160.0))
    fields = one(clinic_events(walked.in_order(), 160.0, [TWO])).fields
    assert fields["verdict"] == "valid"
    assert fields["clock"] == "cue"
    assert fields["cue_s"] == CUE_S
    assert fields["duration_s"] == 120.0
    assert fields["distance_m"] == pytest.approx(20.0 * fields["laps"] + fields["last_part_m"])
    assert fields["distance_per_minute_m"] == pytest.approx(
        [walked.at(CUE_S + 60.0), walked.at(CUE_S + 120.0) - walked.at(CUE_S + 60.0)], abs=1.2
    )
    assert sum(fields["distance_per_minute_m"]) == pytest.approx(fields["distance_m"], abs=0.05)
    assert fields["cadence_per_minute_spm"] == pytest.approx([60.0 / 0.55] * 2, rel=0.03)
    assert fields["turns"] == fields["laps"]
    assert fields["rests"] == []
    assert fields["dwi_6_1"] is None


def test_a_turn_that_nobody_saw_is_made_up_for_and_said() -> None:
    parts = to_and_fro(20.0, 160.0)
    parts[3] = Around(seen=False)
    seen, missed = two_minutes(to_and_fro(20.0, 160.0)), two_minutes(parts)
    assert missed.fields["laps"] == seen.fields["laps"]
    assert missed.fields["distance_m"] == pytest.approx(seen.fields["distance_m"], abs=0.5)
    assert missed.fields["verdict"] == "attention"
    assert "A turn was not seen" in missed.fields["reasons"][0]


def test_a_turn_that_was_none_is_taken_out_and_said() -> None:
    parts = to_and_fro(20.0, 160.0)
    parts[4:5] = [14.0, Around(-170.0, steps=0), 6.0]
    seen, more = two_minutes(to_and_fro(20.0, 160.0)), two_minutes(parts)
    assert more.fields["laps"] == seen.fields["laps"]
    assert more.fields["distance_m"] == pytest.approx(seen.fields["distance_m"], abs=1.0)
    assert "was none" in more.fields["reasons"][0]


def test_turning_round_in_mid_corridor_is_measured_by_steps_and_said() -> None:
    walker = Walker()
    event = two_minutes(
        [20.0, Around(), 20.0, Around(), 7.0, Around(), 7.0, Around(), *to_and_fro(20.0, 120.0)], walker=walker
    )
    assert event.fields["distance_m"] == pytest.approx(walker.at(CUE_S + 120.0), abs=1.5)
    assert event.fields["verdict"] == "attention"


@pytest.mark.parametrize(
    "turn",
    [
        [Around(95.0, 2), Rest(1.8), Around(85.0, 2)],  # with a hesitation too long for the turn detector
        [Around(150.0), Around(35.0, 1)],
        [Rest(8.0), Around(180.0)],
        [Around(180.0), Rest(12.0)],
        [Around(235.0)],
    ],
)
def test_half_turns_however_made_are_one_each(turn: list[Part]) -> None:
    parts: list[Part] = [20.0]
    for _ in range(6):
        parts += [*turn, 20.0]
    walker = Walker()
    event = two_minutes(parts, walker=walker)
    true_m = walker.at(CUE_S + 120.0)
    assert event.fields["distance_m"] == pytest.approx(true_m, abs=1.2)
    assert event.fields["laps"] == int(true_m / 20.0 + 1e-6)
    assert event.fields["verdict"] == "valid"


@pytest.mark.parametrize(
    "detour",
    [
        [Around(50.0, 1), 2.0, Around(-50.0, 1)],  # round somebody
        [Rest(9.0)],
        [Around(170.0, 3), Rest(10.0), Around(-175.0, 3)],  # looked back in a rest
        [Around(355.0, 6)],
    ],
)
def test_what_happens_within_a_length_makes_no_lap(detour: list[Part]) -> None:
    inside = sum(part for part in detour if isinstance(part, float))
    parts = to_and_fro(20.0, 160.0)
    parts[4:5] = [9.0, *detour, 11.0 - inside]
    walker = Walker()
    event = two_minutes(parts, walker=walker)
    true_m = walker.at(CUE_S + 120.0)
    assert event.fields["laps"] == int(true_m / 20.0 + 1e-6)
    assert event.fields["distance_m"] == pytest.approx(true_m, abs=1.5)
    assert event.fields["verdict"] == "valid"


def test_laps_that_nothing_explains_are_invalid_and_have_no_number() -> None:
    parts: list[Part] = [
        20.0,
        Around(),
        20.0,
        Around(),
        28.5,
        Around(),
        20.0,
        Around(),
        11.0,
        Around(),
        20.0,
        Around(),
        20.0,
    ]
    event = two_minutes(parts)
    assert event.fields["verdict"] == "invalid"
    assert "not certain" in event.fields["reasons"][0]
    assert all(event.fields[name] is None for name in NUMBERS)
    assert event.fields["distance_per_minute_m"] == []


def test_rests_are_timed_while_the_clock_runs() -> None:
    walker = Walker()
    event = two_minutes([20.0, Around(), 8.0, Rest(14.0), 12.0, *([Around(), 20.0] * 5)], walker=walker)
    (rest,) = event.fields["rests"]
    assert rest["end_s"] - rest["start_s"] == pytest.approx(14.0, abs=0.1)
    assert event.fields["duration_s"] == 120.0
    assert event.fields["distance_m"] == pytest.approx(walker.at(CUE_S + 120.0), abs=1.2)
    first, second = event.fields["speed_per_minute_mps"]
    assert first == pytest.approx(second, rel=0.06)  # of walking: the rest is not in it


def six_minutes(parts: list[Part], walker: Walker, until_s: float = 390.0) -> Event:
    played = walker.walk(parts)
    return one(clinic_events(played.in_order(), until_s, [replace(TWO, protocol="6mwt", course_length_m=25.0)]))


@pytest.mark.parametrize("slower", [1.0, 0.9997, 0.9992])
def test_the_distance_walked_index_compares_the_minutes_that_were_walked(slower: float) -> None:
    walker = Walker(slower=slower)
    event = six_minutes(to_and_fro(25.0, 420.0), walker)
    minutes = [walker.at(CUE_S + 60.0 * (n + 1)) - walker.at(CUE_S + 60.0 * n) for n in range(6)]
    assert event.fields["distance_per_minute_m"] == pytest.approx(minutes, abs=1.6)
    assert event.fields["dwi_6_1"] == pytest.approx(100.0 * (minutes[5] / minutes[0] - 1.0), abs=4.0)
    assert event.fields["dwi_6_2"] == pytest.approx(100.0 * (minutes[5] / minutes[1] - 1.0), abs=5.0)
    assert event.fields["fatigability"] is not None


def test_a_rest_in_the_sixth_minute_leaves_no_index_and_says_why() -> None:
    event = six_minutes([*to_and_fro(25.0, 345.0), Rest(12.0), 5.0, *([Around(), 25.0] * 3)], Walker())
    assert event.fields["dwi_6_1"] is event.fields["dwi_6_2"] is event.fields["fatigability"] is None
    assert any("rest in minute 6" in reason for reason in event.fields["reasons"])
    assert event.fields["distance_m"] is not None


def test_the_operators_stop_ends_it_earlier_and_the_walker_may_walk_on() -> None:
    walker = Walker()
    parts = to_and_fro(20.0, 160.0)
    event = two_minutes(parts, replace(TWO, end_cue_s=80.0), walker)
    assert event.end_s == 80.0
    assert event.fields["distance_m"] == pytest.approx(walker.at(80.0), abs=1.0)
    assert event.fields["verdict"] == "attention"
    assert "Stopped after 1:14 of 2:00" in event.fields["reasons"][0]
    later = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, end_cue_s=CUE_S + 123.0))
    assert later.end_s == pytest.approx(CUE_S + 120.0)


def test_who_stops_at_a_cone_has_walked_that_length() -> None:
    event = two_minutes([20.0, Around(), 20.0], replace(TWO, end_cue_s=90.0))
    assert (event.fields["laps"], event.fields["last_part_m"], event.fields["distance_m"]) == (2, 0.0, 40.0)


def test_without_a_go_the_first_step_starts_the_clock() -> None:
    event = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, cue_s=None))
    assert event.fields["clock"] == "motion"
    assert event.time_s == pytest.approx(STANDS_S, abs=0.02)
    assert event.end_s == pytest.approx(STANDS_S + 120.0, abs=0.02)


def test_without_a_corridor_the_distance_is_the_models_and_an_estimate() -> None:
    walker = Walker(model=1.05)
    event = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, course_length_m=None), walker)
    assert event.fields["distance_method"] == "steps"
    assert event.fields["laps"] is None
    assert event.fields["distance_m"] == pytest.approx(1.05 * walker.at(CUE_S + 120.0), rel=0.05)
    assert 1.0 < event.fields["distance_expected_error_m"] < 20.0
    assert event.fields["verdict"] == "attention"


def unmeasured(events: list[Event]) -> list[Event]:
    return [replace(e, fields={**e.fields, "stride_length_m": None}) if e.kind == "step" else e for e in events]


def test_without_a_height_laps_still_count_but_nothing_else_does() -> None:
    events = unmeasured(Walker().walk(to_and_fro(20.0, 160.0)).in_order())
    with_course = one(clinic_events(events, 160.0, [TWO], Wearing()))
    assert with_course.fields["verdict"] == "valid"
    without = one(clinic_events(events, 160.0, [replace(TWO, course_length_m=None)], Wearing()))
    assert without.fields["verdict"] == "invalid"
    assert without.fields["distance_m"] is None
    assert "height" in without.fields["reasons"][0]


def test_a_corridor_that_does_not_fit_the_steps_is_doubted() -> None:
    doubted = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, course_length_m=33.0))
    assert doubted.fields["verdict"] == "attention"
    assert "check the corridor" in doubted.fields["reasons"][0]
    wrong = two_minutes(to_and_fro(20.0, 160.0), replace(TWO, course_length_m=50.0))
    assert wrong.fields["verdict"] == "invalid"
    calibrated = Wearing(height_m=1.7, calibration=Calibration(1.0, None, 0.03))
    assert (
        two_minutes(to_and_fro(20.0, 160.0), replace(TWO, course_length_m=27.0), wearing=calibrated).fields["verdict"]
        == "attention"
    )


@pytest.mark.parametrize(
    ("prompt", "verdict", "words"),
    [
        (replace(TWO, cue_s=STANDS_S - 5.8), "attention", "first step came"),
        (replace(TWO, cue_s=STANDS_S + 3.0), "attention", "before the go"),
        (replace(TWO, cue_s=155.0), "invalid", "No walking was seen"),
    ],
)
def test_a_start_that_went_wrong_is_said(prompt: Prompt, verdict: str, words: str) -> None:
    event = two_minutes(to_and_fro(20.0, 130.0), prompt)
    assert event.fields["verdict"] == verdict
    assert any(words in reason for reason in event.fields["reasons"])


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
