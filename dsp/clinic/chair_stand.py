"""Chair stands of the clinic: as many as possible in 30 s, or five against the clock."""

import math

import numpy as np

from dsp.body import BodyBlock
from dsp.clinic.chair_event import Done, told
from dsp.clinic.chair_heights import keep_heights, lifted
from dsp.clinic.chair_record import CHAIR_STATE, joined, keep_movement, kept_movements
from dsp.clinic.chair_set import LATE_S, ChairSet, chair_set, full_stands
from dsp.clinic.movement import Movement
from dsp.clinic.verdict import Reason, slip_reasons, verdict, wear_reasons
from dsp.clinic.wear import Wear
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.prompt import Prompt, Protocol, keep_prompt, kept_prompt
from dsp.turns.steps import keep_step, steps_within
from dsp.wearing import TRUNK, Wearing

PROTOCOLS: tuple[Protocol, ...] = ("chair_stand_30s", "chair_stand_5x")
CLOCK_S = 30.0
FIVE = 5
LIMIT_S = 120.0  # of five stands; the SPPB breaks off after 60 s (Guralnik 1994), the standard test says nothing
KNOWN_S = 5.0  # after its middle a movement has been told
EARLY_S = 0.3  # before the cue: nobody hears it so soon
SHORT_S = 1.0  # an operator's stop is as good as the clock's within this
# Without a prompt: a set is one rhythm, and as long as a test.
SET_GAP_S = 6.0
SET_S = (27.0, 33.0)
DOUBTFUL_S = 0.3  # what half of a rise is timed to
FILTER_S = 10.0  # what the height needs before
REMEMBERED_S = 150.0
SLIP_STANDS = 4  # of so many the first and the last two cycles are compared


