"""The clock that alerts count on: it neither follows a clock that is set nor stops while the program is down."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str | None:
    """What names this run of the machine, None where nothing does."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return None


def since_boot_s() -> float:
    """Seconds since the machine started, with those that it slept where the system counts them."""
    if sys.platform != "win32" and hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment as it is written down: alert seconds beside the machine's and the wall's, to go on from."""

    alert_s: float
    boot: str | None
    boot_s: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a clock reads from."""

    boot: str | None = field(default_factory=boot_id)
    boot_s: Callable[[], float] = field(default=since_boot_s)
    wall_s: Callable[[], float] = field(default=time.time)


class AlertClock:
    """Seconds that only go forward, over restarts of the program too.

    In one run of the machine they follow its own clock, so that setting the wall clock moves no deadline. After the
    machine itself was off, the wall clock says how long; one that was set back says nothing, and no time has passed.
    """

    def __init__(self, sources: Sources | None = None, last: Mark | None = None) -> None:
        """`last`: the newest mark of an earlier run of the program."""
        self._sources = sources or Sources()
        self._boot_s = self._sources.boot_s()
        self._base_s = 0.0
        if last is not None:
            same = last.boot is not None and last.boot == self._sources.boot and last.boot_s <= self._boot_s
            gone_s = self._boot_s - last.boot_s if same else self._sources.wall_s() - last.wall_s
            self._base_s = last.alert_s + max(0.0, gone_s)

    def now_s(self) -> float:
        return self._base_s + max(0.0, self._sources.boot_s() - self._boot_s)

    def mark(self) -> Mark:
        """This moment, to be kept for the next run."""
        sources = self._sources
        return Mark(self.now_s(), sources.boot, sources.boot_s(), sources.wall_s())
