"""What a virtual sensor feels: a recording played again, or samples that carry their own number."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sensing.block import STANDARD_GRAVITY_MPS2, Vectors
from sensing.drivers.base import Frame

COUNT_UNIT_MPS2 = STANDARD_GRAVITY_MPS2 / 1000.0  # 1 mg: the coarsest step that every driver carries exactly enough
TURN_SAMPLES = 500  # a divisor of COUNT_MODULUS
COUNT_MODULUS = 7500  # below 8 g, the smallest range of the sensors


class Movement(Protocol):
    """Arrays that can be played: a contract recording, a simulated person. Units as in SampleBlock."""

    @property
    def time_s(self) -> NDArray[np.float64]: ...

    @property
    def acc_mps2(self) -> Vectors: ...

    @property
    def gyr_radps(self) -> Vectors | None: ...


@runtime_checkable
class Motion(Protocol):
    """Samples on a sensor's own grid: sample i is what is felt i / rate_hz seconds of its clock after its start."""

    @property
    def has_gyroscope(self) -> bool: ...

    @property
    def has_magnetometer(self) -> bool: ...

    def samples(self, first: int, n: int, rate_hz: float) -> Frame | None:
        """Samples first ... first + n - 1 without stamp, or None when they lie behind the end."""
        ...


class PlayedMotion:
    """A movement, linearly interpolated to the sensor's grid.

    Missing values and gaps of the movement are bridged linearly: a sensor always feels something. With `loop` it starts
    again one sample period after its end, without blending; without it the motion ends there.
    """

    def __init__(self, movement: Movement, *, loop: bool = True) -> None:
        time_s = np.asarray(movement.time_s, dtype=np.float64)
        if time_s.size < 2:
            raise ValueError("a movement needs at least two samples")
        self._time_s = time_s - time_s[0]
        self._acc_mps2 = _columns(self._time_s, movement.acc_mps2)
        self._gyr_radps = None if movement.gyr_radps is None else _columns(self._time_s, movement.gyr_radps)
        self.length_s = float(self._time_s[-1] + np.median(np.diff(self._time_s)))
        self.loop = loop

    @property
    def has_gyroscope(self) -> bool:
        return self._gyr_radps is not None

    @property
    def has_magnetometer(self) -> bool:
        return False

    def samples(self, first: int, n: int, rate_hz: float) -> Frame | None:
        at_s = (first + np.arange(n)) / rate_hz
        if self.loop:
            at_s %= self.length_s
        elif at_s[-1] >= self.length_s:
            return None
        return self.at(at_s)

    def at(self, at_s: NDArray[np.float64]) -> Frame:
        """At these seconds of the movement; before its start and behind its end what is felt there."""
        gyr_radps = None if self._gyr_radps is None else self._at(at_s, self._gyr_radps)
        return Frame(self._at(at_s, self._acc_mps2), gyr_radps)

    def _at(self, at_s: NDArray[np.float64], columns: Vectors) -> Vectors:
        return np.stack([np.interp(at_s, self._time_s, column) for column in columns], axis=1)


def _columns(time_s: NDArray[np.float64], vectors: Vectors) -> Vectors:
    """The axes one after the other, as they are read."""
    return np.ascontiguousarray(_bridged(time_s, vectors).T)


def _bridged(time_s: NDArray[np.float64], vectors: Vectors) -> Vectors:
    finite = np.isfinite(vectors)
    if finite.all():
        return vectors
    bridged = np.array(vectors)
    for axis in range(3):
        known = finite[:, axis]
        bridged[:, axis] = np.interp(time_s, time_s[known], vectors[known, axis]) if known.any() else 0.0
    return bridged


class CountingMotion:
    """Self-describing samples: acc x is the sample's number modulo COUNT_MODULUS in milli-g, acc z is 1 g.

    The receiver can tell from the data alone which samples were lost, came twice or were made up. Angular rate follows
    the same number, see `turning`.
    """

    def __init__(self, *, gyroscope: bool = True, magnetometer: bool = False, ends_after: int | None = None) -> None:
        self.has_gyroscope = gyroscope
        self.has_magnetometer = magnetometer
        self._ends_after = ends_after

    def samples(self, first: int, n: int, rate_hz: float) -> Frame | None:
        if self._ends_after is not None and first + n > self._ends_after:
            return None
        acc_mps2 = np.zeros((n, 3))
        acc_mps2[:, 0] = (first + np.arange(n)) % COUNT_MODULUS * COUNT_UNIT_MPS2
        acc_mps2[:, 2] = STANDARD_GRAVITY_MPS2
        return Frame(
            acc_mps2,
            turning(first + np.arange(n)) if self.has_gyroscope else None,
            np.full((n, 3), 40.0) if self.has_magnetometer else None,
        )


def turning(numbers: NDArray[np.int64]) -> Vectors:
    """The angular rate that CountingMotion gives to the samples of these numbers: a slow swing, in rad/s."""
    swing = np.sin(2 * np.pi * numbers / TURN_SAMPLES)
    return np.stack([swing, 0.5 * swing, -swing], axis=1)


def counts(acc_mps2: Vectors) -> NDArray[np.int64]:
    """The numbers that CountingMotion wrote into samples, modulo COUNT_MODULUS."""
    return np.rint(acc_mps2[:, 0] / COUNT_UNIT_MPS2).astype(np.int64)
