"""Standing, sitting and the way between them, and the small things people do on the spot."""

import numpy as np

from sensing.block import STANDARD_GRAVITY_MPS2
from sensing.simulator.activities import (
    BeltSlip,
    Bend,
    Cough,
    FalseStart,
    RiseAttempt,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    TandemStance,
    Tap,
    Work,
)
from sensing.simulator.people import Person
from sensing.simulator.section import Mark, Section
from sensing.simulator.shapes import (
    Array,
    band_noise,
    bump,
    half_sine,
    smooth_rise,
    smooth_rise_curvature,
)

SEAT_OFF = 0.42  # share of a rise at which the trunk leans furthest and the seat is left (design)
SEAT_ON = 0.72  # share of sitting down at which the seat is met


def _clock(duration_s: float, rate_hz: float) -> Array:
    if not duration_s > 0:
        raise ValueError(f"an activity cannot take {duration_s} s")
    return np.arange(max(2, round(duration_s * rate_hz))) / rate_hz


def _level(n: int, value: float) -> Array:
    return np.full(n, value)


def stand(activity: Stand, person: Person, rate_hz: float) -> Section:
    n = _clock(activity.duration_s, rate_hz).size
    tracks = {
        "sway_ap": _level(n, person.sway_ap_mps2 * activity.sway),
        "sway_ml": _level(n, person.sway_ml_mps2 * activity.sway),
        "breath": _level(n, 0.5),
    }
    marks: tuple[Mark, ...] = ()
    if activity.test:
        marks = (_stance_mark("side_by_side", 0.0, activity.duration_s, ()),)
    return Section(n, tracks, (), marks)


def sit(activity: Sit, person: Person, rate_hz: float) -> Section:
    n = _clock(activity.duration_s, rate_hz).size
    sway = 0.35 * person.sway_ap_mps2
    return Section(n, {"sway_ap": _level(n, sway), "sway_ml": _level(n, 0.7 * sway), "breath": _level(n, 1.0)})


def sit_to_stand(activity: SitToStand, person: Person, rate_hz: float) -> Section:
    """Trunk forward to the lift-off, back while rising; the rise is minimum-jerk (simulator.md §3)."""
    t = _clock(activity.duration_s, rate_hz)
    total = activity.duration_s
    lean = np.deg2rad(activity.flexion_deg)
    pitch = lean * bump(t, 0.0, SEAT_OFF * total, 0.02 * total, (0.98 - SEAT_OFF) * total)
    rise_start, rise_s = 0.32 * total, 0.64 * total
    v = activity.rise_m / rise_s**2 * smooth_rise_curvature((t - rise_start) / rise_s)
    ap = 0.22 / (0.75 * total) ** 2 * smooth_rise_curvature((t - 0.1 * total) / (0.75 * total))
    tracks = {"pitch": pitch, "v": v, "ap": ap, "seated": -smooth_rise((t - rise_start) / rise_s)}
    tracks |= _unrest(t, person)
    fields = {"start_s": 0.0, "end_s": total, "seat_off_s": SEAT_OFF * total, "rise_m": activity.rise_m}
    return Section(t.size, tracks, (), (Mark("sit_to_stand", fields),))


def rise_attempt(activity: RiseAttempt, person: Person, rate_hz: float) -> Section:
    """As a rise, but after a share of the way down again, with a bump on the seat."""
    t = _clock(activity.duration_s, rate_hz)
    total = activity.duration_s
    lean = np.deg2rad(activity.flexion_deg)
    pitch = lean * bump(t, 0.0, 0.36 * total, 0.12 * total, 0.50 * total)
    up_start, up_s, down_s = 0.28 * total, 0.26 * total, 0.24 * total
    down_start = up_start + up_s
    height_m = activity.share * activity.rise_m
    up, down = (t - up_start) / up_s, (t - down_start) / down_s
    v = height_m * (smooth_rise_curvature(up) / up_s**2 - smooth_rise_curvature(down) / down_s**2)
    v += max(0.0, activity.impact_g - 1.0) * STANDARD_GRAVITY_MPS2 * half_sine(t, down_start + down_s, 0.06)
    tracks = {"pitch": pitch, "v": v, "seated": activity.share * (smooth_rise(down) - smooth_rise(up))}
    tracks |= _unrest(t, person)
    fields = {"start_s": 0.0, "end_s": total, "rise_m": height_m}
    return Section(t.size, tracks, (), (Mark("rise_attempts", fields),))


def false_start(activity: FalseStart, person: Person, rate_hz: float) -> Section:
    t = _clock(activity.duration_s, rate_hz)
    total = activity.duration_s
    pitch = np.deg2rad(activity.flexion_deg) * bump(t, 0.0, 0.4 * total, 0.1 * total, 0.48 * total)
    tracks = {"pitch": pitch, **_unrest(t, person)}
    return Section(t.size, tracks, (), (Mark("false_starts", {"start_s": 0.0, "end_s": total}),))


