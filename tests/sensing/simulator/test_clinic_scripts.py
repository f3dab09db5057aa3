"""The tests of the clinic as people really do them: a corridor has its length, a failed rise fails, truth is exact."""

import itertools

import numpy as np
import pytest

from sensing.simulator import (
    PERFECT,
    Corridor,
    Cue,
    FalseStart,
    Mounting,
    Person,
    Rest,
    RiseAttempt,
    Sensor,
    Sit,
    Stand,
    TandemStance,
    Tug,
    Turn,
    Walk,
    simulate,
)
from sensing.simulator.perform import perform
from tests.sensing.simulator.measures import Array, body

STILL = Person(sway_ap_mps2=0.0, sway_ml_mps2=0.0)
SHORT = {"protocol": "2mwt", "limit_s": 120.0}


def ahead(script: list, person: Person, seed: int) -> tuple[Array, Array]:
    """Contacts, and where the feet then are along the direction in which the walk began, in metres."""
    feet = perform(script, person, seed).section.footfalls
    return np.array([f.contact_s for f in feet]), np.cumsum([f.length_m * np.cos(f.heading_rad) for f in feet])


@pytest.mark.parametrize("length_m", [10.0, 15.0, 20.0, 30.0])
@pytest.mark.parametrize("speed_mps", [0.4, 1.1, 1.8])
def test_a_corridor_is_as_long_as_it_is(length_m: float, speed_mps: float) -> None:
    script = [Corridor("2mwt", length_m, 120.0, speed_mps=speed_mps), Stand(2.0)]
    truth = simulate(script, Person.drawn(3), sensor=PERFECT, seed=2).truth["walk_test"]
    contacts, along = ahead(script, Person.drawn(3), 2)
    cones = truth["cone_s"]
    assert len(cones) == truth["laps"] >= 1
    for number, cone in enumerate(cones):
        there = length_m if number % 2 == 0 else 0.0
        assert np.interp(cone, contacts, along) == pytest.approx(there, abs=0.6 + 0.03 * number)
    assert along.max() < length_m + 1.0


def test_the_distance_is_the_lengths_and_where_one_is_as_the_clock_stops() -> None:
    s = simulate([Corridor(**SHORT, length_m=20.0, walks_on_s=9.0), Stand(3.0)], Person.drawn(5), sensor=PERFECT)
    truth = s.truth["walk_test"]
    assert truth["end_s"] - truth["cue_s"] == 120.0
    assert truth["distance_m"] == pytest.approx(truth["laps"] * 20.0 + truth["last_part_m"], abs=1e-3)
    assert sum(truth["distance_per_minute_m"]) == pytest.approx(truth["distance_m"], abs=1e-3)
    assert 0.0 <= truth["last_part_m"] <= 20.0
    after = [c for c in s.truth["contacts_left_s"] + s.truth["contacts_right_s"] if c > truth["end_s"] + 2.0]
    assert len(after) > 5, "she walks on after the clock has stopped"


def test_the_turns_of_a_corridor_go_left_and_right_by_turns_and_some_hesitate() -> None:
    script = [Corridor(**SHORT, length_m=10.0, hesitant_every=2, hesitating=Turn(180.0, 3.0, 2, 0.5)), Stand(2.0)]
    turns = simulate(script, Person.drawn(5), sensor=PERFECT).truth["turns"]
    assert len(turns) >= 6
    assert all(a["side"] != b["side"] for a, b in itertools.pairwise(turns))
    assert [turn["parts"] for turn in turns[:4]] == [1, 3, 1, 3]
    assert all(abs(turn["angle_deg"]) == pytest.approx(180.0) for turn in turns)


@pytest.mark.parametrize(
    "rest", [Rest(30.0, 15.0), Rest(30.0, 20.0, seated=True), Rest(30.0, 20.0, seated=True, aside=True)]
)
def test_nobody_steps_in_a_rest_and_it_lasts_as_long_as_told(rest: Rest) -> None:
    s = simulate([Corridor(**SHORT, length_m=15.0, rests=(rest,)), Stand(2.0)], Person.drawn(6), sensor=PERFECT)
    (found,) = s.truth["walk_test"]["rests"]
    assert found["start_s"] == pytest.approx(5.0 + 30.0, abs=12.0)
    assert found["end_s"] - found["start_s"] == pytest.approx(rest.duration_s, abs=2.5)
    contacts = s.truth["contacts_left_s"] + s.truth["contacts_right_s"]
    assert not [c for c in contacts if found["start_s"] + 0.01 < c < found["end_s"] - 0.01]
    sat = s.truth["sit_to_stand"] + s.truth["stand_to_sit"]
    assert len(sat) == (2 if rest.seated else 0)
    assert all(found["start_s"] <= one["start_s"] and one["end_s"] <= found["end_s"] for one in sat)


def test_who_tires_walks_less_in_the_sixth_minute_by_the_share_asked_for() -> None:
    person = Person(step_length_cv=0.0, stride_time_cv=0.0)
    script = [Corridor(length_m=30.0, fatigue=-0.3, turn=Turn(180.0, 1.0)), Stand(2.0)]
    truth = simulate(script, person, sensor=PERFECT).truth["walk_test"]
    assert truth["dwi_6_1"] == pytest.approx(-30.0, abs=7.0)
    assert truth["dwi_6_2"] > truth["dwi_6_1"]


