"""A virtual board of the open GaitIMU profile."""

from sensing.drivers import gaitimu_frames as gaitimu
from sensing.drivers.base import BATTERY_LEVEL
from sensing.drivers.gaitimu import CONTROL_CHANNEL, TIME_CHANNEL, GaitImu, choice_of
from sensing.drivers.gaitimu_frames import GYROSCOPE, MAGNETOMETER, Scale, Start, Started, Status
from sensing.virtual.firmware import BATTERY, NOTIFY, READ, WRITE, WRITE_COMMAND, Attribute, Body, Service, Stream

STREAM = "data"


class GaitImuFirmware:
    """A board with all the characteristics that the profile knows."""

    def __init__(self, scale: Scale | None = None) -> None:
        self.driver = GaitImu()
        self.scale = scale
        self.services = (
            Service(
                gaitimu.SERVICE,
                (
                    Attribute(gaitimu.DATA, (NOTIFY,)),
                    Attribute(gaitimu.SCALE, (READ,)),
                    Attribute(gaitimu.CONTROL, (WRITE, NOTIFY)),
                    Attribute(gaitimu.TIME, (WRITE, WRITE_COMMAND, NOTIFY)),
                ),
            ),
            BATTERY,
        )
        self.advertised_services: tuple[str, ...] = ()

    def disconnected(self) -> None:
        """The board keeps no state of a connection."""

    def rebooted(self) -> None:
        """Nor any beyond."""

    def read(self, body: Body, uuid: str) -> bytes:
        return bytes((body.battery_percent,)) if uuid == BATTERY_LEVEL else self._scale(body).to_bytes()

    def write(self, body: Body, uuid: str, value: bytes) -> None:
        if uuid == gaitimu.TIME:
            request = gaitimu.parse_time(value)
            if request is not None and request.op == gaitimu.TIME_REQUEST:
                now_us = body.ticks()
                body.reply(TIME_CHANNEL, request.answered(now_us, now_us).to_bytes())
            return
        command = gaitimu.parse_control(value)
        if isinstance(command, Start):
            self._start(body, command)
        elif command == gaitimu.STOP_OP:
            body.stop(STREAM)
            body.reply(CONTROL_CHANNEL, gaitimu.build_reply(command, Status.OK))
        else:
            body.reply(CONTROL_CHANNEL, gaitimu.build_reply(command, Status.UNKNOWN_OP))

    def _start(self, body: Body, start: Start) -> None:
        scale = self._scale(body)
        told = body.next_refusal()
        started = gaitimu.accept(start, scale, body.mtu) if told is None else Started(told)
        body.reply(CONTROL_CHANNEL, started.to_bytes())
        if started.status != Status.OK:
            return
        choice = choice_of(started.quantities, started.rate_hz, started.samples, scale)
        body.start(Stream(STREAM, choice.rate_hz, choice.samples_per_packet, lambda f: self.driver.pack(f, choice)))

    def _scale(self, body: Body) -> Scale:
        quantities = GYROSCOPE * body.motion.has_gyroscope | MAGNETOMETER * body.motion.has_magnetometer
        return self.scale or Scale(quantities=quantities)
