"""What is known about a wearing before its first sample arrives."""

from dataclasses import dataclass

from dsp.prompt import Prompt
from sensing.block import Position

Side = str  # "left" or "right"

ONE_LEG: frozenset[Position] = frozenset({"ankle_left", "ankle_right", "foot_left", "foot_right"})
TRUNK: frozenset[Position] = frozenset({"lower_back", "waist", "chest", "head"})


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a walk over a known distance said about one person and one place of the sensor.

    `factor` multiplies the stride length of that place's model. `pendulum_m` is the sensor height in metres that the
    factor was found with, None elsewhere than at the lower back: it then stands for every other height. `error_share`
    is what a calibrated length is expected to be off, as a share of it.
    """

    factor: float
    pendulum_m: float | None
    error_share: float


@dataclass(frozen=True, slots=True)
class Wearing:
    """Where the sensor sits, who wears it. Lengths in metres, None where nobody said.

    `prompts` are the tests that are known beforehand to have been set up, as with a recording. `freezes`: whether
    freezing of gait is looked for, which only somebody who knows the person can say.
    """

    position: Position = "lower_back"
    height_m: float | None = None
    sensor_height_m: float | None = None
    calibration: Calibration | None = None
    prompts: tuple[Prompt, ...] = ()
    freezes: bool = False

    @property
    def side(self) -> Side | None:
        """The leg whose contacts this sensor feels, None where it feels both."""
        return self.position.split("_")[1] if self.position in ONE_LEG else None
