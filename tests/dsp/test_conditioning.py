"""Any sensor's samples become the same motion on one grid."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsp.body import BODY_RATE_HZ, BodyBlock
from dsp.conditioning import BRIDGE_S, Conditioner
from dsp.frames import WITH_GYRO_S, WITHOUT_GYRO_S
from dsp.wearing import Wearing
from sensing.block import SampleBlock
from tests import naive
from tests.dsp.walks import Stream, trunk_walk

POCKET = Wearing("pocket")


def joined(blocks: list[BodyBlock]) -> np.ndarray:
    return np.concatenate([block.rows for block in blocks])


def conditioned(stream: Stream, cuts: list[int] | None = None) -> list[BodyBlock]:
    conditioner = Conditioner(POCKET)
    return [body for block in stream.blocks(cuts or []) for body in conditioner.update(block)]


@settings(max_examples=25, deadline=None)
@given(
    rate_hz=st.sampled_from([12.5, 26.0, 52.0, 104.0, 208.0, 1000.0]),
    jitter=st.floats(0.0, 0.8),
    with_gyro=st.booleans(),
    seed=st.integers(0, 1000),
)
@example(rate_hz=12.5, jitter=0.75, with_gyro=True, seed=149)  # its first sample comes before zero
def test_rows_are_the_means_of_the_line_through_the_samples_turned_upright(
    rate_hz: float, jitter: float, with_gyro: bool, seed: int
) -> None:
    stream = trunk_walk(rate_hz=rate_hz, jitter=jitter, steps=4, still_s=1.0, noise_mps2=0.5, seed=seed)
    stream = stream if with_gyro else stream.without_gyro()
    (block,) = conditioned(stream)
    first, last = block.first_index, block.first_index + len(block)

    def grid(values: np.ndarray) -> np.ndarray:
        columns = [naive.grid_means(stream.time_s, values[:, c], BODY_RATE_HZ, first, last) for c in range(3)]
        return np.column_stack(columns)

    acc = grid(stream.acc_mps2)
    gyr = None if stream.gyr_radps is None else grid(stream.gyr_radps)
    gravity = naive.vertical(acc, gyr, BODY_RATE_HZ, WITH_GYRO_S, WITHOUT_GYRO_S)
    size = np.linalg.norm(gravity, axis=1)
    up = gravity / size[:, None]
    upward = (acc * up).sum(1)
    level = acc - upward[:, None] * up
    np.testing.assert_allclose(block.up, up, atol=1e-9)
    np.testing.assert_allclose(block.acc_body_mps2[:, 0], upward - size, atol=1e-8)
    np.testing.assert_allclose(np.hypot(*block.acc_body_mps2[:, 1:].T), np.linalg.norm(level, axis=1), atol=1e-8)
    np.testing.assert_allclose(block.norm_mps2, np.linalg.norm(acc, axis=1) - size, atol=1e-8)
    if gyr is None:
        assert np.isnan(block.gyr_body_radps).all()
    else:
        np.testing.assert_allclose(block.gyr_body_radps[:, 0], (gyr * up).sum(1), atol=1e-9)
        np.testing.assert_allclose(np.linalg.norm(block.gyr_body_radps, axis=1), np.linalg.norm(gyr, axis=1), atol=1e-9)


def test_a_row_lies_on_the_absolute_grid_and_knows_the_sample_that_completed_it() -> None:
    stream = trunk_walk(rate_hz=26.0, jitter=0.5)
    (block,) = conditioned(stream)
    np.testing.assert_allclose(block.time_s, (block.first_index + np.arange(len(block))) / BODY_RATE_HZ)
    ends = block.time_s + 0.5 / BODY_RATE_HZ
    np.testing.assert_allclose(block.seen_s, stream.time_s[np.searchsorted(stream.time_s, ends - 1e-12)])


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(1, 1500), max_size=30), rate_hz=st.sampled_from([12.5, 100.0, 208.0]))
def test_the_rows_do_not_depend_on_how_the_stream_is_cut(cuts: list[int], rate_hz: float) -> None:
    stream = trunk_walk(rate_hz=rate_hz, jitter=0.3)
    np.testing.assert_array_equal(joined(conditioned(stream, cuts)), joined(conditioned(stream)))


def test_a_short_hole_is_bridged_and_said_to_be_bridged() -> None:
    stream = trunk_walk()
    kept = np.ones(stream.time_s.size, bool)
    kept[500:515] = False
    (block,) = conditioned(stream.keep(kept))
    hole = (block.time_s > stream.time_s[499] + 0.006) & (block.time_s < stream.time_s[515] - 0.006)
    assert not block.valid[hole].any()
    assert block.valid[~hole].all()


def test_a_long_hole_is_a_break_and_nothing_is_made_up_for_it() -> None:
    stream = trunk_walk()
    kept = np.ones(stream.time_s.size, bool)
    kept[500 : 500 + round(2 * BRIDGE_S * 100)] = False
    before, after = conditioned(stream.keep(kept))
    assert before.time_s[-1] <= stream.time_s[499]
    assert after.time_s[0] >= stream.time_s[550]
    assert after.first_index > before.first_index + len(before)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1e9])
def test_a_sample_that_cannot_be_is_left_out(bad: float) -> None:
    stream = trunk_walk()
    kept = np.ones(stream.time_s.size, bool)
    kept[[100, 101, 700]] = False
    broken = stream.acc_mps2.copy()
    broken[[100, 101, 700], [0, 1, 2]] = bad
    spoilt = Stream(stream.time_s, broken, stream.gyr_radps, stream.contacts_s, stream.rate_hz)
    np.testing.assert_array_equal(joined(conditioned(spoilt)), joined(conditioned(stream.keep(kept))))


def test_a_gyroscope_that_fails_for_a_while_leaves_the_accelerations_as_they_are() -> None:
    stream = trunk_walk()
    assert stream.gyr_radps is not None
    gyr = stream.gyr_radps.copy()
    gyr[300:600] = np.nan
    (block,) = conditioned(Stream(stream.time_s, stream.acc_mps2, gyr, stream.contacts_s, stream.rate_hz))
    silent = np.isnan(block.gyr_body_radps).any(axis=1)
    assert silent[305:595].all()
    assert not silent[:295].any()
    assert not silent[605:].any()
    assert np.isfinite(block.acc_body_mps2).all()


def test_a_sample_from_the_past_is_left_out() -> None:
    conditioner = Conditioner(POCKET)
    stream = trunk_walk()
    rows = [*conditioner.update(stream.block(slice(0, 600)))]
    assert [*conditioner.update(stream.block(slice(200, 600)))] == []
    rows += conditioner.update(stream.block(slice(600, None)))
    np.testing.assert_array_equal(joined(rows), joined(conditioned(stream)))


def test_vibration_at_a_multiple_of_the_grid_rate_does_not_fold_onto_gait() -> None:
    time_s = np.arange(8000) / 1000.0
    shaking = np.column_stack([np.zeros(8000), np.zeros(8000), 9.81 + 20 * np.sin(2 * np.pi * 101 * time_s)])
    (block,) = Conditioner(POCKET).update(SampleBlock("fast", 0, 1000.0, time_s, shaking))
    assert np.abs(block.acc_body_mps2[200:, 0]).max() < 0.3


def test_a_clipped_signal_stays_finite() -> None:
    stream = trunk_walk(strength_mps2=300.0)
    clipped = Stream(stream.time_s, np.clip(stream.acc_mps2, -39.2, 39.2), stream.gyr_radps, stream.contacts_s, 100.0)
    assert np.isfinite(joined(conditioned(clipped))).all()
