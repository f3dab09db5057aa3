"""Where on a sensor's own time axis each frame lies, so that what is missing can be counted."""

from typing import NamedTuple, Protocol

from sensing.clock import ClockFit, Unwrapper
from sensing.drivers.base import ClockSpec, Driver, Frame, StreamChoice

NOMINAL_OFF = 0.12  # how far a sensor's true rate may be from the nominal one where nothing but stamps says so
SMOOTHING = 0.05  # of a stamp's deviation that is believed; the rest is its jitter (Movesense stamps are whole ms)
MOST_CORRECTION = 0.25  # sample periods that one stamp may move its frame ...
FREE_FRAMES = 8  # ... but for the first ones after a hole, which count in full, half, a third ...
BASELINE_S = 60.0  # the true sample period is measured over one to two of these
SHORT_BASELINE_S = 10.0  # after a hole, the period found before it holds for so long
HOLE_PERIODS = 1.5  # more than this after where the next sample belongs is a hole (CONTRACT §1)
WHOLE_FRAMES = 0.3  # frames, by which a hole may miss being whole ones and still be taken for that
RESET_BACK_S = 5.0  # a stamp that far back is not a late packet but a clock that was set or restarted
RESET_AHEAD_S = 60.0  # ... or so far ahead of the time that has passed; deliveries lag by up to 30 s (Polar H10)
RESET_PACKETS = 1000  # a packet counter that far back was restarted
RESUME_EARLY_S = 0.25  # after a reconnection the clock runs on if the first packet is at most that early ...
RESUME_LATE_S = 5.0  # ... or that late
HOST_SKEW = 0.1  # a sensor without a clock counts nominal periods, which are that far off at worst
HOST_SLEW = 0.05
HOST_SKEW_AFTER_S = 10.0
SHIFT_S = 2.0  # without stamps and counters, a delay that has grown and stays for so long is a loss
SHIFT_LEAST_S = 0.25


class Stamped(NamedTuple):
    """A frame with its unwrapped stamp (device seconds from the timeline's zero) and packet number."""

    frame: Frame
    samples: int
    arrival_s: float
    stamp_s: float | None
    sequence: int | None

    @property
    def order(self) -> tuple[float, int]:
        """Sorts frames as they were measured; equal for the same frame delivered twice."""
        return (self.stamp_s or 0.0, self.sequence or 0)


class Timeline(Protocol):
    """One connection's time axis in device seconds; `fit` maps it to the session."""

    fit: ClockFit
    period_s: float  # device seconds per sample, as measured

    def stamp(self, frame: Frame, arrival_s: float) -> Stamped | None:
        """The frame with its place on the axis; None when the sensor's clock was set or restarted before it."""
        ...

    def missing(self, stamped: Stamped) -> int:
        """Samples between the last placed frame and this one; negative if it belongs before it."""
        ...

    def place(self, stamped: Stamped, missing: int) -> float:
        """Device seconds of the frame's first sample; the frame becomes the last placed one."""
        ...


def timeline_for(driver: Driver, choice: StreamChoice, before: Timeline | None = None) -> Timeline:
    """The axis of a new connection; `before` is the last connection's, whose clock may have run on."""
    if driver.clock is None:
        return HostTimeline(driver.sequence_bits, choice)
    if isinstance(before, DeviceTimeline) and before.clock == driver.clock and before.can_resume:
        return DeviceTimeline(driver.clock, driver.sequence_bits, choice, before)
    return DeviceTimeline(driver.clock, driver.sequence_bits, choice)


class _PacketNumbers:
    """Unwrapped packet numbers, and how many packets lie between two frames."""

    def __init__(self, bits: int | None) -> None:
        self._unwrapper = None if bits is None else Unwrapper(bits)
        self._placed: int | None = None

    def number(self, frame: Frame) -> int | None:
        if self._unwrapper is None or frame.sequence is None:
            return None
        return self._unwrapper.unwrap(frame.sequence, self._placed)

    def advance(self, number: int | None) -> int | None:
        """1 for the packet after the placed one, 0 or less for an old one; None where nothing can be said."""
        if number is None or self._placed is None:
            return None
        step = number - self._placed
        return None if step < -RESET_PACKETS else step

    def place(self, number: int | None) -> None:
        self._placed = number


