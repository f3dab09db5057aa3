"""Two sensors that one person wears at the same time: found among the sessions in progress, and again in the stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dsp.events import Event
from dsp.pair import Pair, misfit
from sensing.recording import Facts
from server.number_models import LivePair
from server.numbers import Partner, told_together
from server.plan import wearing_of
from server.session import Session
from server.storage.models import SessionRow
from server.storage.store import Store


@dataclass(frozen=True, slots=True)
class _Couple:
    first: Session
    second: Session
    pair: Pair


class Pairs:
    """Sessions with the same label and places that tell more together, two by two, on the radio's clock."""

    def __init__(self) -> None:
        self._of: dict[str, _Couple] = {}

    def opened(self, session: Session, present: Iterable[Session]) -> None:
        """A session has begun: it is paired with the first in progress that fits and is still alone."""
        among = list(present)
        if session not in among:  # one that is not shown
            return
        for other in among:
            if other is not session and other.plan.id not in self._of and _fit(other, session):
                offset_s = session.base_s - other.base_s
                couple = _Couple(other, session, Pair(other.plan.wearing, session.plan.wearing, offset_s))
                self._of[other.plan.id] = self._of[session.plan.id] = couple
                return

    def event(self, session: Session, event: Event) -> None:
        """An event of a session, in the order they are emitted."""
        couple = self._of.get(session.plan.id)
        if couple is not None:
            couple.pair.update(int(session is couple.second), [event], event.emitted_s)

    def gone(self, session: Session) -> None:
        """A session has ended: its partner is alone again."""
        couple = self._of.pop(session.plan.id, None)
        if couple is not None:
            other = couple.second if session is couple.first else couple.first
            self._of.pop(other.plan.id, None)

    def numbers(self, session: Session) -> LivePair | None:
        """What the two tell together at this moment."""
        couple = self._of.get(session.plan.id)
        if couple is None:
            return None
        for which, one in enumerate((couple.first, couple.second)):
            if one.last_sample_s is not None:
                couple.pair.update(which, [], one.last_sample_s)
        now_s = couple.first.now_s()
        found = couple.pair.numbers(now_s)
        if found is None:
            return None
        other = couple.second if session is couple.first else couple.first
        return LivePair(**told_together(other.plan.id, found), age_s=max(0.0, now_s - found.time_s))


def _fit(one: Session, other: Session) -> bool:
    return (
        one.opened
        and not one.closing
        and one.from_packets
        and other.from_packets
        and bool(one.plan.label)
        and one.plan.label == other.plan.label
        and misfit(one.plan.facts.position, other.plan.facts.position) is None
    )


def partner_row(row: SessionRow, others: Iterable[SessionRow]) -> SessionRow | None:
    """Of stored sessions the one worn together with `row`: same label, fitting place, longest at the same time."""
    best, longest_s = None, 0.0
    for other in others:
        if other.id == row.id or not row.label or other.label != row.label or other.simulated != row.simulated:
            continue
        if misfit(row.position, other.position) is None:  # type: ignore[arg-type]
            both_s = _both_s(row, other)
            if both_s > longest_s:
                best, longest_s = other, both_s
    return best


def offset_of(row: SessionRow, other: SessionRow) -> float:
    """What the clock of `row` showed when the other's showed 0, seconds; by when they began."""
    return (datetime.fromisoformat(other.started_at) - datetime.fromisoformat(row.started_at)).total_seconds()


def _both_s(row: SessionRow, other: SessionRow) -> float:
    begins = [datetime.fromisoformat(one.started_at) for one in (row, other)]
    ends = [begin + timedelta(seconds=one.duration_s) for begin, one in zip(begins, (row, other), strict=True)]
    return (min(ends) - max(begins)).total_seconds()


def partner_of(store: Store, row: SessionRow) -> Partner | None:
    """The stored session that was worn together with `row`, with its events; reads the database."""
    other = partner_row(row, store.sessions_labelled(row.label))
    if other is None:
        return None
    wearing = wearing_of(Facts.from_json(other.facts))
    return Partner(other.id, wearing, store.events(session_id=other.id), offset_of(row, other))
