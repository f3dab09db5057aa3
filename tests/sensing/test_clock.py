"""The sensor's clock against the session's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.clock import SLEW, ClockFit, Unwrapper

PACKETS_PER_S = 13
SETTLED_S = 60.0
BOUND_S = 0.004  # of the mapping's error after SETTLED_S, for connection intervals up to 60 ms
WIDTHS = [16, 24, 32, 64]


@given(
    bits=st.sampled_from(WIDTHS),
    start=st.integers(0, 2**64 - 1),
    steps=st.lists(st.integers(-(2**15) + 1, 2**15 - 1), max_size=50),
)
def test_a_counter_of_any_width_counts_on_over_its_wrap(bits: int, start: int, steps: list[int]) -> None:
    unwrapper = Unwrapper(bits)
    span = 1 << bits
    value = unwrapper.unwrap(start % span)
    true = value
    for step in steps:
        true += step
        value = unwrapper.unwrap(true % span)
        assert value == true


@pytest.mark.parametrize("bits", WIDTHS)
def test_a_counter_that_wrapped_often_in_a_silence_is_helped_by_what_was_expected(bits: int) -> None:
    unwrapper = Unwrapper(bits)
    span = 1 << bits
    unwrapper.unwrap(7)
    assert unwrapper.unwrap(12, expected=7 + 3 * span - 40) == 12 + 3 * span


def arrivals(
    seed: int, skew_ppm: float, interval_s: float, minutes: float, stuck: list[tuple[float, float]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(device, true, arrival) of packets that wait for a connection event and, at times, for seconds."""
    chance = np.random.default_rng(seed)
    device_s = np.arange(int(minutes * 60 * PACKETS_PER_S)) / PACKETS_PER_S + 4321.0
    true_s = 100.0 + (device_s - device_s[0]) * (1 + skew_ppm * 1e-6)
    arrival_s = true_s + chance.uniform(0, interval_s, true_s.size)
    for begin_s, length_s in stuck:
        end_s = 100.0 + begin_s + length_s
        held = (true_s >= 100.0 + begin_s) & (true_s < end_s)
        arrival_s[held] = np.maximum(arrival_s[held], end_s)
    return device_s, true_s, np.maximum.accumulate(arrival_s)


@given(
    seed=st.integers(0, 1000),
    skew_ppm=st.floats(-100, 100),
    interval_s=st.floats(0.015, 0.060),
    stuck=st.lists(st.tuples(st.floats(2.0, 230.0), st.floats(0.1, 8.0)), max_size=6),
)
@settings(max_examples=25, deadline=None)
def test_the_mapping_stays_within_its_bound_and_never_runs_backwards(
    seed: int, skew_ppm: float, interval_s: float, stuck: list[tuple[float, float]]
) -> None:
    device_s, true_s, arrival_s = arrivals(seed, skew_ppm, interval_s, 4, stuck)
    fit = ClockFit()
    mapped = []
    for device, arrival in zip(device_s.tolist(), arrival_s.tolist(), strict=True):
        if not fit.started:
            fit.add(device, arrival)
            mapped.append(fit.to_session(device))
            continue
        mapped.append(fit.to_session(device))
        fit.add(device, arrival)
    steps = np.diff(mapped)
    assert steps.min() > 0
    assert np.abs(steps * PACKETS_PER_S - 1).max() < SLEW + 0.0021
    error_s = np.array(mapped) - true_s
    settled = true_s - true_s[0] > SETTLED_S
    assert error_s[settled].min() > -BOUND_S
    assert error_s[settled].max() < BOUND_S
    assert fit.skew_ppm == pytest.approx(skew_ppm, abs=25)


def test_skew_and_residual_are_reported_once_known() -> None:
    fit = ClockFit()
    device_s, _, arrival_s = arrivals(3, 50.0, 0.03, 3, [])
    assert fit.skew_ppm is None
    assert fit.residual_s is None
    for device, arrival in zip(device_s.tolist(), arrival_s.tolist(), strict=True):
        fit.add(device, arrival)
    assert fit.skew_ppm == pytest.approx(50.0, abs=10)
    assert fit.residual_s == pytest.approx(0.015, abs=0.003)


def test_a_first_packet_that_came_late_is_made_good_at_the_stated_pace() -> None:
    fit = ClockFit()
    device_s, true_s, arrival_s = arrivals(4, 0.0, 0.015, 4, [(0.0, 0.4)])
    for device, arrival in zip(device_s.tolist(), arrival_s.tolist(), strict=True):
        fit.add(device, arrival)
        late_s = fit.to_session(device) - (device - device_s[0] + true_s[0])
        seconds = device - device_s[0]
        assert late_s < 0.4 - SLEW * (seconds - 3.0) + 0.005 or late_s < 0.01


def test_a_mapping_that_must_not_start_before_a_time_does_not() -> None:
    fit = ClockFit()
    fit.add(5.0, 50.0)
    fit.not_before(5.0, 51.0)
    assert fit.to_session(5.0) == 51.0
    fit.not_before(5.0, 50.0)
    assert fit.to_session(5.0) == 51.0
    for second in range(6, 400):
        fit.add(float(second), 45.0 + second)
    assert fit.to_session(399.0) == pytest.approx(444.0, abs=0.01)


def test_a_growing_delay_is_not_taken_for_a_skew() -> None:
    fit = ClockFit()
    for number in range(PACKETS_PER_S * 90):
        device_s = number / PACKETS_PER_S
        fit.add(device_s, 10.0 + device_s + max(0.0, device_s - 45.0) * 0.02)
    assert abs(fit.skew_ppm or 0.0) < 1.0


def test_a_counter_needs_a_width() -> None:
    with pytest.raises(ValueError, match="bits"):
        Unwrapper(1)
