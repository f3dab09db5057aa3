"""How high the trunk is over the last minutes, and each time it was lifted as far as from a chair to standing.

In a quick set nobody rests between rising and sitting down, so that single movements are hard to tell apart; the height
itself goes up and down once a stand. It is the vertical acceleration integrated twice. What is slower than a stand is
the sensor's drift and is taken out, by one gain in the frequency domain (acausal by definition, so it is applied to
what has come until a moment, and what is newer than SETTLED_S then may still change).
"""

import math
from dataclasses import dataclass

import numpy as np

from dsp.body import BODY_RATE_HZ, BodyBlock, Floats, V
from dsp.clinic.movement import Movement
from dsp.kernels import Record

EVERY = 4  # rows per tick
TICK_S = EVERY / BODY_RATE_HZ
KEPT = 4096  # ticks, 164 s: two minutes of five stands, and what is waited for
SLOWEST_HZ, ORDER = 0.12, 6  # 8 s a stand; half of a single lift out of rest is lost to it
FASTEST_HZ = 2.5
LIFTED_M = 0.15  # walking and leaning come to 0.08; a stand of malisa (2 people, 33) to 0.31 and more
RESTED_S = 4.0  # after so long without a lift ...
RESTED_SHARE = 0.55  # ... the gain leaves so much of the next one
SETTLED_S = 1.5
RISEN_S = 3.0  # so long for a lift that nothing has followed yet: the slowest rises take 4 s
PUSHES_TICKS = round(3.5 / TICK_S)  # before half-way up: the slowest rises take 4 s, a rest before them is rounded
LEAST_MPS = 0.1  # at its fastest: 0.3 m in 4 s come to 0.14, the gain's own ringing to 0.07
PUSHED_SHARE = 0.3  # of the speed of a lift must be its own acceleration's
LOW_SHARE, HIGH_SHARE = 0.1, 0.93  # of a lift; nearer to its ends the height is too flat to time anything
# In ways from half of the lift to HIGH_SHARE or LOW_SHARE of it, against the sets of 120 simulated people (median error
# below 0.05 s, seat met -0.17 to +0.06 s, seat left -0.3 to +0.3 s, beginning -0.6 to +0.6 s).
LONGEST_WAY_S = 1.2  # of a rise of 4 s; where it is longer, the wearer stood long and the gain has rounded that
BEGINS, LEAVES, STANDS, MEETS = -2.4, -0.6, 0.8, 0.8

HEIGHT_STATE = np.dtype(
    [
        ("rows", np.int64),  # taken so far; the grid index after the newest
        ("begun", np.int64),
        ("sums", np.float64, (KEPT,)),  # of the vertical acceleration, by tick
        ("counts", np.int64, (KEPT,)),
    ],
    align=True,
)


@dataclass(frozen=True, slots=True)
class Lift:
    """One time up, and down again where it came to that. Ticks of the grid, heights in m."""

    low: int
    high: int
    next_low: int | None
    up_m: float
    down_m: float


def keep_heights(s: Record, block: BodyBlock) -> None:
    """Takes the next rows; a hole counts as standing still."""
    index = block.first_index + np.arange(len(block))
    ticks = index // EVERY
    before = (int(s["rows"]) - 1) // EVERY if s["begun"] else int(ticks[0]) - 1
    new = np.arange(max(before + 1, int(ticks[-1]) - KEPT + 1), int(ticks[-1]) + 1) % KEPT
    s["sums"][new] = 0.0
    s["counts"][new] = 0
    vertical = block.rows[:, V]
    known = np.isfinite(vertical)
    np.add.at(s["sums"], ticks[known] % KEPT, vertical[known])
    np.add.at(s["counts"], ticks[known] % KEPT, 1)
    s["begun"], s["rows"] = 1, block.first_index + len(block)


def lifted(s: Record, start_s: float) -> list[Movement]:
    """Rises and sittings down since start_s that the height shows, in order; those still under way are left out."""
    first, vertical = _vertical(s, start_s)
    height = _integrated(vertical)
    movements: list[Movement] = []
    lifts = [lift for lift in _lifts(height) if _pushed(lift, vertical, height)]
    for number, lift in enumerate(lifts):
        rested = number == 0 or (lift.low - lifts[number - 1].high) * TICK_S > RESTED_S
        movements += _movements(first, height, lift, rested)
    return movements


