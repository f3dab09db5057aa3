"""Two sensors on one person and one clock: steps with certain sides, and double support.

Two legs: every contact is its own leg's. Lower back and a leg: the leg's contacts are certain, what the back feels
between two of them is the other foot's. The back's contacts are put on the leg's time by the median difference of
those that both felt, since each place has its own bias (people differ by 0.04 s). Where the back felt more than one
between two of the leg's, its own word on the side stands.
"""

import heapq
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from statistics import median

from dsp.events import Event
from dsp.pair_measures import Contact, Measured, Measures, opposite
from dsp.wearing import Side, Wearing
from sensing.block import Position

WAIT_S = 2.0  # for a sensor whose data come later; radio and intake hold packets back for less
SETTLED_S = 5.1  # nothing is taken back after 5 s (contract)
PAUSE_S = 3.0  # longest pause inside a bout (Mobilise-D, clinical reference §3.2)
MATCH_S = 0.25  # half a step at most
KEPT = 64  # contacts of each sensor: half a minute
LEAST_STEPS = 4  # of a walk
SHOWN, LEAST_SHOWN, OLD_S = 20, 6, 10.0  # as the tally has it for one sensor


class PairError(ValueError):
    """Two wearings that tell nothing together; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class PairStep:
    """A step that nothing can take back any more; `at_end` where only the end of the streams made that certain."""

    contact: Contact
    emitted_s: float
    at_end: bool


@dataclass(frozen=True, slots=True)
class PairWalk:
    """A walk without a longer pause, first to last contact; `at_end` as in PairStep."""

    start_s: float
    end_s: float
    emitted_s: float
    at_end: bool
    measured: Measured


@dataclass(frozen=True, slots=True)
class PairNumbers:
    """Over the newest steps of known side; the newest of them was at `time_s`, on the first sensor's clock."""

    time_s: float
    measured: Measured


@dataclass(frozen=True, slots=True)
class _Felt:
    time_s: float
    side: Side | None
    confidence: float | None
    final_s: float | None


def misfit(first: Position, second: Position) -> str | None:
    """Why sensors at these places tell nothing together, in words that follow «because»; None where they do."""
    one, other = Wearing(first).side, Wearing(second).side
    if one is None and other is None:
        return "at least one of them must be on an ankle or a foot, which tells the side"
    if one is not None and other is not None:
        if one == other:
            return "both are on the same leg"
        if first.split("_")[0] != second.split("_")[0]:
            return "an ankle and a foot feel the contact at different instants; wear both at the same height"
        return None
    return None if "lower_back" in (first, second) else "only the lower back feels both feet well enough beside a leg"


