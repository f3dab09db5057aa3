"""The tests of the clinic, one per file."""

from dsp.clinic.test import ClinicTest

TESTS: tuple[type[ClinicTest], ...] = ()
