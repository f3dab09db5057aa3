"""Virtual Polar sensors: an H10 (raw acceleration) and a Verity Sense (compressed, with angular rate)."""

from collections.abc import Mapping
from typing import Literal

from sensing.drivers import polar_frames, polar_pmd
from sensing.drivers.base import BATTERY_LEVEL, Frame
from sensing.drivers.polar import PACKET_SAMPLES, Polar, flow_of
from sensing.drivers.polar_frames import AXES, COMPRESSED, HEADER, Flow
from sensing.drivers.polar_pmd import Measurement, Op, Request, Response, Setting, Settings, Status
from sensing.virtual.firmware import BATTERY, INDICATE, NOTIFY, READ, WRITE, Attribute, Body, Service, Stream

Model = Literal["h10", "verity"]

CONTROL_CHANNEL, DATA_CHANNEL = 1, 0
ATT_HEADER_BYTES = 3
REPLY_HEADER_BYTES = 5
LEAST_SAMPLES = 8  # a frame with fewer is not worth its header: refused for the MTU
WIDEST_DELTA_BITS = 17  # between two 16-bit values

OFFERED: Mapping[Model, Mapping[Measurement, Settings]] = {
    "h10": {
        Measurement.ACC: {
            Setting.RATE_HZ: (25, 50, 100, 200),
            Setting.RESOLUTION_BITS: (16,),
            Setting.RANGE: (2, 4, 8),
        },
    },
    "verity": {
        Measurement.ACC: {
            Setting.RATE_HZ: (52,),
            Setting.RESOLUTION_BITS: (16,),
            Setting.RANGE: (8,),
            Setting.CHANNELS: (3,),
        },
        Measurement.GYRO: {
            Setting.RATE_HZ: (52,),
            Setting.RESOLUTION_BITS: (16,),
            Setting.RANGE: (2000,),
            Setting.CHANNELS: (3,),
        },
    },
}
FACTORS: Mapping[Model, Mapping[Measurement, float]] = {
    "h10": {},
    "verity": {Measurement.ACC: 2.44e-4, Measurement.GYRO: 2000.0 / 32768.0},  # g and deg/s per count
}


class PolarFirmware:
    """`h10` keeps streaming to nobody after a lost link: the next START is answered with "already" until a STOP."""

    def __init__(self, model: Model = "h10") -> None:
        self.driver = Polar()
        self.model = model
        self.services = (
            Service(
                polar_pmd.SERVICE,
                (
                    Attribute(polar_pmd.CONTROL, (READ, WRITE, INDICATE)),
                    Attribute(polar_pmd.DATA, (NOTIFY,)),
                ),
            ),
            BATTERY,
        )
        self.advertised_services = ("180D",)
        self._running: set[int] = set()

    def disconnected(self) -> None:
        if self.model != "h10":
            self._running.clear()

    def rebooted(self) -> None:
        self._running.clear()

    def read(self, body: Body, uuid: str) -> bytes:
        if uuid == BATTERY_LEVEL:
            return bytes((body.battery_percent,))
        return polar_pmd.build_features(frozenset(self._offered(body)))

    def write(self, body: Body, uuid: str, value: bytes) -> None:
        request = polar_pmd.parse_request(value)
        if request is None:
            return
        offered = self._offered(body).get(request.measurement)
        if request.op not in (Op.GET_SETTINGS, Op.START, Op.STOP):
            self._answer(body, request, Status.BAD_OP)
        elif offered is None:
            self._answer(body, request, Status.UNSUPPORTED)
        elif request.op == Op.GET_SETTINGS:
            self._answer(body, request, Status.OK, polar_pmd.build_settings(offered))
        elif request.op == Op.START:
            self._start(body, request, offered)
        else:
            was_running = request.measurement in self._running
            self._running.discard(request.measurement)
            body.stop(str(request.measurement))
            self._answer(body, request, Status.OK if was_running else Status.STATE)

    def _offered(self, body: Body) -> dict[int, Settings]:
        offered = OFFERED[self.model]
        return {kind: settings for kind, settings in offered.items() if kind != Measurement.GYRO or _turns(body)}

    def _start(self, body: Body, request: Request, offered: Settings) -> None:
        factor = FACTORS[self.model].get(Measurement(request.measurement))
        status = body.next_refusal() or self._status(request, offered)
        samples = 0
        if status == Status.OK:
            flow = flow_of(request.measurement, request.settings, factor)
            samples = fitting_samples(flow, body.mtu)
            status = Status.OK if samples >= LEAST_SAMPLES else Status.MTU
        if status != Status.OK:
            self._answer(body, request, status)
            return
        self._running.add(request.measurement)
        parameters = b"" if factor is None else polar_pmd.build_settings({Setting.FACTOR: (factor,)})
        self._answer(body, request, Status.OK, parameters)
        body.start(Stream(str(request.measurement), flow.rate_hz, samples, lambda frame: _pack(flow, frame)))

    def _status(self, request: Request, offered: Settings) -> int:
        if request.measurement in self._running:
            return Status.ALREADY
        refusals = {Setting.RATE_HZ: Status.RATE, Setting.RESOLUTION_BITS: Status.RESOLUTION}
        for kind, values in offered.items():
            asked = request.settings.get(kind, ())
            if len(asked) != 1 or asked[0] not in values:
                return refusals.get(Setting(kind), Status.RANGE if kind == Setting.RANGE else Status.CHANNELS)
        return Status.OK

    def _answer(self, body: Body, request: Request, status: int, parameters: bytes = b"") -> None:
        """One indication, or several where the parameters do not fit."""
        room = body.mtu - ATT_HEADER_BYTES
        first, rest = parameters[: room - REPLY_HEADER_BYTES], parameters[room - REPLY_HEADER_BYTES :]
        response = Response(request.op, request.measurement, status, bool(rest), first)
        body.reply(CONTROL_CHANNEL, response.to_bytes())
        while rest:
            part, rest = rest[: room - 1], rest[room - 1 :]
            body.reply(CONTROL_CHANNEL, bytes((bool(rest),)) + part)


def fitting_samples(flow: Flow, mtu: int) -> int:
    """How many samples always fit a frame, at most those of the H10's."""
    room = mtu - ATT_HEADER_BYTES - HEADER.size
    if flow.frame_type & COMPRESSED:
        deltas_bits = max(0, room - 2 * AXES - 2) * 8
        return min(PACKET_SAMPLES, 1 + deltas_bits // (AXES * WIDEST_DELTA_BITS))
    return min(PACKET_SAMPLES, max(0, room) // (2 * AXES))


def _turns(body: Body) -> bool:
    return body.motion.has_gyroscope


def _pack(flow: Flow, frame: Frame) -> list[tuple[int, bytes]]:
    vectors = frame.gyr_radps if flow.measurement == Measurement.GYRO else frame.acc_mps2
    if vectors is None or frame.ticks is None:
        raise ValueError("a Polar stream needs its quantity and a stamp")
    return [(DATA_CHANNEL, polar_frames.build_frame(flow, frame.ticks, vectors))]
