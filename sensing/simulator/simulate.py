"""From a script to what one sensor says, with the truth."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sensing.block import POSITIONS, Position, Vectors
from sensing.facts import Facts
from sensing.recording import Recording
from sensing.simulator.activities import Script, TandemStance, Tug
from sensing.simulator.limbs import body_part
from sensing.simulator.people import Mounting, Person, Sensor
from sensing.simulator.perform import Motion, perform
from sensing.simulator.sensor import mounted, sampled, specific_force
from sensing.simulator.shapes import Array
from sensing.simulator.truth import truth_of


@dataclass(frozen=True, eq=False)
class Simulated:
    """One sensor's recording of a simulated person: samples on the sensor's own time, the contract's facts, and the
    truth in the fields of truth.json on the same time."""

    time_s: Array
    acc_mps2: Vectors
    gyr_radps: Vectors | None
    facts: dict[str, Any]
    truth: dict[str, Any]

    def recording(self, name: str) -> Recording:
        facts = Facts.from_json(self.facts)
        return Recording(name, facts, float(self.facts["rate_hz"]), self.time_s, self.acc_mps2, self.gyr_radps)


def simulate(
    script: Script,
    person: Person | None = None,
    position: Position = "lower_back",
    sensor: Sensor | None = None,
    mounting: Mounting | None = None,
    seed: int = 0,
) -> Simulated:
    """A person performs a script with one sensor on. Everything follows from the arguments, also on another machine.

    With the same script, person and seed the body moves the same whatever the position and sensor, so several calls
    are several sensors on one person (their clocks start together). Raises ValueError for an impossible script.
    """
    sensor = sensor or Sensor()
    motion = perform(script, person or Person(), seed, internal_rate_hz(sensor))
    return observe(motion, script, position, sensor, mounting or Mounting())


def internal_rate_hz(sensor: Sensor) -> float:
    """At least 500 Hz, and twice the sensor's rate."""
    return next(rate for rate in (500.0, 1000.0, 2000.0) if rate >= 2.0 * sensor.rate_hz)


def observe(motion: Motion, script: Script, position: Position, sensor: Sensor, mounting: Mounting) -> Simulated:
    """What a sensor at a position reads of a motion."""
    if position not in POSITIONS:
        raise ValueError(f"position {position!r} is not known; possible: {', '.join(POSITIONS)}")
    rng = np.random.default_rng([motion.seed, 29, POSITIONS.index(position)])
    force, omega = specific_force(body_part(motion, position), motion.rate_hz)
    still = np.zeros(motion.section.samples)
    slip, knock = (np.asarray(motion.section.tracks.get(name, still)) for name in ("slip", "knock"))
    acc, gyr = mounted(force, omega, slip, knock, mounting, motion.rate_hz)
    time_s, read_acc, read_gyr = sampled(acc, gyr, sensor, motion.rate_hz, rng)
    truth = truth_of(motion, 1.0 + sensor.clock_skew_ppm * 1e-6)
    return Simulated(time_s, read_acc, read_gyr, _facts(motion, script, position, sensor, truth), truth)


def _facts(motion: Motion, script: Script, position: Position, sensor: Sensor, truth: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "position": position,
        "rate_hz": sensor.rate_hz,
        "sensor": sensor.name,
        "person": motion.person.to_json(),
        "simulated": True,
        "seed": motion.seed,
        "label": motion.person.name,
    }
    if any(isinstance(activity, Tug) for activity in script):
        facts |= {"test": "tug", "cue_s": truth["tug"]["cue_s"]}
    elif "stances" in truth:
        stance = truth["stances"][0]
        facts |= {"test": "stance", "stance": stance["condition"], "cue_s": stance["start_s"]}
        if not any(isinstance(activity, TandemStance) and activity.ends for activity in script):
            facts["end_cue_s"] = stance["end_s"]
    return facts
