"""The lower trunk in walking: harmonics of the stride around the planned contacts, and what turns and stumbles add.

The waveform of each axis is a sum of harmonics of the stride, phase 0 at the left initial contact and one half at the
right one. Amplitudes at 1.05 m/s: simulator.md §2 (computed on Mobilise-D example data). Phases: circular means over
58 walks of 10 healthy people with contacts of foot sensors checked by hand (Voisard 2023 data set, computed for
Surefoot), and the SD of a person's phase around them. So, relative to a true initial contact, the vertical
acceleration peaks at about +65 ms (fundamental), the forward one turns from drive to braking at about +30 ms.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from sensing.block import STANDARD_GRAVITY_MPS2
from sensing.simulator.people import Person
from sensing.simulator.section import Footfall, Mark, Section
from sensing.simulator.shapes import Array, band_noise, bump, half_sine, smooth_rise, turned
from sensing.simulator.stepping import Disturbance, Plan, Run, Turning

REFERENCE_SPEED_MPS = 1.05
GRID = 2048  # points of a tabulated stride
SETTLE_S = 0.45  # the trunk comes to rest after the last contact
# harmonic of the stride: (amplitude, phase, SD of the phase between people); m/s² and degrees per second
Harmonics = dict[int, tuple[float, float, float]]
WAVES: dict[str, Harmonics] = {
    "v": {2: (2.0, -0.74, 0.2), 4: (0.5, 0.2, 0.6), 6: (0.62, -0.1, 0.5), 8: (0.45, -1.7, 0.25), 10: (0.35, -2.6, 0.3),
          12: (0.25, -3.1, 0.6), 1: (0.2, -2.7, 1.2), 3: (0.25, -1.9, 1.8), 5: (0.2, -2.3, 2.0), 7: (0.2, -3.1, 1.8),
          9: (0.25, 2.6, 1.2), 11: (0.25, 1.5, 1.2)},
    "ml": {1: (0.64, 1.8, 0.6), 3: (0.5, -2.5, 1.0), 5: (0.38, 2.3, 0.4), 7: (0.30, 0.8, 0.6), 9: (0.25, -0.2, 0.8),
           11: (0.2, -0.7, 0.8), 2: (0.16, 1.4, 1.8), 4: (0.16, 2.5, 2.5), 6: (0.16, -2.2, 2.5), 8: (0.16, -1.4, 2.0)},
    "ap": {2: (1.35, 1.2, 0.2), 4: (0.5, 0.85, 0.4), 6: (0.42, 0.3, 0.3), 8: (0.25, -0.2, 0.6), 10: (0.15, 0.4, 0.8),
           12: (0.12, 0.8, 1.0), 1: (0.2, -1.8, 1.5), 3: (0.13, -1.2, 1.6), 5: (0.13, -1.3, 2.0), 7: (0.13, -1.8, 1.4),
           9: (0.1, -2.5, 1.6)},
    "yaw": {1: (20.0, -2.3, 0.6), 3: (8.0, 1.2, 1.4), 5: (5.0, -1.2, 1.0), 7: (4.5, -3.1, 1.0), 9: (3.5, 2.1, 0.8),
            2: (3.0, -2.6, 1.6)},
    "pitch": {2: (12.0, 2.9, 0.7), 4: (5.0, 2.4, 1.4), 6: (4.5, -1.1, 1.2), 8: (3.0, -3.0, 1.6), 1: (3.0, 2.2, 1.8),
              3: (2.5, -1.6, 1.6)},
    "roll": {1: (10.0, -0.5, 0.7), 3: (12.0, -1.6, 0.4), 5: (4.5, -2.3, 0.8), 7: (3.0, -3.1, 1.2), 2: (2.5, -0.7, 1.8)},
}  # fmt: skip
LOW = frozenset(range(1, 9))  # harmonic ratios here are of 8 harmonics, as in simulator.md


@dataclass(frozen=True, eq=False)
class Waveform:
    """A person's stride, tabulated over its phase: the vertical fundamental apart, gyro waves as angles at 1 Hz."""

    bounce: Array
    v: Array
    ml: Array
    ap: Array
    yaw: Array
    pitch: Array
    roll: Array
    stiff: float  # how hard the heel strikes, around 1
    late: float  # of a stride, by which all of it follows the contact later than in others


