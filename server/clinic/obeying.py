"""Whoever wears a sensor and does what a test asks for without having to hear it: the simulated people of the demo."""

from typing import Protocol

from server.clinic.run import Run


class Obedient(Protocol):
    """Takes up the posture that a test begins in, does the test at its "go", and leaves off when told to."""

    def prepare(self, protocol: str) -> None: ...

    def perform(
        self, protocol: str, *, after_s: float, course_length_m: float | None, stance: str | None, hold_s: float | None
    ) -> None: ...

    def stop(self) -> None: ...


def perform(wearer: Obedient, run: Run, after_s: float) -> None:
    """`after_s` seconds from now is the "go"."""
    chosen = run.chosen
    wearer.perform(
        chosen.protocol,
        after_s=after_s,
        course_length_m=chosen.course_length_m,
        stance=chosen.stance,
        hold_s=chosen.hold_s,
    )
