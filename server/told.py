"""What an operator says while a session runs: tests of the clinic that are set up, ended and broken off."""

from collections.abc import Mapping

import structlog

from sensing.facts import Facts, FactsError, StatedTest
from sensing.packets import Json, Note

log = structlog.get_logger("told")


class Told:
    """Turns the notes of a session into tests, and tests into facts of its recording.

    Logs of version 0.1 say the test's name, the "go" and the "stop" in three notes: the "go" sets such a test up.
    """

    def __init__(self, facts: Facts) -> None:
        self.tests: list[StatedTest] = list(facts.tests or ())
        self._named: str | None = facts.test

    @property
    def facts(self) -> dict[str, Json]:
        """What a recording's facts say of it."""
        return {"tests": [test.to_json() for test in self.tests]} if self.tests else {}

    def test_in(self, note: Note) -> StatedTest | None:
        """The test that a note sets up or changes; nothing is remembered of it before `keep`."""
        try:
            if note.kind == "test" and "protocol" in note.fields:
                return StatedTest.from_json(dict(note.fields))
            return self._old(note)
        except FactsError:
            log.exception("a note that cannot be used", kind=note.kind, fields=dict(note.fields))
            return None

    def keep(self, test: StatedTest) -> None:
        """The detectors have been told of it."""
        self.tests.append(test)

    def _old(self, note: Note) -> StatedTest | None:
        if note.kind == "test":
            named = note.fields.get("test")
            self._named = named if isinstance(named, str) and named != "none" else None
            return None
        if self._named is None or note.kind not in ("cue", "end_cue"):
            return None
        stated: Mapping[str, Json] = {"protocol": self._named, "set_s": note.arrival_s, "cue_s": note.arrival_s}
        if note.kind == "end_cue":
            cue_s = next((one.cue_s for one in reversed(self.tests) if one.protocol == self._named), None)
            stated = {**stated, "cue_s": cue_s, "end_cue_s": note.arrival_s}
        return StatedTest.from_json(dict(stated))
