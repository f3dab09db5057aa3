"""Whatever is done with runs, in any order."""

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.recording import read_recording
from server.analyze import result_of
from server.clinic.run import Run
from server.clinic.running import FINAL, NotNowError
from server.closing import RECORDING_NAME
from server.monitor import Monitor, SessionOptions
from tests.server.clinic.people import TUG, Hands, Worn, all_stored, events, sent_tests, worn

doings = st.lists(
    st.sampled_from(["prepare", "start", "finish", "abort", "wear", "wear", "wear", "silence", "long silence"]),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(doings)
def test_whatever_is_done_in_any_order_no_session_has_two_runs_and_no_aborted_run_a_number(doings: list[str]) -> None:
    asyncio.run(_done(doings))


async def _done(doings: list[str]) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        clock = Hands()
        async with Monitor(Path(folder), options=SessionOptions(clock=clock)) as monitor:
            anna = worn(monitor, clock, seconds=400.0)
            anna.wear(11.0)
            known: dict[str, Run] = {}
            for doing in doings:
                _do(anna, doing)
                known |= {run.id: run for run in monitor.tests.under_way.values()}
                assert len(monitor.tests.under_way) <= 1
                assert all(run.course.state not in FINAL for run in monitor.tests.under_way.values())
            await monitor.close_session(anna.session, "Done.")
            assert monitor.tests.under_way == {}
            kept = {run.id: run for run in await all_stored(monitor, anna.session.plan.id)}
            assert set(kept) == set(known), "every run is kept, and none was made of nothing"
            assert monitor.store.fault is None
            sent = sent_tests(events(monitor, anna.session.plan.id))
            for run in kept.values():
                assert run.course.state in FINAL
                card = monitor.reporter.shape(run, None).result
                if run.course.state == "aborted":
                    assert (card, run.event) == (None, None)
                elif run.course.state == "invalid":
                    assert card is None or card["value"] is None
                else:
                    assert run.event in sent
            assert len(sent) == sum(run.event is not None for run in kept.values())
            path = monitor.directory_of(anna.session.plan.id) / RECORDING_NAME
            assert sent_tests(result_of(read_recording(path))["events"]) == sent, "live is batch"


def _do(anna: Worn, doing: str) -> None:
    tests = anna.monitor.tests
    run = tests.under_way.get(anna.session.plan.id)
    with suppress(NotNowError):
        if doing == "prepare":
            tests.prepare(anna.session, TUG, "patient", {})
        elif doing == "wear":
            anna.wear(4.3)
        elif doing.endswith("silence"):
            anna.silence(7.0 if doing.startswith("long") else 2.4)
        elif run is not None and doing == "start":
            tests.start(run.id)
        elif run is not None:
            tests.stop(run.id, "finished" if doing == "finish" else "aborted", None)
