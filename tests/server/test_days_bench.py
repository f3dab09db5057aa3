"""Seeded days from what is drawn and simulated to what is estimated, on little."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from sensing.simulator import Fall, Script, Stand, Walk, simulate
from server.bench import days as bench
from server.bench.days_activities import FALLS, STRATA, segment
from server.bench.days_alerts import Seen, Told, seen
from server.bench.days_estimate import Sampled, estimated, people, poisson, share
from server.bench.days_judging import ClassOfDay, FallJudged, FalseFall, JudgedDay, fall_judged, judged_day
from server.bench.days_people import AMOUNTS, CONDITIONS, PLACES, drawn_day
from server.bench.days_tables import false_a_day, prompts, tables


@pytest.fixture(scope="module")
def two_days() -> list[JudgedDay]:
    return [judged_day(3), judged_day(4)]


def told(activity: str = "walking", confidence: float = 0.8, ending: str = "open", time_s: float = 9.0) -> FalseFall:
    return FalseFall(activity, 0, time_s, confidence, ending)  # type: ignore[arg-type]


def made_up(false: Sequence[FalseFall] = (), **classes: ClassOfDay) -> JudgedDay:
    held = {name.replace("_", " "): one for name, one in classes.items()}
    return JudgedDay(1, "ms", "lower_back", 104.0, True, 60.0, held, list(false))


# --- the estimate ---


def test_a_false_fall_stands_for_as_many_as_the_day_has_of_its_activity_per_sampled_one() -> None:
    # 2 false falls in 4 of 40 transfers, and 1 in 0.1 of 1.5 hours of walking: 20 + 15 on one of two days
    first = made_up(
        [told("transfers"), told("transfers"), told()], walking=ClassOfDay(1.5, 0.1), transfers=ClassOfDay(40.0, 4.0)
    )
    second = made_up([], walking=ClassOfDay(2.0, 0.1))
    assert prompts([first, second]).per_day == pytest.approx(35.0 / 2.0)
    assert prompts([first, second]).counted == 3.0


def test_the_activities_add_up_to_the_day() -> None:
    days = [
        made_up([told(), told("stairs"), told("stairs")], walking=ClassOfDay(1.0, 0.2), stairs=ClassOfDay(3.0, 1.0)),
        made_up([told()], walking=ClassOfDay(0.5, 0.25), car=ClassOfDay(1.0, 0.1)),
    ]
    parts = [prompts(days, [name]).per_day for name in ("walking", "stairs", "car")]
    assert parts == pytest.approx([(5.0 + 2.0) / 2.0, 6.0 / 2.0, 0.0])
    assert prompts(days).per_day == pytest.approx(sum(parts))


def test_what_was_taken_back_is_told_but_asks_nobody_and_only_an_open_one_calls() -> None:
    days = [made_up([told(ending=one) for one in ("taken back", "walked on", "open")], walking=ClassOfDay(1.0, 0.5))]
    assert false_a_day(days, lambda one: True).per_day == pytest.approx(6.0)
    assert prompts(days).per_day == pytest.approx(4.0)
    assert false_a_day(days, lambda one: one.ending == "open").per_day == pytest.approx(2.0)
    assert prompts(days, least=0.81).per_day == 0.0


def test_the_interval_of_equal_weights_is_that_of_a_poisson_count() -> None:
    weights, counts = np.full(10, 0.5), np.array([1.0] * 9 + [1.0])
    low, high = poisson(weights, counts)
    assert low == pytest.approx(0.5 * 4.795, abs=0.002)  # Garwood (1936): 4.795 to 18.391 for a count of 10
    assert high == pytest.approx(0.5 * 18.391, abs=0.002)
    assert poisson(weights, np.zeros(10)) == pytest.approx((0.0, 0.5 * 3.689), abs=0.001)


def test_one_person_with_all_the_false_ones_makes_the_interval_wider_than_poisson() -> None:
    strata = [Sampled(day, "walking", 1.0, 1.0) for day in range(50)]
    alone = estimated(strata, [40.0] + [0.0] * 49, 50)
    spread = estimated(strata, [1.0] * 40 + [0.0] * 10, 50)
    assert alone.per_day == spread.per_day == pytest.approx(0.8)
    assert alone.high > 1.5 * spread.high
    assert people(np.zeros(20)) == (0.0, 0.0)


def test_days_without_an_activity_count_as_days() -> None:
    assert estimated([Sampled(0, "jumping", 2.0, 1.0)], [1.0], 4).per_day == pytest.approx(0.5)


def test_what_cannot_be_estimated_is_refused() -> None:
    with pytest.raises(ValueError, match="was not sampled"):
        estimated([Sampled(7, "car", 1.0, 0.0)], [0.0], 1)
    with pytest.raises(ValueError, match="2 counts for 1 strata"):
        estimated([Sampled(7, "car", 1.0, 1.0)], [0.0, 1.0], 1)
    with pytest.raises(ValueError, match="at least one day"):
        estimated([], [], 0)
    with pytest.raises(ValueError, match="no class of activities is called 'swimming'"):
        prompts([made_up(walking=ClassOfDay(1.0, 1.0))], ["swimming"])


def test_a_share_has_wilsons_interval() -> None:
    assert share(8, 10) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-3)
    assert np.isnan(share(0, 0)).all()


# --- the days ---


def test_a_seed_is_a_day_and_everybody_does_something_of_most_classes() -> None:
    days = [drawn_day(seed) for seed in range(200)]
    assert drawn_day(5) == drawn_day(5)
    assert {day.position for day in days} == set(PLACES)
    assert {day.person.condition for day in days} == set(CONDITIONS)
    assert all(set(day.amounts) == set(STRATA) for day in days)
    walked_h = [day.amounts["walking"] for day in days]
    assert 0.5 < float(np.median(walked_h)) < 2.0
    assert any(not day.sensor.has_gyroscope for day in days)
    assert all(set(amounts) == set(STRATA) for amounts in AMOUNTS.values())


def test_every_class_can_be_simulated_and_an_unknown_one_is_refused() -> None:
    day = drawn_day(2)
    for name, kind in {**STRATA, **FALLS}.items():
        made, sampled = segment(day, name, 0)
        again, _ = segment(day, name, 0)
        assert np.array_equal(made.acc_mps2, again.acc_mps2)
        assert sampled > 0.0
        assert kind.held is None or sampled == kind.held
        assert bool(made.truth["falls"]) == (name in FALLS)
        assert len(made.truth["stumbles"]) == (2 if name == "stumbles" else 0)
    with pytest.raises(ValueError, match="no class of activities is called 'swimming'; there are walking, transfers"):
        segment(day, "swimming", 0)


def test_a_day_is_judged_the_same_again_and_holds_every_sample(two_days: list[JudgedDay]) -> None:
    first = two_days[0]
    assert judged_day(first.seed) == first
    for name, held in first.classes.items():
        kind = STRATA[name]
        assert held.amount == drawn_day(first.seed).amounts[name]
        assert kind.held is None or held.sampled == kind.segments * kind.held
    assert [fall.kind for fall in first.falls] == list(FALLS)
    assert len(first.stumbles) == 4
    assert all(one.activity in first.classes for one in first.false)


# --- from falls to prompts ---


def followed(*after: object) -> Seen:
    script: Script = [Stand(4.0), Walk((5.0,), interrupted=True), *after]  # type: ignore[list-item]
    return seen(simulate(script, seed=5).recording("fall"))


def test_who_lies_is_asked_and_who_walks_on_in_time_is_not() -> None:
    lying = followed(Fall(lying_s=15.0))
    assert [one.ending for one in lying.falls] == ["open"]
    assert lying.falls[0].prompted
    assert 2.0 < lying.falls[0].emitted_s - lying.falls[0].time_s < 3.0
    up = followed(Fall(lying_s=0.5, get_up_s=1.5), Walk((12.0,)))
    assert [one.ending for one in up.falls] == ["taken back"]
    late = followed(Fall(lying_s=9.0, get_up_s=3.0), Walk((15.0,)))
    assert [one.ending for one in late.falls] == ["walked on"]
    assert late.falls[0].prompted


def test_walking_alone_tells_nothing() -> None:
    assert seen(simulate([Stand(4.0), Walk((15.0,)), Stand(4.0)]).recording("walk")) == Seen((), ())


def test_only_an_event_within_the_fall_finds_it() -> None:
    fall = {"onset_s": 5.0, "impact_s": 6.2, "rest_s": 7.5, "direction": "left", "impact_mps": 2.0}
    early, right, late = (Told(at, at + 2.8, 0.7, "open") for at in (4.0, 6.25, 8.5))
    found = fall_judged("fall", fall, Seen((early, right, late), ()))
    assert found == FallJudged("fall", "left", 2.0, 0.7, pytest.approx(2.85), "open")
    assert not fall_judged("fall", fall, Seen((early, late), ())).told


# --- the tables ---


def test_without_events_of_stumbles_the_tables_say_so_and_with_them_how_many(two_days: list[JudgedDay]) -> None:
    for day in two_days:
        day.stumble_events = 0
    printed = "\n".join(tables(two_days))
    assert "Stumbles: no such events" in printed
    held = ClassOfDay(1.0, 0.5, walking_h=0.5, false_stumbles=2)
    day = made_up([], walking=held)
    day.falls = list(two_days[0].falls)
    day.stumbles, day.stumble_events = [("trip", 0.9, True), ("slip", 0.8, False), ("trip", 0.2, False)], 3
    printed = "\n".join(tables([day]))
    assert "all, 0.7-1.0               2   50.0%" in printed
    assert "all, 0.0-0.3               1    0.0%" in printed
    assert "false ones: 4.00 in an hour of walking" in printed


def test_the_tables_compare_with_the_budgets() -> None:
    day = made_up([told(confidence=0.6)], walking=ClassOfDay(1.0, 1.0))
    day.falls = [FallJudged("fall", "left", 2.0, 0.9, 2.8, "open"), FallJudged("slide", "left", 0.5)]
    printed = tables([day], answered=0.75)
    line = next(line for line in printed if line.startswith("  all") and "open" in line)
    assert "7.00 (" in line  # prompts a week
    assert "7.61 (" in line  # a quarter of 30.4 a month
    points = next(line for line in printed if line.startswith("  lower_back") and "100%    –" in line)
    assert points.index("7.00:") < points.index("0.00:")  # from 0.7 on it is not asked


def test_the_bench_prints_and_writes_every_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "days.json"
    assert bench.main(["--days", "1", "--first", "3", "--jobs", "1", "--json", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "1 seeded days" in printed
    assert "Against the budgets" in printed
    assert "What this does not show" in printed
    written = json.loads(out.read_text())
    assert [day["seed"] for day in written] == [3]
    assert set(written[0]["classes"]) <= set(STRATA)
    with pytest.raises(SystemExit):
        bench.main(["--days", "0"])
    with pytest.raises(SystemExit):
        bench.main(["--answered", "1.5"])
