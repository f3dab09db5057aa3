"""Walk tests of the clinic: six and two minutes, ten metres, twenty-five feet."""

import math

import numpy as np

from dsp.body import GYR_V, SEEN, TIME, BodyBlock, Floats
from dsp.clinic.walk_distance import Walk
from dsp.clinic.walk_found import STOOD_AT_END_S, STOOD_S, found_walk
from dsp.clinic.walk_line import LIMIT_S, SETTLED_S, Line, StepLengths, passed
from dsp.clinic.walk_past import PAST_STATE, WalkPast
from dsp.clinic.walk_result import EARLY_S, SHORT_S, Judge, Trial, distance_of, progress_fields, trial_fields
from dsp.clinic.walk_timed import course_of, run_in_of, timed_fields
from dsp.clinic.walk_way import usual_gaps_s
from dsp.clinic.wear import Wear
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.gait.lengths import length_errors
from dsp.prompt import PROMPT_STATE, Prompt, Protocol, keep_prompt, kept_prompt
from dsp.wearing import Wearing

CLOCKS_S: dict[Protocol, float] = {"6mwt": 360.0, "2mwt": 120.0}
TIMED: tuple[Protocol, ...] = ("10mwt", "t25fw")
TURN_KNOWN_S = 12.0  # after the clock: a turn that was under way is told 2 to 3 s after its end, at most 11 s

WALK_TEST_STATE = np.dtype(
    [
        ("past", PAST_STATE),
        ("prompt", PROMPT_STATE),
        ("sent", np.int64),  # 1: the prompt's event has been sent
        ("begun", np.int64),  # 1: rows have come
        ("feels_turns", np.int64),
        ("due_s", np.float64),  # when to send the prompt's event, or to look for a test that nobody set up
        ("free_s", np.float64),  # a test found unprompted must start after it
        ("now_s", np.float64),  # time of the newest row
        ("seen_s", np.float64),
    ],
    align=True,
)


