"""The gait detector's one call per block: rows in, emitted rows out."""

import math

import numpy as np

from dsp.body import AP, BODY_RATE_HZ, COSINE, GYR_AP, GYR_ML, GYR_V, ML, NORM, SEEN, SINE, UP_X, Floats, V
from dsp.detector import State
from dsp.gait.contacts import KEPT
from dsp.gait.foot_past import keep_foot
from dsp.gait.lifting import lay_down, lift, lifted
from dsp.gait.parameters import LENGTH, STILLNESS
from dsp.gait.past import keep
from dsp.gait.plausible import keep_rhythm
from dsp.gait.rhythm import DRIFT_S, TICK_HZ, follow, restart
from dsp.gait.rises import AHEAD, RISE_STATE, SCALE_S, TICK_S, USUAL, push, scale_for, slope_at
from dsp.gait.shock import SHOCK_STATE, feel, sharpened
from dsp.gait.sides import face
from dsp.gait.walking import WALK_STATE, candidate, grow_old, measure_settled
from dsp.kernels import Record, kernel

EVERY = round(BODY_RATE_HZ / TICK_HZ)  # rows a tick
MIDDLE = 0.5 * (EVERY - 1)  # of a tick, in rows before its last
MOST_PER_TICK = 2 * KEPT + 4  # rows that one tick can emit
QUIET_MPS2 = 0.5  # what a still foot reads besides gravity: noise and tilt; keeps the logarithm finite
RUNNING_STRIDE_S = 0.88  # a running foot is still for a tenth of a second only: the finest scale; walks rarely get here
LEAN_S = 1.5  # the tilt's own mean
ROUGH_S = 2.5

SUMS = 11  # acc V and across, gyr V and across, signal, up x y z, square of the change of acceleration

GAIT_STATE = np.dtype(
    [
        ("next", np.int64),  # grid index expected
        ("rows", np.int64),  # in this tick so far
        ("sums", np.float64, (SUMS,)),
        ("before", np.float64, (3,)),  # the last row's acceleration
        ("jerk_mps3", np.float64),
        ("slow", np.float64, (3,)),  # the acceleration's own drift, for the motion
        ("motion_m2ps4", np.float64),
        ("usual_up", np.float64, (3,)),
        ("rise", RISE_STATE),
        ("shock", SHOCK_STATE),
        ("walk", WALK_STATE),
    ],
    align=True,
)

_SLOW_SHARE = 1.0 - math.exp(-TICK_S / DRIFT_S)
_TICK_SHARE = TICK_S / ROUGH_S
_ROW_SHARE = 1.0 / (ROUGH_S * BODY_RATE_HZ)
_LEAN_SHARE = TICK_S / LEAN_S


@kernel
def find(state: State, parameters: State, first_index: int, rows: Floats, start: int, out: Floats) -> tuple[int, int]:
    """Takes rows from `start` on; returns (rows taken, rows emitted). Stops early only where `out` is nearly full."""
    s, p = state[0], parameters[0]
    sums, before = s["sums"], s["before"]
    signal = p["signal"]
    one_leg = p["contacts_per_stride"] < 1.5
    past = s["walk"]["contacts"]["bout"]["measures"]["past"]
    now, motion = np.empty(6), np.empty(6)
    made = 0
    for i in range(start, rows.shape[0]):
        if made > out.shape[0] - MOST_PER_TICK:
            return i, made
        row = rows[i]
        index = first_index + i
        if index != s["next"]:
            begin_again(s, row)
        s["next"] = index + 1
        keep(past, index, row)
        if one_leg:
            keep_foot(s["walk"]["foot"], index, row)
        fixed_axes(row, now)
        jump = 0.0
        for c in range(3):
            jump += (now[c] - before[c]) * (now[c] - before[c])
            before[c] = now[c]
            sums[7 + c] += row[UP_X + c]
        for c in range(6):
            sums[c] += now[c]
        sums[10] += jump
        if signal == STILLNESS:
            size = row[V] * row[V] + row[ML] * row[ML] + row[AP] * row[AP]
            sums[6] -= math.log(QUIET_MPS2 + math.sqrt(size))
        elif signal == LENGTH:
            sums[6] += row[NORM]
        else:
            sums[6] += row[V]
        s["jerk_mps3"] += _ROW_SHARE * (math.sqrt(jump) * BODY_RATE_HZ - s["jerk_mps3"])
        s["rows"] += 1
        if (index + 1) % EVERY == 0:
            if s["rows"] == EVERY:
                for c in range(6):
                    motion[c] = sums[c] / EVERY
                follow(s["walk"]["rhythm"], motion, p["drift_s"], p["gyro_weight"])
                posture(s, p, motion)
                lift(s["walk"]["lift"], motion[0])
                push(s["rise"], sums[6] / EVERY)
                face(s["walk"]["sides"], (index - MIDDLE) / BODY_RATE_HZ, row)
                feel(s["shock"], sums[10] / EVERY * BODY_RATE_HZ**2)
                made = tick(s, p, (index - MIDDLE) / BODY_RATE_HZ, row[SEEN], out, made)
            sums[:] = 0.0
            s["rows"] = 0
    return rows.shape[0], made


