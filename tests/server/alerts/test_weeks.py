"""Alerts counted by week: only what somebody said counts as confirmed or as false."""

from dataclasses import replace
from datetime import UTC, datetime

from server.alerts.alert import Alert, Outcome
from server.alerts.care_plan import iso
from server.alerts.weeks import weeks_of

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def ended(outcome: Outcome | None, by: str = "Ben", fell: bool | None = None, at: datetime = MONDAY) -> Alert:
    resolved = None if outcome is None else {"by": by, "at": iso(at), "why": ""}
    alert = Alert(
        id=f"a-{at.isoformat()}-{outcome}-{by}-{fell}",
        kind="fall",
        person="Dora",
        at=iso(at),
        happened_s=0.0,
        state="prompting" if outcome is None else "resolved",
        since=iso(at),
        since_s=0.0,
        due_s=None,
    )
    return replace(alert, outcome=outcome, resolved=resolved, fell=fell)


def counted(*alerts: Alert) -> list[tuple[str, int, int, int, int]]:
    return [(it.week, it.confirmed, it.unconfirmed, it.false_alarms, it.helps) for it in weeks_of(alerts)]


def test_what_somebody_said_is_confirmed_or_false_and_the_rest_is_unconfirmed() -> None:
    falls = (ended("fall_no_injury", "Dora", True), ended("fall_help_given"))
    false = (ended("false_alarm"), ended("false_alarm", "Dora", False))
    unclear = (ended("walked_on", "Surefoot"), ended("not_told", "Surefoot"), ended(None))
    assert counted(*falls, *false, *unclear) == [("2026-11-23", 2, 3, 2, 0)]


def test_a_wearer_who_is_ok_has_not_said_whether_it_was_a_fall() -> None:
    assert counted(ended("false_alarm", "Dora")) == [("2026-11-23", 0, 1, 0, 0)]


def test_calls_for_help_are_counted_apart_and_tests_not_at_all() -> None:
    call, test = (replace(ended("fall_help_given"), kind=kind) for kind in ("help", "test"))
    assert counted(call, test) == [("2026-11-23", 0, 0, 0, 1)]


def test_the_newest_week_stands_first() -> None:
    older = ended("fall_help_given", at=MONDAY.replace(day=16))
    assert [week for week, *_ in counted(older, ended("false_alarm"))] == ["2026-11-23", "2026-11-16"]
