"""Seeded people who do the tests of the clinic, over the whole range of simulator.md: for evaluating the detectors.

`trial("tug", 17)` is always the same person, doing the same, with the same sensor. Some are meant to be no valid test:
the sensor slips, too much is lost, the operator breaks off; the truth says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sensing.block import Position
from sensing.packets import Json
from sensing.simulator.activities import Script
from sensing.simulator.drawing import Performance
from sensing.simulator.people import Loss, Mounting, Person, Sensor
from sensing.simulator.perform import perform
from sensing.simulator.shapes import Array
from sensing.simulator.simulate import Simulated, internal_rate_hz, observe
from sensing.simulator.trial_scripts import TASKS, Task, performance
from sensing.simulator.trial_truth import cue_of, test_truth
from sensing.simulator.truth import truth_of

# Limits of the verdict (PLAN of the tests: more lost, a longer hole, a larger slip is no valid test), and the margin
# within which a detector that measures them may judge either way.
SLIP_INVALID_DEG, SLIP_SEEN_DEG = 30.0, 15.0
LOST_INVALID, LOST_SEEN = 0.10, 0.02
HOLE_INVALID_S = 1.0
MARGIN = 1.2
FAULTS = {"slips": 0.03, "many lost": 0.03, "hole": 0.03, "aborted": 0.02}  # shares of the trials
ANY: tuple[str, ...] = ("valid", "attention", "invalid")


@dataclass(frozen=True, slots=True)
class Trial:
    """One person, one test. `fault` is why the test is no valid one, or None."""

    protocol: Task
    seed: int
    person: Person
    performance: Performance
    sensor: Sensor
    mounting: Mounting
    height_known: bool
    fault: str | None

    @property
    def script(self) -> Script:
        return self.performance.script

    @property
    def condition(self) -> str:
        """A word to group by."""
        return self.fault or self.performance.kind

    def make(self, position: Position = "lower_back") -> Simulated:
        """The recording, with what an operator noted as facts (`tests` holds the prompts) and truth["trial"] added.

        That has the protocol, seed, condition, fault, what the operator was `told`, the `verdicts` that are right, and
        as `test` what the event should say (trial_truth.py), None where no whole test was done.
        """
        motion = perform(self.script, self.person, self.seed, internal_rate_hz(self.sensor))
        stretch = 1.0 + self.sensor.clock_skew_ppm * 1e-6
        truth = truth_of(motion, stretch)
        cue_s = cue_of(truth)
        found = test_truth(self.protocol, self.performance, truth)
        end_s = found["end_s"] if found else cue_s + 8.0
        sensor, mounting = self._worn(0.5 * (cue_s + end_s) / stretch)
        made = observe(motion, self.script, position, sensor, mounting)
        trial: dict[str, Any] = {
            "protocol": self.protocol,
            "condition": self.condition,
            "fault": self.fault,
            "told": self.performance.told,
            "course_told": self.performance.course_told,
            "test": found,
            "verdicts": list(ANY) if found is None else self._verdicts(made, found["start_s"], end_s),
        }
        return replace(made, facts=self._facts(made, cue_s, end_s), truth=made.truth | {"trial": trial})

    def _worn(self, middle_s: float) -> tuple[Sensor, Mounting]:
        """The sensor and its seat with what happens to them in the middle of the test."""
        rng = np.random.default_rng([self.seed, 0x51])
        if self.fault == "slips":
            angle = float(rng.uniform(37.0, 40.0) * rng.choice([-1.0, 1.0]))
            return self.sensor, replace(self.mounting, slips=((middle_s, angle, 0.6),))
        if self.fault == "hole":
            return replace(self.sensor, holes_s=((middle_s, 2.0),)), self.mounting
        if self.fault == "many lost":
            return replace(self.sensor, loss=Loss(good=0.14, bad=0.14)), self.mounting
        return self.sensor, self.mounting

    def _facts(self, made: Simulated, cue_s: float, end_s: float) -> dict[str, Any]:
        facts = {key: made.facts[key] for key in ("position", "rate_hz", "sensor", "simulated", "seed", "label")}
        if self.height_known:
            facts["person"] = made.facts["person"]
        prompts = self._prompts(cue_s, end_s)
        if prompts:
            known = ("cue_s", "end_cue_s", "course_length_m", "stance")
            facts |= {"test": self.protocol, **{key: prompts[0][key] for key in known if key in prompts[0]}}
            facts["tests"] = prompts
        return facts

    def _prompts(self, cue_s: float, end_s: float) -> list[dict[str, Json]]:
        """What the operator set up and pressed, in the form of the facts' `tests`."""
        did = self.performance
        if did.told == "nothing":
            return []
        stated: Mapping[str, Json] = {
            "course_length_m": did.course_length_m if did.course_told else None,
            "stance": did.stance,
            "hold_s": did.hold_s,
            "variant": did.variant,
            "cue_s": cue_s if did.told == "cue" else None,
            "end_cue_s": end_s if did.end_told else None,
        }
        prompt: dict[str, Json] = {"protocol": self.protocol, "set_s": 0.0}
        prompt |= {key: value for key, value in stated.items() if value is not None}
        broken_off = {**prompt, "set_s": end_s, "aborted": True}
        return [prompt, broken_off] if self.fault == "aborted" else [prompt]

    def _verdicts(self, made: Simulated, start_s: float, end_s: float) -> list[str]:
        """Those that are right after what happened to the sensor during the test."""
        inside = made.time_s[(made.time_s >= start_s) & (made.time_s <= end_s)]
        hole_s = float(np.diff(inside, prepend=start_s, append=end_s).max())
        # a detector may count a second more or less at the ends
        lost = min(_lost(made.time_s, start_s - pad, end_s + pad, self.sensor.rate_hz) for pad in (-0.5, 0.0, 0.5, 1.0))
        slipped_deg = 38.0 if self.fault == "slips" else 0.0
        if max(lost / LOST_INVALID, hole_s / HOLE_INVALID_S, slipped_deg / SLIP_INVALID_DEG) > MARGIN:
            return ["invalid"]
        if max(lost / LOST_SEEN, slipped_deg / SLIP_SEEN_DEG) > MARGIN:
            return ["attention", "invalid"]
        return list(ANY)


