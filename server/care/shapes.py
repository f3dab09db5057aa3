"""Notices and stumbles as pages and programs see them."""

from collections.abc import Sequence
from datetime import date

from server.care import rules, words
from server.care.notice import Notice
from server.care.stumbles import Possible, where
from server.care.week import Week
from server.models_care import AdviceShape, NoticeShape, RuleShape, StumbleShape, ToldOfShape, WeekDayShape


def notice_shape(notice: Notice) -> NoticeShape:
    return NoticeShape(
        id=notice.id,
        kind=notice.kind,
        person=notice.person,
        session_id=notice.session_id,
        simulated=notice.simulated,
        level=notice.level,
        state="open" if notice.open else "over",
        title=words.TITLES[notice.kind],
        text=words.standing(notice),
        what_to_do=words.what_to_do(notice) if notice.open else "",
        at=notice.at,
        over_at=notice.over_at,
        told=[ToldOfShape(name=one.name, at=one.at, state=one.state, detail=one.detail) for one in notice.told],
    )


def stumble_shape(stumble: Possible) -> StumbleShape:
    return StumbleShape(
        id=stumble.id,
        session_id=stumble.session_id,
        time_s=stumble.time_s,
        at=stumble.at.isoformat(timespec="seconds"),
        where=where(stumble),
        severity=stumble.severity,
        confidence=stumble.confidence,
        simulated=stumble.simulated,
        answer=stumble.answer,
        counts=stumble.counts,
    )


def advice_shape(person: str, week: Week, unanswered: Sequence[Possible]) -> AdviceShape:
    days: list[date] = [date.fromordinal(week.since.toordinal() + n) for n in range(len(week.days))]
    return AdviceShape(
        person=person,
        since=week.since,
        until=week.until,
        simulated=week.simulated,
        counted=sum(day.counted for day in week.days),
        confirmed=sum(day.confirmed for day in week.days),
        possible=sum(day.possible for day in week.days),
        unanswered=len(unanswered),
        for_wearer=rules.for_wearer(week.rules),
        for_therapist=rules.for_therapist(person, week.rules),
        rules=[RuleShape(name=rule.name, fired=rule.fired, why=rule.why) for rule in week.rules],
        days=[
            WeekDayShape(date=day, possible=count.possible, counted=count.counted, walking_s=count.walking_s)
            for day, count in zip(days, week.days, strict=True)
        ],
    )
