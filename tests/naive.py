"""Slow, obvious twins of the kernels in dsp: what they mean, written down without regard for speed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def grid_means(time_s: Floats, values: Floats, rate_hz: float, first: int, last: int) -> Floats:
    """Mean of the straight line through the samples over each interval of the grid, indices first to last - 1."""
    means = []
    for index in range(first, last):
        start, stop = (index - 0.5) / rate_hz, (index + 0.5) / rate_hz
        corners = np.concatenate([[start], time_s[(time_s > start) & (time_s < stop)], [stop]])
        line = np.interp(corners, time_s, values)
        means.append(np.trapezoid(line, corners) * rate_hz)
    return np.array(means)


def vertical(acc: Floats, gyr: Floats | None, rate_hz: float, with_gyro_s: float, without_gyro_s: float) -> Floats:
    """Gravity in the sensor's axes after each sample, shape (n, 3)."""
    gravity, doubt, track = np.zeros(3), np.zeros(3), []
    for n, a in enumerate(acc, start=1):
        if gyr is not None and n > 1:
            turned = gravity - np.cross(gyr[n - 1], gravity) / rate_hz
            gravity = turned * np.linalg.norm(gravity) / np.linalg.norm(turned)
        doubt = doubt + (a - gravity - doubt) / rate_hz
        pull = 1 / (rate_hz * without_gyro_s)
        if gyr is not None:
            pull = min(1 + doubt @ doubt, 8.0) / (rate_hz * with_gyro_s)
        gravity = gravity + max(pull, 1 / n) * (a - gravity)
        track.append(gravity)
    return np.array(track)


def repetition(motion: Floats, memory_ticks: float, leak: float, shortest: int, longest: int) -> Floats:
    """Likeness of motion (n, axes; NaN is none) a lag apart at its end, lags longest to shortest."""
    x = np.nan_to_num(motion)
    drift, flat = x[0], []
    for value in x:
        drift = drift + leak * (value - drift)
        flat.append(value - drift)
    y = np.array(flat)
    n = len(y)
    weight = np.exp(-(n - 1 - np.arange(n)) / memory_ticks)
    found = []
    for lag in range(longest, shortest - 1, -1):
        before = np.zeros_like(y)
        before[lag:] = y[: n - lag] if lag < n else 0
        both = 0.5 * (weight @ (y**2).sum(1) + weight @ (before**2).sum(1))
        found.append(weight @ (y * before).sum(1) / both if both > 1e-9 else 0.0)
    return np.array(found)


def slope(values: Floats, at: int, scale_s: float, tick_s: float, most_ticks: int) -> float:
    """Least-squares slope around values[at], weighted by a Gaussian; before the first value everything is like it."""
    half = min(math.floor(3 * scale_s / tick_s + 1e-9), most_ticks)
    t = np.arange(-half, half + 1) * tick_s
    y = np.array([values[max(at + k, 0)] for k in range(-half, half + 1)])
    weight = np.exp(-0.5 * (t / scale_s) ** 2)
    return float((weight * t) @ y / ((weight * t) @ t))


