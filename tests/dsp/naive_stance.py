"""A slow, obvious twin of dsp.clinic.stance_signals for a hold without breaks: whole signals, then one plain loop."""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy import signal

from dsp.body import AP, COSINE, ML, SINE, TIME, Floats, V
from dsp.clinic import stance_record as p


@dataclass
class Watched:
    """What was seen of a hold that began at the first row."""

    landings_s: list[float] = field(default_factory=list)
    excursions: int = 0
    windows_s: list[tuple[float, float]] = field(default_factory=list)  # the last one is open


def naive_motion(rows: Floats) -> tuple[Floats, Floats]:
    """Shock from below and speed over the ground of every row."""
    c, s = rows[:, COSINE], rows[:, SINE]
    v = rows[:, V]
    slow = eased(v, p.POSTURE_S, v[0])
    rising = v - np.concatenate((v[:1], slow[:-1]))
    shock = np.array([sum(rising[max(0, i - 4) : i + 1]) / 5.0 for i in range(len(v))])
    speeds = []
    for h in (c * rows[:, AP] - s * rows[:, ML], s * rows[:, AP] + c * rows[:, ML]):
        moving = h - eased(h, p.POSTURE_S, h[0])
        velocity = signal.lfilter([p.DT], [1.0, -(1.0 - p.DT / p.LEAK_S)], moving)
        speeds.append(eased(velocity, p.EASED_S, 0.0))
    return shock, np.hypot(*speeds)


def eased(x: Floats, time_s: float, start: float) -> Floats:
    """y moves towards x by a fixed share of the way each row."""
    a = p.DT / time_s
    y, _ = signal.lfilter([a], [1.0, -(1.0 - a)], x, zi=[(1.0 - a) * start])
    return np.asarray(y)


def naive_hold(rows: Floats) -> Watched:
    """Landings, excursions and undisturbed windows of a hold from the first row on."""
    seen = Watched()
    shock, speed = naive_motion(rows)
    time_s = rows[:, TIME]
    own_speed, own_shock = p.OWN_LEAST_MPS**2, p.OWN_LEAST_MPS2**2
    landing_s = maybe_s = blow_s = loud_s = -math.inf
    pending_s = open_s = None
    high = False
    for i, now_s in enumerate(time_s):
        before_s = time_s[i - 1] if i else 0.0
        if i >= p.OWN_LATE and before_s - landing_s > 2.0:
            share = p.DT / p.OWN_S
            own_speed += share * (max(speed[i - p.OWN_LATE], p.OWN_LEAST_MPS) ** 2 - own_speed)
            own_shock += share * (max(abs(shock[i - p.OWN_LATE]), p.OWN_LEAST_MPS2) ** 2 - own_shock)
        fast = max(p.SPEED_MPS, p.OWN_SPEEDS * math.sqrt(own_speed))
        was_high, high = high, shock[i] > max(p.SHOCK_MPS2, p.OWN_SHOCKS * math.sqrt(own_shock))
        landed = None
        if now_s - maybe_s < p.FOLLOWED_S and speed[i] >= fast:
            landed = maybe_s
        elif high:
            led = max(speed[max(0, i - p.LED_ROWS + 1) : i + 1])
            if shock[i] > p.BLOW_MPS2 and led < (p.AGAIN_LED_MPS if now_s - blow_s < p.BLOW_S else p.BLOW_LED_MPS):
                blow_s, maybe_s = now_s, -math.inf
            if not was_high and now_s - landing_s >= p.APART_S and now_s - blow_s >= p.BLOW_S:
                maybe_s = now_s - p.SHOCK_LATE_S
                landed = maybe_s if led >= fast else None
        if landed is not None:
            landing_s, maybe_s = landed, -math.inf
            seen.landings_s.append(landed)
        if shock[i] > p.SHOCK_MPS2 or speed[i] > p.LOUD_MPS:
            loud_s = now_s
        if pending_s is None:
            large = speed[i] > max(p.SPEED_MPS, p.EXCURSION_OWN * math.sqrt(own_speed))
            from_s = now_s if landed is None else landed
            pending_s = from_s if large and from_s - landing_s > p.RECOVERY_S else None
        elif (now_s if landed is None else landed) - pending_s > p.EXCURSION_S:
            seen.excursions += int(landing_s < pending_s)
            pending_s = None
        if open_s is not None and (landed is not None or blow_s == now_s):
            shut_s = now_s - p.STILL_S if landed is None else landed - p.RECOVERY_S
            seen.windows_s.append((open_s, shut_s))
            open_s = None
        elif open_s is None and now_s - loud_s >= p.STILL_S and now_s - landing_s >= p.RECOVERY_S:
            open_s = now_s
    if open_s is not None:
        seen.windows_s.append((open_s, math.inf))
    return seen
