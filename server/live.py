"""Sensors over the air: one watch per sensor, whose records go into its session."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Protocol

from sensing.ble import Radio, SensorHandle, SensorState, SensorStatus, SensorTarget
from sensing.packets import Note, Record
from sensing.radio_errors import is_of_the_radio
from sensing.recording import Facts
from server.clinic.obeying import Obedient
from server.monitor import Monitor, RadioState
from server.session import Session

IDLE_CHECK_S = 5.0


class Stop(Protocol):
    """Something that is waited for: an asyncio.Event."""

    async def wait(self) -> object: ...

    def is_set(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """One sensor to look after, and who wears it; `wearer` where that is somebody simulated who obeys."""

    target: SensorTarget
    label: str
    facts: Facts = field(default_factory=lambda: Facts("lower_back"))
    simulated: bool = False
    copy_to: Path | None = None
    wearer: Obedient | None = None


class Watch:
    """One sensor for as long as the program runs: it lives through disconnections, its session perhaps not."""

    def __init__(
        self,
        monitor: Monitor,
        radio: Radio,
        clock: Callable[[], float],
        wish: Wish,
        on_closed: Callable[["Watch"], None],
    ) -> None:
        self.wish = wish
        self.session: Session | None = None
        self._monitor = monitor
        self._radio = radio
        self._clock = clock
        self._on_closed = on_closed
        self._handle: SensorHandle | None = None
        self._status: SensorStatus | None = None
        self._stream: Note | None = None  # what the sensor streams at present

    def start(self) -> None:
        self._renew()
        self._handle = self._radio.watch(self.wish.target, self._on_record, self._on_status, origin_s=self._clock())

    async def stop(self) -> None:
        """Let the sensor go; the session stays open for whoever closes it."""
        handle, self._handle = self._handle, None
        if handle is not None:
            await handle.stop()

    async def close_if_idle(self, idle_close_s: float) -> None:
        """A wearing that has been silent for long is over; the next packets begin a new one."""
        session = self.session
        if session is None or not session.opened:
            return
        age_s = session.last_sample_age_s
        if age_s is not None and age_s > idle_close_s:
            self._renew()
            await self._monitor.close_session(session, f"No samples for {idle_close_s / 60:.0f} minutes.")

    def _renew(self) -> None:
        target = self.wish.target
        name = target.name_or_address or "any sensor"
        self.session = self._monitor.open_session(
            self.wish.label,
            self.wish.facts,
            name,
            driver=target.driver,
            simulated=self.wish.simulated,
            copy_to=self.wish.copy_to,
        )
        self._monitor.fed_by(self.session, self._let_go, self.wish.wearer)
        if self._status is not None:
            self.session.on_status(asdict(self._status))
        else:
            self._monitor.changed(self.session)

    async def _let_go(self) -> None:
        await self.stop()
        self._on_closed(self)

    def _on_record(self, record: Record) -> None:
        if isinstance(record, Note):
            self._stream = record if record.kind == "stream" else None
        session = self.session
        if session is None or session.closing:
            return
        if not session.opened and self._stream is not None:
            self._begin(session, self._stream)
            if not isinstance(record, Note):  # a wearing that begins in the middle of a stream
                self._monitor.receive(session, replace(self._stream, arrival_s=record.arrival_s))
        self._monitor.receive(session, record)

    def _begin(self, session: Session, stream: Note) -> None:
        status = self._status
        driver = stream.fields.get("driver")
        session.identify(
            status.name if status else None, status.address if status else None, str(driver) if driver else None
        )

    def _on_status(self, status: SensorStatus) -> None:
        self._status = status
        _tell_of_radio(self._monitor.radio, status)
        session = self.session
        if session is not None and not session.closing:
            session.on_status(asdict(status))


async def watch_sensors(
    monitor: Monitor,
    radio: Radio,
    wishes: Sequence[Wish],
    stop: Stop,
    *,
    idle_close_s: float,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Look after the sensors until `stop`, then close their sessions. `clock` is the one the radio stamps with.

    What goes wrong with a sensor or with Bluetooth is in its status, and tried again for as long as this runs.
    """
    watches: list[Watch] = []
    async with radio:
        try:
            monitor.radio.state = "running"
            for wish in wishes:
                watch = Watch(monitor, radio, clock, wish, watches.remove)
                watches.append(watch)
                watch.start()
            while watches and not await _first(stop, IDLE_CHECK_S):
                for watch in watches:
                    await watch.close_if_idle(idle_close_s)
            await stop.wait()
        finally:
            ended = list(watches)
            await asyncio.gather(*(watch.stop() for watch in ended))
            monitor.radio.state, monitor.radio.reason = "off", None
            for watch in ended:
                if watch.session is not None:
                    await monitor.close_session(watch.session, "Surefoot is ending.")


def _tell_of_radio(radio: RadioState, status: SensorStatus) -> None:
    """Failed from the first sensor that Bluetooth fails on, until one gets further than to look around."""
    if status.state == SensorState.BACKING_OFF and is_of_the_radio(status.reason):
        radio.state, radio.reason = "failed", status.reason
    elif status.state not in (SensorState.SCANNING, SensorState.STOPPED):
        radio.state, radio.reason = "running", None


async def _first(stop: Stop, seconds: float) -> bool:
    """Wait for `stop`, at most so long; whether it came."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
