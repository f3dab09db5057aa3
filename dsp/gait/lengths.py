"""How long a stride is, where no foot sensor measures it: the models, and how far off they are expected to be."""

import math

import numpy as np

from dsp.gait.past import HARMONICS, VERTICAL, amplitudes
from dsp.kernels import Record, kernel
from dsp.wearing import ONE_LEG, Wearing

# Inverted pendulum (Zijlstra and Hof 2003): a step's length is FACTOR * 2 * sqrt(2 l h - h²), l the sensor's height and
# h the vertical excursion of the trunk, here that of the stride's second harmonic alone: it is what both steps share,
# and drift, turning and heel strike are not in it. Trunk pendulums make slow walkers too fast, by 0.15 m/s below
# 0.4 m/s (clinical reference §6.2, 1 955 bouts): a trunk also goes up and down with stepping that leads nowhere. That
# much, IDLE_MPS2 in the amplitude of the acceleration, is taken off its square, as unrelated movements add up; at
# 1 m/s it is 2 % of the speed. The three constants minimise the mean error of speed of 14 people (voisard: ten healthy
# over 20 m and two patients at 0.26 and 0.37 m/s, 1.68 m tall by assumption; mobgap: two people, 15 bouts of 0.29 to
# 1.06 m/s), each person weighing alike; leaving any one out, FACTOR stays within 1.19 to 1.23, IDLE_MPS2 within 0.39 to
# 0.42, and the mean error of the one left out is 0.057 m/s, without IDLE_MPS2 0.081 m/s. Published for FACTOR: 1.185
# (mobgap, all MsProject), 1.25 (the paper).
FACTOR = 1.21
IDLE_MPS2 = 0.40
LEAST_SHARE = 0.3  # of the amplitude is left: nobody who walks stands still
# Turning the trunk lifts it without carrying it forward: lengths shrink by 1/sqrt(1 + (rate / this)²). From the same
# fit, where it is the least certain constant (1.3 to 1.6, without mobgap's people 3).
TURN_RADPS = 1.4
# Elsewhere the walk ratio, step length over cadence, in m per step a minute, in proportion to body height: 0.0064
# (SD 0.0007) in 30 healthy people, 0.0054 (SD 0.0009) in 30 with MS, whatever their speed (Rota 2011). Here between the
# two, which is also the median of voisard's and mobgap's people, whose own lay 31 % below to 26 % above it.
WALK_RATIO, OF_HEIGHT_M = 0.0056, 1.70
# Mean error of a speed: a share between people, which no number of strides removes, and this much a stride; slow
# walkers are few in what the constants rest on. By the pendulum it was 0.05 on voisard's 52 walks of known height and
# 0.065 on mobgap's bouts; by the walk ratio 0.13 on both.
PENDULUM_SHARE, WALK_RATIO_SHARE = 0.05, 0.13
WITHIN_MPS, SLOW_EXCESS_MPS = 0.2, 0.06
SLOW_MPS, USUAL_MPS = 0.4, 0.7

LOWER_BACK_SHARE = 0.593  # of body height: mean of mobgap's two people, 0.606 and 0.580
PENDULUM, STRAPDOWN, CADENCE = "pendulum", "strapdown", "cadence model"


@kernel
def model_length(past: Record, p: Record, start_s: float, stride_s: float, yaw_radps: float) -> float:
    """Stride length in metres by the wearing's model, NaN where there is none; without a rate nobody turns."""
    if p["pendulum_m"] > 0.0:
        return float(p["length_factor"] * pendulum_length(past, p["pendulum_m"], start_s, stride_s, yaw_radps))
    if p["walk_ratio_m_s"] > 0.0:
        return float(p["length_factor"] * p["walk_ratio_m_s"] / stride_s)
    return math.nan


@kernel
def pendulum_length(past: Record, tall_m: float, start_s: float, stride_s: float, yaw_radps: float) -> float:
    """Stride length in metres from the trunk's vertical excursion."""
    sizes = np.empty(HARMONICS)
    amplitudes(past, VERTICAL, start_s, stride_s, 2, sizes)
    lift, radps = sizes[1], 4.0 * math.pi / stride_s
    onward = math.sqrt(max(lift * lift - IDLE_MPS2 * IDLE_MPS2, LEAST_SHARE * LEAST_SHARE * lift * lift))
    h = min(2.0 * onward / (radps * radps), tall_m)
    turned = 0.0 if math.isnan(yaw_radps) else yaw_radps / TURN_RADPS
    return 4.0 * FACTOR * math.sqrt(2.0 * tall_m * h - h * h) / math.sqrt(1.0 + turned * turned)


@kernel
def expected_error(p: Record, speed_mps: float, strides: float) -> float:
    """Mean absolute error to expect of a speed over so many strides, m/s."""
    slow = min(1.0, max(0.0, (USUAL_MPS - speed_mps) / (USUAL_MPS - SLOW_MPS)))
    random = math.hypot(p["length_share"] * speed_mps, WITHIN_MPS / math.sqrt(strides))
    return float(math.hypot(random, slow * SLOW_EXCESS_MPS))


def pendulum_m(wearing: Wearing) -> float:
    """Height of a lower-back sensor over the floor, 0 at other places and where no height is known."""
    if wearing.position != "lower_back":
        return 0.0
    if wearing.calibration is not None and wearing.calibration.pendulum_m is not None:
        return wearing.calibration.pendulum_m
    if wearing.sensor_height_m is not None:
        return wearing.sensor_height_m
    return LOWER_BACK_SHARE * wearing.height_m if wearing.height_m is not None else 0.0


def length_factor(wearing: Wearing) -> float:
    """What the model's lengths are multiplied by."""
    return wearing.calibration.factor if wearing.calibration is not None else 1.0


def length_share(wearing: Wearing) -> float:
    """Mean error of a length that no number of strides removes, as a share of it."""
    if wearing.calibration is not None:
        return wearing.calibration.error_share
    return PENDULUM_SHARE if wearing.position == "lower_back" else WALK_RATIO_SHARE


def walk_ratio_m_s(wearing: Wearing) -> float:
    """Stride length times stride duration by the walk ratio, in m s; 0 where another model holds or none.

    A calibrated person of unknown height is as tall as the ratio's own; the factor makes up for it.
    """
    if wearing.position == "lower_back" or wearing.position in ONE_LEG:
        return 0.0
    height_m = wearing.height_m or (OF_HEIGHT_M if wearing.calibration is not None else 0.0)
    return 2.0 * 120.0 * WALK_RATIO * height_m / OF_HEIGHT_M


def length_model(wearing: Wearing) -> str | None:
    """What the wearing's stride lengths come from, None where there are none."""
    if wearing.position in ONE_LEG:
        model: str | None = STRAPDOWN
    elif wearing.position == "lower_back":
        model = PENDULUM if pendulum_m(wearing) > 0.0 else None
    else:
        model = CADENCE if walk_ratio_m_s(wearing) > 0.0 else None
    return f"{model}, calibrated" if model is not None and wearing.calibration is not None else model
