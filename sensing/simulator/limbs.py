"""Where a sensor sits: from the motion of the trunk and the footfalls to that of a body part.

Lower back first: it is what the trunk's tracks describe. The others are plain models, good for telling the parts
apart and for timing, not for the biomechanics of the limb: chest, waist and head are points of a rigid trunk; thigh
and pocket hang from the hip; shank and foot move from foothold to foothold, still while the foot is flat; the wrist
swings from the shoulder. Contacts shake every leg sensor at the true instant.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from sensing.block import STANDARD_GRAVITY_MPS2, Position, Vectors
from sensing.simulator.perform import Motion
from sensing.simulator.section import Footfall, Side
from sensing.simulator.shapes import Array, band_noise, smooth_rise, smooth_rise_curvature, sway_noise

TREMOR_SPREAD_HZ = 0.4


@dataclass(frozen=True, eq=False)
class Part:
    """Motion of a body part: attitude in radians (yaw about up, then pitch about left, then roll about forward), the
    acceleration of its joint in the frame of the heading (forward, left, up), and where the sensor is from there in
    the part's own frame."""

    yaw: Array
    pitch: Array
    roll: Array
    acc: Vectors
    lever_m: tuple[float, float, float]
    shock: Vectors | None = None  # what contacts add, in the part's own frame


def body_part(motion: Motion, position: Position) -> Part:
    trunk = _trunk(motion)
    return _PARTS[position](motion, trunk)


def _track(motion: Motion, name: str) -> Array:
    found = motion.section.tracks.get(name)
    return np.zeros(motion.section.samples) if found is None else np.asarray(found)


def _seated(motion: Motion) -> Array:
    """0 standing … 1 sitting; the track tells only the changes."""
    return _track(motion, "seated") + float(motion.sat_first)


def _trunk(motion: Motion) -> Part:
    """The tracks, with what nobody can switch off: sway (half of it tilt), tremor, breath (simulator.md §6, §7)."""
    person, n, rate = motion.person, motion.section.samples, motion.rate_hz
    rng = np.random.default_rng([motion.seed, 13])
    ap, ml, v = (_track(motion, name).copy() for name in ("ap", "ml", "v"))
    pitch = _track(motion, "pitch") + np.deg2rad(person.stoop_deg) * (1.0 - _track(motion, "down"))
    roll = _track(motion, "roll").copy()
    for acc, tilt, name, sign in ((ap, pitch, "sway_ap", -1.0), (ml, roll, "sway_ml", 1.0)):
        wanted = _faded(_track(motion, name), rate) * _sway(rng, n, rate)
        acc += 0.5 * wanted
        tilt += sign * 0.5 * wanted / STANDARD_GRAVITY_MPS2  # leaning by it shows as the same acceleration
    if person.tremor_mps2:
        tremor = person.tremor_mps2 * band_noise(
            rng, n, rate, max(1.0, person.tremor_hz - TREMOR_SPREAD_HZ), person.tremor_hz + TREMOR_SPREAD_HZ
        )
        ap += 0.5 * tremor * (1.0 - _track(motion, "down"))
        ml += tremor * (1.0 - _track(motion, "down"))
    t = np.arange(n) / rate
    breath_hz, phase = float(rng.uniform(0.2, 0.3)), float(rng.uniform(0, 2 * np.pi))
    breath = 0.035 * np.sin(2 * np.pi * breath_hz * t + phase) * _faded(_track(motion, "breath"), rate)
    ap += 0.7 * breath
    v += 0.4 * breath
    return Part(_track(motion, "yaw"), pitch, roll, np.column_stack((ap, ml, v)), (0.0, 0.0, 0.0))


def _sway(rng: np.random.Generator, n: int, rate_hz: float) -> Array:
    """Made at 50 Hz, where nothing of it is lost, and interpolated."""
    slow_hz = 50.0
    count = max(8, round(n / rate_hz * slow_hz) + 2)
    values = sway_noise(rng, count, slow_hz)
    return np.asarray(PchipInterpolator(np.arange(count) / slow_hz, values)(np.arange(n) / rate_hz))


def _faded(levels: Array, rate_hz: float) -> Array:
    """Levels change from activity to activity; the body does so within a third of a second."""
    return np.asarray(gaussian_filter1d(levels, 0.15 * rate_hz, mode="nearest"))


def _on_trunk(
    lever_m: tuple[float, float, float], lateral: float = 1.0, ahead: float = 1.0
) -> Callable[[Motion, Part], Part]:
    """A point of the rigid trunk; the spine takes some of the horizontal acceleration away on the way up."""

    def part(motion: Motion, trunk: Part) -> Part:
        return Part(trunk.yaw, trunk.pitch, trunk.roll, trunk.acc * (ahead, lateral, 1.0), lever_m)

    return part


def _steps_of(motion: Motion, side: Side) -> list[Footfall]:
    return [f for f in motion.section.footfalls if f.side == side]