def stand_to_sit(activity: StandToSit, person: Person, rate_hz: float) -> Section:
    """Down with the trunk forward, a bump as the seat is met, then upright again."""
    t = _clock(activity.duration_s, rate_hz)
    total = activity.duration_s
    seat_s = SEAT_ON * total
    lean = np.deg2rad(activity.flexion_deg)
    pitch = lean * bump(t, 0.0, 0.55 * total, 0.03 * total, 0.42 * total)
    fall_s = seat_s - 0.06 * total
    v = -activity.drop_m / fall_s**2 * smooth_rise_curvature((t - 0.06 * total) / fall_s)
    ap = -0.20 / fall_s**2 * smooth_rise_curvature((t - 0.06 * total) / fall_s)
    v += max(0.0, activity.impact_g - 1.0) * STANDARD_GRAVITY_MPS2 * half_sine(t, seat_s, 0.06)
    tracks = {"pitch": pitch, "v": v, "ap": ap, "seated": smooth_rise((t - 0.06 * total) / fall_s)}
    tracks |= _unrest(t, person)
    fields = {"start_s": 0.0, "end_s": total, "seat_on_s": seat_s}
    return Section(t.size, tracks, (), (Mark("stand_to_sit", fields),))


def _unrest(t: Array, person: Person) -> dict[str, Array]:
    """Movements of the whole body are never as smooth as their model."""
    return {"sway_ap": _level(t.size, 2.0 * person.sway_ap_mps2), "sway_ml": _level(t.size, 2.5 * person.sway_ml_mps2)}


def _stance_mark(
    condition: str,
    start_s: float,
    end_s: float,
    losses_s: tuple[float, ...],
    excursions_s: tuple[float, ...] = (),
) -> Mark:
    held_s = (losses_s[0] if losses_s else end_s) - start_s
    fields = {"condition": condition, "start_s": start_s, "end_s": end_s, "held_s": held_s}
    leans = {"excursions_s": list(excursions_s)} if excursions_s else {}
    return Mark("stances", {**fields, "loss_of_balance_s": list(losses_s), **leans})


def tandem_stance(activity: TandemStance, person: Person, rate_hz: float, rng: np.random.Generator) -> Section:
    """Sway, Poisson bursts of correction across the line of the feet, a drifting lean, and steps out of the line."""
    t = _clock(activity.duration_s, rate_hz)
    duration, losses = activity.duration_s, tuple(sorted(activity.loss_of_balance_s))
    if losses and (losses[0] < 1.5 or losses[-1] > duration - 0.5):
        raise ValueError("a loss of balance needs 1.5 s of stance before it and 0.5 s after it")
    n = t.size
    ms = 1.6 if person.condition == "ms" else 1.0  # MS × 1.3–2.5 (simulator.md §6)
    ml, roll, pitch, v = (np.zeros(n) for _ in range(4))
    at = float(rng.exponential(1.0 / max(activity.corrections_per_s, 1e-6)))
    while at < duration - 1.0:
        length = float(rng.uniform(0.3, 0.8))
        size = 1.6 * activity.ml_mps2 * ms * float(rng.uniform(0.6, 1.4)) * float(rng.choice([-1.0, 1.0]))
        ml += size * (half_sine(t, at, 0.5 * length) - 0.8 * half_sine(t, at + 0.5 * length, 0.5 * length))
        at += length + float(rng.exponential(1.0 / max(activity.corrections_per_s, 1e-6)))
    roll += np.deg2rad(float(rng.normal(0.0, 0.4))) * smooth_rise(t / duration)
    level_ml, level_ap = activity.ml_mps2 * ms, activity.ap_mps2 * ms
    for loss in losses:
        side = float(rng.choice([-1.0, 1.0]))
        up, down_s = activity.upset, activity.step_out_s
        roll -= up * side * np.deg2rad(6.0) * bump(t, loss - 0.7, 0.9, 0.1, 0.6)
        ml += up * side * (2.5 * half_sine(t, loss, down_s + 0.03) - 1.5 * half_sine(t, loss + down_s + 0.03, 0.3))
        v += up * (2.5 * half_sine(t, loss + down_s, 0.08) - 0.8 * half_sine(t, loss + 0.1, down_s - 0.12))
    for moment in activity.excursions_s:
        lean = float(rng.choice([-1.0, 1.0])) * np.deg2rad(float(rng.uniform(3.0, 5.0)))
        roll += lean * bump(t, moment, 0.5, 0.2, 0.6)
    tracks = {"ml": ml, "roll": roll, "pitch": pitch, "v": v}
    tracks["sway_ap"], tracks["sway_ml"] = _level(n, level_ap), _level(n, level_ml)
    tracks["breath"] = _level(n, 0.5)
    end_s = losses[-1] if losses and activity.ends else duration
    if end_s < duration:  # then stands as people do
        after = t >= end_s + 0.6
        tracks["sway_ap"][after], tracks["sway_ml"][after] = person.sway_ap_mps2, person.sway_ml_mps2
    uncovered = tuple((loss - 0.3, loss + 0.9) for loss in losses)
    mark = _stance_mark(activity.condition, 0.0, end_s, losses, activity.excursions_s)
    cue = () if activity.cue_after_s is None else (Mark("cues", {"at_s": activity.cue_after_s}),)
    return Section(n, tracks, (), (mark, *cue), uncovered)


