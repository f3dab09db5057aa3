"""Records in stream order to sample blocks on the session's clock: what was lost is counted, nothing is made up."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sensing.block import GAP_PERIODS, SampleBlock
from sensing.drivers import driver_named
from sensing.drivers.base import Battery, Decoder, Driver, Frame, Reading, StreamChoice
from sensing.packets import Note, Record
from sensing.timeline import HostTimeline, Stamped, Timeline, timeline_for

REORDER_S = 0.25  # so long a frame waits for one that it overtook ...
REORDER_PACKETS = 4  # ... or until so many wait
WORTH_WAITING_S = 1.0  # behind a longer hole nothing waits
RECENT_FRAMES = 64  # remembered to tell a duplicate from a latecomer


@dataclass(frozen=True, slots=True)
class Counters:
    """What became of the packets of one sensor since the session began."""

    packets: int = 0  # notifications while a stream was running
    samples: int = 0
    lost_samples: int = 0  # missing within a connection
    duplicate_packets: int = 0
    reordered_packets: int = 0  # overtaken but put in their place
    late_packets: int = 0  # overtaken and too late: their samples are among the lost
    partial_packets: int = 0  # malformed, or parts without their fellows
    stray_packets: int = 0  # heard while no stream was running
    reconnects: int = 0
    clock_resets: int = 0  # the sensor's clock was set, or the sensor restarted
    gap_s: float = 0.0  # session time without samples, reconnections included

    @property
    def loss_fraction(self) -> float | None:
        """Lost among all that the sensor measured while connected."""
        expected = self.samples + self.lost_samples
        return self.lost_samples / expected if expected else None

    def by_name(self) -> dict[str, float]:
        """Every counter."""
        return {name: getattr(self, name) for name in COUNTERS}


COUNTERS = tuple(field.name for field in fields(Counters))


@dataclass(frozen=True, slots=True)
class ClockReport:
    """How the sensor's time was tied to the session's; see ClockFit for the two figures."""

    kind: Literal["device", "host"]
    skew_ppm: float | None
    residual_s: float | None


class Intake:
    """One sensor's records to blocks; a function of the records alone, so that a raw log gives the same blocks again.

    A Note "stream" (fields driver, choice) starts a connection, "disconnected" and "stopped" end it. Over the whole
    session `time_s` and `first_index` increase strictly. A hole is a jump of both: of `first_index` by the samples
    lost, or, where the connection or the sensor's clock was interrupted, by the sample periods that passed.
    """

    def __init__(self, sensor_id: str, find_driver: Callable[[str], Driver] = driver_named) -> None:
        self.sensor_id = sensor_id
        self.battery_percent: int | None = None
        self.rate_hz: float | None = None  # nominal
        self.has_gyroscope: bool | None = None
        self._find_driver = find_driver
        self._driver: Driver | None = None
        self._choice: StreamChoice | None = None
        self._decoder: Decoder | None = None
        self._line: Timeline | None = None
        self._waiting: list[Stamped] = []
        self._patience = 0
        self._recent: deque[tuple[float, int]] = deque(maxlen=RECENT_FRAMES)
        self._joining = True  # the next block is the first since an interruption
        self._next_index = 0
        self._last_s: float | None = None
        self._heard_s = 0.0  # arrival of the last packet
        self._ramp = np.arange(64.0)
        self._streams = 0
        self._packets = self._lost = self._duplicates = self._reordered = self._late = self._strays = 0
        self._earlier_partials = self._clock_resets = self._samples = 0
        self._gap_s = 0.0

    def receive(self, record: Record) -> list[SampleBlock]:
        """The blocks that this record completes, in order. Raises what `find_driver` raises for an unknown name."""
        blocks: list[SampleBlock] = []
        if isinstance(record, Note):
            if record.kind == "stream":
                self._end_stream(blocks)
                self._begin_stream(record)
            elif record.kind in ("disconnected", "stopped"):
                self._end_stream(blocks)
            return blocks
        if self._decoder is None:
            self._strays += 1
            return blocks
        self._packets += 1
        self._heard_s = record.arrival_s
        self._take_all(self._decoder.parse(record.data, record.channel), blocks)
        return blocks

    def finish(self) -> list[SampleBlock]:
        """The frames that still waited for others, at the end of the log."""
        blocks: list[SampleBlock] = []
        self._end_stream(blocks)
        return blocks

    @property
    def counters(self) -> Counters:
        return Counters(
            packets=self._packets,
            samples=self._samples,
            lost_samples=self._lost,
            duplicate_packets=self._duplicates,
            reordered_packets=self._reordered,
            late_packets=self._late,
            partial_packets=self._earlier_partials + (self._decoder.partial_packets if self._decoder else 0),
            stray_packets=self._strays,
            reconnects=max(0, self._streams - 1),
            clock_resets=self._clock_resets,
            gap_s=self._gap_s,
        )

    @property
    def clock(self) -> ClockReport:
        line = self._line
        kind: Literal["device", "host"] = "host" if line is None or isinstance(line, HostTimeline) else "device"
        if line is None:
            return ClockReport(kind, None, None)
        return ClockReport(kind, line.fit.skew_ppm, line.fit.residual_s)

    @property
    def measured_rate_hz(self) -> float | None:
        """Samples per session second, as the clocks tell."""
        return None if self._line is None else 1.0 / (self._line.period_s * self._line.fit.pace)

    def _begin_stream(self, note: Note) -> None:
        choice = note.fields["choice"]
        if not isinstance(choice, dict):
            raise ValueError(f"a stream note needs a choice, not {choice!r}")
        self._choice = StreamChoice.from_json(choice)
        self._driver = self._find_driver(str(note.fields["driver"]))
        self._decoder = self._driver.decoder(self._choice)
        self._line = timeline_for(self._driver, self._choice, self._line)
        self._patience = min(REORDER_PACKETS, int(REORDER_S / self._choice.packet_period_s))
        self.rate_hz = self._choice.rate_hz
        self.has_gyroscope = self._choice.has_gyroscope
        self._streams += 1
        self._joining = True

    def _end_stream(self, blocks: list[SampleBlock]) -> None:
        if self._decoder is not None:
            self._take_all(self._decoder.finish(), blocks)
            self._earlier_partials += self._decoder.partial_packets
        self._decoder = None
        self._release(blocks, give_up=True)

    def _take_all(self, readings: list[Reading], blocks: list[SampleBlock]) -> None:
        for reading in readings:
            if isinstance(reading, Frame):
                self._take(reading, blocks)
            elif isinstance(reading, Battery):
                self.battery_percent = reading.percent

    def _take(self, frame: Frame, blocks: list[SampleBlock]) -> None:
        line = self._line
        assert line is not None
        stamped = line.stamp(frame, self._heard_s)
        if stamped is None:
            stamped = self._restart(frame, blocks)
            line = self._line
            assert line is not None
        missing = line.missing(stamped)
        if missing == 0:
            if self._waiting:
                self._reordered += 1
            self._place(stamped, 0, blocks)
        elif missing < 0:
            if stamped.order in self._recent:
                self._duplicates += 1
            else:
                self._late += 1
        elif not self._waiting and (not self._patience or missing * line.period_s > WORTH_WAITING_S):
            self._place(stamped, missing, blocks)
        else:
            self._wait(stamped)
        if self._waiting:
            self._release(blocks)

    def _wait(self, stamped: Stamped) -> None:
        order = stamped.order
        if any(other.order == order for other in self._waiting):
            self._duplicates += 1
            return
        if self._waiting and order < self._waiting[-1].order:
            self._reordered += 1
        self._waiting.append(stamped)
        self._waiting.sort(key=lambda one: one.order)

    def _release(self, blocks: list[SampleBlock], give_up: bool = False) -> None:
        """Place the frames whose turn has come; accept holes that nobody will fill any more."""
        waiting, line = self._waiting, self._line
        if not waiting or line is None:
            return
        newest_s = max(one.arrival_s for one in waiting)
        while waiting:
            first = waiting[0]
            missing = line.missing(first)
            patient = len(waiting) <= self._patience and newest_s - first.arrival_s < REORDER_S
            if missing > 0 and patient and not give_up:
                return
            waiting.pop(0)
            if missing < 0:
                self._late += 1
            else:
                self._place(first, missing, blocks)

    def _restart(self, frame: Frame, blocks: list[SampleBlock]) -> Stamped:
        """A new time axis in the middle of the session, because the sensor's clock jumped."""
        self._release(blocks, give_up=True)
        assert self._driver is not None
        assert self._choice is not None
        self._line = timeline_for(self._driver, self._choice)
        self._clock_resets += 1
        self._joining = True
        self._recent.clear()
        stamped = self._line.stamp(frame, self._heard_s)
        assert stamped is not None, "a fresh time axis starts at any stamp"
        return stamped

    def _place(self, stamped: Stamped, missing: int, blocks: list[SampleBlock]) -> None:
        line, frame = self._line, stamped.frame
        assert line is not None
        fit, n = line.fit, stamped.samples
        start_s = line.place(stamped, missing)
        end_s = start_s + (n - 1) * line.period_s
        fresh = not fit.started
        if fresh:
            fit.add(end_s, stamped.arrival_s)
        step_s = line.period_s * fit.pace
        first_s = fit.to_session(start_s)
        if self._last_s is not None:
            if first_s < self._last_s + 0.5 * step_s:
                fit.not_before(start_s, self._last_s + step_s)
                first_s = self._last_s + step_s
            jump_s = first_s - self._last_s
            if self._joining:
                self._next_index += max(0, round(jump_s / step_s) - 1)
            if (missing or self._joining) and jump_s > GAP_PERIODS * step_s:
                self._gap_s += jump_s - step_s
        if not fresh:
            fit.add(end_s, stamped.arrival_s)
        if not self._joining:
            self._next_index += missing
            self._lost += missing
        self._joining = False
        time_s = self._times(first_s, step_s, n)
        rate_hz = self.rate_hz or 1.0 / line.period_s
        acc_mps2, gyr_radps, mag_ut = frame.acc_mps2, frame.gyr_radps, frame.mag_ut
        blocks.append(SampleBlock(self.sensor_id, self._next_index, rate_hz, time_s, acc_mps2, gyr_radps, mag_ut))
        self._next_index += n
        self._samples += n
        self._last_s = first_s + step_s * (n - 1)
        self._recent.append(stamped.order)

    def _times(self, first_s: float, step_s: float, n: int) -> NDArray[np.float64]:
        if n > self._ramp.size:
            self._ramp = np.arange(float(2 * n))
        return self._ramp[:n] * step_s + first_s
