"""Rising, sitting down, swaying and falling have the peaks that their models and sources state (simulator.md §3–§6)."""

import numpy as np
import pytest

from sensing.simulator import (
    PERFECT,
    Bend,
    Cough,
    Fall,
    Person,
    Sensor,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    TandemStance,
    Tap,
    Tug,
    Walk,
    Work,
    simulate,
)
from tests.sensing.simulator.measures import body, sway

STILL = Person(sway_ap_mps2=0.0, sway_ml_mps2=0.0)
G = 9.80665


def test_a_rise_is_minimum_jerk() -> None:
    rise_s = 0.64 * 2.0
    s = simulate([Sit(1.0), SitToStand(2.0, 0.35, flexion_deg=0.001), Stand(1.0)], STILL, sensor=PERFECT)
    vertical = body(s)[0][:, 0]
    speed = np.cumsum(vertical) / 104.0
    assert vertical.max() == pytest.approx(5.77 * 0.35 / rise_s**2, rel=0.03)
    assert speed.max() == pytest.approx(1.875 * 0.35 / rise_s, rel=0.04)
    assert np.cumsum(speed)[-1] / 104.0 == pytest.approx(0.35, abs=0.03)
    truth = s.truth["sit_to_stand"][0]
    assert (truth["start_s"], truth["end_s"]) == (1.0, 3.0)


def test_the_trunk_leans_forward_and_back_with_the_rates_of_real_people() -> None:
    s = simulate([Sit(1.0), SitToStand(2.0), Stand(1.0)], STILL, sensor=PERFECT)
    pitch_rate = np.rad2deg(body(s)[1][:, 1])
    assert 60.0 <= pitch_rate.max() <= 120.0
    assert -90.0 <= pitch_rate.min() <= -40.0
    seat_off = s.truth["sit_to_stand"][0]["seat_off_s"]
    lean = np.cumsum(pitch_rate) / 104.0
    assert s.time_s[np.argmax(lean)] == pytest.approx(seat_off, abs=0.06)
    assert lean.max() == pytest.approx(35.0, abs=0.5)
    assert lean[-1] == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize("impact_g", [1.2, 2.0, 3.0])
def test_sitting_down_ends_in_a_bump_of_the_size_asked_for(impact_g: float) -> None:
    script = [Stand(1.0), StandToSit(2.2, impact_g=impact_g), Sit(1.0)]
    s = simulate(script, STILL, sensor=Sensor(rate_hz=500.0, bandwidth_hz=240.0))
    seat_on = s.truth["stand_to_sit"][0]["seat_on_s"]
    near = np.abs(s.time_s - seat_on - 0.03) < 0.06
    norm = np.linalg.norm(s.acc_mps2, axis=1)
    assert norm[near].max() == pytest.approx(impact_g * G, rel=0.15)


def test_sway_has_the_size_and_the_spectrum_of_its_model() -> None:
    found = []
    for seed in range(8):
        s = simulate([Stand(30.0)], Person(sway_ap_mps2=0.06, sway_ml_mps2=0.04), sensor=PERFECT, seed=seed)
        acc = body(s)[0]
        found.append([sway(acc[:, axis], 104.0) for axis in (1, 2)])
    ml, ap = ([float(np.mean([f[axis].rms for f in found]))] for axis in (0, 1))
    assert ap[0] == pytest.approx(0.06, rel=0.2)
    assert ml[0] == pytest.approx(0.04, rel=0.2)
    for name, value, tolerance in (("f50_hz", 0.9, 0.2), ("f95_hz", 2.6, 0.25), ("centroidal_hz", 1.33, 0.15)):
        assert np.mean([getattr(m, name) for f in found for m in f]) == pytest.approx(value, abs=tolerance)
    assert np.mean([m.dispersion for f in found for m in f]) == pytest.approx(0.585, abs=0.06)


def test_tandem_stance_sways_more_across_and_the_truth_knows_the_loss_of_balance() -> None:
    stance = TandemStance(25.0, loss_of_balance_s=(20.0,))
    s = simulate([Stand(4.0), stance, Stand(2.0)], Person(), sensor=PERFECT, seed=3)
    acc = body(s)[0]
    held = (s.time_s > 5.0) & (s.time_s < 23.0)
    assert 0.07 <= sway(acc[held, 1], 104.0).rms <= 0.2  # 8–15 mg and the corrections
    assert 0.05 <= sway(acc[held, 2], 104.0).rms <= 0.12
    truth = s.truth["stances"][0]
    assert truth["loss_of_balance_s"] == [24.0]
    assert (truth["start_s"], truth["end_s"], truth["held_s"]) == (4.0, 24.0, 20.0)
    lost = (s.time_s > 23.5) & (s.time_s < 25.0)
    assert np.abs(acc[lost, 1]).max() > 4 * np.abs(acc[held, 1]).std()
    assert s.facts["test"] == "stance"
    assert s.facts["stance"] == "tandem_left"


