"""A test of the clinic of the simplest kind, for what the server does around the detectors' own ones."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from dsp.body import BodyBlock
from dsp.clinic.test import ClinicTest
from dsp.clinic.verdict import verdict_fields, wear_reasons
from dsp.clinic.wear import Wear
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.pipeline import Pipeline
from dsp.prompt import PROMPT_STATE, Prompt, keep_prompt, kept_prompt
from dsp.wearing import Wearing

LASTS_S, LATE_S = 6.0, 1.5
MINIMAL_STATE = np.dtype([("prompt", PROMPT_STATE), ("time_s", np.float64), ("seen_s", np.float64)], align=True)


class Minimal:
    """A "TUG" lasts six seconds from its cue, or until the operator ends it; its event comes 1.5 s later.

    One of seven metres does not end by itself. Every walking bout is a "TUG" that nobody set up.
    """

    def __init__(self, wearing: Wearing, wear: Wear) -> None:
        self.state: State = fresh(MINIMAL_STATE)
        self._wear = wear

    @property
    def _prompt(self) -> Prompt | None:
        return kept_prompt(self.state[0]["prompt"])

    def prompt(self, prompt: Prompt) -> list[Event]:
        if prompt.protocol == "tug":
            keep_prompt(None if prompt.aborted else prompt, self.state[0]["prompt"])
        return []

    def rows(self, block: BodyBlock) -> list[Event]:
        s, prompt = self.state[0], self._prompt
        s["time_s"], s["seen_s"] = block.time_s[-1], block.seen_s[-1]
        if prompt is None or prompt.cue_s is None:
            return []
        end_s = _end_s(prompt) if prompt.end_cue_s is None else prompt.end_cue_s
        late = np.flatnonzero(block.time_s >= end_s + LATE_S)
        if not late.size:
            return []
        keep_prompt(None, s["prompt"])
        return [self._event(prompt, end_s, float(block.seen_s[late[0]]))]

    def hear(self, event: Event) -> list[Event]:
        if event.kind != "walking_bout":
            return []
        fields: dict[str, JsonValue] = {"duration_s": 9.5, "phases": [], "prompted": False, "clock": "motion"}
        fields |= {"cue_s": None, "verdict": "valid", "reasons": []}
        return [Event("tug", event.time_s, event.emitted_s, event.end_s, fields)]

    def finish(self, seen_s: float) -> list[Event]:
        prompt = self._prompt
        if prompt is None or prompt.cue_s is None or prompt.cue_s > seen_s:
            return []
        return [replace(self._event(prompt, seen_s, seen_s), at_end=True)]

    def progress(self) -> dict[str, JsonValue] | None:
        prompt, now_s = self._prompt, float(self.state[0]["time_s"])
        if prompt is None or prompt.cue_s is None or now_s < prompt.cue_s:
            return None
        state = "settling" if now_s >= _end_s(prompt) else "running"
        return {"protocol": "tug", "prompted": True, "state": state, "elapsed_s": now_s - prompt.cue_s, "steps": 0}

    def _event(self, prompt: Prompt, end_s: float, emitted_s: float) -> Event:
        assert prompt.cue_s is not None
        verdict = verdict_fields(wear_reasons(self._wear.over(prompt.cue_s, end_s)))
        duration_s = None if verdict["verdict"] == "invalid" else end_s - prompt.cue_s
        fields: dict[str, JsonValue] = {"duration_s": duration_s, "phases": [], "prompted": True, "clock": "cue"}
        return Event("tug", prompt.cue_s, emitted_s, end_s, {**fields, "cue_s": prompt.cue_s, **verdict})


def _end_s(prompt: Prompt) -> float:
    assert prompt.cue_s is not None
    return math.inf if prompt.course_length_m == 7.0 else prompt.cue_s + LASTS_S


@contextmanager
def minimal_tests() -> Iterator[None]:
    """Pipelines made meanwhile have this test alone."""
    made = Pipeline.__init__.__defaults__
    tests: tuple[type[ClinicTest], ...] = (Minimal,)
    assert made is not None
    Pipeline.__init__.__defaults__ = (made[0], tests)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        Pipeline.__init__.__defaults__ = made  # type: ignore[attr-defined]
