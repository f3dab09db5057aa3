"""The people who evaluate the tests of the clinic: reproducible, over the whole range, with exact truth."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.simulator.trial_scripts import PROTOCOLS, Protocol
from sensing.simulator.trials import FAULTS, trial

SEEDS = range(200)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_two_hundred_people_cover_the_range_that_is_asked_for(protocol: Protocol) -> None:
    drawn = [trial(protocol, seed) for seed in SEEDS]
    speeds = [t.person.preferred_speed_mps for t in drawn]
    assert min(speeds) < 0.3
    assert max(speeds) > 1.7
    assert max(abs(t.person.asymmetry) for t in drawn) > 0.25
    assert max(t.person.tremor_mps2 for t in drawn) > 0.12
    assert max(t.mounting.pitch_deg for t in drawn) > 22.0
    assert {t.sensor.rate_hz for t in drawn} == {52.0, 104.0}
    assert 60 < sum(t.sensor.loss is not None for t in drawn) < 140
    assert 80 < sum(t.height_known for t in drawn) < 160
    assert {t.fault for t in drawn} == {None, *FAULTS}
    assert len({t.condition for t in drawn if t.fault is None}) >= 3
    assert "cue" in {t.performance.told for t in drawn}
    assert len({t.performance.told for t in drawn}) >= 2
    if protocol in ("6mwt", "2mwt"):
        assert {t.performance.course_length_m for t in drawn} == {10.0, 15.0, 20.0, 30.0}
        assert not all(t.performance.course_told for t in drawn)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([p for p in PROTOCOLS if p != "6mwt"]), st.integers(0, 100_000))
def test_whoever_it_is_the_truth_is_whole_and_in_order(protocol: Protocol, seed: int) -> None:
    drawn = trial(protocol, seed)
    made = drawn.make()
    told = made.truth["trial"]
    test = told["test"]
    assert told["protocol"] == protocol
    assert (test is None) == (not drawn.performance.done)
    assert set(told["verdicts"]) <= {"valid", "attention", "invalid"}
    prompts = made.facts.get("tests", [])
    assert bool(prompts) == (drawn.performance.told != "nothing")
    assert made.facts.get("test") == (protocol if prompts else None)
    assert made.recording("x").facts.position == "lower_back"
    if prompts and drawn.performance.told == "cue":
        assert prompts[0]["cue_s"] == made.facts["cue_s"]
    if test is None:
        return
    assert 0.0 < test["start_s"] <= test["motion_s"] < test["end_s"] < made.time_s[-1]
    if drawn.performance.told == "cue":
        assert prompts[0]["cue_s"] == test["start_s"]
    if protocol == "tug":
        assert [phase["name"] for phase in test["phases"]][::5] == ["sit_to_stand", "stand_to_sit"]
        assert all(a["end_s"] <= b["end_s"] for a, b in itertools.pairwise(test["phases"]))
        assert test["phases"][-1]["end_s"] == test["end_s"]
    elif protocol == "2mwt":
        assert test["distance_m"] == pytest.approx(
            test["laps"] * test["course_length_m"] + test["last_part_m"], abs=0.01
        )
        assert all(rest["start_s"] < rest["end_s"] <= test["end_s"] for rest in test["rests"])
    elif protocol in ("10mwt", "t25fw"):
        assert 0.1 < test["speed_mps"] < 2.2
    elif protocol == "stance":
        assert 0.0 < test["held_s"] <= test["hold_s"]
        assert test["end_s"] == pytest.approx(test["start_s"] + test["held_s"])
    else:
        assert test["count"] == len(test["rises"]) >= 1
        assert test["count"] == 5 or protocol == "chair_stand_30s"


@pytest.mark.parametrize("protocol", ["tug", "stance"])
def test_the_same_seed_is_the_same_recording_and_another_one_is_not(protocol: Protocol) -> None:
    one, same, other = (trial(protocol, seed).make() for seed in (4, 4, 5))
    assert np.array_equal(one.acc_mps2, same.acc_mps2)
    assert one.facts == same.facts
    assert one.truth == same.truth
    assert one.facts["seed"] != other.facts["seed"]
    assert one.acc_mps2.shape != other.acc_mps2.shape or not np.array_equal(one.acc_mps2, other.acc_mps2)


@pytest.mark.parametrize("fault", ["slips", "many lost", "hole"])
@pytest.mark.parametrize("protocol", ["tug", "chair_stand_30s", "stance"])
def test_what_happens_to_the_sensor_makes_a_test_invalid_or_doubtful(protocol: Protocol, fault: str) -> None:
    spoilt = [t for t in (trial(protocol, seed) for seed in SEEDS) if t.fault == fault and t.performance.done]
    verdicts = [made.truth["trial"]["verdicts"] for made in (t.make() for t in spoilt[:3])]
    assert verdicts
    assert all("valid" not in allowed for allowed in verdicts)
    assert ["invalid"] in verdicts


def test_who_breaks_off_has_done_no_test_and_the_operator_says_so() -> None:
    aborted = [t for t in (trial("stance", seed) for seed in SEEDS) if t.fault == "aborted"]
    for drawn in aborted:
        made = drawn.make()
        assert made.truth["trial"]["test"] is None
        prompts = made.facts.get("tests", [])
        assert [bool(p.get("aborted")) for p in prompts] in ([], [False, True])
    assert any("tests" in t.make().facts for t in aborted)


def test_a_protocol_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="'sixmwt' is not known"):
        trial("sixmwt", 0)  # type: ignore[arg-type]


def test_turns_of_every_size_are_among_the_turns() -> None:
    turns = [turn for seed in range(40) for turn in trial("turns", seed).make().truth["turns"]]
    sizes = [abs(turn["angle_deg"]) for turn in turns]
    assert min(sizes) < 60.0
    assert max(sizes) > 340.0
    assert {turn["side"] for turn in turns} == {"left", "right"}
    assert {turn["parts"] for turn in turns} == {1, 2, 3}


def test_an_everyday_has_rises_and_walks_but_no_test() -> None:
    for seed in range(12):
        made = trial("everyday", seed).make()
        assert made.truth["trial"]["test"] is None
        assert "test" not in made.facts
        assert len(made.truth["sit_to_stand"]) == len(made.truth["stand_to_sit"])
        assert made.truth["step_count"] > 30
        turned = sum(turn["angle_deg"] for turn in made.truth["turns"])
        assert turned > 150.0, "never back the way that one came"
