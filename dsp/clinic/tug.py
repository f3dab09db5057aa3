"""Timed Up and Go: rise, walk out, turn, walk back, turn, sit down; timed with its phases."""

import math

import numpy as np

from dsp.body import BodyBlock
from dsp.clinic.tug_judge import cue_reasons, looks_like_one, turn_reasons
from dsp.clinic.tug_measure import Tested, Transition, measure, steady_gait
from dsp.clinic.tug_progress import phases_so_far
from dsp.clinic.tug_record import TUG_STATE, take_rows, time_of
from dsp.clinic.verdict import Reason, slip_reasons, verdict, verdict_fields, wear_reasons
from dsp.clinic.wear import Wear
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.prompt import Prompt, keep_prompt, kept_prompt
from dsp.turns.steps import keep_step, steps_within
from dsp.wearing import TRUNK, Wearing

WALKED_STEPS = 4  # a rise that fewer steps follow was an attempt
SETTLE_S = 8.0  # after the operator's stop: the longest that sitting down and its detection take
LIMIT_S = 300.0  # after the cue: nobody waits longer


class Tug:
    """Emits `tug` (CONTRACT §3) when a `stand_to_sit` is heard, so about a second after its end; prompted or not.

    It hears the rise and the sitting down and follows the heading itself. `duration_s` is by `clock`: from the cue of a
    prompt that has one, else from the first movement of the rise, to sitting with the trunk at rest. `seat_duration_s`
    is from leaving the seat to meeting it. Unprompted only a test that would be valid is sent; a prompted one that
    fails is sent with verdict "invalid", its reasons and no numbers. Clinical reference §2.1.
    """

    def __init__(self, wearing: Wearing, wear: Wear) -> None:
        self.state: State = fresh(TUG_STATE)
        self._wear = wear
        self._trunk = wearing.position in TRUNK

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
            s["attempts"] = 0
        keep_prompt(prompt, s["prompt"])
        return []

    def rows(self, block: BodyBlock) -> list[Event]:
        """Follows the heading; gives up a prompt that has waited too long."""
        s, prompt = self.state[0], self._prompt()
        take_rows(s, block)
        deadline_s = _deadline_s(prompt) if prompt is not None and s["waiting"] else math.inf
        late = int(np.searchsorted(block.time_s, deadline_s, side="left"))
        return self._given_up(float(block.seen_s[late]), False) if late < len(block) else []

    def hear(self, event: Event) -> list[Event]:
        """Steps, rises and sittings down."""
        s = self.state[0]
        keep_step(s["steps"], event)
        if event.kind == "sit_to_stand" and event.end_s is not None:
            _keep_rise(s["rise"], _transition(event))
        elif event.kind == "stand_to_sit" and event.end_s is not None:
            return self._sat(event)
        return []

    def finish(self, seen_s: float) -> list[Event]:
        """A prompted test that has had no result is told as such."""
        return self._given_up(seen_s, True) if self.state[0]["waiting"] else []

    def progress(self) -> dict[str, JsonValue] | None:
        """Of a prompted test: the phases as far as they have come, the last one without an end."""
        s, prompt = self.state[0], self._prompt()
        if prompt is None or not s["waiting"]:
            return None
        now_s = time_of(int(s["last_tick"]))
        rise = _kept_rise(s["rise"])
        if rise is not None and prompt.cue_s is not None and rise.end_s < prompt.cue_s:
            rise = None
        phases = phases_so_far(s, rise, now_s) if rise is not None else []
        start_s = prompt.cue_s if prompt.cue_s is not None else rise.start_s if rise is not None else None
        running = start_s is not None and now_s >= start_s
        steps = int(steps_within(s["steps"], rise.start_s, now_s).size) if rise is not None else 0
        return {
            "protocol": "tug",
            "prompted": True,
            "state": "running" if running else "waiting",
            "started_s": start_s if running else None,
            "elapsed_s": round(now_s - start_s, 2) if running and start_s is not None else None,
            "phase": phases[-1][0] if phases and phases[-1][2] is None else None,
            "phases": [{"name": name, "start_s": start_s, "end_s": end_s} for name, start_s, end_s in phases],
            "steps": steps,
        }

    def _prompt(self) -> Prompt | None:
        return kept_prompt(self.state[0]["prompt"])

    def _sat(self, event: Event) -> list[Event]:
        """Somebody has sat down: was that a test?"""
        s, prompt = self.state[0], self._prompt()
        rise, sit = _kept_rise(s["rise"]), _transition(event)
        s["rise"]["known"] = 0
        if rise is None or sit.start_s < rise.end_s or not s["sees_turns"]:
            return []
        tested = measure(s, rise, sit)
        if prompt is None or not s["waiting"] or (prompt.cue_s is not None and sit.end_s < prompt.cue_s):
            found = looks_like_one(tested) and verdict(self._reasons(tested)) != "invalid"
            return [self._event(tested, None, event.emitted_s, event.at_end)] if found else []
        if tested.step_times_s.size < WALKED_STEPS:
            s["attempts"] += 1
            return []
        told = self._event(tested, prompt, event.emitted_s, event.at_end)
        if told.fields["verdict"] == "invalid" and prompt.cue_s is None:
            return []  # without a cue nobody knows that this was to be the test
        s["waiting"] = 0
        return [told]

    def _reasons(self, tested: Tested) -> list[Reason]:
        reasons = turn_reasons(tested)
        reasons += wear_reasons(self._wear.over(tested.rise.start_s, tested.sit.end_s))
        if tested.turns is not None and self._trunk:
            spans = {name: (start_s, end_s) for name, start_s, end_s in tested.phases}
            reasons += slip_reasons(self._wear.slipped_rad(spans["walk_out"], spans["walk_back"]))
        return reasons

    def _event(self, tested: Tested, prompt: Prompt | None, emitted_s: float, at_end: bool) -> Event:
        reasons = self._reasons(tested)
        if prompt is not None:
            reasons += cue_reasons(tested, prompt, int(self.state[0]["attempts"]))
        cue_s = prompt.cue_s if prompt is not None else None
        start_s, end_s = tested.rise.start_s, tested.sit.end_s
        valid = verdict(reasons) != "invalid"
        cue_duration_s = round(end_s - cue_s, 4) if valid and cue_s is not None else None
        motion_duration_s = round(end_s - start_s, 4) if valid else None
        fields: dict[str, JsonValue] = {
            "duration_s": motion_duration_s if cue_s is None else cue_duration_s,
            "clock": "motion" if cue_s is None else "cue",
            "cue_duration_s": cue_duration_s,
            "motion_duration_s": motion_duration_s,
            "seat_duration_s": _seat_duration_s(tested) if valid else None,
            "phases": [
                {"name": name, "start_s": round(a_s, 4), "end_s": round(b_s, 4)} for name, a_s, b_s in tested.phases
            ],
            **(_numbers(tested) if valid else dict.fromkeys(NUMBERS)),
            "gait": steady_gait(tested, prompt.course_length_m if prompt else None) if valid else None,
            "course_length_m": prompt.course_length_m if prompt is not None else None,
            "prompted": prompt is not None,
            "cue_s": cue_s,
            **verdict_fields(reasons),
        }
        begun_s = start_s if cue_s is None else cue_s
        return Event("tug", round(begun_s, 4), emitted_s, round(end_s, 4), fields, at_end)

    def _given_up(self, seen_s: float, at_end: bool) -> list[Event]:
        """The prompt's waiting is over without a result."""
        s, prompt = self.state[0], self._prompt()
        s["waiting"] = 0
        if prompt is None:
            return []
        rise = _kept_rise(s["rise"])
        text = "No rise from the seat was found." if rise is None else "Sitting down again was not found."
        if not s["sees_turns"]:
            text = "The sensor has no gyroscope: turns cannot be seen."
        first_s = rise.start_s if rise is not None else time_of(int(s["first_tick"]))
        fields: dict[str, JsonValue] = {
            **dict.fromkeys(("duration_s", "cue_duration_s", "motion_duration_s", "seat_duration_s", *NUMBERS, "gait")),
            "clock": "motion" if prompt.cue_s is None else "cue",
            "phases": [],
            "course_length_m": prompt.course_length_m,
            "prompted": True,
            "cue_s": prompt.cue_s,
            **verdict_fields([Reason("invalid", text)]),
        }
        begun_s = first_s if prompt.cue_s is None else prompt.cue_s
        return [Event("tug", round(begun_s, 4), seen_s, None, fields, at_end)]


