"""Tells the pages of runs: what they look like at a moment, with the result when there is one."""

from dataclasses import asdict
from typing import Any

from server.clinic.results import result_card
from server.clinic.run import Run
from server.clinic.shapes import run_shape
from server.hub import Hub
from server.models_tests import TestRun
from server.session import Session
from server.storage.people import person_named
from server.storage.runs import runs_where
from server.storage.store import Store
from server.wire import message

EARLIER = 50  # so many earlier runs of a person may be compared with


class Reporter:
    """Reads the database for results, in milliseconds; keeps what was said last of each run under way."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self._store = store
        self._hub = hub
        self._said: dict[str, str] = {}

    def shape(self, run: Run, session: Session | None) -> TestRun:
        """The run at this moment; `session` where it is in progress."""
        plain = run_shape(run, session, None)
        if not run.course.final:
            return plain
        return plain.model_copy(update={"result": self._result(run, plain)})

    def tell(self, run: Run, session: Session | None, *, changed: bool) -> None:
        """Every page. A change reaches all of them and overtakes what is only how far it has come."""
        shape = self.shape(run, session)
        if shape.instruction is not None:
            self._said[run.id] = shape.instruction.key
        if run.course.final:
            self._said.pop(run.id, None)
        key, text = f"test {run.id}", message("test", {"test": shape.model_dump()})
        if changed:
            self._hub.gone(key, text)
        else:
            self._hub.latest(key, text)

    def says_otherwise(self, run: Run, session: Session) -> bool:
        """Whether there is another instruction than the one that was told last."""
        instruction = run_shape(run, session, None).instruction
        return instruction is not None and self._said.get(run.id) != instruction.key

    def _result(self, run: Run, plain: TestRun) -> dict[str, Any] | None:
        earlier = self._store.read(
            lambda c: runs_where(c, person=run.person, protocol=run.chosen.protocol, limit=EARLIER)
        )
        person = self._store.read(lambda c: person_named(c, run.person))
        before = [
            run_shape(other, None, None).model_dump()
            for other in earlier
            if other.course.final and other.created_at < run.created_at
        ]
        return result_card(plain.model_dump(), None if person is None else asdict(person), before)
