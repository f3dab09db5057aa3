"""The raw log, written and crashed and cut."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing import rawlog
from sensing.packets import Note, Packet, Record
from sensing.rawlog import RawLogError, RawLogWriter, read_raw_log

HEADER = {"session": "7f3a", "label": "Frau Müller", "position": "lower_back"}


def some_records(count: int = 40) -> list[Record]:
    """Packets of several lengths, some holding the log's own marker, with a note at the start and in the middle."""
    records: list[Record] = [Note(0.0, "stream", {"driver": "movesense", "choice": {"rate_hz": 104.0}})]
    for number in range(count):
        content = bytes((number + place) % 256 for place in range(number % 23)) + rawlog.MARKER * (number % 3)
        records.append(Packet(0.1 + number / 13, content, number % 2))
        if number == count // 2:
            records.append(Note(0.1 + number / 13, "cue", {"who": "Ärztin", "s": 4.25}))
    return records


def written(directory: Path, records: list[Record], **options: int) -> Path:
    writer = RawLogWriter(directory, HEADER, **options)
    for record in records:
        writer.append(record)
    writer.close()
    return directory


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    records = some_records()
    log = read_raw_log(written(tmp_path / "raw", records))
    assert log.header == HEADER
    assert list(log.records) == records
    assert list(log.records) == records  # a second time too
    assert log.count == len(records)
    assert log.damage == ()
    assert log.torn is None


def test_segments_rotate_and_each_carries_the_header(tmp_path: Path) -> None:
    records = some_records(200)
    writer = RawLogWriter(tmp_path, HEADER, segment_bytes=500)
    for record in records:
        writer.append(record)
        writer.flush()
    writer.close()
    files = rawlog.segments(tmp_path)
    assert len(files) > 5
    files[0].unlink()
    log = read_raw_log(tmp_path)
    assert log.header == HEADER
    kept = list(log.records)
    assert kept == records[-len(kept) :]


def test_a_new_writer_goes_on_in_a_new_segment_even_after_a_torn_one(tmp_path: Path) -> None:
    records = some_records()
    written(tmp_path, records)
    torn = rawlog.segments(tmp_path)[-1]
    torn.write_bytes(torn.read_bytes()[:-5])
    written(tmp_path, records)
    log = read_raw_log(tmp_path)
    assert list(log.records) == records[:-1] + records
    assert [one.torn for one in log.damage] == [True]
    assert log.torn is None  # the last segment is whole


