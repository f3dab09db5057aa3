"""The big numbers of a stored session over its time, folded from its events by the same Tally as live."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dsp.events import Event
from dsp.pair import Pair, PairNumbers
from dsp.tally import Numbers, Rolling, Sides, Tally
from dsp.wearing import Wearing
from sensing.recording import Facts
from server.number_models import NumbersOverTime, PairThen, RollingThen, SidesThen
from server.plan import wearing_of
from server.storage.store import StoredEvent

STEP_S = 0.5
LONGEST_S = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class Partner:
    """The session that was worn together with another; offset_s: what the other's clock showed at this one's 0."""

    session_id: str
    wearing: Wearing
    events: Sequence[StoredEvent]
    offset_s: float


def event_from_json(plain: Mapping[str, Any]) -> Event:
    """The inverse of Event.to_json."""
    named = {"kind", "time_s", "emitted_s", "end_s", "at_end"}
    return Event(
        kind=plain["kind"],
        time_s=plain["time_s"],
        emitted_s=plain["emitted_s"],
        end_s=plain.get("end_s"),
        fields={name: value for name, value in plain.items() if name not in named},
        at_end=bool(plain.get("at_end")),
    )


def numbers_over_time(
    found: Sequence[StoredEvent], facts: Mapping[str, Any], end_s: float, partner: Partner | None = None
) -> NumbersOverTime:
    """At 0, 0.5, 1 … s until end_s and the last event: the numbers from the events that had been emitted by then."""
    wearing = wearing_of(Facts.from_json(facts))
    tally = Tally(wearing)
    events = events_of(found)
    last_s = max([end_s, *(event.emitted_s for event in events[-1:])])
    times: list[float] = []
    shown: list[Numbers] = []
    done = 0
    for index in range(int(min(max(last_s, 0.0), LONGEST_S) / STEP_S) + 2):
        now_s = index * STEP_S
        until = done
        while until < len(events) and events[until].emitted_s <= now_s:
            until += 1
        tally.update(events[done:until])
        done = until
        times.append(now_s)
        shown.append(tally.numbers(now_s))
    return NumbersOverTime(
        time_s=times,
        steps=[numbers.steps for numbers in shown],
        cadence_spm=[numbers.cadence_spm for numbers in shown],
        walking=[numbers.bout is not None for numbers in shown],
        distance_m=[numbers.distance_m for numbers in shown],
        rolling=_rolling(shown),
        sides=_sides(times, shown),
        pair=[] if partner is None else pair_over_time(wearing, events, times, partner),
    )


def events_of(found: Sequence[StoredEvent]) -> list[Event]:
    """Stored events in the order they were emitted."""
    return sorted((event_from_json(stored.event) for stored in found), key=lambda event: event.emitted_s)


def pair_over_time(
    wearing: Wearing, events: Sequence[Event], times_s: Sequence[float], partner: Partner
) -> list[PairThen]:
    """What both sensors told together at those times, one entry per change."""
    pair = Pair(wearing, partner.wearing, partner.offset_s)
    streams = [deque(events), deque(events_of(partner.events))]
    told: list[PairThen] = []
    for now_s in times_s:
        for which, clock_s in enumerate((now_s, now_s - partner.offset_s)):
            stream, emitted = streams[which], []
            while stream and stream[0].emitted_s <= clock_s:
                emitted.append(stream.popleft())
            pair.update(which, emitted, clock_s)
        numbers = pair.numbers(now_s)
        if numbers is not None:
            then = PairThen.model_validate({**told_together(partner.session_id, numbers), "emitted_s": now_s})
            if not told or then.model_copy(update={"emitted_s": told[-1].emitted_s}) != told[-1]:
                told.append(then)
    return told


def told_together(with_session_id: str, found: PairNumbers) -> dict[str, Any]:
    """A pair's numbers as they go over the wire."""
    measured = found.measured
    return {
        "with_session_id": with_session_id,
        "double_support": measured.double_support,
        "left_step_time_s": measured.left_step_time_s,
        "right_step_time_s": measured.right_step_time_s,
        "steps": measured.steps,
    }


def _rolling(shown: Sequence[Numbers]) -> list[RollingThen]:
    found: list[Rolling] = []
    for numbers in shown:
        if numbers.rolling is not None and numbers.rolling not in found[-1:]:
            found.append(numbers.rolling)
    return [
        RollingThen.model_validate({**one.values, "time_s": one.time_s, "emitted_s": one.emitted_s}) for one in found
    ]


def _sides(times: Sequence[float], shown: Sequence[Numbers]) -> list[SidesThen]:
    found: list[tuple[float, Sides]] = []
    for now_s, numbers in zip(times, shown, strict=True):
        if numbers.sides is not None and (not found or numbers.sides != found[-1][1]):
            found.append((now_s, numbers.sides))
    return [SidesThen(emitted_s=now_s, **asdict(sides)) for now_s, sides in found]
