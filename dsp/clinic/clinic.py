"""The tests of the clinic behind the detectors: rows, events and prompts in the order of the stream."""

import math
from collections.abc import Iterable
from operator import attrgetter

import numpy as np

from dsp.body import BodyBlock
from dsp.clinic.busy import Busy
from dsp.clinic.test import ClinicTest
from dsp.clinic.wear import Wear
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.prompt import PROMPT_STATE, Prompt, keep_prompt, kept_prompt
from dsp.wearing import Wearing

MOST_WAITING = 8

CLINIC_STATE = np.dtype(
    [
        ("known", np.int64),  # prompts of the wearing that have come into force
        ("waiting", np.int64),  # prompts told meanwhile that have not
        ("told", PROMPT_STATE, (MOST_WAITING,)),
    ],
    align=True,
)


class Clinic:
    """Feeds every test the same way however the stream was cut: rows with seen_s up to an event's emitted_s come
    before it, a prompt before the first row at or after its set_s."""

    def __init__(self, wearing: Wearing, tests: Iterable[type[ClinicTest]]) -> None:
        self._wear = Wear()
        self._busy = Busy()
        self._own: State = fresh(CLINIC_STATE)
        self._known = tuple(sorted(wearing.prompts, key=attrgetter("set_s")))
        self._tests = [make(wearing, self._wear) for make in tests]

    @property
    def states(self) -> list[State]:
        """Everything that is remembered."""
        return [self._wear.state, self._busy.state, self._own, *(test.state for test in self._tests)]

    def prompt(self, prompt: Prompt) -> None:
        """Comes into force at the first row at or after its set_s, which must not have been seen yet.

        Raises ValueError where too many wait: then no rows have come for a long time.
        """
        s = self._own[0]
        n = int(s["waiting"])
        if n == MOST_WAITING:
            raise ValueError("too many prompts are waiting for samples; the sensor sends nothing")
        keep_prompt(prompt, s["told"][n])
        s["waiting"] = n + 1

    def update(self, block: BodyBlock, events: Iterable[Event]) -> list[Event]:
        """What the tests make of these rows and of the detectors' events that they brought out, in emitted order."""
        made: list[Event] = []
        seen_s, taken = block.seen_s, 0
        for event in events:
            until = int(np.searchsorted(seen_s, event.emitted_s, side="right"))
            made += self._rows(block, taken, until)
            taken = max(taken, until)
            for test in self._tests:
                made += self._allowed(test.hear(event))
        return made + self._rows(block, taken, len(block))

    def finish(self, events: Iterable[Event], seen_s: float) -> list[Event]:
        """The detectors' last events, then the tests' own."""
        made = [own for event in events for test in self._tests for own in self._allowed(test.hear(event))]
        return made + [own for test in self._tests for own in self._allowed(test.finish(seen_s))]

    def progress(self) -> dict[str, JsonValue] | None:
        """Of the prompted test under way, else of one that seems to be under way."""
        under_way = [found for test in self._tests if (found := test.progress()) is not None]
        return next((found for found in under_way if found.get("prompted")), under_way[0] if under_way else None)

    def _rows(self, block: BodyBlock, start: int, stop: int) -> list[Event]:
        made: list[Event] = []
        while start < stop:
            part = stop
            at_s = self._next_set_s()
            if math.isfinite(at_s) or at_s < 0.0:
                part = start + int(np.searchsorted(block.time_s[start:stop], at_s, side="left"))
            if part == start:
                prompt = self._take_prompt()
                self._busy.prompt(prompt)
                made += [event for test in self._tests for event in self._allowed(test.prompt(prompt))]
                continue
            rows = block if part - start == len(block) else BodyBlock(block.first_index + start, block.rows[start:part])
            self._wear.rows(rows)
            for test in self._tests:
                made += self._allowed(test.rows(rows))
            start = part
        return made

    def _allowed(self, made: list[Event]) -> list[Event]:
        return [event for event in made if self._busy.allows(event)]

    def _next_set_s(self) -> float:
        s = self._own[0]
        known = self._known[int(s["known"])].set_s if s["known"] < len(self._known) else math.inf
        return min(known, float(s["told"][0]["set_s"])) if s["waiting"] else known

    def _take_prompt(self) -> Prompt:
        s = self._own[0]
        known = self._known[int(s["known"])] if s["known"] < len(self._known) else None
        told = kept_prompt(s["told"][0]) if s["waiting"] else None
        if known is not None and (told is None or known.set_s <= told.set_s):
            s["known"] += 1
            return known
        assert told is not None
        s["told"][:-1] = s["told"][1:].copy()
        s["waiting"] -= 1
        return told
