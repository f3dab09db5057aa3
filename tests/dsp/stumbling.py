"""Simulated people who stumble, for tests of the stumble detector."""

from collections.abc import Sequence
from dataclasses import replace

from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.block import Position
from sensing.simulator import Mounting, Person, Sensor, Simulated, simulate
from sensing.simulator.activities import Activity, Stand, Stumble, Walk
from tests.dsp.falling import stream_of
from tests.dsp.walks import Stream


def walker(
    script: Sequence[Activity], position: Position = "lower_back", seed: int = 0, rate_hz: float = 104.0
) -> Simulated:
    person = Person()
    if position == "chest":
        person = replace(person, sensor_height_m=0.74 * person.height_m)
    return simulate(list(script), person, position, Sensor(rate_hz=rate_hz), Mounting.drawn(seed), seed)


def stumbler(severity: float, position: Position = "lower_back", seed: int = 0, rate_hz: float = 104.0) -> Simulated:
    """Sets out, stumbles after 9 m, walks on."""
    return walker([Stand(2.0), Walk((9.0, Stumble(severity), 9.0)), Stand(2.0)], position, seed, rate_hz)


def stumbles_in(made: Simulated | Stream, position: Position = "lower_back") -> list[Event]:
    """Those that stand, of the whole pipeline, the stream's end included."""
    stream = made if isinstance(made, Stream) else stream_of(made)
    pipeline = Pipeline(Wearing(position))
    events = [event for block in stream.blocks([]) for event in pipeline.update(block).events]
    events += pipeline.finish().events
    taken_back = {event.fields["of_time_s"] for event in events if event.fields.get("of_kind") == "stumble"}
    return [event for event in events if event.kind == "stumble" and event.time_s not in taken_back]
