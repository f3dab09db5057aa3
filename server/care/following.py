"""From conditions to notices: what is new, what rises to whom, what is over. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from server.alerts.care_plan import iso
from server.alerts.policy import Now
from server.care.notice import STAGES, Condition, Level, Notice, Stages

LEVELS: tuple[Level, ...] = ("unseen", "screen", "person", "carer")


def followed(
    known: Mapping[str, Notice], present: Iterable[Condition], sessions: Collection[str], now: Now
) -> dict[str, Notice]:
    """The notices by key, those that end now with `over_at`; what never reached a screen is gone without a trace.

    known: the open ones by key; sessions: those in progress.
    """
    found = {}
    for condition in present:
        found[condition.key] = _seen(known.get(condition.key) or _new(condition, now), condition, now)
    for key, notice in known.items():
        if key in found:
            continue
        left = _left(notice, sessions, now)
        if left is not None:
            found[key] = left
    return found


def level_at(stages: Stages, age_s: float) -> Level:
    """The highest level that something of this age has reached."""
    reached: Level = "unseen"
    for level, after_s in (("screen", stages.screen_s), ("person", stages.person_s), ("carer", stages.carer_s)):
        if after_s is not None and age_s >= after_s:
            reached = level  # type: ignore[assignment]  # one of the three just named
    return reached


def _new(condition: Condition, now: Now) -> Notice:
    since_s = now.s if condition.since_s is None else min(now.s, condition.since_s)
    at = now.wall - timedelta(seconds=now.s - since_s)
    about = hashlib.sha256(condition.key.encode()).hexdigest()[:8]
    return Notice(
        id=f"notice-{now.wall:%Y%m%d-%H%M%S}-{condition.kind}-{about}",
        key=condition.key,
        kind=condition.kind,
        person=condition.person,
        session_id=condition.session_id,
        simulated=condition.simulated,
        text=condition.text,
        at=iso(at),
        since_s=since_s,
        seen_s=now.s,
    )


def _seen(notice: Notice, condition: Condition, now: Now) -> Notice:
    level = max(notice.level, level_at(STAGES[notice.kind], now.s - notice.since_s), key=LEVELS.index)
    return replace(notice, text=condition.text, person=condition.person, seen_s=now.s, level=level)


def _left(notice: Notice, sessions: Collection[str], now: Now) -> Notice | None:
    """A notice whose condition is not there at this moment."""
    if notice.level == "unseen":
        return None
    if notice.session_id is not None and notice.session_id not in sessions:
        return replace(notice, over_at=now.iso, ended="session_ended")
    if now.s - notice.seen_s < STAGES[notice.kind].gone_s:
        return notice
    return replace(notice, over_at=now.iso, ended="mended")
