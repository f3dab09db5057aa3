"""False alarms against their budget: what counts, who is above it, and advice that can really be followed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.alerts import words
from server.alerts.alert import Alert, Line
from server.alerts.budget import Budget, budgets_of
from server.alerts.care_plan import CarePlan, iso

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def asked(days_ago: float = 1.0, outcome: str | None = "false_alarm", called: bool = False, **more: Any) -> Alert:
    """A possible fall of Dora of which she was asked, and how Ben says that it ended."""
    at = iso(NOW - timedelta(days=days_ago))
    resolved = None if outcome is None else {"by": "Ben", "at": at, "why": ""}
    history = tuple(Line(at, what, "") for what in ("opened", "prompting", *(["told"] if called else [])))
    state = "prompting" if outcome is None else "resolved"
    alert = Alert(f"a-{days_ago}", "fall", "Dora", at, 0.0, state, at, 0.0, None, history=history, confidence=0.8)  # type: ignore[arg-type]
    return replace(alert, **({"outcome": outcome, "resolved": resolved} | more))


def budget(*alerts: Alert, plan: CarePlan | None = None) -> Budget:
    (found,) = budgets_of(alerts, NOW, lambda person: plan or CarePlan(person))
    return found


def test_one_false_question_a_week_and_one_false_call_a_month_are_within_the_budget() -> None:
    weekly = budget(asked(1, called=True), asked(8), asked(15), asked(22))
    assert weekly.within
    assert [week.false for week in weekly.weeks] == [1, 1, 1, 1]
    assert words.budget(weekly) == (
        "Within the budget. Asked once in the last 7 days, for nothing."
        " Contacts called once in the last 28 days, for nothing."
    )
    assert weekly.advice == ()


def test_two_in_seven_days_are_above_it_and_older_ones_are_history() -> None:
    assert not budget(asked(1), asked(6.9)).within
    assert budget(asked(1), asked(7.1)).within
    assert budget(asked(29), asked(1)).weeks[3].prompts == 0
    assert budgets_of([asked(29)], NOW, CarePlan) == []


def test_two_false_calls_in_four_weeks_are_above_it() -> None:
    found = budget(asked(3, called=True), asked(20, called=True))
    assert (found.too_many_prompts, found.too_many_calls) == (False, True)
    assert words.budget(found).startswith("Above the budget of false calls.")
    (advice,) = found.advice
    assert "30 s now, up to 120 s in the care plan" in advice
    assert "2 times contacts were called because no answer came in time" in advice
    assert (
        "“Make this device ready”"
        in budget(asked(3, called=True), asked(9, called=True), plan=CarePlan("Dora", prompt_s=120.0)).advice[0]
    )


def test_what_nobody_has_judged_is_unclear_and_not_false() -> None:
    unclear = (asked(1, None), asked(2, "walked_on"), asked(3, resolved={"by": "Dora", "at": "", "why": ""}))
    found = budget(*unclear)
    assert found.within
    assert (found.weeks[0].prompts, found.weeks[0].false, found.weeks[0].unclear) == (3, 0, 3)
    assert "3 times in the last 7 days, 0 of them false, 3 unclear" in words.budget(found)


def test_a_single_question_is_said_to_have_been_for_a_fall_or_unclear() -> None:
    assert "once in the last 7 days, for a fall." in words.budget(budget(asked(1, "fall_no_injury")))
    assert "once in the last 7 days, unclear why." in words.budget(budget(asked(1, None)))


def test_who_was_not_asked_was_not_disturbed() -> None:
    kept = replace(asked(1), history=(Line(iso(NOW), "opened", ""),))
    call = replace(asked(1), kind="help")
    assert budgets_of([kept, call], NOW, CarePlan) == []


def test_a_surer_threshold_is_advised_with_what_it_would_have_missed() -> None:
    unsure = [asked(day, confidence=0.6) for day in (1, 2, 3)]
    (advice,) = budget(*unsure).advice
    assert advice.startswith("consider asking only at likely falls (care plan): 3 of 3 false questions")
    assert "There is no confirmed fall" in advice
    found = budget(*unsure, asked(4, "fall_no_injury", confidence=0.6))
    assert "1 of 1 confirmed falls would not have been asked about either: rather leave it" in found.advice[0]
    surer = budget(*unsure, plan=CarePlan("Dora", least_confidence=0.7))
    assert "only at very likely falls" in surer.advice[0], "never what is chosen already"


@pytest.mark.parametrize(
    ("label", "when"), [("Exercise on the floor", "exercises"), ("The sensor was taken off", "taking")]
)
def test_a_pause_is_advised_where_the_labels_say_so(label: str, when: str) -> None:
    (advice,) = budget(asked(1, label=label, confidence=0.95), asked(2, label=label, confidence=0.95)).advice
    assert advice.startswith("consider a pause")
    assert when in advice
    assert "2 times it was that" in advice


def test_a_longer_wait_is_advised_where_the_wearer_walked_on_after_being_asked_and_can_still_be_set() -> None:
    false = [asked(day, confidence=0.95) for day in (1, 2)]
    assert "12 s now, up to 30 s" in budget(*false, asked(3, "walked_on")).advice[0]
    at_most = budget(*false, asked(3, "walked_on"), plan=CarePlan("Dora", observe_s=30.0))
    assert at_most.advice == (
        "nothing in the care plan would have helped: say what each false alarm was, so that it can be learned from.",
    )


def test_people_and_simulated_people_are_counted_apart_and_who_is_above_stands_first() -> None:
    ann = [replace(asked(1), person="Ann"), replace(asked(1), person="Ann", simulated=True)]
    found = budgets_of([*ann, asked(1), asked(2)], NOW, CarePlan)
    assert [(one.person, one.simulated, one.within) for one in found] == [
        ("Dora", False, False),
        ("Ann", False, True),
        ("Ann", True, True),
    ]
