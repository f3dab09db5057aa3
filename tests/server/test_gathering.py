"""Small packets are analysed together: never more than a tenth of a second late, and with the same result."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensing.block import SampleBlock, joined
from server.gathering import GATHER_S, Gatherer


def block(first: int, samples: int, *, gyroscope: bool = True, rate_hz: float = 100.0) -> SampleBlock:
    time_s = (first + np.arange(samples)) / rate_hz
    vectors = np.stack([time_s, 2.0 * time_s, 3.0 * time_s], axis=1)
    return SampleBlock("a", first, rate_hz, time_s, vectors, -vectors if gyroscope else None)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 2), st.booleans()), max_size=12))
def test_joining_keeps_every_sample_and_every_hole(parts: list[tuple[int, int, bool]]) -> None:
    blocks, first = [], 0
    for samples, lost, gyroscope in parts:
        blocks.append(block(first + lost, samples, gyroscope=gyroscope))
        first += lost + samples
    whole = joined(blocks)
    for one in whole:
        assert np.array_equal(one.time_s, block(one.first_index, len(one)).time_s)
        assert np.array_equal(one.acc_mps2, block(one.first_index, len(one)).acc_mps2)
        assert one.gyr_radps is None or np.array_equal(one.gyr_radps, -one.acc_mps2)
    assert sum(map(len, whole)) == sum(map(len, blocks))
    for before, after in itertools.pairwise(whole):
        hole = after.first_index > before.first_index + len(before)
        assert hole or (before.gyr_radps is None) != (after.gyr_radps is None)


@pytest.mark.parametrize("samples", [1, 4, 8, 10, 25])
def test_no_block_waits_for_longer_than_a_tenth_of_a_second(samples: int) -> None:
    gatherer, period_s = Gatherer(), samples / 100.0
    waited: list[int] = []
    waiting = 0
    for number in range(100):
        now_s = number * period_s
        gatherer.add(block(number * samples, samples), now_s)
        waiting += 1
        if gatherer.due(now_s, period_s):
            (one,) = gatherer.take()
            assert len(one) == waiting * samples
            waited.append(waiting)
            waiting = 0
    assert waited
    for together in waited:
        assert (together - 1) * period_s <= GATHER_S + 1e-9
        assert together * period_s >= GATHER_S - 1e-9, "so many fit in"


def test_nothing_is_due_where_nothing_waits() -> None:
    gatherer = Gatherer()
    assert not gatherer.due(5.0, 0.1)
    assert gatherer.take() == []
