"""Who hears of a notice: once each, outside quiet hours, and of the end only those who heard of the trouble."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.alerts.alert import Message
from server.alerts.care_plan import Away, CarePlan, Contact
from server.alerts.policy import Now
from server.care.notice import STAGES, Notice, NoticeKind, ToldState
from server.care.quiet import between, is_quiet
from server.care.telling import address, contact_at, settled, told_now

NOON = datetime(2026, 11, 25, 12, 0).astimezone()  # by the clock of this place, as quiet hours are
BEA = Contact("c1", "Bea", technical=True)
CARL = Contact("c2", "Carl")
DORA = Contact("c3", "Dora", "Physiotherapist")
PLAN = CarePlan("Anna", contacts=(BEA, CARL, DORA))
NIGHT = replace(PLAN, quiet_from="22:00", quiet_until="07:00")
NOTICE = Notice(
    "notice-1", "no_data:s1", "no_data", "Anna", "s1", False, "No data come from the sensor of Anna.",
    NOON.astimezone(UTC).isoformat(), 0.0, 300.0, "carer",
)  # fmt: skip
ALARMING = ("fall", "fallen", "help", "emergency", "urgent", "at once", "danger")


def at(hours: float) -> Now:
    return Now(300.0 + hours * 3600.0, NOON + timedelta(hours=hours))


def reached(notice: Notice, state: ToldState = "delivered") -> Notice:
    return replace(notice, told=tuple(replace(one, state=state) for one in notice.told))


def test_only_contacts_who_want_technical_notices_get_them_and_each_once() -> None:
    notice, messages = told_now(NOTICE, [PLAN], at(0))
    assert [(one.contact_name, one.what) for one in messages] == [("Bea", "technical")]
    assert told_now(notice, [PLAN], at(0.1))[1] == []


def test_nobody_hears_of_what_has_not_reached_the_carers_level() -> None:
    assert told_now(replace(NOTICE, level="person"), [PLAN], at(0)) == (replace(NOTICE, level="person"), [])


def test_quiet_hours_hold_a_notice_back_and_it_goes_out_when_they_end() -> None:
    late = replace(NOTICE, since_s=0.0)
    for hours in (10.0, 15.0, 18.9):
        assert told_now(late, [NIGHT], at(hours))[1] == []
    assert len(told_now(late, [NIGHT], at(19.0))[1]) == 1


def test_the_end_is_told_to_those_whom_the_trouble_reached_once_and_not_at_night() -> None:
    notice = reached(told_now(NOTICE, [NIGHT], at(0))[0])
    over = replace(notice, over_at=at(11.0).iso, ended="mended")
    waiting, messages = told_now(over, [NIGHT], at(11.0))
    assert messages == []
    assert not settled(waiting)
    told, messages = told_now(waiting, [NIGHT], at(19.5))
    assert [one.key for one in messages] == [f"{notice.told[0].key.removesuffix('/0')}/1"]
    assert "well again" in messages[0].subject
    assert settled(told)
    assert told_now(told, [NIGHT], at(20.0))[1] == []


def test_whoever_the_trouble_never_reached_hears_nothing_of_its_end() -> None:
    notice, _ = told_now(NOTICE, [PLAN], at(0))
    over = replace(reached(notice, "dropped"), over_at=at(1).iso, ended="mended")
    assert told_now(over, [PLAN], at(1)) == (over, [])
    assert settled(over)


def test_who_is_away_or_named_by_two_plans_is_not_told_or_told_once() -> None:
    holiday = Away(at(-1).iso, at(1).iso)
    assert told_now(NOTICE, [replace(PLAN, contacts=(replace(BEA, away=(holiday,)),))], at(0))[1] == []
    other = replace(PLAN, person="Emil", contacts=(replace(BEA, id="x", name="  bea"),))
    assert len(told_now(NOTICE, [PLAN, other], at(0))[1]) == 1


def test_a_simulated_person_is_told_of_only_where_the_plan_says_so_and_marked_as_one() -> None:
    demo = replace(NOTICE, simulated=True)
    assert told_now(demo, [PLAN], at(0))[1] == []
    (message,) = told_now(demo, [replace(PLAN, tell_simulated=True)], at(0))[1]
    assert message.subject.startswith("[Demo] ")


def test_a_note_on_stumbles_goes_to_the_therapist_alone() -> None:
    note = replace(NOTICE, kind="advice", text="Anna has stumbled more than usual.")
    _, messages = told_now(note, [PLAN], at(0))
    assert [(one.contact_name, one.what) for one in messages] == [("Dora", "advice")]


@pytest.mark.parametrize("kind", STAGES)
@pytest.mark.parametrize("ended", ["mended", "session_ended"])
def test_no_notice_looks_like_an_alarm(kind: NoticeKind, ended: str) -> None:
    notice, first = told_now(replace(NOTICE, kind=kind), [PLAN], at(0))
    over = replace(reached(notice), over_at=at(1).iso, ended=ended)  # type: ignore[arg-type]
    messages = first + told_now(over, [PLAN], at(1))[1]
    assert first
    for message in messages:
        assert message.subject.startswith("Technical notice" if kind != "advice" else "Note on Anna")
        assert not [word for word in ALARMING if word in message.subject.casefold()]


hours = st.floats(0.0, 4.0)


@given(st.lists(st.tuples(hours, st.sampled_from(["trouble", "over", "delivered", "failed"])), max_size=40))
def test_no_message_ever_comes_at_night_or_twice_under_one_key(steps: list[tuple[float, str]]) -> None:
    now, notice, sent = 0.0, NOTICE, Counter[str]()
    for step, what in steps:
        now += step
        if what in ("delivered", "failed"):
            notice = reached(notice, "delivered" if what == "delivered" else "failed")
        elif what == "over" and notice.open:
            notice = replace(notice, over_at=at(now).iso, ended="mended")
        notice, messages = told_now(notice, [NIGHT], at(now))
        sent.update(one.key for one in messages)
        assert not messages or not is_quiet(NIGHT, at(now).wall)
    assert not [key for key, times in sent.items() if times > 1]
    assert all(key.endswith("/0") or f"{key.removesuffix('/1')}/0" in sent for key in sent)


@given(st.times(), st.times(), st.times())
def test_outside_one_span_of_the_day_is_inside_the_other(now: time, begin: time, end: time) -> None:
    if begin == end:
        assert not between(now, begin, end)
    else:
        assert between(now, begin, end) != between(now, end, begin)


@given(st.text(max_size=20), st.text(min_size=1, max_size=20))
def test_a_contact_is_found_again_by_its_address(person: str, contact_id: str) -> None:
    named = address(CarePlan(person), contact_id)
    assert address(CarePlan(contact_at(named)[1]), contact_at(named)[0]) == named


def test_messages_carry_the_address_of_the_contact() -> None:
    messages: list[Message] = told_now(NOTICE, [PLAN], at(0))[1]
    assert contact_at(messages[0].contact_id) == ("c1", "anna")
