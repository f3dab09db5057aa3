"""How a wearer holds the sensor's part of the body at present: upright, still, or not yet known."""

import math

import numpy as np

from dsp.body import Floats
from dsp.pipeline import Output

# Quiet standing moves a lower back by less than 0.1 m/s² and 2 °/s (RMS, clinical reference §3.1), breathing and tremor
# more; these limits are well above both, and a rise or a step is well above them. Chosen for Surefoot.
MOVING_MPS2, MOVING_RADPS = 0.8, 0.5
LEARNED_STEPS = 6  # so many steps tell which way is up when the wearer is upright
LEARNING = 0.1  # what each further step counts


class Posture:
    """Folds what the pipeline gives out, in constant memory. Times are seconds of the session."""

    def __init__(self) -> None:
        self.seen_s: float | None = None
        self.moved_s: float | None = None  # when movement was seen last
        self._began_s: float | None = None
        self._up: Floats | None = None
        self._upright: Floats | None = None
        self._steps = 0

    def update(self, output: Output) -> None:
        """The next rows and events."""
        for body in output.body:
            gyr_radps = np.linalg.norm(body.gyr_body_radps, axis=1)
            moving = (np.abs(body.norm_mps2) > MOVING_MPS2) | (gyr_radps > MOVING_RADPS)  # NaN compares as False
            if moving.any():
                self.moved_s = float(body.time_s[np.flatnonzero(moving)[-1]])
            self.seen_s = float(body.time_s[-1])
            if self._began_s is None:
                self._began_s = float(body.time_s[0])
            self._up = body.up[-1].copy()
        for event in output.events:
            if event.kind == "step" and event.fields.get("walking") is True and self._up is not None:
                self._learn(self._up)

    def still_s(self) -> float:
        """For how long nothing has moved, up to the newest sample; 0 before there was one."""
        if self.seen_s is None or self._began_s is None:
            return 0.0
        return self.seen_s - (self._began_s if self.moved_s is None else self.moved_s)

    def lean_rad(self) -> float | None:
        """The angle between how the sensor is held now and how it was while walking; None before the first walk."""
        if self._upright is None or self._up is None or self._steps < LEARNED_STEPS:
            return None
        cosine = float(self._up @ self._upright) / float(np.linalg.norm(self._upright) * np.linalg.norm(self._up))
        return math.acos(min(1.0, max(-1.0, cosine)))

    def _learn(self, up: Floats) -> None:
        self._steps += 1
        if self._upright is None:
            self._upright = up
        else:
            self._upright = self._upright + max(LEARNING, 1.0 / self._steps) * (up - self._upright)
