"""The table of transitions and the waits."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensing.supervisor import TRANSITIONS, BackOff, SensorState, Supervisor, Timings, Trigger


def reachable(start: SensorState, without: Trigger | None = None) -> set[SensorState]:
    found = {start}
    while True:
        more = {to for (state, trigger), to in TRANSITIONS.items() if state in found and trigger is not without} - found
        if not more:
            return found
        found |= more


def test_every_state_can_be_reached_from_scanning() -> None:
    assert reachable(SensorState.SCANNING) == set(SensorState)


@pytest.mark.parametrize("state", [state for state in SensorState if state is not SensorState.STOPPED])
def test_every_state_leads_back_to_streaming_and_can_be_stopped(state: SensorState) -> None:
    assert SensorState.STREAMING in reachable(state, without=Trigger.STOP)
    assert TRANSITIONS[state, Trigger.STOP] is SensorState.STOPPED


def test_nothing_leads_out_of_stopped() -> None:
    assert not [state for state, _ in TRANSITIONS if state is SensorState.STOPPED]


@pytest.mark.parametrize("state", ["connecting", "configuring", "streaming", "stalled"])
def test_a_lost_link_always_ends_in_a_wait(state: str) -> None:
    assert TRANSITIONS[SensorState(state), Trigger.LOST] is SensorState.BACKING_OFF
    assert TRANSITIONS[SensorState(state), Trigger.NO_RADIO] is SensorState.BACKING_OFF


def test_a_transition_that_is_not_in_the_table_is_refused() -> None:
    supervisor = Supervisor("a sensor", 0.0)
    with pytest.raises(KeyError):
        supervisor.fire(Trigger.CONFIGURED, "Streaming.", 1.0)
    assert supervisor.state is SensorState.SCANNING


def test_a_status_says_since_when_and_until_when() -> None:
    supervisor = Supervisor("a sensor", 0.0)
    supervisor.learn(name="Movesense 1", rssi=-60)
    status = supervisor.fire(Trigger.NOT_FOUND, "It was not heard.", 15.0, retry_in_s=0.5)
    assert (status.state, status.since_s, status.retry_in_s, status.rssi) == (SensorState.BACKING_OFF, 15.0, 0.5, -60)
    assert supervisor.fire(Trigger.WAITED, "Looking again.", 15.5).retry_in_s is None


def test_waits_double_from_half_a_second_to_thirty() -> None:
    steady = BackOff(Timings(jitter=0.0), Random(1))
    assert [steady.next_s() for _ in range(9)] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    steady.reset()
    assert steady.next_s() == 0.5


@given(seed=st.integers(0, 1000), attempts=st.integers(1, 60))
def test_jitter_only_shortens_a_wait_and_is_the_same_for_the_same_source(seed: int, attempts: int) -> None:
    timings = Timings()
    steady = BackOff(Timings(jitter=0.0), Random(0))
    one, other = BackOff(timings, Random(seed)), BackOff(timings, Random(seed))
    for _ in range(attempts):
        longest_s = steady.next_s()
        wait_s = one.next_s()
        assert wait_s == other.next_s()
        assert (1 - timings.jitter) * longest_s <= wait_s <= longest_s
