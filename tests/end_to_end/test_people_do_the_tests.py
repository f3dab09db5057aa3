"""Simulated people do every test of the clinic: nobody gets a wrong number called valid, and nobody's test is missed.

A small part of `make clinic` (200 people a test), of people chosen so that each thing that goes wrong is among them.
"""

import pytest

from sensing.simulator.trial_scripts import Protocol
from sensing.simulator.trials import trial
from server.bench.clinic import judged

KINDS: dict[Protocol, tuple[str, ...]] = {
    "tug": ("plain", "hesitating turns", "failed rise", "false start", "does not sit down", "hole"),
    "6mwt": ("rests on a chair",),
    "2mwt": ("plain", "hesitating turns", "rests standing", "rests on a chair", "walks on", "hole"),
    "10mwt": ("plain", "turns and comes back", "many lost"),
    "t25fw": ("plain", "shifts the weight before", "aborted"),
    "stance": ("held", "ends at a loss", "steps out and back", "excursions", "operator stops", "aborted", "hole"),
}


def somebody(protocol: Protocol, kind: str) -> int:
    """The first seed whose person does that, told the cue."""
    drawn = (trial(protocol, seed) for seed in range(500))
    return next(t.seed for t in drawn if t.condition == kind and t.performance.told == "cue")


@pytest.mark.parametrize(
    ("protocol", "kind"), [(protocol, kind) for protocol, kinds in KINDS.items() for kind in kinds]
)
def test_nobody_gets_a_wrong_number_called_valid_and_a_test_is_found(protocol: Protocol, kind: str) -> None:
    found = judged(protocol, somebody(protocol, kind))
    assert not found.misleads, found.wrong
    if found.done:
        assert found.found
    if kind == "plain":
        assert found.verdict in ("valid", "attention"), found.notes


@pytest.mark.parametrize("protocol", ["tug", "2mwt", "stance"])
def test_the_first_plain_person_of_a_test_is_measured_right(protocol: Protocol) -> None:
    drawn = (trial(protocol, seed) for seed in range(500))
    plain = ("plain", "held")
    easy = next(
        t.seed
        for t in drawn
        if t.condition in plain and t.performance.told == "cue" and t.sensor.loss is None and t.performance.course_told
    )
    found = judged(protocol, easy)
    assert found.wrong == []
    assert found.verdict == "valid", found.notes
    assert found.right
    assert all(found.right.values()), found.right


@pytest.mark.parametrize("protocol", ["chair_stand_30s", "chair_stand_5x"])
def test_no_set_of_chair_stands_has_a_wrong_count_called_valid(protocol: Protocol) -> None:
    judgements = [judged(protocol, seed) for seed in range(12)]
    assert not [found.wrong for found in judgements if found.misleads]
    assert any(found.verdict in ("valid", "attention") for found in judgements)
