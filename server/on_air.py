"""One sensor for a command: one that is really there, or a virtual one that feels a recording, as a rehearsal."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from sensing.ble import Radio
from sensing.drivers.base import Wanted
from sensing.recording import read_recording
from sensing.virtual.cued import CuedMotion
from sensing.virtual.radio import VirtualRadio
from server.demo import sensor_for, wish_for
from server.live import Wish
from server.settings import Settings

Clock = Callable[[], float]


async def on_air(
    stack: AsyncExitStack, settings: Settings, asked: Wish, virtual: Path | None, *, obeys: bool = False
) -> tuple[Radio, Clock, Wish]:
    """The radio, the clock that it stamps with, and whom to look after.

    With `virtual` that is whoever the recording is of; `obeys`: what was recorded comes when a test asks for it.
    Raises RecordingError.
    """
    wanted = Wanted(rate_hz=settings.rate_hz)
    if virtual is None:
        return Radio(wanted=wanted), time.monotonic, asked
    recording = await asyncio.to_thread(read_recording, virtual)
    motion = CuedMotion(recording) if obeys else None
    air = await stack.enter_async_context(VirtualRadio())
    sensor = await air.add(sensor_for(recording, 1, motion=motion))
    wish = replace(wish_for(recording, sensor, copy_to=asked.copy_to), wearer=motion)
    return Radio(air.backend, wanted, air.clock), air.clock, wish
