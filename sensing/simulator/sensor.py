"""What a sensor on a body part reads: gravity through the attitude, mounting, strap, faults and its own clock."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from sensing.block import STANDARD_GRAVITY_MPS2, Vectors
from sensing.simulator.limbs import Part
from sensing.simulator.people import Loss, Mounting, Sensor
from sensing.simulator.shapes import Array, smooth_rise

Rotations = NDArray[np.float64]  # (n, 3, 3)
# columns: the case's x (up), y (left), z (backward) in the part's frame of forward, left, up
WORN = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])


def specific_force(part: Part, rate_hz: float) -> tuple[Vectors, Vectors]:
    """Acceleration with gravity, and angular rate, at the sensor's place in the part's frame (forward, left, up).

    The angular rate is the derivative of the attitude (Euler kinematics, fourth-order differences); the lever adds
    tangential and centripetal acceleration.
    """
    yaw_rate, pitch_rate, roll_rate = (_derivative(a, rate_hz) for a in (part.yaw, part.pitch, part.roll))
    sin_p, cos_p, sin_r, cos_r = np.sin(part.pitch), np.cos(part.pitch), np.sin(part.roll), np.cos(part.roll)
    omega = np.column_stack(
        (
            roll_rate - yaw_rate * sin_p,
            pitch_rate * cos_r + yaw_rate * sin_r * cos_p,
            -pitch_rate * sin_r + yaw_rate * cos_r * cos_p,
        )
    )
    ahead, left, up = part.acc[:, 0], part.acc[:, 1], part.acc[:, 2] + STANDARD_GRAVITY_MPS2
    along = cos_p * ahead - sin_p * up  # pitch takes the part's forward axis down
    rising = sin_p * ahead + cos_p * up
    force = np.column_stack((along, cos_r * left + sin_r * rising, -sin_r * left + cos_r * rising))
    if any(part.lever_m):
        lever = np.array(part.lever_m)
        alpha = np.column_stack([_derivative(omega[:, axis], rate_hz) for axis in range(3)])
        force += np.cross(alpha, lever) + np.cross(omega, np.cross(omega, lever))
    if part.shock is not None:
        force += part.shock
    return force, omega


def _derivative(values: Array, rate_hz: float) -> Array:
    slope = np.gradient(values)
    slope[2:-2] = (8.0 * (values[3:-1] - values[1:-3]) - (values[4:] - values[:-4])) / 12.0
    return slope * rate_hz


def mounted(
    force: Vectors, omega: Vectors, slip: Array, knock: Array, mounting: Mounting, rate_hz: float
) -> tuple[Vectors, Vectors]:
    """In the case's axes. A slip turns the case about the part's left axis, which the gyroscope feels too."""
    if mounting.strap_hz is not None:
        force = _through_strap(force, mounting.strap_hz, mounting.strap_damping, rate_hz)
    t = np.arange(slip.size) / rate_hz
    angle = slip + np.deg2rad(mounting.slip_deg_per_h) / 3600.0 * t
    for start_s, slipped_deg, length_s in mounting.slips:
        angle += np.deg2rad(slipped_deg) * smooth_rise((t - start_s) / length_s)
    if np.any(angle):
        sine, cosine = np.sin(angle), np.cos(angle)
        force, omega = (_about_left(vectors, sine, cosine) for vectors in (force, omega))
        omega[:, 1] += _derivative(angle, rate_hz)
    case = turned_case(mounting)
    acc, gyr = force @ case, omega @ case
    acc += knock[:, None] * np.array([0.4, 0.3, 0.87])
    return acc, gyr


def turned_case(mounting: Mounting) -> Vectors:
    """The case's axes as columns in the part's frame."""
    yaw, pitch, roll = np.deg2rad((mounting.yaw_deg, mounting.pitch_deg, mounting.roll_deg))
    about_up = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
    about_left = np.array([[np.cos(pitch), 0, np.sin(pitch)], [0, 1, 0], [-np.sin(pitch), 0, np.cos(pitch)]])
    about_ahead = np.array([[1, 0, 0], [0, np.cos(roll), -np.sin(roll)], [0, np.sin(roll), np.cos(roll)]])
    return np.asarray(about_up @ about_left @ about_ahead @ WORN)


def _about_left(vectors: Vectors, sine: Array, cosine: Array) -> Vectors:
    """Components in a frame turned by the angle about the left axis."""
    ahead, left, up = vectors.T
    return np.column_stack((cosine * ahead - sine * up, left, sine * ahead + cosine * up))


def _through_strap(force: Vectors, resonance_hz: float, damping: float, rate_hz: float) -> Vectors:
    """Base acceleration through a sprung, damped mass: passes slow motion, rings at the resonance."""
    w = 2.0 * np.pi * resonance_hz
    b, a = signal.bilinear([2.0 * damping * w, w * w], [1.0, 2.0 * damping * w, w * w], rate_hz)
    start = signal.lfilter_zi(b, a)[:, None] * force[0]
    moved, _ = signal.lfilter(b, a, force, axis=0, zi=start)
    return np.ascontiguousarray(moved)


def sampled(
    acc: Vectors, gyr: Vectors, sensor: Sensor, rate_hz: float, rng: np.random.Generator
) -> tuple[Array, Vectors, Vectors | None]:
    """Stamps in the sensor's own time and what it says at these instants; lost packets are missing."""
    duration_s = (acc.shape[0] - 1) / rate_hz
    count = int(duration_s * sensor.rate_hz * (1.0 - 1e-12)) + 1
    period = 1.0 / sensor.rate_hz
    instants: Array = np.arange(count, dtype=np.float64) * period
    if sensor.jitter_s:
        moved = np.clip(sensor.jitter_s * rng.standard_normal(count), -0.45 * period, 0.45 * period)
        instants = np.asarray(np.clip(instants + moved, 0.0, duration_s), dtype=np.float64)
    stamps: Array = instants * (1.0 + sensor.clock_skew_ppm * 1e-6)
    if sensor.stamp_jitter_s:
        moved = np.clip(sensor.stamp_jitter_s * rng.standard_normal(count), -0.45 * period, 0.45 * period)
        stamps = np.maximum(stamps + moved, 0.0)
        stamps = np.maximum.accumulate(stamps - np.arange(count) * 1e-6) + np.arange(count) * 1e-6
    bandwidth = 0.4 * sensor.rate_hz if sensor.bandwidth_hz is None else sensor.bandwidth_hz
    read_acc = _reading(acc, instants, rate_hz, bandwidth)
    read_acc = _degraded(
        read_acc,
        sensor.acc_bias_sd_mps2,
        sensor.acc_noise_mps2_rthz * np.sqrt(min(bandwidth, 0.5 * sensor.rate_hz)),
        sensor.scale_error_sd,
        sensor.acc_range_mps2,
        sensor.acc_step_mps2,
        rng,
    )
    read_gyr = None
    if sensor.has_gyroscope:
        read_gyr = _degraded(
            _reading(gyr, instants, rate_hz, bandwidth),
            sensor.gyr_bias_sd_radps,
            sensor.gyr_noise_radps_rthz * np.sqrt(min(bandwidth, 0.5 * sensor.rate_hz)),
            sensor.scale_error_sd,
            sensor.gyr_range_radps,
            sensor.gyr_step_radps,
            rng,
        )
    kept = np.ones(count, bool) if sensor.loss is None else _arrived(count, period, sensor.loss, rng)
    for start_s, length_s in sensor.holes_s:
        kept &= (instants < start_s) | (instants >= start_s + length_s)
    return stamps[kept], read_acc[kept], None if read_gyr is None else read_gyr[kept]


