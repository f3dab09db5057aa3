"""What time it is in a session: that of its latest record, and on from there."""

import time
from collections.abc import Callable


class SessionTime:
    """Seconds since the session began. In a replay they pass `speed` times as fast as on `clock`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, speed: float = 1.0) -> None:
        self.clock = clock
        self.speed = speed
        self._latest_s = 0.0
        self._heard_at: float | None = None

    def heard(self, at_s: float) -> None:
        """Something of that session time has just come."""
        self._latest_s = at_s
        self._heard_at = self.clock()

    def now_s(self) -> float:
        """0 until something was heard."""
        return self._latest_s + self.silent_for_s() * self.speed

    def silent_for_s(self) -> float:
        """Seconds of the wall since something was heard."""
        return 0.0 if self._heard_at is None else self.clock() - self._heard_at

    def age_s(self, at_s: float) -> float:
        """Seconds of the wall since that session time."""
        return max(0.0, (self.now_s() - at_s) / self.speed)
