"""One sensor, kept streaming: finds it, connects, configures, watches for silence, and starts again."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bleak.backends.client import BaseBleakClient

from sensing.connection import Connection, ConnectionEndError
from sensing.drivers import DRIVERS
from sensing.drivers.base import Driver, DriverError, StreamChoice, Wanted
from sensing.finding import SensorTarget, find
from sensing.packets import Record
from sensing.radio_errors import radio_error, sentence_for
from sensing.scanner import Scanner, Sighting
from sensing.supervisor import BackOff, SensorState, SensorStatus, Supervisor, Timings, Trigger

logger = logging.getLogger(__name__)

TROUBLE = frozenset({SensorState.STALLED, SensorState.BACKING_OFF, SensorState.FAILED})


class RadioOfWatch(Protocol):
    """What a watch needs of the radio that it belongs to."""

    @property
    def scanner(self) -> Scanner: ...

    @property
    def client_backend(self) -> type[BaseBleakClient] | None: ...

    @property
    def wanted(self) -> Wanted: ...

    @property
    def timings(self) -> Timings: ...

    def connecting(self) -> AbstractAsyncContextManager[None]: ...

    def is_free(self, address: str) -> bool: ...

    def claim(self, address: str, owner: object) -> bool: ...

    def release(self, owner: object) -> None: ...


class SensorHandle:
    """A watched sensor. `status` is what it is doing now; `stop` ends the watch and disconnects."""

    def __init__(
        self,
        radio: RadioOfWatch,
        target: SensorTarget,
        on_record: Callable[[Record], None],
        on_status: Callable[[SensorStatus], None],
        now_s: Callable[[], float],
        back_off: BackOff,
    ) -> None:
        self._radio = radio
        self._target = target
        self._on_record = on_record
        self._on_status = on_status
        self._now_s = now_s
        self._back_off = back_off
        self._supervisor = Supervisor(target.label, now_s())
        self._sighting: Sighting | None = None
        self._driver: Driver | None = None
        self._connection: Connection | None = None
        self._choice: StreamChoice | None = None
        self._last_seen_s = 0.0  # on the loop's clock: advertised or heard
        self._may_skip_scan = False
        self._retry = asyncio.Event()
        self._is_stopping = False
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def status(self) -> SensorStatus:
        return self._supervisor.status

    def retry(self) -> None:
        """A person says that it is mended: try at once instead of waiting."""
        self._retry.set()

    async def stop(self) -> None:
        """End the watch: the sensor is told to stop and disconnected before this returns.

        Raises what had ended the watch before its time, which only a mistake in this program can.
        """
        self._is_stopping = True  # as well, because wait_for of Python 3.11 may swallow a cancellation
        self._task.cancel()
        await asyncio.wait([self._task])
        if self._supervisor.state is not SensorState.STOPPED:  # stopped before its first step
            self._fire(Trigger.STOP, f"{self.status.name} is no longer watched.")
        if not self._task.cancelled():
            self._task.result()

    async def _run(self) -> None:
        states = {
            SensorState.SCANNING: self._scan,
            SensorState.CONNECTING: self._connect,
            SensorState.CONFIGURING: self._configure,
            SensorState.STREAMING: self._stream,
            SensorState.STALLED: self._revive,
            SensorState.BACKING_OFF: self._wait,
            SensorState.FAILED: self._await_person,
        }
        self._tell()
        try:
            while not self._is_stopping:
                try:
                    await states[self._supervisor.state]()
                except Exception as error:  # noqa: BLE001 - all of them end in the status, as a sentence
                    await self._fall_back(error)
        except Exception:
            logger.exception("the watch of %s ended before its time", self.status.name)
            raise
        finally:
            await self._close("stopped", is_polite=True)
            self._radio.release(self)
            self._fire(Trigger.STOP, f"{self.status.name} is no longer watched.")

    async def _scan(self) -> None:
        timings = self._radio.timings
        any_will_do = self._sighting is None and self._target.name_or_address is None
        heard = await find(self._radio.scanner, self._is_wanted, timings, is_choosy=any_will_do)
        if any_will_do:  # another watch may have chosen in the meantime
            heard = [sighting for sighting in heard if self._radio.is_free(sighting.address)]
        if not heard:
            self._fire_back_off(
                Trigger.NOT_FOUND,
                f"{self.status.name} was not heard for {timings.scan_s:.0f} s. Switch it on, bring it within a few "
                "metres, and close other apps that are connected to it.",
            )
            return
        sighting = heard[0]
        name = sighting.name or sighting.address
        driver = self._target.driver_of(sighting)
        if driver is None:
            known = ", ".join(driver.label for driver in DRIVERS)
            raise DriverError(f"{name} is no sensor that Surefoot can read. It reads: {known}.", needs_person=True)
        if not self._radio.claim(sighting.address, self):
            raise DriverError(f"{name} is used by another session already. Stop that session first.", needs_person=True)
        self._sighting, self._driver = sighting, driver
        self._last_seen_s = sighting.seen_s
        self._supervisor.learn(name=name, address=sighting.address, driver=driver.name, rssi=sighting.rssi)
        self._fire(Trigger.FOUND, f"Connecting to {name}.")

    def _is_wanted(self, sighting: Sighting) -> bool:
        """The sensor itself once it is known; before, what the target means, except what another watch has."""
        if self._sighting is not None:
            return sighting.address == self._sighting.address
        return self._target.is_meant(sighting) and (
            self._target.name_or_address is not None or self._radio.is_free(sighting.address)
        )

    async def _connect(self) -> None:
        assert self._sighting is not None
        assert self._driver is not None
        connection = self._connection = Connection(
            self._driver,
            self._sighting.device,
            self.status.name,
            self._radio.timings,
            self._on_record,
            self._now_s,
            self._radio.client_backend,
        )
        await connection.open(self._radio.connecting())
        self._last_seen_s = asyncio.get_running_loop().time()
        self._supervisor.learn(mtu=connection.mtu)
        self._fire(Trigger.CONNECTED, f"Telling {self.status.name} what to send.")

    async def _configure(self) -> None:
        assert self._connection is not None
        self._choice = await self._connection.configure(self._radio.wanted)
        self._may_skip_scan = True
        self._supervisor.learn(attempt=0, mtu=self._connection.mtu)
        self._fire(Trigger.CONFIGURED, self._streaming_sentence())

    async def _stream(self) -> None:
        """Until the sensor falls silent; raises when the link ends."""
        assert self._connection is not None
        loop = asyncio.get_running_loop()
        started_s = loop.time()
        limit_s = max(self._silence_limit_s(), self._radio.timings.first_packet_s)
        try:
            while True:
                heard_s = self._connection.last_heard_s
                if heard_s > started_s:
                    limit_s = self._silence_limit_s()
                left_s = heard_s + limit_s - loop.time()
                if left_s <= 0:
                    break
                await self._connection.lost(within_s=left_s)
                await asyncio.sleep(0)  # what arrived while this process was held up is heard first
        finally:
            self._last_seen_s = self._connection.last_heard_s
            if self._connection.last_heard_s - started_s >= self._radio.timings.back_off_reset_s:
                self._back_off.reset()
        self._fire(
            Trigger.SILENT,
            f"{self.status.name} is connected but has sent nothing for {limit_s:.1f} s. Subscribing again.",
        )

    async def _revive(self) -> None:
        assert self._connection is not None
        connection = self._connection
        self._choice = await connection.configure_again(self._radio.wanted)
        configured_s = connection.last_heard_s
        deadline_s = configured_s + self._silence_limit_s()
        loop = asyncio.get_running_loop()
        while connection.last_heard_s <= configured_s:
            if loop.time() >= deadline_s:
                raise ConnectionEndError(f"{self.status.name} stays silent. Disconnecting, then connecting again.")
            await connection.lost(within_s=min(self._choice.packet_period_s, max(0.0, deadline_s - loop.time())))
        self._fire(Trigger.HEARD, self._streaming_sentence())

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self.status.retry_in_s):
                await self._retry.wait()
        except TimeoutError:
            pass
        self._retry.clear()
        age_s = asyncio.get_running_loop().time() - self._last_seen_s
        name = self.status.name
        if self._sighting is not None and self._may_skip_scan and age_s <= self._radio.timings.seen_lately_s:
            self._may_skip_scan = False  # if this attempt fails, it is searched for first
            self._fire(Trigger.WAITED_SEEN, f"Connecting to {name}.")
        else:
            self._fire(Trigger.WAITED, f"Looking for {name}.")

    async def _await_person(self) -> None:
        await self._retry.wait()
        self._retry.clear()
        self._fire(Trigger.RETRY, f"Looking for {self.status.name}.")

    async def _fall_back(self, error: Exception) -> None:
        """Every failure ends here: as a sentence in the status, and a wait before the next attempt."""
        radios = radio_error(error)
        sentence = str(error) if isinstance(error, ConnectionEndError) else sentence_for(error)
        is_expected = isinstance(error, ConnectionEndError | DriverError) or radios is not None
        if not is_expected:
            logger.error("%s: %s", self.status.name, sentence, exc_info=error)
        await self._close(sentence, is_polite=False)
        if isinstance(error, DriverError) and error.needs_person:
            self._fire(Trigger.REFUSED, sentence)
        elif radios is not None and not radios.is_busy:
            self._fire_back_off(Trigger.NO_RADIO, sentence)
        else:
            self._fire_back_off(Trigger.LOST, sentence)

    async def _close(self, reason: str, *, is_polite: bool) -> None:
        """The old client is always disconnected before there can be a new one, even if this task is cancelled."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        closing = asyncio.get_running_loop().create_task(connection.close(reason, is_polite=is_polite))
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await closing
            raise

    def _silence_limit_s(self) -> float:
        timings = self._radio.timings
        period_s = self._choice.packet_period_s if self._choice is not None else 0.0
        return max(timings.stall_periods * period_s, timings.stall_least_s)

    def _streaming_sentence(self) -> str:
        assert self._choice is not None
        extras = ["angular rate"] * self._choice.has_gyroscope + ["magnetic field"] * self._choice.has_magnetometer
        return f"Streaming acceleration{''.join(f', {extra}' for extra in extras)} at {self._choice.rate_hz:g} Hz."

    def _fire_back_off(self, trigger: Trigger, sentence: str) -> None:
        wait_s = self._back_off.next_s()
        self._supervisor.learn(attempt=self._back_off.attempt)
        self._fire(trigger, sentence, retry_in_s=wait_s)

    def _fire(self, trigger: Trigger, sentence: str, retry_in_s: float | None = None) -> None:
        self._supervisor.fire(trigger, sentence, self._now_s(), retry_in_s)
        self._tell()

    def _tell(self) -> None:
        level = logging.WARNING if self.status.state in TROUBLE else logging.INFO
        logger.log(level, "%s: %s: %s", self.status.name, self.status.state, self.status.reason)
        try:
            self._on_status(self.status)
        except Exception:  # a broken display must not end the measurement
            logger.exception("showing the status of %s failed", self.status.name)