class Pair:
    """Folds the events of two wearings; memory is bounded.

    What comes out depends on the events and not on how the two streams were cut or took turns, as long as neither is
    more than WAIT_S behind the other; what comes later than that still counts from then on.
    """

    def __init__(self, first: Wearing, second: Wearing, offset_s: float = 0.0) -> None:
        """offset_s: what the first sensor's clock shows when the second's shows 0. Raises PairError."""
        reason = misfit(first.position, second.position)
        if reason is not None:
            raise PairError(
                f"Sensors at {first.position} and {second.position} tell nothing together, because {reason}."
            )
        self._sides = (first.side, second.side)
        self._shift_s = (0.0, offset_s)
        self._felt: tuple[deque[_Felt], deque[_Felt]] = (deque(maxlen=KEPT), deque(maxlen=KEPT))
        self._seen_s = [float("-inf"), float("-inf")]
        self._waiting: list[tuple[float, int, int, Event]] = []
        self._numbered = 0
        self._told_s = float("-inf")
        self._end_s = float("inf")  # of both streams, once they have ended
        self._walk = Measures()
        self._walk_s: tuple[float, float] | None = None  # first and last contact of the walk in progress

    def update(self, which: int, events: list[Event], seen_s: float) -> list[PairStep | PairWalk]:
        """The next events of one of the two (0, 1), which has been seen up to seen_s of its own clock."""
        shift_s = self._shift_s[which]
        for event in events:
            if event.kind == "step" or event.fields.get("of_kind") == "step":
                self._numbered += 1
                heapq.heappush(self._waiting, (event.emitted_s + shift_s, which, self._numbered, event))
        self._seen_s[which] = max(self._seen_s[which], seen_s + shift_s)
        return self._go_on(max(min(self._seen_s), max(self._seen_s) - WAIT_S))

    def fold(self, first: Iterable[Event], second: Iterable[Event], end_s: float) -> Iterator[PairStep | PairWalk]:
        """Both streams from beginning to end, each in the order it was emitted; end_s as in `finish`."""
        streams = [self._timed(which, events) for which, events in enumerate((first, second))]
        for at_s, which, event in heapq.merge(*streams, key=itemgetter(0, 1)):
            yield from self.update(which, [event], event.emitted_s)
            yield from self.update(1 - which, [], at_s - self._shift_s[1 - which])
        yield from self.finish(end_s)

    def finish(self, end_s: float) -> list[PairStep | PairWalk]:
        """Both streams have ended, the later one at end_s on the first sensor's clock."""
        self._end_s = end_s
        return self._go_on(self._end_s) + self._settle(float("inf"))

    def numbers(self, now_s: float) -> PairNumbers | None:
        """Over the last steps of the walk, on the first sensor's clock; None with too few, and when they are old."""
        newest = [contact for contact in self._contacts() if contact.side is not None][-SHOWN:]
        for at in range(len(newest) - 1, 0, -1):
            if newest[at].time_s - newest[at - 1].time_s > PAUSE_S:
                newest = newest[at:]
                break
        if len(newest) < LEAST_SHOWN or now_s - newest[-1].time_s > OLD_S:
            return None
        measures = Measures()
        for contact in newest:
            measures.add(contact)
        return PairNumbers(newest[-1].time_s, measures.result())

    def _timed(self, which: int, events: Iterable[Event]) -> Iterator[tuple[float, int, Event]]:
        return ((event.emitted_s + self._shift_s[which], which, event) for event in events)

    def _go_on(self, until_s: float) -> list[PairStep | PairWalk]:
        told: list[PairStep | PairWalk] = []
        while self._waiting and self._waiting[0][0] <= until_s:
            at_s, which, _, event = heapq.heappop(self._waiting)
            told += self._settle(at_s)
            self._take(which, event)
        return told + self._settle(until_s)

    def _take(self, which: int, event: Event) -> None:
        felt, shift_s = self._felt[which], self._shift_s[which]
        if event.kind == "retraction":
            gone_s = event.fields.get("of_time_s")
            kept = [one for one in felt if not (isinstance(gone_s, float) and one.time_s == gone_s + shift_s)]
            felt.clear()
            felt.extend(kept)
            return
        side, confidence, final_s = (event.fields.get(n) for n in ("side", "side_confidence", "final_contact_s"))
        felt.append(
            _Felt(
                event.time_s + shift_s,
                side if isinstance(side, str) else None,
                confidence if isinstance(confidence, float) else None,
                final_s + shift_s if isinstance(final_s, float) else None,
            )
        )

    def _settle(self, now_s: float) -> list[PairStep | PairWalk]:
        """Tells of the contacts that nothing can take back any more, and of the walk that has ended."""
        told: list[PairStep | PairWalk] = []
        if any(self._told_s < one.time_s <= now_s - SETTLED_S for felt in self._felt for one in felt):
            for contact in self._contacts():
                if self._told_s < contact.felt_s <= now_s - SETTLED_S:
                    told += self._close_before(contact.felt_s)
                    self._walk.add(contact)
                    self._walk_s = (self._walk_s[0] if self._walk_s else contact.time_s, contact.time_s)
                    told.append(PairStep(contact, *self._emitted(contact.felt_s + SETTLED_S)))
                    self._told_s = contact.felt_s
        return told + self._close_before(now_s - SETTLED_S)

    def _close_before(self, next_s: float) -> list[PairStep | PairWalk]:
        if self._walk_s is None or next_s - self._told_s <= PAUSE_S:
            return []
        start_s, end_s = self._walk_s
        measured = self._walk.result()
        self._walk, self._walk_s = Measures(), None
        walk = PairWalk(start_s, end_s, *self._emitted(self._told_s + PAUSE_S + SETTLED_S), measured)
        return [walk] if measured.steps >= LEAST_STEPS else []

    def _emitted(self, at_s: float) -> tuple[float, bool]:
        return min(at_s, self._end_s), at_s > self._end_s

    def _contacts(self) -> list[Contact]:
        """What is known now, in the order of felt_s."""
        first, second = (list(felt) for felt in self._felt)
        if self._sides[0] is None:
            return _with_a_leg(first, second, self._sides[1])
        if self._sides[1] is None:
            return _with_a_leg(second, first, self._sides[0])
        both = [_certain(one, side) for felt, side in zip((first, second), self._sides, strict=True) for one in felt]
        return sorted(both, key=_when)


def _certain(one: _Felt, side: Side | None) -> Contact:
    return Contact(one.time_s, one.time_s, side, 1.0, one.final_s)


def _when(contact: Contact) -> float:
    return contact.felt_s


def _with_a_leg(back: list[_Felt], leg: list[_Felt], side: Side | None) -> list[Contact]:
    """The leg's contacts and those that only the back felt, these on the leg's time."""
    pairs = _felt_by_both(back, leg)
    bias_s = median(back[b].time_s - leg[n].time_s for b, n in pairs) if pairs else 0.0
    shared = {b for b, _ in pairs}
    out = [_certain(one, side) for one in leg]
    for b, one in enumerate(back):
        if b not in shared:
            out.append(Contact(one.time_s - bias_s, one.time_s, one.side, one.confidence, None))
    out.sort(key=_when)
    alone = [
        at
        for at, contact in enumerate(out)
        if contact.side_confidence != 1.0
        and at > 0
        and _is_certain(out[at - 1])
        and (at + 1 == len(out) or _is_certain(out[at + 1]))
    ]
    for at in alone:
        out[at] = Contact(out[at].time_s, out[at].felt_s, opposite(side), 1.0, None)
    return out


def _is_certain(contact: Contact) -> bool:
    return contact.side_confidence == 1.0


def _felt_by_both(back: list[_Felt], leg: list[_Felt]) -> list[tuple[int, int]]:
    """Pairs of contacts that are each other's nearest, MATCH_S apart at most."""
    if not back or not leg:
        return []
    of_back, of_leg = [one.time_s for one in back], [one.time_s for one in leg]
    pairs = []
    for n, time_s in enumerate(of_leg):
        b = _nearest(of_back, time_s)
        if _nearest(of_leg, of_back[b]) == n and abs(of_back[b] - time_s) <= MATCH_S:
            pairs.append((b, n))
    return pairs


def _nearest(times_s: list[float], time_s: float) -> int:
    """Which of the times, in their order, is nearest."""
    at = bisect_left(times_s, time_s)
    if at == len(times_s) or (at > 0 and time_s - times_s[at - 1] <= times_s[at] - time_s):
        return at - 1
    return at
