"""Timed Up and Go: rise, walk out, turn, walk back, turn, sit down; timed with its phases."""

import math

import numpy as np

from dsp.body import BodyBlock
from dsp.clinic.tug_event import failed, told
from dsp.clinic.tug_judge import (
    LEAST_STEPS,
    cue_reasons,
    looks_like_one,
    turn_reasons,
    turns_on_the_spot,
    waiting_reasons,
)
from dsp.clinic.tug_measure import Tested, measure
from dsp.clinic.tug_progress import phases_so_far
from dsp.clinic.tug_record import EVERY, TUG_STATE, keep_rise, kept_rise, take_rows, time_of, transition_of
from dsp.clinic.tug_trunk import from_calm, to_calm
from dsp.clinic.tug_turns import FILMED, MARKED
from dsp.clinic.tug_wrist import ARM_STRAYS_RAD, LOOK_TICKS, arm_events, look_for_test
from dsp.clinic.verdict import Reason, slip_reasons, verdict, wear_reasons
from dsp.clinic.wear import Wear
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.prompt import Prompt, keep_prompt, kept_prompt
from dsp.turns.steps import keep_step, steps_within
from dsp.wearing import TRUNK, Wearing

WALKED_STEPS = 4  # a rise that fewer steps and no half turns follow was an attempt
SETTLE_S = 8.0  # after the operator's stop: the longest that sitting down and its detection take
LIMIT_S = 300.0  # after the cue: nobody waits longer
# The pocket's start and end were checked on tests of 8 to 13 s. Who takes longer rises more slowly, and leans forward
# for longer before the thigh moves: with a simulated rise of 3 s the time comes out 1.8 s too short.
SLOW_S = 20.0
LOOK_ROWS = LOOK_TICKS * EVERY


