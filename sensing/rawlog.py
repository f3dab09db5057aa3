"""The raw log: every record of a session in append-only segments that survive a crash.

A segment is SEGMENT_HEAD (magic, version, 0, header length, CRC-32 of these and of the header), the header as JSON,
then records: MARKER, u32 body length, u32 CRC-32 of length and body, body = u8 kind, u8 channel, f64 arrival_s, content
(a packet's bytes, a note's JSON). Little-endian. A record never crosses segments, and every segment repeats the
session's header.
"""

import errno
import json
import os
import struct
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sensing.packets import Json, Note, Packet, Record

VERSION = 1
MAGIC = b"SUREFOOT"
SEGMENT_HEAD = struct.Struct("<8sHHII")  # magic, version, 0, header length, CRC
MARKER = b"\xa5\x5f"
FRAME = struct.Struct("<2sII")  # marker, body length, CRC
BODY = struct.Struct("<BBd")  # kind, channel, arrival_s
LENGTH = struct.Struct("<I")
LENGTH_AND_BODY = struct.Struct("<IBBd")  # what the CRC covers, before the content
PACKET, NOTE = 0, 1
LONGEST_BODY = 1 << 20  # a notification has at most 517 bytes, a note a few hundred; more is damage
SEGMENT_BYTES = 16 << 20
MOST_WAITING_BYTES = 64 << 20  # about half a day of one sensor; a disk that takes nothing for so long ends the log


class RawLogError(Exception):
    """The log cannot be written or is none; the text is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of a segment that are no whole record. `torn`: they are its end, as a crash leaves it."""

    file: str
    offset: int
    bytes_lost: int
    torn: bool

    def __str__(self) -> str:
        what = "torn tail" if self.torn else "damaged"
        return f"{self.file}: {what} at byte {self.offset}, {self.bytes_lost} bytes lost"


class RawLogWriter:
    """Appends to memory; `write` hands over to the system, `flush` to the disk. Each may run in a thread of its own.

    What was written outlives the process, what was flushed outlives a power cut; nobody has to wait for the disk to
    write. A new writer on a directory with segments goes on in a new segment. When the disk refuses, RawLogError; what
    was written stays, what was not is kept and tried again by the next call, up to MOST_WAITING_BYTES.
    """

    def __init__(self, directory: Path | str, header: Mapping[str, Json], segment_bytes: int = SEGMENT_BYTES) -> None:
        self.directory = Path(directory)
        self._header = json.dumps(dict(header), ensure_ascii=False).encode()
        self._segment_bytes = segment_bytes
        self._pending = bytearray()
        self._pending_lock = threading.Lock()
        self._file_lock = threading.Lock()
        self._disk_lock = threading.Lock()  # taken before the other; held while the disk is waited for
        self._unwritten = bytearray()  # taken from pending, not yet in the segment
        self._unsynced = False
        self._file: int | None = None
        self._written = 0
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._number = max((_number(path) for path in segments(self.directory)), default=0)
            self._open_segment()
            self._write()
            self._sync()
        except OSError as error:
            self._abandon()
            raise _refused(self.directory, error) from error

    def append(self, record: Record) -> None:
        if isinstance(record, Packet):
            framed = _framed(PACKET, record.channel, record.arrival_s, record.data)
        else:
            content = json.dumps({"kind": record.kind, "fields": dict(record.fields)}, ensure_ascii=False)
            framed = _framed(NOTE, 0, record.arrival_s, content.encode())
        with self._pending_lock:
            if len(self._pending) > MOST_WAITING_BYTES:
                raise RawLogError(f"nothing could be written to {self.directory} for too long; free space on that disk")
            self._pending += framed

    def write(self) -> None:
        """Everything appended so far is with the system when this returns: a kill of the process leaves it."""
        with self._file_lock:
            self._take()

    def flush(self) -> None:
        """Everything appended so far is on the disk when this returns."""
        with self._disk_lock:
            with self._file_lock:
                if self._file is not None and self._written >= self._segment_bytes and not self._unwritten:
                    self._next_segment()
                self._take()
            try:
                self._sync()
            except OSError as error:
                raise _refused(self.directory, error) from error

    def close(self) -> None:
        """Flush and close; closing twice is fine."""
        if self._file is None:
            return
        try:
            self.flush()
        finally:
            with self._disk_lock, self._file_lock:
                self._abandon()

    def _take(self) -> None:
        if self._file is None:
            raise RawLogError("this raw log was closed; open a new one")
        with self._pending_lock:
            taken, self._pending = self._pending, bytearray()
        self._unwritten += taken
        try:
            self._write()
        except OSError as error:
            raise _refused(self.directory, error) from error

    def _next_segment(self) -> None:
        """The full one stays in use until there is another."""
        with self._pending_lock:
            if not self._pending:
                return
        full = self._file
        try:
            self._sync()
            self._open_segment()
        except OSError as error:
            raise _refused(self.directory, error) from error
        finally:
            if full is not None and self._file != full:
                os.close(full)

    def _open_segment(self) -> None:
        self._number += 1
        path = self.directory / f"raw-{self._number:06d}.seg"
        self._file = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600
        )
        self._written = 0
        self._unwritten += _head(VERSION, self._header)
        _sync_directory(self.directory)

    def _abandon(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self) -> None:
        assert self._file is not None
        while self._unwritten:
            count = os.write(self._file, self._unwritten)
            del self._unwritten[:count]
            self._written += count
            self._unsynced = True

    def _sync(self) -> None:
        """Not while another thread may close the file."""
        if self._file is None or not self._unsynced:
            return
        self._unsynced = False  # before the call: what is written during it is synced by the next
        try:
            os.fsync(self._file)
        except OSError:
            self._unsynced = True
            raise