def _lost(time_s: Array, start_s: float, end_s: float, rate_hz: float) -> float:
    """Share of the samples between the two moments that did not arrive."""
    arrived = np.count_nonzero((time_s >= start_s) & (time_s <= end_s))
    return 1.0 - arrived / max(1.0, (end_s - start_s) * rate_hz)


def trial(protocol: Task, seed: int) -> Trial:
    """The seed's person doing this test, or only turning. Raises ValueError for what is not known."""
    if protocol not in TASKS:
        raise ValueError(f"{protocol!r} is not known; possible: {', '.join(TASKS)}")
    rng = np.random.default_rng([seed, TASKS.index(protocol), 0x7C])
    person = _person(rng, seed)
    draw, names = float(rng.random()), list(FAULTS)
    within = int(np.searchsorted(np.cumsum(list(FAULTS.values())), draw, side="right"))
    fault = names[within] if within < len(names) else None
    what = performance(protocol, person, rng, aborted=fault == "aborted")
    return Trial(protocol, seed, person, what, _sensor(rng), _mounting(rng, seed), bool(rng.random() < 0.6), fault)


def _person(rng: np.random.Generator, seed: int) -> Person:
    """Speeds from 0.2 to 1.8 m/s, step-time asymmetries to 30 %, tremors of 2–15 mg (simulator.md §2, §7)."""
    person = Person.drawn(seed, "ms" if rng.random() < 0.6 else "healthy", name=f"person {seed}")
    speed = float(rng.uniform(0.2, 1.8))
    asymmetry = float(rng.uniform(-0.3, 0.3)) if rng.random() < 0.35 else person.asymmetry
    tremor = float(rng.uniform(0.02, 0.15)) if rng.random() < 0.35 else person.tremor_mps2
    return replace(
        person,
        preferred_speed_mps=speed,
        asymmetry=asymmetry,
        tremor_mps2=tremor,
        tremor_hz=float(rng.uniform(2.0, 5.0)),
    )


def _sensor(rng: np.random.Generator) -> Sensor:
    """52 or 104 Hz; half of them lose 2 % of their packets, in bursts."""
    loss = Loss(good=0.001, bad=0.4, good_s=16.0, bad_s=0.8) if rng.random() < 0.5 else None
    return Sensor(
        rate_hz=float(rng.choice([52.0, 104.0])),
        clock_skew_ppm=float(rng.uniform(-50.0, 50.0)),
        jitter_s=0.0002,
        loss=loss,
    )


def _mounting(rng: np.random.Generator, seed: int) -> Mounting:
    """As people wear a belt; half of them turn the case by a quarter or a half."""
    worn = Mounting.drawn(seed)
    quarter = float(rng.choice([90.0, 180.0, 270.0])) if rng.random() < 0.5 else 0.0
    return replace(worn, roll_deg=worn.roll_deg + quarter)
