"""A recorded test that waits for its cue: the wearer of a rehearsal does when told what was recorded once."""

import numpy as np
from numpy.typing import NDArray

from sensing.drivers.base import Frame
from sensing.recording import Recording
from sensing.virtual.motion import PlayedMotion

REST_S = 2.0  # what is played to and fro before and after


class CuedMotion:
    """A Motion, and a wearer who obeys (as ObedientWearer): whatever is asked for, the recording is what comes.

    Before the test the recording's first two seconds are played to and fro, after it the last two. The recording's own
    cue (`cue_s` of its facts, else its beginning) falls on that of the test. Times are seconds of the sensor's clock.
    """

    has_magnetometer = False

    def __init__(self, recording: Recording) -> None:
        self._played = PlayedMotion(recording, loop=False)
        first_s = float(recording.time_s[0])
        cue_s = recording.facts.cue_s
        self._cue_s = 0.0 if cue_s is None else cue_s - first_s
        self._start_s: float | None = None  # of the recording
        self._now_s = 0.0

    @property
    def has_gyroscope(self) -> bool:
        return self._played.has_gyroscope

    def prepare(self, protocol: str) -> None:
        """The posture is what it is in the recording."""
        self._start_s = None

    def perform(
        self, protocol: str, *, after_s: float, course_length_m: float | None, stance: str | None, hold_s: float | None
    ) -> None:
        """The recording's cue comes after_s from now."""
        self._start_s = self._now_s + after_s - self._cue_s

    def stop(self) -> None:
        """Back to the first rest."""
        self._start_s = None

    def samples(self, first: int, n: int, rate_hz: float) -> Frame | None:
        """Never ends."""
        at_s = (first + np.arange(n)) / rate_hz
        self._now_s = float(at_s[0])
        return self._played.at(self._recorded_s(at_s))

    def _recorded_s(self, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Which instants of the recording are felt."""
        to_and_fro_s = REST_S - np.abs(at_s % (2.0 * REST_S) - REST_S)
        if self._start_s is None:
            return np.asarray(to_and_fro_s)
        since_s, end_s = at_s - self._start_s, self._played.length_s
        return np.where(since_s < 0.0, to_and_fro_s, np.where(since_s < end_s, since_s, end_s - to_and_fro_s))
