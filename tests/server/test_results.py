"""The card of a finished test: the number, what it is compared with, and no number where none may be believed."""

from typing import Any

import pytest

from dsp.prompt import PROTOCOLS
from server.clinic.results import result_card
from server.clinic.values import SHOWN

PERSON = {"age_years": 72.0, "sex": "female", "height_m": 1.62, "condition": "ms"}


def run(number: int = 1, day: int = 1, protocol: str = "tug", **event: Any) -> dict[str, Any]:
    fields = {"prompted": True, "clock": "cue", "verdict": "valid", "reasons": []} | event
    return {
        "id": str(number),
        "protocol": protocol,
        "position": "lower_back",
        "stance": None,
        "course_length_m": 3.0,
        "hold_s": None,
        "variant": None,
        "variants": {},
        "created_at": f"2026-11-{day:02d}T10:0{number % 10}:00+00:00",
        "invalidated": None,
        "event": fields,
    }


def tug(number: int, day: int, duration_s: float, **more: Any) -> dict[str, Any]:
    return run(
        number, day, duration_s=duration_s, cue_duration_s=duration_s, motion_duration_s=duration_s - 0.5, **more
    )


def card(*args: Any) -> dict[str, Any]:
    made = result_card(*args)
    assert made is not None
    return made


def test_every_protocol_has_a_name_a_unit_and_a_field() -> None:
    assert set(SHOWN) == set(PROTOCOLS)


def test_a_valid_test_shows_its_value_its_clock_its_reference_and_its_change() -> None:
    made = card(tug(2, 8, 12.44), PERSON, [tug(1, 1, 13.0)])
    assert made["value_text"] == "12.4 s"
    assert made["title"] == "Timed Up and Go, 3 m"
    assert "word go" in made["clock_text"]
    assert made["reference"]["high"] == 10.2
    assert made["change"]["zone"] == "noise"
    assert made["last"]["value_text"] == "13.0 s"
    assert made["plain_text"] == "12.4 seconds. Last time 13.0 seconds: about the same."
    assert [entry["id"] for entry in made["history"]] == ["1", "2"]


def test_an_invalid_test_shows_no_number_anywhere() -> None:
    made = card(tug(2, 8, 12.4, verdict="invalid", reasons=["The turn was not found."]), PERSON, [tug(1, 1, 13.0)])
    assert (made["value"], made["value_text"], made["change"], made["figures"]) == (None, "–", None, [])
    assert made["history"][-1]["value"] is None
    assert "no result" in made["plain_text"]
    assert made["reasons"] == ["The turn was not found."]


def test_a_run_that_somebody_marked_invalid_is_kept_without_its_number() -> None:
    marked = tug(2, 8, 12.4) | {"invalidated": {"at": "2026-11-08", "reason": "held on to me"}}
    made = card(marked, PERSON, [])
    assert made["value"] is None
    assert made["verdict"] == "invalid"
    assert made["reasons"] == ["Marked as not valid: held on to me"]


def test_the_last_valid_test_is_compared_with_and_not_an_invalid_one() -> None:
    earlier = [tug(1, 1, 13.0), tug(2, 2, 40.0, verdict="invalid"), tug(3, 3, 13.5) | {"course_length_m": 7.0}]
    assert card(tug(4, 4, 12.0), PERSON, earlier)["last"]["id"] == "1"


def test_times_from_the_cue_and_from_the_first_movement_are_not_mixed() -> None:
    found = run(2, 8, duration_s=12.0, cue_duration_s=None, motion_duration_s=12.0, clock="motion", prompted=False)
    made = card(found, PERSON, [tug(1, 1, 13.0)])
    assert made["change"]["difference"] == pytest.approx(12.0 - 12.5)
    walk = run(4, 8, "t25fw", duration_s=6.0, clock="motion")
    assert card(walk, PERSON, [run(3, 1, "t25fw", duration_s=6.0)])["change"] is None


def test_another_aid_is_said_beside_the_change() -> None:
    with_cane = tug(2, 8, 12.0) | {"variants": {"walking_aid": "cane"}}
    assert "walking aid" in card(with_cane, PERSON, [tug(1, 1, 13.0)])["change"]["text"]


def test_trials_of_one_day_are_averaged_with_their_spread() -> None:
    trials = [run(n, 5, "stance", held_s=held_s) | {"stance": "tandem_left"} for n, held_s in ((1, 20.0), (2, 30.0))]
    made = card(trials[1], PERSON, trials[:1])
    assert made["trials"]["text"] == "2 trials today: 25.0 s on average, from 20.0 to 30.0 s"
    assert card(trials[0], PERSON, [])["trials"] is None


def test_a_distance_by_step_length_says_that_it_is_an_estimate() -> None:
    walk = run(1, 1, "6mwt", distance_m=402.3, distance_method="steps", distance_expected_error_m=28.0)
    made = card(walk | {"course_length_m": None}, PERSON, [])
    assert made["value_text"] == "402 m"
    assert "estimate" in made["method_text"]
    assert "28 m" in made["method_text"]
    assert made["reference"] is None


def test_a_timed_walk_says_how_its_line_was_found_and_an_index_why_it_is_missing() -> None:
    made = card(run(1, 1, "10mwt", speed_mps=1.104, end_seen_by="stop"), PERSON, [])
    assert made["value_text"] == "1.10 m/s"
    assert "two steps before the stop" in made["method_text"]
    six = run(2, 1, "6mwt", distance_m=400.0, dwi_reasons=["A rest lies in minute 6."])
    assert card(six, PERSON, [])["reasons"] == ["A rest lies in minute 6."]


def test_phases_and_figures_are_named_with_their_units() -> None:
    phases = [{"name": "turn_1", "start_s": 5.0, "end_s": 6.5}, {"name": "walk_back", "start_s": None, "end_s": None}]
    made = card(tug(1, 1, 12.0, phases=phases, turn_1_angle_rad=-3.1, steps=14), PERSON, [])
    assert made["parts"][0] == {
        "name": "turn_1",
        "label": "Turning round",
        "start_s": 5.0,
        "end_s": 6.5,
        "duration_s": 1.5,
    }
    assert made["parts"][1]["duration_s"] is None
    assert {figure["label"]: figure["text"] for figure in made["figures"]}["Angle of the turn"] == "178°"


def test_an_unfinished_or_broken_off_run_has_no_card() -> None:
    assert result_card(tug(1, 1, 12.0) | {"event": None}, PERSON, []) is None


@pytest.mark.parametrize("sex", ["female", "F", "Frau", "w", "woman"])
def test_a_woman_is_understood_however_it_was_written(sex: str) -> None:
    made = card(run(1, 1, "chair_stand_30s", repetitions=12), PERSON | {"sex": sex}, [])
    assert made["reference"]["low"] == 10
