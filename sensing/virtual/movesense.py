"""A virtual Movesense: GSP in the dialects of production firmware and of the vendor's sample application."""

import dataclasses

from sensing.drivers import movesense_gsp as gsp
from sensing.drivers.base import BATTERY_LEVEL
from sensing.drivers.movesense import Movesense, choice_of
from sensing.drivers.movesense_gsp import Code, Dialect, Kind
from sensing.virtual.firmware import BATTERY, NOTIFY, WRITE, Attribute, Body, Service, Stream

MOST_PARTS = 3
PART_HEADER_BYTES = 2
ATT_HEADER_BYTES = 3
MOST_SUBSCRIPTIONS = 4
RESTART_MODE = 5
OK, NOT_FOUND, CONFLICT, NO_POOL, FULL = 200, 404, 409, 429, 507


class MovesenseFirmware:
    """`production` answers everything; `sample_app` is silent on success; `silent` does not even answer HELLO.

    Real firmware drops subscriptions at a disconnection, and after a 429 refuses everything until it is restarted.
    """

    def __init__(self, dialect: Dialect = "production", serial: str = "000000000000") -> None:
        self.driver = Movesense()
        self.dialect = dialect
        self.serial = serial
        self.services = (
            Service(gsp.SERVICE, (Attribute(gsp.COMMAND, (WRITE,)), Attribute(gsp.DATA, (NOTIFY,)))),
            BATTERY,
        )
        self.advertised_services: tuple[str, ...] = ()  # the 128-bit service does not fit beside the name
        self._utc_offset_us = 0
        self._subscriptions: dict[int, str] = {}
        self._exhausted = False  # answered 429

    def disconnected(self) -> None:
        self._subscriptions.clear()

    def rebooted(self) -> None:
        self._exhausted = False
        self._utc_offset_us = 0

    def read(self, body: Body, uuid: str) -> bytes:
        return bytes((body.battery_percent,)) if uuid == BATTERY_LEVEL else b""

    def write(self, body: Body, uuid: str, value: bytes) -> None:
        command = gsp.parse_command(value)
        if command is None:
            return
        reference = command.reference
        if command.code == Code.HELLO:
            if self.dialect != "silent":
                body.reply(0, gsp.build_hello(reference, self.dialect, self.serial))
        elif command.code == Code.SUBSCRIBE:
            self._subscribe(body, reference, command.path)
        elif command.code == Code.UNSUBSCRIBE:
            self._unsubscribe(body, reference)
        elif self.dialect == "sample_app":
            return
        elif command.code == Code.GET and command.path == gsp.BATTERY_PATH:
            self._answer(body, reference, OK, gsp.build_battery(body.battery_percent))
        elif command.code == Code.GET and command.path == gsp.TIME_PATH:
            relative_ms = body.ticks()
            utc_us = self._utc_offset_us + relative_ms * 1000
            self._answer(body, reference, OK, gsp.build_time(utc_us, relative_ms))
        elif command.code == Code.PUT_UTCTIME and len(command.payload) >= 8:
            self._utc_offset_us = int.from_bytes(command.payload[:8], "little") - body.ticks() * 1000
            self._answer(body, reference, OK)
        elif command.code == Code.PUT_SYSTEMMODE and command.payload[:1] == bytes((RESTART_MODE,)):
            self._answer(body, reference, 202)
            body.restart()
        else:
            self._answer(body, reference, NOT_FOUND)

    def _subscribe(self, body: Body, reference: int, path: str) -> None:
        refusal = self._refusal(body, reference, path)
        if refusal is not None:
            self._exhausted = self._exhausted or refusal == NO_POOL
            body.reply(0, gsp.build_reply(reference, refusal, dialect=self.dialect))
            return
        self._subscriptions[reference] = path
        if self.dialect == "production":
            self._answer(body, reference, OK)
        if path == gsp.BATTERY_PATH:
            body.reply(0, bytes((Kind.DATA, reference)) + gsp.build_battery(body.battery_percent))
            return
        stream = gsp.Stream.from_path(path)
        assert stream is not None, "refused above"
        choice = choice_of(stream, self.dialect, reference)
        choice = dataclasses.replace(
            choice, settings={**choice.settings, "part_bytes": min(gsp.PART_BYTES, self._room(body))}
        )
        body.start(
            Stream(str(reference), choice.rate_hz, choice.samples_per_packet, lambda f: self.driver.pack(f, choice))
        )

    def _refusal(self, body: Body, reference: int, path: str) -> int | None:
        if self._exhausted:
            return NO_POOL
        stream = gsp.Stream.from_path(path)
        if stream is None:
            return None if path == gsp.BATTERY_PATH and self.dialect != "sample_app" else NOT_FOUND
        told = body.next_refusal()
        if told is not None:
            return told
        if reference in self._subscriptions:
            return CONFLICT
        if stream.has_gyroscope > body.motion.has_gyroscope or stream.has_magnetometer > body.motion.has_magnetometer:
            return NOT_FOUND
        most_bytes = MOST_PARTS * self._room(body)
        if self.dialect == "sample_app":
            most_bytes = min(most_bytes, gsp.SAMPLE_APP_PAYLOAD_BYTES)
        if stream.payload_bytes > most_bytes or len(self._subscriptions) >= MOST_SUBSCRIPTIONS:
            return FULL
        return None

    def _unsubscribe(self, body: Body, reference: int) -> None:
        known = self._subscriptions.pop(reference, None)
        body.stop(str(reference))
        if self.dialect == "production":
            self._answer(body, reference, OK if known else NOT_FOUND)

    def _room(self, body: Body) -> int:
        """Payload bytes that one notification can carry."""
        return body.mtu - ATT_HEADER_BYTES - PART_HEADER_BYTES

    def _answer(self, body: Body, reference: int, status: int, payload: bytes = b"") -> None:
        body.reply(0, gsp.build_reply(reference, status, payload, self.dialect))
