"""Standing still as a test: hold time, steps out, and the sway of the longest undisturbed window."""

import math

import numpy as np

from dsp.body import BodyBlock
from dsp.clinic.stance_event import (
    BEST,
    HOLD_S,
    held_event,
    losses_s,
    measured,
    quiet_event,
    steps_out_s,
    sway_json,
    window_figures,
)
from dsp.clinic.stance_record import (
    FREE,
    HOLDING,
    OWN_LEAST_MPS,
    OWN_LEAST_MPS2,
    RECOVERY_S,
    REFUSED,
    SHUT,
    SIGNALS,
    STILL,
    STILL_S,
    WAITING,
    WAKE,
    WATCH_AFTER_S,
)
from dsp.clinic.stance_signals import follow
from dsp.clinic.wear import Wear
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.prompt import PROMPT_STATE, Prompt, Protocol, keep_prompt, kept_prompt
from dsp.wearing import Wearing
from sensing.block import Position

WORN_AT: frozenset[Position] = frozenset({"lower_back", "waist", "chest"})
PATIENCE_S = 15.0  # after the cue for standing still
SETTLE_S = 1.0  # after the hold: a foot lifted before its end has landed by then
UPRIGHT_SHARE = 0.1  # of each step in the vertical of somebody who stands: a step seen while sitting down must not rule
SHOWN_ROWS = 500  # sway so far is shown from here on
AT_CUE_S = 0.3  # what happens so soon after the cue, or before the end, happens at it
LASTS_S: dict[Protocol, float] = {"6mwt": 360.0, "2mwt": 120.0}
OTHER_LASTS_S = 60.0
ROSE_S = 3.0  # a rise that begins so soon after the start was a part of getting ready

STANCE_STATE = np.dtype(
    [
        ("signals", SIGNALS),
        ("best", BEST),
        ("prompt", PROMPT_STATE),
        ("seen_s", np.float64),  # up to here
        ("done", np.int64),  # the prompt has had its event
        ("stood", np.int64),  # at the start of the hold: 1 known to stand, -1 known to sit
        ("rose", np.int64),  # rose from sitting after the cue
    ],
    align=True,
)


def other_test_ends_s(prompt: Prompt) -> float:
    """Until then standing still belongs to another test, such as a rest in a walk."""
    begins_s = prompt.set_s if prompt.cue_s is None else prompt.cue_s
    lasts_s = LASTS_S.get(prompt.protocol, OTHER_LASTS_S)
    return min(begins_s + lasts_s, math.inf if prompt.end_cue_s is None else prompt.end_cue_s)


