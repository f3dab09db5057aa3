"""Which stretches of the stream belong to a test that somebody set up: nothing else is looked for in them."""

import math

import numpy as np

from dsp.detector import State, fresh
from dsp.events import Event
from dsp.prompt import PROTOCOLS, Prompt, Protocol

KEPT = 8
KINDS: dict[Protocol, str] = {
    "tug": "tug",
    "6mwt": "walk_test",
    "2mwt": "walk_test",
    "10mwt": "walk_test",
    "t25fw": "walk_test",
    "chair_stand_30s": "chair_stand",
    "chair_stand_5x": "chair_stand",
    "stance": "stance",
}
SPAN = np.dtype(
    [
        ("protocol", np.int64),  # 1 + its place in PROTOCOLS, 0: none
        ("cue_s", np.float64),
        ("start_s", np.float64),
        ("end_s", np.float64),
    ],
    align=True,
)
BUSY_STATE = np.dtype([("spans", SPAN, (KEPT,)), ("next", np.int64)], align=True)


class Busy:
    """Follows the prompts and what became of them; `state` is all it remembers."""

    def __init__(self) -> None:
        self.state: State = fresh(BUSY_STATE)

    def prompt(self, prompt: Prompt) -> None:
        """A test is set up, brought up to date (same protocol and cue), or broken off."""
        s = self.state[0]
        number, cue_s = 1 + PROTOCOLS.index(prompt.protocol), math.nan if prompt.cue_s is None else prompt.cue_s
        spans = s["spans"]
        same = (spans["protocol"] == number) & ((spans["cue_s"] == cue_s) | np.isnan(spans["cue_s"]))
        at = int(np.flatnonzero(same)[-1]) if same.any() else int(s["next"])
        if not same.any():
            s["next"] = (at + 1) % KEPT
            begins = prompt.cue_s if prompt.cue_s is not None and prompt.set_s == -math.inf else prompt.set_s
            spans[at] = (number, cue_s, begins, math.inf)
        spans[at]["cue_s"] = cue_s
        if prompt.aborted:
            spans[at]["end_s"] = prompt.set_s
        elif prompt.end_cue_s is not None:
            spans[at]["end_s"] = min(spans[at]["end_s"], prompt.end_cue_s)

    def allows(self, event: Event) -> bool:
        """False for a test that nobody set up, within one of another kind that somebody did."""
        if event.fields.get("prompted") is not False:
            self._over(event)
            return True
        end_s = event.time_s if event.end_s is None else event.end_s
        return not any(
            span["protocol"] and KINDS[PROTOCOLS[int(span["protocol"]) - 1]] != event.kind
            and event.time_s < span["end_s"] and end_s > span["start_s"]
            for span in self.state[0]["spans"]
        )  # fmt: skip

    def _over(self, event: Event) -> None:
        """A prompted test has had its event: what comes after it is free."""
        end_s = event.time_s if event.end_s is None else event.end_s
        for span in self.state[0]["spans"]:
            if span["protocol"] and KINDS[PROTOCOLS[int(span["protocol"]) - 1]] == event.kind:
                span["end_s"] = min(float(span["end_s"]), max(end_s, float(span["start_s"])))
