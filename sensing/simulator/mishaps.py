"""What is no fall and feels like one: jumping, lying down, stairs, a car."""

import numpy as np

from sensing.block import STANDARD_GRAVITY_MPS2
from sensing.simulator.everyday import BedWay, Drive, Jump, Lie, LieDown, RollOver, SitUp, Stairs
from sensing.simulator.people import Person
from sensing.simulator.section import Footfall, Mark, Section, Side
from sensing.simulator.shapes import band_noise, bump, half_sine, smooth_rise, smooth_rise_curvature

PUSH_S = 0.25  # of a jump, from the deepest crouch to leaving the ground (design)
READY_S = 0.6
LYING_RAD = np.deg2rad(85.0)
WAYS = {"backward": (-1.0, 0.0), "left": (0.0, -1.0), "right": (0.0, 1.0)}
AROUND_RAD: dict[BedWay, float] = {"backward": 0.0, "left": -np.pi / 2.0, "right": np.pi / 2.0}
STEP_UP_M, SWING_S = 0.28, 0.45  # a tread's depth; a foot's way from one to the next but one (design)


def jump(activity: Jump, rate_hz: float) -> Section:
    """Push off, fly at no weight, land: what the ground gives adds up to gravity over the whole."""
    cycle_s = PUSH_S + activity.flight_s + activity.landing_s + READY_S
    t = np.arange(round((READY_S + activity.count * cycle_s) * rate_hz)) / rate_hz
    v, carried = np.zeros(t.size), np.zeros(t.size)
    landed = []
    for number in range(activity.count):
        push = READY_S + number * cycle_s
        off = push + PUSH_S
        land = off + activity.flight_s
        speed = 0.5 * STANDARD_GRAVITY_MPS2 * activity.flight_s
        v += np.pi / 2.0 * speed / PUSH_S * half_sine(t, push, PUSH_S)
        v -= STANDARD_GRAVITY_MPS2 * ((t >= off) & (t < land))
        v += np.pi / 2.0 * speed / activity.landing_s * half_sine(t, land, activity.landing_s)
        carried[(t >= off) & (t < land + activity.landing_s)] = 1.0
        landed.append(land)
    return Section(t.size, {"v": v, "carried": carried}, (), (Mark("jumps", {"at_s": landed}),))


def lie_down(activity: LieDown, person: Person, rate_hz: float) -> Section:
    """From the bed's edge onto the back or a side; the bed is met as the trunk arrives."""
    total = activity.duration_s
    t = np.arange(round((total + 0.5) * rate_hz)) / rate_hz
    along, across = WAYS[activity.way]
    way = smooth_rise(t / total)
    met = max(0.0, activity.impact_g - 1.0) * STANDARD_GRAVITY_MPS2 * half_sine(t, 0.85 * total, 0.12)
    tracks = {
        "pitch": along * LYING_RAD * way,
        "roll": across * LYING_RAD * way,
        "v": met - 0.25 / total**2 * smooth_rise_curvature(t / total),
        "seated": -way,
        "down": way,
        "sway_ap": np.full(t.size, 2.0 * person.sway_ap_mps2),
    }
    return Section(t.size, tracks, (), (Mark("lies_down", {"start_s": 0.0, "end_s": total}),))


def lie(activity: Lie, rate_hz: float) -> Section:
    n = round(activity.duration_s * rate_hz)
    return Section(n, {"breath": np.ones(n), "sway_ap": np.full(n, 0.01), "sway_ml": np.full(n, 0.01)})


