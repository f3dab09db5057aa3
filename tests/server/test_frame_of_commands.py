import json
import logging
import os
from pathlib import Path

import pytest
import structlog

from server.kernels_cache import set_kernels_cache
from server.lock import DirectoryBusyError, DirectoryLock
from server.logs import set_up_logs
from server.runner import PortError, bind, url_of


def test_a_folder_has_one_surefoot_at_a_time(tmp_path: Path) -> None:
    busy = pytest.raises(DirectoryBusyError, match=f"process {os.getpid()}")
    with DirectoryLock(tmp_path / "new"), busy, DirectoryLock(tmp_path / "new"):
        pass
    with DirectoryLock(tmp_path / "new"):
        pass


def test_logs_are_sentences_on_the_console_and_json_with_tracebacks_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs("info", tmp_path)
    try:
        log = structlog.get_logger("test")
        log.info("sensor found", sensor="GaitIMU 1")
        log.debug("not on the console, nor in the file at this level")
        logging.getLogger("sensing.watch").warning("of the standard library")
        try:
            raise ValueError("deep inside")
        except ValueError:
            log.exception("something failed")
    finally:
        for handler in [one for one in logging.getLogger().handlers if one.name == "surefoot"]:
            logging.getLogger().removeHandler(handler)
            handler.close()
    shown = capsys.readouterr().err
    assert "sensor found" in shown
    assert "of the standard library" in shown
    assert "something failed" in shown
    assert "Traceback" not in shown
    lines = [json.loads(line) for line in (tmp_path / "surefoot.log").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["sensor found", "of the standard library", "something failed"]
    assert lines[0]["sensor"] == "GaitIMU 1"
    assert lines[2]["exception"][0]["exc_value"] == "deep inside"


def test_compiled_kernels_go_where_the_user_can_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "given"))
    assert set_kernels_cache() == tmp_path / "given"
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    chosen = set_kernels_cache()
    assert chosen.is_dir()
    assert os.environ["NUMBA_CACHE_DIR"] == str(chosen)


def test_a_free_port_is_found_next_to_one_in_use() -> None:
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortError, match=f"Port {port}"):
            bind("127.0.0.1", port)
        with bind("127.0.0.1", port, or_next=True) as second:
            assert second.getsockname()[1] > port
            assert url_of(second) == f"http://127.0.0.1:{second.getsockname()[1]}/"


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(PortError, match="Check --host"):
        bind("203.0.113.1", 0)
    with pytest.raises(PortError, match="Check --host"):
        bind("no.such.host.invalid", 8321)
