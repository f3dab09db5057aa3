"""The stumble kernels against their slow twin (naive_stumbles)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import ACC_X, COLUMNS, GYR_X, SEEN, TIME, Floats
from dsp.detector import fresh
from dsp.stumbles import parameters as p
from dsp.stumbles.score import HEADS, TABLES, read_weights
from dsp.stumbles.stream import follow_stumbles
from dsp.stumbles.weights import WITH_GYROSCOPE
from dsp.wearing import Wearing
from tests.dsp.falling import stream_of
from tests.dsp.naive_stumbles import Stumbles
from tests.dsp.stumbling import stumbler
from tests.dsp.walks import body_of

walks = st.lists(
    st.tuples(
        st.integers(20, 120),  # ticks
        st.sampled_from([0.0, 1.5, 3.0, 8.0]),  # steps, m/s2
        st.floats(0.8, 2.5),  # their rate, Hz
        st.sampled_from([0.0, 4.0, 15.0, 30.0]),  # how hard it begins, m/s2
        st.floats(0.0, 1.2),  # lean, rad
    ),
    min_size=3,
    max_size=7,
)


def rows_of(parts: list[tuple[int, float, float, float, float]], gyro: bool) -> Floats:
    """Steps of one strength after the other, each begun with some harder ticks, leaning one way or another."""
    pieces = []
    for count, strength, rate_hz, hard, lean in [(100, 2.5, 1.8, 0.0, 0.1), *parts]:
        t = np.arange(count * p.EVERY) / 100.0
        up = 9.81 + strength * np.sin(2 * np.pi * rate_hz * t) + 0.4 * strength * np.cos(4 * np.pi * rate_hz * t + lean)
        up[:12] += hard
        side = 0.3 * strength * np.sin(np.pi * rate_hz * t + 1.0) + 0.1 * np.cos(1.7 * t)
        pieces.append(
            np.column_stack(
                [
                    up * np.sin(lean) + side,
                    0.5 * side,
                    up * np.cos(lean),
                    0.3 * side,
                    0.2 * np.sin(t) + 0.1 * hard * np.exp(-3.0 * t),
                    lean * np.cos(t),
                ]
            )
        )
    motion = np.concatenate(pieces)
    rows = np.zeros((len(motion), COLUMNS))
    rows[:, TIME] = rows[:, SEEN] = np.arange(len(motion)) / 100.0
    rows[:, ACC_X : ACC_X + 6] = motion
    if not gyro:
        rows[:, GYR_X : GYR_X + 3] = np.nan
    return rows


def written(rows: Floats) -> Floats:
    state, out = fresh(p.STUMBLE_STATE), np.zeros((500, p.WRITTEN_COLUMNS))
    taken, made = follow_stumbles(state, 0, rows, 0, out)
    assert taken == len(rows)
    return out[:made]


def assert_like_the_twin(rows: Floats) -> None:
    found, expected = written(rows), Stumbles(rows).found
    np.testing.assert_allclose(found[:, p.AT], [one.at_s for one in expected], atol=1e-9)
    for row, one in zip(found, expected, strict=True):
        np.testing.assert_allclose(row[p.WRITTEN :], one.signs, rtol=1e-6, atol=1e-6)
        assert row[p.CONFIDENCE] == pytest.approx(one.confidence, abs=1e-6)
        assert row[p.GYRO] == one.gyro
        assert (row[p.KIND] != p.NO_WALK) == one.walked
        assert (row[p.KIND] == p.TOLD) == one.told


@settings(max_examples=30, deadline=None)
@given(parts=walks, gyro=st.booleans())
def test_candidates_signs_and_stumbles_are_those_of_the_twin(
    parts: list[tuple[int, float, float, float, float]], gyro: bool
) -> None:
    assert_like_the_twin(rows_of(parts, gyro))


@pytest.mark.parametrize("severity", [0.3, 1.0])
def test_a_simulated_stumble_is_judged_as_the_twin_judges_it(severity: float) -> None:
    (block,) = body_of(stream_of(stumbler(severity)), Wearing("lower_back"))
    cut = -block.first_index % p.EVERY
    rows = np.ascontiguousarray(block.rows[cut:])
    assert_like_the_twin(rows)


def test_weights_for_other_signs_are_refused() -> None:
    with pytest.raises(ValueError, match="other signs"):
        read_weights(WITH_GYROSCOPE.replace("harder", "louder"))


def test_what_only_a_gyroscope_sees_counts_for_nothing_without_one() -> None:
    alone = TABLES[0, [p.SIGNS.index("burst"), p.SIGNS.index("turned")], 2]
    assert (alone == 0.0).all()
    assert HEADS[0, 3] < 0.8 <= HEADS[1, 3]
