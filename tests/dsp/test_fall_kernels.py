"""The fall kernels against their slow twins (naive_falls)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import ACC_X, COLUMNS, SEEN, TIME, BodyBlock, Floats
from dsp.detector import State, fresh
from dsp.detectors.fall import Fall
from dsp.falls import parameters as p
from dsp.falls.aftermath import NOBODY
from dsp.falls.phases import NAMES, TABLE
from dsp.falls.score import BIASES, TABLES, read_weights
from dsp.falls.stream import finish_falls, follow_falls
from dsp.wearing import Wearing
from tests.dsp import naive_falls
from tests.dsp.falling import falling
from tests.dsp.walks import body_of

moves = st.lists(
    st.tuples(
        st.floats(0.0, 3.1),  # posture, rad
        st.floats(0.0, 3.1),
        st.integers(1, 90),  # ticks
        st.sampled_from([0.0, 0.05, 1.5, 4.0]),  # rhythm, m/s2
        st.sampled_from([0.2, 0.8, 1.0, 1.6, 4.0]),  # the norm where it begins, g
    ),
    min_size=3,
    max_size=9,
)


def rows_of(parts: list[tuple[float, float, int, float, float]]) -> Floats:
    """Postures one after the other, each begun with some ticks of another weight, with a rhythm of 2 Hz."""
    directions, sizes, at = [], [], (0.0, 0.0)
    for lean, aside, ticks, rhythm, weight in [(0.0, 0.0, 60, 0.0, 1.0), *parts]:
        n = ticks * p.EVERY
        way = np.clip(np.arange(n) / 40.0, 0.0, 1.0)
        a, b = at[0] + way * (lean - at[0]), at[1] + way * (aside - at[1])
        directions.append(np.stack([np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), np.cos(a)], axis=1))
        size = 9.80665 + rhythm * np.sin(2 * np.pi * 0.02 * np.arange(n)) + 0.01 * np.cos(1.7 * np.arange(n))
        size[:16] *= weight
        sizes.append(size)
        at = (lean, aside)
    acc = np.concatenate(directions) * np.concatenate(sizes)[:, None]
    rows = np.zeros((len(acc), COLUMNS))
    rows[:, TIME] = rows[:, SEEN] = np.arange(len(acc)) / 100.0
    rows[:, ACC_X : ACC_X + 3] = acc
    return rows


def written(rows: Floats, place: int) -> tuple[Floats, State]:
    state, out = fresh(p.FALL_STATE), np.zeros((4000, p.WRITTEN_COLUMNS))
    taken, made = follow_falls(state, 0, rows, 0, place, out)
    assert taken == len(rows)
    made += finish_falls(state, float(rows[-1, SEEN]), place, out[made:])
    return out[:made], state


def compare(rows: Floats, place: int) -> None:
    found, state = written(rows, place)
    twin = naive_falls.Falls(rows, place)
    assert found[:, p.KIND].astype(int).tolist() == [told.kind for told in twin.found]
    for row, told in zip(found, twin.found, strict=True):
        assert row[p.AT] == pytest.approx(told.at_s, abs=1e-6)
        assert row[p.EMITTED] == pytest.approx(rows[min((told.emitted_tick + 1) * p.EVERY, len(rows)) - 1, SEEN])
        if told.kind != p.TAKEN_BACK:
            assert row[p.MEASURED :] == pytest.approx(told.signs, abs=1e-5)
            assert row[p.SCORE] == pytest.approx(told.score, abs=1e-4)
            assert row[p.PATH : p.MEASURED].tolist() == told.began
    s = state[0]
    assert (s["fallen"], s["still"], s["lay"]) == (twin.fallen, twin.still, twin.lay)
    if twin.fallen != NOBODY:
        for name in ("lying_s", "got_up_s", "walks_s"):
            assert s[name] == pytest.approx(getattr(twin, name), abs=1e-6, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(parts=moves, place=st.integers(0, 3))
def test_the_kernel_finds_what_its_slow_twin_finds(
    parts: list[tuple[float, float, int, float, float]], place: int
) -> None:
    compare(rows_of(parts), place)


def test_the_twins_agree_on_people_who_fall_get_up_and_walk() -> None:
    told = 0
    for position in ("lower_back", "pocket", "wrist"):
        stream = falling(position)
        (block,) = body_of(stream, Wearing(position))
        rows = block.rows[(-block.first_index) % p.EVERY :]  # the twin's ticks begin with the rows
        shifted = rows.copy()
        shifted[:, TIME] = shifted[:, SEEN] = np.arange(len(rows)) / 100.0
        compare(shifted, p.PLACE[position])
        told += sum(row[p.KIND] == p.TOLD for row in written(shifted, p.PLACE[position])[0])
    assert told >= 4


@settings(max_examples=30, deadline=None)
@given(parts=moves)
def test_the_worn_kernel_thinks_what_its_slow_twin_thinks(
    parts: list[tuple[float, float, int, float, float]],
) -> None:
    rows = rows_of([*parts, (0.1, 0.2, 1900, 0.0, 1.0)])
    detector, twin = Fall(Wearing("lower_back")), naive_falls.Falls(rows, p.TRUNK)
    names = {p.UNKNOWN: "unknown", p.WORN: "worn", p.NOT_WORN: "not_worn"}
    for start in range(0, len(rows), 400):
        detector.update(BodyBlock(start, rows[start : start + 400]))
        ticks = min(start + 400, len(rows)) // p.EVERY
        assert detector.worn().state == names[twin.worn[ticks - 1]]


def test_every_phase_leads_somewhere_and_a_soft_landing_never_to_a_strike() -> None:
    assert TABLE.shape == (len(NAMES) + 1, 7)
    assert set(TABLE.ravel().tolist()) <= set(range(len(NAMES) + 1))
    assert NAMES.index("impact") not in TABLE[:, 1]


def test_weights_for_other_signs_are_refused() -> None:
    with pytest.raises(ValueError, match="other signs"):
        read_weights("bias 1.0\nheight 0 1 0.5 1 0 0")


def test_more_turning_never_makes_a_middling_candidate_at_the_trunk_less_like_a_fall() -> None:
    middle = TABLES[p.TRUNK, :, 2].copy()
    sign = p.SIGNS.index("off_after")
    short = middle.copy()
    short[sign] = 0.3
    assert naive_falls.score_of(short, p.TRUNK) < naive_falls.score_of(middle, p.TRUNK)
    assert naive_falls.score_of(middle, p.TRUNK) == pytest.approx(BIASES[p.TRUNK])
