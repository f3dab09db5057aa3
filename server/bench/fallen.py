"""Raw logs of simulated people who fall: what a sensor sent, to be played into a live session."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from sensing.rawlog import RawLogWriter
from sensing.recording import Recording
from sensing.simulator import Fall, Mounting, Script, Sensor, Stand, Walk, simulate
from server.packing import records_of
from server.plan import SessionPlan


def fallen(seed: int, lying_s: float = 60.0) -> tuple[Recording, float]:
    """Somebody who walks, falls and keeps lying, at the lower back; with the time of the impact.

    Speeds of the pelvis as filmed (Choi 2015: 2.14 +- 0.63 m/s).
    """
    chance = np.random.default_rng([seed, 5])
    speed = float(np.clip(chance.normal(2.14, 0.4), 1.5, 3.0))
    direction = ("forward", "backward", "left", "right")[int(chance.integers(4))]
    fall = Fall(direction=direction, impact_mps=speed, lying_s=lying_s)  # type: ignore[arg-type]
    script: Script = [Stand(2.0), Walk((float(chance.uniform(4.0, 6.0)),), interrupted=True), fall]
    made = simulate(script, None, "lower_back", Sensor(rate_hz=104.0), Mounting.drawn(seed), seed)
    return made.recording(f"fall {seed}"), float(made.truth["falls"][0]["impact_s"])


def fall_log(folder: Path, person: str, seed: int) -> float:
    """Writes the raw log of such a fall, as of a session of `person`; returns when the impact arrives, in seconds."""
    recording, impact_s = fallen(seed)
    facts = replace(recording.facts, started_at=None)
    plan = SessionPlan(f"played-{seed}", person, facts, "GaitIMU 1", driver="gaitimu", simulated=True)
    writer = RawLogWriter(folder, {"plan": plan.to_json()})
    first_s = math.inf
    for record in records_of(recording):
        first_s = min(first_s, record.arrival_s)
        writer.append(record)
    writer.close()
    return impact_s - first_s
