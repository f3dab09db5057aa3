from hypothesis import given
from hypothesis import strategies as st

from server.alerts.retrying import WAITS_S, Course, after_failure


def failures(channels: int, refused: list[bool]) -> list[tuple[int, float, bool]]:
    """(the channel that failed, the wait after it, whether that was the last of a round), one for each failure."""
    course, seen = Course(), []
    for refusal in refused:
        following = after_failure(course, channels, hopeless=refusal)
        seen.append((course.channel_no, following.wait_s, following.all_failed))
        course = following.course
    return seen


def test_one_channel_is_tried_again_after_growing_waits() -> None:
    waits = [wait_s for _, wait_s, _ in failures(1, [False] * 9)]
    assert waits == [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 60.0, 60.0, 60.0]


def test_two_channels_take_turns_and_the_first_gets_a_second_try() -> None:
    seen = failures(2, [False] * 7)
    assert seen == [
        (0, 1.0, False),
        (0, 0.0, False),
        (1, 1.0, False),
        (1, 2.0, True),
        (0, 0.0, False),
        (1, 5.0, True),
        (0, 0.0, False),
    ]


def test_a_refusal_or_a_hang_goes_on_at_once() -> None:
    assert failures(2, [True, True]) == [(0, 0.0, False), (1, 2.0, True)]


@given(st.integers(1, 6), st.lists(st.booleans(), max_size=80))
def test_no_channel_is_left_out_of_a_round_and_no_wait_is_longer_than_a_minute(
    channels: int, refused: list[bool]
) -> None:
    this_round: set[int] = set()
    for channel, wait_s, all_failed in failures(channels, refused):
        this_round.add(channel)
        assert 0.0 <= wait_s <= WAITS_S[-1]
        if all_failed:
            assert this_round == set(range(channels))
            assert wait_s > 0.0, "a round that failed is not repeated without a pause"
            this_round.clear()


@given(st.integers(0, 5), st.integers(1, 3), st.booleans())
def test_a_plan_with_fewer_channels_than_before_begins_again(channel_no: int, channels: int, refused: bool) -> None:
    following = after_failure(Course(channel_no), channels, hopeless=refused)
    assert following.course.channel_no < channels or following.course.channel_no == channel_no
