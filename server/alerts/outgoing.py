"""A message on its way to one person, and the words it goes out with."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from server.alerts.outcome import Message
from server.alerts.retrying import Course
from server.alerts.words import clock_of

LATE_S = 120.0  # design: later than this after it was written, a message says so itself


@dataclass(slots=True)
class Outgoing:
    """A row of the outbox as the worker holds it. `due_s` and `since_s` are of the worker's clock."""

    key: str
    alert_id: str
    contact_id: str
    contact_name: str
    what: str
    subject: str
    body: str
    created_at: str
    since_s: float
    due_s: float
    course: Course = field(default_factory=Course)
    tries: int = 0
    all_failed: bool = False
    why: str | None = None
    under_way: bool = False

    @classmethod
    def of_row(cls, row: Mapping[str, Any], now_s: float, wall: datetime) -> Self:
        """`row` has the columns of the outbox; it is due at once, and as old as the wall clock says."""
        age_s = max(0.0, (wall - datetime.fromisoformat(row["created_at"])).total_seconds())
        names = ("key", "alert_id", "contact_id", "contact_name", "what", "subject", "body", "created_at")
        own = {name: row[name] for name in names}
        return cls(**own, since_s=now_s - age_s, due_s=now_s, course=Course(row["channel_no"]), tries=row["tries"])

    def is_late(self, now_s: float) -> bool:
        return now_s - self.since_s > LATE_S

    def message(self, now_s: float, link: str | None, page: str | None = None) -> Message:
        """What goes out at this moment; `link` where the receiver can take the alarm with one tap, `page` where the
        alarm itself is to be seen."""
        late = self.is_late(now_s)
        parts = [self.body]
        if late:
            parts.insert(
                0, f"THIS MESSAGE IS LATE: it was written {_ago(now_s - self.since_s)}, at {clock_of(self.created_at)}."
            )
        if link is not None:
            parts.append(f"To take it, open this page and tap the button:\n{link}")
        if page is not None:
            parts.append(f"It is on this page:\n{page}")
        parts.append(f"(Message {_short(self.key)}. If it comes twice, it is one and the same.)")
        facts = {
            "alert": self.alert_id,
            "what": self.what,
            "test": self.what == "test",
            "to": self.contact_name,
            "written_at": self.created_at,
            "late": late,
            "link": link,
        }
        return Message(self.key, " ".join(self.subject.split()), "\n\n".join(parts), facts)


def _short(key: str) -> str:
    """What people can compare."""
    return hashlib.sha256(key.encode()).hexdigest()[:6].upper()


def _ago(age_s: float) -> str:
    minutes = round(age_s / 60.0)
    return f"{minutes} minutes ago" if minutes < 120 else f"{round(age_s / 3600.0)} hours ago"
