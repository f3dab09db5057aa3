"""How long a stride is, where no foot sensor measures it: the models, and how far off they are expected to be."""

import math

import numpy as np

from dsp.gait.past import HARMONICS, VERTICAL, amplitudes
from dsp.kernels import Record, kernel
from dsp.wearing import ONE_LEG, Wearing

# Inverted pendulum (Zijlstra and Hof 2003): a step's length is FACTOR * 2 * sqrt(2 l h - h²), l the sensor's height and
# h the vertical excursion of the trunk, here that of the stride's second harmonic alone: it is what both steps share,
# and drift, turning and heel strike are not in it. FACTOR 1.20 fits the straight parts of 52 walks of nine people
# (voisard), mean error 5.8 % for the person left out; published: 1.185 (mobgap, all MsProject), 1.25 (the paper).
FACTOR = 1.20
# Turning the trunk lifts it without carrying it forward: lengths shrink by 1/sqrt(1 + (rate / this)²). Chosen on the
# 58 U-turns of voisard and the two people of mobgap; mean error of their stride lengths 0.110 m without, 0.080 m with.
TURN_RADPS = 1.0
# Mean error of a speed: this share between people, which no number of strides removes, and this much a stride. Chosen
# so that it comes to 0.09 m/s on mobgap's bouts, where the error was 0.095. Slow walkers are over-estimated by every
# trunk pendulum, by 0.15 m/s below 0.4 m/s (clinical reference §6.2, 1 955 bouts): such a speed says so.
SHARE_BETWEEN, WITHIN_MPS, SLOW_EXCESS_MPS = 0.06, 0.3, 0.15
SLOW_MPS, USUAL_MPS = 0.55, 0.85  # as estimated, excess included: the excess may be whole, and is gone

LOWER_BACK_SHARE = 0.593  # of body height: mean of mobgap's two people, 0.606 and 0.580
PENDULUM, STRAPDOWN = "pendulum", "strapdown"


@kernel
def pendulum_length(past: Record, p: Record, start_s: float, stride_s: float, yaw_radps: float) -> float:
    """Stride length in metres from the trunk's vertical excursion; without a rate nobody turns."""
    sizes = np.empty(HARMONICS)
    amplitudes(past, VERTICAL, start_s, stride_s, 2, sizes)
    radps = 4.0 * math.pi / stride_s
    tall = p["pendulum_m"]
    h = min(2.0 * sizes[1] / (radps * radps), tall)
    turned = 0.0 if math.isnan(yaw_radps) else yaw_radps / TURN_RADPS
    swing = 4.0 * FACTOR * math.sqrt(2.0 * tall * h - h * h)
    return float(p["length_factor"] * swing / math.sqrt(1.0 + turned * turned))


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
    return wearing.calibration.error_share if wearing.calibration is not None else SHARE_BETWEEN


def length_model(wearing: Wearing) -> str | None:
    """What the wearing's stride lengths come from, None where there are none."""
    if wearing.position in ONE_LEG:
        model: str | None = STRAPDOWN
    else:
        model = PENDULUM if pendulum_m(wearing) > 0.0 else None
    return f"{model}, calibrated" if model is not None and wearing.calibration is not None else model