def upper_median(values: list[float]) -> float:
    """The larger of the two middle ones."""
    return sorted(values)[len(values) // 2]


@dataclass
class Contact:
    time_s: float
    height: float
    tilt: float


@dataclass
class Walk:
    """dsp.gait.walking with lists. `p` are the parameters; rhythm, rough and tilt are what the caller says they are."""

    p: Mapping[str, float]
    contacts: list[Contact] = field(default_factory=list)  # all that stand or are provisional
    provisional: int = 0
    walking: bool = False
    usual_height: float = 0.0
    step_s: float = 0.0
    strength: float = 0.0
    stride_s: float = 0.0
    steady_s: float = 0.0
    vigour: float = 0.0
    rough: bool = False
    tilt: float = 0.0
    largest_tilt: float = 0.0
    bout: list[float] = field(default_factory=list)
    sent: list[tuple[str, float, float]] = field(default_factory=list)  # kind, time, when sent

    @property
    def doubtful(self) -> list[Contact]:
        return self.contacts[len(self.contacts) - self.provisional :]

    def candidate(self, t: float, height: float, seen_s: float) -> None:
        if seen_s - t > self.p["latest_s"] or height < self.height_needed(t):
            return
        if not self.walking and self.tilt > self.p["tilt_silent"]:
            return
        if self.contacts:
            last = self.contacts[-1]
            since = t - last.time_s
            alike = self.p["alike"] * last.height < height < last.height / self.p["alike"]
            rhythmic = max(0.25, self.p["too_soon"] * self.step_s)
            too_soon = since < (rhythmic if self.step_s > 0 else self.p["shortest_gap_s"])
            if too_soon or (since < self.p["crowded"] * self.step_s and not alike):
                if since < 0.1 or height < self.p["replaces"] * last.height or seen_s - last.time_s > 5:
                    return
                self.sent.append(("retraction", last.time_s, seen_s))
                self.contacts.pop()
                if self.provisional:
                    self.provisional -= 1
                else:
                    self.bout.pop()
        self.sent.append(("step", t, seen_s))
        self.contacts.append(Contact(t, height, self.largest_tilt))
        self.largest_tilt = 0.0
        if self.walking:
            self.bout.append(t)
            self.usual_height = upper_median([c.height for c in self.contacts[-int(self.p["usual_over"]) :]])
        else:
            self.provisional += 1
            if self.walks():
                self.confirm(seen_s)

    def height_needed(self, t: float) -> float:
        p, heights = self.p, [c.height for c in self.contacts]
        if not self.walking:
            usual = upper_median([c.height for c in self.doubtful][-6:]) if self.provisional > 1 else 0.0
            clear = p["clear_share"] if self.step_s > 0 else 1.0
            return max(clear * p["first_floor"], 0.25 * usual)
        if self.step_s > 0 and p["due_from"] < (t - self.contacts[-1].time_s) / self.step_s < p["due_until"]:
            return max(p["floor"], p["share_due"] * self.usual_height)
        needed = max(p["floor"], p["share"] * self.usual_height)
        if len(heights) >= 4 and self.strength >= p["lock"]:
            needed = max(needed, p["share_weakest"] * min(heights[-4:]))
        return needed

    def walks(self) -> bool:
        p, doubtful = self.p, self.doubtful
        few = int(p["contacts"])
        if len(doubtful) < few or self.rough:
            return False
        times = [c.time_s for c in doubtful[-few:]]
        mean = (times[-1] - times[0]) / (few - 1)
        wave = (2 * math.pi / mean) ** 2 / 2
        if upper_median([c.height for c in doubtful[-few:]]) / wave < p["least_bounce_m"]:
            return False
        if all(c.tilt < p["tilt_even"] for c in doubtful[1 - few :]) and self.rhythmic(times, mean):
            return True
        return self.steps_alone()

    def steps_alone(self) -> bool:
        p, heights = self.p, [c.height for c in self.doubtful]
        few, some = int(p["contacts"]), int(p["uneven_contacts"])
        if self.even(int(p["even_contacts"]), p["even"], p["tilt_even"]):
            return True
        if upper_median(heights[-few:]) > p["strong_height"] and self.even(few, p["even"], p["tilt_uneven"]):
            return True
        usual = upper_median(heights[-min(some, 15) :])
        tilt = p["tilt_even"] if usual > p["leaning_height"] else p["tilt_uneven"]
        return usual > p["uneven_height"] and self.even(some, p["uneven"], tilt)

    def rhythmic(self, times: list[float], mean: float) -> bool:
        p = self.p
        swing = math.sqrt(2 * self.vigour) * (self.stride_s / (2 * math.pi)) ** 2
        if self.steady_s < p["steady_for_s"] or self.strength < p["walks"]:
            return False
        if self.vigour <= p["least_vigour_m2ps4"] or swing >= p["reach_m"]:
            return False
        off = [abs(gap * p["contacts_per_stride"] / self.stride_s - 1) for gap in [mean, *np.diff(times)]]
        return max(off[1:]) <= p["agree"] and (off[0] < 0.3 or self.strength >= p["surely_walks"])

    def even(self, n: int, spread: float, tilt: float) -> bool:
        last = self.doubtful[-n:]
        if len(self.doubtful) < n or any(c.tilt > tilt for c in last[1:]):
            return False
        gaps = np.diff([c.time_s for c in last])
        if not self.p["shortest_step_s"] < (last[-1].time_s - last[0].time_s) / (n - 1) < self.p["longest_step_s"]:
            return False
        return bool(np.all(np.abs(gaps / upper_median(list(gaps)) - 1) < spread))

    def confirm(self, seen_s: float) -> None:
        certain = self.contacts[: len(self.contacts) - self.provisional]
        kept = self.doubtful
        i = 1
        while i < len(kept):
            if kept[i].time_s - kept[i - 1].time_s < self.p["too_soon"] * self.step_s:
                weaker = kept.pop(i if kept[i].height < kept[i - 1].height else i - 1)
                self.sent.append(("retraction", weaker.time_s, seen_s))
            else:
                i += 1
        usual = upper_median([c.height for c in kept][-6:])
        while len(kept) > 1 and kept[0].height < self.p["share_first"] * usual:
            self.sent.append(("retraction", kept.pop(0).time_s, seen_s))
        if self.bout and kept[0].time_s - self.bout[-1] > self.p["pause_s"]:
            self.close(seen_s)
        self.contacts = certain + kept
        self.bout += [c.time_s for c in kept]
        self.provisional, self.walking, self.usual_height = 0, True, usual

    def grow_old(self, now_s: float, seen_s: float) -> None:
        p = self.p
        if self.walking:
            keep_s = max(p["keep_s"], p["keep_steps"] * (self.step_s or 0.6) + p["keep_more_s"])
            if now_s - self.contacts[-1].time_s > min(keep_s, p["pause_s"]):
                self.walking = False
            return
        if self.provisional and self.walks():
            self.confirm(seen_s)
            return
        while self.provisional:
            oldest, newest = self.doubtful[0].time_s, self.doubtful[-1].time_s
            if now_s - oldest <= p["silence_s"] and now_s - newest <= p["pause_s"]:
                break
            self.sent.append(("retraction", oldest, seen_s))
            del self.contacts[len(self.contacts) - self.provisional]
            self.provisional -= 1
        if self.bout:
            next_s = self.doubtful[0].time_s if self.provisional else now_s - p["latest_s"]
            if next_s - self.bout[-1] > p["pause_s"]:
                self.close(seen_s)

    def close(self, seen_s: float) -> None:
        if len(self.bout) > 1:
            self.sent.append(("walking_bout", self.bout[0], seen_s))
        self.bout = []
