"""The command that leads through a test of the clinic, as `surefoot` offers it."""

from pathlib import Path
from typing import Annotated

import typer

from server.cli_options import LOWER_BACK, DataDir, Level, LogLevel, PositionName, end, options_of

OWN, THERE = "Without another Surefoot", "With a Surefoot that runs"


def clinic_test(
    protocol: Annotated[
        str,
        typer.Argument(
            help="tug, 6mwt, 2mwt, 10mwt, t25fw, chair_stand_30s, chair_stand_5x or stance.", show_default=False
        ),
    ],
    stance: Annotated[str | None, typer.Option(help="For stance: for example tandem_left.")] = None,
    course_length: Annotated[float | None, typer.Option(help="Length of the course in metres, one way.")] = None,
    hold: Annotated[float | None, typer.Option(help="For stance: how long, 30 or 10 s.")] = None,
    variant: Annotated[
        str | None, typer.Option(help="For chair_stand_5x sppb (ends at the fifth stand), for 10mwt run_in.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether floor and company are right.")] = False,
    person: Annotated[
        str | None, typer.Option(help="Who does it, where several wear a sensor.", rich_help_panel=THERE)
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Where it is. Default: this machine, as the settings say.", rich_help_panel=THERE)
    ] = None,
    sensor: Annotated[
        str | None, typer.Option(help='Name or address of the sensor, "" for the first found.', rich_help_panel=OWN)
    ] = None,
    virtual: Annotated[
        Path | None,
        typer.Option(help="Rehearse with this recording, which comes at the go.", rich_help_panel=OWN),
    ] = None,
    position: Annotated[PositionName, typer.Option(help="Where it is worn.", rich_help_panel=OWN)] = LOWER_BACK,
    label: Annotated[str, typer.Option(help="Who wears it.", rich_help_panel=OWN)] = "unnamed",
    height: Annotated[
        float | None, typer.Option(help="Height of the person in metres.", min=0.3, max=2.8, rich_help_panel=OWN)
    ] = None,
    data_dir: DataDir = None,
    log_level: Level = None,
) -> None:
    """Do a test of the clinic: checks, cues on the terminal, Enter to stop, and the result.

    Exit status: 0 valid, 3 not valid, 1 failed, 2 unusable arguments. Example: surefoot test tug --course-length 3
    """
    from server.commands_clinic import Where, chosen_of, run_test

    options = options_of(None, None, data_dir, log_level or LogLevel("warning"))  # the cues are to be seen
    where = Where(url, person, sensor, virtual, str(position), label, height)
    end(run_test(options, chosen_of(protocol, stance, course_length, hold, variant), where, unasked=yes))
