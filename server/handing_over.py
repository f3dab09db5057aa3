"""Hands the packets over to the system as they come, so that a kill of the program takes none of them along.

In a thread, as a disk may hold a write up for seconds and the sessions must not wait. They are on the disk later, when
the store flushes.
"""

import threading
import time
from collections.abc import Callable, Iterable

from server.session import Session

REST_S = 0.02  # between two rounds: bounds what many sensors cost, and how much a kill can take along


class HandingOver:
    """Begins on the first `wake`; after `end` nothing is written any more."""

    def __init__(self, sessions: Callable[[], Iterable[Session]]) -> None:
        self._sessions = sessions
        self._woken = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """A packet has come. Called for every one."""
        if self._woken.is_set():
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._go_on, name="handing over", daemon=True)
            self._thread.start()
        self._woken.set()

    def end(self) -> None:
        self._ending = True
        if self._thread is not None:
            self._woken.set()
            self._thread.join()

    def _go_on(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            if self._ending:
                return
            for session in self._sessions():
                session.write()
            time.sleep(REST_S)
