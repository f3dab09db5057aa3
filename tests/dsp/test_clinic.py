"""How the tests of the clinic are fed, and what they are told of the sensor's wearing."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.body import BodyBlock
from dsp.clinic.busy import Busy
from dsp.clinic.verdict import Reason, slip_reasons, verdict, verdict_fields, wear_reasons
from dsp.clinic.wear import KEPT_S, Wear, WearFigures
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.pipeline import Pipeline
from dsp.prompt import PROMPT_STATE, PROTOCOLS, STANCES, Prompt, keep_prompt, kept_prompt
from dsp.wearing import Wearing
from tests.dsp.walks import Stream, body_of, rotation, trunk_walk

WALK = trunk_walk(steps=14)


class Diary:
    """A test of the clinic that writes down in what order it was fed, row by row."""

    def __init__(self, wearing: Wearing, wear: Wear) -> None:
        self.state: State = fresh(np.dtype([("rows", np.int64)]))
        self.lines: list[tuple[str, float]] = []
        DIARIES.append(self)

    def prompt(self, prompt: Prompt) -> list[Event]:
        self.lines.append((f"prompt {prompt.protocol}", prompt.set_s))
        return []

    def rows(self, block: BodyBlock) -> list[Event]:
        assert len(block)
        self.state["rows"] += len(block)
        self.lines += [("row", seen_s) for seen_s in block.seen_s.tolist()]
        return []

    def hear(self, event: Event) -> list[Event]:
        self.lines.append((event.kind, event.emitted_s))
        return [Event("tug", event.time_s, event.emitted_s)] if event.kind == "step" else []

    def finish(self, seen_s: float) -> list[Event]:
        self.lines.append(("end", seen_s))
        return []

    def progress(self) -> dict[str, JsonValue] | None:
        rows = int(self.state[0]["rows"])
        return {"prompted": rows > 500, "rows": rows} if rows else None


DIARIES: list[Diary] = []


def written(stream: Stream, cuts: list[int], prompts: tuple[Prompt, ...] = ()) -> list[tuple[str, float]]:
    DIARIES.clear()
    pipeline = Pipeline(Wearing("lower_back", prompts=prompts), tests=[Diary])
    for block in stream.blocks(cuts):
        pipeline.update(block)
    pipeline.finish()
    return DIARIES[0].lines


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, WALK.time_s.size), max_size=12))
def test_a_test_is_fed_in_the_same_order_however_the_stream_is_cut(cuts: list[int]) -> None:
    prompts = (Prompt("tug", set_s=2.5), Prompt("stance", set_s=-1.0))
    whole = written(WALK, [], prompts)
    assert written(WALK, sorted(cuts), prompts) == whole
    assert [line for line, _ in whole if line.startswith("prompt")] == ["prompt stance", "prompt tug"]


def test_rows_come_before_the_event_that_they_brought_out() -> None:
    lines = written(WALK, [333, 777])
    newest_s = -math.inf
    for kind, at_s in lines:
        if kind == "row":
            newest_s = at_s
        elif kind in ("step", "turn", "walking_bout"):
            assert newest_s == at_s or lines[-1][0] == "end"
    assert [kind for kind, _ in lines].count("step") > 8


def test_a_prompt_told_in_mid_stream_holds_from_its_row_on_and_one_that_never_comes_waits() -> None:
    DIARIES.clear()
    pipeline = Pipeline(Wearing(), tests=[Diary])
    first, second = list(WALK.blocks([400]))
    pipeline.update(first)
    pipeline.prompt(Prompt("6mwt", set_s=5.005))
    pipeline.prompt(Prompt("6mwt", set_s=5000.0))
    pipeline.update(second)
    lines = DIARIES[0].lines
    at = lines.index(("prompt 6mwt", 5.005))
    before = next(seen_s for kind, seen_s in reversed(lines[:at]) if kind == "row")
    after = next(seen_s for kind, seen_s in lines[at:] if kind == "row")
    assert before < 5.03
    assert after >= 5.005
    assert ("prompt 6mwt", 5000.0) not in lines


def test_too_many_waiting_prompts_are_refused_in_words() -> None:
    pipeline = Pipeline(Wearing(), tests=[Diary])
    for n in range(8):
        pipeline.prompt(Prompt("tug", set_s=float(n)))
    with pytest.raises(ValueError, match="waiting for samples"):
        pipeline.prompt(Prompt("tug", set_s=8.0))


def test_waiting_prompts_are_part_of_the_saved_state() -> None:
    first, second = list(WALK.blocks([400]))
    pipeline, other = Pipeline(Wearing(), tests=[Diary]), Pipeline(Wearing(), tests=[Diary])
    pipeline.update(first)
    pipeline.prompt(Prompt("tug", set_s=6.0))
    other.load_state(pipeline.save_state())
    DIARIES[-1].lines.clear()
    other.update(second)
    assert ("prompt tug", 6.0) in DIARIES[-1].lines


def test_what_a_test_makes_comes_out_in_emitted_order_and_the_prompted_progress_first() -> None:
    pipeline = Pipeline(Wearing(), tests=[Diary])
    output = pipeline.update(next(iter(WALK.blocks([]))))
    emitted_s = [event.emitted_s for event in output.events]
    assert emitted_s == sorted(emitted_s)
    assert [e.kind for e in output.events].count("tug") == [e.kind for e in output.events].count("step") > 0
    assert (pipeline.progress() or {})["prompted"] is True


@given(
    st.builds(
        Prompt,
        st.sampled_from(PROTOCOLS),
        st.floats(-1e6, 1e6),
        st.none() | st.floats(-1e6, 1e6),
        st.none() | st.floats(-1e6, 1e6),
        st.none() | st.floats(0.1, 1e3),
        st.none() | st.sampled_from(STANCES),
        st.none() | st.floats(1, 60),
        st.sampled_from([None, "sppb"]),
        st.booleans(),
    )
)
def test_a_prompt_is_kept_in_a_record_as_it_was(prompt: Prompt) -> None:
    record = fresh(PROMPT_STATE)[0]
    keep_prompt(prompt, record)
    assert kept_prompt(record) == prompt
    keep_prompt(None, record)
    assert kept_prompt(record) is None


def worn(stream: Stream, cuts: list[int] | None = None) -> Wear:
    wear = Wear()
    for block in body_of(stream, Wearing()):
        edges = [0, *[c for c in cuts or [] if 0 < c < len(block)], len(block)]
        for start, stop in itertools.pairwise(edges):
            wear.rows(BodyBlock(block.first_index + start, block.rows[start:stop]))
    return wear


def standing(seconds: float, rate_hz: float = 100.0) -> Stream:
    time_s = np.arange(0.0, seconds, 1.0 / rate_hz)
    acc = np.tile([0.3, 9.8, 0.2], (time_s.size, 1)) + 0.01 * np.sin(7.0 * time_s)[:, None]
    return Stream(time_s, acc, np.zeros_like(acc), np.empty(0), rate_hz)


def test_a_whole_stream_has_lost_nothing_from_its_first_to_its_last_sample() -> None:
    figures = worn(standing(20.37)).over(-5.0, 90.0)
    assert figures == WearFigures(0.0, 0.0, 0.0)


def test_a_hole_of_three_seconds_is_told_by_its_length_and_its_share() -> None:
    stream = standing(30.0)
    wear = worn(stream.keep((stream.time_s < 10.0) | (stream.time_s > 13.0)))
    figures = wear.over(5.0, 25.0)
    assert figures.longest_hole_s == pytest.approx(3.0, abs=0.05)
    assert figures.lost_share == pytest.approx(0.15, abs=0.005)
    assert wear.over(15.0, 25.0) == WearFigures(0.0, 0.0, 0.0)
    assert wear_reasons(figures)[0].level == "invalid"


def test_single_lost_samples_count_as_lost_though_they_are_bridged() -> None:
    stream = standing(30.0, 50.0)
    kept = np.arange(stream.time_s.size) % 20 != 0
    assert worn(stream.keep(kept)).over(5.0, 25.0).lost_share == pytest.approx(0.1, abs=0.06)


def test_a_range_that_ends_at_two_g_is_noticed() -> None:
    stream = trunk_walk(steps=30, strength_mps2=9.0)
    clipped = Stream(stream.time_s, np.clip(stream.acc_mps2, -16.0, 16.0), None, stream.contacts_s, stream.rate_hz)
    assert worn(stream).over(2.0, 12.0).clipped_share == 0.0
    assert worn(clipped).over(2.0, 12.0).clipped_share > 0.01


def test_a_sensor_that_has_slipped_by_thirty_degrees_says_so() -> None:
    stream, turned = standing(40.0), rotation(3)
    tilt = math.radians(30.0)
    about_z = np.array([[math.cos(tilt), -math.sin(tilt), 0], [math.sin(tilt), math.cos(tilt), 0], [0, 0, 1.0]])
    acc = np.where((stream.time_s < 20.0)[:, None], stream.acc_mps2, stream.acc_mps2 @ about_z.T) @ turned.T
    wear = worn(Stream(stream.time_s, acc, None, stream.contacts_s, stream.rate_hz))
    slipped_rad = wear.slipped_rad((5.0, 15.0), (30.0, 40.0))
    assert slipped_rad == pytest.approx(tilt, abs=0.02)
    assert wear.slipped_rad((5.0, 10.0), (10.0, 15.0)) == pytest.approx(0.0, abs=0.01)
    assert wear.slipped_rad((5.0, 10.0), (500.0, 510.0)) is None
    assert slip_reasons(None) == []
    assert slip_reasons(0.2) == []
    assert [r.level for r in slip_reasons(0.35) + slip_reasons(0.6)] == ["attention", "invalid"]


def test_what_is_older_than_the_memory_is_forgotten_and_not_mixed_up() -> None:
    stream = standing(KEPT_S + 100.0, 12.5)
    kept = (stream.time_s < 50.0) | (stream.time_s > 60.0)
    wear = worn(stream.keep(kept))
    assert wear.over(0.0, 60.0).lost_share == 1.0
    assert wear.over(100.0, KEPT_S + 100.0).lost_share == pytest.approx(0.0, abs=0.001)


def test_a_hole_longer_than_the_memory_leaves_it_empty() -> None:
    stream = standing(40.0)
    late = Stream(
        np.concatenate([stream.time_s, stream.time_s + 2000.0]),
        np.concatenate([stream.acc_mps2, stream.acc_mps2]),
        None,
        stream.contacts_s,
        100.0,
    )
    wear = worn(late)
    assert wear.over(2005.0, 2035.0).lost_share == 0.0
    assert wear.over(1700.0, 1900.0).lost_share == 1.0


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(1, 3000), max_size=8), start_s=st.floats(0, 30), length_s=st.floats(0, 20))
def test_wear_is_the_same_however_the_rows_are_cut(cuts: list[int], start_s: float, length_s: float) -> None:
    stream = standing(30.0).keep(np.arange(3000) % 700 > 60)
    whole, pieces = worn(stream), worn(stream, sorted(set(cuts)))
    assert pieces.over(start_s, start_s + length_s) == whole.over(start_s, start_s + length_s)
    assert 0.0 <= whole.over(start_s, start_s + length_s).lost_share <= 1.0


def test_the_gravest_reason_is_the_verdict_and_comes_first() -> None:
    reasons = [Reason("attention", "a"), Reason("invalid", "b")]
    assert verdict([]) == "valid"
    assert verdict(reasons[:1]) == "attention"
    assert verdict_fields(reasons) == {"verdict": "invalid", "reasons": ["b", "a"]}


def found(kind: str, time_s: float, end_s: float, prompted: bool = False) -> Event:
    return Event(kind, time_s, end_s + 1.0, end_s, {"prompted": prompted})


def test_within_a_test_that_was_set_up_no_other_one_is_found() -> None:
    busy = Busy()
    busy.prompt(Prompt("6mwt", set_s=10.0, cue_s=14.0))
    assert not busy.allows(found("tug", 100.0, 115.0))
    assert not busy.allows(found("stance", 5.0, 40.0))
    assert busy.allows(found("tug", 0.0, 9.0))
    assert busy.allows(found("walk_test", 14.0, 374.0, prompted=True))
    assert not busy.allows(found("stance", 350.0, 380.0))
    assert busy.allows(found("tug", 380.0, 395.0))


def test_a_test_that_was_broken_off_or_stopped_ends_there() -> None:
    busy = Busy()
    busy.prompt(Prompt("stance", set_s=10.0, cue_s=14.0))
    busy.prompt(Prompt("stance", set_s=20.0, cue_s=14.0, aborted=True))
    assert not busy.allows(found("tug", 15.0, 25.0))
    assert busy.allows(found("tug", 21.0, 31.0))
    busy.prompt(Prompt("2mwt", set_s=40.0, cue_s=41.0))
    busy.prompt(Prompt("2mwt", set_s=40.0, cue_s=41.0, end_cue_s=90.0))
    assert not busy.allows(found("chair_stand", 80.0, 95.0))
    assert busy.allows(found("chair_stand", 91.0, 121.0))


def test_more_prompts_than_are_remembered_forget_the_oldest() -> None:
    busy = Busy()
    for n in range(20):
        busy.prompt(Prompt("tug", set_s=100.0 * n, cue_s=100.0 * n + 5.0, end_cue_s=100.0 * n + 20.0))
    assert busy.allows(found("stance", 1.0, 30.0))
    assert not busy.allows(found("stance", 1901.0, 1930.0))
