"""Options that several commands take, and how a command ends."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sensing.block import POSITIONS

PositionName = StrEnum("PositionName", {name: name for name in POSITIONS})  # type: ignore[misc]
LOWER_BACK = PositionName("lower_back")
LogLevel = StrEnum("LogLevel", {name: name for name in ("debug", "info", "warning", "error")})  # type: ignore[misc]

WEB = "Web page"
PLACE = "Where things are kept"
Host = Annotated[
    str | None,
    typer.Option(help="Address to listen on. Anything but loopback needs a token.", rich_help_panel=WEB),
]
Port = Annotated[int | None, typer.Option(help="Port to listen on; 0 takes any free one.", rich_help_panel=WEB)]
DataDir = Annotated[
    Path | None,
    typer.Option(help="Folder of database, recordings and logs.", file_okay=False, rich_help_panel=PLACE),
]
Level = Annotated[LogLevel | None, typer.Option("--log-level", help="What the console shows.", rich_help_panel=PLACE)]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.", rich_help_panel=WEB)]


def options_of(
    host: str | None, port: int | None, data_dir: Path | None, log_level: LogLevel | None
) -> dict[str, object]:
    return {
        "host": host,
        "port": port,
        "data_dir": data_dir,
        "log_level": str(log_level) if log_level is not None else None,
    }


def end(status: int) -> None:
    raise typer.Exit(status)