@given(cut=st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_a_torn_tail_is_reported_and_everything_before_it_reads(
    cut: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("cut")
    records = some_records()
    segment = rawlog.segments(written(directory, records))[0]
    content = segment.read_bytes()
    ends = record_ends(content)
    length = round(cut * len(content))
    segment.write_bytes(content[:length])
    log = read_raw_log(directory)
    whole = sum(end <= length for end in ends)
    assert list(log.records) == records[:whole]
    if length in ends or length == len(content):
        assert log.damage == ()
    elif whole:
        assert log.torn is not None
        assert log.torn.offset == ends[whole - 1]
        assert log.torn.bytes_lost == length - ends[whole - 1]
        assert str(log.torn).startswith("raw-000001.seg: torn tail at byte")


def test_a_log_cut_at_every_byte_of_its_last_record_reads(tmp_path: Path) -> None:
    records = some_records(3)
    segment = rawlog.segments(written(tmp_path, records))[0]
    content = segment.read_bytes()
    before = record_ends(content)[-2]
    for length in range(before + 1, len(content)):
        segment.write_bytes(content[:length])
        log = read_raw_log(tmp_path)
        assert list(log.records) == records[:-1]
        assert log.torn is not None
        assert log.torn.bytes_lost == length - before


def record_ends(content: bytes) -> list[int]:
    """Where each record of an undamaged segment ends."""
    head = rawlog.SEGMENT_HEAD
    at = head.size + head.unpack_from(content)[3]
    ends = []
    while at < len(content):
        at += rawlog.FRAME.size + rawlog.FRAME.unpack_from(content, at)[1]
        ends.append(at)
    return ends


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=100, deadline=None)
def test_a_flipped_bit_costs_one_record_and_is_reported(
    place: float, bit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("flip")
    records = some_records()
    segment = rawlog.segments(written(directory, records))[0]
    content = bytearray(segment.read_bytes())
    ends = record_ends(bytes(content))
    first = rawlog.SEGMENT_HEAD.size + rawlog.SEGMENT_HEAD.unpack_from(content)[3]
    at = int(place * len(content))
    content[at] ^= 1 << bit
    segment.write_bytes(content)
    log = read_raw_log(directory)
    assert sum(one.bytes_lost for one in log.damage) > 0
    if at < first:
        assert log.header == {}
        assert list(log.records) == records
    else:
        hit = sum(end <= at for end in ends)
        assert log.header == HEADER
        assert list(log.records) == records[:hit] + records[hit + 1 :]


def test_a_segment_that_lost_its_header_still_gives_its_records(tmp_path: Path) -> None:
    records = some_records()
    segment = rawlog.segments(written(tmp_path, records))[0]
    content = bytearray(segment.read_bytes())
    content[rawlog.SEGMENT_HEAD.size + 3] ^= 0xFF
    segment.write_bytes(content)
    log = read_raw_log(tmp_path)
    assert log.header == {}
    assert list(log.records) == records
    assert not log.damage[0].torn


def test_a_tail_of_zeros_after_a_power_cut_is_a_torn_tail(tmp_path: Path) -> None:
    records = some_records()
    segment = rawlog.segments(written(tmp_path, records))[0]
    segment.write_bytes(segment.read_bytes() + bytes(4096))
    log = read_raw_log(tmp_path)
    assert list(log.records) == records
    assert log.torn is not None
    assert log.torn.bytes_lost == 4096


def test_a_log_of_a_later_version_is_refused_with_a_remedy(tmp_path: Path) -> None:
    segment = rawlog.segments(written(tmp_path, some_records(2)))[0]
    content = segment.read_bytes()
    segment.write_bytes(rawlog._head(9, b"{}") + content[record_ends(content)[0] :])
    with pytest.raises(RawLogError, match="later version"):
        read_raw_log(tmp_path)


def test_a_folder_without_a_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RawLogError, match="no raw log"):
        read_raw_log(tmp_path)


WRITER = """
import sys
from sensing.packets import Packet
from sensing.rawlog import RawLogWriter
writer = RawLogWriter(sys.argv[1], {"session": "crash"}, segment_bytes=20000)
number = 0
while True:
    for _ in range(50):
        writer.append(Packet(number / 13, number.to_bytes(8, "little") * 10))
        number += 1
    getattr(writer, sys.argv[2])()
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("how", ["flush", "write"])
def test_after_kill_minus_nine_everything_flushed_or_written_reads(how: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), how], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert process.stdout is not None
    flushed = [int(process.stdout.readline()) for _ in range(12)]
    process.send_signal(signal.SIGKILL)
    flushed += [int(line) for line in process.stdout.read().split()]
    process.wait()
    log = read_raw_log(tmp_path)
    numbers = [int.from_bytes(record.data[:8], "little") for record in log.records if isinstance(record, Packet)]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= flushed[-1]
    assert log.header == {"session": "crash"}
    assert (len(log.parts) > 1) == (how == "flush")  # only a flush begins another segment


def test_what_is_written_can_be_read_at_once_and_is_synced_by_the_next_flush(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    fsync = os.fsync
    writer = RawLogWriter(tmp_path, HEADER)
    monkeypatch.setattr(rawlog.os, "fsync", lambda file: (synced.append(file), fsync(file)))
    records = some_records(3)
    for record in records:
        writer.append(record)
        writer.write()
    assert list(read_raw_log(tmp_path).records) == records
    assert not synced
    writer.flush()
    assert len(synced) == 1
    writer.flush()
    assert len(synced) == 1  # nothing new: the disk is left alone
    writer.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said_and_nothing_written_is_lost(tmp_path: Path) -> None:
    records = some_records()
    writer = RawLogWriter(tmp_path, HEADER)
    for record in records[:20]:
        writer.append(record)
    writer.flush()
    disk, full = writer._file, os.open("/dev/full", os.O_WRONLY)
    assert disk is not None
    writer._file = full
    for record in records[20:]:
        writer.append(record)
    with pytest.raises(RawLogError, match=r"is full.*free space"):
        writer.flush()
    assert list(read_raw_log(tmp_path).records) == records[:20]
    os.close(full)
    writer._file = disk
    writer.close()  # space was made: what had waited is written
    assert list(read_raw_log(tmp_path).records) == records


def test_a_full_segment_stays_in_use_until_there_can_be_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = some_records()
    writer = RawLogWriter(tmp_path, HEADER, segment_bytes=500)
    for record in records[:20]:
        writer.append(record)
    writer.flush()
    opening = os.open

    def refused(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(rawlog.os, "open", refused)
    for record in records[20:]:
        writer.append(record)
    with pytest.raises(RawLogError, match="is full"):
        writer.flush()
    writer.write()
    assert list(read_raw_log(tmp_path).records) == records
    monkeypatch.setattr(rawlog.os, "open", opening)
    writer.append(records[-1])
    writer.close()
    assert list(read_raw_log(tmp_path).records) == [*records, records[-1]]
    assert len(rawlog.segments(tmp_path)) == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said_at_once(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(RawLogError, match="cannot be written"):
        RawLogWriter(tmp_path / "raw", HEADER)


def test_a_file_in_the_way_of_the_folder_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("in the way")
    with pytest.raises(RawLogError, match="cannot be written"):
        RawLogWriter(tmp_path / "raw", HEADER)


def test_a_disk_that_takes_nothing_for_too_long_ends_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rawlog, "MOST_WAITING_BYTES", 1000)
    writer = RawLogWriter(tmp_path, HEADER)
    for _ in range(8):
        writer.append(Packet(0.0, bytes(120)))
    with pytest.raises(RawLogError, match="free space"):
        writer.append(Packet(0.0, bytes(120)))
    writer.close()
    assert read_raw_log(tmp_path).count > 5


def test_appending_while_other_threads_write_and_flush_loses_and_disorders_nothing(tmp_path: Path) -> None:
    writer = RawLogWriter(tmp_path, HEADER, segment_bytes=4000)
    done = threading.Event()

    def flush_often() -> None:
        while not done.is_set():
            writer.flush()
            time.sleep(0)

    def write_often() -> None:
        while not done.is_set():
            writer.write()
            time.sleep(0)

    threads = [threading.Thread(target=each) for each in (flush_often, write_often)]
    for thread in threads:
        thread.start()
    packets = [Packet(number / 13, number.to_bytes(4, "little")) for number in range(5000)]
    for packet in packets:
        writer.append(packet)
    done.set()
    for thread in threads:
        thread.join()
    writer.close()
    writer.close()
    assert list(read_raw_log(tmp_path).records) == packets
    with pytest.raises(RawLogError, match="closed"):
        writer.flush()


def test_the_refusal_of_another_kind_names_its_reason(tmp_path: Path) -> None:
    error = rawlog._refused(tmp_path, OSError(errno.EIO, "Input/output error"))
    assert "Input/output error" in str(error)
