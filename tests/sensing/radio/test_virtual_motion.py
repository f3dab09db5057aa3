"""What virtual sensors feel, and which of their frames are lost: decided without a radio."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensing.drivers import DRIVERS
from sensing.virtual import CountingMotion, Faults, GilbertElliott, Motion, PlayedMotion, virtual_sensor
from sensing.virtual.catalogue import FIRMWARE
from sensing.virtual.faults import Fate, Fates
from sensing.virtual.motion import COUNT_MODULUS, counts, turning
from tests.sensing.builders import a_recording


def test_every_driver_has_a_virtual_sensor() -> None:
    assert set(FIRMWARE) == {driver.name for driver in DRIVERS}
    for driver_name, variants in FIRMWARE.items():
        for variant in variants:
            sensor = virtual_sensor(driver_name, CountingMotion(), variant=variant)
            assert sensor.firmware.driver.matches(sensor.name, sensor.firmware.advertised_services)


def test_virtual_sensors_have_addresses_of_their_own() -> None:
    sensors = [virtual_sensor(kind, CountingMotion(), number=number) for kind in FIRMWARE for number in (0, 1, 255)]
    assert len({sensor.address for sensor in sensors}) == len(sensors)


@pytest.mark.parametrize("kind", ["pedometer", "Movesense"])
def test_a_kind_that_is_not_there_is_an_error(kind: str) -> None:
    with pytest.raises(KeyError):
        virtual_sensor(kind, CountingMotion())


@given(first=st.integers(0, 10**6), n=st.integers(1, 64))
def test_counted_samples_tell_their_number(first: int, n: int) -> None:
    frame = CountingMotion().samples(first, n, 104.0)
    assert frame is not None
    numbers = first + np.arange(n)
    assert (counts(frame.acc_mps2) == numbers % COUNT_MODULUS).all()
    assert frame.gyr_radps is not None
    assert np.allclose(frame.gyr_radps, turning(numbers % COUNT_MODULUS))


@given(rate_hz=st.sampled_from([13.0, 52.0, 104.0, 200.0]), first=st.integers(0, 5000), n=st.integers(1, 36))
def test_a_recording_is_played_at_any_rate_between_its_own_samples(rate_hz: float, first: int, n: int) -> None:
    recording = a_recording(300)
    frame = PlayedMotion(recording).samples(first, n, rate_hz)
    assert frame is not None
    assert frame.acc_mps2.shape == (n, 3)
    assert (frame.acc_mps2 >= recording.acc_mps2.min(axis=0)).all()
    assert (frame.acc_mps2 <= recording.acc_mps2.max(axis=0)).all()


def test_a_recording_is_played_as_it_is_at_its_own_rate_and_again_after_its_end() -> None:
    recording = a_recording(300)
    played = PlayedMotion(recording)
    once, again = played.samples(0, 300, 100.0), played.samples(300, 300, 100.0)
    assert once is not None
    assert again is not None
    assert np.allclose(once.acc_mps2, recording.acc_mps2)
    assert np.allclose(again.acc_mps2, recording.acc_mps2)
    assert once.gyr_radps is not None


def test_a_recording_that_is_not_repeated_ends() -> None:
    played = PlayedMotion(a_recording(300), loop=False)
    assert played.samples(292, 8, 100.0) is not None
    assert played.samples(293, 8, 100.0) is None


def test_missing_values_of_a_recording_are_bridged() -> None:
    recording = a_recording(100)
    recording.acc_mps2[40:50] = np.nan
    frame = PlayedMotion(recording).samples(30, 30, 100.0)
    assert frame is not None
    assert np.isfinite(frame.acc_mps2).all()


def test_a_recording_without_gyroscope_gives_none() -> None:
    played = PlayedMotion(a_recording(100, gyroscope=False))
    assert isinstance(played, Motion)
    assert not played.has_gyroscope


def test_a_movement_of_one_sample_cannot_be_played() -> None:
    with pytest.raises(ValueError, match="two samples"):
        PlayedMotion(a_recording(1))


def test_every_nth_frame_meets_its_fate() -> None:
    fates = Fates(Faults(drop_every=4, duplicate_every=3))
    assert "".join(str(fates.next_frame())[:2] for _ in range(12)) == "sesedudrsedusedrdusesedr"


@given(seed=st.integers(0, 100))
def test_loss_comes_in_bursts_and_is_the_same_for_the_same_seed(seed: int) -> None:
    faults = Faults(loss=GilbertElliott(enter=0.05, leave=0.25), seed=seed)
    one, other = Fates(faults), Fates(faults)
    lost = [one.loses_notification() for _ in range(4000)]
    assert lost == [other.loses_notification() for _ in range(4000)]
    share = sum(lost) / len(lost)
    assert 0.08 < share < 0.27  # 1/6 in the long run
    repeats = sum(a and b for a, b in itertools.pairwise(lost)) / max(1, sum(lost))
    assert repeats > 2 * share


def test_without_faults_nothing_happens() -> None:
    fates = Fates(Faults())
    assert {fates.next_frame() for _ in range(100)} == {Fate.SENT}
    assert not any(fates.loses_notification() for _ in range(100))
    assert fates.delay_s() == 0.0
