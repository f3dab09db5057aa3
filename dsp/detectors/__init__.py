"""Every detector, one per file."""

from dsp.detector import Detector
from dsp.detectors.gait import Gait

DETECTORS: tuple[type[Detector], ...] = (Gait,)
