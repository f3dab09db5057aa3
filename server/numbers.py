"""The big numbers of a stored session over its time, folded from its events by the same Tally as live."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from dsp.events import Event
from dsp.tally import Numbers, Rolling, Sides, Tally
from sensing.recording import Facts
from server.number_models import NumbersOverTime, RollingThen, SidesThen
from server.plan import wearing_of
from server.storage.store import StoredEvent

STEP_S = 0.5
LONGEST_S = 7 * 86400.0


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


def numbers_over_time(found: Sequence[StoredEvent], facts: Mapping[str, Any], end_s: float) -> NumbersOverTime:
    """At 0, 0.5, 1 … s until end_s and the last event: the numbers from the events that had been emitted by then."""
    tally = Tally(wearing_of(Facts.from_json(facts)))
    events = sorted((event_from_json(stored.event) for stored in found), key=lambda event: event.emitted_s)
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
    )


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
