"""The tests of the clinic, one per file."""

from dsp.clinic.test import ClinicTest
from dsp.clinic.tug import Tug

TESTS: tuple[type[ClinicTest], ...] = (Tug,)
