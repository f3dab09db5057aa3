"""Polar H10, Verity Sense and OH1 over PMD: acceleration, and the angular rate of a Verity Sense merged into it."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensing.block import Vectors
from sensing.drivers import polar_frames, polar_pmd
from sensing.drivers.base import (
    BATTERY_LEVEL,
    ClockSpec,
    DriverError,
    Frame,
    Link,
    Reading,
    Reply,
    StreamChoice,
    Wanted,
    ask,
    battery_reading,
)
from sensing.drivers.polar_frames import COMPRESSED, Flow
from sensing.drivers.polar_pmd import Measurement, Op, Request, Response, Setting, Status

NAMES = ("Polar H10", "Polar Sense", "Polar Verity", "Polar OH1")
PACKET_SAMPLES = 36  # of the H10's largest frame: 36 x 6 + 10 = 226 bytes
HOLD_S = 2.0  # acceleration waits this long for an angular rate that does not come
HOLD_FRAMES = 32  # and never more frames than this
EDGE_PERIODS = 0.5  # an acceleration sample this far from a lone angular-rate sample still takes its value
GAP_PERIODS = 1.5  # angular-rate samples further apart than this have a loss between them
JUMP_S = 10.0  # a stamp this far from the one before: the sensor's clock was set


def choice_of(acc: Flow, gyr: Flow | None = None) -> StreamChoice:
    """What the session keeps about started measurements."""
    return StreamChoice(
        rate_hz=acc.rate_hz,
        samples_per_packet=PACKET_SAMPLES,
        has_gyroscope=gyr is not None,
        settings={"acc": acc.to_json(), "gyr": None if gyr is None else gyr.to_json()},
    )


def flow_of(measurement: int, chosen: polar_pmd.Settings, factor: float | None) -> Flow:
    """A started measurement: with a conversion factor its frames are compressed, without they are raw (H10)."""
    compressed = factor is not None or measurement == Measurement.GYRO
    return Flow(
        measurement=measurement,
        rate_hz=float(chosen[Setting.RATE_HZ][0]),
        resolution_bits=int(chosen.get(Setting.RESOLUTION_BITS, (16,))[0]),
        range=float(chosen.get(Setting.RANGE, (8,))[0]),
        factor=1.0 if factor is None else factor,
        frame_type=COMPRESSED if compressed else 1,
    )


def flows_of(choice: StreamChoice) -> dict[int, Flow]:
    """The started measurements of a choice, by type."""
    flows = [Flow.from_json(fields) for fields in (choice.settings["acc"], choice.settings.get("gyr")) if fields]
    return {flow.measurement: flow for flow in flows}


class _SampleTimes:
    """The time of every sample of one measurement on the sensor's clock, from the stamps of last samples."""

    def __init__(self, rate_hz: float) -> None:
        self.period_s = 1.0 / rate_hz
        self.last_s: float | None = None

    def of(self, stamp_s: float, n: int) -> NDArray[np.float64]:
        """Steps back from the stamp: by the true spacing where the frame before is known, else by the nominal one."""
        step_s = self.period_s
        if self.last_s is not None and abs((stamp_s - self.last_s) / n / step_s - 1.0) < 0.2:
            step_s = (stamp_s - self.last_s) / n
        self.last_s = stamp_s
        return stamp_s - step_s * np.arange(n - 1, -1, -1, dtype=np.float64)