class Stance:
    """One prompted hold after the other; between them, quiet standing of 20 s and more that nobody asked for.

    A hold begins at the cue, or where the wearer stands still later than that; its end is the prompt's, the operator's,
    sitting down, or the first foot that is put down.
    """

    def __init__(self, wearing: Wearing, wear: Wear) -> None:
        self.state: State = fresh(STANCE_STATE)
        self._worn_right = wearing.position in WORN_AT
        self._wear = wear
        self.state[0]["signals"]["busy_s"] = -math.inf
        self._clear()

    def prompt(self, prompt: Prompt) -> list[Event]:
        """A new hold, which ends one that is decided; the same cue once more brings the one under way up to date."""
        s = self.state[0]
        if prompt.protocol != "stance":
            s["signals"]["busy_s"] = -math.inf if prompt.aborted else other_test_ends_s(prompt)
            return []
        before = kept_prompt(s["prompt"])
        if prompt.aborted:
            keep_prompt(None, s["prompt"])
            self._clear()
            return []
        same = before is not None and before.cue_s == prompt.cue_s and not (s["done"] and prompt.cue_s is None)
        made = [] if same or not self._decided() else [self._over(float(s["seen_s"]))]
        keep_prompt(prompt, s["prompt"])
        if not same:
            self._clear()
            s["done"] = 0
            s["signals"]["phase"] = WAITING if self._worn_right else REFUSED
        self._bound(prompt)
        return made

    def rows(self, block: BodyBlock) -> list[Event]:
        signals = self.state[0]["signals"]
        if not self._worn_right and signals["phase"] == FREE:
            return []
        made: list[Event] = []
        at, n = 0, len(block)
        while at < n:
            at, why = follow(signals, block.first_index, block.rows, at)
            if why == SHUT:
                self._measure(float(signals["shut_s"]))
            elif why == STILL:
                self._start()
            elif why == WAKE:
                made += self._wake(float(block.seen_s[at - 1]))
        self.state[0]["seen_s"] = block.seen_s[-1]
        return made

    def hear(self, event: Event) -> list[Event]:
        if not self._worn_right:
            return []
        if event.kind == "step" and event.fields.get("walking") is True:
            return self._stands(event, walks=True)
        if event.kind == "sit_to_stand":
            return self._stands(event, walks=False)
        if event.kind == "stand_to_sit":
            return self._sits(event)
        return []

    def finish(self, seen_s: float) -> list[Event]:
        s = self.state[0]
        if s["signals"]["phase"] == FREE:
            self._measure(float(s["signals"]["time_s"]) + STILL_S)
            return self._told(seen_s, at_end=True)
        return [self._over(seen_s, at_end=True)]

    def progress(self) -> dict[str, JsonValue] | None:
        s = self.state[0]
        signals, prompt = s["signals"], kept_prompt(s["prompt"])
        phase = signals["phase"]
        if phase not in (WAITING, HOLDING) or prompt is None:
            return None
        running = phase == HOLDING
        start_s, now_s = float(signals["start_s"]), float(signals["time_s"])
        over = running and (now_s >= signals["until_s"] or signals["left"] == 1)
        losses = losses_s(signals, float(signals["until_s"])) if running else []
        until_s = min([now_s, float(signals["until_s"]), *losses]) if running else now_s
        return {
            "protocol": "stance",
            "prompted": True,
            "state": "settling" if over else "running" if running else "waiting",
            "started_s": start_s if running else None,
            "elapsed_s": min(now_s, float(signals["until_s"])) - start_s if running else None,
            "condition": prompt.stance,
            "hold_s": prompt.hold_s or HOLD_S,
            "held_s": until_s - start_s if running else None,
            "loss_of_balance_s": list(losses),
            "steps_out_s": list(steps_out_s(signals, float(signals["until_s"]))) if running else [],
            "sway": self._sway_so_far(),
        }

    def _sway_so_far(self) -> dict[str, JsonValue] | None:
        s = self.state[0]
        signals = s["signals"]
        if signals["phase"] == HOLDING and signals["open"] and signals["kept"] >= SHOWN_ROWS:
            return sway_json(*window_figures(signals, int(signals["kept"])))
        best = s["best"]
        return sway_json(best["figures"], bool(best["known"])) if best["length"] else None

    def _clear(self) -> None:
        """Nothing is under way; what is known of the wearer's posture stays."""
        s = self.state[0]
        signals = s["signals"]
        signals["phase"] = FREE
        signals["open"] = signals["run"] = signals["left"] = signals["landings"] = signals["excursions"] = 0
        signals["pending_s"] = signals["doubtful_s"] = math.nan
        signals["wake_s"] = math.inf
        s["best"]["length"] = s["rose"] = 0

    def _bound(self, prompt: Prompt) -> None:
        """When to look next, from what the prompt says."""
        signals = self.state[0]["signals"]
        ends_s = math.inf if prompt.end_cue_s is None else prompt.end_cue_s
        begins_s = prompt.set_s if prompt.cue_s is None else prompt.cue_s
        if signals["phase"] == HOLDING:
            signals["until_s"] = min(float(signals["start_s"]) + (prompt.hold_s or HOLD_S), ends_s)
            if not signals["left"]:
                signals["wake_s"] = signals["until_s"] + SETTLE_S
        elif signals["phase"] == WAITING:
            signals["from_s"] = max(begins_s, float(signals["from_s"]) if self.state[0]["rose"] else -math.inf)
            signals["wake_s"] = min(ends_s, math.inf if prompt.cue_s is None else prompt.cue_s + PATIENCE_S)
        elif signals["phase"] == REFUSED:
            signals["wake_s"] = begins_s

    def _start(self) -> None:
        """The wearer stands still: the hold began."""
        s = self.state[0]
        signals, prompt = s["signals"], kept_prompt(s["prompt"])
        assert prompt is not None
        stands_s = max(float(signals["loud_s"]), float(signals["time_s"]) - STILL_S - STILL_S) + STILL_S
        signals["start_s"] = max(float(signals["from_s"]), stands_s)
        if not math.isfinite(signals["from_s"]):
            signals["start_s"] = stands_s
        signals["phase"] = HOLDING
        signals["own_speed"], signals["own_shock"] = OWN_LEAST_MPS**2, OWN_LEAST_MPS2**2
        s["stood"] = signals["standing"]
        self._bound(prompt)

    def _decided(self) -> bool:
        """Whether the hold is over already, and only waits for what may yet be told about it."""
        signals = self.state[0]["signals"]
        over = signals["time_s"] >= signals["until_s"] or signals["landings"] > 0
        return bool(signals["phase"] == HOLDING and over)

    def _wake(self, seen_s: float) -> list[Event]:
        signals = self.state[0]["signals"]
        if signals["phase"] == HOLDING and signals["landings"]:
            last_s = float(signals["landings_s"][signals["landings"] - 1])
            if signals["time_s"] < last_s + WATCH_AFTER_S and last_s < signals["until_s"]:
                signals["wake_s"] = last_s + WATCH_AFTER_S
                return []
        return [self._over(seen_s)]

    def _over(self, seen_s: float, at_end: bool = False, sat_s: float = math.inf) -> Event:
        """The prompt's event."""
        s = self.state[0]
        signals, prompt = s["signals"], kept_prompt(s["prompt"])
        assert prompt is not None
        self._measure(min(float(signals["until_s"]), sat_s) if signals["phase"] == HOLDING else -math.inf)
        event = held_event(s, prompt, self._wear, seen_s, at_end, sat_s)
        self._clear()
        signals["standing"] = min(int(signals["standing"]), 0)  # one event for one standing
        s["done"] = 1
        return event

    def _measure(self, end_s: float) -> None:
        """Keeps the open window's numbers if it is the longest yet."""
        s = self.state[0]
        if s["signals"]["open"] and math.isfinite(end_s):
            measured(s["signals"], s["best"], end_s, self._wear)
        s["signals"]["open"] = 0

    def _told(self, emitted_s: float, at_end: bool = False) -> list[Event]:
        """Quiet standing that nobody asked for is over: its event, if it was long enough."""
        best = self.state[0]["best"]
        event = quiet_event(best, emitted_s, at_end) if best["length"] else None
        best["length"] = 0
        return [] if event is None else [event]

    def _stands(self, event: Event, walks: bool) -> list[Event]:
        """The wearer walks or rose: is known to stand from now on."""
        s = self.state[0]
        signals = s["signals"]
        made: list[Event] = []
        if signals["phase"] == FREE:
            if signals["open"]:
                self._measure(event.time_s - RECOVERY_S)
            made = self._told(event.emitted_s, event.at_end)
        elif signals["phase"] == HOLDING and not walks and s["stood"] != 1:
            self._rises(event)
        signals["standing"] = 1
        share = UPRIGHT_SHARE if walks and np.any(signals["upright"]) else 1.0
        signals["upright"] += share * (signals["up"] - signals["upright"])
        return made

    def _rises(self, event: Event) -> None:
        """A hold that had begun on the chair begins again."""
        s = self.state[0]
        signals, prompt = s["signals"], kept_prompt(s["prompt"])
        start_s, end_s = float(signals["start_s"]), float(event.end_s or event.time_s)
        assert prompt is not None
        getting_ready = prompt.cue_s is None or event.time_s < start_s + ROSE_S
        if end_s > start_s and event.time_s < signals["until_s"] and getting_ready:
            self._clear()
            s["rose"] = 1
            signals["phase"], signals["from_s"] = WAITING, end_s
            self._bound(prompt)

    def _sits(self, event: Event) -> list[Event]:
        s = self.state[0]
        signals = s["signals"]
        made: list[Event] = []
        signals["standing"] = -1
        if signals["phase"] == FREE:
            self._measure(event.time_s - STILL_S)
            made = self._told(event.emitted_s, event.at_end)
        elif signals["phase"] == HOLDING:
            end_s = event.time_s if event.end_s is None else event.end_s
            if end_s > signals["start_s"] and event.time_s < signals["until_s"] - AT_CUE_S:
                made = [self._over(event.emitted_s, event.at_end, max(event.time_s, float(signals["start_s"])))]
        return made