@dataclass(frozen=True)
class RawLog:
    """A log as it was found. `records` can be iterated any number of times."""

    header: dict[str, Json]
    damage: tuple[Damage, ...]
    count: int
    parts: tuple[tuple[Path, tuple[int, ...]], ...]  # segments and the offsets of their whole records

    @property
    def torn(self) -> Damage | None:
        """The torn tail of the last segment, if there is one."""
        last = self.damage[-1] if self.damage else None
        return last if last is not None and last.torn and last.file == self.parts[-1][0].name else None

    @property
    def records(self) -> Iterator[Record]:
        for path, offsets in self.parts:
            content = path.read_bytes()
            for offset in offsets:
                yield _record(content, offset)


def read_raw_log(directory: Path | str) -> RawLog:
    """Check every record of a log. Damage is reported, not fatal: after it, reading goes on at the next whole record.

    Raises RawLogError when there are no segments, or they are of a later version.
    """
    directory = Path(directory)
    found = segments(directory)
    if not found:
        raise RawLogError(f"there is no raw log in {directory}; give the folder of a session")
    header: dict[str, Json] | None = None
    damage: list[Damage] = []
    parts = []
    for path in found:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise RawLogError(f"{path} cannot be read: {error.strerror}") from error
        start, stated = _read_head(path, content)
        if header is None:
            header = stated
        if stated is None:
            start = 0
        offsets, holes = _scan(content, start)
        parts.append((path, tuple(offsets)))
        damage += [Damage(path.name, begin, end - begin, torn=end == len(content)) for begin, end in holes]
        if stated is None and not content:
            damage.append(Damage(path.name, 0, 0, torn=True))
    return RawLog(header or {}, tuple(damage), sum(len(offsets) for _, offsets in parts), tuple(parts))


def segments(directory: Path) -> list[Path]:
    """The log's segments in order."""
    return sorted((path for path in directory.glob("raw-*.seg") if path.stem[4:].isdigit()), key=_number)


def _number(path: Path) -> int:
    return int(path.stem[4:])


def _read_head(path: Path, content: bytes) -> tuple[int, dict[str, Json] | None]:
    """Where the records start, and the header; None when it is damaged."""
    if len(content) < SEGMENT_HEAD.size:
        return 0, None
    _, version, _, length, _ = SEGMENT_HEAD.unpack_from(content)
    text = content[SEGMENT_HEAD.size : SEGMENT_HEAD.size + length]
    if not content.startswith(_head(version, text)):
        return 0, None
    if version > VERSION:
        raise RawLogError(f"{path.name} was written by a later version of Surefoot (format {version}); update this one")
    return SEGMENT_HEAD.size + length, json.loads(text)


def _head(version: int, header: bytes) -> bytes:
    """How a segment begins: the fixed part and the header."""
    head = SEGMENT_HEAD.pack(MAGIC, version, 0, len(header), 0)
    return SEGMENT_HEAD.pack(MAGIC, version, 0, len(header), zlib.crc32(header, zlib.crc32(head))) + header


def _scan(content: bytes, start: int) -> tuple[list[int], list[tuple[int, int]]]:
    """Offsets of the whole records from `start` on, and the (begin, end) of what lies between them."""
    offsets: list[int] = []
    holes: list[tuple[int, int]] = []
    at = start
    while at < len(content):
        after = _whole(content, at)
        if after:
            offsets.append(at)
            at = after
            continue
        begin = at
        at = content.find(MARKER, at + 1)
        while at != -1 and not _whole(content, at):
            at = content.find(MARKER, at + 1)
        if at == -1:
            at = len(content)
        holes.append((begin, at))
    return offsets, holes


def _whole(content: bytes, at: int) -> int:
    """The offset after the record at `at`, or 0 when there is none."""
    if len(content) - at < FRAME.size + BODY.size:
        return 0
    marker, length, crc = FRAME.unpack_from(content, at)
    end: int = at + FRAME.size + length
    if marker != MARKER or not BODY.size <= length <= LONGEST_BODY or end > len(content):
        return 0
    if content[at + FRAME.size] not in (PACKET, NOTE):
        return 0
    return end if _crc(content[at + FRAME.size : end]) == crc else 0


def _record(content: bytes, at: int) -> Record:
    _, length, _ = FRAME.unpack_from(content, at)
    begin = at + FRAME.size
    kind, channel, arrival_s = BODY.unpack_from(content, begin)
    rest = content[begin + BODY.size : begin + length]
    if kind == NOTE:
        note = json.loads(rest)
        return Note(arrival_s, note["kind"], note["fields"])
    return Packet(arrival_s, rest, channel)


def _framed(kind: int, channel: int, arrival_s: float, content: bytes) -> bytes:
    """A record's bytes. Called for every packet: one packing and one CRC over length and body, which stand in a row."""
    covered = LENGTH_AND_BODY.pack(BODY.size + len(content), kind, channel, arrival_s) + content
    return MARKER + covered[: LENGTH.size] + LENGTH.pack(zlib.crc32(covered)) + covered[LENGTH.size :]


def _crc(body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32(LENGTH.pack(len(body))))


def _sync_directory(directory: Path) -> None:
    """Make a new file's name durable; Windows does that by itself and cannot open folders."""
    if os.name == "nt":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(directory: Path, error: OSError) -> RawLogError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RawLogError(
            f"the disk with {directory} is full; what was recorded so far is safe; free space to go on recording"
        )
    return RawLogError(f"the raw log in {directory} cannot be written: {error.strerror or error}; check the folder")