class Tug:
    """Emits `tug` (CONTRACT §3) about a second after the wearer has sat down; prompted or not.

    It hears the rise and the sitting down and follows the heading itself; at the wrist, where neither is felt, it looks
    for the whole test (dsp.clinic.tug_wrist) and sends `sit_to_stand`, `stand_to_sit` and the two `turn` with it.
    `duration_s` is by `clock`: from the cue of a prompt that has one, else from the first movement of the rise, to
    sitting with the trunk at rest. `seat_duration_s` is from leaving the seat to meeting it. Unprompted only a test
    that would be valid is sent; a prompted one that fails is sent with verdict "invalid", its reasons and no numbers.
    Clinical reference §2.1.
    """

    def __init__(self, wearing: Wearing, wear: Wear) -> None:
        self.state: State = fresh(TUG_STATE)
        self._wear = wear
        self._trunk = wearing.position in TRUNK
        self._arm = wearing.position == "wrist"
        self._thigh = wearing.position in ("pocket", "thigh")
        self._shares = FILMED if self._thigh else MARKED

    def prompt(self, prompt: Prompt) -> list[Event]:
        """A prompt of another test, or one that is broken off, ends the waiting."""
        s = self.state[0]
        present = self._prompt()
        if prompt.protocol != "tug" or prompt.aborted:
            keep_prompt(None, s["prompt"])
            s["waiting"] = 0
            return []
        if present is None or present.cue_s != prompt.cue_s:
            s["waiting"] = 1
            s["attempts"] = s["refused"] = 0
        keep_prompt(prompt, s["prompt"])
        return []

    def rows(self, block: BodyBlock) -> list[Event]:
        """Follows the heading; gives up a prompt that has waited too long."""
        s = self.state[0]
        events = self._arm_rows(block) if self._arm else []
        if not self._arm:
            take_rows(s, block.first_index, block.rows)
        prompt = self._prompt() if s["waiting"] else None
        if prompt is None:
            return events
        deadline_s = _deadline_s(prompt)
        late = int(np.searchsorted(block.time_s, deadline_s, side="left"))
        return events + (self._given_up(float(block.seen_s[late]), False) if late < len(block) else [])

    def hear(self, event: Event) -> list[Event]:
        """Steps, rises and sittings down."""
        s = self.state[0]
        keep_step(s["steps"], event)
        if event.end_s is None or self._arm:
            return []
        if event.kind == "sit_to_stand":
            keep_rise(s["rise"], transition_of(event))
        elif event.kind == "stand_to_sit":
            rise, sit = kept_rise(s["rise"]), transition_of(event)
            s["rise"]["known"] = 0
            if rise is not None and sit.start_s >= rise.end_s and s["sees_turns"]:
                if self._trunk:
                    rise, sit = from_calm(s, rise), to_calm(s, sit, event.emitted_s)
                return self._done(measure(s, rise, sit, self._shares), event.emitted_s, event.at_end)
        return []

    def finish(self, seen_s: float) -> list[Event]:
        """What the arm shows so far; a prompted test that has had no result is told as such."""
        events = self._look(seen_s, True) if self._arm else []
        return events + (self._given_up(seen_s, True) if self.state[0]["waiting"] else [])

    def progress(self) -> dict[str, JsonValue] | None:
        """Of a prompted test: the phases as far as they have come, the last one without an end."""
        s, prompt = self.state[0], self._prompt()
        if prompt is None or not s["waiting"]:
            return None
        now_s = time_of(int(s["last_tick"]))
        rise = kept_rise(s["rise"])
        if rise is not None and prompt.cue_s is not None and rise.end_s < prompt.cue_s:
            rise = None
        phases = phases_so_far(s, rise, now_s) if rise is not None else []
        start_s = prompt.cue_s if prompt.cue_s is not None else rise.start_s if rise is not None else None
        if start_s is not None and now_s < start_s:
            start_s = None
        return {
            "protocol": "tug",
            "prompted": True,
            "state": "waiting" if start_s is None else "running",
            "started_s": start_s,
            "elapsed_s": None if start_s is None else round(now_s - start_s, 2),
            "phase": phases[-1][0] if phases and phases[-1][2] is None else None,
            "phases": [{"name": name, "start_s": a_s, "end_s": b_s} for name, a_s, b_s in phases],
            "steps": int(steps_within(s["steps"], rise.start_s, now_s).size) if rise is not None else 0,
        }

    def _prompt(self) -> Prompt | None:
        return kept_prompt(self.state[0]["prompt"])

    def _done(self, tested: Tested, emitted_s: float, at_end: bool) -> list[Event]:
        """Somebody has sat down: was that a test?"""
        s, prompt = self.state[0], self._prompt()
        reasons = self._reasons(tested)
        if prompt is None or not s["waiting"] or (prompt.cue_s is not None and tested.sit.end_s < prompt.cue_s):
            found = looks_like_one(tested, 0 if self._thigh else LEAST_STEPS) and verdict(reasons) != "invalid"
            return [told(tested, None, reasons, emitted_s, at_end)] if found else []
        if tested.step_times_s.size < WALKED_STEPS and turn_reasons(tested):
            s["attempts"] += 1
            return []
        reasons += cue_reasons(tested, prompt, int(s["attempts"]))
        if verdict(reasons) == "invalid" and prompt.cue_s is None:
            s["refused"] = 1  # without a cue nobody knows that this was to be the test
            return []
        s["waiting"] = 0
        return [told(tested, prompt, reasons, emitted_s, at_end)]

    def _arm_rows(self, block: BodyBlock) -> list[Event]:
        """Takes rows and looks for a test at the same moments however the stream is cut."""
        events: list[Event] = []
        start, n = 0, len(block)
        while start < n:
            stop = min(n, start + LOOK_ROWS - (block.first_index + start) % LOOK_ROWS)
            take_rows(self.state[0], block.first_index + start, block.rows[start:stop])
            if (block.first_index + stop) % LOOK_ROWS == 0:
                events += self._look(float(block.seen_s[stop - 1]), False)
            start = stop
        return events

    def _look(self, seen_s: float, at_end: bool) -> list[Event]:
        """A test that the arm's movements have just completed."""
        s = self.state[0]
        tested = look_for_test(s, time_of(int(s["last_tick"])), at_end) if s["sees_turns"] else None
        if tested is None or tested.rise.start_s < s["told_s"]:
            return []
        prompt = self._prompt()
        reasons = self._reasons(tested)
        mine = prompt if s["waiting"] else None
        if mine is not None and mine.cue_s is not None and tested.sit.end_s < mine.cue_s:
            mine = None
        if verdict(reasons) == "invalid" or not looks_like_one(tested, 0):
            return []
        if mine is None and not turns_on_the_spot(tested):
            return []
        s["told_s"] = tested.sit.end_s
        if mine is not None:
            reasons += cue_reasons(tested, mine, 0)
            s["waiting"] = 0
        return [*arm_events(tested, seen_s, at_end), told(tested, mine, reasons, seen_s, at_end)]

    def _reasons(self, tested: Tested) -> list[Reason]:
        reasons = turn_reasons(tested, ARM_STRAYS_RAD) if self._arm else turn_reasons(tested)
        reasons += wear_reasons(self._wear.over(tested.rise.start_s, tested.sit.end_s))
        if self._trunk:
            reasons += waiting_reasons(tested)
        if tested.turns is not None and self._trunk:
            spans = {name: (start_s, end_s) for name, start_s, end_s in tested.phases}
            reasons += slip_reasons(self._wear.slipped_rad(spans["walk_out"], spans["walk_back"]))
        if self._arm:
            reasons.append(Reason("attention", "A wrist does not feel the seat: start and end are the arm's."))
        if self._thigh and tested.sit.end_s - tested.rise.start_s > SLOW_S:
            text = "A slow rise begins with a lean that a pocket does not feel: the time may be too short."
            reasons.append(Reason("attention", text))
        return reasons

    def _given_up(self, seen_s: float, at_end: bool) -> list[Event]:
        """The prompt's waiting is over without a result."""
        s, prompt = self.state[0], self._prompt()
        s["waiting"] = 0
        if prompt is None:
            return []
        rise = kept_rise(s["rise"])
        why = "No rise from the seat was found." if rise is None else "Sitting down again was not found."
        if s["refused"] and rise is None:
            why = "Between rising and sitting down no way out and back with two half turns was found."
        if self._arm:
            why = "Out and back with two half turns between two rests of the arm was not found."
        if not s["sees_turns"]:
            why = "The sensor has no gyroscope: turns cannot be seen."
        first_s = time_of(int(s["first_tick"]))
        begun_s = prompt.cue_s if prompt.cue_s is not None else rise.start_s if rise is not None else first_s
        begun_s = begun_s if begun_s < seen_s else first_s
        return [failed(prompt, begun_s, why, seen_s, at_end)] if begun_s < seen_s else []


def _deadline_s(prompt: Prompt) -> float:
    """When a prompt has waited long enough."""
    if prompt.end_cue_s is not None:
        return prompt.end_cue_s + SETTLE_S
    return prompt.cue_s + LIMIT_S if prompt.cue_s is not None else math.inf
