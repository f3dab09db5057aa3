"""How an alert goes on: every transition, every wait, and what must never happen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.alerts import policy
from server.alerts.alert import Alert, Kind, Message
from server.alerts.care_plan import Away, CarePlan, Channel, Contact, Snooze, iso
from server.alerts.policy import NotNowError, Now, Said, Step

START = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
CONTACTS = (
    Contact("a", "Anna", channels=(Channel("1", "json://x"),), wait_s=60.0),
    Contact("b", "Ben", channels=(Channel("2", "json://x"),), wait_s=120.0),
    Contact("c", "Cleo", channels=(Channel("3", "json://x"),), wait_s=30.0),
)
PLAN = CarePlan("Dora", contacts=CONTACTS)


def at(seconds: float) -> Now:
    return Now(seconds, START + timedelta(seconds=seconds))


def fall(kind: Kind = "fall", confidence: float | None = 0.9) -> Alert:
    return Alert(
        id="session-fall-1000",
        kind=kind,
        person="Dora",
        at=iso(START),
        happened_s=0.0,
        state="observing",
        since=iso(START),
        since_s=0.0,
        due_s=None,
        confidence=confidence,
    )


def opened(plan: CarePlan = PLAN, snooze: Snooze | None = None, **more: Any) -> Alert:
    return policy.opened(fall(**more), plan, at(3.0), snooze).alert


def whom(messages: tuple[Message, ...]) -> list[str]:
    return [message.contact_name for message in messages]


def test_a_fall_is_observed_for_twelve_seconds_then_asked_about_for_thirty() -> None:
    alert = opened()
    assert (alert.state, alert.due_s) == ("observing", 12.0)
    asked = policy.advanced(alert, PLAN, at(12.0))
    assert (asked.alert.state, asked.alert.due_s, asked.messages) == ("prompting", 42.0, ())
    told = policy.advanced(asked.alert, PLAN, at(42.0))
    assert (told.alert.state, whom(told.messages), told.messages[0].what) == ("escalating", ["Anna"], "fall")


def test_each_contact_is_waited_for_as_long_as_the_plan_says_and_then_it_begins_anew() -> None:
    first = policy.happened(opened(), PLAN, "help", at(20.0))
    alert = policy.reported(first.alert, PLAN, at(20.5), first.messages[0].key, "delivered", None, None)
    told: list[tuple[float, str]] = []
    for second in range(21, 600):
        step = policy.advanced(alert, PLAN, at(float(second)))
        alert = step.alert
        for message in step.messages:
            told.append((float(second), message.contact_name))
            alert = policy.reported(alert, PLAN, at(float(second)), message.key, "delivered", None, None)
    assert told[:5] == [(80.0, "Ben"), (200.0, "Cleo"), (230.0, "Anna"), (290.0, "Ben"), (410.0, "Cleo")]


def test_who_walks_on_is_left_in_peace_and_nobody_is_told() -> None:
    step = policy.happened(opened(), PLAN, "walked_on", at(8.0))
    assert (step.alert.state, step.alert.outcome, step.messages) == ("resolved", "walked_on", ())
    assert policy.advanced(step.alert, PLAN, at(1e6)) == step


def test_ok_while_being_asked_ends_it_and_after_that_tells_everybody_who_was_told() -> None:
    asked = policy.advanced(opened(), PLAN, at(12.0)).alert
    assert policy.happened(asked, PLAN, "ok", at(20.0)).messages == ()
    alert = policy.advanced(policy.advanced(asked, PLAN, at(42.0)).alert, PLAN, at(102.0)).alert
    late = policy.happened(alert, PLAN, "ok", at(110.0), Said(fell=True))
    assert (late.alert.state, late.alert.outcome) == ("resolved", "fall_no_injury")
    assert [(message.contact_name, message.what) for message in late.messages] == [("Anna", "ok"), ("Ben", "ok")]


def test_help_calls_at_once_and_after_an_ok_again_with_other_keys() -> None:
    first = policy.happened(opened(), PLAN, "help", at(13.0))
    assert whom(first.messages) == ["Anna"]
    ok = policy.happened(first.alert, PLAN, "ok", at(20.0))
    again = policy.happened(ok.alert, PLAN, "help", at(25.0))
    assert again.alert.state == "escalating"
    assert again.messages
    assert not {message.key for message in again.messages} & {message.key for message in first.messages}


def test_who_takes_it_stops_the_rest_and_is_asked_how_it_ended_and_then_the_others_are_told_again() -> None:
    alert = policy.happened(opened(), PLAN, "help", at(13.0)).alert
    taken = policy.happened(alert, PLAN, "acknowledged", at(30.0), Said(by="Anna", via="link"))
    assert (taken.alert.state, taken.alert.acknowledged) == (
        "acknowledged",
        {"by": "Anna", "at": at(30.0).iso, "via": "link"},
    )
    assert policy.advanced(taken.alert, PLAN, at(1800.0)) == Step(taken.alert)
    asked = policy.advanced(taken.alert, PLAN, at(1830.0))
    assert [(message.contact_name, message.what) for message in asked.messages] == [("Anna", "open")]
    second = policy.advanced(asked.alert, PLAN, at(30.0 + 2 * 1800.0))
    third = policy.advanced(second.alert, PLAN, at(30.0 + 3 * 1800.0))
    assert third.alert.state == "escalating"
    assert whom(third.messages)[-1] == "Ben"


def test_a_contact_who_is_away_is_passed_over_and_that_is_said() -> None:
    away = (Away(iso(START - timedelta(days=1)), iso(START + timedelta(days=1))),)
    plan = replace(PLAN, contacts=(replace(CONTACTS[0], away=away), *CONTACTS[1:]))
    step = policy.happened(opened(plan), plan, "help", at(13.0))
    assert whom(step.messages) == ["Ben"]
    assert [(one.name, one.state) for one in step.alert.told] == [("Anna", "skipped"), ("Ben", "pending")]


def test_nobody_to_tell_is_said_once_and_tried_every_minute() -> None:
    empty = replace(PLAN, contacts=())
    alert = policy.happened(opened(empty), empty, "help", at(13.0)).alert
    later = policy.advanced(alert, empty, at(1000.0)).alert
    assert later.state == "escalating"
    assert [line.what for line in later.history].count("nobody") == 1
    assert whom(policy.advanced(later, PLAN, at(1100.0)).messages)[:1] == ["Anna"]


def test_who_cannot_be_reached_is_not_waited_for() -> None:
    step = policy.happened(opened(), PLAN, "help", at(13.0))
    failed = policy.reported(step.alert, PLAN, at(15.0), step.messages[0].key, "failed", "No answer.", None)
    assert whom(policy.advanced(failed, PLAN, at(15.0)).messages) == ["Ben"]


def test_a_message_that_is_still_being_tried_gets_no_second_one() -> None:
    alert = policy.happened(opened(), PLAN, "help", at(13.0)).alert
    messages: list[Message] = []
    for second in range(20, 3000, 5):
        step = policy.advanced(alert, PLAN, at(float(second)))
        alert, messages = step.alert, messages + list(step.messages)
    assert sorted(message.contact_name for message in messages) == ["Ben", "Cleo"]


def test_a_snooze_holds_and_ends_and_who_still_lies_then_is_asked() -> None:
    until = Snooze(iso(START + timedelta(seconds=600)), "Anna", "exercises", iso(START))
    alert = opened(snooze=until)
    assert policy.advanced(alert, PLAN, at(599.0)).alert.state == "observing"
    up = policy.advanced(replace(alert, lying_s=20.0, got_up_s=23.0), PLAN, at(601.0)).alert
    assert (up.state, up.outcome) == ("resolved", "not_told")
    assert policy.advanced(replace(alert, lying_s=590.0), PLAN, at(601.0)).alert.state == "prompting"
    over = Snooze(iso(START), "Anna", "")
    assert policy.advanced(opened(snooze=over), PLAN, at(12.0)).alert.state == "prompting"


def test_a_snooze_that_is_ended_early_asks_at_once_about_who_still_lies_and_lets_the_others_be() -> None:
    alert = opened(snooze=Snooze(iso(START + timedelta(seconds=3600)), "Anna", ""))
    assert policy.woken(replace(alert, lying_s=90.0), PLAN, at(100.0)).alert.state == "prompting"
    assert policy.woken(replace(alert, lying_s=20.0, got_up_s=23.0), PLAN, at(100.0)).alert.outcome == "not_told"
    assert policy.woken(alert, PLAN, at(5.0)).alert.due_s == 12.0, "observed for its time first"
    assert policy.woken(opened(), PLAN, at(5.0)).alert == opened(), "only what the snooze has kept back"


def test_a_snooze_ends_when_it_was_to_end_whoever_sets_the_wall_clock() -> None:
    snooze = Snooze(iso(START + timedelta(seconds=600)), "Anna", "", iso(START), until_s=600.0)
    back = Now(700.0, START - timedelta(hours=1))
    assert policy.opened(fall(), PLAN, back, snooze).alert.state == "prompting"
    forward = Now(10.0, START + timedelta(hours=1))
    kept = policy.opened(fall(), PLAN, forward, snooze).alert
    assert (kept.state, kept.due_s) == ("observing", 600.0)


def test_what_looks_only_a_little_like_a_fall_disturbs_nobody() -> None:
    alert = opened(confidence=0.3)
    assert (alert.state, alert.outcome) == ("resolved", "not_told")


def test_a_test_goes_to_everybody_at_once_and_ends_when_all_have_answered() -> None:
    step = policy.opened(fall("test", None), PLAN, at(0.0))
    assert whom(step.messages) == ["Anna", "Ben", "Cleo"]
    assert all("TEST" in message.subject for message in step.messages)
    alert = step.alert
    for name in ("Anna", "Ben", "Cleo"):
        alert = policy.happened(alert, PLAN, "acknowledged", at(5.0), Said(by=name)).alert
    assert (alert.state, alert.outcome) == ("resolved", "test_done")
    assert policy.advanced(step.alert, PLAN, at(1800.0)).alert.outcome == "test_done"


def test_simulated_people_reach_nobody_unless_the_plan_says_so() -> None:
    simulated = replace(fall(), simulated=True)
    quiet = policy.happened(policy.opened(simulated, PLAN, at(3.0)).alert, PLAN, "help", at(13.0))
    assert quiet.messages == ()
    told = replace(PLAN, tell_simulated=True)
    loud = policy.happened(policy.opened(simulated, told, at(3.0)).alert, told, "help", at(13.0))
    assert loud.messages[0].subject.startswith("[Demo]")


def test_lying_still_for_a_minute_makes_it_loud_at_once() -> None:
    asked = policy.advanced(opened(), PLAN, at(12.0)).alert
    assert not policy.felt(asked, PLAN, at(20.0), 8.0).loud
    assert policy.felt(asked, PLAN, at(28.0), 16.0).loud, "the second half of the time to answer"
    called = policy.advanced(asked, PLAN, at(42.0)).alert
    assert not policy.felt(called, PLAN, at(50.0), 38.0).loud
    assert policy.felt(called, PLAN, at(72.0), 60.0).loud


def test_what_does_not_fit_is_refused_in_a_sentence() -> None:
    over = policy.happened(opened(), PLAN, "ok", at(13.0)).alert
    for what in ("acknowledged", "again", "walked_on"):
        with pytest.raises(NotNowError, match="over already"):
            policy.happened(over, PLAN, what, at(14.0), Said(by="Ben"))  # type: ignore[arg-type]


def test_every_state_and_happening_of_the_table_can_happen() -> None:
    assert {state for state, _ in policy.TRANSITIONS} == {
        "observing",
        "prompting",
        "escalating",
        "acknowledged",
        "resolved",
    }
    for what in ("ok", "help", "resolved"):
        assert all((state, what) in policy.TRANSITIONS for state, _ in policy.TRANSITIONS)


HAPPENINGS = st.sampled_from(
    ["ok", "help", "acknowledged", "again", "resolved", "walked_on", "delivered", "failed", ""]
)


@settings(max_examples=200)
@given(steps=st.lists(st.tuples(HAPPENINGS, st.floats(0.0, 400.0), st.sampled_from(["Anna", "Ben", "Cleo", "Zoe"]))))
def test_whatever_happens_no_key_is_given_twice_and_an_open_alert_always_goes_on(
    steps: list[tuple[str, float, str]],
) -> None:
    alert, now_s = opened(), 3.0
    keys: list[str] = []
    for what, gone_s, name in steps:
        now_s += gone_s
        step = policy.advanced(alert, PLAN, at(now_s))
        alert, messages = step.alert, list(step.messages)
        if what in ("delivered", "failed"):
            for told in alert.told:
                if told.key is not None:
                    alert = policy.reported(alert, PLAN, at(now_s), told.key, what, None, None)  # type: ignore[arg-type]
        elif what:
            try:
                done = policy.happened(alert, PLAN, what, at(now_s), Said(by=name))  # type: ignore[arg-type]
            except NotNowError:
                continue
            alert, messages = done.alert, messages + list(done.messages)
        keys += [message.key for message in messages]
        assert len(keys) == len(set(keys))
        assert Alert.from_json(alert.to_json()) == alert
        if alert.open:
            assert alert.due_s is not None, "nothing that is open is ever silently over"
        else:
            assert alert.resolved is not None
            assert alert.outcome is not None


def test_a_call_for_help_that_ended_is_not_said_to_have_been_a_fall() -> None:
    alert = opened(kind="help")
    ended = policy.happened(alert, PLAN, "resolved", at(90.0), Said(by="Anna", outcome="fall_help_given"))
    assert ended.alert.resolved is not None
    assert ended.alert.resolved["why"] == "Anna says: help was given."
    assert all("help was given" in it.body and "a fall" not in it.body for it in ended.messages)


def test_the_label_of_a_false_alarm_does_not_stay_on_what_turns_out_to_be_a_fall() -> None:
    said = Said(by="Anna", outcome="false_alarm", label="Sat down hard", note="By the bed.")
    false = policy.happened(opened(), PLAN, "resolved", at(60.0), said).alert
    assert (false.label, false.note) == ("Sat down hard", "By the bed.")
    put_right = policy.happened(false, PLAN, "resolved", at(90.0), Said(by="Anna", outcome="fall_no_injury")).alert
    assert (put_right.outcome, put_right.label, put_right.note) == ("fall_no_injury", None, "By the bed.")
