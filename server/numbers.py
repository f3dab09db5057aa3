"""The big numbers of a stored session over its time, folded from its events by the same Tally as live."""

from collections.abc import Mapping, Sequence
from typing import Any

from dsp.events import Event
from dsp.tally import Tally
from sensing.recording import Facts
from server.models import NumbersOverTime
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
    steps: list[int] = []
    cadence: list[float | None] = []
    walking: list[bool] = []
    done = 0
    for index in range(int(min(max(last_s, 0.0), LONGEST_S) / STEP_S) + 2):
        now_s = index * STEP_S
        until = done
        while until < len(events) and events[until].emitted_s <= now_s:
            until += 1
        tally.update(events[done:until])
        done = until
        numbers = tally.numbers(now_s)
        times.append(now_s)
        steps.append(numbers.steps)
        cadence.append(numbers.cadence_spm)
        walking.append(numbers.bout is not None)
    return NumbersOverTime(time_s=times, steps=steps, cadence_spm=cadence, walking=walking)
