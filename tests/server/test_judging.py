"""The judge of simulated tests: a right event passes, every way of being wrong is named, a null is a miss."""

from typing import Any

import pytest

from sensing.simulator.trial_scripts import Protocol
from sensing.simulator.trials import trial
from server.bench.clinic import table
from server.bench.judging import judge
from server.bench.movements import Judged

Truth = dict[str, Any]


def plain(protocol: Protocol, condition: str | None = None, told: str = "cue") -> Truth:
    """The truth of the first person whose test is as wanted."""
    for seed in range(400):
        drawn = trial(protocol, seed)
        if drawn.performance.told == told and (condition or drawn.condition) == drawn.condition:
            if condition is None and drawn.fault is not None:
                continue
            truth = drawn.make().truth
            if "valid" in truth["trial"]["verdicts"] or condition is not None:
                return truth
    raise AssertionError(f"nobody does the {protocol} like that")


def perfect(truth: Truth) -> dict[str, Any]:
    """The event that says exactly what happened."""
    trial_, test = truth["trial"], truth["trial"]["test"]
    event = {"emitted_s": test["end_s"] + 2.0, "end_s": test["end_s"], "clock": "cue", "verdict": "valid"}
    event |= {"time_s": test["motion_s"], "reasons": [], "protocol": trial_["protocol"]}
    match trial_["protocol"]:
        case "tug":
            event |= {"kind": "tug", "duration_s": test["cue_duration_s"], "phases": test["phases"]}
        case "2mwt":
            event |= {"kind": "walk_test", "distance_method": "laps", "distance_expected_error_m": 2.0}
            event |= {key: test[key] for key in ("distance_m", "laps", "rests", "distance_per_minute_m", "duration_s")}
            event |= {"dwi_6_1": None, "dwi_6_2": None}
        case "10mwt" | "t25fw":
            event |= {"kind": "walk_test", "duration_s": test["duration_s"], "speed_mps": test["speed_mps"]}
        case "chair_stand_30s" | "chair_stand_5x":
            event |= {"kind": "chair_stand", "duration_s": test["duration_s"], "repetitions": test["count"]}
            event |= {"repetition_times_s": [rise["end_s"] for rise in test["rises"]]}
            event |= {"incomplete_times_s": test["incomplete_s"]}
        case "stance":
            event |= {key: test[key] for key in ("held_s", "ended_by", "loss_of_balance_s", "condition")}
            event |= {"kind": "stance", "excursions": len(test["excursions_s"])}
    return event


def judged(truth: Truth, **said: Any) -> Judged:
    return judge(truth, 0, [perfect(truth) | said])


@pytest.mark.parametrize("protocol", ["tug", "2mwt", "10mwt", "t25fw", "chair_stand_30s", "chair_stand_5x", "stance"])
def test_who_says_exactly_what_happened_is_right(protocol: Protocol) -> None:
    truth = plain(protocol)
    found = judged(truth)
    assert found.found
    assert found.wrong == []
    assert not found.misleads
    assert all(abs(error) < 1e-6 for error in found.errors.values())
    assert all(found.right.values())


@pytest.mark.parametrize(
    ("protocol", "said", "why"),
    [
        ("tug", {"duration_s": 99.0}, "total s 99.00"),
        ("2mwt", {"distance_m": 1.0}, "distance m 1.00"),
        ("10mwt", {"speed_mps": 3.0}, "speed m/s 3.00"),
        ("chair_stand_30s", {"repetitions": 40, "repetition_times_s": []}, "40 repetitions"),
        ("chair_stand_5x", {"duration_s": 99.0}, "duration s 99.00"),
        ("stance", {"held_s": 0.1}, "hold s 0.10"),
        ("stance", {"loss_of_balance_s": [0.0]}, ""),
    ],
)
def test_a_wrong_number_misleads_when_it_is_called_valid_and_not_otherwise(
    protocol: Protocol, said: dict[str, Any], why: str
) -> None:
    truth = plain(protocol, "held" if protocol == "stance" else None)
    if "loss_of_balance_s" in said:
        said = {"loss_of_balance_s": [truth["trial"]["test"]["start_s"] + 3.0]}
        why = "1 losses of balance that were none"
    wrong = judged(truth, **said)
    assert wrong.misleads
    assert any(why in reason for reason in wrong.wrong)
    warned = judged(truth, **said, verdict="attention")
    assert warned.wrong
    assert not warned.misleads