class _GyroscopeMerge:
    """Gives every acceleration sample the angular rate of the same instant of the sensor's clock.

    Linear between angular-rate samples at most GAP_PERIODS apart; next to a loss, the value of a sample at most
    EDGE_PERIODS away; else NaN: nothing is invented. A frame of acceleration waits until angular rate has caught up, or
    until it is HOLD_S behind; frames come out in the order of their arrival.
    """

    def __init__(self, acc_rate_hz: float, gyr_rate_hz: float) -> None:
        self._acc_times, self._gyr_times = _SampleTimes(acc_rate_hz), _SampleTimes(gyr_rate_hz)
        self._waiting: deque[tuple[NDArray[np.float64], int, Vectors]] = deque()
        self._gyr_s: NDArray[np.float64] = np.empty(0)
        self._gyr_radps: Vectors = np.empty((0, 3))
        self._origin_ns: int | None = None

    def add_acc(self, stamp_ns: int, acc_mps2: Vectors) -> list[Frame]:
        stamp_s = self._seconds(stamp_ns)
        last_s = self._acc_times.last_s
        frames = []
        if last_s is not None and abs(stamp_s - last_s) > JUMP_S:
            frames = self._release(everything=True)
        self._waiting.append((self._acc_times.of(stamp_s, len(acc_mps2)), stamp_ns, acc_mps2))
        return frames + self._release()

    def add_gyr(self, stamp_ns: int, gyr_radps: Vectors) -> list[Frame]:
        stamp_s = self._seconds(stamp_ns)
        if self._gyr_times.last_s is not None and abs(stamp_s - self._gyr_times.last_s) > JUMP_S:
            self._gyr_s, self._gyr_radps = self._gyr_s[:0], self._gyr_radps[:0]
        times_s = np.concatenate((self._gyr_s, self._gyr_times.of(stamp_s, len(gyr_radps))))
        times_s, order = np.unique(times_s, return_index=True)
        kept = times_s > times_s[-1] - JUMP_S
        self._gyr_radps = np.concatenate((self._gyr_radps, gyr_radps))[order][kept]
        self._gyr_s = times_s[kept]
        return self._release()

    def finish(self) -> list[Frame]:
        """Every frame that still waits, as far as the angular rate goes."""
        return self._release(everything=True)

    def _seconds(self, stamp_ns: int) -> float:
        if self._origin_ns is None:
            self._origin_ns = stamp_ns
        return (stamp_ns - self._origin_ns) * 1e-9

    def _release(self, everything: bool = False) -> list[Frame]:
        frames = []
        newest_acc_s = self._waiting[-1][0][-1] if self._waiting else 0.0
        while self._waiting:
            times_s, stamp_ns, acc_mps2 = self._waiting[0]
            reach_s = self._gyr_s[-1] + EDGE_PERIODS * self._gyr_times.period_s if len(self._gyr_s) else -np.inf
            late = newest_acc_s - max(reach_s, times_s[0]) > HOLD_S
            late = late or len(self._waiting) > HOLD_FRAMES
            if not (everything or late or times_s[-1] <= reach_s):
                break
            self._waiting.popleft()
            frames.append(Frame(acc_mps2, self._at(times_s), ticks=stamp_ns))
        return frames

    def _at(self, times_s: NDArray[np.float64]) -> Vectors:
        if not len(self._gyr_s):
            return np.full((len(times_s), 3), np.nan)
        right = np.clip(np.searchsorted(self._gyr_s, times_s), 0, len(self._gyr_s) - 1)
        left = np.maximum(right - (self._gyr_s[right] > times_s), 0)
        span_s = self._gyr_s[right] - self._gyr_s[left]
        inside = (self._gyr_s[left] <= times_s) & (times_s <= self._gyr_s[right])
        share = np.where(span_s > 0, (times_s - self._gyr_s[left]) / np.where(span_s > 0, span_s, 1.0), 0.0)
        linear = self._gyr_radps[left] + share[:, None] * (self._gyr_radps[right] - self._gyr_radps[left])
        near_left = np.abs(times_s - self._gyr_s[left]) <= np.abs(times_s - self._gyr_s[right])
        nearest = np.where(near_left, left, right)
        close = np.abs(times_s - self._gyr_s[nearest]) <= EDGE_PERIODS * self._gyr_times.period_s
        values = np.where(close[:, None], self._gyr_radps[nearest], np.nan)
        whole = inside & (span_s <= GAP_PERIODS * self._gyr_times.period_s)
        return np.ascontiguousarray(np.where(whole[:, None], linear, values))


class PolarDecoder:
    """Notifications to readings, for one connection. Frames that cannot be read count in `partial_packets`.

    With angular rate (Verity Sense) a frame carries acceleration's stamps, see `_GyroscopeMerge`; acceleration that is
    still waiting when the link ends comes out of `finish`, with NaN where there is no angular rate.
    """

    def __init__(self, choice: StreamChoice) -> None:
        self.partial_packets = 0
        self._flows = flows_of(choice)
        gyr = self._flows.get(Measurement.GYRO)
        self._merge = None if gyr is None else _GyroscopeMerge(choice.rate_hz, gyr.rate_hz)

    def parse(self, data: bytes, channel: int = 0) -> list[Reading]:
        reading: Reading | None
        if channel == 0:
            try:
                return [*self._frames(*polar_frames.parse_frame(data, self._flows))]
            except polar_frames.MalformedError:
                reading = None
        elif channel == 1:
            response = polar_pmd.parse_response(data)
            reading = None if response is None else _reply(response)
        else:
            reading = battery_reading(data)
        if reading is None:
            self.partial_packets += 1
            return []
        return [reading]

    def finish(self) -> list[Reading]:
        return [] if self._merge is None else [*self._merge.finish()]

    def _frames(self, measurement: int, stamp_ns: int, vectors: Vectors) -> list[Frame]:
        if self._merge is None:
            return [Frame(vectors, ticks=stamp_ns)]
        if measurement == Measurement.GYRO:
            return self._merge.add_gyr(stamp_ns, vectors)
        return self._merge.add_acc(stamp_ns, vectors)