class ChairStand:
    """Emits `chair_stand` (CONTRACT §3) from rises and sittings down, prompted or not.

    30 s: full stands from the cue (without one, the first movement) on; one counts whose second half, between leaving
    the seat and standing, has begun when the time is over (clinical reference §2.3). Sent 5 s after the clock. Nobody
    rose, and the trunk kept still: 0, which is a valid result. Five: until the seat is met after the fifth stand, or
    with variant "sppb" until that stand. Less than five is invalid: no time. Unprompted: at least five stands, never
    6 s apart, in one rhythm, nothing missed; exactly five and then 6 s without one are `chair_stand_5x`, a set of 27 to
    33 s is `chair_stand_30s`. Five that take 27 s could be either; they and sets of another length are not sent.
    """

    def __init__(self, wearing: Wearing, wear: Wear) -> None:
        self.state: State = fresh(CHAIR_STATE)
        self.state[0]["due_s"] = math.inf
        self.state[0]["free_s"] = -math.inf
        self._wear = wear
        self._trunk = wearing.position in TRUNK

    def prompt(self, prompt: Prompt) -> list[Event]:
        """A prompt of another test, or one that is broken off, ends the waiting."""
        s = self.state[0]
        present = self._prompt()
        if prompt.protocol not in PROTOCOLS or prompt.aborted:
            keep_prompt(None, s["prompt"])
            s["free_s"] = max(s["free_s"], prompt.set_s if prompt.aborted else -math.inf)
        else:
            same = present is not None and (present.protocol, present.cue_s) == (prompt.protocol, prompt.cue_s)
            if same and s["sent"] and (prompt.cue_s is not None or prompt.end_cue_s is not None):
                return []
            keep_prompt(prompt, s["prompt"])
            s["sent"] = 0
        s["due_s"] = self._due_s()
        return []

    def rows(self, block: BodyBlock) -> list[Event]:
        """Concludes what is due at one of these rows."""
        s = self.state[0]
        time_s = block.time_s
        if not s["begun"]:
            s["begun"], s["first_s"] = 1, time_s[0]
        events: list[Event] = []
        taken = 0
        while s["due_s"] <= time_s[-1]:
            at = int(np.searchsorted(time_s, s["due_s"]))
            if at > taken:
                keep_heights(s["heights"], _part(block, taken, at))
                taken = at
            s["now_s"] = s["due_s"]
            s["due_s"] = math.inf
            events += self._conclude(float(block.seen_s[at]), False)
        if taken < len(block):
            keep_heights(s["heights"], _part(block, taken, len(block)))
        s["now_s"] = time_s[-1]
        return events

    def hear(self, event: Event) -> list[Event]:
        """Steps, rises and sittings down; the fifth stand may end the test."""
        s = self.state[0]
        keep_step(s["steps"], event)
        if event.kind not in ("sit_to_stand", "stand_to_sit"):
            return []
        keep_movement(s, event)
        s["due_s"] = self._due_s()
        prompt = self._prompt()
        if prompt is not None and not s["sent"] and prompt.protocol == "chair_stand_5x":
            end_s = self._fifth_s(prompt)
            if end_s is not None:
                return self._send(prompt, end_s, "fifth_stand", event.emitted_s, event.at_end)
        return []

    def finish(self, seen_s: float) -> list[Event]:
        """The prompted test as far as it came, or a set that ended with the stream."""
        return self._conclude(seen_s, True) if self.state[0]["begun"] else []

    def progress(self) -> dict[str, JsonValue] | None:
        """Of the prompted test, from its prompt until its event."""
        s, prompt = self.state[0], self._prompt()
        if prompt is None or s["sent"]:
            return None
        now_s, start_s = float(s["now_s"]), self._start_s(prompt)
        waiting = start_s is None or now_s < start_s
        over_s = self._over_s(prompt)
        limit_s = CLOCK_S if prompt.protocol == "chair_stand_30s" else None
        found = None
        if start_s is not None and not waiting:
            found = self._set(start_s, min(now_s, over_s))
        elapsed_s = 0.0 if start_s is None or waiting else min(now_s, over_s) - start_s
        return {
            "protocol": prompt.protocol,
            "prompted": True,
            "state": "waiting" if waiting else "settling" if over_s <= now_s else "running",
            "started_s": None if start_s is None else round(start_s, 2),
            "elapsed_s": round(elapsed_s, 2),
            "left_s": None if limit_s is None else round(max(0.0, limit_s - elapsed_s), 2),
            "repetitions": len(found.stands) if found else 0,
            "incomplete": len(found.incomplete_s) if found else 0,
            "repetition_times_s": [round(stand.end_s, 2) for stand in found.stands] if found else [],
        }

    def _prompt(self) -> Prompt | None:
        return kept_prompt(self.state[0]["prompt"])

    def _start_s(self, prompt: Prompt) -> float | None:
        """The go; without one when the first movement after the prompt began."""
        if prompt.cue_s is not None:
            return prompt.cue_s
        return next((m.start_s for m in self._movements(prompt.set_s) if m.rises and m.start_s >= prompt.set_s), None)

    def _over_s(self, prompt: Prompt) -> float:
        """When the clock ends or the operator said stop; infinity while nobody knows."""
        start_s = self._start_s(prompt)
        stop_s = math.inf if prompt.end_cue_s is None else prompt.end_cue_s
        return min(stop_s, math.inf if start_s is None else start_s + _limit_s(prompt))

    def _due_s(self) -> float:
        """When everything is known about the prompted test, or a set has gone on for no longer."""
        s, prompt = self.state[0], self._prompt()
        now_s = float(s["now_s"])
        if prompt is not None and not s["sent"]:
            due_s = self._over_s(prompt) + KNOWN_S
            return min(due_s, math.floor(now_s) + 1.0) if prompt.protocol == "chair_stand_5x" else due_s
        newest = self._movements(now_s - SET_GAP_S - KNOWN_S)[-1:] if s["count"] else []
        due_s = newest[0].middle_s + SET_GAP_S + KNOWN_S if newest else math.inf
        return due_s if due_s > now_s else math.inf

    def _conclude(self, seen_s: float, at_end: bool) -> list[Event]:
        prompt = self._prompt()
        if prompt is None or self.state[0]["sent"]:
            return self._find(seen_s, at_end)
        s = self.state[0]
        over_s, now_s = self._over_s(prompt), float(s["now_s"])
        fifth_s = self._fifth_s(prompt) if prompt.protocol == "chair_stand_5x" else None
        if fifth_s is not None:
            return self._send(prompt, fifth_s, "fifth_stand", seen_s, at_end)
        if not at_end and now_s < over_s + KNOWN_S:
            s["due_s"] = self._due_s()
            return []
        if over_s > now_s:
            return self._send(prompt, now_s, "stream_ended", seen_s, at_end)
        start_s = self._start_s(prompt)
        by_clock = start_s is not None and over_s > start_s + _limit_s(prompt) - SHORT_S
        if prompt.protocol == "chair_stand_5x":
            return self._send(prompt, over_s, "gave_up", seen_s, at_end)
        return self._send(prompt, over_s, "time" if by_clock else "operator", seen_s, at_end)

    def _fifth_s(self, prompt: Prompt) -> float | None:
        """When five stands were done, None as long as they are not."""
        start_s = self._start_s(prompt)
        if start_s is None:
            return None
        movements = self._between(start_s, math.inf)
        stands = full_stands(movements)
        if len(stands) < FIVE:
            return None
        fifth = stands[FIVE - 1]
        if prompt.variant == "sppb":
            known = fifth.heard or self.state[0]["now_s"] > fifth.end_s + KNOWN_S
            return fifth.end_s if known else None
        return next((_met_s(m) for m in movements if not m.rises and m.start_s > fifth.start_s), None)

    def _movements(self, start_s: float) -> list[Movement]:
        """What was heard and what the height shows, of which the middle comes after start_s."""
        s = self.state[0]
        heard = kept_movements(s)
        if not heard and self._prompt() is None:
            return []
        found = joined(heard, lifted(s["heights"], start_s - FILTER_S))
        return [m for m in found if m.middle_s >= start_s]

    def _between(self, start_s: float, end_s: float) -> list[Movement]:
        """Movements that began after the start; a rise only if it was half-way up before the end."""
        kept = self._movements(start_s - EARLY_S)
        return [m for m in kept if m.start_s >= start_s - EARLY_S and _half_way_s(m) <= end_s]

    def _set(self, start_s: float, end_s: float) -> ChairSet:
        steps = int(steps_within(self.state[0]["steps"], start_s, end_s).size)
        around = self._movements(start_s - FILTER_S)
        return chair_set(self._between(start_s, end_s), around, (start_s, end_s), self._wear, steps)

    def _send(self, prompt: Prompt, end_s: float, why: str, seen_s: float, at_end: bool) -> list[Event]:
        s = self.state[0]
        s["sent"] = 1
        begun_s = self._start_s(prompt)
        started_s = begun_s if begun_s is not None else max(prompt.set_s, float(s["first_s"]))
        end_s = max(end_s, started_s)
        found = self._set(started_s, end_s)
        reasons = self._wear_reasons(found, started_s, end_s) + self._cue_reasons(prompt, found)
        reasons += self._end_reasons(prompt, found, why, end_s - started_s) + self._doubtful_end(why, end_s)
        s["free_s"], s["due_s"] = end_s, math.inf
        return [told(Done(prompt.protocol, prompt, started_s, end_s, why, found), reasons, seen_s, at_end)]

    def _wear_reasons(self, found: ChairSet, start_s: float, end_s: float) -> list[Reason]:
        """Losses; and the trunk's mean tilt over two cycles, late against early (at the end anybody may be rising)."""
        reasons = wear_reasons(self._wear.over(start_s, end_s))
        stands = found.stands
        if self._trunk and len(stands) >= SLIP_STANDS:
            early, late = (stands[0].start_s, stands[2].start_s), (stands[-3].start_s, stands[-1].start_s)
            reasons += slip_reasons(self._wear.slipped_rad(early, late))
        return reasons

    def _cue_reasons(self, prompt: Prompt, found: ChairSet) -> list[Reason]:
        """What the start says against a test."""
        cue_s = prompt.cue_s
        if cue_s is None:
            return []
        before = self._movements(prompt.set_s)
        if any(m.start_s < cue_s - EARLY_S < m.end_s - EARLY_S for m in before):
            return [Reason("invalid", "The movement began before the cue.")]
        if found.stands and found.stands[0].start_s - cue_s > LATE_S:
            late_s = found.stands[0].start_s - cue_s
            return [Reason("attention", f"The first stand began only {late_s:.0f} s after the cue.")]
        return []

    def _end_reasons(self, prompt: Prompt, found: ChairSet, why: str, lasted_s: float) -> list[Reason]:
        n = len(found.stands)
        if prompt.protocol == "chair_stand_5x":
            if why != "fifth_stand":
                return [Reason("invalid", f"Only {n} of {FIVE} stands were found.")]
            unsure = prompt.variant == "sppb" and not found.stands[-1].heard
            return [Reason("attention", "The end of the fifth stand is known to a second only.")] if unsure else []
        if why == "stream_ended":
            return [Reason("invalid", f"The samples ended after {lasted_s:.0f} of 30 s.")]
        if why == "operator":
            return [Reason("attention", f"The test was stopped after {lasted_s:.0f} of 30 s.")]
        return []

    def _doubtful_end(self, why: str, end_s: float) -> list[Reason]:
        """A rise that was half-way just when the time was over may count or not."""
        near = [m for m in self._movements(end_s - CLOCK_S) if m.rises and abs(_half_way_s(m) - end_s) < DOUBTFUL_S]
        if why != "time" or not near:
            return []
        return [
            Reason("attention", "The wearer was half-way up just as the time was over: that stand may count or not.")
        ]

    def _find(self, seen_s: float, at_end: bool) -> list[Event]:
        """A test that nobody set up, if the set that ends here is one."""
        s = self.state[0]
        movements = _last_set(self._movements(max(float(s["free_s"]), float(s["now_s"]) - REMEMBERED_S)))
        if movements and not at_end and s["now_s"] < movements[-1].middle_s + SET_GAP_S + KNOWN_S:
            s["due_s"] = movements[-1].middle_s + SET_GAP_S + KNOWN_S  # the height shows that it goes on
            return []
        rises = [m for m in movements if m.rises]
        if len(rises) < FIVE or rises[0].start_s < s["free_s"]:
            return []
        start_s, end_s = rises[0].start_s, movements[-1].end_s
        five = len(rises) == FIVE
        long = SET_S[0] <= end_s - start_s <= SET_S[1]
        if five == long or (at_end and s["now_s"] < movements[-1].middle_s + SET_GAP_S):
            return []
        if five and movements[-1].rises:
            return []
        end_s = _met_s(movements[-1]) if five else start_s + CLOCK_S
        found = self._set(start_s, end_s)
        reasons = self._wear_reasons(found, start_s, end_s)
        if found.reasons or verdict(reasons) == "invalid":
            return []
        reasons.append(
            Reason("attention", "Nobody set this test up: where it began and ended is taken from the rhythm.")
        )
        s["free_s"] = movements[-1].end_s
        protocol: Protocol = "chair_stand_5x" if five else "chair_stand_30s"
        why = "fifth_stand" if five else "time"
        return [told(Done(protocol, None, start_s, end_s, why, found), reasons, seen_s, at_end)]


def _limit_s(prompt: Prompt) -> float:
    return CLOCK_S if prompt.protocol == "chair_stand_30s" else LIMIT_S


def _part(block: BodyBlock, start: int, stop: int) -> BodyBlock:
    return BodyBlock(block.first_index + start, block.rows[start:stop])


def _half_way_s(m: Movement) -> float:
    """When a rise has half of its height; where that was not seen, half-way from leaving the seat to standing."""
    if m.rises and m.half_s is not None:
        return m.half_s
    return 0.5 * ((m.seat_s if m.seat_s is not None else m.start_s) + m.end_s) if m.rises else m.start_s


def _met_s(sit: Movement) -> float:
    """When the seat is met."""
    return sit.seat_s if sit.seat_s is not None else sit.end_s


def _last_set(movements: list[Movement]) -> list[Movement]:
    """The newest movements, as far back as each rise came soon enough after the one before."""
    first = len(movements)
    later_s = None
    for at in range(len(movements) - 1, -1, -1):
        m = movements[at]
        if later_s is not None and later_s - m.start_s > SET_GAP_S:
            break
        if m.rises:
            later_s = m.start_s
            first = at
    return movements[first:]
