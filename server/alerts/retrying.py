"""How often and which way a message is tried again (pure)."""

from dataclasses import dataclass, replace

WAITS_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # and 60 s for ever; design: the first must come within seconds
FIRST_TRIES = 2  # of each channel before the next one has its turn: one lost packet must not cost the better channel
SHORTENED_BY = 0.25  # at most, at random, so that many messages do not come back in one moment


@dataclass(frozen=True, slots=True)
class Course:
    """Which of a contact's channels is next, how often it was tried in this round, and how many rounds have failed."""

    channel_no: int = 0
    tries_here: int = 0
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class Next:
    """What follows a failure: the next attempt after `wait_s`; `all_failed` when that was the last of a round."""

    course: Course
    wait_s: float
    all_failed: bool


def after_failure(course: Course, channels: int, *, hopeless: bool) -> Next:
    """The next attempt of a message that did not go through, `channels` being how many the contact has.

    In the first round each channel has two tries, one second apart, unless a second one is `hopeless`: it refuses, or
    hangs and would cost as long again. Then every round tries each channel once, with growing waits between the rounds.
    """
    tries_here = course.tries_here + 1
    if not hopeless and course.rounds == 0 and tries_here < FIRST_TRIES:
        return Next(replace(course, tries_here=tries_here), WAITS_S[0], False)
    if course.channel_no + 1 < channels:
        return Next(Course(course.channel_no + 1, 0, course.rounds), 0.0, False)
    rounds = course.rounds + 1
    return Next(Course(0, 0, rounds), WAITS_S[min(rounds, len(WAITS_S) - 1)], True)
