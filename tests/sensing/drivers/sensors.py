"""Small sensors on the far side of a link: they are written to and answer in real bytes."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sensing.drivers import gaitimu_frames, movesense_gsp, polar_pmd
from sensing.drivers.movesense_gsp import Code, Dialect
from sensing.drivers.polar_pmd import Op, Setting, Status

Answer = tuple[int, bytes]  # channel, notification
Answering = Callable[[str, bytes], Sequence[Answer]]


@dataclass
class SensorLink:
    """A link to one sensor. `answering(characteristic, written)` gives the notifications that a write brings about.

    `early` answers before the write returns, as an indication may overtake a write's acknowledgement. `unprompted`
    comes whenever somebody listens.
    """

    answering: Answering
    values: dict[str, bytes] = field(default_factory=dict)
    lacking: frozenset[str] = frozenset()
    mtu: int = 247
    early: bool = False
    unprompted: list[Answer] = field(default_factory=list)
    written: list[tuple[str, bytes]] = field(default_factory=list)
    _listeners: list[tuple[int, Callable[[bytes], bool], "asyncio.Future[bytes]"]] = field(default_factory=list)

    async def write(self, characteristic: str, data: bytes, *, response: bool = True) -> None:
        self.written.append((characteristic, data))
        answers = self.answering(characteristic, data)
        if self.early:
            self.notify(answers)
        else:
            asyncio.get_running_loop().call_soon(self.notify, answers)
        await asyncio.sleep(0)

    async def read(self, characteristic: str) -> bytes:
        return self.values[characteristic]

    def has(self, characteristic: str) -> bool:
        return characteristic not in self.lacking

    async def expect(self, channel: int, wanted: Callable[[bytes], bool], timeout_s: float) -> bytes | None:
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        listener = (channel, wanted, future)
        self._listeners.append(listener)
        asyncio.get_running_loop().call_soon(self.notify, self.unprompted)
        try:
            return await asyncio.wait_for(future, timeout_s)
        except TimeoutError:
            return None
        finally:
            self._listeners.remove(listener)

    def notify(self, answers: Sequence[Answer]) -> None:
        for channel, data in answers:
            for listening, wanted, future in self._listeners:
                if listening == channel and not future.done() and wanted(data):
                    future.set_result(data)

    def commands(self, characteristic: str) -> list[bytes]:
        return [data for name, data in self.written if name == characteristic]


@dataclass
class MovesenseSensor:
    """Answers GSP commands; `refused` maps a path to the status with which its subscription is refused."""

    dialect: Dialect = "production"
    refused: dict[str, int] = field(default_factory=dict)
    streams_at_once: bool = False
    subscribed: list[str] = field(default_factory=list)

    def __call__(self, characteristic: str, data: bytes) -> list[Answer]:
        command = movesense_gsp.parse_command(data)
        if command is None or characteristic != movesense_gsp.COMMAND or self.dialect == "silent":
            return []
        return [(0, notification) for notification in self._answers(command)]

    def _answers(self, command: movesense_gsp.Command) -> Iterator[bytes]:
        reference, reply = command.reference, movesense_gsp.build_reply
        if command.code == Code.HELLO:
            yield movesense_gsp.build_hello(reference, self.dialect)
        elif command.code == Code.SUBSCRIBE:
            status = self.refused.get(command.path, 200)
            if status == 200:
                self.subscribed.append(command.path)
            if self.streams_at_once:
                yield from movesense_gsp.split(reference, bytes(100))
            elif status != 200 or self.dialect == "production":
                yield reply(reference, status, dialect=self.dialect)
        elif command.code == Code.GET and command.path == movesense_gsp.BATTERY_PATH:
            yield reply(reference, 200, movesense_gsp.build_battery(77))
        elif command.code == Code.GET and command.path == movesense_gsp.TIME_PATH:
            yield reply(reference, 200, movesense_gsp.build_time(1_790_000_000_000_000, 21_432))
        elif self.dialect == "production":
            yield reply(reference, 200)


H10_OFFER = {Setting.RATE_HZ: (25, 50, 100, 200), Setting.RESOLUTION_BITS: (16,), Setting.RANGE: (2, 4, 8)}
VERITY_ACC_OFFER = {
    Setting.RATE_HZ: (52,),
    Setting.RESOLUTION_BITS: (16,),
    Setting.RANGE: (8,),
    Setting.CHANNELS: (3,),
}
VERITY_GYRO_OFFER = {**VERITY_ACC_OFFER, Setting.RANGE: (2000,)}
VERITY_FACTORS = {polar_pmd.Measurement.ACC: 2.44140625e-4, polar_pmd.Measurement.GYRO: 0.06103515625}


@dataclass
class PolarSensor:
    """Answers at the PMD control point; `refusals` are the statuses of the next START requests, in order."""

    offers: dict[int, polar_pmd.Settings]
    factors: dict[int, float] = field(default_factory=dict)
    refusals: list[int] = field(default_factory=list)
    indication_bytes: int = 200
    running: dict[int, polar_pmd.Settings] = field(default_factory=dict)

    @property
    def features(self) -> bytes:
        return polar_pmd.build_features(frozenset(self.offers))

    def __call__(self, characteristic: str, data: bytes) -> list[Answer]:
        request = polar_pmd.parse_request(data)
        assert request is not None
        assert characteristic == polar_pmd.CONTROL
        if request.op == Op.GET_SETTINGS:
            return self._in_pieces(
                polar_pmd.build_settings_reply(request.measurement, self.offers[request.measurement])
            )
        if request.op == Op.STOP:
            self.running.pop(request.measurement, None)
            return [(1, polar_pmd.Response(Op.STOP, request.measurement, Status.OK).to_bytes())]
        status = self.refusals.pop(0) if self.refusals else Status.OK
        if status == Status.OK:
            self.running[request.measurement] = request.settings
        factor = self.factors.get(request.measurement) if status == Status.OK else None
        return [(1, polar_pmd.build_start_reply(request.measurement, factor, status))]

    def _in_pieces(self, reply: bytes) -> list[Answer]:
        header, parameters = reply[:4], reply[5:]
        pieces = [parameters[i : i + self.indication_bytes] for i in range(0, len(parameters), self.indication_bytes)]
        flags = [bytes((number < len(pieces) - 1,)) for number in range(len(pieces))]
        return [
            (1, (header if number == 0 else b"") + flag + piece)
            for number, (flag, piece) in enumerate(zip(flags, pieces, strict=True))
        ]


@dataclass
class GaitImuSensor:
    """Answers the profile's control and time characteristics; its clock runs `ahead_us` ahead of the host's."""

    scale: gaitimu_frames.Scale = field(default_factory=gaitimu_frames.Scale)
    mtu: int = 247
    status: int = 0
    ahead_us: int = 0
    host_us: Callable[[], int] = lambda: 0
    started: gaitimu_frames.Started | None = None

    def __call__(self, characteristic: str, data: bytes) -> list[Answer]:
        if characteristic == gaitimu_frames.TIME:
            request = gaitimu_frames.parse_time(data)
            assert request is not None
            now_us = self.host_us() + self.ahead_us
            return [(2, request.answered(now_us, now_us + 40).to_bytes())]
        command = gaitimu_frames.parse_control(data)
        if not isinstance(command, gaitimu_frames.Start):
            self.started = None
            return [(1, gaitimu_frames.build_reply(command, 0))]
        reply = gaitimu_frames.accept(command, self.scale, self.mtu)
        if self.status:
            reply = gaitimu_frames.Started(self.status)
        self.started = reply
        return [(1, reply.to_bytes())]
