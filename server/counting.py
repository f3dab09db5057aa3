"""Keeps the metrics up with what the sessions count themselves."""

from collections import Counter
from collections.abc import Sequence

from server.metrics import Metrics
from server.session import Session

COUNTED = ("samples", "lost_samples")


class Counting:
    """Adds to the counters what has come since it last looked."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._counted: dict[str, dict[str, float]] = {}

    def session(self, session: Session) -> None:
        """Samples of one session."""
        counters = session.counters()
        before = self._counted.get(session.plan.id, {})
        for name in COUNTED:
            metric = self._metrics.samples if name == "samples" else self._metrics.lost_samples
            metric.inc(max(0.0, counters.get(name, 0.0) - before.get(name, 0.0)))
        self._counted[session.plan.id] = counters

    def gone(self, session: Session) -> None:
        """The last look at a session."""
        self.session(session)
        del self._counted[session.plan.id]

    def present(self, sessions: Sequence[Session], clients: int, storage_fault: str | None) -> None:
        """How many sensors are in which state, how many pages there are, and whether the disk refuses."""
        self._metrics.sensors.clear()
        for state, count in Counter(session.state for session in sessions).items():
            self._metrics.sensors.labels(state).set(count)
        self._metrics.clients.set(clients)
        self._metrics.storage_fault.set(0 if storage_fault is None else 1)
