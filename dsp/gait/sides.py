"""Which foot a contact at the lower back belongs to: the sway from foot to foot, followed over the strides.

The trunk is pushed sideways off the standing foot: at a left contact the first harmonic of the sideways acceleration
over a stride has the phase SWAY_RAD. Sideways is known once forward is. The yaw rate (McCamley 2010, Ullrich 2021)
needs the vertical only, but its phase is a person's own: in MS at 0.26 m/s (voisard) and in a person with Parkinson's
disease (stanford_fog) it says the opposite of what it says in most healthy people, so it does not vote.

Contacts fall into two classes that alternate; a pattern of the stride's first harmonic on all axes is kept, with the
class as its sign, so that a missed or doubled contact shows at the next one. Which class is left is read from the
pattern, whose sideways part is averaged over the strides and holds through pauses.
"""

import cmath
import math

import numpy as np
from numpy.typing import NDArray

from dsp.body import CONFIDENCE, COSINE, SINE, Floats
from dsp.gait.contacts import LEFT, RIGHT, SIDE, SIDE_CONFIDENCE
from dsp.gait.rhythm import AXES, LEAK, LONGEST_TICKS, PAST, SHORTEST_TICKS, TICK_HZ
from dsp.kernels import Record, kernel

# Phase of the sideways acceleration's first harmonic at a left contact. Leaning furthest left in the middle of the left
# foot's single support, 0.3 of a stride after its contact (0.33 where double support is long), gives 72 (60) degrees.
# Found: 60 to 91 in 58 healthy walks (voisard, ten people), 61 to 72 in six of a person with Parkinson's disease
# (stanford_fog), 20 in MS at 0.26 m/s; 60 to 90 label the same contacts right.
SWAY_RAD = math.radians(65.0)
SHARE_NEW = 0.1  # of the newest contact in the pattern: it holds some five strides; 0.06 to 0.15 do alike
LIKENESS_ODDS = 6.0  # log-odds of the class from a contact that is exactly like the pattern; 3 does nearly alike
ORDER_ODDS = 5.0  # that a contact one step after another is the other foot's
SKIPPED_ODDS = 2.5  # that one two steps after is the same foot's: a contact was missed
LONGEST_STEPS = 2.5  # after more steps than this the order says nothing
FIRST_ODDS = 3.0  # the first contact gives its class the name
MOST_ODDS = 6.0
# Log-odds of left or right for a sway exactly in phase. In bins of the share that is in phase (0.3 to 0.8), 85 to 100 %
# of 1 757 contacts of 58 healthy walks were right, which are 5 to 8 times it.
SWAY_ODDS = 6.0
FAINT_MPS2 = 0.05  # first harmonics this small are noise; sways are 0.19 (MS) to 1.2 m/s²
LEAST_CONTACTS = 5  # in the pattern: after four, 10 % of 160 synthetic walks began with a wrong side, after five none
LEAST_SURE = 0.2  # how well forward must be known, 0 to 1
LEAST_CONFIDENCE = 0.75  # less is not told
MOST_CONFIDENCE = 0.98  # eleven people with known sides do not prove more

SIDES_STATE = np.dtype(
    [
        ("now_s", np.float64),  # the newest tick
        ("facing", np.float64, (3,)),  # forward in the plane's fixed axes, cosine and sine; how sure, 0 to 1
        ("pattern", np.complex128, (AXES,)),  # first harmonic at a contact of class +1
        ("sway", np.float64),  # mean square of the horizontal acceleration's first harmonic
        ("taken", np.int64),  # contacts in the pattern
        ("last_s", np.float64, (2,)),  # the newest contacts, newest first
        ("odds", np.float64, (2,)),  # and their log-odds of class +1
    ],
    align=True,
)

Complexes = NDArray[np.complex128]


@kernel
def face(q: Record, now_s: float, row: Floats) -> None:
    """Takes the newest tick's time and where forward lies."""
    q["now_s"] = now_s
    facing = q["facing"]
    facing[0], facing[1] = row[COSINE], row[SINE]
    facing[2] = max(0.0, 2.0 * row[CONFIDENCE] - 1.0)