def _vertical(s: Record, start_s: float) -> tuple[int, Floats]:
    """(first tick, vertical acceleration of each tick that is complete, m/s², its mean taken out)."""
    stop = int(s["rows"]) // EVERY
    oldest = max(stop - KEPT + 1, 0)
    first = oldest if start_s <= 0.0 else max(oldest, math.floor(start_s / TICK_S))
    slots = np.arange(first, stop) % KEPT
    if slots.size < 2:
        return first, np.zeros(0)
    counts = s["counts"][slots]
    vertical: Floats = np.where(counts > 0, s["sums"][slots] / np.maximum(counts, 1), 0.0)
    return first, vertical - vertical.mean()


def _integrated(vertical_mps2: Floats) -> Floats:
    """Twice over time, within the band of stands."""
    if not vertical_mps2.size:
        return vertical_mps2
    size = 1 << (2 * vertical_mps2.size - 1).bit_length()
    hz = np.fft.rfftfreq(size, TICK_S)
    slow, fast = (hz / SLOWEST_HZ) ** ORDER, (hz / FASTEST_HZ) ** 8
    gain = np.zeros_like(hz)
    gain[1:] = -slow[1:] / (1.0 + slow[1:]) / (1.0 + fast[1:]) / (2.0 * np.pi * hz[1:]) ** 2
    height: Floats = np.fft.irfft(np.fft.rfft(vertical_mps2, size) * gain, size)[: vertical_mps2.size]
    return height


def _lifts(height: Floats) -> list[Lift]:
    """Ways between turning points that are LIFTED_M apart and more."""
    lifts: list[Lift] = []
    low = high = 0
    rising = False
    for at, here in enumerate(height.tolist()):
        if rising:
            if here > height[high]:
                high = at
            if height[high] - here > LIFTED_M:
                lifts.append(Lift(low, high, None, float(height[high] - height[low]), 0.0))
                rising, low = False, at
        else:
            if here < height[low]:
                low = at
                if lifts:
                    before = lifts[-1]
                    down_m = float(height[before.high] - here)
                    lifts[-1] = Lift(before.low, before.high, at, before.up_m, down_m)
            if here - height[low] > LIFTED_M:
                rising, high = True, at
    if rising and (height.size - 1 - high) * TICK_S >= RISEN_S:
        lifts.append(Lift(low, high, None, float(height[high] - height[low]), 0.0))
    return lifts


def _pushed(lift: Lift, vertical_mps2: Floats, height: Floats) -> bool:
    """Whether somebody pushed and stopped: what the gain rings with after a set goes up without an acceleration."""
    half = lift.low + int(np.argmax(height[lift.low : lift.high + 1] >= height[lift.low] + 0.5 * lift.up_m))
    speed_mps = float(np.max(np.diff(height[lift.low : lift.high + 1]))) / TICK_S
    pushing = slice(max(lift.low, half - PUSHES_TICKS), half)
    slowing = slice(half, min(lift.high + 1, half + PUSHES_TICKS))
    least_mps = min(np.sum(vertical_mps2[pushing]), -np.sum(vertical_mps2[slowing])) * TICK_S
    return bool(speed_mps >= LEAST_MPS and least_mps >= PUSHED_SHARE * speed_mps)


def _movements(first: int, height: Floats, lift: Lift, rested: bool) -> list[Movement]:
    up = height[lift.low : lift.high + 1] - height[lift.low]
    half_s = _time_s(first + lift.low + int(np.argmax(up >= 0.5 * lift.up_m)))
    way_s = _time_s(first + lift.low + int(np.argmax(up >= HIGH_SHARE * lift.up_m))) - half_s
    way_s = min(way_s, LONGEST_WAY_S)
    begins_s, leaves_s, stands_s = (round(half_s + ways * way_s, 3) for ways in (BEGINS, LEAVES, 1.0 + STANDS))
    lift_m = round(lift.up_m / (RESTED_SHARE if rested else 1.0), 4)
    rise = Movement(True, begins_s, stands_s, leaves_s, None, None, lift_m, half_s, heard=False)
    if lift.next_low is None or (height.size - 1 - lift.next_low) * TICK_S < SETTLED_S:
        return [rise]
    down = height[lift.high : lift.next_low + 1] - height[lift.next_low]
    leaves_s = _time_s(first + lift.high + int(np.flatnonzero(down >= HIGH_SHARE * lift.down_m)[-1]))
    half_s = _time_s(first + lift.high + int(np.argmax(down <= 0.5 * lift.down_m)))
    way_s = _time_s(first + lift.high + int(np.argmax(down <= LOW_SHARE * lift.down_m))) - half_s
    met_s = round(half_s + (1.0 + MEETS) * way_s, 3)
    return [rise, Movement(False, leaves_s, met_s, met_s, None, None, round(lift.down_m, 4), half_s, heard=False)]


def _time_s(tick: int) -> float:
    return round((tick + 0.5) * TICK_S, 3)
