"""The Timed Up and Go at the wrist, from drawn movements of an arm."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import BodyBlock
from dsp.clinic.tug import Tug
from dsp.clinic.wear import Wear
from dsp.events import Event
from dsp.prompt import Prompt
from dsp.wearing import Wearing
from tests.dsp.tugs import Arm


def told(block: BodyBlock, cuts: list[int] | None = None, prompt: Prompt | None = None) -> list[Event]:
    wear = Wear()
    test = Tug(Wearing("wrist"), wear)
    events = test.prompt(prompt) if prompt is not None else []
    for start, stop in pairwise([0, *sorted(set(cuts or ())), len(block)]):
        part = BodyBlock(block.first_index + start, block.rows[start:stop])
        wear.rows(part)
        events += test.rows(part)
    return events + test.finish(float(block.seen_s[-1]))


def kinds(events: list[Event]) -> list[str]:
    return sorted(event.kind for event in events)


@settings(max_examples=40, deadline=None)
@given(
    arm=st.builds(
        Arm,
        quiet_s=st.floats(0.6, 20.0),
        out_s=st.floats(2.5, 4.5),
        back_s=st.floats(2.5, 4.5),
        turn_s=st.floats(1.0, 2.4),
        turns_deg=st.tuples(st.floats(160.0, 200.0), st.floats(160.0, 200.0)),
        rests_deg=st.tuples(st.floats(55.0, 100.0), st.floats(60.0, 110.0)),
        swing_deg=st.floats(5.0, 20.0),
    )
)
def test_an_arm_that_hangs_between_two_rests_on_a_way_out_and_back_shows_a_test(arm: Arm) -> None:
    events = told(arm.rows())
    assert kinds(events) == ["sit_to_stand", "stand_to_sit", "tug", "turn", "turn"]
    (tug,) = (event for event in events if event.kind == "tug")
    stir, _, out, _, _, around, lifted, rests = arm.edges_s
    assert tug.fields["verdict"] == "attention"
    assert tug.time_s == pytest.approx(stir + 0.1, abs=0.35)
    assert tug.end_s == pytest.approx(rests, abs=0.6)
    assert tug.emitted_s - lifted < 2.5
    first, second = (event for event in events if event.kind == "turn")
    assert first.time_s == pytest.approx(out, abs=0.8)
    assert second.end_s == pytest.approx(around, abs=1.0)
    assert first.fields["angle_rad"] == pytest.approx(math.radians(arm.turns_deg[0]), abs=0.25)


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(1, 1200), max_size=20))
def test_it_is_the_same_however_the_stream_is_cut(cuts: list[int]) -> None:
    block = Arm().rows()
    assert told(block, [cut for cut in cuts if cut < len(block)]) == told(block)


@pytest.mark.parametrize(
    "arm",
    [
        Arm(turns_deg=(90.0, 90.0)),
        Arm(turns_deg=(180.0, 0.0)),
        Arm(rests_deg=(70.0, 10.0)),
        Arm(rests_deg=(10.0, 80.0)),
        Arm(turn_s=6.0),
        Arm(out_s=1.5, back_s=6.0),
        Arm(quiet_s=-0.4),
    ],
    ids=["quarter turns", "one turn", "hangs on", "hung before", "curves", "unequal ways", "begun before the stream"],
)
def test_what_only_resembles_a_test_is_none(arm: Arm) -> None:
    assert told(arm.rows()) == []


def test_slow_turns_are_believed_where_an_operator_asked_for_the_test() -> None:
    arm = Arm(turn_s=5.5)
    assert told(arm.rows()) == []
    tug = told(arm.rows(), prompt=Prompt("tug", cue_s=0.7))[-1]
    assert tug.fields["verdict"] == "attention"
    assert tug.fields["clock"] == "cue"
    assert tug.time_s == 0.7


def test_a_prompted_test_that_the_arm_does_not_show_is_invalid() -> None:
    (tug,) = told(Arm(rests_deg=(70.0, 10.0)).rows(), prompt=Prompt("tug", cue_s=0.7))
    assert tug.at_end
    assert tug.fields["verdict"] == "invalid"
    assert tug.fields["duration_s"] is None
