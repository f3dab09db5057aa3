"""Alerts as pages and programs see them."""

from dataclasses import asdict
from typing import Any

from server.alerts import words
from server.alerts.alert import Alert
from server.alerts.budget import Budget
from server.alerts.care_plan import CarePlan, iso
from server.alerts.policy import Now
from server.models_alerts import (
    AlertShape,
    BudgetShape,
    BudgetWeekShape,
    LineShape,
    ResolvedShape,
    TakenShape,
    ToldShape,
)

NOT_SHOWN = frozenset({"key", "asked_s"})


def alert_shape(alert: Alert, now: Now, care: CarePlan) -> AlertShape:
    """An alert as it stands now."""
    next_in_s = None if alert.due_s is None or not alert.open else round(max(0.0, alert.due_s - now.s), 1)
    return AlertShape(
        id=alert.id,
        kind=alert.kind,
        person=alert.person,
        session_id=alert.session_id,
        position=alert.position,
        simulated=alert.simulated,
        at=alert.at,
        time_s=alert.time_s,
        state=alert.state,
        since=alert.since,
        now=now.iso,
        next_in_s=next_in_s,
        loud=alert.loud,
        confidence=alert.confidence,
        impact_mps2=alert.impact_mps2,
        lying_s=alert.lying_s,
        still_s=alert.still_s,
        got_up_s=alert.got_up_s,
        found_after_restart=alert.found_after_restart,
        next_contact=_next_contact(alert, care, now),
        told=[ToldShape(**_shown(asdict(one))) for one in alert.told],
        acknowledged=None if alert.acknowledged is None else TakenShape(**alert.acknowledged),
        fell=alert.fell,
        outcome=alert.outcome,
        label=alert.label,
        note=alert.note,
        resolved=None if alert.resolved is None else ResolvedShape(**alert.resolved),
        history=[LineShape(**asdict(line)) for line in alert.history],
        text=words.standing(alert, next_in_s),
    )


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in NOT_SHOWN}


def _next_contact(alert: Alert, care: CarePlan, now: Now) -> str | None:
    """Who is told next if nothing else happens."""
    contacts = care.contacts_told(simulated=alert.simulated)
    if not contacts or alert.state not in ("observing", "prompting", "escalating") or alert.kind == "test":
        return None
    ahead = [contacts[(alert.turn + n) % len(contacts)] for n in range(len(contacts))]
    return next((one.name for one in ahead if not one.is_away(now.wall)), None)


def budget_shape(budget: Budget) -> BudgetShape:
    """False alarms against the budget, in words, too."""
    weeks = [BudgetWeekShape(**(asdict(week) | {"since": iso(week.since)})) for week in budget.weeks]
    return BudgetShape(
        person=budget.person,
        simulated=budget.simulated,
        within=budget.within,
        text=words.budget(budget),
        advice=list(budget.advice),
        weeks=weeks,
        calls=budget.calls,
        false_calls=budget.false_calls,
        unclear_calls=budget.unclear_calls,
    )