def waveform(person: Person) -> Waveform:
    """The personal stride: amplitudes vary by 15 %, phases as between people, asymmetry follows the harmonic ratio."""
    rng = np.random.default_rng([person.signature, 0x51])
    phase = np.arange(GRID + 1) / GRID
    tables: dict[str, Array] = {}
    bounce = np.zeros(GRID + 1)
    late = 0.009 * float(rng.standard_normal())  # of a stride: about 10 ms
    stiff = float(np.exp(0.25 * rng.standard_normal()))
    for name, harmonics in WAVES.items():
        own = {
            k: (
                a * float(np.exp(0.15 * rng.standard_normal())) * (stiff if name == "v" and k > 2 else 1.0),
                p + s * float(rng.standard_normal()) - 2.0 * np.pi * k * late,
            )
            for k, (a, p, s) in harmonics.items()
        }
        if name in ("v", "ap", "ml"):
            own = _with_ratio(own, name, person.harmonic_ratio)
        total = np.zeros(GRID + 1)
        for k, (a, p) in own.items():
            if name == "v" and k == 2:
                bounce = np.cos(2 * np.pi * k * phase + p)  # its amplitude comes from the step
            elif name in ("v", "ap", "ml"):
                total += a * np.cos(2 * np.pi * k * phase + p)
            else:
                total += np.deg2rad(a) / (2 * np.pi * k) * np.sin(2 * np.pi * k * phase + p)
        tables[name] = total
    return Waveform(bounce, stiff=stiff, late=late, **tables)


def _with_ratio(own: dict[int, tuple[float, float]], axis: str, ratio: float) -> dict[int, tuple[float, float]]:
    """Scale what breaks the symmetry of left and right so that the mean stride has the harmonic ratio wanted.

    The vertical one is the person's; AP is about half of it and ML its square root (HA 10/4/2.8, MS 3.5/1.75/2.2).
    """
    wanted = {"v": ratio, "ap": 0.5 * ratio, "ml": float(np.sqrt(ratio))}[axis]
    symmetric = 1 if axis == "ml" else 0
    inside = sum(a for k, (a, _) in own.items() if k in LOW and k % 2 == symmetric)
    outside = sum(a for k, (a, _) in own.items() if k in LOW and k % 2 != symmetric)
    scale = inside / (wanted * outside)
    return {k: (a if k % 2 == symmetric else a * scale, p) for k, (a, p) in own.items()}


def bounce_mps2(person: Person, length_m: float, time_s: float, rise: float) -> float:
    """Amplitude of the vertical fundamental of a step, m/s² (Zijlstra & Hof's pendulum, simulator.md §2).

    The person's step_factor and the step's own `rise` disturb it, and below 1 m/s walkers bounce more than a pendulum
    (about 1.8·v, computed): the excess is v^-½. Measured amplitudes are 0.92 of the pendulum's (computed).
    """
    leg = person.lumbar_height_m
    reach = min(length_m / (2.0 * person.step_factor * rise), 0.6 * leg)
    drop = leg - float(np.sqrt(leg**2 - reach**2))
    excess = max(0.15, min(1.0, length_m / time_s)) ** -0.5
    return float(0.46 * drop * (2.0 * np.pi / time_s) ** 2 * excess)


def walk_section(plan: Plan, person: Person, rate_hz: float, rng: np.random.Generator) -> Section:
    """The plan as motion of the lower trunk."""
    samples = round(plan.end_s * rate_hz)
    t = np.arange(samples) / rate_hz
    tracks = {name: np.zeros(samples) for name in ("ap", "ml", "v", "yaw", "pitch", "roll", "swing")}
    wave = waveform(person)
    for run in plan.runs:
        _stride(tracks, t, run, person, wave, rate_hz, rng)
    speed = np.zeros(samples)
    for run in plan.runs:
        begin, end, values = _forward(t, run)
        speed[begin:end] += values
    tracks["ap"] += np.gradient(speed, 1.0 / rate_hz) if samples > 1 else 0.0
    heading = np.zeros(samples)
    for turn in plan.turns:
        for start_s, end_s, angle in turn.parts:
            heading += angle * turned((t - start_s) / (end_s - start_s))
    if plan.turns:
        tracks["ml"] += speed * np.gradient(heading, 1.0 / rate_hz)  # towards the centre of the curve
        tracks["yaw"] += heading
    for disturbance in plan.disturbances:
        _disturb(tracks, t, disturbance, rate_hz, rng)
    footfalls = tuple(f for run in plan.runs for f in _footfalls(run, person, t, heading))
    marks = tuple(_turn_mark(turn) for turn in plan.turns) + tuple(_stumble_mark(d) for d in plan.disturbances)
    return Section(samples, tracks, footfalls, marks)