class DeviceTimeline:
    """Time axis of a sensor that stamps its frames.

    The sample count is tied to the stamps by a first-order loop (SMOOTHING) at a period measured over BASELINE_S:
    evenly spaced samples from stamps that jitter or are rounded, and no use of the nominal rate once two packets came.
    """

    def __init__(
        self,
        clock: ClockSpec,
        sequence_bits: int | None,
        choice: StreamChoice,
        before: "DeviceTimeline | None" = None,
    ) -> None:
        self.clock = clock
        self.period_s = self._nominal_s = 1.0 / choice.rate_hz
        self._baseline_s = 0.0  # over which the period was measured
        self._stamp_is_last = clock.stamp == "last"
        self._numbers = _PacketNumbers(sequence_bits)
        self._next_s: float | None = None  # where the next sample belongs
        self._steps = 0  # samples so far, lost ones included
        self._length: int | None = None  # of every frame so far; 0 when they differ
        self._anchored = 0  # frames since the last hole
        self._marks: list[
            tuple[int, float]
        ] = []  # (steps, stamp): where the period's baseline starts, and its successor
        if before is None:
            self.fit = ClockFit()
            self._ticks = Unwrapper(clock.bits)
            self._zero = 0
            self._newest_arrival_s = 0.0
            self._floor_s: float | None = None
        else:
            self.fit, self._ticks, self._zero = before.fit, before._ticks, before._zero
            self._newest_arrival_s, self._floor_s = before._newest_arrival_s, before._next_s
            if before._nominal_s == self._nominal_s:
                self.period_s, self._baseline_s = before.period_s, before._baseline_s
        self._resuming = before is not None

    @property
    def can_resume(self) -> bool:
        """Whether a later connection's stamps can be told to go on from this one's: known, and not soon to wrap."""
        return self._next_s is not None and self.clock.tick_s * 2.0**self.clock.bits > 10 * RESET_AHEAD_S

    def stamp(self, frame: Frame, arrival_s: float) -> Stamped | None:
        if frame.ticks is None:
            raise ValueError("the driver has a clock but sent a frame without a stamp")
        tick_s = self.clock.tick_s
        newest = self._ticks.last
        if newest is None:
            self._zero = newest = self._ticks.unwrap(frame.ticks)
        passed_s = max(0.0, arrival_s - self._newest_arrival_s)
        ticks = self._ticks.unwrap(frame.ticks, newest + round(passed_s / tick_s))
        stamp_s = (ticks - self._zero) * tick_s
        step_s = (ticks - newest) * tick_s
        if self._resuming:
            late_s = arrival_s - self.fit.to_session(stamp_s + self._to_last(frame))
            if not -RESUME_EARLY_S <= late_s <= RESUME_LATE_S:
                return None
            self._resuming = False
        elif step_s < -RESET_BACK_S or step_s > passed_s + RESET_AHEAD_S:
            return None
        if step_s >= 0:
            self._newest_arrival_s = arrival_s
        else:
            self._ticks.last = newest
        return Stamped(frame, len(frame), arrival_s, stamp_s, self._numbers.number(frame))

    def missing(self, stamped: Stamped) -> int:
        period_s, n = self.period_s, stamped.samples
        if self._next_s is None:
            early = self._floor_s is not None and self._excess_s(stamped, self._floor_s) < -0.5 * period_s
            return -1 if early else 0
        excess_s = self._excess_s(stamped, self._next_s)
        advance = self._numbers.advance(stamped.sequence)
        if advance is not None and advance != 1:
            return -1 if advance < 1 else max(advance - 1, self._lost(excess_s))
        if not self._baseline_s:
            ratio = 1.0 + excess_s / (n * period_s)
            if abs(ratio - 1.0) <= NOMINAL_OFF or (advance == 1 and 0.2 <= ratio <= 5.0):
                return 0
        bound = max if advance == 1 else min
        hole_s = bound(HOLE_PERIODS, 0.5 * n) * period_s
        if excess_s > hole_s:
            return max(1, self._lost(excess_s))
        return -1 if advance is None and excess_s < -max(hole_s, 0.5 * n * period_s) else 0

    def place(self, stamped: Stamped, missing: int) -> float:
        n = stamped.samples
        stamp_s = stamped.stamp_s or 0.0
        ahead = n - 1 if self._stamp_is_last else 0  # samples from the frame's first to the stamped one
        if self._next_s is None or missing:
            self._steps += missing
            self._marks = [(self._steps + ahead, stamp_s)]
            self._anchored = 0
            start_s = stamp_s - ahead * self.period_s
        else:
            self._measure(self._steps + ahead, stamp_s, stamped.sequence is not None)
            self._anchored += 1
            correction_s = max(SMOOTHING, 1.0 / self._anchored) * self._excess_s(stamped, self._next_s)
            if self._anchored > FREE_FRAMES:
                most_s = MOST_CORRECTION * self.period_s
                correction_s = min(most_s, max(-most_s, correction_s))
            start_s = self._next_s + correction_s
        self._steps += n
        self._next_s = start_s + n * self.period_s
        self._numbers.place(stamped.sequence)
        self._length = n if self._length in (None, n) else 0
        return start_s

    def _lost(self, excess_s: float) -> int:
        """Samples in a hole. Frames get lost whole: a sensor whose frames are all of one length lost a multiple of it.

        That settles it where the period is not known well yet, or the hole is so long that its error adds up.
        """
        lost = round(excess_s / self.period_s)
        if self._length:
            whole = self._length * max(1, round(lost / self._length))
            if abs(whole - lost) <= WHOLE_FRAMES * self._length:
                return whole
        return lost

    def _to_last(self, frame: Frame) -> float:
        return 0.0 if self._stamp_is_last else (len(frame) - 1) * self.period_s

    def _excess_s(self, stamped: Stamped, next_s: float) -> float:
        """By how much the stamp is later than it would be if the frame followed at `next_s`."""
        stamp_s = stamped.stamp_s or 0.0
        return stamp_s - next_s - (stamped.samples - 1) * self.period_s * self._stamp_is_last

    def _measure(self, steps: int, stamp_s: float, numbered: bool) -> None:
        """The true period over the baseline. Unnumbered packets cannot vouch for a rate far from the nominal one."""
        from_steps, from_s = self._marks[0]
        span_s = stamp_s - from_s
        if steps > from_steps and span_s > 0 and span_s >= min(self._baseline_s, SHORT_BASELINE_S):
            period_s = span_s / (steps - from_steps)
            if numbered or abs(period_s / self._nominal_s - 1.0) <= NOMINAL_OFF:
                self.period_s, self._baseline_s = period_s, span_s
        if stamp_s - self._marks[-1][1] >= BASELINE_S:
            self._marks = [self._marks[-1], (steps, stamp_s)]


class HostTimeline:
    """Time axis of a sensor that sends no stamps: its samples counted at the nominal rate.

    The fit finds how far that rate is off. With a packet counter, losses are counted by it. Without one, a silence may
    be a delay or a loss: it is taken for a loss, and a gap, when the delay has stayed up for SHIFT_S.
    """

    def __init__(self, sequence_bits: int | None, choice: StreamChoice) -> None:
        self.fit = ClockFit(HOST_SKEW, HOST_SLEW, HOST_SKEW_AFTER_S)
        self.period_s = 1.0 / choice.rate_hz
        self._samples_per_packet = choice.samples_per_packet
        self._shift_s = max(SHIFT_LEAST_S, 2 * choice.packet_period_s)
        self._numbers = _PacketNumbers(sequence_bits)
        self._numbered = sequence_bits is not None
        self._steps = 0
        self._late_since_s: float | None = None
        self._least_late_s = 0.0

    def stamp(self, frame: Frame, arrival_s: float) -> Stamped | None:
        return Stamped(frame, len(frame), arrival_s, None, self._numbers.number(frame))

    def missing(self, stamped: Stamped) -> int:
        if self._numbered:
            advance = self._numbers.advance(stamped.sequence)
            if advance is None or advance == 1:
                return 0
            return -1 if advance < 1 else (advance - 1) * self._samples_per_packet
        if self._late_since_s is None or stamped.arrival_s - self._late_since_s < SHIFT_S:
            return 0
        return round(self._least_late_s / self.period_s)

    def place(self, stamped: Stamped, missing: int) -> float:
        n = stamped.samples
        start_s = (self._steps + missing) * self.period_s
        self._steps += missing + n
        self._numbers.place(stamped.sequence)
        if not self._numbered and self.fit.skew_ppm is not None:
            late_s = self.fit.late_s(start_s + (n - 1) * self.period_s, stamped.arrival_s)
            if late_s < self._shift_s:
                self._late_since_s = None
            elif self._late_since_s is None:
                self._late_since_s, self._least_late_s = stamped.arrival_s, late_s
            else:
                self._least_late_s = min(self._least_late_s, late_s)
        return start_s
