"""Who is simulated: a person's size, gait habits and steadiness as frozen parameters."""

from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np

from sensing.packets import Json

Condition = Literal["healthy", "ms", "als", "ssc"]


@dataclass(frozen=True, slots=True)
class Habits:
    """What a condition does to how people walk and stand: means with their SD, or ranges, that `drawn` draws from."""

    female: float  # share
    speed_mps: float  # mean
    cadence_spm: tuple[float, float]  # at no speed, and per m/s
    asymmetry_sd: float
    stride_time_cv: tuple[float, float]
    step_length_cv: tuple[float, float]
    double_support: tuple[float, float]
    harmonic_ratio: tuple[float, float]
    irregularity: tuple[float, float]
    sway_ap_mps2: tuple[float, float]
    sway_ml_mps2: tuple[float, float]
    tremor: float  # share
    stoop_deg: tuple[float, float]


# Healthy and MS: simulator.md §2, §6, §7. ALS and systemic sclerosis (ssc) have no numbers there: design. ALS walks
# slowly and unevenly, one side weaker than the other (Hausdorff 2000: slower, stride time more variable, unverified);
# systemic sclerosis walks less far in six minutes with a steady rhythm. Both keep the healthy's cadence at a speed.
HABITS: dict[Condition, Habits] = {
    "healthy": Habits(
        female=0.5,
        speed_mps=1.2,
        cadence_spm=(65.0, 37.9),
        asymmetry_sd=0.02,
        stride_time_cv=(0.018, 0.03),
        step_length_cv=(0.03, 0.05),
        double_support=(0.20, 0.25),
        harmonic_ratio=(5.5, 11.0),
        irregularity=(0.85, 1.2),
        sway_ap_mps2=(0.03, 0.06),
        sway_ml_mps2=(0.02, 0.04),
        tremor=0.0,
        stoop_deg=(-2.0, 4.0),
    ),
    "ms": Habits(
        female=0.7,
        speed_mps=0.85,
        cadence_spm=(63.8, 37.4),
        asymmetry_sd=0.08,
        stride_time_cv=(0.03, 0.07),
        step_length_cv=(0.05, 0.09),
        double_support=(0.26, 0.38),
        harmonic_ratio=(2.5, 5.0),
        irregularity=(1.1, 1.6),
        sway_ap_mps2=(0.05, 0.09),
        sway_ml_mps2=(0.035, 0.07),
        tremor=0.4,
        stoop_deg=(2.0, 12.0),
    ),
    "als": Habits(
        female=0.45,
        speed_mps=0.8,
        cadence_spm=(65.0, 37.9),
        asymmetry_sd=0.10,
        stride_time_cv=(0.03, 0.06),
        step_length_cv=(0.05, 0.09),
        double_support=(0.26, 0.38),
        harmonic_ratio=(2.5, 6.0),
        irregularity=(1.0, 1.5),
        sway_ap_mps2=(0.04, 0.09),
        sway_ml_mps2=(0.03, 0.06),
        tremor=0.0,
        stoop_deg=(0.0, 10.0),
    ),
    "ssc": Habits(
        female=0.85,
        speed_mps=1.0,
        cadence_spm=(65.0, 37.9),
        asymmetry_sd=0.03,
        stride_time_cv=(0.02, 0.04),
        step_length_cv=(0.03, 0.06),
        double_support=(0.22, 0.30),
        harmonic_ratio=(4.5, 9.0),
        irregularity=(0.9, 1.3),
        sway_ap_mps2=(0.03, 0.07),
        sway_ml_mps2=(0.02, 0.05),
        tremor=0.0,
        stoop_deg=(0.0, 8.0),
    ),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One walker. Defaults are a healthy adult; `drawn` draws one from the distributions of simulator.md.

    step_factor is A_true: how far this person steps for a given rise of the pelvis, relative to an inverted pendulum.
    It is drawn per person, LogN(ln 1.16, 0.11), and disturbed per step, so no estimator meets its own model.
    signature seeds what makes a waveform personal (harmonic phases and amplitudes), the same in every recording.
    """

    name: str = "someone"
    height_m: float = 1.70
    sensor_height_m: float | None = None  # None: 0.56 of the height, the fourth lumbar vertebra
    age_years: float = 45.0
    sex: str = "female"
    condition: Condition = "healthy"
    preferred_speed_mps: float = 1.15
    step_factor: float = 1.16
    step_factor_noise: float = 0.10  # SD of the log per step
    cadence_offset_spm: float = 0.0  # from the group's cadence at the same speed
    asymmetry: float = 0.02  # (left step time - right step time) / mean
    stride_time_cv: float = 0.025
    stride_time_memory: float = 0.45  # AR(1) coefficient per step
    step_length_cv: float = 0.04
    double_support: float = 0.22  # share of the gait cycle
    harmonic_ratio: float = 8.0  # vertical, of the mean stride
    irregularity: float = 1.0  # scales the stride-to-stride residual
    sway_ap_mps2: float = 0.045
    sway_ml_mps2: float = 0.030
    tremor_mps2: float = 0.0
    tremor_hz: float = 3.5
    stoop_deg: float = 0.0  # static forward lean while standing and walking
    signature: int = 1

    @property
    def lumbar_height_m(self) -> float:
        return 0.56 * self.height_m if self.sensor_height_m is None else self.sensor_height_m

    def cadence_spm(self, speed_mps: float) -> float:
        """Habitual cadence at a speed (simulator.md §2, computed on Mobilise-D bouts), with this person's offset."""
        intercept, slope = HABITS[self.condition].cadence_spm
        return max(30.0, intercept + slope * speed_mps + self.cadence_offset_spm)

    def to_json(self) -> dict[str, Json]:
        """The contract's person object."""
        known: dict[str, Json] = {
            "height_m": self.height_m,
            "sensor_height_m": round(self.lumbar_height_m, 3),
            "age_years": self.age_years,
            "sex": self.sex,
        }
        return known | ({} if self.condition == "healthy" else {"condition": self.condition})

    @classmethod
    def drawn(cls, seed: int, condition: Condition = "healthy", name: str = "someone") -> Self:
        """A person at random: the same seed is the same person on every machine.

        Ranges: simulator.md §2, §6 and §7 (stride-time CV 2–3 % healthy, 3–7 % MS; harmonic ratio 5–11 and 2–5).
        """
        rng = np.random.default_rng([seed, 0x9E])
        habits = HABITS[condition]
        sex = "female" if rng.random() < habits.female else "male"
        height_m = float(np.clip(rng.normal(1.65 if sex == "female" else 1.78, 0.065), 1.45, 2.05))
        return cls(
            name=name,
            height_m=round(height_m, 2),
            age_years=float(rng.integers(28, 70)),
            sex=sex,
            condition=condition,
            preferred_speed_mps=float(np.clip(rng.normal(habits.speed_mps, 0.15), 0.3, 1.7)),
            step_factor=float(1.16 * np.exp(0.11 * rng.standard_normal())),
            step_factor_noise=float(rng.uniform(0.10, 0.17)),
            cadence_offset_spm=float(np.clip(rng.normal(0.0, 6.0), -15.0, 15.0)),
            asymmetry=float(rng.normal(0.0, habits.asymmetry_sd)),
            stride_time_cv=float(rng.uniform(*habits.stride_time_cv)),
            stride_time_memory=float(rng.uniform(0.3, 0.6)),
            step_length_cv=float(rng.uniform(*habits.step_length_cv)),
            double_support=float(rng.uniform(*habits.double_support)),
            harmonic_ratio=float(rng.uniform(*habits.harmonic_ratio)),
            irregularity=float(rng.uniform(*habits.irregularity)),
            sway_ap_mps2=float(rng.uniform(*habits.sway_ap_mps2)),
            sway_ml_mps2=float(rng.uniform(*habits.sway_ml_mps2)),
            tremor_mps2=float(rng.uniform(0.02, 0.08)) if habits.tremor and rng.random() < habits.tremor else 0.0,
            tremor_hz=float(rng.uniform(2.5, 4.5)),
            stoop_deg=float(rng.uniform(*habits.stoop_deg)),
            signature=int(rng.integers(1, 2**31)),
        )


@dataclass(frozen=True, slots=True)
class Mounting:
    """How the sensor sits on its body part. All zero: x up along the segment, y to the wearer's left, z backward.

    The three angles turn the case away from that, about the body's vertical, left and forward axis in this order, so
    any orientation can be given. slip_deg_per_h turns it slowly about the left axis. strap_hz is the resonance of a
    compliant strap (None: rigid). slips are (when in seconds, angle in degrees, how long in seconds): then it turns
    about the left axis and stays so.
    """

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    slip_deg_per_h: float = 0.0
    strap_hz: float | None = None
    strap_damping: float = 0.3
    slips: tuple[tuple[float, float, float], ...] = ()

    @classmethod
    def drawn(cls, seed: int) -> Self:
        """As people wear a belt: tilts of simulator.md §8, slow slip and a slightly compliant strap."""
        rng = np.random.default_rng([seed, 0x3A])
        return cls(
            yaw_deg=float(rng.uniform(-15, 15)),
            pitch_deg=float(rng.uniform(0, 25)),
            roll_deg=float(rng.uniform(-8, 8)),
            slip_deg_per_h=float(rng.uniform(-5, 5)),
            strap_hz=float(rng.uniform(6.0, 10.0)),
        )


@dataclass(frozen=True, slots=True)
class Loss:
    """Packets lost in bursts (Gilbert-Elliott): a good and a bad state with their own loss probability."""

    samples_per_packet: int = 8
    good: float = 0.001
    bad: float = 0.4
    good_s: float = 20.0  # mean stay
    bad_s: float = 0.8


@dataclass(frozen=True, slots=True)
class Sensor:
    """What the sensor makes of the motion. Defaults: an LSM6DSL-like part at 104 Hz (simulator.md §8).

    The biases and scale errors are drawn once per recording with these SDs. clock_skew_ppm stretches the sensor's
    own time, in which the samples are stamped. jitter_s moves the instants of sampling (the stamps stay true),
    stamp_jitter_s the stamps alone. Time stamps never run backwards.
    """

    name: str = "simulated LSM6DSL"
    rate_hz: float = 104.0
    has_gyroscope: bool = True
    bandwidth_hz: float | None = None  # low-pass; None: 0.4 of the rate
    acc_noise_mps2_rthz: float = 90e-6 * 9.80665
    gyr_noise_radps_rthz: float = float(np.deg2rad(0.004))
    acc_bias_sd_mps2: float = 0.10
    gyr_bias_sd_radps: float = float(np.deg2rad(0.6))
    scale_error_sd: float = 0.004
    acc_range_mps2: float = 8 * 9.80665
    gyr_range_radps: float = float(np.deg2rad(1000))
    acc_step_mps2: float = 0.244e-3 * 9.80665
    gyr_step_radps: float = float(np.deg2rad(0.035))
    clock_skew_ppm: float = 0.0
    jitter_s: float = 0.0
    stamp_jitter_s: float = 0.0
    loss: Loss | None = field(default=None)
    holes_s: tuple[tuple[float, float], ...] = ()  # (start, length): nothing arrives

    def __post_init__(self) -> None:
        if not 12.5 <= self.rate_hz <= 1000:
            raise ValueError(f"rate_hz must lie between 12.5 and 1000, not {self.rate_hz}")


PERFECT = Sensor(
    name="simulated, without faults",
    bandwidth_hz=1000.0,
    acc_noise_mps2_rthz=0.0,
    gyr_noise_radps_rthz=0.0,
    acc_bias_sd_mps2=0.0,
    gyr_bias_sd_radps=0.0,
    scale_error_sd=0.0,
    acc_range_mps2=1000.0,
    gyr_range_radps=1000.0,
    acc_step_mps2=0.0,
    gyr_step_radps=0.0,
)