@kernel
def fixed_axes(row: Floats, now: Floats) -> None:
    """The row's acceleration and rates on the vertical and two horizontal axes that do not swing with forward."""
    c, s = row[COSINE], row[SINE]
    now[0] = row[V]
    now[1] = c * row[AP] - s * row[ML]
    now[2] = s * row[AP] + c * row[ML]
    now[3] = row[GYR_V]
    now[4] = c * row[GYR_AP] - s * row[GYR_ML]
    now[5] = s * row[GYR_AP] + c * row[GYR_ML]


@kernel
def begin_again(s: Record, row: Floats) -> None:
    """The stream starts or had a break: filters forget, the walk goes on if it goes on soon enough."""
    s["sums"][:] = 0.0
    s["rows"] = 0
    s["rise"]["ticks"] = 0
    s["shock"]["ticks"] = 0
    restart(s["walk"]["rhythm"])
    lay_down(s["walk"]["lift"])
    now = np.empty(6)
    fixed_axes(row, now)
    for c in range(3):
        s["before"][c] = now[c]
        s["usual_up"][c] = row[UP_X + c]
        s["slow"][c] = now[c]


@kernel
def posture(s: Record, p: Record, motion: Floats) -> None:
    """How far the sensor leans against its own mean, and whether the motion is too rough for gait."""
    w, up, sums, slow = s["walk"], s["usual_up"], s["sums"], s["slow"]
    lean = 0.0
    size = 0.0
    for c in range(3):
        u = sums[7 + c] / EVERY
        up[c] += _LEAN_SHARE * (u - up[c])
        lean += (u - up[c]) * (u - up[c])
        slow[c] += _SLOW_SHARE * (motion[c] - slow[c])
        size += (motion[c] - slow[c]) ** 2
    w["tilt"] = math.sqrt(lean)
    w["largest_tilt"] = max(w["largest_tilt"], w["tilt"])
    s["motion_m2ps4"] += _TICK_SHARE * (size - s["motion_m2ps4"])
    usual = math.sqrt(s["motion_m2ps4"])
    rough = s["jerk_mps3"] > max(p["rough_from_mps3"], p["roughest_hz"] * usual)
    w["rough"] = 1 if rough or s["jerk_mps3"] < p["smoothest_hz"] * usual else 0


@kernel
def tick(s: Record, p: Record, now_s: float, seen_s: float, out: Floats, made: int) -> int:
    """One tick's decisions, its signals being in: the rises that have become certain, then what grows old."""
    w, q = s["walk"], s["rise"]
    keep_rhythm(w, p, now_s, TICK_S)
    w["lift"]["high_ticks"] = w["lift"]["high_ticks"] + 1 if lifted(w, p, now_s) else 0
    scale = USUAL
    if w["step_s"] > 0.0 and p["signal"] != STILLNESS:
        scale = scale_for(w["step_s"] * p["scale_per_step"] - p["scale_less_s"])
    elif 0.0 < w["step_s"] < RUNNING_STRIDE_S:
        scale = 0
    newest = q["ticks"] - 1
    while q["judged"] < newest - AHEAD[scale] - 1:
        at = q["judged"] + 1
        q["judged"] = at
        before, here, after = slope_at(q, scale, at - 1), slope_at(q, scale, at), slope_at(q, scale, at + 1)
        if here > before and here >= after and here > 0.0:
            bend = before - 2.0 * here + after
            shift = 0.5 * (before - after) / bend if bend < 0.0 else 0.0
            contact = at + shift + p["lag_s"] / TICK_S
            if p["shock_share"] > 0.0:
                contact = sharpened(s["shock"], contact, p["shock_share"])
            t = now_s + (contact - newest) * TICK_S
            made = candidate(w, p, t, here * SCALE_S[scale], seen_s, out, made)
    made = grow_old(w, p, now_s, seen_s, out, made)
    measure_settled(w, p)
    return made