def _leg_angle(motion: Motion, side: Side, knots: Callable[[Footfall, float], list[tuple[float, float]]]) -> Array:
    """An angle through knots around each swing, scaled with the step and smoothed; zero while standing.

    knots gives (time, angle) of one swing from the foot's lifting to the foot's being flat again.
    """
    rate, n = motion.rate_hz, motion.section.samples
    times, angles = [-1.0], [0.0]
    for foot in _steps_of(motion, side):
        size = min(1.4, foot.length_m / 0.65)
        if foot.lift_s > times[-1] + 0.6:  # it stood still: flat until shortly before lifting
            times.append(foot.lift_s - 0.35)
            angles.append(0.0)
        for at, angle in knots(foot, size):
            if at > times[-1] + 1e-3:
                times.append(at)
                angles.append(np.deg2rad(angle))
    times.append(max(times[-1], n / rate) + 1.0)
    angles.append(0.0)
    smooth = gaussian_filter1d(PchipInterpolator(times, angles)(np.arange(n) / rate), 0.012 * rate, mode="nearest")
    return np.asarray(smooth)


def _thigh_knots(foot: Footfall, size: float) -> list[tuple[float, float]]:
    """Flexion of the hip, degrees: behind at lifting, most forward before the contact (design, after Winter 1991)."""
    swing = foot.contact_s - foot.lift_s
    return [
        (foot.lift_s - 0.10, -10.0 * size),
        (foot.lift_s, -4.0 * size),
        (foot.lift_s + 0.75 * swing, 26.0 * size),
        (foot.contact_s, 22.0 * size),
        (foot.contact_s + 0.35, 2.0 * size),
    ]


def _shank_knots(foot: Footfall, size: float) -> list[tuple[float, float]]:
    """Forward lean of the shank, degrees."""
    swing = foot.contact_s - foot.lift_s
    return [
        (foot.lift_s - 0.12, 25.0 * size),
        (foot.lift_s, 40.0 * size),
        (foot.lift_s + 0.25 * swing, 55.0 * size),
        (foot.lift_s + 0.92 * swing, -20.0 * size),
        (foot.contact_s, -18.0 * size),
        (foot.contact_s + 0.12, -4.0 * size),
        (foot.contact_s + 0.40, 6.0 * size),
    ]


def _foot_knots(foot: Footfall, size: float) -> list[tuple[float, float]]:
    """Heel up positive, degrees: flat until the heel rises, toes up at the contact, flat 80 ms later."""
    swing = foot.contact_s - foot.lift_s
    return [
        (foot.lift_s - 0.20, 0.0),
        (foot.lift_s, 60.0 * size),
        (foot.lift_s + 0.20 * swing, 68.0 * size),
        (foot.lift_s + 0.85 * swing, -20.0 * size),
        (foot.contact_s, -18.0 * size),
        (foot.contact_s + 0.08, 0.0),
        (foot.contact_s + 0.20, 0.0),
    ]


def _shocks(motion: Motion, feet: list[Footfall], peak_mps2: float, ring_hz: float) -> Vectors:
    """A short damped ringing from each contact on, along the leg and across it, stronger for longer steps."""
    rate, n = motion.rate_hz, motion.section.samples
    shock = np.zeros((n, 3))
    rng = np.random.default_rng([motion.seed, 17])
    for foot in feet:
        begin = int(np.ceil(foot.contact_s * rate))
        end = min(n, begin + round(0.12 * rate))
        if end <= begin:
            continue
        tau = np.arange(begin, end) / rate - foot.contact_s
        ring = np.exp(-tau / 0.018) * np.sin(2 * np.pi * ring_hz * tau)
        height = peak_mps2 * (0.3 + foot.length_m) * float(rng.uniform(0.8, 1.2))
        shock[begin:end] += ring[:, None] * (-0.5 * height, 0.25 * height * float(rng.normal()), height)
    return shock


def _thigh(side: Side, lever_m: tuple[float, float, float], wobble: float) -> Callable[[Motion, Part], Part]:
    def part(motion: Motion, trunk: Part) -> Part:
        flexion = _leg_angle(motion, side, _thigh_knots) + np.pi / 2 * _seated(motion)
        down = _track(motion, "down")
        pitch, roll = -flexion + down * trunk.pitch, down * trunk.roll
        if wobble:  # it lies loose in the pocket
            rng = np.random.default_rng([motion.seed, 19])
            moving = np.clip(_track(motion, "swing"), 0.0, 1.0)
            roll = roll + np.deg2rad(wobble) * moving * band_noise(rng, roll.size, motion.rate_hz, 1.0, 5.0)
        feet = _steps_of(motion, side)
        return Part(trunk.yaw, pitch, roll, trunk.acc, lever_m, _shocks(motion, feet, 7.0, 18.0))

    return part


