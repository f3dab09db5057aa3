"""What a rise from a seat or a sitting down is at the trunk, and what finding them must remember."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats

EVERY = 4  # rows per tick
TICK_HZ = BODY_RATE_HZ / EVERY
PAST = 256  # ticks kept, 10 s: a power of two


def ticks(seconds: float) -> int:
    """Whole ticks of a duration."""
    return round(seconds * TICK_HZ)


# Found on sisfall (waist, 16 people, 310 rises from four kinds of chair, with lying down, bending, stairs, jogging and
# falls against them), umafall (waist) and malisa (lower back, two people, 12 rises and two sets of chair stands).
# The length of the acceleration is matched with a rise's: pushed up first, slowed down then (minimum jerk; simulator
# reference §3). The vertical would be spoilt by a trunk that leans; the length is the same however the sensor sits.
SCALE_S = 0.45
HALF = ticks(3.0 * SCALE_S)  # reach of the matched filter
NEAR = ticks(0.48)  # nothing of the same sign may be higher this near
LEAST_M = 0.13  # lower ones are steps; slow rises of patients come out at 0.2
AROUND = ticks(1.2)  # an opposite one this near and so much higher leaves a side lobe of its own:
SIDE_SHARE = 0.45
ONE_PUSH = ticks(1.9)  # down and up again this soon is one slow movement whose push is felt, not its fall
MORE_LIKELY = 1.35  # the other of the two must be this much higher where nobody knows whether the wearer sits
SITS_SHARE, STANDS_SHARE = 0.5, 2.0  # the same where it is known
SET = ticks(3.0)  # in a set of chair stands the next one follows within
FAST_M = 0.7  # and is as strong as this where it needs no rest between
QUIET_MPS2, QUIET_RADPS = 0.35, 0.25  # scatter of the length over a second, turning of the trunk
QUIET = ticks(0.3)  # somebody who sits is quiet so long ...
STOOD = ticks(1.0)  # ... and who was thought to stand, longer ...
LOOK = ticks(3.0)  # ... before rising or after sitting down
LEAST_TILT_RAD = math.radians(8.0)  # a trunk leans to rise: 18 to 55 degrees (5th to 95th percentile)
LITTLE_TILT_RAD, SURE_M = math.radians(16.0), 0.35  # who leans less than that pushes more than that; stairs do neither
MOST_CHANGE_RAD = math.radians(65.0)  # a trunk that is turned by more afterwards lies

# Start and end by how fast the trunk turns (clinical reference §2.1), against its fastest around.
FASTEST_WITHIN = ticks(1.2)
LONGEST_BEFORE, LONGEST_AFTER = ticks(2.5), ticks(1.6)
LONGEST_TO_SEAT = ticks(3.2)
START_RADPS, START_SHARE = 0.12, 0.15
END_RADPS, END_SHARE = 0.15, 0.2
# Between standing and the middle it is enough that it is calm for a moment, not nearer to the middle than this, ...
SURELY_BEFORE, SURELY_AFTER = 10, 8
MOMENT = 1
# ... between the middle and the seat it must rest: a slow lean pauses where it turns back.
RESTING = ticks(0.6)
REST_BEFORE, REST_AFTER = 6, 25  # ticks whose mean is the posture before and after

# Chair contact, against the seat mat of malisa (two people, twelve of each): the seat is left as the lean turns back
# (0.07 s later, -0.3 to 0.3), and met 0.55 s after the lean has turned back when sitting down (PMC3546014: earlier).
SEAT_MET_S = 0.55

TURNED_TICKS = 3  # half of what the trunk's turning is measured over
SPREAD_TICKS = 12  # half of what scatter is measured over

UNKNOWN, SEATED, UP = range(3)
KIND, START, END, SEAT, FLEXION, FORWARD, BACK, RISE, SPEED, EMITTED = range(10)  # of what the kernel writes
ROSE, SAT = 1, -1
WRITTEN_COLUMNS = 10
MOST_WAITING = 16
MOST_PER_TICK = MOST_WAITING + 1

CANDIDATE = np.dtype([("at", np.int64), ("size_m", np.float64)], align=True)  # size_m: positive upwards
TRUNK_STATE = np.dtype(
    [
        ("tick", np.int64),  # being filled: grid index / EVERY
        ("rows", np.int64),
        ("sums", np.float64, (5,)),  # length and V of the acceleration, vertical in the sensor's axes
        ("last_tick", np.int64),
        ("ticks", np.int64),  # since the stream last began; rings hold them modulo PAST
        ("length", np.float64, (PAST,)),
        ("v", np.float64, (PAST,)),
        ("up", np.float64, (PAST, 3)),
        ("turning", np.float64, (PAST,)),  # rad/s
        ("quiet", np.int64, (PAST,)),
        ("match", np.float64, (PAST,)),
        ("waiting", np.int64),
        ("candidates", CANDIDATE, (MOST_WAITING,)),
        ("mode", np.int64),
        ("last_at", np.int64),  # tick of the last one told, far back where there is none
    ],
    align=True,
)


def matched() -> Floats:
    """Weights over 2 * HALF + 1 ticks that give a rise of four times SCALE_S its height, m per m/s²."""
    at = np.arange(-HALF, HALF + 1) / TICK_HZ
    weights = -at * np.exp(-0.5 * (at / SCALE_S) ** 2)
    lasts_s = 4.0 * SCALE_S
    x = np.clip(at / lasts_s + 0.5, 0.0, 1.0)
    rise: Floats = (60.0 * x - 180.0 * x**2 + 120.0 * x**3) / lasts_s**2
    found: Floats = weights / float(np.sum(weights * rise))
    return found


MATCHED = matched()
