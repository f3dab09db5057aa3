"""Every detector, one per file."""

from dsp.detector import Detector
from dsp.detectors.fall import Fall
from dsp.detectors.freeze import Freeze
from dsp.detectors.gait import Gait
from dsp.detectors.stumble import Stumble
from dsp.detectors.transition import Transition
from dsp.detectors.turn import Turn

DETECTORS: tuple[type[Detector], ...] = (Gait, Turn, Transition, Fall, Stumble, Freeze)
