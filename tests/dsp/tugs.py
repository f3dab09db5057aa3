"""Timed Up and Go tests whose times are known: simulated at the lower back, and drawn as the movements of an arm."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dsp.body import COLUMNS, GYR_AP, GYR_ML, GYR_V, SEEN, TIME, UP_X, UP_Z, VALID, BodyBlock, Floats
from dsp.detector import Detector, State, fresh
from dsp.detectors.gait import Gait
from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.prompt import Prompt
from dsp.wearing import Wearing
from sensing.simulator import Mounting, Person, Sensor, simulate
from sensing.simulator.activities import Activity
from tests.dsp.walks import Stream

TOLD_AFTER_S = 1.0  # a rise or a sitting down is told so long after its end


@dataclass(frozen=True)
class Simulated:
    """A stream at the lower back with everything that is known of it."""

    stream: Stream
    truth: dict[str, Any]

    @property
    def phases(self) -> dict[str, tuple[float, float]]:
        return {phase["name"]: (phase["start_s"], phase["end_s"]) for phase in self.truth["tug"]["phases"]}

    def without(self, start_s: float, end_s: float) -> "Simulated":
        time_s = self.stream.time_s
        return replace(self, stream=self.stream.keep((time_s < start_s) | (time_s > end_s)))


def simulated(script: list[Activity], seed: int = 1, rate_hz: float = 104.0, tilt_deg: float = 0.0) -> Simulated:
    person = replace(Person.drawn(seed), height_m=1.7)
    mounting = Mounting(pitch_deg=tilt_deg, roll_deg=0.3 * tilt_deg)
    made = simulate(script, person, "lower_back", Sensor(rate_hz=rate_hz), mounting, seed)
    return Simulated(Stream(made.time_s, made.acc_mps2, made.gyr_radps, made.time_s[:0], rate_hz), made.truth)


def telling(truth: dict[str, Any]) -> type[Detector]:
    """A detector that tells rises and sittings down as they truly were."""
    told = [("sit_to_stand", "seat_off_s", t) for t in truth["sit_to_stand"]]
    told += [("stand_to_sit", "seat_on_s", t) for t in truth["stand_to_sit"]]
    told.sort(key=lambda entry: entry[2]["end_s"])

    class Telling:
        def __init__(self, wearing: Wearing) -> None:
            self.state: State = fresh(np.dtype([("told", np.int64)]))

        def update(self, block: BodyBlock) -> list[Event]:
            return self._told(float(block.seen_s[-1]), block.seen_s, False)

        def finish(self, seen_s: float) -> list[Event]:
            return self._told(seen_s, np.array([seen_s]), True)

        def _told(self, until_s: float, seen_s: Floats, at_end: bool) -> list[Event]:
            events = []
            for kind, seat, true in told[int(self.state["told"][0]) :]:
                if true["end_s"] + TOLD_AFTER_S > until_s:
                    break
                at_s = float(seen_s[np.searchsorted(seen_s, true["end_s"] + TOLD_AFTER_S)])
                fields = {seat: true[seat], "peak_rate_radps": 1.5}
                events.append(Event(kind, true["start_s"], at_s, true["end_s"], fields, at_end))
                self.state["told"] += 1
            return events

    return Telling


def tugs_of(test: Simulated, prompts: tuple[Prompt, ...] = (), cuts: list[int] | None = None) -> list[Event]:
    """The `tug` events of a pipeline that is told the true rises and sittings down."""
    pipeline = pipeline_of(test, prompts)
    events = [event for block in test.stream.blocks(cuts or []) for event in pipeline.update(block).events]
    return [event for event in events + pipeline.finish().events if event.kind == "tug"]


def pipeline_of(test: Simulated, prompts: tuple[Prompt, ...] = ()) -> Pipeline:
    return Pipeline(Wearing("lower_back", height_m=1.7, prompts=prompts), [Gait, telling(test.truth)])


@dataclass(frozen=True)
class Arm:
    """An arm that rests, hangs while its owner walks out and back, and rests again; times in seconds."""

    quiet_s: float = 1.0
    out_s: float = 3.0
    back_s: float = 3.0
    turn_s: float = 1.6
    turns_deg: tuple[float, float] = (180.0, 180.0)
    rests_deg: tuple[float, float] = (70.0, 80.0)  # from hanging, before and after
    swing_deg: float = 15.0
    after_s: float = 4.0

    @property
    def edges_s(self) -> list[float]:
        """Stir, hangs, turn 1 begins and ends, turn 2 begins and ends, lifted, at rest."""
        steps = [self.quiet_s, 1.2, self.out_s, self.turn_s, self.back_s, self.turn_s, 0.6, 0.8]
        return [float(edge) for edge in np.cumsum(steps)]

    def rows(self) -> BodyBlock:
        stir, hangs, out, turned, back, around, lifted, rests = self.edges_s
        t = np.arange(round((rests + self.after_s) * 100.0)) / 100.0
        rest = np.radians(self.rests_deg)
        angle = rest[0] * (1.0 - _eased(t, stir, hangs)) + rest[1] * _eased(t, lifted, rests)
        walking = _eased(t, hangs - 0.3, hangs + 0.3) * (1.0 - _eased(t, lifted - 0.3, lifted + 0.3))
        angle = angle + math.radians(self.swing_deg) * walking * np.sin(2.0 * math.pi * t / 1.1)
        turns = np.radians(self.turns_deg)
        heading = turns[0] * _eased(t, out, turned) + turns[1] * _eased(t, back, around)
        rows = np.zeros((t.size, COLUMNS))
        rows[:, TIME] = rows[:, SEEN] = t
        rows[:, VALID] = 1.0
        rows[:, UP_X], rows[:, UP_Z] = np.sin(angle), np.cos(angle)
        rows[:, GYR_ML], rows[:, GYR_V] = np.gradient(angle) * 100.0, np.gradient(heading) * 100.0
        rows[:, GYR_AP] = 0.01
        return BodyBlock(0, rows)


def _eased(t: Floats, start_s: float, end_s: float) -> Floats:
    """0 before, 1 after, minimum jerk between."""
    s = np.clip((t - start_s) / (end_s - start_s), 0.0, 1.0)
    eased: Floats = 10.0 * s**3 - 15.0 * s**4 + 6.0 * s**5
    return eased
