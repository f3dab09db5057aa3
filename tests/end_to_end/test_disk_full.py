"""A disk that takes nothing any more, under the real program, at the moment of an alarm."""

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.bench.served import Served
from server.bench.sink import Sink

TAKES_NOTHING = 0
pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process's files")


def limit_files(served: Served, to: int) -> None:
    """No file of the running server may be written beyond so many bytes: what a full disk answers."""
    _, most = resource.prlimit(served.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (to, most))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path)
    server.start("serve")
    yield server
    server.kill()


@pytest.mark.slow
def test_an_alarm_goes_out_on_a_full_disk_is_taken_by_its_link_and_is_kept_when_there_is_room_again(
    served: Served,
) -> None:
    with Sink() as sink:
        plan = {"contacts": [{"name": "Bea", "channels": [{"url": sink.url()}]}]}
        assert served.ask("PUT", "/api/care", plan)[0] == 200
        limit_files(served, TAKES_NOTHING)
        status, alert = served.ask("POST", "/api/alerts/help", {"person": "Anna"})
        assert status == 201
        assert sink.wait_for(1, 20.0), "it goes out"
        assert served.ask("GET", "/api/status")[1]["storage_fault"], "the disk is full indeed"
        path = "/a/" + sink.accepted[0].content["link"].rpartition("/")[2]
        assert "I take it" in served.ask("GET", path)[1]
        assert served.ask("POST", path)[0] == 303
        assert "Thank you, Bea." in served.ask("GET", path)[1]
        limit_files(served, resource.RLIM_INFINITY)
        until_s = time.monotonic() + 20.0
        while served.ask("GET", "/api/status")[1]["storage_fault"]:
            assert time.monotonic() < until_s
            time.sleep(0.05)
        time.sleep(1.5)  # the batch after that is on the disk, too
        served.kill()
        served.start("serve")
        kept = served.ask("GET", f"/api/alerts/{alert['id']}")[1]
        assert kept["acknowledged"]["by"] == "Bea"
        assert [one["state"] for one in kept["told"]] == ["acknowledged"]
        assert "Thank you, Bea." in served.ask("GET", path)[1]
        time.sleep(1.0)
    assert len(sink.accepted) == 1, "what went out on the full disk does not go out again"
