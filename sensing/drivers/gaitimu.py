"""GaitIMU, our open profile for phones and cheap boards: numbered, stamped int16 samples (hardware/README.md)."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from sensing.drivers import gaitimu_frames as gaitimu
from sensing.drivers.base import (
    BATTERY_LEVEL,
    ClockSpec,
    DriverError,
    Frame,
    Link,
    Reading,
    Reply,
    StreamChoice,
    TimeSync,
    Wanted,
    ask,
    battery_reading,
)
from sensing.drivers.gaitimu_frames import GYROSCOPE, MAGNETOMETER, Scale, Start, Started, Status, TimeMessage

DATA_CHANNEL, CONTROL_CHANNEL, TIME_CHANNEL, BATTERY_CHANNEL = range(4)
TIME_EXCHANGES = 5  # the one with the shortest round trip counts
SLOWEST_HZ = 16  # the spacing field is 16 bit wide, in us
SENTENCES = {
    Status.UNKNOWN_OP: "it does not know the start command; load firmware that follows the profile",
    Status.MALFORMED: "it could not read the start command; load firmware that follows the profile",
    Status.NO_SUCH_RATE: "it offers no sample rate; load firmware that follows the profile",
    Status.NO_SUCH_QUANTITY: "it does not have a sensor that it says it has; load firmware that follows the profile",
    Status.MTU_TOO_SMALL: "the Bluetooth packets are too small; allow an ATT MTU of at least 64 bytes on both sides",
    Status.FAILED: "its motion sensor does not work; check the wiring and restart the board",
}


def choice_of(quantities: int, rate_hz: float, samples: int, scale: Scale) -> StreamChoice:
    """What the session keeps about a started stream."""
    return StreamChoice(
        rate_hz=float(rate_hz),
        samples_per_packet=samples,
        has_gyroscope=bool(quantities & GYROSCOPE),
        has_magnetometer=bool(quantities & MAGNETOMETER),
        settings={"acc_mps2": scale.acc_mps2, "gyr_radps": scale.gyr_radps, "mag_ut": scale.mag_ut},
    )


def scale_of(choice: StreamChoice) -> Scale:
    """The units per count of a choice."""
    acc, gyr, mag = (float(str(choice.settings[name])) for name in ("acc_mps2", "gyr_radps", "mag_ut"))
    return Scale(acc, gyr, mag, quantities_of(choice))


def quantities_of(choice: StreamChoice) -> int:
    return GYROSCOPE * choice.has_gyroscope | MAGNETOMETER * choice.has_magnetometer


class GaitImuDecoder:
    """Notifications to readings, for one connection. What cannot be read counts in `partial_packets`.

    A frame with other quantities than the stream was started with cannot be read: the layout never changes midway.
    """

    def __init__(self, choice: StreamChoice) -> None:
        self.partial_packets = 0
        self._scale = scale_of(choice)
        self._quantities = quantities_of(choice)
        self._offset_us = choice.settings.get("clock_offset_us")

    def parse(self, data: bytes, channel: int = 0) -> list[Reading]:
        reading: Reading | None
        if channel == DATA_CHANNEL:
            reading = self._frame(data)
        elif channel == CONTROL_CHANNEL:
            reading = _reply(data)
        elif channel == TIME_CHANNEL:
            reading = self._time_sync(data)
        else:
            reading = battery_reading(data)
        if reading is None:
            self.partial_packets += 1
            return []
        return [reading]

    def finish(self) -> list[Reading]:
        return []

    def _frame(self, data: bytes) -> Frame | None:
        parsed = gaitimu.parse_frame(data, self._scale)
        return parsed[0] if parsed is not None and parsed[1] == self._quantities else None

    def _time_sync(self, data: bytes) -> TimeSync | None:
        message = gaitimu.parse_time(data)
        if message is None or message.op != gaitimu.TIME_REPLY:
            return None
        utc_us = message.t1_us if self._offset_us is None else message.t2_us - int(str(self._offset_us))
        return TimeSync(ticks=message.t2_us & 0xFFFFFFFF, utc_us=utc_us)


def _reply(data: bytes) -> Reply | None:
    if len(data) < 2 or not data[0] & gaitimu.REPLY_BIT:
        return None
    status = data[1]
    return Reply(data[0] & 0x7F, 200 if status == Status.OK else status, data[2:], refusal(status) if status else "")


def refusal(status: int) -> str:
    """The sentence for a status that is not OK."""
    known = {int(key): text for key, text in SENTENCES.items()}
    return f"The GaitIMU board refused ({status}): {known.get(status, 'load firmware that follows the profile')}."


@dataclass(frozen=True, slots=True)
class GaitImu:
    """The driver: scale, time sync, start; and the profile's frames in both directions."""

    reply_timeout_s: float = 2.0
    utc_us: Callable[[], int] = lambda: time.time_ns() // 1000

    name = "gaitimu"
    label = "GaitIMU (own board or phone)"
    channels = (gaitimu.DATA, gaitimu.CONTROL, gaitimu.TIME, BATTERY_LEVEL)
    optional_channels = frozenset({CONTROL_CHANNEL, TIME_CHANNEL, BATTERY_CHANNEL})
    clock = ClockSpec(tick_s=1e-6, bits=32, stamp="first")
    sequence_bits = 16

    def matches(self, name: str, service_uuids: Sequence[str]) -> bool:
        return name.startswith("GaitIMU") or gaitimu.SERVICE in service_uuids

    def decoder(self, choice: StreamChoice) -> GaitImuDecoder:
        return GaitImuDecoder(choice)

    async def start(self, link: Link, wanted: Wanted) -> StreamChoice:
        """Scale, time sync if offered, start. A board without control streams by itself: its first frame tells."""
        scale = gaitimu.parse_scale(await link.read(gaitimu.SCALE))
        if scale is None:
            raise DriverError(
                "The GaitIMU board's scale characteristic cannot be read: load firmware of profile version 1.",
                needs_person=True,
            )
        quantities = scale.quantities & (GYROSCOPE * wanted.gyroscope | MAGNETOMETER * wanted.magnetometer)
        clock = await self._synchronise(link) if link.has(gaitimu.TIME) else {}
        if link.has(gaitimu.CONTROL):
            choice = await self._start(link, Start(quantities, round(wanted.rate_hz)), scale)
        else:
            choice = await self._listen(link, scale)
        return StreamChoice(
            **{f.name: getattr(choice, f.name) for f in fields(choice) if f.name != "settings"},
            settings={**choice.settings, **clock},
        )

    async def stop(self, link: Link) -> None:
        if link.has(gaitimu.CONTROL):
            await link.write(gaitimu.CONTROL, bytes((gaitimu.STOP_OP,)))

    def pack(self, frame: Frame, choice: StreamChoice) -> list[tuple[int, bytes]]:
        """Rounded to the stream's counts, clipped and flagged at 16 bit; see gaitimu_frames.build_frame."""
        notification = gaitimu.build_frame(frame, quantities_of(choice), choice.rate_hz, scale_of(choice))
        return [(DATA_CHANNEL, notification)]

    async def _start(self, link: Link, start: Start, scale: Scale) -> StreamChoice:
        answer = await ask(
            link,
            CONTROL_CHANNEL,
            lambda data: gaitimu.parse_started(data) is not None,
            gaitimu.CONTROL,
            start.to_bytes(),
            self.reply_timeout_s,
        )
        started = None if answer is None else gaitimu.parse_started(answer)
        if started is None:
            raise DriverError("The GaitIMU board did not answer the start command: restart it.")
        if started.status != Status.OK:
            raise DriverError(refusal(started.status), needs_person=started.status != Status.FAILED)
        return _checked(started, scale)

    async def _listen(self, link: Link, scale: Scale) -> StreamChoice:
        first = await link.expect(
            DATA_CHANNEL, lambda data: gaitimu.parse_frame(data, scale) is not None, self.reply_timeout_s
        )
        parsed = None if first is None else gaitimu.parse_frame(first, scale)
        if parsed is None or parsed[2] == 0:
            raise DriverError("The GaitIMU board sends no readable frames: restart it or update its firmware.")
        frame, quantities, spacing_us = parsed
        return choice_of(quantities, 1e6 / spacing_us, len(frame), scale)

    async def _synchronise(self, link: Link) -> dict[str, int]:
        """Clock offset (sensor minus UTC) of the exchange with the shortest round trip; empty without any answer."""
        best: tuple[int, int] | None = None
        for number in range(TIME_EXCHANGES):
            heard_us: list[int] = []

            def answers(data: bytes, number: int = number, heard_us: list[int] = heard_us) -> bool:
                message = gaitimu.parse_time(data)
                matching = message is not None and (message.op, message.number) == (gaitimu.TIME_REPLY, number)
                if matching:
                    heard_us.append(self.utc_us())
                return matching

            request = TimeMessage(gaitimu.TIME_REQUEST, number, self.utc_us())
            reply = await ask(
                link, TIME_CHANNEL, answers, gaitimu.TIME, request.to_bytes(), self.reply_timeout_s / TIME_EXCHANGES
            )
            message = None if reply is None else gaitimu.parse_time(reply)
            if message is not None and heard_us:
                trip = (message.round_trip_us(heard_us[0]), message.offset_us(heard_us[0]))
                best = trip if best is None else min(best, trip)
        return {} if best is None else {"round_trip_us": best[0], "clock_offset_us": best[1]}


def _checked(started: Started, scale: Scale) -> StreamChoice:
    if started.rate_hz < SLOWEST_HZ or started.samples == 0 or started.quantities & gaitimu.UNKNOWN_LAYOUT:
        raise DriverError("The GaitIMU board answered with an impossible stream: update its firmware.")
    return choice_of(started.quantities, started.rate_hz, started.samples, scale)
