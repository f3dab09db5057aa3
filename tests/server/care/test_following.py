"""Conditions become notices, rise to whom they concern, and end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.alerts.policy import Now
from server.care.following import LEVELS, followed, level_at
from server.care.notice import STAGES, Condition, Notice

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SILENT = Condition("no_data", "No data come.", person="Anna", session_id="s1")


def at(s: float) -> Now:
    return Now(s, NOON + timedelta(seconds=s))


def run(condition: Condition, seen: dict[float, bool], sessions: frozenset[str] = frozenset({"s1"})) -> list[Notice]:
    """The notice at each of these times, the last state repeated where it is no longer followed."""
    known: dict[str, Notice] = {}
    states = []
    for second, present in seen.items():
        found = followed(known, [condition] if present else [], sessions, at(second))
        states += list(found.values())
        known = {key: notice for key, notice in found.items() if notice.open}
    return states


def test_silence_is_on_the_screen_after_10_s_with_the_person_after_60_and_with_the_carer_after_5_minutes() -> None:
    levels = {one.seen_s: one.level for one in run(SILENT, {float(s): True for s in range(320)})}
    assert [levels[s] for s in (9.0, 10.0, 59.0, 60.0, 299.0, 300.0)] == [
        "unseen", "screen", "screen", "person", "person", "carer",
    ]  # fmt: skip


def test_what_began_before_it_was_seen_is_as_old_as_it_is() -> None:
    (first,) = run(replace(SILENT, since_s=440.0), {500.0: True})
    assert (first.level, first.at) == ("person", (NOON + timedelta(seconds=440)).isoformat(timespec="milliseconds"))


def test_what_is_gone_before_it_reached_a_screen_leaves_nothing() -> None:
    states = run(SILENT, {0.0: True, 8.0: True, 9.0: False})
    assert [one.level for one in states] == ["unseen", "unseen"]


def test_a_short_break_of_the_trouble_does_not_end_it_and_a_long_one_does() -> None:
    states = run(SILENT, {0.0: True, 20.0: True, 23.0: False, 24.0: True, 28.9: False, 29.0: False})
    assert [one.open for one in states] == [True, True, True, True, True, False]
    assert states[-1].ended == "mended"
    assert states[-1].since_s == 0.0


def test_a_session_that_has_ended_is_not_called_mended() -> None:
    known = {one.key: one for one in run(SILENT, {0.0: True, 60.0: True})}
    (over,) = followed(known, [], frozenset(), at(61.0)).values()
    assert (over.ended, over.over_at) == ("session_ended", at(61.0).iso)


@given(st.lists(st.tuples(st.floats(0.1, 400.0), st.booleans()), min_size=1, max_size=60))
def test_a_level_never_falls_and_is_never_ahead_of_its_time(steps: list[tuple[float, bool]]) -> None:
    now, seen = 0.0, {}
    for step, present in steps:
        now += step
        seen[now] = present
    ranks: dict[str, int] = {}
    for one in run(SILENT, seen):
        rank = LEVELS.index(one.level)
        assert rank >= ranks.get(one.id, 0)
        assert one.level == "unseen" or level_at(STAGES["no_data"], one.seen_s - one.since_s) == one.level
        ranks[one.id] = rank
        assert one.open or one.level != "unseen"


def test_two_conditions_of_one_kind_are_two_notices() -> None:
    other = replace(SILENT, session_id="s2", person="Bert")
    found = followed({}, [SILENT, other], {"s1", "s2"}, at(0.0))
    assert len({one.id for one in found.values()}) == 2
