"""The catalogue of tests: what is said when, and what may be chosen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.prompt import PROTOCOLS as PROMPTED
from dsp.prompt import STANCES as DSP_STANCES
from dsp.prompt import VARIANTS as DSP_VARIANTS
from sensing.facts import STANCES, TESTS, VARIANTS
from server.clinic.choosing import ChoiceError, answered, checked
from server.clinic.protocol import Protocol
from server.clinic.protocols import BY_ID, PROTOCOLS, instruction
from server.clinic.run import Chosen
from server.clinic.running import Course, Timing, advanced, asked, happened
from server.clinic.saying import ALMOST_S, instruction_key, next_say_at_s

KEYS = {"sit", "stand", "ready", "countdown", "go", "going", "almost", "stop", "sit_down", "rest", "lost", "done"}
KEYS |= {f"minute_{minute}" for minute in range(1, 6)}
protocols = st.sampled_from(PROTOCOLS)


def test_facts_detectors_and_catalogue_speak_of_the_same_tests_stances_and_variants() -> None:
    assert set(TESTS) - {"none"} == set(PROMPTED) == set(BY_ID)
    assert tuple(STANCES) == DSP_STANCES == tuple(one.id for one in BY_ID["stance"].stances)
    assert tuple(VARIANTS) == DSP_VARIANTS


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda one: one.id)
def test_every_test_says_all_that_its_course_needs(protocol: Protocol) -> None:
    needed = {protocol.start, "ready", "countdown", "go", "going", "stop", "lost", "done"}
    assert needed <= set(protocol.instructions) <= KEYS
    assert all(said.text for said in protocol.instructions.values())
    assert protocol.stop_rules
    assert {"dizziness", "pain"} <= {question.key for question in protocol.after}
    for variant in protocol.variants:
        assert bool(variant.choices) == (variant.kind == "choice")
        for choice in variant.choices:
            assert set(choice.instead) <= set(protocol.instructions)


def spoken(protocol: Protocol, limit_s: float) -> list[tuple[float, str]]:
    """What is said aloud after "go", by following next_say_at_s: seconds after it, and the key."""
    timing = Timing(5.0, limit_s)
    course = asked(Course(), "start", 0.0, timing)
    assert course.cue_s is not None
    said, now_s = [], course.cue_s
    while True:
        course = advanced(course, timing, now_s)
        key = instruction_key(protocol, course, limit_s, now_s, resting=False)
        said.append((round(now_s - 5.0, 3), key))
        later_s = next_say_at_s(protocol, course, limit_s, now_s)
        if later_s is None:
            return said
        assert later_s > now_s
        now_s = later_s


def test_six_minutes_are_encouraged_once_a_minute_with_the_fixed_phrases_and_nothing_else() -> None:
    protocol = BY_ID["6mwt"]
    assert spoken(protocol, 360.0) == [
        (0.0, "go"),
        (60.0, "minute_1"),
        (120.0, "minute_2"),
        (180.0, "minute_3"),
        (240.0, "minute_4"),
        (300.0, "minute_5"),
        (360.0 - ALMOST_S, "almost"),
        (360.0, "stop"),
        (364.0, "sit_down"),
    ]
    assert "halfway" in protocol.instructions["minute_3"].say
    assert "one minute to go" in protocol.instructions["minute_5"].say


def test_two_minutes_are_encouraged_once() -> None:
    keys = [key for _, key in spoken(BY_ID["2mwt"], 120.0)]
    assert keys == ["go", "minute_1", "almost", "stop", "sit_down"]


def test_a_stance_is_not_spoken_into() -> None:
    assert [key for _, key in spoken(BY_ID["stance"], 30.0)] == ["go", "stop", "sit_down"]


def test_the_countdown_is_counted_and_its_words_are_announced() -> None:
    protocol, course = BY_ID["tug"], asked(Course(), "start", 100.0, Timing(5.0, 180.0))
    keys = {now_s: instruction_key(protocol, course, 180.0, now_s, resting=False) for now_s in (100.0, 101.9, 102.0)}
    assert keys == {100.0: "ready", 101.9: "ready", 102.0: "countdown"}
    assert next_say_at_s(protocol, course, 180.0, 100.0) == 102.0
    assert next_say_at_s(protocol, course, 180.0, 102.0) == 105.0


def test_a_rest_is_shown_while_it_lasts_and_never_over_a_phrase() -> None:
    protocol, course = BY_ID["6mwt"], Course("running", 5.0, 5.0)
    assert instruction_key(protocol, course, 360.0, 30.0, resting=True) == "rest"
    assert instruction_key(protocol, course, 360.0, 66.0, resting=True) == "minute_1"
    assert instruction_key(BY_ID["tug"], course, 180.0, 30.0, resting=True) == "going"


@given(protocols, st.sampled_from(["silent", "lost", "finish", "abort", "judged", "refused"]), st.floats(0.0, 500.0))
def test_in_every_state_there_is_one_instruction(protocol: Protocol, happening: Any, now_s: float) -> None:
    course = happened(Course("running", 5.0, 5.0), happening, now_s)
    key = instruction_key(protocol, course, protocol.limit_s, now_s, resting=False)
    assert protocol.instructions[key].text


def test_the_chosen_script_and_stance_are_in_the_words() -> None:
    walk, stance = BY_ID["6mwt"], BY_ID["stance"]
    assert "as far as you can" in instruction(walk, "stand", {}, None).say
    fast = instruction(walk, "stand", {"script": "as_fast_as_possible"}, None)
    assert "as fast as you safely can" in fast.say
    assert "left foot in front" in instruction(stance, "stand", {}, "tandem_left").text
    assert instruction(stance, "going", {}, "tandem_left") == stance.instructions["going"]


@given(protocols)
def test_what_is_left_out_is_settled_where_the_test_itself_settles_it(protocol: Protocol) -> None:
    stance = protocol.stances[0].id if protocol.stances else None
    chosen = checked(Chosen(protocol.id, stance=stance))
    assert (chosen.course_length_m is not None) == protocol.needs_course
    assert (chosen.hold_s is not None) == bool(protocol.hold_choices_s)
    assert checked(chosen) == chosen


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        (Chosen("hop"), "There is no test hop"),
        (Chosen("stance"), "has no stance None"),
        (Chosen("tug", stance="tandem_left"), "leave it out"),
        (Chosen("tug", course_length_m=5.0), "3 or 7 m"),
        (Chosen("6mwt", course_length_m=2.0), "5 to 200 m"),
        (Chosen("chair_stand_30s", course_length_m=3.0), "has no course"),
        (Chosen("stance", stance="eyes_closed", hold_s=20.0), "30 or 10 s"),
        (Chosen("tug", hold_s=10.0), "not held"),
        (Chosen("chair_stand_30s", variant="sppb"), "no variant sppb"),
        (Chosen("tug", variants={"shoe_size": 42}), "does not ask for shoe_size"),
        (Chosen("tug", variants={"walking_aid": "skates"}), "cannot be used"),
        (Chosen("tug", variants={"chair_height_cm": True}), "cannot be used"),
        (Chosen("tug", variants={"arms_used": "yes"}), "cannot be used"),
        (Chosen("tug", variants={"context": "x" * 501}), "cannot be used"),
    ],
)
def test_what_is_not_offered_is_refused_in_words(wish: Chosen, complaint: str) -> None:
    with pytest.raises(ChoiceError, match=complaint):
        checked(wish)


def test_a_variant_that_is_measured_otherwise_is_taken_from_either_place_and_is_in_both() -> None:
    stated = checked(Chosen("chair_stand_5x", variant="sppb"))
    assert (stated.variant, stated.variants) == ("sppb", {"variant": "sppb"})
    assert checked(Chosen("10mwt", variant="run_in")).variant == "run_in"
    with pytest.raises(ChoiceError, match="no variant run_in"):
        checked(Chosen("t25fw", variant="run_in"))
    assert checked(Chosen("chair_stand_5x", variants={"variant": "sppb"})).variant == "sppb"
    assert checked(Chosen("chair_stand_5x", variants={"variant": "standard"})).variant is None


def test_answers_are_kept_where_they_answer_what_was_asked() -> None:
    walk = BY_ID["6mwt"]
    assert answered({"borg_dyspnoea": 3, "borg_fatigue": None}, walk, before=True) == {"borg_dyspnoea": 3}
    assert answered({"dizziness": True, "pain": 0}, walk, before=False) == {"dizziness": True, "pain": 0}
    for wrong in ({"dizziness": 1}, {"pain": 11}, {"pain": True}, {"mood": 3}):
        with pytest.raises(ChoiceError):
            answered(wrong, walk, before=False)
    with pytest.raises(ChoiceError, match="before the test"):
        answered({"pain": 3}, walk, before=True)
