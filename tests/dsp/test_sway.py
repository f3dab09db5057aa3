"""Sway numbers: against slow twins, published centre-of-pressure values, the clinical reference, and scaling laws."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import Floats
from dsp.clinic.sway import (
    NEEDS_FORWARD,
    SWAY_KEYS,
    integrated,
    level_plane,
    low_passed,
    path_length,
    spectrum,
    sway,
    swept_area,
)
from sensing.simulator.shapes import sway_noise
from tests.dsp.naive_sway import naive_sway

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "recordings" / "sway_reference"
PUBLISHED = json.loads((REFERENCE / "published.json").read_text()) if REFERENCE.is_dir() else {}

SCALES_LINEARLY = tuple(key for key in SWAY_KEYS if key.endswith(("_mps2", "_mps")))
SCALES_SQUARED = tuple(key for key in SWAY_KEYS if key.endswith(("_m2ps4", "_m2ps5", "_m2ps6")))
UNSCALED = tuple(key for key in SWAY_KEYS if key not in SCALES_LINEARLY + SCALES_SQUARED)


def swaying(seed: int, seconds: float = 30.0, ml: float = 0.04, ap: float = 0.06) -> Floats:
    rng = np.random.default_rng(seed)
    n = round(seconds * 100)
    return np.column_stack((ml * sway_noise(rng, n, 100.0), ap * sway_noise(rng, n, 100.0)))


def turned(plane: Floats, angle_rad: float) -> Floats:
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    return np.asarray(plane @ np.array([[c, s], [-s, c]]))


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 9999),
    seconds=st.floats(12.0, 62.0),
    offset=st.floats(-1.0, 1.0),
    drift_mps3=st.floats(-0.01, 0.01),
)
def test_every_number_equals_its_slow_twin(seed: int, seconds: float, offset: float, drift_mps3: float) -> None:
    plane = swaying(seed, seconds)
    plane[:, 1] += offset + drift_mps3 * np.arange(len(plane)) / 100.0
    expected = naive_sway(plane)
    assert list(sway(plane)) == list(SWAY_KEYS)
    assert sway(plane) == pytest.approx(expected, rel=1e-6)


def test_the_numbers_of_synthetic_sway_are_those_of_the_clinical_reference() -> None:
    """clinical.md §3.1: one draw's values, so the mean of many lies within a draw's scatter of them."""
    found = [sway(swaying(seed)) for seed in range(60)]
    expected = {
        "rms_mps2": 0.071,
        "path_mps2": 12.9,
        "jerk_m2ps5": 3.7,
        "ellipse95_m2ps4": 0.044,
        "f50_hz": 0.88,
        "f95_hz": 2.64,
        "centroidal_frequency_hz": 1.34,
        "frequency_dispersion": 0.59,
    }
    for key, value in expected.items():
        draws = np.array([one[key] for one in found])
        assert abs(draws.mean() - value) < 1.5 * draws.std(), key
        assert draws.mean() == pytest.approx(value, rel=0.12), key


@pytest.mark.skipif(not PUBLISHED, reason="the published centre-of-pressure files are not here")
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_centre_of_pressure_values_come_out(name: str) -> None:
    plane = np.loadtxt(REFERENCE / f"{name}.csv", delimiter=",", skiprows=1)[:, 1:]
    assert path_length(plane) / 60.0 == pytest.approx(PUBLISHED[name]["mean_velocity_cmps"], rel=0.02)
    power, frequency_hz = spectrum(plane, 100.0)
    both = power.sum(axis=1)
    mean_hz = np.trapezoid(both * frequency_hz) / np.trapezoid(both)
    assert mean_hz == pytest.approx(PUBLISHED[name]["mean_frequency_hz"], rel=0.02)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 9999), factor=st.floats(0.05, 20.0))
def test_lengths_scale_with_the_sway_and_areas_with_its_square(seed: int, factor: float) -> None:
    plane = swaying(seed, 20.0)
    one, other = sway(plane), sway(factor * plane)
    assert {key: other[key] for key in SCALES_LINEARLY} == pytest.approx(
        {key: factor * one[key] for key in SCALES_LINEARLY}, rel=1e-9
    )
    assert {key: other[key] for key in SCALES_SQUARED} == pytest.approx(
        {key: factor**2 * one[key] for key in SCALES_SQUARED}, rel=1e-9
    )
    assert {key: other[key] for key in UNSCALED} == pytest.approx({key: one[key] for key in UNSCALED}, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 9999), angle_rad=st.floats(-4.0, 4.0))
def test_what_needs_no_forward_does_not_change_when_the_axes_turn(seed: int, angle_rad: float) -> None:
    plane = swaying(seed, 20.0)
    one, other = sway(plane), sway(turned(plane, angle_rad))
    kept = [key for key in SWAY_KEYS if key not in NEEDS_FORWARD]
    assert {key: other[key] for key in kept} == pytest.approx({key: one[key] for key in kept}, rel=1e-9)
    turned_rad = other["ellipse_angle_rad"] - one["ellipse_angle_rad"] - angle_rad
    assert math.sin(turned_rad) == pytest.approx(0.0, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 9999), seconds=st.integers(12, 30))
def test_sway_played_backwards_has_the_same_numbers(seed: int, seconds: int) -> None:
    plane = swaying(seed, float(seconds))
    power, backwards = spectrum(plane, 100.0)[0], spectrum(plane[::-1], 100.0)[0]
    forwards = sway(plane)
    same = [key for key in SWAY_KEYS if not key.startswith(("power", "f50", "f95", "centroidal", "frequency_disp"))]
    assert {k: v for k, v in sway(plane[::-1]).items() if k in same} == pytest.approx(
        {k: forwards[k] for k in same}, rel=1e-9
    )
    # The taper is that of a periodic window, one sample from symmetric.
    assert backwards.sum() == pytest.approx(power.sum(), rel=0.02)


@given(frequency_hz=st.floats(0.5, 1.5), amplitude=st.floats(0.01, 1.0))
@settings(max_examples=20, deadline=None)
def test_a_circle_has_the_numbers_of_a_circle(frequency_hz: float, amplitude: float) -> None:
    turns = round(30.0 * frequency_hz)  # slow enough for the low-pass to leave them
    phase = 2.0 * math.pi * turns * np.arange(3000) / 3000
    found = sway(amplitude * np.column_stack((np.cos(phase), np.sin(phase))))
    assert found["rms_mps2"] == pytest.approx(amplitude, rel=0.02)
    assert found["mean_frequency_hz"] == pytest.approx(turns / 30.0, rel=0.02)
    assert found["centroidal_frequency_hz"] == pytest.approx(turns / 30.0, rel=0.02)
    assert found["frequency_dispersion"] < 0.12
    assert found["ellipse95_m2ps4"] == pytest.approx(math.pi * 5.991 * amplitude**2 / 2.0, rel=0.03)
    assert found["area_m2ps5"] == pytest.approx(math.pi * amplitude**2 * turns / 30.0, rel=0.03)
    assert found["mean_velocity_mps"] == pytest.approx(amplitude / (2 * math.pi * turns / 30.0), rel=0.05)


def test_the_low_pass_keeps_slow_sway_and_takes_tremor_out_without_delay() -> None:
    t = np.arange(3000) / 100.0
    slow, quick = np.sin(2 * math.pi * 0.7 * t), np.sin(2 * math.pi * 8.0 * t)
    kept = low_passed(np.column_stack((slow, slow + quick)), 100.0)
    np.testing.assert_allclose(kept[200:-200, 0], slow[200:-200], atol=1e-3)
    np.testing.assert_allclose(kept[200:-200, 1], slow[200:-200], atol=5e-3)


def test_a_body_that_does_not_move_has_no_frequency() -> None:
    found = sway(np.full((2500, 2), 0.3))
    assert found["rms_mps2"] == pytest.approx(0.0, abs=1e-12)
    assert swept_area(np.zeros((100, 2))) == 0.0
    assert not integrated(np.zeros((100, 2)), 100.0).any()


@settings(max_examples=30, deadline=None)
@given(
    tilt_rad=st.floats(0.0, 0.6),
    yaw_rad=st.floats(-3.1, 3.1),
    seed=st.integers(0, 999),
)
def test_a_tilted_sensor_reads_the_same_sway(tilt_rad: float, yaw_rad: float, seed: int) -> None:
    plane = swaying(seed, 20.0)
    plane -= plane.mean(axis=0)
    level = np.column_stack((plane[:, 1], plane[:, 0], np.full(len(plane), 9.81)))  # forward, left, up
    c, s = math.cos(tilt_rad), math.sin(tilt_rad)
    tilt = np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]])
    c, s = math.cos(yaw_rad), math.sin(yaw_rad)
    case = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]) @ tilt
    seen = level_plane(level @ case, np.array([1.0, 0.0, 0.0]) @ case)
    np.testing.assert_allclose(seen, plane, atol=1e-9)
    unknown = sway(level_plane(level @ case, None))
    known = sway(plane)
    kept = [key for key in SWAY_KEYS if key not in NEEDS_FORWARD]
    assert {k: unknown[k] for k in kept} == pytest.approx({k: known[k] for k in kept}, rel=1e-6)