def _stride(
    tracks: dict[str, Array],
    t: Array,
    run: Run,
    person: Person,
    wave: Waveform,
    rate_hz: float,
    rng: np.random.Generator,
) -> None:
    """Add the rhythmic part of one run."""
    steps = run.steps
    contacts = np.array([s.contact_s for s in steps])
    first = 0.0 if steps[0].side == "left" else 0.5
    phases = first + 0.5 * np.arange(contacts.size)
    settle = 0.1 if run.interrupted else SETTLE_S
    begin, end = np.searchsorted(t, (run.start_s, contacts[-1] + settle))
    part = slice(int(begin), int(end))
    here = t[part]
    if here.size < 2:
        return
    knots = np.r_[contacts[0] - steps[0].time_s, contacts, contacts[-1] + steps[-1].time_s]
    phase = PchipInterpolator(knots, np.r_[phases[0] - 0.5, phases, phases[-1] + 0.5], extrapolate=True)(here) % 1.0
    middle = contacts - 0.5 * np.array([s.time_s for s in steps])
    ends = (run.start_s, contacts[-1] + settle)

    def gain(per_step: list[float]) -> Array:
        at = np.r_[ends[0], middle, contacts[-1] + 0.02, ends[1]]
        return np.asarray(PchipInterpolator(at, np.r_[0.0, per_step, per_step[-1], 0.0])(np.clip(here, *ends)))

    pace = [s.length_m / s.time_s / REFERENCE_SPEED_MPS for s in steps]
    size = [float(np.exp(0.08 * rng.standard_normal())) for _ in steps]  # effort differs from step to step
    bounce = gain([bounce_mps2(person, s.length_m, s.time_s, s.rise) for s in steps])
    shock = gain([u**1.1 * z for u, z in zip(pace, size, strict=True)])
    drive = gain([max(u, 0.1) ** 0.6 * z for u, z in zip(pace, size, strict=True)])
    lateral = gain([max(u, 0.1) ** 0.25 * z for u, z in zip(pace, size, strict=True)])
    rotate = gain([max(u, 0.1) ** 0.5 * z for u, z in zip(pace, size, strict=True)])
    table = np.arange(GRID + 1) / GRID
    read = {
        name: np.interp(phase, table, getattr(wave, name))
        for name in ("bounce", "v", "ml", "ap", "yaw", "pitch", "roll")
    }
    stride_hz = 0.5 / float(np.mean([s.time_s for s in steps]))
    pitch = rotate * read["pitch"] / stride_hz
    roll = rotate * read["roll"] / stride_hz
    tracks["yaw"][part] += rotate * read["yaw"] / stride_hz
    tracks["pitch"][part] += pitch
    tracks["roll"][part] += roll
    # the tables are of the signal in the body frame; what the small tilts bring of gravity is part of it
    tracks["v"][part] += bounce * read["bounce"] + shock * read["v"]
    tracks["ap"][part] += drive * read["ap"] + STANDARD_GRAVITY_MPS2 * pitch
    tracks["ml"][part] += lateral * read["ml"] - STANDARD_GRAVITY_MPS2 * roll
    tracks["swing"][part] += np.clip(drive, 0.0, 1.5)
    loud = person.irregularity * gain([min(1.3, max(0.95, u)) for u in pace])
    since = (2.0 * phase) % 1.0  # of a step, since the contact
    uneven = 0.65 + 0.85 * np.exp(-(((since - 0.15) / 0.12) ** 2))  # most of it follows the contact
    for name, sd in (("v", 0.52), ("ml", 0.55), ("ap", 0.5)):
        tracks[name][part] += sd * loud * uneven * band_noise(rng, here.size, rate_hz, 1.0, 9.0)
    _strikes(tracks, t, run, wave, pace, rng)
    for name, sd_dps in (("yaw", 10.0), ("pitch", 6.5), ("roll", 6.0)):
        angle = band_noise(rng, here.size, rate_hz, 1.0, 5.0)
        rate_sd = float(np.std(np.gradient(angle))) * rate_hz or 1.0
        tracks[name][part] += np.deg2rad(sd_dps) * loud * angle / rate_sd


