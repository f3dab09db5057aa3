"""A rise or a sitting down, as the chair stands know it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Movement:
    """A rise or a sitting down, seconds of the stream, m, m/s; None what was not measured.

    `lift_m` is how far the trunk's height says that it went, `half_s` when it was half-way; `heard` is false where only
    the height shows it.
    """

    rises: bool
    start_s: float
    end_s: float
    seat_s: float | None
    rise_m: float | None
    velocity_mps: float | None
    lift_m: float | None = None
    half_s: float | None = None
    heard: bool = True

    @property
    def middle_s(self) -> float:
        """Half-way, by time."""
        return 0.5 * (self.start_s + self.end_s)