def _foothold_motion(motion: Motion, side: Side, lift_m: float) -> tuple[Vectors, Array]:
    """Acceleration of the ankle from foothold to foothold (forward, left, up), and the foot's heading.

    Each swing covers its own step and the one before it along a minimum-jerk path, over a hump of lift_m.
    """
    rate, n = motion.rate_hz, motion.section.samples
    acc = np.zeros((n, 3))
    heading = np.zeros(n)
    before = 0.0
    others = motion.section.footfalls
    for index, foot in enumerate(others):
        if foot.side != side:
            continue
        previous = others[index - 1] if index and foot.contact_s - others[index - 1].contact_s < 2.5 else None
        length = foot.length_m + (previous.length_m if previous else 0.0)
        begin, end = int(np.ceil(foot.lift_s * rate)), min(n, int(np.ceil(foot.contact_s * rate)))
        swing = foot.contact_s - foot.lift_s
        s = np.arange(begin, end) / rate
        s = (s - foot.lift_s) / swing
        hump = 2.0 * np.pi**2 * lift_m * np.cos(2.0 * np.pi * s)  # of lift·sin²(πs)
        acc[begin:end, 0] += length / swing**2 * smooth_rise_curvature(s)
        acc[begin:end, 2] += hump / swing**2
        turn = foot.heading_rad - before
        heading[begin:end] += turn * smooth_rise(s)
        heading[end:] += turn
        before = foot.heading_rad
    smooth = gaussian_filter1d(acc, 0.008 * rate, axis=0, mode="nearest")
    return np.asarray(smooth), heading


def _swinging(motion: Motion, side: Side) -> Array:
    """1 while the foot is in the air, smoothly 0 while it stands."""
    rate, n = motion.rate_hz, motion.section.samples
    t = np.arange(n) / rate
    moving = np.zeros(n)
    for foot in _steps_of(motion, side):
        begin, end = np.searchsorted(t, (foot.lift_s, foot.contact_s))
        moving[begin:end] = np.sin(np.pi * (t[begin:end] - foot.lift_s) / (foot.contact_s - foot.lift_s)) ** 2
    return moving


def _lower_leg(side: Side, foot: bool) -> Callable[[Motion, Part], Part]:
    def part(motion: Motion, trunk: Part) -> Part:
        acc, heading = _foothold_motion(motion, side, 0.12 if foot else 0.09)
        down = _track(motion, "down")
        pitch = _leg_angle(motion, side, _foot_knots if foot else _shank_knots) + down * trunk.pitch
        moving, rng = _swinging(motion, side), np.random.default_rng([motion.seed, 31, side == "left"])
        roll, yaw, across = (
            size * moving * band_noise(rng, moving.size, motion.rate_hz, 1.0, 5.0) for size in (0.05, 0.07, 1.5)
        )
        along = np.maximum(down, _track(motion, "carried"))
        acc = acc + along[:, None] * trunk.acc + across[:, None] * (0.0, 1.0, 0.0)
        shocks = _shocks(motion, _steps_of(motion, side), 40.0 if foot else 28.0, 32.0)
        lever = (0.06, 0.0, 0.03) if foot else (0.0, 0.0, 0.10)
        return Part(heading + yaw, pitch, down * trunk.roll + roll, acc, lever, shocks)

    return part


def _arm(swing_deg: float, lever_m: tuple[float, float, float]) -> Callable[[Motion, Part], Part]:
    """The right arm swings with the left leg; when it works it turns every way."""

    def part(motion: Motion, trunk: Part) -> Part:
        rate, n = motion.rate_hz, motion.section.samples
        rng = np.random.default_rng([motion.seed, 23])
        left = _leg_angle(motion, "left", _thigh_knots)
        swing = swing_deg / 20.0 * gaussian_filter1d(left, 0.06 * rate, mode="nearest")
        busy = _track(motion, "arms")
        turns = [busy * np.deg2rad(d) * band_noise(rng, n, rate, 0.4, 2.5) for d in (25.0, 20.0, 20.0)]
        pitch = -(swing + np.deg2rad(10.0)) + turns[0] - 0.6 * busy + _track(motion, "down") * trunk.pitch
        pitch = pitch - 0.7 * _seated(motion)
        acc = trunk.acc * (0.8, 0.6, 0.9)
        acc = acc + 2.5 * busy[:, None] * np.column_stack([band_noise(rng, n, rate, 0.5, 4.0) for _ in range(3)])
        return Part(trunk.yaw + turns[1], pitch, trunk.roll * 0.5 + turns[2], acc, lever_m)

    return part


_PARTS: dict[Position, Callable[[Motion, Part], Part]] = {
    "lower_back": _on_trunk((0.0, 0.0, 0.0)),
    "waist": _on_trunk((0.12, -0.10, 0.02)),
    "chest": _on_trunk((0.16, 0.0, 0.28), lateral=0.7, ahead=0.75),
    "head": _on_trunk((0.05, 0.0, 0.55), lateral=0.5, ahead=0.55),
    "thigh": _thigh("right", (0.07, -0.04, -0.25), 0.0),
    "pocket": _thigh("right", (0.10, -0.05, -0.16), 2.0),
    "ankle_left": _lower_leg("left", foot=False),
    "ankle_right": _lower_leg("right", foot=False),
    "foot_left": _lower_leg("left", foot=True),
    "foot_right": _lower_leg("right", foot=True),
    "wrist": _arm(20.0, (0.0, 0.0, -0.55)),
    "hand": _arm(12.0, (0.05, 0.0, -0.60)),
}