def test_a_failed_rise_goes_up_by_its_share_and_down_again() -> None:
    s = simulate(
        [Sit(1.0), RiseAttempt(2.0, 0.4, 0.5, flexion_deg=0.001, impact_g=1.0), Sit(1.0)], STILL, sensor=PERFECT
    )
    speed = np.cumsum(body(s)[0][:, 0]) / 104.0
    height = np.cumsum(speed) / 104.0
    assert height.max() == pytest.approx(0.2, abs=0.02)
    assert height[-1] == pytest.approx(0.0, abs=0.03)
    assert s.truth["sit_to_stand"] == []
    assert s.truth["negatives"]["rise_attempts"] == [{"start_s": 1.0, "end_s": 3.0, "rise_m": 0.2}]


def test_a_false_start_leans_without_rising() -> None:
    s = simulate([Sit(1.0), FalseStart(1.5, 18.0), Sit(1.0)], STILL, sensor=PERFECT)
    assert np.degrees(np.cumsum(body(s)[1][:, 1]) / 104.0).max() == pytest.approx(18.0, abs=0.5)
    thigh = simulate([Sit(1.0), FalseStart(1.5, 18.0), Sit(1.0)], STILL, "thigh", sensor=PERFECT)
    assert np.abs(thigh.acc_mps2[:, 0]).max() < 1.0, "the thigh stays level"
    assert s.truth["negatives"]["false_starts"] == [{"start_s": 1.0, "end_s": 2.5}]


@pytest.mark.parametrize("length_m", [3.0, 7.0])
@pytest.mark.parametrize("stop_s", [0.0, 2.5])
def test_a_timed_up_and_go_goes_out_and_comes_back_whatever_stops_there_are(length_m: float, stop_s: float) -> None:
    script = [Tug(length_m, stop_s=stop_s, speed_mps=1.0)]
    _, along = ahead(script, Person.drawn(8), 4)
    assert along.max() == pytest.approx(length_m, abs=0.5)
    assert along[-1] == pytest.approx(0.0, abs=0.6)


def test_failed_rises_come_between_the_cue_and_the_rise() -> None:
    s = simulate([Tug(failed_rises=2)], Person.drawn(8), sensor=PERFECT)
    tug, tries = s.truth["tug"], s.truth["negatives"]["rise_attempts"]
    assert len(tries) == 2
    assert tug["cue_s"] < tug["start_s"] == tries[0]["start_s"] < tries[1]["end_s"] < tug["rise_start_s"]
    assert s.truth["sit_to_stand"][0]["start_s"] == tug["rise_start_s"]
    assert tug["phases"][0]["end_s"] == s.truth["sit_to_stand"][0]["end_s"]


def test_a_cue_takes_no_time_and_moves_nobody() -> None:
    script = [Stand(2.0), Walk((4.0,)), Stand(2.0)]
    without = simulate(script, sensor=PERFECT, seed=1)
    at = without.truth["walking_bouts"][0]["start_s"]
    late = simulate([*script, Cue()], sensor=PERFECT, seed=1)
    assert np.array_equal(without.acc_mps2, late.acc_mps2)
    assert late.truth["cues_s"][0] > at


def test_a_stance_knows_its_excursions_and_the_cue_within_it() -> None:
    stance = TandemStance(20.0, excursions_s=(8.0, 14.0), cue_after_s=2.0)
    s = simulate([Stand(3.0), stance, Stand(1.0)], STILL, sensor=PERFECT, seed=2)
    (truth,) = s.truth["stances"]
    assert truth["excursions_s"] == [11.0, 17.0]
    assert truth["loss_of_balance_s"] == []
    assert s.truth["cues_s"] == [5.0]
    roll = np.degrees(np.cumsum(body(s)[1][:, 2]) / 104.0)
    leant = np.abs(roll - np.median(roll)) > 2.0
    inside = [(s.time_s >= moment) & (s.time_s <= moment + 1.4) for moment in truth["excursions_s"]]
    assert all(leant[part].any() for part in inside)
    assert not leant[(s.time_s > 4.0) & (s.time_s < 10.5)].any()


def test_a_slip_in_the_middle_turns_the_sensor_and_a_hole_has_nothing_in_it() -> None:
    script = [Stand(10.0)]
    slipped = simulate(script, STILL, sensor=PERFECT, mounting=Mounting(slips=((5.0, 38.0, 0.6),)))
    tilt = np.degrees(np.arctan2(-slipped.acc_mps2[:, 2], slipped.acc_mps2[:, 0]))
    assert abs(tilt[-1] - tilt[0]) == pytest.approx(38.0, abs=0.3)
    assert np.abs(tilt[slipped.time_s < 4.9] - tilt[0]).max() < 0.5
    holed = simulate(script, STILL, sensor=Sensor(holes_s=((4.0, 2.0),)))
    steps = np.diff(holed.time_s)
    assert steps.max() == pytest.approx(2.0, abs=0.03)
    assert np.sum(steps > 0.02) == 1
