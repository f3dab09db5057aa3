"""The wearer who obeys: quiet before the cue, the test at the cue, life before and after, never a jump."""

import numpy as np
import pytest

from sensing.drivers.base import Frame
from sensing.simulator import Person
from sensing.simulator.trial_scripts import PROTOCOLS
from sensing.virtual import Motion, ObedientWearer

RATE_HZ = 104.0
ANNA = Person.drawn(11, name="Anna")


def felt(wearer: ObedientWearer, start_s: float, end_s: float) -> Frame:
    """As a sensor asks for it: frames of eight samples, one after the other."""
    frames = [wearer.samples(first, 8, RATE_HZ) for first in range(round(start_s * RATE_HZ), round(end_s * RATE_HZ), 8)]
    return Frame(np.concatenate([f.acc_mps2 for f in frames if f]), np.concatenate([f.gyr_radps for f in frames if f]))


def turning(frame: Frame) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    assert frame.gyr_radps is not None
    return np.linalg.norm(frame.gyr_radps - np.median(frame.gyr_radps, axis=0), axis=1)


def test_she_is_a_motion_and_lives_when_nobody_tells_her_anything() -> None:
    wearer = ObedientWearer(ANNA)
    assert isinstance(wearer, Motion)
    day = felt(wearer, 0.0, 300.0)
    assert np.isfinite(day.acc_mps2).all()
    assert np.linalg.norm(day.acc_mps2, axis=1).std() > 0.5, "she walks"
    quiet = felt(wearer, 301.0, 302.0)
    assert len(quiet) == 104


@pytest.mark.parametrize(
    ("protocol", "told_at_s"),  # in the middle of her walk, and sitting
    [*((protocol, 20.0) for protocol in PROTOCOLS), ("tug", 85.0), ("stance", 85.0)],
)
def test_she_is_quiet_before_the_cue_and_moves_after_it(protocol: str, told_at_s: float) -> None:
    wearer = ObedientWearer(ANNA, seed=3)
    felt(wearer, 0.0, told_at_s)
    wearer.prepare(protocol)
    felt(wearer, told_at_s, told_at_s + 8.0)
    wearer.perform(protocol, after_s=5.0, course_length_m=None, stance="tandem_left", hold_s=10.0)
    before = felt(wearer, told_at_s + 8.0, told_at_s + 13.0)
    after = felt(wearer, told_at_s + 13.0, told_at_s + 17.0)
    assert turning(before)[104:].max() < 0.25
    if protocol != "stance":
        moves_s = float(np.argmax(turning(after) > 0.35)) / RATE_HZ
        assert 0.3 < moves_s < 1.5
    else:
        assert turning(after).max() < 0.5


def test_told_without_having_been_prepared_she_sits_down_first() -> None:
    wearer = ObedientWearer(ANNA, "thigh")
    felt(wearer, 0.0, 4.0)
    wearer.perform("tug", after_s=5.0, course_length_m=3.0, stance=None, hold_s=None)
    seated = felt(wearer, 4.0, 9.0).acc_mps2[-50:]
    assert np.abs(seated[:, 0]).max() < 1.0, "the thigh lies"
    assert felt(wearer, 9.0, 14.0).acc_mps2[:, 0].max() > 8.0, "and stands up"


def test_she_walks_on_when_the_test_is_over_and_when_she_is_told_to_stop() -> None:
    wearer = ObedientWearer(ANNA, seed=5)
    felt(wearer, 0.0, 3.0)
    wearer.perform("6mwt", after_s=5.0, course_length_m=20.0, stance=None, hold_s=None)
    assert turning(felt(wearer, 3.0, 60.0)).max() > 1.0
    wearer.stop()
    stopped = felt(wearer, 60.0, 62.5)
    assert turning(stopped)[104:].max() < 0.25
    assert turning(felt(wearer, 62.5, 200.0)).max() > 1.0


def test_nothing_jumps_where_one_doing_follows_another() -> None:
    wearer = ObedientWearer(ANNA, seed=6)
    felt(wearer, 0.0, 30.0)
    wearer.prepare("tug")
    wearer.perform("tug", after_s=6.0, course_length_m=3.0, stance=None, hold_s=None)
    all_of_it = felt(wearer, 30.0, 100.0)
    walking = felt(ObedientWearer(ANNA, seed=6), 8.0, 40.0)
    ordinary = np.abs(np.diff(walking.acc_mps2, axis=0)).max()
    assert np.abs(np.diff(all_of_it.acc_mps2, axis=0)).max() < 2.0 * ordinary


def test_a_test_that_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        ObedientWearer(ANNA).perform("marathon", after_s=3.0, course_length_m=None, stance=None, hold_s=None)
