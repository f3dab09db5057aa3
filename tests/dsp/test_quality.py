"""How far a bout's measures can be trusted, in a number and in words."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.gait import columns as c
from dsp.gait.quality import quality_of
from dsp.wearing import Wearing
from tests.dsp.walks import Stream, events_of, trunk_walk


def flawless() -> list[float]:
    measured = [math.nan] * c.MEASURED_COLUMNS
    measured[c.STRIDES], measured[c.SURE_SHARE], measured[c.STRIDE_REGULARITY] = 40.0, 1.0, 0.9
    measured[c.BRIDGED_SHARE] = measured[c.LOST_SHARE] = measured[c.IRREGULAR_SHARE] = 0.0
    measured[c.SPEED_MPS] = 1.1
    return measured


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        (c.STRIDES, 4.0, "Only 4 strides"),
        (c.STRIDES, 1.0, "Only one stride"),
        (c.SURE_SHARE, 0.2, "vertical"),
        (c.SURE_SHARE, 0.6, "Forward"),
        (c.BRIDGED_SHARE, 0.1, "10% of the samples"),
        (c.LOST_SHARE, 0.25, "25% of the strides"),
        (c.IRREGULAR_SHARE, 0.4, "40% of the strides are irregular"),
        (c.STRIDE_REGULARITY, 0.3, "hardly repeats"),
        (c.SPEED_MPS, 0.3, "slow"),
    ],
)
def test_each_flaw_costs_something_and_is_told(column: int, value: float, word: str) -> None:
    assert quality_of(flawless(), trunk=True) == (1.0, [])
    measured = flawless()
    measured[column] = value
    quality, reasons = quality_of(measured, trunk=True)
    assert 0.0 < quality < 1.0
    assert len(reasons) == 1
    assert word in reasons[0]


@given(st.lists(st.none() | st.floats(0.0, 1.0), min_size=c.MEASURED_COLUMNS, max_size=c.MEASURED_COLUMNS))
def test_whatever_is_not_known_there_is_a_quality_and_a_reason_when_it_is_not_one(values: list[float | None]) -> None:
    measured = [math.nan if value is None else value for value in values]
    quality, reasons = quality_of(measured, trunk=True)
    assert 0.0 <= quality <= 1.0
    assert (quality == 1.0) <= (not reasons)
    assert all(reason.endswith(".") for reason in reasons)


def test_a_bout_with_lost_samples_says_so() -> None:
    stream = trunk_walk(steps=40)
    kept = np.random.default_rng(1).random(stream.time_s.size) > 0.15
    thinned: Stream = stream.keep(kept)
    (bout,) = (event for event in events_of(thinned, Wearing(height_m=1.7)) if event.kind == "walking_bout")
    assert any("lost and filled in" in str(reason) for reason in bout.fields["quality_reasons"])  # type: ignore[union-attr]
    (whole,) = (event for event in events_of(stream, Wearing(height_m=1.7)) if event.kind == "walking_bout")
    assert bout.fields["quality"] < whole.fields["quality"] == 1.0  # type: ignore[operator]
