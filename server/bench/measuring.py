"""What a program takes: processor time and resident memory, of this process and of one that was started."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MB = 1 << 20
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


class MeasuringError(Exception):
    """A program could not be measured; the text says why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One run of a program, on one core."""

    cpu_s: float
    peak_mb: float
    output: str


def resident_mb() -> float:
    """Memory of this process that is in RAM now. Raises MeasuringError where the system does not say (Linux does)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError as error:
        raise MeasuringError("this system does not say how much memory is resident") from error
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def peak_mb() -> float:
    """The most that was ever in RAM, of this process. Raises MeasuringError where the system does not say."""
    try:
        import resource
    except ImportError as error:
        raise MeasuringError("this system does not say how much memory was resident") from error
    return _in_mb(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _in_mb(maxrss: int) -> float:
    return maxrss * (1 if sys.platform == "darwin" else 1024) / MB


def run_on_one_core(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Taken:
    """Run to the end. CPU is user and system time of the program and its children. Raises MeasuringError."""
    if not hasattr(os, "wait4"):
        raise MeasuringError("this system does not tell what a program took")
    variables = {**os.environ, **ONE_THREAD, **(environment or {})}
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        process = subprocess.Popen(list(map(str, command)), stdout=said, stderr=complained, env=variables)
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        complained.seek(0)
        if process.returncode:
            last = (complained.read().strip().splitlines() or ["it said nothing"])[-1]
            raise MeasuringError(f"{Path(str(command[0])).name} ended with {process.returncode}: {last[:300]}")
        return Taken(usage.ru_utime + usage.ru_stime, _in_mb(usage.ru_maxrss), said.read())
