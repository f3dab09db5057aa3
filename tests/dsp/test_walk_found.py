"""Six- and two-minute walks that nobody set up."""

import pytest

from dsp.events import Event
from dsp.prompt import Prompt
from dsp.wearing import Wearing
from tests.dsp.corridor import STANDS_S, Around, Part, Rest, Walker, clinic_events, to_and_fro

STEP_M, STEP_S = 0.6, 0.55


def lasting(seconds: float, course_m: float, *more: Part) -> list[Event]:
    """Walking to and fro until about then, then standing."""
    walker = Walker(STEP_M, STEP_S)
    parts = to_and_fro(course_m, 1000.0)
    walker.walk([])
    for part in [*more, *parts]:
        if walker.now_s - STANDS_S > seconds - 1.0:
            break
        if isinstance(part, float):
            part = min(part, (seconds - (walker.now_s - STANDS_S)) / STEP_S * STEP_M)
        walker.walk([part])
    return walker.in_order()


@pytest.mark.parametrize(("seconds", "protocol"), [(120.0, "2mwt"), (360.0, "6mwt")])
@pytest.mark.parametrize("course_m", [10.0, 20.0, 2000.0])
def test_a_walk_of_the_right_length_between_two_ends_or_straight_on_is_found(
    seconds: float, protocol: str, course_m: float
) -> None:
    (event,) = clinic_events(lasting(seconds, course_m), seconds + 40.0)
    assert event.fields["protocol"] == protocol
    assert event.fields["prompted"] is False
    assert event.fields["course_length_m"] is None
    assert event.fields["clock"] == "motion"
    assert event.fields["distance_method"] == "steps"
    assert event.fields["verdict"] == "attention"
    assert event.emitted_s - (event.end_s or 0.0) == pytest.approx(14.0, abs=0.1)


def test_a_rest_within_it_belongs_to_it() -> None:
    (event,) = clinic_events(lasting(120.0, 20.0, 20.0, Around(), 6.0, Rest(9.0), 14.0, Around()), 160.0)
    assert event.fields["protocol"] == "2mwt"
    assert len(event.fields["rests"]) == 1


def test_at_the_end_of_the_stream_five_seconds_of_standing_are_enough() -> None:
    (event,) = clinic_events(lasting(120.0, 20.0), 120.0 + STANDS_S + 8.0)
    assert event.at_end
    assert clinic_events(lasting(120.0, 20.0), 120.0 + STANDS_S + 2.0) == []


@pytest.mark.parametrize("seconds", [60.0, 100.0, 140.0, 240.0, 330.0, 390.0])
def test_walks_of_another_length_are_not_found(seconds: float) -> None:
    assert clinic_events(lasting(seconds, 20.0), seconds + 40.0) == []


@pytest.mark.parametrize(
    "parts",
    [
        [15.0, Around(90.0), 20.0, Around(-90.0), 30.0, Around(180.0), 60.0],  # about the house
        [12.0, Around(), 25.0, Around(), 8.0, Around(), 36.0, Around(), 15.0, Around(), 22.0],  # no two ends
        [40.0, Rest(70.0), 20.0],  # rested too long
    ],
)
def test_other_walking_of_the_right_length_is_not_found(parts: list[Part]) -> None:
    walker = Walker(STEP_M, STEP_S).walk(parts)
    left_s = 120.0 - (walker.now_s - STANDS_S)
    if left_s > 0.0:
        walker.walk([Around(90.0), max(1.0, (left_s - 2.2) / STEP_S * STEP_M)])
    assert walker.now_s - STANDS_S == pytest.approx(120.0, abs=5.0)
    assert clinic_events(walker.in_order(), 170.0) == []


def test_a_prompted_test_is_not_found_again_and_a_wrist_finds_nothing() -> None:
    events = lasting(120.0, 20.0)
    prompt = Prompt("2mwt", set_s=0.0, cue_s=5.9, course_length_m=20.0)
    assert [event.fields["prompted"] for event in clinic_events(events, 170.0, [prompt])] == [True]
    assert clinic_events(events, 170.0, wearing=Wearing("wrist", height_m=1.7)) == []


def test_without_a_step_length_there_would_be_no_number_so_nothing_is_sent() -> None:
    events = [
        Event(e.kind, e.time_s, e.emitted_s, e.end_s, {**e.fields, "stride_length_m": None})
        for e in lasting(120.0, 20.0)
    ]
    assert clinic_events(events, 170.0, wearing=Wearing()) == []
