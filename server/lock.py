"""One Surefoot per data directory: two would take each other's sessions for crashed ones."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

FILE_NAME = "surefoot.lock"


class DirectoryBusyError(Exception):
    """Another process uses the directory; the text is a sentence with the remedy."""


class DirectoryLock:
    """Held while the context is entered; the system lets it go when the process dies, however it dies."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._handle: int | None = None

    def __enter__(self) -> Self:
        """Raises DirectoryBusyError, or OSError when the directory cannot be written."""
        self._directory.mkdir(parents=True, exist_ok=True)
        path = self._directory / FILE_NAME
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except OSError as error:
            owner = path.read_text(encoding="ascii", errors="replace").strip()
            os.close(handle)
            raise DirectoryBusyError(
                f"Another Surefoot{f' (process {owner})' if owner else ''} uses {self._directory}. "
                "End it first, or give this one a data directory of its own (--data-dir)."
            ) from error
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 1 << 20, os.SEEK_SET)  # beyond the text, which others may read
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
