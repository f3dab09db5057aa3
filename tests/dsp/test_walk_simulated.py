"""Walk tests of simulated people, through the whole pipeline."""

from dataclasses import replace

import numpy as np
import pytest

from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.prompt import Prompt
from sensing.simulator import (
    Loss,
    Mounting,
    Pause,
    Person,
    Sensor,
    Simulated,
    Stand,
    Turn,
    Walk,
    back_and_forth,
    simulate,
)
from server.plan import wearing_of

CUE_S = 5.5
COURSE_M = 10.0
TWO = Prompt("2mwt", set_s=0.0, cue_s=CUE_S, course_length_m=COURSE_M)


def true_laps(simulated: Simulated, end_s: float) -> tuple[int, float]:
    """Lengths walked from end to end, and metres since the last half turn."""
    truth = simulated.truth
    turns = [turn for turn in truth["turns"] if turn["start_s"] < end_s]
    since_s = turns[-1]["end_s"] if turns else 0.0
    feet_s = np.sort(truth["contacts_left_s"] + truth["contacts_right_s"])
    steps_m = np.array(truth["step_lengths_m"])
    return len(turns), float(steps_m[(feet_s > since_s) & (feet_s <= end_s)].sum())


def events_of(simulated: Simulated, prompts: tuple[Prompt, ...]) -> list[Event]:
    recording = simulated.recording("walk")
    pipeline = Pipeline(replace(wearing_of(recording.facts), prompts=prompts))
    events = [event for block in recording.blocks(8192) for event in pipeline.update(block).events]
    return [event for event in events + pipeline.finish().events if event.kind == "walk_test"]


@pytest.mark.parametrize(
    ("seed", "condition", "turn", "rate_hz", "loss"),
    [
        (3, "healthy", Turn(180.0, 1.8), 104.0, None),
        (10, "ms", Turn(172.0, 3.4, hesitations=2, hesitation_s=0.9), 52.0, None),
        (26, "ms", Turn(188.0, 3.0, hesitations=1), 104.0, Loss()),
        (41, "healthy", Turn(180.0, 2.2), 52.0, Loss()),
    ],
)
def test_laps_are_exact_and_the_distance_is_good_to_two_metres_and_half_a_stride(
    seed: int, condition: str, turn: Turn, rate_hz: float, loss: Loss | None
) -> None:
    person = Person.drawn(seed, condition)
    lengths = int(120.0 * person.preferred_speed_mps / COURSE_M) + 2
    simulated = simulate(
        [Stand(6.0), Walk(back_and_forth(COURSE_M, lengths, turn)), Stand(6.0)],
        person,
        sensor=Sensor(rate_hz=rate_hz, loss=loss),
        mounting=Mounting.drawn(seed),
        seed=seed,
    )
    (event,) = events_of(simulated, (TWO,))
    laps, part_m = true_laps(simulated, CUE_S + 120.0)
    half_a_stride_m = person.preferred_speed_mps * 60.0 / person.cadence_spm(person.preferred_speed_mps)
    assert event.fields["laps"] == laps
    assert event.fields["distance_m"] == pytest.approx(COURSE_M * laps + part_m, abs=2.0 + half_a_stride_m)
    assert event.fields["verdict"] in ("valid", "attention")


def test_a_rest_is_found_and_timed_and_the_same_walk_is_found_unprompted() -> None:
    course = [*back_and_forth(COURSE_M, 4), Turn(-180.0), 5.0, Pause(10.0), 4.3, *(Turn(180.0), 10.0) * 3]
    simulated = simulate([Stand(8.0), Walk(tuple(course)), Stand(20.0)], Person(), seed=5)
    feet_s = simulated.truth["contacts_left_s"] + simulated.truth["contacts_right_s"]
    (event,) = events_of(simulated, (replace(TWO, end_cue_s=max(feet_s) + 0.5),))
    (rest,) = event.fields["rests"]
    assert rest["end_s"] - rest["start_s"] == pytest.approx(10.0, abs=1.0)
    assert event.fields["laps"] == 8
    assert event.fields["distance_m"] == 80.0


def test_two_minutes_to_and_fro_are_found_without_a_prompt_and_a_minute_is_not() -> None:
    person = Person()
    for lengths, found in ((11, ["2mwt"]), (6, [])):
        simulated = simulate([Stand(8.0), Walk(back_and_forth(COURSE_M, lengths)), Stand(20.0)], person, seed=5)
        feet_s = simulated.truth["contacts_left_s"] + simulated.truth["contacts_right_s"]
        assert (abs(max(feet_s) - min(feet_s) - 120.0) < 4.0) is bool(found)
        assert [event.fields["protocol"] for event in events_of(simulated, ())] == found