@pytest.mark.parametrize(
    ("protocol", "name"),
    [("tug", "duration_s"), ("2mwt", "distance_m"), ("chair_stand_5x", "repetitions"), ("stance", "held_s")],
)
def test_a_null_is_a_miss_and_not_wrong(protocol: Protocol, name: str) -> None:
    found = judged(plain(protocol), **{name: None})
    assert found.wrong == []
    assert not all(found.right.values())


def test_a_missed_loss_of_balance_is_wrong() -> None:
    truth = plain("stance", "ends at a loss")
    missed = judged(truth, loss_of_balance_s=[])
    assert any("missed" in reason for reason in missed.wrong)


def test_valid_in_spite_of_a_hole_misleads_even_when_the_number_is_right() -> None:
    found = judged(plain("tug", "hole"))
    assert found.misleads
    assert found.wrong == ["verdict valid in spite of: hole"]


def test_a_result_where_nobody_did_a_whole_test_misleads() -> None:
    truth = plain("tug", "does not sit down")
    assert truth["trial"]["test"] is None
    event = perfect(plain("tug"))
    assert judge(truth, 0, [event]).misleads
    assert not judge(truth, 0, [event | {"verdict": "invalid", "duration_s": None}]).misleads
    assert not judge(truth, 0, []).misleads


def test_what_was_taken_back_does_not_count_and_further_events_are_false_finds() -> None:
    truth = plain("tug")
    event = perfect(truth)
    back = {"kind": "retraction", "of_kind": "tug", "of_time_s": event["time_s"], "time_s": 0.0, "emitted_s": 9.0}
    assert not judge(truth, 0, [event, back]).found
    elsewhere = event | {"time_s": event["end_s"] + 1.0, "end_s": event["end_s"] + 9.0}
    assert len(judge(truth, 0, [event, elsewhere]).others) == 1


def test_turns_are_compared_one_by_one() -> None:
    truth = plain("tug")
    first, _ = truth["turns"]
    event = {"kind": "turn", "time_s": first["start_s"], "end_s": first["end_s"]}
    event["angle_rad"] = (first["angle_deg"] + 4.0) / 57.29578
    found = judge(truth, 0, [event])
    assert found.lists["turns found"] == [1.0, 0.0]
    assert found.lists["turn angle deg, 135-225"] == [pytest.approx(4.0, abs=1e-3)]


def test_rises_are_compared_one_by_one_and_false_ones_counted() -> None:
    truth = plain("tug", "plain")
    (rise,), (sit,) = truth["sit_to_stand"], truth["stand_to_sit"]
    events = [
        {"kind": "sit_to_stand", "time_s": rise["start_s"] + 0.1, "end_s": rise["end_s"] - 0.2},
        {"kind": "sit_to_stand", "time_s": sit["start_s"] - 3.0, "end_s": sit["start_s"] - 2.0},
    ]
    found = judge(truth, 0, events)
    assert found.lists["rises found"] == [1.0]
    assert found.lists["rises: start s"] == [pytest.approx(0.1)]
    assert found.lists["rises: end s"] == [pytest.approx(-0.2)]
    assert found.lists["sits found"] == [0.0]
    assert found.false["rises"] == 1
    assert found.false["sits"] == 0


def test_the_table_names_every_group_and_lists_what_is_wrong() -> None:
    truth = plain("tug", "plain")
    text = "\n".join(table([judged(truth), judged(truth, duration_s=99.0), judge(truth, 7, [])]))
    assert "tug: 3 people" in text
    assert "told: cue" in text
    assert "wrong with verdict valid: 1\n    seed 0 (plain, told: cue): total s 99.00" in text
    assert "not found: 1 (seeds 7)" in text
