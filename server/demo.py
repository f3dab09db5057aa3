"""People on a virtual radio: recordings as real Bluetooth notifications, through the way of a live sensor."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sensing.ble import Radio, SensorTarget
from sensing.block import Position
from sensing.drivers.base import Wanted
from sensing.recording import ENDINGS, Facts, Recording, read_recording
from sensing.simulator import Person
from sensing.virtual.catalogue import virtual_sensor
from sensing.virtual.motion import Motion
from sensing.virtual.obedient import ObedientWearer
from sensing.virtual.radio import VirtualRadio
from sensing.virtual.sensor import VirtualSensor
from server.live import Wish, watch_sensors
from server.monitor import Monitor
from server.page import Feed, warm_kernels
from server.playing import import_recording, label_of

DEMO_PEOPLE = {  # sample: who, and from where on it is played (they stand at first; the demo may begin sooner)
    "anna_walks_lower_back": ("Anna", 4.0),
    "bert_walks_chest": ("Bert", 2.0),
    "phone_in_pocket": ("Carla", 0.0),
}
OBEDIENT = Person("Dora", height_m=1.66, age_years=58.0)
SAMPLES = Path(__file__).parents[1] / "sensing" / "samples"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sensor, and where demo people wear it."""

    driver: str
    usual: frozenset[Position]


KINDS = (
    Kind("movesense", frozenset({"lower_back", "ankle_left", "ankle_right", "thigh"})),
    Kind("polar", frozenset({"waist", "chest"})),
    Kind("gaitimu", frozenset({"pocket", "hand", "wrist", "foot_left", "foot_right", "head"})),
)


def sensor_for(recording: Recording, number: int, *, motion: Motion | None = None) -> VirtualSensor:
    """A virtual sensor that feels the recording in a loop (or `motion`), of the kind that is usually worn there."""
    kind = next(kind for kind in KINDS if recording.facts.position in kind.usual)
    battery_percent = max(5, 97 - 8 * number)
    return virtual_sensor(kind.driver, motion or recording, number=number, battery_percent=battery_percent)


def wish_for(recording: Recording, sensor: VirtualSensor, *, copy_to: Path | None = None) -> Wish:
    """Look after this virtual sensor; whoever is no simulated person is named as a recording."""
    target = SensorTarget(sensor.address, sensor.firmware.driver.name)
    facts = replace(recording.facts, sensor=None, started_at=None, rate_hz=None)
    facts = replace(facts, test=None, cue_s=None, end_cue_s=None, tests=None)  # that was at other times
    simulated = recording.facts.extra.get("simulated") is True
    label = label_of(recording) if simulated else f"{label_of(recording)} (recording)"
    return Wish(target, label, facts, simulated=simulated, copy_to=copy_to)


def demo_feed(recordings: Sequence[Recording], *, with_samples: bool, idle_close_s: float) -> Feed:
    """The given recordings, one person each, in loop.

    With samples: three sample people in loop, one who does what a test asks her to do, and the samples as stored
    sessions.
    """

    async def feed(monitor: Monitor, stop: asyncio.Event) -> None:
        people = list(recordings)
        samples = await asyncio.to_thread(sample_recordings)
        if with_samples:
            people += demo_people(samples)
        await warm_kernels(monitor)
        async with VirtualRadio() as air:
            sensors = [await air.add(sensor_for(person, number)) for number, person in enumerate(people, 1)]
            wishes = [wish_for(person, sensor) for person, sensor in zip(people, sensors, strict=True)]
            if with_samples:
                wishes.append(await obedient_wish(air, len(wishes) + 1))
            radio = Radio(air.backend, Wanted(), air.clock)
            seeding = asyncio.create_task(_seed(monitor, samples), name="seed")
            try:
                await watch_sensors(monitor, radio, wishes, stop, idle_close_s=idle_close_s, clock=air.clock)
            finally:
                await seeding

    return feed


async def obedient_wish(air: VirtualRadio, number: int) -> Wish:
    """Somebody simulated who obeys, with a sensor on the air: what a test of the clinic tells her to do, she does."""
    wearer = ObedientWearer(OBEDIENT, seed=number)
    sensor = await air.add(virtual_sensor("movesense", wearer, number=number, battery_percent=88))
    target = SensorTarget(sensor.address, sensor.firmware.driver.name)
    facts = Facts.from_json({"position": wearer.position, "person": OBEDIENT.to_json(), "simulated": True})
    return Wish(target, OBEDIENT.name, facts, simulated=True, wearer=wearer)


def sample_recordings() -> list[Recording]:
    """The recordings that ship with Surefoot."""
    return [read_recording(path) for path in sorted(SAMPLES.glob("*")) if path.name.endswith(tuple(ENDINGS))]


def demo_people(samples: Sequence[Recording]) -> list[Recording]:
    """One walker for each kind of sensor, with a person's name."""
    named = {recording.name: recording for recording in samples}
    return [_from(named[name], start_s, label) for name, (label, start_s) in DEMO_PEOPLE.items() if name in named]


def _from(recording: Recording, start_s: float, label: str) -> Recording:
    facts = replace(recording.facts, extra=dict(recording.facts.extra) | {"label": label})
    first = int(np.searchsorted(recording.time_s, start_s))
    gyr_radps = recording.gyr_radps
    return replace(
        recording,
        facts=facts,
        time_s=recording.time_s[first:],
        acc_mps2=recording.acc_mps2[first:],
        gyr_radps=None if gyr_radps is None else gyr_radps[first:],
        mag_ut=None,
    )


async def _seed(monitor: Monitor, samples: Sequence[Recording]) -> None:
    """Finished sessions, so that the list is not empty at the first start."""
    stored = (await asyncio.to_thread(monitor.store.sessions, 1))[0]
    if stored > len(monitor.sessions):
        return
    for recording in samples:
        await import_recording(monitor, recording, simulated=True)
