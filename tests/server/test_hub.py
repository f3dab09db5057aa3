import asyncio

from hypothesis import given
from hypothesis import strategies as st

from server.hub import Hub, HubSizes


def drained(client: object) -> list[str | bytes]:
    taken = []
    while (one := client.take()) is not None:  # type: ignore[attr-defined]
        taken.append(one)
    return taken


def test_the_oldest_waveforms_of_a_slow_client_go_and_no_event_does() -> None:
    dropped: list[int] = []
    hub = Hub(HubSizes(events=100, waveforms=3), dropped.append)
    client = hub.join()
    for number in range(10):
        hub.waveform(bytes([number]))
        hub.event(f"event {number}")
    taken = drained(client)
    assert [one for one in taken if isinstance(one, str)] == [f"event {number}" for number in range(10)]
    assert [one for one in taken if isinstance(one, bytes)] == [b"\x07", b"\x08", b"\x09"]
    assert sum(dropped) == client.dropped_waveforms == 7
    assert not client.overflowed


def test_one_event_too_many_marks_the_client_and_not_its_neighbour() -> None:
    hub = Hub(HubSizes(events=2, waveforms=2))
    slow, quick = hub.join(), hub.join()
    for number in range(3):
        hub.event(str(number))
        assert quick.take() == str(number)
    assert slow.overflowed
    assert not quick.overflowed


def test_of_a_state_only_the_newest_waits() -> None:
    hub = Hub()
    client = hub.join()
    for number in range(5):
        hub.latest("a", f"a{number}")
        hub.latest("b", f"b{number}")
    assert drained(client) == ["a4", "b4"]


def test_a_state_that_waits_does_not_bring_back_a_session_that_is_gone() -> None:
    hub = Hub()
    client = hub.join()
    hub.latest("a", "state of a")
    hub.overtake("a", "a is gone")
    assert drained(client) == ["a is gone"]


def test_who_left_gets_nothing_more() -> None:
    hub = Hub()
    client = hub.join()
    hub.leave(client)
    hub.event("late")
    assert client.take() is None
    assert hub.clients == 0


async def test_waiting_ends_with_the_first_message() -> None:
    hub = Hub()
    client = hub.join()
    waiting = asyncio.create_task(client.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    hub.waveform(b"x")
    await asyncio.wait_for(waiting, 1)
    assert client.take() == b"x"


@given(st.lists(st.sampled_from(["event", "waveform", "state", "take"]), max_size=200))
def test_the_queues_never_grow_beyond_their_sizes(actions: list[str]) -> None:
    hub = Hub(HubSizes(events=5, waveforms=4))
    client = hub.join()
    for action in actions:
        if action == "event":
            hub.event("e")
        elif action == "waveform":
            hub.waveform(b"w")
        elif action == "state":
            hub.latest("k", "s")
        else:
            client.take()
        events, waveforms = client.waiting
        assert events <= 5
        assert waveforms <= 4
