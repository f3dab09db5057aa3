"""Falls: imbalance, descent, impact, rebounds, rest, and perhaps getting up again (simulator.md §5)."""

import numpy as np

from sensing.block import STANDARD_GRAVITY_MPS2
from sensing.simulator.activities import Fall
from sensing.simulator.people import Person
from sensing.simulator.section import Mark, Section
from sensing.simulator.shapes import Array, band_noise, bump, half_sine, smooth_rise

LEAST_NORM = 0.2  # of gravity in the descent: full free fall is rare
ROTATIONS = {"forward": (1.0, 0.0), "backward": (-1.0, 0.0), "left": (0.0, -1.0), "right": (0.0, 1.0)}


def fall(activity: Fall, person: Person, rate_hz: float, rng: np.random.Generator) -> Section:
    """Raises ValueError for a speed that a fall of this length cannot reach."""
    if not 0.2 <= activity.contact_s * 10 <= 3.0:
        raise ValueError(f"an impact takes 0.02 to 0.3 s, not {activity.contact_s}")
    onset = 0.0
    descent = onset + activity.imbalance_s
    impact = descent + activity.descent_s
    rest = impact + activity.contact_s + 1.2
    up_s = activity.get_up_s or 0.0
    end = rest + activity.lying_s
    t = np.arange(round((end + up_s) * rate_hz)) / rate_hz
    v, ap, ml = _descent(t, activity, descent), np.zeros(t.size), np.zeros(t.size)
    along, across = ROTATIONS[activity.direction]
    strike = half_sine(t, impact, activity.contact_s) * (np.pi / 2) * activity.impact_mps / activity.contact_s
    v += strike
    for number in range(activity.rebounds):
        at = impact + activity.contact_s + 0.11 * (number + 1) + float(rng.uniform(0.0, 0.05))
        height = 0.35 ** (number + 1) * float(rng.uniform(0.6, 1.2)) * np.max(strike, initial=0.0)
        v += height * half_sine(t, at, 1.2 * activity.contact_s) - 0.25 * height * half_sine(t, at - 0.08, 0.08)
        ap += 0.5 * height * float(rng.normal()) * half_sine(t, at, 1.2 * activity.contact_s)
    slide = 0.35 * float(rng.uniform(0.5, 1.5)) * strike
    ap -= along * slide
    ml += across * slide
    # losing balance: the trunk starts to lean and the body is thrown about
    window = smooth_rise((t - onset) / 0.15) * smooth_rise((impact - t) / 0.1)
    shake = activity.impact_mps / 2.14
    for track, sd in ((ap, 1.3), (ml, 1.1), (v, 0.7)):
        track += sd * shake * window * band_noise(rng, t.size, rate_hz, 1.0, 5.0)
    after = np.where(t >= impact + activity.contact_s, np.exp(-(t - impact - activity.contact_s) / 0.3), 0.0)
    after *= smooth_rise((rest - t) / 0.3)
    for track in (ap, ml, v):
        track += 1.2 * shake * after * band_noise(rng, t.size, rate_hz, 2.0, 12.0)
    angle = np.deg2rad(activity.rotation_deg) * _tilting(t, onset, descent, impact)
    down = smooth_rise((t - descent) / (impact - descent + 0.15))
    if up_s:
        upright = smooth_rise((t - end) / (0.9 * up_s))
        angle, down = angle * (1.0 - upright), down * (1.0 - upright)
        busy = bump(t, end, 0.3 * up_s, 0.3 * up_s, 0.35 * up_s)
        for track in (ap, ml, v):
            track += 0.8 * busy * band_noise(rng, t.size, rate_hz, 0.4, 3.0)
    lying = smooth_rise((t - rest) / 0.5) * (smooth_rise((end - t) / 0.5) if up_s else 1.0)
    tracks = {"v": v, "ap": ap, "ml": ml, "pitch": along * angle, "roll": across * angle, "down": down}
    tracks["breath"] = lying
    tracks["yaw"] = np.deg2rad(float(rng.uniform(-25, 25))) * smooth_rise((t - descent) / (impact - descent + 0.2))
    tracks["sway_ap"] = tracks["sway_ml"] = 0.01 * lying  # no sway, only small stirring
    fields = {
        "onset_s": onset,
        "descent_s": descent,
        "impact_s": impact,
        "rest_s": rest,
        "end_s": end,
        "lying_s": end - impact,
        "impact_mps": activity.impact_mps,
        "direction": activity.direction,
        "recovered": bool(up_s),
    }
    return Section(t.size, tracks, (), (Mark("falls", fields),), ((onset, end + up_s),))


def _descent(t: Array, activity: Fall, descent: float) -> Array:
    """Downward acceleration that reaches the impact speed, growing to a plateau: 1 - LEAST_NORM of gravity at most."""
    mean = activity.impact_mps / activity.descent_s
    most = (1.0 - LEAST_NORM) * STANDARD_GRAVITY_MPS2
    rise = min(0.8, 2.0 * (1.0 - mean / most))  # share of the descent in which it grows to `most`
    if rise < 0.05:
        raise ValueError(f"{activity.impact_mps} m/s cannot be reached in {activity.descent_s} s of descent")
    s = (t - descent) / activity.descent_s
    shape = np.where((s >= 0) & (s < 1), smooth_rise(s / rise), 0.0)
    return -mean / (1.0 - rise / 2.0) * shape


def _tilting(t: Array, onset: float, descent: float, impact: float) -> Array:
    """A tenth of the rotation while losing balance, the rest in the descent and shortly after."""
    return np.asarray(
        0.1 * smooth_rise((t - onset) / (descent - onset + 0.1))
        + 0.9 * smooth_rise((t - descent) / (impact - descent + 0.12))
    )
