"""Slow, obvious twin of the fall kernels: on whole arrays of ticks of a stream without holes that begins at tick 0."""

import math
from dataclasses import dataclass, field

import numpy as np

from dsp.body import ACC_X, Floats
from dsp.falls import parameters as p
from dsp.falls.aftermath import AFTERWARDS, DOWN, LIES, LYING, NOBODY, UNCLEAR, UP, UPRIGHT, WALKING, WALKS
from dsp.falls.phases import CALM_MPS2, FROM, LIGHT_MPS2, NAMES, REST, STEADY, TABLE, TURNS_RAD
from dsp.falls.score import BIASES, TABLES

G = 9.80665


def angle(a: Floats, b: Floats) -> float:
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return 0.0 if size < 1e-9 else float(np.arccos(np.clip(np.dot(a, b) / size, -1.0, 1.0)))


@dataclass
class Told:
    """A candidate, told (`fall`) or not, or a fall taken back at `at_s`."""

    kind: int
    at_s: float
    emitted_tick: int
    score: float = math.nan
    signs: Floats = field(default_factory=lambda: np.empty(0))
    began: list[int] = field(default_factory=list)


class Falls:
    """Everything that was ever seen, and what is thought of it."""

    def __init__(self, rows: Floats, place: int) -> None:
        n = len(rows) // p.EVERY
        acc = rows[: n * p.EVERY, ACC_X : ACC_X + 3].reshape(n, p.EVERY, 3)
        norms = np.sqrt((acc**2).sum(axis=2))
        self.acc, self.norm, self.most = acc.mean(axis=1), norms.mean(axis=1), norms.max(axis=1)
        self.most_row = norms.argmax(axis=1)
        self.place = place
        self.own = own_postures(self.acc, self.norm)
        self.turns = worn_turns(self.acc, place)
        self.worn: list[int] = []
        self.found: list[Told] = []
        self.fallen, self.fell, self.fell_s, self.home = NOBODY, 0, 0.0, np.zeros(3)
        self.sign, self.holds, self.lay, self.still, self.rhythm, self.since = UNCLEAR, 0, 0, 0, 0, 0
        self.lying_s = self.got_up_s = self.walks_s = math.nan
        for now in range(n):
            self.seen = now + 1
            before = self.worn[-1] if self.worn else p.UNKNOWN
            self.worn.append(before if self.turns[now] is None else int(self.turns[now] or 0))
            if self.fallen != NOBODY:
                self.follow(now)
            k = now - p.AFTER
            if k >= p.EARLIEST and self.alone(k):
                self.judge(k)
        for k in range(max(n - p.AFTER, p.EARLIEST), n):
            if self.alone(k):
                self.judge(k)

    def stretch(self, values: Floats, start: int, stop: int) -> Floats:
        """Values of ticks; before the first and after the last seen one these stand."""
        return np.asarray(values[np.clip(np.arange(start, stop), max(self.seen - p.PAST, 0), self.seen - 1)])

    def posture(self, start: int, stop: int) -> Floats:
        return np.asarray(self.stretch(self.acc, start, stop).mean(axis=0))

    def alone(self, k: int) -> bool:
        start = max(k - p.ALONE, 0)
        around = self.most[start : min(k + p.ALONE + 1, self.seen)]
        return bool(self.most[k] >= p.LEAST_MPS2 and start + int(np.argmax(around)) == k)

    def stirring(self, start: int, stop: int) -> float:
        steps = np.abs(np.diff(self.stretch(self.acc, start - 1, stop), axis=0))
        return float(steps.sum() / (stop - start))

    def signs(self, k: int) -> Floats:
        before, after = self.posture(k + p.BEFORE[0], k + p.BEFORE[1]), self.posture(k + p.SETTLED[0], k + p.SETTLED[1])
        near = self.stretch(self.norm, k - p.PEAK - 1, k + p.PEAK + 2)
        top = max(1.0, self.stretch(self.norm, k - 1, k + 2).max())
        around = self.stretch(self.norm, k - p.SHOCK, k + p.SHOCK + 1)
        strength = math.log(0.05 + math.sqrt(np.mean((around - G) ** 2)))
        stirs = math.log(0.02 + self.stirring(k + p.SETTLED[0], k + p.SETTLED[1]))
        over = np.maximum(self.stretch(self.norm, k - 4, k + 5) - G, 0.0)
        struck = (over[:, None] * self.stretch(self.acc, k - 4, k + 5)).sum(axis=0)
        own = self.stretch(self.own, k + p.BEFORE[1], k + p.BEFORE[1] + 1)[0]
        turns = [
            angle(
                self.posture(at - p.TURN_HALF, at + p.TURN_HALF),
                self.posture(at + p.TURN_LAG - p.TURN_HALF, at + p.TURN_LAG + p.TURN_HALF),
            )
            for at in range(k + p.TURNING[0], k + p.TURNING[1])
        ]
        light = 0.95 * G - self.stretch(self.norm, k - p.LIGHT_FROM, k + 1)
        sums = [0.04 * light[i:j].sum() for i in range(len(light)) for j in range(i, len(light) + 1)]

        def share(start: int, stop: int, least: float) -> float:
            return math.log(max(self.stretch(self.norm, k + start, k + stop).max(), least) / top)

        return np.array(
            [
                math.log(np.convolve(near, np.ones(3) / 3.0, "valid").max() / G),
                share(p.LONG_BEFORE, -p.AGAIN, G),
                share(p.SETTLED[0], p.AFTER, G),
                stirs - strength,
                angle(before, after),
                angle(before, self.posture(k + p.LATE[0], k + p.LATE[1])),
                angle(own, before),
                angle(own, after),
                max(turns),
                strength,
                share(-p.AGAIN, -p.NEAR, 1.0),
                share(p.NEAR, p.AGAIN, 1.0),
                max(sums),
                stirs,
                0.04 * (np.abs(self.stretch(self.norm, k + p.VIOLENT[0], k + p.VIOLENT[1]) - G) > 3.0).sum(),
                angle(before, struck),
            ]
        )

    def judge(self, k: int) -> None:
        signs = self.signs(k)
        score = score_of(signs, self.place)
        soft = bool(self.most[k] < p.SOFT_MPS2)
        began, end = self.path(k, soft)
        at_s = (k * p.EVERY + int(self.most_row[k])) / 100.0
        told = Told(p.WATCHING, at_s, self.seen - 1, score, signs, began)
        self.found.append(told)
        if self.dropped(k):
            self.worn[-1] = p.NOT_WORN
        if score < 0.0 or (soft and self.place != p.ARM and end != REST) or self.off(at_s):
            return
        if self.fallen not in (NOBODY, WALKS) and k - self.fell < p.SAME_FALL:
            return
        told.kind = p.TOLD
        self.fallen, self.fell, self.fell_s, self.since = DOWN, k, at_s, self.seen - 1 - k
        self.home = self.stretch(self.own, k + p.BEFORE[1], k + p.BEFORE[1] + 1)[0]
        self.sign, self.holds, self.lay, self.still, self.rhythm = UNCLEAR, 0, 0, 0, 0
        self.lying_s = self.got_up_s = self.walks_s = math.nan

    def off(self, at_s: float) -> bool:
        """Not worn now, or being put on."""
        states = self.worn
        ends = [i for i in range(1, len(states)) if states[i - 1] == p.NOT_WORN != states[i]]
        return states[-1] == p.NOT_WORN or (bool(ends) and at_s - ends[-1] * 0.04 <= p.PUTTING_ON_S)

    def dropped(self, k: int) -> bool:
        free = "".join("f" if x < p.FREE_MPS2 else "." for x in self.stretch(self.norm, k - p.LIGHT_FROM, k + 1))
        return "f" * p.FREE in free and self.stirring(k + p.SETTLED[0], k + p.SETTLED[1]) < p.DEAD_MPS2

    def path(self, k: int, soft: bool) -> tuple[list[int], int]:
        before, began, now = self.posture(k + p.BEFORE[0], k + p.BEFORE[1]), [-1000] * len(NAMES), STEADY
        for at in range(k + FROM, k + p.AFTER + 1):
            new = int(TABLE[now][self.says(k, at, before, soft)])
            if new not in (now, STEADY):
                began[new] = at - k
            if new == STEADY:
                began[0] = began[1] = -1000
            now = new
        return began, now

    def says(self, k: int, at: int, before: Floats, soft: bool) -> int:
        if at == k:
            return 1 if soft else 0
        norm = self.stretch(self.norm, at, at + 1)[0]
        now = self.posture(at - p.TURN_HALF, at + p.TURN_HALF + 1)
        if norm < LIGHT_MPS2 and at < k + p.NEAR:
            return 2
        if angle(self.posture(at - 3 * p.TURN_HALF, at - p.TURN_HALF), now) > TURNS_RAD:
            return 3
        if abs(norm - G) > CALM_MPS2:
            return 6
        return 5 if angle(before, now) > p.LYING_RAD else 4

    def follow(self, now: int) -> None:
        self.since += 1
        self.still = 0 if self.stirring(now - p.POSTURE + 1, now + 1) > p.MOVES_MPS2 else self.still + 1
        if self.fallen == WALKS:
            return
        off = angle(self.home, self.posture(now - p.POSTURE + 1, now + 1))
        if self.since % p.RHYTHM_EVERY == 0:
            self.rhythm = self.rhythm + 1 if self.rhythmic(now) else 0
        arm = self.place == p.ARM
        if self.rhythm >= p.RHYTHM_HOLDS and (arm or off < p.LYING_RAD):
            sign = WALKING
        else:
            sign = UNCLEAR if arm else LYING if off > p.LYING_RAD else UPRIGHT if off < p.UPRIGHT_RAD else UNCLEAR
        self.holds = self.holds + 1 if sign == self.sign else 1
        self.sign = sign
        if self.holds >= p.STAYS or sign == WALKING:
            self.enter(int(AFTERWARDS[self.fallen][sign]), now)

    def enter(self, fallen: int, now: int) -> None:
        was, self.fallen = self.fallen, fallen
        now_s = (now + 1) * 0.04
        if fallen == LIES:
            self.lay, self.lying_s, self.got_up_s = self.lay + 1, self.since * 0.04, math.nan
        elif fallen == UP and was != UP:
            self.got_up_s = now_s - p.STAYS * 0.04
            self.lying_s = self.got_up_s - self.fell_s if self.lay else self.lying_s
        elif fallen == WALKS:
            ago = p.RHYTHM + p.RHYTHM_HOLDS * p.RHYTHM_EVERY
            self.walks_s = now_s - ago * 0.04
            if math.isnan(self.got_up_s):
                self.got_up_s = self.walks_s
                self.lying_s = max(self.got_up_s - self.fell_s, 0.0) if self.lay else self.lying_s
            if self.since - ago < p.WALKS_ON and self.lay < p.LAY:
                self.fallen = NOBODY
                self.found.append(Told(p.TAKEN_BACK, self.fell_s, now))

    def rhythmic(self, now: int) -> bool:
        wave = self.stretch(self.norm, now - p.RHYTHM + 1, now + 1)
        wave = wave - wave.mean()
        power = float(np.mean(wave**2))
        if not p.RHYTHM_MPS2[0] < math.sqrt(power) < p.RHYTHM_MPS2[1]:
            return False
        lags = range(p.RHYTHM_LAGS[0], p.RHYTHM_LAGS[1] + 1)
        return any(float(np.mean(wave[lag:] * wave[:-lag])) > p.RHYTHM_LEAST * power for lag in lags)