def tap(activity: Tap, rate_hz: float, rng: np.random.Generator) -> Section:
    """Short knocks on the case only, a second apart and less."""
    t = _clock(1.0 + 0.6 * activity.count, rate_hz)
    knock = np.zeros(t.size)
    moments = []
    for number in range(activity.count):
        at = 0.4 + 0.6 * number + float(rng.uniform(0.0, 0.2))
        height = activity.peak_mps2 * float(rng.uniform(0.7, 1.0))
        ring = np.where(t >= at, np.exp(-(t - at) / 0.012) * np.sin(2 * np.pi * 35.0 * (t - at)), 0.0)
        knock += height * 1.8 * ring
        moments.append(at)
    return Section(t.size, {"knock": knock}, (), (Mark("taps", {"at_s": moments}),))


def bend(activity: Bend, rate_hz: float) -> Section:
    t = _clock(activity.duration_s, rate_hz)
    down = 0.4 * activity.duration_s
    pitch = np.deg2rad(activity.flexion_deg) * bump(
        t, 0.0, down, 0.15 * activity.duration_s, 0.44 * activity.duration_s
    )
    v = -0.12 * np.gradient(np.gradient(pitch)) * rate_hz**2
    return Section(
        t.size, {"pitch": pitch, "v": v}, (), (Mark("bends", {"start_s": 0.0, "end_s": activity.duration_s}),)
    )


def work(activity: Work, person: Person, rate_hz: float, rng: np.random.Generator) -> Section:
    """Bouts of arm work of a few seconds: the trunk follows with slow, small movements."""
    t = _clock(activity.duration_s, rate_hz)
    n = t.size
    busy = smooth_rise(t / 0.5) * smooth_rise((activity.duration_s - t) / 0.5)
    busy *= 0.6 + 0.4 * np.tanh(2.0 * band_noise(rng, n, rate_hz, 0.08, 0.3))
    tracks = {axis: activity.trunk_mps2 * busy * band_noise(rng, n, rate_hz, 0.5, 3.0) for axis in ("ap", "ml", "v")}
    tracks["yaw"] = np.deg2rad(4.0) * busy * band_noise(rng, n, rate_hz, 0.2, 0.8)
    tracks["pitch"] = np.deg2rad(3.0) * busy * band_noise(rng, n, rate_hz, 0.2, 0.8)
    tracks["arms"] = busy
    tracks["sway_ap"], tracks["sway_ml"] = _level(n, person.sway_ap_mps2), _level(n, person.sway_ml_mps2)
    return Section(n, tracks)


def belt_slip(activity: BeltSlip, rate_hz: float) -> Section:
    t = _clock(activity.duration_s + 1.0, rate_hz)
    angle = np.deg2rad(activity.angle_deg)
    tracks = {"slip": angle * smooth_rise((t - 0.5) / activity.duration_s)}
    tracks["knock"] = 2.0 * half_sine(t, 0.5 + 0.9 * activity.duration_s, 0.05)
    return Section(t.size, tracks, (), (Mark("belt_slips", {"at_s": 0.5, "angle_deg": activity.angle_deg}),))


def cough(activity: Cough, rate_hz: float) -> Section:
    t = _clock(0.8 + 0.5 * activity.count, rate_hz)
    v, ap, pitch = (np.zeros(t.size) for _ in range(3))
    for number in range(activity.count):
        at = 0.3 + 0.5 * number
        v += activity.peak_mps2 * (half_sine(t, at, 0.08) - 0.6 * half_sine(t, at + 0.08, 0.12))
        ap -= 0.7 * activity.peak_mps2 * (half_sine(t, at, 0.09) - 0.5 * half_sine(t, at + 0.09, 0.15))
        pitch += np.deg2rad(3.0) * bump(t, at, 0.12, 0.02, 0.25)
    return Section(t.size, {"v": v, "ap": ap, "pitch": pitch}, (), (Mark("coughs", {"at_s": 0.3}),))