def roll_over(activity: RollOver, rate_hz: float, rng: np.random.Generator) -> Section:
    """The trunk turns about its own length, which stays where it is: by yaw, pitch and roll together."""
    t = np.arange(round(activity.duration_s * rate_hz)) / rate_hz
    before, after = AROUND_RAD[activity.before], AROUND_RAD[activity.after]
    around = before + (after - before) * smooth_rise(t / activity.duration_s)
    flat, upright = np.sin(LYING_RAD), np.cos(LYING_RAD)
    pitch = -np.arcsin(flat * np.cos(around))
    roll = np.arctan2(flat * np.sin(around), upright)
    heading = np.unwrap(np.arctan2(-np.sin(roll), np.sin(pitch) * np.cos(roll)))
    length_s = activity.duration_s
    effort = 0.5 * bump(t, 0.0, 0.3 * length_s, 0.3 * length_s, 0.35 * length_s)
    tracks = {name: effort * band_noise(rng, t.size, rate_hz, 0.4, 3.0) for name in ("ap", "ml", "v")}
    tracks |= {"pitch": pitch - pitch[0], "roll": roll - roll[0], "yaw": heading[0] - heading}
    tracks["breath"] = np.ones(t.size)
    return Section(t.size, tracks, (), (Mark("rolls_over", {"start_s": 0.0, "end_s": length_s}),))


def sit_up(activity: SitUp, rate_hz: float) -> Section:
    """Back to the bed's edge from where LieDown with the same way led."""
    t = np.arange(round(activity.duration_s * rate_hz)) / rate_hz
    along, across = WAYS[activity.way]
    way = smooth_rise(t / activity.duration_s)
    tracks = {"pitch": -along * LYING_RAD * way, "roll": -across * LYING_RAD * way, "seated": way, "down": -way}
    return Section(t.size, tracks)


def stairs(activity: Stairs, rate_hz: float, rng: np.random.Generator) -> Section:
    """A bump per step, harder and after a short drop on the way down, and a foot on each tread (design)."""
    step_s = 60.0 / activity.cadence_spm
    t = np.arange(round((activity.steps + 1) * step_s * rate_hz)) / rate_hz
    v, ml, ap = (np.zeros(t.size) for _ in range(3))
    height = activity.bump_mps2
    feet: list[Footfall] = []
    swing_s = min(SWING_S, 0.9 * step_s)
    for number in range(activity.steps):
        at = (number + 0.5) * step_s + float(rng.normal(0.0, 0.02))
        size = height * float(rng.uniform(0.8, 1.2))
        v += size * half_sine(t, at, 0.16) - size * half_sine(t, at - 0.22, 0.2) * (0.8 if activity.down else 0.3)
        ml += (1.0 if number % 2 else -1.0) * 0.25 * size * half_sine(t, at, 0.3)
        ap += 0.2 * size * half_sine(t, at - 0.1, 0.25)
        side: Side = "left" if number % 2 else "right"
        feet.append(Footfall(side, max(at - swing_s, 0.0), at, STEP_UP_M, 0.0))
    tracks = {"v": v, "ml": ml, "ap": ap, "pitch": np.deg2rad(5.0) * smooth_rise(t) * smooth_rise(t[::-1])}
    return Section(
        t.size,
        tracks,
        tuple(feet),
        (Mark("stairs", {"start_s": 0.0, "end_s": t.size / rate_hz}),),
        ((0.0, t.size / rate_hz),),
    )


def drive(activity: Drive, rate_hz: float, rng: np.random.Generator) -> Section:
    """A car's seat: vibration, potholes, bends and braking; the trunk gives way a little."""
    n = round(activity.duration_s * rate_hz)
    t = np.arange(n) / rate_hz
    v = activity.rough_mps2 * band_noise(rng, n, rate_hz, 1.0, 12.0)
    ml = 0.5 * activity.rough_mps2 * band_noise(rng, n, rate_hz, 0.5, 6.0) + 1.2 * band_noise(
        rng, n, rate_hz, 0.05, 0.2
    )
    ap = 0.4 * activity.rough_mps2 * band_noise(rng, n, rate_hz, 0.5, 6.0)
    for at in rng.uniform(1.0, max(activity.duration_s - 2.0, 1.1), activity.potholes):
        size = activity.pothole_mps2 * float(rng.uniform(0.6, 1.0))
        v += size * half_sine(t, at, 0.08) - 0.6 * size * half_sine(t, at + 0.08, 0.1)
    for at in rng.uniform(0.5, max(activity.duration_s - 4.0, 0.6), activity.brakings):
        ap -= 4.0 * (smooth_rise((t - at) / 0.4) - smooth_rise((t - at - 2.0) / 0.6))
    return Section(n, {"v": v, "ml": ml, "ap": ap, "pitch": -0.02 * ap, "carried": np.ones(n)})
