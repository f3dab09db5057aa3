"""Slow, obvious twin of the posture kernel: on lists of ticks of a stream without holes that begins at tick 0."""

from dataclasses import dataclass

import numpy as np

from dsp.body import Floats
from dsp.transitions import posture_parameters as p


@dataclass(frozen=True)
class Change:
    """A rise or a sitting down, told at tick `told`."""

    kind: int
    start_s: float
    end_s: float
    seat_s: float
    turned_rad: float
    told: int


def tick_s(at: int) -> float:
    return (at * p.EVERY + 0.5 * (p.EVERY - 1)) / 100.0


def angle(a: Floats, b: Floats) -> float:
    return float(np.arccos(np.clip(np.dot(a, b), -1.0, 1.0)))


def mean_of(up: Floats) -> tuple[float, Floats]:
    """Scatter and direction."""
    mean = up.mean(axis=0)
    length = float(np.linalg.norm(mean))
    return float(np.sqrt(max(0.0, 2.0 * (1.0 - length)))), mean / length


class Thigh:
    """Everything that was ever seen, and what is thought of it."""

    def __init__(self, up: Floats, rate: Floats) -> None:
        self.up, self.rate = up, rate
        self.found: list[Change] = []
        self.mode = p.UNKNOWN
        self.seat = self.home = np.zeros(3)
        self.home_known = False
        self.left = self.away = self.walked = self.still = self.risen = 0
        self.waiting: Change | None = None
        for now in range(p.LIVELY_TICKS - 1, len(up)):
            self.look(now)

    def look(self, now: int) -> None:
        scatter, rest = mean_of(self.up[now - p.REST_TICKS + 1 : now + 1])
        _, stride = mean_of(self.up[now - round(p.TICK_HZ) + 1 : now + 1])
        lively = self.rate[now - p.LIVELY_TICKS + 1 : now + 1].mean() > p.LIVELY_RADPS
        if self.mode == p.UP:
            self.look_for_seat(now, scatter, rest, stride)
        elif scatter < p.REST_RAD:
            self.settle(now, rest)
        else:
            self.move(now, bool(lively), stride)

    def settle(self, now: int, rest: Floats) -> None:
        recent = self.mode == p.SEATED and now - self.left < p.QUIET_TICKS
        if recent and angle(self.seat, rest) > p.LEAST_RAD:
            self.waiting = self.rise(now, rest)
            if self.home_known and angle(self.home, rest) < p.LEAST_RAD < angle(self.home, self.seat):
                self.tell(now, rest)
                return
        self.seat, self.mode, self.left, self.away, self.walked = rest, p.SEATED, now, 0, 0

    def move(self, now: int, lively: bool, stride: Floats) -> None:
        seated = self.mode == p.SEATED
        if seated and angle(self.seat, self.up[now]) < p.SEAT_RAD:
            self.left = now
        far = seated and angle(self.seat, stride) > p.LEAST_RAD
        self.away = self.away + 1 if far and lively else 0
        self.walked = self.walked + 1 if lively and not far else 0
        if self.away >= p.AWAY_TICKS:
            self.waiting = self.rise(now, stride)
            self.tell(now, stride)
            return
        if self.waiting is not None and self.walked >= p.AWAY_TICKS:
            if tick_s(now) - self.waiting.end_s < p.STANDS_S:
                self.tell(now, stride)
                return
            self.waiting = None
        if self.walked >= p.WALK_TICKS:
            self.stand(now, stride)

    def rise(self, now: int, up: Floats) -> Change:
        oldest = max(now - p.PAST + 1 + p.EASED, p.EASED)
        left = max(self.left, oldest)
        seen = np.append(self.rate[: now + 1], [self.rate[now]] * p.EASED_HALF)
        eased = np.convolve(seen, p.EASED_WEIGHTS, "same")
        quiet = [at for at in range(oldest, left + 1) if at == oldest or eased[at] <= p.MOVING_RADPS]
        stir = max(max(quiet), left - p.BACK_TICKS)
        whole = angle(self.seat, up)
        stood = next(at for at in range(left, now + 1) if at == now or self.share(at) >= p.STOOD_SHARE * whole)
        start_s = min(tick_s(stir) + p.STIR_S, tick_s(left))
        return Change(p.ROSE, start_s, tick_s(stood) + p.STOOD_S, tick_s(left), whole, now)

    def seen_s(self, now: int) -> float:
        return (now * p.EVERY + p.EVERY - 1) / 100.0

    def share(self, at: int) -> float:
        return angle(self.seat, self.up[at])

    def tell(self, now: int, up: Floats) -> None:
        assert self.waiting is not None
        c = self.waiting
        self.found.append(Change(c.kind, c.start_s, c.end_s, c.seat_s, c.turned_rad, now))
        self.stand(now, up)

    def stand(self, now: int, up: Floats) -> None:
        self.home, self.home_known, self.mode, self.risen, self.still = up.copy(), True, p.UP, now, 0
        self.waiting = None

    def look_for_seat(self, now: int, scatter: float, rest: Floats, stride: Floats) -> None:
        if scatter > p.REST_RAD and angle(self.home, stride) < p.LEARN_RAD:
            self.home = self.home + (self.up[now] - self.home) / (p.LEARN_S * p.TICK_HZ)
            self.home = self.home / np.linalg.norm(self.home)
        whole = angle(self.home, rest)
        seated = scatter < p.STILL_RAD and whole > p.LEAST_RAD and now - self.risen > p.NEW_TICKS
        self.still = self.still + 1 if seated else 0
        if self.still < p.STILL_TICKS:
            return
        oldest = max(now - p.PAST + 1, 0)
        before = range(now - p.REST_TICKS // 2, oldest - 1, -1)
        arrived = next(at for at in before if at == oldest or angle(self.up[at], rest) >= p.ARRIVED_RAD)
        begun = next(
            at
            for at in range(arrived, oldest - 1, -1)
            if at == oldest or angle(self.up[at], rest) >= p.SIT_SHARE * whole
        )
        seat_s = tick_s(arrived)
        start_s = min(tick_s(begun) + p.SIT_S, seat_s)
        end_s = seat_s + p.SEATED_S + p.SEATED_SHARE * (seat_s - tick_s(begun))
        if end_s > self.seen_s(now) and self.still < p.SETTLED_TICKS:
            return
        self.found.append(Change(p.SAT, start_s, end_s, seat_s, whole, now))
        self.seat, self.mode, self.left, self.away, self.walked = rest, p.SEATED, now, 0, 0