def _reply(response: Response) -> Reply:
    if response.status == Status.OK:
        return Reply(response.op, 200, response.parameters)
    return Reply(response.op, response.status, response.parameters, polar_pmd.refusal(response.status))


@dataclass(frozen=True, slots=True)
class Polar:
    """The driver: settings negotiation over the control point, and Polar's frames in both directions."""

    reply_timeout_s: float = 3.0

    name = "polar"
    label = "Polar H10, Verity Sense, OH1"
    channels = (polar_pmd.DATA, polar_pmd.CONTROL, BATTERY_LEVEL)
    optional_channels = frozenset({2})
    clock = ClockSpec(tick_s=1e-9, bits=64, stamp="last")
    sequence_bits = None

    def matches(self, name: str, service_uuids: Sequence[str]) -> bool:
        return name.startswith(NAMES) or polar_pmd.SERVICE in service_uuids

    def decoder(self, choice: StreamChoice) -> PolarDecoder:
        return PolarDecoder(choice)

    async def start(self, link: Link, wanted: Wanted) -> StreamChoice:
        """Features, offered settings, choice, start: for acceleration, then for angular rate where there is one."""
        features = polar_pmd.parse_features(await link.read(polar_pmd.CONTROL))
        if Measurement.ACC not in features:
            raise DriverError(polar_pmd.refusal(Status.UNSUPPORTED), needs_person=True)
        acc = await self._start(link, Measurement.ACC, wanted.rate_hz)
        if not (wanted.gyroscope and Measurement.GYRO in features):
            return choice_of(acc)
        return choice_of(acc, await self._start(link, Measurement.GYRO, acc.rate_hz))

    async def stop(self, link: Link) -> None:
        """An H10 that is not told to stop streams on until its battery is empty. It answers the second with a no."""
        for measurement in (Measurement.ACC, Measurement.GYRO):
            await link.write(polar_pmd.CONTROL, Request(Op.STOP, measurement).to_bytes())

    def pack(self, frame: Frame, choice: StreamChoice) -> list[tuple[int, bytes]]:
        """Rounded to the sensor's counts and clipped at 16 bit, see polar_frames.build_frame for the bounds."""
        if frame.ticks is None:
            raise ValueError("a Polar frame has the stamp of its last sample")
        flows = flows_of(choice)
        notifications = [(0, polar_frames.build_frame(flows[Measurement.ACC], frame.ticks, frame.acc_mps2))]
        if Measurement.GYRO in flows:
            if frame.gyr_radps is None:
                raise ValueError("this stream has angular rate, the frame has none")
            notifications.append((0, polar_frames.build_frame(flows[Measurement.GYRO], frame.ticks, frame.gyr_radps)))
        return notifications

    async def _start(self, link: Link, measurement: Measurement, rate_hz: float) -> Flow:
        try:
            offered = polar_pmd.parse_settings(await self._request(link, Request(Op.GET_SETTINGS, measurement)))
        except ValueError as error:
            raise DriverError(polar_pmd.refusal(Status.LENGTH)) from error
        chosen = polar_pmd.choose(offered, rate_hz)
        if Setting.RATE_HZ not in chosen:
            raise DriverError(polar_pmd.refusal(Status.RATE))
        request = Request(Op.START, measurement, chosen)
        try:
            parameters = await self._request(link, request)
        except AlreadyStreamingError:
            await self._request(link, Request(Op.STOP, measurement))
            parameters = await self._request(link, request)
        factor = polar_pmd.parse_settings(parameters).get(Setting.FACTOR)
        return flow_of(measurement, chosen, factor[0] if factor else None)

    async def _request(self, link: Link, request: Request) -> bytes:
        """The parameters of the reply, joined when it comes in several indications. Raises DriverError."""
        parts: list[bytes] = []

        def completes(indication: bytes) -> bool:
            response = polar_pmd.parse_response(indication)
            if response is not None and (response.op, response.measurement) == (request.op, request.measurement):
                parts[:] = [indication]
                return not response.more
            if parts and indication:
                parts.append(indication)
                return indication[0] == 0
            return False

        last = await ask(link, 1, completes, polar_pmd.CONTROL, request.to_bytes(), self.reply_timeout_s)
        response = polar_pmd.parse_response(parts[0]) if parts else None
        if last is None or response is None:
            raise DriverError("The Polar sensor did not answer: put it on and wake it, or restart it.")
        if response.status == Status.ALREADY and request.op == Op.START:
            raise AlreadyStreamingError(polar_pmd.refusal(response.status))
        if response.status != Status.OK:
            raise DriverError(
                polar_pmd.refusal(response.status), needs_person=response.status in polar_pmd.NEED_A_PERSON
            )
        return response.parameters + b"".join(part[1:] for part in parts[1:])


class AlreadyStreamingError(DriverError):
    """The measurement runs already: a connection before this one was lost without a stop."""