def _strikes(
    tracks: dict[str, Array], t: Array, run: Run, wave: Waveform, pace: list[float], rng: np.random.Generator
) -> None:
    """The heel's shock on its way up: a damped ringing from 25 ms after each contact on, seen in every real walk."""
    for step, u in zip(run.steps, pace, strict=True):
        start_s = step.contact_s + 0.025 + 2.0 * wave.late * step.time_s
        begin, end = np.searchsorted(t, (start_s, start_s + 0.25))
        tau = t[begin:end] - start_s
        height = 2.2 * wave.stiff * u**1.4 * float(np.exp(0.25 * rng.standard_normal()))
        ring = height * np.exp(-tau / 0.045) * np.sin(2.0 * np.pi * float(rng.normal(11.0, 0.7)) * tau)
        tracks["v"][begin:end] += ring
        tracks["ap"][begin:end] -= 0.35 * ring
        tracks["ml"][begin:end] += (-0.5 if step.side == "left" else 0.5) * ring


def _forward(t: Array, run: Run) -> tuple[int, int, Array]:
    """Speed ahead in a run: each step's at its middle, from and to standing still."""
    contacts = np.array([s.contact_s for s in run.steps])
    times = np.array([s.time_s for s in run.steps])
    speeds = np.array([s.length_m for s in run.steps]) / times
    at = np.r_[run.start_s, contacts - 0.5 * times, contacts[-1] + SETTLE_S]
    begin, end = np.searchsorted(t, (run.start_s, at[-1]))
    last = speeds[-1] if run.interrupted else 0.0
    values = PchipInterpolator(at, np.r_[0.0, speeds, last])(t[begin:end])
    return int(begin), int(end), np.asarray(values)


def _footfalls(run: Run, person: Person, t: Array, heading: Array) -> list[Footfall]:
    """A foot leaves the ground half the double support after the other one came down."""
    found = []
    before = run.start_s
    for step in run.steps:
        lift = before + min(person.double_support, 0.45) * step.time_s if before > run.start_s else run.start_s
        angle = float(np.interp(step.contact_s, t, heading)) if t.size else 0.0
        found.append(Footfall(step.side, lift, step.contact_s, step.length_m, angle))
        before = step.contact_s
    return found


def _disturb(tracks: dict[str, Array], t: Array, d: Disturbance, rate_hz: float, rng: np.random.Generator) -> None:
    """Braking pulse, pitch burst, hard landing, unsteady two seconds (simulator.md §5); a slip goes the other way."""
    sign = -1.0 if d.kind == "trip" else 1.0
    brake_s = float(rng.uniform(0.06, 0.15))
    tracks["ap"] += sign * (3.0 + 5.0 * d.severity) * half_sine(t, d.onset_s, brake_s)
    tracks["ap"] += -sign * (2.0 + 3.0 * d.severity) * half_sine(t, d.recovery_s - 0.02, 1.6 * brake_s)
    rate = np.deg2rad(40.0 + 110.0 * d.severity)
    up_s = 0.16
    tracks["pitch"] += -sign * rate * up_s / 1.875 * bump(t, d.onset_s, up_s, 0.05, 0.7)
    tracks["v"] -= (1.5 + 2.5 * d.severity) * half_sine(t, d.onset_s + 0.03, max(0.12, d.recovery_s - d.onset_s - 0.05))
    tracks["v"] += (4.0 + 9.0 * d.severity) * half_sine(t, d.recovery_s, 0.07)
    begin, end = np.searchsorted(t, (d.onset_s, d.onset_s + 2.2))
    n = int(end - begin)
    if n > 1:
        window = np.sin(np.pi * np.arange(n) / n) ** 0.5
        tracks["ml"][begin:end] += (0.6 + 1.2 * d.severity) * window * band_noise(rng, n, rate_hz, 0.8, 4.0)
        lean = np.deg2rad(1.0 + 3.0 * d.severity) * smooth_rise(np.minimum(np.arange(n), n - np.arange(n)) / (0.4 * n))
        tracks["roll"][begin:end] += float(rng.choice([-1.0, 1.0])) * lean


def _turn_mark(turn: Turning) -> Mark:
    return Mark(
        "turns",
        {
            "start_s": turn.start_s,
            "end_s": turn.end_s,
            "angle_deg": float(np.rad2deg(turn.angle_rad)),
            "side": "left" if turn.angle_rad > 0 else "right",
            "parts": len(turn.parts),
        },
    )


def _stumble_mark(d: Disturbance) -> Mark:
    fields = {"time_s": d.onset_s, "recovery_s": d.recovery_s, "end_s": d.settled_s}
    return Mark("stumbles", {**fields, "severity": d.severity, "kind": d.kind})