def _reading(values: Vectors, instants: Array, rate_hz: float, bandwidth_hz: float) -> Vectors:
    """Low-pass (2nd-order, zero-phase: a sensor's delay is part of its stamp) and linear between internal samples."""
    if bandwidth_hz < 0.45 * rate_hz and values.shape[0] > 32:
        sos = signal.butter(1, bandwidth_hz, fs=rate_hz, output="sos")
        values = signal.sosfiltfilt(sos, values, axis=0, padlen=min(values.shape[0] - 2, round(rate_hz)))
    t = np.arange(values.shape[0]) / rate_hz
    return np.column_stack([np.interp(instants, t, values[:, axis]) for axis in range(3)])


def _degraded(
    values: Vectors,
    bias_sd: float,
    noise_sd: float,
    scale_sd: float,
    full_range: float,
    step: float,
    rng: np.random.Generator,
) -> Vectors:
    bias, scale = bias_sd * rng.standard_normal(3), 1.0 + scale_sd * rng.standard_normal(3)
    read = values * scale + bias + noise_sd * rng.standard_normal(values.shape)
    read = np.clip(read, -full_range, full_range)
    return np.ascontiguousarray(np.rint(read / step) * step if step else read)


def _arrived(count: int, period_s: float, loss: Loss, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which samples arrive, packet by packet; the first and the last packet always do."""
    packets = -(-count // loss.samples_per_packet)
    packet_s = loss.samples_per_packet * period_s
    leave = {False: min(1.0, packet_s / loss.good_s), True: min(1.0, packet_s / loss.bad_s)}
    bad = False
    arrived = np.ones(packets, bool)
    draws = rng.random((packets, 2))
    for number in range(packets):
        if draws[number, 0] < leave[bad]:
            bad = not bad
        arrived[number] = draws[number, 1] >= (loss.bad if bad else loss.good)
    arrived[0] = arrived[-1] = True
    return np.repeat(arrived, loss.samples_per_packet)[:count]