class WalkTest:
    """Emits `walk_test` (CONTRACT §3) from steps and turns, prompted or, for six and two minutes, also unprompted.

    6mwt, 2mwt: until 360 s or 120 s after the go (without one, after the first foot moved) or the operator's stop, what
    is earlier; sent 12 s later. On a corridor of known length the distance is its lengths between half turns (see
    dsp.clinic.walk_laps) and the last part by steps that are as long as those of the lengths before; minute by minute,
    steps within a length count alike. Elsewhere it is the model's (`distance_method` "steps"), an estimate. `laps` are
    lengths walked from end to end. What walks 10 m or 25 feet and when it is over: dsp.clinic.walk_line.
    """

    def __init__(self, wearing: Wearing, wear: Wear) -> None:
        self.state: State = fresh(WALK_TEST_STATE)
        self.state[0]["free_s"] = -math.inf
        self.state[0]["due_s"] = math.inf
        self._wearing = wearing
        self._wear = wear
        self._past = WalkPast(self.state[0]["past"], wearing)

    def prompt(self, prompt: Prompt) -> list[Event]:
        """A prompt that is not an update ends the one before: its event is sent if its clock had run out."""
        events = self._take(prompt)
        self.state[0]["due_s"] = self._due_s()
        return events

    def _take(self, prompt: Prompt) -> list[Event]:
        s = self.state[0]
        present = self._prompt()
        if present is not None and self._same(present, prompt):
            if s["sent"]:
                return []
            keep_prompt(None if prompt.aborted else prompt, s["prompt"])
            s["free_s"] = max(s["free_s"], prompt.set_s if prompt.aborted else -math.inf)
            return []
        events: list[Event] = []
        if present is not None and not s["sent"] and self._over_s(present) <= s["now_s"]:
            events = self._send(present, float(s["seen_s"]), False)
        mine = prompt.protocol in CLOCKS_S or prompt.protocol in TIMED
        if not prompt.aborted:
            keep_prompt(prompt if mine else None, s["prompt"])
            s["sent"] = 0
        return events

    def rows(self, block: BodyBlock) -> list[Event]:
        """Sends what is due at one of these rows."""
        s = self.state[0]
        if not s["begun"]:
            s["begun"] = 1
            s["feels_turns"] = math.isfinite(block.rows[0, GYR_V]) and self._wearing.position != "wrist"
            s["free_s"] = max(s["free_s"], float(block.time_s[0]))
        events, rows = [], block.rows
        if s["due_s"] <= rows[-1, TIME]:
            until = 1 + int(np.searchsorted(rows[:, TIME], s["due_s"]))
            self._keep(rows[:until])
            events = self._send_or_find(float(s["seen_s"]), False)
            s["due_s"] = math.inf
            rows = rows[until:]
        self._keep(rows)
        return events

    def _keep(self, rows: Floats) -> None:
        if rows.shape[0]:
            self._past.rows(rows)
            self.state[0]["now_s"], self.state[0]["seen_s"] = rows[-1, TIME], rows[-1, SEEN]

    def hear(self, event: Event) -> list[Event]:
        """Remembers steps and turns."""
        self._past.hear(event)
        self.state[0]["due_s"] = self._due_s()
        return []

    def finish(self, seen_s: float) -> list[Event]:
        """The prompted test as far as it came, or one that ended too shortly before the stream did."""
        return self._send_or_find(seen_s, True) if self.state[0]["begun"] else []

    def _send_or_find(self, seen_s: float, at_end: bool) -> list[Event]:
        prompt = self._prompt()
        if prompt is not None and not self.state[0]["sent"]:
            return self._send(prompt, seen_s, at_end)
        return self._find(seen_s, at_end)

    def progress(self) -> dict[str, JsonValue] | None:
        """Of the prompted test, from its prompt until its event."""
        s = self.state[0]
        prompt = self._prompt()
        if prompt is None or s["sent"]:
            return None
        now_s = float(s["now_s"])
        wanted_s = CLOCKS_S.get(prompt.protocol, LIMIT_S)
        start_s = self._start_s(prompt)
        state = "waiting" if start_s is None or now_s < start_s else "running"
        over_s = self._over_s(prompt)
        if over_s <= now_s:
            state = "settling"
        walk = self._walk(start_s if start_s is not None else now_s, min(now_s, over_s))
        course_m = prompt.course_length_m if prompt.protocol in CLOCKS_S else None
        fields = progress_fields(walk, distance_of(walk, course_m) if state != "waiting" else None, wanted_s)
        if state == "waiting":
            fields |= {"started_s": start_s, "elapsed_s": 0.0, "left_s": wanted_s}
        return {"protocol": prompt.protocol, "prompted": True, "state": state, **fields}

    def _prompt(self) -> Prompt | None:
        return kept_prompt(self.state[0]["prompt"])

    def _same(self, present: Prompt, prompt: Prompt) -> bool:
        """Is it the present test that is told more of? Without a cue, one that was sent can only be told its end."""
        alike = present.protocol == prompt.protocol and present.cue_s == prompt.cue_s
        fresh_one = prompt.cue_s is None and bool(self.state[0]["sent"]) and prompt.end_cue_s is None
        return alike and not fresh_one

    def _start_s(self, prompt: Prompt) -> float | None:
        """The go; without one when the first foot moved after the prompt, a usual step before its contact."""
        if prompt.cue_s is not None:
            return prompt.cue_s
        times_s = self._past.times_s
        times_s = times_s[times_s >= prompt.set_s]
        return float(times_s[0] - usual_gaps_s(times_s)[0]) if times_s.size else None

    def _over_s(self, prompt: Prompt) -> float:
        """When the clock ends or the operator said stop, or the line was passed; infinity while nobody knows."""
        start_s = self._start_s(prompt)
        if start_s is None:
            return math.inf
        if prompt.protocol in CLOCKS_S:
            return _earlier(start_s + CLOCKS_S[prompt.protocol], prompt.end_cue_s)
        line = self._line(prompt, start_s)
        return line.end_s if line is not None else start_s + LIMIT_S

    def _due_s(self) -> float:
        """When everything is known about the prompted test, or somebody has stood for long enough to have ended one."""
        s = self.state[0]
        prompt = self._prompt()
        if prompt is None or s["sent"]:
            times_s = self._past.times_s
            due_s = float(times_s[-1]) + STOOD_S if times_s.size else math.inf
            return due_s if due_s > s["now_s"] else math.inf
        if prompt.protocol in CLOCKS_S:
            return self._over_s(prompt) + TURN_KNOWN_S
        start_s = self._start_s(prompt)
        if start_s is None:
            return math.inf
        line = self._line(prompt, start_s)
        return line.settled_s if line is not None else start_s + LIMIT_S + SETTLED_S

    def _walk(self, start_s: float, end_s: float, own_stop: bool = False) -> Walk:
        after_s = math.nextafter(start_s, math.inf)
        return Walk(self._past.steps.between(after_s, math.inf), self._past.turns, start_s, end_s, own_stop)

    def _line(self, prompt: Prompt, start_s: float) -> Line | None:
        walk = self._walk(start_s, start_s + LIMIT_S)
        if not walk.steps.time_s.size:
            return None
        lengths = StepLengths(length_errors(self._wearing).share, self._wearing.calibration is not None)
        now_s = float(walk.steps.time_s[-1]) + SETTLED_S
        return passed(walk, course_of(prompt), run_in_of(prompt), prompt.end_cue_s, lengths, now_s)

    def _send(self, prompt: Prompt, seen_s: float, at_end: bool) -> list[Event]:
        s = self.state[0]
        now_s = float(s["now_s"])
        s["sent"] = 1
        judge = Judge(self._wearing, self._wear, bool(s["feels_turns"]))
        start_s = self._start_s(prompt)
        if start_s is None:
            start_s = min(max(prompt.set_s, 0.0), now_s)
        before = (
            int(self._past.steps.between(start_s - EARLY_S, start_s).time_s.size) if prompt.cue_s is not None else 0
        )
        if prompt.protocol in CLOCKS_S:
            wanted_s = CLOCKS_S[prompt.protocol]
            over_s = _earlier(start_s + wanted_s, prompt.end_cue_s)
            own_stop = over_s < start_s + wanted_s - SHORT_S or now_s < over_s
            walk = self._walk(start_s, max(start_s, min(over_s, now_s)), own_stop)
            cut_s = now_s if now_s < over_s else None
            trial = Trial(prompt.protocol, True, prompt.cue_s, prompt.course_length_m, wanted_s, walk, cut_s, before)
            fields, end_s = trial_fields(trial, judge), walk.end_s
        else:
            line = self._line(prompt, start_s)
            end_s = line.end_s if line is not None else min(now_s, start_s + LIMIT_S)
            start_s = line.start_s if line is not None else start_s
            fields = timed_fields(prompt, self._walk(self._start_s(prompt) or start_s, end_s), line, before, judge)
        s["free_s"] = max(s["free_s"], end_s)
        return [Event("walk_test", round(start_s, 4), seen_s, round(max(start_s, end_s), 4), fields, at_end)]

    def _find(self, seen_s: float, at_end: bool) -> list[Event]:
        s, times_s = self.state[0], self._past.times_s
        if not s["feels_turns"] or not times_s.size or s["now_s"] - times_s[-1] < STOOD_AT_END_S:
            return []
        found = found_walk(self._past.steps, self._past.turns, float(s["free_s"]))
        if found is None:
            return []
        walk = found.walk
        wanted_s = walk.end_s - walk.start_s
        trial = Trial(found.protocol, False, None, None, wanted_s, walk, None, 0)
        fields = trial_fields(trial, Judge(self._wearing, self._wear, True))
        if fields["verdict"] == "invalid":
            return []
        s["free_s"] = walk.end_s
        return [Event("walk_test", round(walk.start_s, 4), seen_s, round(walk.end_s, 4), fields, at_end)]


def _earlier(clock_s: float, stop_s: float | None) -> float:
    return clock_s if stop_s is None else min(clock_s, stop_s)
