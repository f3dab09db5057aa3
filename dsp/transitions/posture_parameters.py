"""When a thigh's posture says that its wearer has risen or sat down, and what finding that must remember."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats

EVERY = 4  # rows per tick
TICK_HZ = BODY_RATE_HZ / EVERY
PAST = 256  # ticks kept, 10 s: a rise or a sitting down is told from them

# Found on the pocket phones of geotec_tug (115 rises and as many sittings of 12 healthy people); every limit was set
# between what sitting and what walking showed there, half way where there was room.
REST_TICKS = round(0.8 * TICK_HZ)  # longer than a thigh stands still in a stride
REST_RAD = math.radians(
    2.0
)  # scatter of the posture over REST_TICKS: sitting 0.8 and less, walking 2.3 (5th percentile)
STILL_RAD = math.radians(4.0)  # ... of somebody who has sat down and still arranges himself
STILL_TICKS = round(0.2 * TICK_HZ)  # so long at least, ...
SETTLED_TICKS = round(1.2 * TICK_HZ)  # ... and until the trunk is at rest too, so long at most
# A thigh turns by 90 degrees from the chair to standing, a phone in a jacket's or a wide trouser pocket by 25 to 50
# only; a stride's mean posture stays within 15 degrees of standing.
LEAST_RAD = math.radians(20.0)
SEAT_RAD = math.radians(10.0)  # nearer to the posture on the chair than this: the thigh still lies on it
ARRIVED_RAD = math.radians(15.0)  # nearer than this to the posture in which it comes to rest: it has come to lie
AWAY_TICKS = round(1.2 * TICK_HZ)  # a stride: so long must it stay away, ...
LIVELY_TICKS = round(1.2 * TICK_HZ)
LIVELY_RADPS = (
    0.25  # ... turning as fast as this in the mean: 1 to 2 in walking, 0.3 at 0.2 m/s (simulated), 0.05 at rest
)
LEARN_S = 3.0  # the standing posture follows a stride's mean: two or three strides
LEARN_RAD = math.radians(45.0)  # while sitting down it does not
WALK_TICKS = round(4.0 * TICK_HZ)  # who moves so long without another posture has been standing
NEW_TICKS = round(0.5 * TICK_HZ)  # after a rise is told: nobody has sat down again so soon
QUIET_TICKS = round(6.0 * TICK_HZ)  # a rise into quiet standing takes no longer than this
STANDS_S = 20.0  # ... and may be followed by walking so much later
# Start of a rise: back from where the thigh leaves the seat to where all has been still.
MOVING_RADPS = 0.15
BACK_TICKS = round(2.0 * TICK_HZ)
# What the video of geotec_tug calls beginning and end lies so long after (+) or before (-) what the thigh shows: the
# first movement to rise after the thigh's first stir, standing after half of the way, sitting down begins before a
# fifth of the way is done, and the trunk leans back and comes to rest after the thigh has come to lie, the later the
# more slowly it came down. The same for everybody; left-one-person-out mean errors 0.16, 0.15, 0.20 and 0.23 s.
STIR_S = 0.10
STOOD_SHARE, STOOD_S = 0.5, 0.43
SIT_SHARE, SIT_S = 0.8, -0.48
SEATED_S, SEATED_SHARE = 0.48, 0.64  # ... and so much of the time from SIT_SHARE of the way on

UNKNOWN, SEATED, UP = range(3)

KIND, START, END, SEAT, TURNED, EMITTED = range(6)  # of what the kernel writes
ROSE, SAT = range(2)
WRITTEN_COLUMNS = 6
MOST_PER_ROW = 2

POSTURE_STATE = np.dtype(
    [
        ("tick", np.int64),  # being filled: grid index / EVERY
        ("rows", np.int64),
        ("sums", np.float64, (4,)),  # vertical in the sensor's axes, length of the rate
        ("last_tick", np.int64),  # last one that was full
        ("ticks", np.int64),  # since the stream last began; rings hold them modulo PAST
        ("up", np.float64, (PAST, 3)),
        ("rate", np.float64, (PAST,)),  # length, rad/s
        ("mode", np.int64),
        ("seat", np.float64, (3,)),  # vertical while resting on the chair, in the sensor's axes
        ("upright", np.float64, (3,)),  # vertical while standing and walking
        ("upright_known", np.int64),
        ("left", np.int64),  # last tick with the thigh on the seat
        ("away", np.int64),  # ticks that it has been away from there
        ("walked", np.int64),
        ("still", np.int64),
        ("risen", np.int64),  # tick of the last change to UP
        ("waits", np.int64),  # `change` may have been a rise: walking will tell
        ("change", np.float64, (WRITTEN_COLUMNS,)),  # from one rest to the next, in another posture
    ],
    align=True,
)


def eased(ticks: int) -> Floats:
    """Weights of a Hann window without its zeros, sum 1."""
    weights: Floats = np.hanning(ticks + 2)[1:-1]
    weights /= weights.sum()
    return weights


EASED = 5
EASED_HALF = EASED // 2
EASED_WEIGHTS = eased(EASED)
