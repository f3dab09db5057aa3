"""Tells the pages of runs: what they look like at a moment, with the result when there is one."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from server.clinic.results import result_card
from server.clinic.run import Run
from server.clinic.shapes import run_shape
from server.hub import Hub
from server.models_tests import TestRun
from server.names import name_key
from server.session import Session
from server.storage.people import person_named
from server.storage.runs import runs_where, wearer_facts
from server.storage.store import Store
from server.wire import message

EARLIER = 200  # so many runs of a person are looked through for what a result is compared with


def ended_shapes(connection: Connection, runs: Sequence[Run]) -> list[TestRun]:
    """Runs that have ended, each with its result against those of the same person before it."""
    histories: dict[tuple[str, str], list[dict[str, Any]]] = {}
    shapes = []
    for run in runs:
        key = (name_key(run.person), run.chosen.protocol)
        if key not in histories:
            others = runs_where(connection, person=run.person, protocol=run.chosen.protocol, limit=EARLIER)
            histories[key] = [run_shape(other, None, None).model_dump() for other in others if other.event is not None]
        before = [other for other in histories[key] if other["created_at"] < run.created_at]
        plain = run_shape(run, None, None)
        card = result_card(plain.model_dump(), _wearer(connection, run), before)
        shapes.append(plain.model_copy(update={"result": card}))
    return shapes


def _wearer(connection: Connection, run: Run) -> dict[str, Any] | None:
    """What is kept about the person, completed by what the session's own facts say of its wearer."""
    person = person_named(connection, run.person)
    kept = {} if person is None else {name: value for name, value in asdict(person).items() if value is not None}
    return {**wearer_facts(connection, run.session_id), **kept} or None


class Reporter:
    """Keeps what was said last of each run under way. Reads the database for a result, in milliseconds."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self._store = store
        self._hub = hub
        self._said: dict[str, str] = {}

    def shape(self, run: Run, session: Session | None) -> TestRun:
        """The run at this moment; `session` where it is in progress."""
        plain = run_shape(run, session, None)
        if not run.course.final:
            return plain
        (ended,) = self._store.read(lambda connection: ended_shapes(connection, [run]))
        return plain.model_copy(update={"result": ended.result})

    def tell(self, run: Run, session: Session | None, *, changed: bool) -> None:
        """Every page. A change reaches all of them and overtakes what is only how far it has come."""
        shape = self.shape(run, session)
        if shape.instruction is not None:
            self._said[run.id] = shape.instruction.key
        if run.course.final:
            self._said.pop(run.id, None)
        key, text = f"test {run.id}", message("test", {"test": shape.model_dump()})
        if changed:
            self._hub.overtake(key, text)
        else:
            self._hub.latest(key, text)

    def says_otherwise(self, run: Run, session: Session) -> bool:
        """Whether there is another instruction than the one that was told last."""
        instruction = run_shape(run, session, None).instruction
        return instruction is not None and self._said.get(run.id) != instruction.key
