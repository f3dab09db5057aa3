"""Logs: sentences on the console for people, JSON lines in a file for programs."""

import logging
import logging.handlers
import sys
from pathlib import Path
from typing import TextIO

import structlog

FILE_BYTES = 5_000_000
FILES_KEPT = 5
OURS = "surefoot"  # the name of our handlers, so that setting up twice replaces them


def set_up_logs(level: str = "info", directory: Path | None = None, console: TextIO | None = None) -> None:
    """Route structlog and the standard library's loggers to the console and, with a directory, to surefoot.log there.

    The console shows no tracebacks: they are in the file.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=False,
    )
    on_console: logging.StreamHandler[TextIO] = logging.StreamHandler(console) if console else _StandardError()
    on_console.setLevel(level.upper())
    on_console.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_traceback,
                structlog.dev.ConsoleRenderer(colors=on_console.stream.isatty()),
            ],
        )
    )
    handlers: list[logging.Handler] = [on_console]
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        in_file = logging.handlers.RotatingFileHandler(
            directory / "surefoot.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True
        )
        in_file.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=shared,
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.dict_tracebacks,
                    structlog.processors.JSONRenderer(),
                ],
            )
        )
        handlers.append(in_file)
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if handler.name == OURS]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.name = OURS
        root.addHandler(handler)
    root.setLevel(min(logging.INFO, getattr(logging, level.upper())))
    for chatty in ("bumble", "bleak", "httpx", "numba", "asyncio", "alembic", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at that moment: progress bars and tests replace it for a while."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _without_traceback(
    _logger: structlog.typing.WrappedLogger, _name: str, fields: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    fields.pop("exc_info", None)
    fields.pop("exception", None)
    return fields
