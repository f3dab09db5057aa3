"""Simulated people who fall, and who do what only looks like it, for tests of the fall detector."""

from collections.abc import Sequence
from functools import cache

from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.block import Position
from sensing.simulator import Mounting, Person, Sensor, Simulated, simulate
from sensing.simulator.activities import Activity, Fall, Stand, Walk
from tests.dsp.walks import Floats, Stream

UPRIGHT_AGAIN = Fall(lying_s=5.0, get_up_s=4.0)


def worn(
    script: Sequence[Activity],
    position: Position = "lower_back",
    seed: int = 0,
    rate_hz: float = 104.0,
    mounting: Mounting | None = None,
) -> Simulated:
    return simulate(list(script), Person(), position, Sensor(rate_hz=rate_hz), mounting or Mounting.drawn(seed), seed)


def stream_of(made: Simulated) -> Stream:
    contacts_s: Floats = made.time_s[:0]
    return Stream(made.time_s, made.acc_mps2, made.gyr_radps, contacts_s, float(made.facts["rate_hz"]))


@cache
def falling(position: Position, rate_hz: float = 104.0) -> Stream:
    """Walks, falls forward, gets up, walks, falls backward softly and lies; 70 s or so."""
    soft = Fall("backward", impact_mps=1.2, descent_s=0.8, contact_s=0.2, rebounds=0, lying_s=15.0)
    script = [Stand(4.0), Walk((6.0,), interrupted=True), UPRIGHT_AGAIN, Stand(2.0), Walk((8.0,)), Stand(3.0), soft]
    return stream_of(worn(script, position, 3, rate_hz))


def watched(made: Simulated | Stream, position: Position = "lower_back") -> tuple[list[Event], Pipeline]:
    """(falls and what is taken back, the pipeline after the last sample)."""
    stream = made if isinstance(made, Stream) else stream_of(made)
    pipeline = Pipeline(Wearing(position))
    events = [event for block in stream.blocks([]) for event in pipeline.update(block).events]
    return [event for event in events if event.kind == "fall" or event.fields.get("of_kind") == "fall"], pipeline


def falls_in(made: Simulated | Stream, position: Position = "lower_back") -> list[Event]:
    """Falls that stand, those that only the end brings out included."""
    events, pipeline = watched(made, position)
    events += pipeline.finish().events
    taken_back = {event.fields["of_time_s"] for event in events if event.fields.get("of_kind") == "fall"}
    return [event for event in events if event.kind == "fall" and event.time_s not in taken_back]
