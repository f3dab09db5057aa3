"""Simulated people who stand, for tests of the stance."""

from dataclasses import dataclass, replace

import numpy as np

from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.prompt import Prompt
from dsp.wearing import Wearing
from sensing.block import Position
from sensing.simulator.activities import Activity, Sit, SitToStand, Stand, StandToSit, TandemStance, Walk
from sensing.simulator.people import Loss, Mounting, Person, Sensor
from sensing.simulator.simulate import Simulated, simulate
from tests.dsp.walks import Stream

BEFORE: tuple[tuple[Activity, ...], ...] = (
    (Stand(5.0),),
    (Walk((4.0,)), Stand(3.0)),
    (Sit(4.0), SitToStand(), Stand(3.0)),
)
AFTER: tuple[tuple[Activity, ...], ...] = (
    (Stand(5.0),),
    (Walk((3.0,)), Stand(1.0)),
    (Stand(1.5), StandToSit(), Sit(4.0)),
)


def stream_of(made: Simulated) -> Stream:
    return Stream(made.time_s, made.acc_mps2, made.gyr_radps, np.empty(0), float(made.facts["rate_hz"]))


def performed(
    *script: Activity,
    person: Person | None = None,
    sensor: Sensor | None = None,
    mounting: Mounting | None = None,
    position: Position = "lower_back",
    seed: int = 1,
) -> Stream:
    """One sensor's stream of a script."""
    mounting = mounting or Mounting.drawn(seed)
    return stream_of(simulate(script, person or Person.drawn(seed), position, sensor, mounting, seed))


def stances(
    stream: Stream, *prompts: Prompt, position: Position = "lower_back", cuts: tuple[int, ...] = ()
) -> list[Event]:
    """The stance events of a stream."""
    pipeline = Pipeline(Wearing(position, prompts=prompts))
    events = [event for block in stream.blocks(list(cuts)) for event in pipeline.update(block).events]
    return [event for event in events + pipeline.finish().events if event.kind == "stance"]


@dataclass(frozen=True)
class Trial:
    """One person's tandem stance of 30 s: what came out and what was true, times from the start of the stream."""

    event: Event
    start_s: float
    losses_s: list[float]


def trial(seed: int) -> Trial:
    """Sway of MS × 1 to 2.5, tremor of 3 to 5 Hz in every other one, 52 or 104 Hz, a lossy link, tilts up to 25
    degrees, one without gyroscope in seven; none, one or two steps out."""
    rng = np.random.default_rng([seed, 5])
    size = float(rng.uniform(1.0, 2.5))
    person = Person.drawn(seed, "ms" if seed % 3 else "healthy")
    if seed % 2:
        person = replace(person, tremor_mps2=float(rng.uniform(0.02, 0.15)), tremor_hz=float(rng.uniform(3.0, 5.0)))
    losses = tuple(sorted(float(at) for at in rng.uniform(1.6, 28.0, (0, 1, 1, 2)[seed % 4])))
    if len(losses) == 2 and losses[1] - losses[0] < 4.0:
        losses = losses[:1]
    stance = TandemStance(
        30.0,
        ml_mps2=0.11 * size,
        ap_mps2=0.08 * size,
        corrections_per_s=float(rng.uniform(0.1, 0.4)),
        loss_of_balance_s=losses,
        ends=seed % 4 == 1,
    )
    script = (*BEFORE[seed // 4 % 3], stance, *AFTER[seed // 12 % 3])
    sensor = Sensor(
        rate_hz=(52.0, 104.0)[seed // 2 % 2], loss=Loss() if seed % 5 < 3 else None, has_gyroscope=seed % 7 != 0
    )
    mounting = replace(Mounting.drawn(seed), pitch_deg=25.0 if seed % 2 else 5.0)
    made = simulate(script, person, "lower_back", sensor, mounting, seed)
    truth = made.truth["stances"][0]
    prompt = Prompt("stance", cue_s=truth["start_s"], hold_s=30.0, stance="tandem_left")
    found = [event for event in stances(stream_of(made), prompt) if event.fields["prompted"]]
    assert len(found) == 1
    return Trial(found[0], truth["start_s"], truth["loss_of_balance_s"])
