"""What a program takes: processor time and resident memory, of this process and of one that was started."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

MB = 1 << 20
LAUNCHER = Path(__file__).with_name("launcher.py")
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


def run_on_one_core(command: Sequence[str | Path]) -> Taken:
    """Run to the end. CPU is user and system time of the program and its children. Raises MeasuringError."""
    if find_spec("resource") is None:
        raise MeasuringError("this system does not tell what a program took")
    with tempfile.TemporaryDirectory(prefix="surefoot-measure-") as folder:
        report = Path(folder) / "report.json"
        launched = [sys.executable, "-I", "-S", LAUNCHER, report, *command]
        done = subprocess.run(
            list(map(str, launched)), capture_output=True, text=True, check=False, env={**os.environ, **ONE_THREAD}
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise MeasuringError(f"{Path(str(command[0])).name} ended with {done.returncode}: {last[:300]}")
        taken = json.loads(report.read_text())
    return Taken(taken["cpu_s"], _in_mb(taken["maxrss"]), done.stdout)
