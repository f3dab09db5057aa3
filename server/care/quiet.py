"""Quiet hours: when nothing but alarms is told."""

from datetime import datetime, time

from server.alerts.care_plan import CarePlan


def is_quiet(plan: CarePlan, wall: datetime) -> bool:
    """Whether it is one of the plan's quiet hours, by the clock of this place; they may go over midnight."""
    if plan.quiet_from is None or plan.quiet_until is None:
        return False
    return between(wall.astimezone().time(), time.fromisoformat(plan.quiet_from), time.fromisoformat(plan.quiet_until))


def between(now: time, begin: time, end: time) -> bool:
    """Whether `now` is in [begin, end) of a day; over midnight where the end comes first, never where they are one."""
    if begin <= end:
        return begin <= now < end
    return now >= begin or now < end
