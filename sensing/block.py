"""The one type that crosses from sensing to dsp: consecutive samples in SI units on the session's clock."""

from collections.abc import Sequence
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
        time_s, shape = self.time_s, (self.time_s.shape[0], 3)
        if time_s.ndim != 1 or shape[0] == 0:
            raise ValueError("a block holds at least one sample and its time_s has one dimension")
        _check("acc_mps2", self.acc_mps2, shape)
        if self.gyr_radps is not None:
            _check("gyr_radps", self.gyr_radps, shape)
        if self.mag_ut is not None:
            _check("mag_ut", self.mag_ut, shape)
        if not self.rate_hz > 0:
            raise ValueError(f"rate_hz must be positive, not {self.rate_hz}")
        if not np.logical_and.reduce(time_s[1:] > time_s[:-1]):  # as .all(), without its detour through Python
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


def _check(name: str, vectors: Vectors, shape: tuple[int, int]) -> None:
    if vectors.shape != shape or not vectors.flags.c_contiguous:
        raise ValueError(f"{name} must be C-contiguous of shape {shape}, not {vectors.shape}")


def joined(blocks: Sequence[SampleBlock]) -> list[SampleBlock]:
    """The same samples in as few blocks as possible: consecutive ones of one sensor and one kind become one."""
    if len(blocks) < 2:
        return list(blocks)
    whole: list[SampleBlock] = []
    start = 0
    for at in range(1, len(blocks) + 1):
        if at == len(blocks) or not _follows(blocks[at - 1], blocks[at]):
            whole.append(_one(blocks[start:at]))
            start = at
    return whole


def _follows(before: SampleBlock, after: SampleBlock) -> bool:
    return (
        after.first_index == before.first_index + before.time_s.shape[0]
        and after.rate_hz == before.rate_hz
        and after.sensor_id == before.sensor_id
        and (after.gyr_radps is None) == (before.gyr_radps is None)
        and (after.mag_ut is None) == (before.mag_ut is None)
    )


def _one(run: Sequence[SampleBlock]) -> SampleBlock:
    first = run[0]
    if len(run) == 1:
        return first
    return SampleBlock(
        first.sensor_id,
        first.first_index,
        first.rate_hz,
        np.concatenate([block.time_s for block in run]),
        np.concatenate([block.acc_mps2 for block in run]),
        None if first.gyr_radps is None else np.concatenate([block.gyr_radps for block in run]),
        None if first.mag_ut is None else np.concatenate([block.mag_ut for block in run]),
    )
