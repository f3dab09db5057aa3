"""What makes a recording unusable, said with file, row and remedy."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensing.block import Vectors

LOWEST_RATE_HZ = 12.5
HIGHEST_RATE_HZ = 1000.0
RATE_TOLERANCE = 0.02  # of those limits: a 12.5 Hz sensor's crystal may run slow
RATE_AGREES = 0.2  # the facts' rate is believed when the stamps say the same within this fraction

# Median acceleration norms. A body in motion keeps a median near gravity: 3.3 to 15.5 m/s² in the 3850 development
# recordings (falls and badly scaled sensors included).
IN_G_MPS2 = 2.0  # below: 1.0 is g
IN_MG_MPS2 = 60.0  # above: 1000 is milli-g, 981 is cm/s²

# The fastest foot sensor there reaches a 99th percentile of 16.4 rad/s; 35 rad/s is 2000 deg/s, the largest range of
# common gyroscopes, which nobody reaches for a hundredth of the time.
IN_DEGREES_P99_RADPS = 35.0
IN_DEGREES_MEDIAN_RADPS = 15.0


class RecordingError(Exception):
    """A file that cannot be used as a recording: which file, which row (the first sample is 1), why, what to do."""

    def __init__(self, path: Path | str, row: int | None, message: str, remedy: str) -> None:
        self.path = Path(path)
        self.row = row
        self.message = message
        self.remedy = remedy
        where = self.path.name
        if row is not None:
            where += f", row {row}" + ("" if where.endswith(".parquet") else f" (line {row + 1})")
        super().__init__(f"{where}: {message}. {remedy}.")


def check_times(path: Path, time_s: NDArray[np.float64]) -> None:
    """Finite and strictly increasing; raises RecordingError with the first row that is not."""
    bad = np.flatnonzero(~np.isfinite(time_s))
    if bad.size:
        raise RecordingError(
            path, int(bad[0]) + 1, "time_s has no value", "Every sample needs a time; leave the row out if it has none"
        )
    stuck = np.flatnonzero(np.diff(time_s) <= 0)
    if stuck.size:
        at = int(stuck[0]) + 1
        was, now = time_s[at - 1], time_s[at]
        what = f"time_s {now:.6f} repeats" if was == now else f"time_s goes back from {was:.6f} to {now:.6f}"
        many = "" if stuck.size == 1 else f" (and {stuck.size - 1} more such rows)"
        remedy = (
            "Leave repeated rows out; a clock that stands still for several rows is too coarse to use"
            if was == now
            else "Sort the rows by time, or cut the file where the clock was reset: one file is one wearing"
        )
        raise RecordingError(path, at + 1, what + many, remedy)


def rate_of(path: Path, time_s: NDArray[np.float64], stated_hz: float | None) -> tuple[float, str | None]:
    """Nominal rate in Hz and a remark where the facts and the stamps contradict each other.

    The stated rate if the median or the mean period agrees with it within RATE_AGREES, else the measured one: 1 /
    median period, or 1 / mean period where stamps come in bursts. Raises RecordingError outside 12.5 Hz to 1 kHz.
    """
    median_hz = 1.0 / float(np.median(np.diff(time_s)))
    mean_hz = (time_s.size - 1) / float(time_s[-1] - time_s[0])
    measured_hz = median_hz if _usable(median_hz) or not _usable(mean_hz) else mean_hz
    if not _usable(measured_hz):
        raise RecordingError(
            path, None, f"the samples are {1 / measured_hz:g} s apart ({measured_hz:.4g} Hz)", _rate_remedy(measured_hz)
        )
    if stated_hz is None:
        return measured_hz, None
    if any(abs(hz / stated_hz - 1.0) <= RATE_AGREES for hz in (median_hz, mean_hz)):
        if not _usable(stated_hz):
            raise RecordingError(path, None, f"the facts say {stated_hz:g} Hz", _rate_remedy(stated_hz))
        return stated_hz, None
    return measured_hz, f"the facts say {stated_hz:g} Hz, the time stamps {measured_hz:.4g} Hz, which is used"


def _usable(rate_hz: float) -> bool:
    return LOWEST_RATE_HZ * (1 - RATE_TOLERANCE) <= rate_hz <= HIGHEST_RATE_HZ * (1 + RATE_TOLERANCE)


def _rate_remedy(rate_hz: float) -> str:
    for unit, per_s in (("milliseconds", 1e3), ("microseconds", 1e6), ("nanoseconds", 1e9)):
        if _usable(rate_hz * per_s):
            return f"time_s is in seconds; these look like {unit}: divide by {per_s:.0f}"
    return f"Usable are {LOWEST_RATE_HZ:g} Hz to {HIGHEST_RATE_HZ:g} Hz; resample the recording or record it anew"


def check_accelerations(path: Path, acc_mps2: Vectors) -> None:
    """Raises RecordingError when the median norm shows another unit, or that gravity was taken out."""
    median = median_norm(acc_mps2)
    if np.isnan(median):
        raise RecordingError(path, None, "no row has all three accelerations", "Leave sensors without values out")
    said = f"the accelerations have a median norm of {median:.4g} where m/s² with gravity give about 9.81"
    if 0.5 <= median < IN_G_MPS2:
        raise RecordingError(path, None, said, "They look like g: multiply by 9.80665")
    if median < IN_G_MPS2:
        raise RecordingError(path, None, said, "Keep gravity in the signal (not 'linear' or 'user' acceleration)")
    if 500.0 <= median <= 2000.0:
        raise RecordingError(
            path, None, said, "They look like milli-g (multiply by 0.00980665) or cm/s² (divide by 100)"
        )
    if median > IN_MG_MPS2:
        raise RecordingError(path, None, said, "They look like raw counts: multiply by the sensor's scale factor")


def check_rotations(path: Path, gyr_radps: Vectors) -> None:
    """Raises RecordingError when the angular rates can only be in deg/s."""
    norms = norms_of(gyr_radps)
    if norms.size == 0:
        return
    median, p99 = np.percentile(norms, (50, 99))
    if p99 > IN_DEGREES_P99_RADPS or median > IN_DEGREES_MEDIAN_RADPS:
        raise RecordingError(
            path,
            None,
            f"the angular rates exceed {p99:.3g} rad/s for a hundredth of the time, faster than any body part",
            "They look like deg/s: divide by 57.29578",
        )


def norms_of(vectors: Vectors) -> NDArray[np.float64]:
    """Norms of the rows that have all three values."""
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    present: NDArray[np.float64] = norms[np.isfinite(norms)]
    return present


def median_norm(vectors: Vectors) -> float:
    """NaN when no row has all three values."""
    norms = norms_of(vectors)
    return float(np.median(norms)) if norms.size else float("nan")
