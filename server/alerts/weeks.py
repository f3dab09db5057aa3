"""Alerts counted by week, and as a table for a spreadsheet."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from server.alerts.alert import Alert
from server.models_alerts import WeekShape

COLUMNS = (
    "at", "person", "kind", "state", "outcome", "label", "note", "confidence", "impact_mps2", "lying_s", "got_up_s",
    "wearer_says_fell", "taken_by", "taken_at", "resolved_by", "resolved_at", "told", "simulated", "session_id",
    "time_s", "id",
)  # fmt: skip


def weeks_of(alerts: Iterable[Alert]) -> list[WeekShape]:
    """Newest week first. Tests do not count; a fall that nobody has confirmed or denied is unconfirmed.

    A wearer who says "I am OK" and no more has done neither.
    """
    weeks: dict[str, Counter[str]] = {}
    for alert in alerts:
        if alert.kind != "test":
            day = datetime.fromisoformat(alert.at).astimezone().date()
            weeks.setdefault((day - timedelta(days=day.weekday())).isoformat(), Counter())[judged(alert)] += 1
    return [
        WeekShape(
            week=week,
            confirmed=counts["confirmed"],
            unconfirmed=counts["unconfirmed"],
            false_alarms=counts["false_alarms"],
            helps=counts["helps"],
        )
        for week, counts in sorted(weeks.items(), reverse=True)
    ]


def judged(alert: Alert) -> str:
    """What an alert is counted as: helps, confirmed, false_alarms, unconfirmed."""
    if alert.kind == "help":
        return "helps"
    if alert.outcome in ("fall_no_injury", "fall_help_given"):
        return "confirmed"
    return "false_alarms" if alert.outcome == "false_alarm" and not _left_open(alert) else "unconfirmed"


def _left_open(alert: Alert) -> bool:
    """The wearer says that they are OK, and nobody whether they fell."""
    return alert.fell is None and alert.resolved is not None and alert.resolved.get("by") == alert.person


def table_of(alerts: Iterable[Alert]) -> str:
    """CSV with a header line; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for alert in alerts:
        taken, resolved = alert.acknowledged or {}, alert.resolved or {}
        row: list[object] = [
            alert.at, alert.person, alert.kind, alert.state, alert.outcome, alert.label, alert.note, alert.confidence,
            alert.impact_mps2, alert.lying_s, alert.got_up_s, alert.fell, taken.get("by"), taken.get("at"),
            resolved.get("by"), resolved.get("at"), "; ".join(f"{one.name}: {one.state}" for one in alert.told),
            alert.simulated, alert.session_id, alert.time_s, alert.id,
        ]  # fmt: skip
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell
