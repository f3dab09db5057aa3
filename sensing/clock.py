"""A sensor's clock against the session's: unwrapped counters and the line under the arrival times."""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

BUCKET_S = 1.0  # of device time; of each bucket only the fastest packet counts
WINDOW_BUCKETS = 120  # the fit looks back this many buckets that had packets
SKEW_AFTER_S = 30.0  # before: offset only, the device's second is taken for a second
REFIT_BUCKETS = 5
PULL_S = 5.0  # the mapping aims to be on the fitted line this much later ...
SLEW = 0.005  # ... but never runs faster or slower than the fit by more than this
MAX_SKEW = 0.002  # no crystal or trimmed oscillator is worse; a steeper fit is a delay that grows, and not believed


class Unwrapper:
    """Counts on where a counter of `bits` bits wraps: u16 to u64.

    Each value is taken as the one nearest to what was expected (by default the last value), so that steps back (a
    packet overtaken by another) stay steps back. First value: as sent.
    """

    def __init__(self, bits: int) -> None:
        if bits < 2:
            raise ValueError(f"a counter needs at least 2 bits, not {bits}")
        self._span = 1 << bits
        self._half = self._span >> 1
        self.last: int | None = None

    def unwrap(self, value: int, expected: int | None = None) -> int:
        """The value counted on. `expected` says where the counter should be by now, if something else knows."""
        if self.last is None:
            self.last = value
            return value
        near = self.last if expected is None else expected
        self.last = near + (value - near + self._half) % self._span - self._half
        return self.last


@dataclass(slots=True)
class _Bucket:
    """What is left of the packets of one second: the fastest, and the mean."""

    number: int
    device_s: float
    delay_s: float  # of the fastest: arrival - device time
    count: int
    sum_delay_s: float


class ClockFit:
    """Streaming map from device time to session time: a line under the points (device time, arrival).

    A packet can be late but never early, so the fastest packets tell the clocks' relation and bursts cannot pull it:
    the line lies under all points of the last two minutes and touches the lower convex hull over the mean device time,
    which minimises the summed delays (Moon, Skelly and Towsley 1999, "Estimation and removal of clock skew from
    network delay measurements"). The constant part of the delay cannot be known and stays in the offset.

    `to_session` follows the line smoothly: continuous, strictly increasing, its pace within SLEW of the fit's; it
    depends on the packets alone. A first packet that came d seconds late is therefore corrected in about d / SLEW
    seconds. Times passed in are seconds; device time need not start at 0.
    """

    def __init__(self, max_skew: float = MAX_SKEW, slew: float = SLEW, skew_after_s: float = SKEW_AFTER_S) -> None:
        self._max_skew = max_skew
        self._slew = slew
        self._skew_after_s = skew_after_s
        self._buckets: deque[_Bucket] = deque(maxlen=WINDOW_BUCKETS)
        self._open: _Bucket | None = None
        self._completed = 0
        self._summed = -1  # the two means are of the buckets when so many were completed
        self._mean_delay_s = self._mean_device_s = 0.0
        self._skew = 0.0
        self._has_skew = False
        self._line_s = 0.0  # delay of the fitted line at device time _origin_s
        self._origin_s = 0.0
        self._knee_device_s = 0.0  # the mapping's present piece starts here ...
        self._knee_session_s = 0.0
        self.pace = 1.0  # ... and runs at so many session seconds per device second

    @property
    def started(self) -> bool:
        return self._open is not None

    @property
    def skew_ppm(self) -> float | None:
        """By how much the session's clock outruns the device's, in parts per million; None before it is known."""
        return self._skew * 1e6 if self._has_skew else None

    @property
    def residual_s(self) -> float | None:
        """Mean delay of the window's packets above the line of the fastest; None before the first second is full."""
        if not self._buckets:
            return None
        if self._summed != self._completed:  # once a second, however often somebody asks
            self._summed = self._completed
            count = sum(bucket.count for bucket in self._buckets)
            self._mean_delay_s = sum(bucket.sum_delay_s for bucket in self._buckets) / count
            self._mean_device_s = sum(bucket.count * bucket.device_s for bucket in self._buckets) / count
        return max(0.0, self._mean_delay_s - self._line_at(self._mean_device_s))

    def late_s(self, device_s: float, arrival_s: float) -> float:
        """How much later than the fastest packets this one came."""
        return arrival_s - device_s - self._line_at(device_s)

    def to_session(self, device_s: float) -> float:
        """Session time of a device time, for times at or after the newest packet but one."""
        return self._knee_session_s + (device_s - self._knee_device_s) * self.pace

    def not_before(self, device_s: float, session_s: float) -> None:
        """From `device_s` on the mapping starts at `session_s` at the earliest; it returns to the line by itself."""
        if self.to_session(device_s) < session_s:
            self._knee_device_s, self._knee_session_s = device_s, session_s

    def add(self, device_s: float, arrival_s: float) -> None:
        """One packet: device time of its last sample, and when it was heard."""
        delay_s = arrival_s - device_s
        bucket = self._open
        number = int(device_s // BUCKET_S)
        if bucket is None:
            self._origin_s = self._knee_device_s = device_s
            self._line_s = delay_s
            self._knee_session_s = arrival_s
            self._open = _Bucket(number, device_s, delay_s, 1, delay_s)
            return
        line_s = self._line_at(device_s)
        if delay_s < line_s:
            self._line_s += delay_s - line_s
        if number <= bucket.number:
            bucket.count += 1
            bucket.sum_delay_s += delay_s
            if delay_s < bucket.delay_s:
                bucket.device_s, bucket.delay_s = device_s, delay_s
            return
        self._buckets.append(bucket)
        self._completed += 1
        self._open = _Bucket(number, device_s, delay_s, 1, delay_s)
        if self._completed % REFIT_BUCKETS == 0:
            self._refit()
        self._steer(device_s)

    def _line_at(self, device_s: float) -> float:
        return self._line_s + self._skew * (device_s - self._origin_s)

    def _steer(self, device_s: float) -> None:
        """A new piece of the mapping from here on, towards the line."""
        session_s = self.to_session(device_s)
        error_s = device_s + self._line_at(device_s) - session_s
        pull = min(self._slew, max(-self._slew, error_s / PULL_S))
        self._knee_device_s, self._knee_session_s = device_s, session_s
        self.pace = 1.0 + self._skew + pull

    def _refit(self) -> None:
        buckets = self._buckets
        last_s = buckets[-1].device_s
        while last_s - buckets[0].device_s > 2 * WINDOW_BUCKETS * BUCKET_S:
            buckets.popleft()
        origin_s = buckets[0].device_s
        if last_s - origin_s >= self._skew_after_s:
            slope = self._hull_slope()
            if slope is not None and abs(slope) <= self._max_skew:
                self._skew = slope
                self._has_skew = True
        self._origin_s = last_s
        self._line_s = min(b.delay_s - self._skew * (b.device_s - last_s) for b in buckets)

    def _hull_slope(self) -> float | None:
        """Slope of the lower convex hull's edge over the mean device time of the buckets."""
        hull: list[tuple[float, float]] = []
        total_s = 0.0
        for bucket in self._buckets:
            x, y = bucket.device_s, bucket.delay_s
            total_s += x
            while len(hull) > 1:
                (x1, y1), (x2, y2) = hull[-2], hull[-1]
                if (y2 - y1) * (x - x2) < (y - y2) * (x2 - x1):
                    break
                hull.pop()
            hull.append((x, y))
        mean_s = total_s / len(self._buckets)
        for (x1, y1), (x2, y2) in pairwise(hull):
            if x2 >= mean_s:
                return (y2 - y1) / (x2 - x1)
        return None
