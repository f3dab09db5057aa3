"""A session's files while it runs: the raw log of its packets, and the waveforms drawn from them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from sensing.packets import Json, Record
from sensing.rawlog import RawLogError, RawLogWriter
from server.waveforms import FILE_NAME, WaveformLog

log = structlog.get_logger("keeping")


class Keeper:
    """Nothing raises from here: a disk that refuses must not end the live view. `fault` then says so in a sentence."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.fault: str | None = None
        self._raw: RawLogWriter | None = None
        self._waveforms: WaveformLog | None = None
        self._closed = False

    def open(self, header: Mapping[str, Json] | None) -> None:
        """Begin the files; without a header no raw log (the packets are elsewhere already, or there are none)."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            if header is not None:
                self._raw = RawLogWriter(self.directory, header)
            self._waveforms = WaveformLog(self.directory / FILE_NAME)
        except (OSError, RawLogError) as error:
            self._refused(error)

    def append(self, record: Record) -> None:
        if self._raw is None:
            return
        try:
            self._raw.append(record)
        except RawLogError as error:
            self._refused(error)

    def draw(self, frames: Sequence[bytes]) -> None:
        if self._waveforms is not None:
            self._waveforms.append(frames)

    def write(self) -> None:
        """The packets that came until now outlive this process; may run in another thread. See `flush` for the disk."""
        if self._raw is None or self._closed:
            return
        try:
            self._raw.write()
        except RawLogError as error:
            if not self._closed:  # closing writes, too
                self._refused(error)

    def flush(self) -> None:
        """The packets that came until now are on the disk when this returns; may run in another thread."""
        if self._raw is None or self._closed:
            return
        try:
            self._raw.flush()
        except RawLogError as error:
            if not self._closed:  # else it was closed meanwhile, which flushes too
                self._refused(error)
        else:
            self.fault = None

    def flush_waveforms(self) -> None:
        """Readers of the file see what was drawn until now. Not while another thread draws."""
        if self._waveforms is not None and not self._closed:
            self._waveforms.flush()

    def close(self) -> None:
        self._closed = True
        if self._raw is not None:
            try:
                self._raw.close()
            except RawLogError as error:
                self._refused(error)
        if self._waveforms is not None:
            self._waveforms.close()

    def _refused(self, error: Exception) -> None:
        if self.fault is None:
            log.error("not being recorded", directory=str(self.directory), exc_info=error)
        self.fault = f"Not being recorded: {error}"