NUMBERS = (
    "steps",
    "steps_in_turn_1",
    "steps_in_turn_2",
    "peak_pitch_rate_up_radps",
    "peak_pitch_rate_down_radps",
    "peak_yaw_rate_1_radps",
    "peak_yaw_rate_2_radps",
    "turn_1_angle_rad",
    "turn_2_angle_rad",
    "turn_to_sit_s",
)


def _numbers(tested: Tested) -> dict[str, JsonValue]:
    """The fields of NUMBERS, for a test with its turns."""
    assert tested.turns is not None
    first, second = tested.turns
    steps = tested.step_times_s
    walked = steps[(steps > tested.rise.start_s) & (steps < tested.sit.end_s)]
    values: tuple[JsonValue, ...] = (
        int(walked.size) or None,
        first.steps,
        second.steps,
        tested.rise.peak_radps,
        tested.sit.peak_radps,
        round(first.peak_radps, 4),
        round(second.peak_radps, 4),
        round(first.angle_rad, 4),
        round(second.angle_rad, 4),
        round(max(second.end_s, tested.sit.end_s) - min(second.start_s, tested.sit.start_s), 4),
    )
    return dict(zip(NUMBERS, values, strict=True))


def _seat_duration_s(tested: Tested) -> float | None:
    left_s, met_s = tested.rise.seat_s, tested.sit.seat_s
    return round(met_s - left_s, 4) if left_s is not None and met_s is not None else None


def _deadline_s(prompt: Prompt) -> float:
    """When a prompt has waited long enough."""
    if prompt.end_cue_s is not None:
        return prompt.end_cue_s + SETTLE_S
    return prompt.cue_s + LIMIT_S if prompt.cue_s is not None else math.inf


def _transition(event: Event) -> Transition:
    assert event.end_s is not None
    seat = "seat_off_s" if event.kind == "sit_to_stand" else "seat_on_s"
    return Transition(event.time_s, event.end_s, _number(event, seat), _number(event, "peak_rate_radps"))


def _number(event: Event, name: str) -> float | None:
    value = event.fields.get(name)
    return float(value) if isinstance(value, int | float) else None


def _keep_rise(record: np.void, rise: Transition) -> None:
    record["known"] = 1
    record["start_s"], record["end_s"] = rise.start_s, rise.end_s
    record["seat_s"] = math.nan if rise.seat_s is None else rise.seat_s
    record["peak_radps"] = math.nan if rise.peak_radps is None else rise.peak_radps


def _kept_rise(record: np.void) -> Transition | None:
    if not record["known"]:
        return None
    seat_s, peak_radps = (float(record[name]) for name in ("seat_s", "peak_radps"))
    return Transition(
        float(record["start_s"]),
        float(record["end_s"]),
        None if math.isnan(seat_s) else seat_s,
        None if math.isnan(peak_radps) else peak_radps,
    )
