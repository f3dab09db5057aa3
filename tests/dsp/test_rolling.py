"""What is measured over a walk's last seconds: against a slow twin, and through the pipeline."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import COLUMNS, V
from dsp.detector import fresh
from dsp.events import Event
from dsp.gait.past import PAST_STATE, keep
from dsp.gait.regularity import lately
from dsp.wearing import Calibration, Wearing
from tests.dsp import naive_bout
from tests.dsp.naive_bout import Motion
from tests.dsp.walks import Stream, events_of, leg_walk, trunk_walk


def rolling_of(stream: Stream, wearing: Wearing) -> list[Event]:
    return [e for e in events_of(stream, wearing) if "rolling" in e.fields]


def values(event: Event) -> dict[str, float]:
    found = event.fields["rolling"]
    assert isinstance(found, dict)
    return found  # type: ignore[return-value]


@settings(max_examples=30, deadline=None)
@given(
    stride_s=st.floats(0.8, 2.5),
    seconds=st.floats(1.0, 28.0),
    hole=st.none() | st.integers(100, 2000),
    noise=st.floats(0.0, 1.0),
)
def test_the_regularity_of_the_last_seconds_is_what_its_twin_says(
    stride_s: float, seconds: float, hole: int | None, noise: float
) -> None:
    rng = np.random.default_rng(3)
    n = round(100 * seconds) + 60
    phase = 2 * np.pi * np.arange(n) / 100 / stride_s
    v = np.sin(2 * phase) + 0.4 * np.sin(phase) + rng.normal(0, noise, n)
    if hole is not None and hole + 7 < n:
        v[hole : hole + 7] = np.nan
    past = fresh(PAST_STATE)[0]
    row = np.zeros(COLUMNS)
    for i in np.flatnonzero(~np.isnan(v)):
        row[V] = v[i]
        keep(past, i, row)
    found = lately(past, 30, n - 20, stride_s)
    nothing = np.zeros(n)
    motion = Motion(v, nothing, nothing, nothing, nothing, nothing)
    expected = naive_bout.lately(motion, 0.3, (n - 20) / 100, stride_s)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("wearing", [Wearing(height_m=1.7), Wearing("foot_left")])
def test_it_comes_every_two_seconds_of_walking_at_most_and_spans_thirty_at_most(wearing: Wearing) -> None:
    stream = leg_walk(strides=60) if wearing.side else trunk_walk(steps=120)
    found = rolling_of(stream, wearing)
    times_s = [event.time_s for event in found]
    assert len(found) > 20
    assert all(2.0 <= b - a < 3.5 for a, b in pairwise(times_s))
    windows_s = [values(event)["window_s"] for event in found]
    assert windows_s == sorted(windows_s) or max(windows_s) <= 30.0
    assert 27.0 < max(windows_s) <= 30.0
    assert "rolling" not in next(e for e in events_of(stream, wearing) if e.kind == "step").fields


def test_it_measures_what_the_bout_does_while_nothing_changes() -> None:
    events = events_of(trunk_walk(steps=50), Wearing(height_m=1.7))
    bout = next(event for event in events if event.kind == "walking_bout").fields
    last = values([event for event in events if "rolling" in event.fields][-1])
    assert set(last) - set(bout) == {"window_s"}
    for name in set(last) - {"window_s", "steps", "strides", "speed_expected_error_mps"}:
        if isinstance(bout[name], float):
            assert last[name] == pytest.approx(bout[name], rel=0.1, abs=0.01), name
        else:
            assert last[name] == bout[name], name


def test_it_forgets_what_is_longer_ago_than_its_window() -> None:
    slow, quick = trunk_walk(step_s=0.7, steps=40, still_s=1.0), trunk_walk(step_s=0.5, steps=80, still_s=1.0)
    later = quick.time_s + slow.time_s[-1] + 0.01
    assert slow.gyr_radps is not None
    assert quick.gyr_radps is not None
    both = Stream(
        np.concatenate([slow.time_s, later]),
        np.concatenate([slow.acc_mps2, quick.acc_mps2]),
        np.concatenate([slow.gyr_radps, quick.gyr_radps]),
        slow.contacts_s,
        100.0,
    )
    found = rolling_of(both, Wearing())
    assert values(found[8])["stride_time_s"] == pytest.approx(1.4, abs=0.02)
    assert values(found[-1])["stride_time_s"] == pytest.approx(1.0, abs=0.01)
    assert values(found[-1])["stride_time_sd_s"] < 0.01


def test_a_step_tells_the_stride_that_it_completes() -> None:
    steps = [e.fields for e in events_of(trunk_walk(steps=30), Wearing(height_m=1.7)) if e.kind == "step"]
    assert [steps[n]["stride_time_s"] for n in (0, 1)] == [None, None]
    for fields in steps[5:-2]:
        assert fields["stride_time_s"] == pytest.approx(1.1, abs=0.02)
        stride_m, speed_mps = fields["stride_length_m"], fields["speed_mps"]
        assert isinstance(stride_m, float)
        assert speed_mps == pytest.approx(stride_m / 1.1, rel=0.03)
        assert fields["final_contact_s"] is None


def test_a_calibration_multiplies_lengths_and_lowers_the_expected_error() -> None:
    stream = trunk_walk(steps=60)
    plain, calibrated = (
        next(e.fields for e in events_of(stream, wearing) if e.kind == "walking_bout")
        for wearing in (
            Wearing(sensor_height_m=1.0),
            Wearing(height_m=1.3, calibration=Calibration(1.1, 1.0, 0.02)),
        )
    )
    for name in ("stride_length_m", "speed_mps", "distance_m"):
        assert calibrated[name] == pytest.approx(1.1 * plain[name], rel=1e-3)  # type: ignore[operator]
    assert calibrated["speed_expected_error_mps"] < plain["speed_expected_error_mps"]  # type: ignore[operator]
    assert (plain["length_model"], calibrated["length_model"]) == ("pendulum", "pendulum, calibrated")
