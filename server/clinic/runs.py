"""The runs under way and what happens to them: the one owner of every test that is being done."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import structlog

from dsp.events import Event
from sensing.facts import StatedTest
from server.clinic.choosing import answered, checked
from server.clinic.finding import KINDS, found_run, same_cue
from server.clinic.obeying import Obedient, perform
from server.clinic.preflight import Check, preflight, refusal
from server.clinic.protocols import BY_ID
from server.clinic.reporting import Reporter
from server.clinic.run import Chosen, Json, Run, StartedBy
from server.clinic.running import Course, NotNowError, advanced, asked, happened
from server.plan import new_session_id
from server.session import Session
from server.storage.runs import add_found, change_run, end_interrupted, keep_run
from server.storage.store import Store
from server.ticking import ticks

log = structlog.get_logger("runs")

TICK_S = 0.1  # how late a state may be told
TICKS_PER_REPORT = 5  # twice a second


class Runs:
    """At most one run under way on a session. Everything here is plain code on one event loop."""

    def __init__(self, store: Store, reporter: Reporter, sessions: Mapping[str, Session]) -> None:
        self.under_way: dict[str, Run] = {}  # by session
        self.wearers: dict[str, Obedient] = {}  # by session
        self._store = store
        self._reporter = reporter
        self._sessions = sessions
        self._any = asyncio.Event()
        self._ticks = 0

    async def take_up(self) -> None:
        """At the start: what was under way when the program ended is over. Raises StorageError."""
        ended = await self._store.change(end_interrupted)
        if ended:
            log.warning("tests were interrupted", tests=ended)

    # --- what people do ---

    def prepare(self, session: Session, wish: Chosen, started_by: StartedBy, before: Json) -> Run:
        """A new run on a session. Raises ChoiceError, or NotNowError where one is under way."""
        chosen = checked(wish)
        present = self.under_way.get(session.plan.id)
        if present is not None:
            raise NotNowError(f"A test is under way with this sensor: {present.protocol.name}. Stop it first.")
        now = datetime.now(UTC)
        run = Run(
            id=new_session_id(now),
            session_id=session.plan.id,
            person=session.plan.label,
            position=session.plan.facts.position,
            chosen=chosen,
            created_at=now.isoformat(timespec="milliseconds"),
            course=Course(since_s=session.now_s()),
            started_by=started_by,
            before=answered(before, BY_ID[chosen.protocol], before=True),
        )
        wearer = self.wearers.get(session.plan.id)
        if wearer is not None:
            wearer.prepare(chosen.protocol)
        self._any.set()
        return self._become(session, run)

    def checks(self, run_id: str) -> list[Check]:
        """How the pre-flight check of a run under way stands. Raises NotNowError."""
        run, session = self._present(run_id)
        return preflight(session, run.protocol)

    def start(self, run_id: str) -> Run:
        """The countdown begins; its end is the "go". Raises NotNowError."""
        run, session = self._followed(run_id)
        course = asked(run.course, "start", session.now_s(), run.timing)
        against = refusal(preflight(session, run.protocol))
        if against is not None:
            raise NotNowError(against)
        run = replace(run, course=course)
        session.set_up(run.stated())
        wearer = self.wearers.get(session.plan.id)
        if wearer is not None:
            perform(wearer, run, run.timing.countdown_s)
        return self._become(session, run)

    def stop(self, run_id: str, why: Literal["finished", "aborted"], reason: str | None) -> Run:
        """The operator's "stop", with a result or without one. Raises NotNowError."""
        run, session = self._followed(run_id)
        course = asked(run.course, "finish" if why == "finished" else "abort", session.now_s(), run.timing)
        if course.state == "aborted":
            course = replace(course, problem=reason or "The test was broken off.")
        stopped = replace(run, course=course)
        if course.state == "settling":
            session.set_up(stopped.stated())
        return self._become(session, stopped)

    async def answer(self, run_id: str, answers: Json) -> Run:
        """Raises ChoiceError, NoSuchTestError, StorageError."""
        return await self._change(
            run_id, lambda run: replace(run, after={**run.after, **answered(answers, run.protocol, before=False)})
        )

    async def remark(self, run_id: str, text: str) -> Run:
        """Raises NoSuchTestError, StorageError."""
        return await self._change(run_id, lambda run: replace(run, notes=(*run.notes, {"at": _now(), "text": text})))

    async def invalidate(self, run_id: str, reason: str | None) -> Run:
        """Marks a trial as one that does not count, or takes that back. Raises NoSuchTestError, StorageError."""
        mark = None if reason is None else {"at": _now(), "reason": reason}
        return await self._change(run_id, lambda run: replace(run, invalidated=mark))

    # --- what happens by itself ---

    async def follow_for_ever(self) -> None:
        """Brings the runs under way forward; sleeps while there are none."""
        while True:
            await self._any.wait()
            async for _ in ticks(TICK_S):
                if not self.under_way:
                    break
                self.tick()
            self._any.clear()

    def tick(self) -> None:
        """What time and silence have brought; twice a second everybody is told how far it is."""
        self._ticks += 1
        for session_id in list(self.under_way):
            session = self._sessions[session_id]
            self._follow(session)
            present = self.under_way.get(session_id)
            if present is not None and self._ticks % TICKS_PER_REPORT == 0:
                self._reporter.tell(present, session, changed=False)

    def event(self, session: Session, event: Event) -> None:
        """An event of a session: that of its run, or of a test that nobody set up here."""
        if event.kind not in KINDS:
            return
        plain: dict[str, Any] = dict(event.to_json())
        run = self.under_way.get(session.plan.id)
        if run is not None and plain.get("prompted") and same_cue(run.course.cue_s, plain.get("cue_s")):
            refused = plain.get("verdict") == "invalid"
            course = happened(run.course, "refused" if refused else "judged", event.emitted_s)
            if course.final:
                self._become(session, replace(run, event=plain, course=course))
            return
        found = found_run(session.plan, session.start_text, session.told.tests, plain)
        if found is None:
            return
        self._store.put(partial(add_found, run=found))
        if session.plan.id in self._sessions:
            self._reporter.tell(found, session, changed=True)

    def ended(self, session: Session) -> None:
        """A session has given its last event."""
        self.wearers.pop(session.plan.id, None)
        run = self.under_way.get(session.plan.id)
        if run is not None:
            self._become(session, replace(run, course=happened(run.course, "ended", session.now_s())))

    # --- inside ---

    def _present(self, run_id: str) -> tuple[Run, Session]:
        for session_id, run in self.under_way.items():
            if run.id == run_id:
                return run, self._sessions[session_id]
        raise NotNowError("This test has ended; begin another one.")

    def _followed(self, run_id: str) -> tuple[Run, Session]:
        """A run under way, with everything that time and samples have brought until now."""
        _, session = self._present(run_id)
        self._follow(session)
        return self._present(run_id)

    def _follow(self, session: Session) -> None:
        session.catch_up()  # first, since an event may end the run
        run = self.under_way.get(session.plan.id)
        if run is None:
            return
        now_s = session.now_s()
        course = advanced(run.course, run.timing, now_s)
        heard_s = session.last_sample_s if session.last_sample_s is not None else now_s
        course = happened(course, "silent" if session.silent else "heard", heard_s)
        progress = session.progress()
        if progress is not None and progress.get("prompted") and progress.get("state") == "settling":
            course = happened(course, "over", now_s)
        if course.state == "settling" and run.course.state == "running" and not run.protocol.timed:
            course = self._time_up(session, replace(run, course=course))
        person = session.plan.label
        if course != run.course or person != run.person:
            self._become(session, replace(run, course=course, person=person))
        elif self._reporter.says_otherwise(run, session):
            self._reporter.tell(run, session, changed=True)

    def _time_up(self, session: Session, run: Run) -> Course:
        """Whoever does not come to the end of a test in time is not waited for: the detectors say what was missing."""
        at_s = run.course.since_s
        if run.course.cue_s is None or at_s < run.course.cue_s + run.timing.limit_s:
            return run.course  # the detectors saw the end themselves
        stopped = replace(run, course=replace(run.course, end_cue_s=round(at_s, 3)))
        session.set_up(stopped.stated())
        return stopped.course

    def _become(self, session: Session, run: Run) -> Run:
        """The run as it is from now on: kept, told, and taken off the list when it is over."""
        before = self.under_way.get(session.plan.id)
        if before is not None and before.course.cue_s is not None and _broken_off(before.course, run):
            self._forget(
                session, replace(run, course=replace(run.course, cue_s=before.course.cue_s)).stated(aborted=True)
            )
        if run.course.final:
            self.under_way.pop(session.plan.id, None)
            wearer = self.wearers.get(session.plan.id)
            if wearer is not None and run.event is None:
                wearer.stop()
        else:
            self.under_way[session.plan.id] = run
        self._store.put(partial(keep_run, run=run))
        self._reporter.tell(run, session, changed=True)
        return run

    def _forget(self, session: Session, test: StatedTest) -> None:
        """The detectors need not wait for a test that is not done; a session that has ended has none."""
        if session.opened and not session.closing:
            session.set_up(test)

    async def _change(self, run_id: str, change: Any) -> Run:
        for session_id, run in self.under_way.items():
            if run.id == run_id:
                return self._become(self._sessions[session_id], change(run))
        changed = await self._store.change(lambda connection: change_run(connection, run_id, change))
        self._reporter.tell(changed, self._sessions.get(changed.session_id), changed=True)
        return changed


def _broken_off(before: Course, run: Run) -> bool:
    """Whether a run whose "go" was set has come to nothing without an event."""
    return run.event is None and not before.final and run.course.state in ("preflight", "aborted", "invalid")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
