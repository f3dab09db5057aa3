"""The one type that crosses from sensing to dsp: consecutive samples in SI units on the session's clock."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Position = Literal[
    "lower_back",
    "waist",
    "chest",
    "pocket",
    "thigh",
    "ankle_left",
    "ankle_right",
    "foot_left",
    "foot_right",
    "wrist",
    "hand",
    "head",
]
POSITIONS: tuple[Position, ...] = get_args(Position)
STANDARD_GRAVITY_MPS2 = 9.80665
GAP_PERIODS = 1.5  # a jump in time of more than this many sample periods is a gap (CONTRACT §1)

Vectors = NDArray[np.float64]  # shape (n, 3): x y z as printed on the sensor's case


@dataclass(frozen=True, slots=True, eq=False)
class SampleBlock:
    """Consecutive samples of one sensor. A loss is a jump in `first_index` and in `time_s`; it is never filled in.

    time_s: shape (n,), strictly increasing, seconds of the session; acc_mps2, gyr_radps, mag_ut: shape (n, 3),
    C-contiguous float64, gravity included, in the sensor's own axes. A sensor without gyroscope or magnetometer has
    None there. rate_hz is nominal. Raises ValueError for shapes that do not fit or time that does not increase.
    """

    sensor_id: str
    first_index: int
    rate_hz: float
    time_s: NDArray[np.float64]
    acc_mps2: Vectors
    gyr_radps: Vectors | None = None
    mag_ut: Vectors | None = None

    def __post_init__(self) -> None:
        n = self.time_s.shape[0]
        if self.time_s.ndim != 1 or n == 0:
            raise ValueError("a block holds at least one sample and its time_s has one dimension")
        for name in ("acc_mps2", "gyr_radps", "mag_ut"):
            vectors = getattr(self, name)
            if vectors is not None and (vectors.shape != (n, 3) or not vectors.flags.c_contiguous):
                raise ValueError(f"{name} must be C-contiguous of shape ({n}, 3), not {vectors.shape}")
        if not self.rate_hz > 0:
            raise ValueError(f"rate_hz must be positive, not {self.rate_hz}")
        if n > 1 and not (self.time_s[1:] > self.time_s[:-1]).all():
            raise ValueError("time_s must increase strictly within a block")

    def __len__(self) -> int:
        return int(self.time_s.shape[0])

    def __getitem__(self, part: slice) -> "SampleBlock":
        """A shorter block: the samples of `part` (step 1)."""
        start, stop, step = part.indices(len(self))
        if step != 1:
            raise ValueError("a block can only be cut into runs of consecutive samples")
        return SampleBlock(
            self.sensor_id,
            self.first_index + start,
            self.rate_hz,
            self.time_s[start:stop],
            self.acc_mps2[start:stop],
            None if self.gyr_radps is None else self.gyr_radps[start:stop],
            None if self.mag_ut is None else self.mag_ut[start:stop],
        )