@kernel
def tell_side(q: Record, r: Record, t: float, before_s: float, step_s: float, row: Floats) -> None:
    """Takes a contact at t, the one before being at before_s (NaN: none); writes its side where that is known.

    r: the rhythm's state, whose motion of the stride up to now is used; step_s: a step as the rhythm has it, 0 unknown.
    """
    odds = expected(q, t, before_s, step_s)
    now = np.zeros(AXES, np.complex128)
    if step_s > 0.0 and first_harmonic(r, t - q["now_s"], 2.0 * step_s, now):
        if q["taken"] > 0:
            odds += LIKENESS_ODDS * likeness(q["pattern"], now)
        elif odds == 0.0:
            odds = FIRST_ODDS
        odds = min(max(odds, -MOST_ODDS), MOST_ODDS)
        learn(q, now, math.tanh(0.5 * odds))
        judge(q, odds, row)
    q["last_s"][1], q["odds"][1] = q["last_s"][0], q["odds"][0]
    q["last_s"][0], q["odds"][0] = t, odds


@kernel
def expected(q: Record, t: float, before_s: float, step_s: float) -> float:
    """Log-odds of class +1 from the class of the contact before and the steps since then; 0 where neither is known.

    A contact that was taken back is none: the one before it counts again.
    """
    if math.isnan(before_s) or step_s <= 0.0:
        return 0.0
    before = 0.0
    if q["last_s"][0] == before_s:
        before = q["odds"][0]
    elif q["last_s"][1] == before_s:
        before = q["odds"][1]
    steps = (t - before_s) / step_s
    if steps > LONGEST_STEPS:
        return 0.0
    other = -math.cos(math.pi * steps) * (ORDER_ODDS if steps < 1.5 else SKIPPED_ODDS)
    return -2.0 * math.atanh(math.tanh(0.5 * other) * math.tanh(0.5 * before))


@kernel
def first_harmonic(r: Record, at_s: float, stride_s: float, out: Complexes) -> bool:
    """The motion's first harmonic over the newest stride, its phase counted from at_s after the newest tick.

    False where the stream has not been whole for so long. The rhythm's high pass is taken out again.
    """
    n = round(stride_s * TICK_HZ)
    if not SHORTEST_TICKS <= n <= LONGEST_TICKS or r["ticks"] < n:
        return False
    turn = 2.0 * math.pi / (stride_s * TICK_HZ)
    back = cmath.exp(-1j * turn)
    passed = (1.0 - LEAK) * (1.0 - back) / (1.0 - (1.0 - LEAK) * back)
    newest = (r["ticks"] - 1) % PAST + PAST
    for axis in range(AXES):
        line = r["past"][axis]
        mean = 0.0
        for j in range(n):
            mean += line[newest - j] / n
        total = 0.0j
        for j in range(n):
            total += (line[newest - j] - mean) * cmath.exp(1j * turn * (j + at_s * TICK_HZ))
        out[axis] = 2.0 / n * total / passed
    return True


@kernel
def likeness(pattern: Complexes, now: Complexes) -> float:
    """1 where the two are the same but for size, -1 where they are opposite."""
    along, a, b = 0.0, 0.0, 0.0
    for axis in range(AXES):
        p, x = pattern[axis], now[axis]
        along += p.real * x.real + p.imag * x.imag
        a += p.real * p.real + p.imag * p.imag
        b += x.real * x.real + x.imag * x.imag
    return along / math.sqrt(a * b) if a * b > 0.0 else 0.0


@kernel
def learn(q: Record, now: Complexes, sign: float) -> None:
    """Takes a contact into the pattern; sign: 1 and -1 for the two classes, less for a doubtful one."""
    share = max(SHARE_NEW, 1.0 / (q["taken"] + 1))
    for axis in range(AXES):
        q["pattern"][axis] += share * (sign * now[axis] - q["pattern"][axis])
    q["sway"] += share * (abs(now[1]) ** 2 + abs(now[2]) ** 2 - q["sway"])
    q["taken"] += 1


@kernel
def judge(q: Record, odds: float, row: Floats) -> None:
    """Writes side and confidence of a contact whose log-odds of class +1 these are."""
    cosine, sine, sure = q["facing"]
    if sure < LEAST_SURE or q["taken"] < LEAST_CONTACTS:
        return
    sideways = cosine * q["pattern"][2] - sine * q["pattern"][1]
    in_phase = (sideways * cmath.exp(-1j * SWAY_RAD)).real / math.sqrt(q["sway"] + FAINT_MPS2 * FAINT_MPS2)
    one = 0.5 + 0.5 * math.tanh(0.5 * odds) * math.tanh(0.5 * SWAY_ODDS * in_phase)  # that it is left
    confidence = max(one, 1.0 - one)
    if confidence >= LEAST_CONFIDENCE:
        row[SIDE] = LEFT if one > 0.5 else RIGHT
        row[SIDE_CONFIDENCE] = min(confidence, MOST_CONFIDENCE)
