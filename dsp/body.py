"""Conditioned motion: one fixed rate, gravity taken out, axes of the body."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BODY_RATE_HZ = (
    100.0  # every detector works at this rate, whatever the sensor's (clinical reference §1: at least 100 Hz)
)

# Columns of `rows`.
TIME, V, ML, AP, GYR_V, GYR_ML, GYR_AP, NORM, VALID, SEEN, CONFIDENCE, UP_X, UP_Y, UP_Z, COSINE, SINE = range(16)
ACC_X, ACC_Y, ACC_Z, GYR_X, GYR_Y, GYR_Z = range(16, 22)  # as sensed: the sensor's own axes, gravity included
COLUMNS = 22

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BodyBlock:
    """Consecutive samples at BODY_RATE_HZ; a break in the stream is a jump in `first_index` between blocks.

    rows: shape (n, COLUMNS), C-contiguous float64. Row i belongs to grid index first_index + i, that is to the time
    (first_index + i) / BODY_RATE_HZ in seconds of the session, and holds the mean over that interval of the grid.
    """

    first_index: int
    rows: Floats

    def __len__(self) -> int:
        return int(self.rows.shape[0])

    @property
    def time_s(self) -> Floats:
        """Shape (n,): the middle of each interval."""
        return self.rows[:, TIME]

    @property
    def acc_body_mps2(self) -> Floats:
        """Shape (n, 3): V up with gravity removed, ML left, AP forward."""
        return self.rows[:, V : AP + 1]

    @property
    def gyr_body_radps(self) -> Floats:
        """Shape (n, 3): rate about V, ML, AP; NaN where the sensor has no gyroscope."""
        return self.rows[:, GYR_V : GYR_AP + 1]

    @property
    def acc_sensor_mps2(self) -> Floats:
        """Shape (n, 3): in the sensor's own axes, gravity included; its sum over rows is exactly that of the stream."""
        return self.rows[:, ACC_X : ACC_Z + 1]

    @property
    def gyr_sensor_radps(self) -> Floats:
        """Shape (n, 3): rate about the sensor's own axes; NaN where the sensor has no gyroscope."""
        return self.rows[:, GYR_X : GYR_Z + 1]

    @property
    def norm_mps2(self) -> Floats:
        """Shape (n,): length of the acceleration minus gravity, which needs no orientation."""
        return self.rows[:, NORM]

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Shape (n,): False where a short hole in the stream was bridged."""
        return self.rows[:, VALID] > 0.5

    @property
    def seen_s(self) -> Floats:
        """Shape (n,): time of the sensor's sample that completed this row."""
        return self.rows[:, SEEN]

    @property
    def frame_confidence(self) -> Floats:
        """Shape (n,): 0 nothing known, up to 0.5 the vertical is known, up to 1 forward and left are known too."""
        return self.rows[:, CONFIDENCE]

    @property
    def up(self) -> Floats:
        """Shape (n, 3): unit vector of the vertical in the sensor's own axes."""
        return self.rows[:, UP_X : UP_Z + 1]

    @property
    def forward(self) -> Floats:
        """Shape (n, 2): cosine and sine of forward in the plane's first axes.

        ML and AP swing while forward is being learned; turned back by this they do not: cosine * AP - sine * ML and
        sine * AP + cosine * ML keep to two horizontal axes fixed in the sensor.
        """
        return self.rows[:, COSINE : SINE + 1]
