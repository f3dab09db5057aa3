"""The tests of the clinic, one per file."""

from dsp.clinic.chair_stand import ChairStand
from dsp.clinic.stance import Stance
from dsp.clinic.test import ClinicTest
from dsp.clinic.tug import Tug
from dsp.clinic.walk_test import WalkTest

TESTS: tuple[type[ClinicTest], ...] = (Tug, WalkTest, ChairStand, Stance)