@pytest.mark.parametrize("direction", ["forward", "backward", "left", "right"])
def test_a_fall_drops_strikes_and_rests_as_falls_do(direction: str) -> None:
    fast = Sensor(rate_hz=500.0, bandwidth_hz=240.0, acc_range_mps2=16 * G)
    s = simulate([Stand(2.0), Fall(direction, lying_s=20.0)], Person(), sensor=fast, seed=4)
    truth = s.truth["falls"][0]
    norm = np.linalg.norm(s.acc_mps2, axis=1) / G
    falling = (s.time_s > truth["impact_s"] - 0.2) & (s.time_s < truth["impact_s"] - 0.02)
    assert 0.1 <= norm[falling].mean() <= 0.8
    strike = (s.time_s >= truth["impact_s"]) & (s.time_s < truth["impact_s"] + 0.1)
    assert 3.4 <= norm[strike].max() <= 11.4
    assert s.time_s[np.argmax(norm)] == pytest.approx(truth["impact_s"] + 0.03, abs=0.02)
    resting = s.acc_mps2[(s.time_s > truth["rest_s"] + 1.0) & (s.time_s < truth["end_s"] - 0.5)]
    assert np.linalg.norm(resting, axis=1).std() < 0.03 * G
    before, after = s.acc_mps2[s.time_s < 1.5].mean(axis=0), resting.mean(axis=0)
    change = np.degrees(np.arccos(before @ after / np.linalg.norm(before) / np.linalg.norm(after)))
    assert 60.0 <= change <= 100.0
    assert s.truth["impact_s"] == truth["impact_s"]
    assert s.truth["is_fall"] is True


def test_a_soft_fall_may_stay_below_the_usual_thresholds_and_a_narrow_sensor_halves_the_peak() -> None:
    soft = Fall(impact_mps=0.8, contact_s=0.15, rebounds=1, lying_s=2.0)
    wide = Sensor(rate_hz=500.0, bandwidth_hz=240.0, acc_range_mps2=16 * G)
    peak = np.linalg.norm(simulate([Stand(2.0), soft], sensor=wide, seed=1).acc_mps2, axis=1).max() / G
    assert peak < 2.5
    hard = [Stand(2.0), Fall(contact_s=0.03, lying_s=2.0)]
    peaks = [
        np.linalg.norm(simulate(hard, sensor=sensor, seed=1).acc_mps2, axis=1).max()
        for sensor in (wide, Sensor(rate_hz=50.0, bandwidth_hz=13.0, acc_range_mps2=16 * G))
    ]
    assert peaks[1] < 0.65 * peaks[0]


def test_somebody_who_gets_up_stands_again() -> None:
    script = [Walk((5.0,), interrupted=True), Fall(lying_s=4.0, get_up_s=4.0), Stand(2.0), Walk((5.0,))]
    s = simulate(script, STILL, sensor=PERFECT, seed=6)
    assert s.acc_mps2[-1, 0] == pytest.approx(G, abs=0.2)
    assert s.truth["falls"][0]["recovered"] is True
    assert len(s.truth["walking_bouts"]) == 2


def test_a_fall_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be reached"):
        simulate([Fall(impact_mps=5.0, descent_s=0.3)])


def test_the_phases_of_a_tug_follow_one_another() -> None:
    s = simulate([Tug()], Person.drawn(2), seed=2)
    tug = s.truth["tug"]
    names = [phase["name"] for phase in tug["phases"]]
    assert names == ["sit_to_stand", "walk_out", "turn_1", "walk_back", "turn_2", "stand_to_sit"]
    for before, after in zip(tug["phases"][:4], tug["phases"][1:5], strict=True):
        assert before["end_s"] == after["start_s"]
    assert tug["phases"][-1]["end_s"] == tug["end_s"]
    assert s.facts["cue_s"] == tug["cue_s"] < tug["start_s"]
    assert 7.0 <= tug["duration_s"] <= 20.0
    assert [turn["angle_deg"] for turn in s.truth["turns"]] == [180.0, 180.0]
    first, last = tug["phases"][1]["start_s"], tug["phases"][5]["start_s"]
    assert all(first < c < last for side in ("left", "right") for c in s.truth[f"contacts_{side}_s"])


def test_hard_negatives_are_told_apart_in_the_truth_and_bring_no_steps() -> None:
    script = [Work(4.0), Bend(), Tap(), Cough(), StandToSit(impact_g=2.8), Sit(1.0), SitToStand()]
    s = simulate(script, seed=1)
    assert s.truth["non_walking"] is True
    assert set(s.truth["negatives"]) == {"bends", "taps", "coughs"}
    assert s.truth["walking_bouts"] == s.truth["falls"] == s.truth["stumbles"] == []
    assert np.linalg.norm(s.acc_mps2, axis=1).max() > 1.6 * G


def test_working_arms_shake_the_wrist_and_hardly_the_trunk() -> None:
    wrist, trunk = (simulate([Work(10.0)], Person(), p, PERFECT, seed=1).acc_mps2 for p in ("wrist", "lower_back"))
    assert np.linalg.norm(trunk, axis=1).std() < 0.4
    assert np.linalg.norm(wrist, axis=1).std() > 4 * np.linalg.norm(trunk, axis=1).std()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ([], "at least one"),
        ([Sit(1.0), Walk((3.0,))], "starts standing"),
        ([Fall(lying_s=1.0), Stand(1.0)], "lying"),
        ([Stand(1.0), SitToStand()], "starts sitting"),
        ([Walk((0.0,))], "cannot be walked"),
        ([Walk(())], "needs something"),
        ([Walk((3.0,), speed_mps=9.0)], "out of reach"),
        ([Stand(-1.0)], "cannot take"),
    ],
)
def test_an_impossible_script_is_refused_with_the_reason(script: list[object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        simulate(script)