def score_of(signs: Floats, place: int) -> float:
    total = float(BIASES[place])
    for sign, (low, high, middle, spread, below, above) in zip(signs, TABLES[place], strict=True):
        z = (float(np.clip(sign, low, high)) - middle) / spread
        total += below * z if z < 0.0 else above * z
    return total


def own_postures(acc: Floats, norm: Floats) -> Floats:
    """The upright posture as known at every tick."""
    out = np.empty_like(acc)
    smooth, own, level, scatter = np.zeros(3), np.zeros(3), norm[0] if len(norm) else 0.0, 0.0
    for i in range(len(acc)):
        smooth = smooth + (acc[i] - smooth) * max(1.0 / p.OWN_SMOOTH, 1.0 / (i + 1))
        off = norm[i] - level
        level += off / p.OWN_SCATTER
        scatter += (off * off - scatter) / p.OWN_SCATTER
        if i < p.OWN_AT_ONCE:
            own = own + (acc[i] - own) / (i + 1)
        elif p.OWN_MOVING_MPS2[0] < math.sqrt(scatter) < p.OWN_MOVING_MPS2[1]:
            own = own + (smooth - own) / p.OWN_LEARN
        out[i] = own
    return out


def worn_turns(acc: Floats, place: int) -> list[int | None]:
    """At which ticks the sensor shows that it is worn, or that it is not."""
    whole, window = len(acc) // p.SECOND, int(p.WINDOW)
    seconds = acc[: whole * p.SECOND].reshape(-1, p.SECOND, 3).mean(axis=1)
    steps = (np.diff(seconds, axis=0) ** 2).sum(axis=1)
    jumps = (np.diff(acc, axis=0, prepend=acc[:1]) ** 2).sum(axis=1)
    out: list[int | None] = [None] * len(acc)
    quiet = 0.0
    for second in range(1, whole):
        last = (second + 1) * p.SECOND - 1
        if steps[second - 1] > 2.0 * p.WORN_MPS2**2:
            out[last] = p.WORN
        if second % window == 0:
            slow = 0.5 * float(steps[second - window : second].mean())
            quick = 0.5 * float(jumps[last + 1 - window * p.SECOND : last + 1].mean())
            white = slow * p.SECOND < p.WHITE * quick and math.sqrt(quick) > p.FINE_MPS2
            quiet = quiet + p.WINDOW if white and math.sqrt(slow) < p.OFF_MPS2 else 0.0
            if quiet >= p.OFF_SECONDS[place]:
                out[last] = p.NOT_WORN
    return out
