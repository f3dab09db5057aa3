"""The frame around every command: settings, logs, the event loop, and each error as a sentence with its status."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from server.kernels_cache import set_kernels_cache
from server.logs import set_up_logs
from server.settings import Settings, SettingsError, load_settings
from server.terminal import complain

OK, SOME_FAILED, UNUSABLE = 0, 1, 2

Options = Mapping[str, object]


def guarded(options: Options, work: Callable[[Settings], Awaitable[int]], *, keeps: bool = True) -> int:
    """Settings, logs, the event loop, and every error as a sentence with its exit status.

    `keeps`: the command is of no use where the data directory cannot be written.
    """
    try:
        settings = load_settings(options)
    except SettingsError as error:
        complain(str(error))
        return UNUSABLE
    folder = settings.data_dir / "logs"
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's movements: for their owner's eyes
        set_up_logs(settings.log_level, folder)
    except OSError as error:
        if keeps:
            complain(f"{folder} cannot be written ({error.strerror}). Choose another data directory (--data-dir).")
            return UNUSABLE
        set_up_logs(settings.log_level)
    set_kernels_cache()
    return asyncio.run(_reported(settings, work, folder))


async def _reported(settings: Settings, work: Callable[[Settings], Awaitable[int]], folder: Path) -> int:
    from sensing.rawlog import RawLogError
    from sensing.recording import RecordingError
    from server.lock import DirectoryBusyError
    from server.playing import NothingToPlayError
    from server.runner import PortError
    from server.storage.engine import StorageError

    known = (RawLogError, RecordingError, DirectoryBusyError, NothingToPlayError, PortError, StorageError)
    try:
        return await work(settings)
    except known as error:
        complain(str(error))
    except OSError as error:
        complain(f"{error.filename or 'The system'}: {error.strerror or error}.")
        _log_traceback()
    except Exception as error:  # noqa: BLE001 - the last boundary: a sentence here, the traceback in the log
        complain(f"Something went wrong inside Surefoot ({error!r}). The details are in {folder / 'surefoot.log'}.")
        _log_traceback()
    return SOME_FAILED


def _log_traceback() -> None:
    import structlog

    structlog.get_logger("surefoot").exception("command failed")
