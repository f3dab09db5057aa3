"""How often somebody may guess."""

from collections import OrderedDict
from collections.abc import Callable

MISSES = 20
WINDOW_S = 60.0
MOST_REMEMBERED = 10_000  # addresses; the one that missed longest ago is forgotten first


class MissLimiter:
    """Counts misses by address. What hits is never limited: an attacker behind the same address must not be able to
    shut a helper out."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._missed: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def missed(self, address: str) -> bool:
        """One more miss; whether there were too many within a minute."""
        now_s = self._clock()
        since_s, count = self._missed.pop(address, (now_s, 0))
        if now_s - since_s >= WINDOW_S:
            since_s, count = now_s, 0
        self._missed[address] = (since_s, count + 1)
        while len(self._missed) > MOST_REMEMBERED:
            self._missed.popitem(last=False)
        return count >= MISSES
