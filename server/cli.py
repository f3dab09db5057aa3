"""The command `surefoot`: what can be asked for on the command line, with everything heavy imported on demand."""

from pathlib import Path
from typing import Annotated

import typer

from server import VERSION
from server.cli_clinic import clinic_test
from server.cli_options import LOWER_BACK, Browser, DataDir, Host, Level, Port, PositionName
from server.cli_options import end as _end
from server.cli_options import options_of as _options
from server.cli_people import calibrate, people, person

OK, SOME_FAILED, UNUSABLE = 0, 1, 2

app = typer.Typer(
    name="surefoot",
    help="Live gait and balance monitor on commodity Bluetooth motion sensors.\n\n"
    "Start with `surefoot demo`: it needs no sensor.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="markdown",
)

A_TEST = "A test of the clinic"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"surefoot {VERSION}")
        raise typer.Exit


@app.callback()
def _surefoot(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    pass


@app.command()
def serve(
    host: Host = None, port: Port = None, data_dir: DataDir = None, log_level: Level = None, browser: Browser = False
) -> None:
    """Show stored sessions in the browser, without looking for sensors."""
    from server.commands import run_serve

    _end(run_serve(_options(host, port, data_dir, log_level), browser=browser))


@app.command()
def live(
    sensor: Annotated[
        list[str] | None,
        typer.Option(help="Name (or part of it) or address of a sensor; repeat for several. Default: the first found."),
    ] = None,
    position: Annotated[
        list[PositionName] | None,
        typer.Option(help="Where it is worn, in the order of the sensors; the last one holds for the rest."),
    ] = None,
    label: Annotated[list[str] | None, typer.Option(help="Who wears it, in the order of the sensors.")] = None,
    height: Annotated[float | None, typer.Option(help="Height of the person in metres.", min=0.3, max=2.8)] = None,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    log_level: Level = None,
    browser: Browser = True,
) -> None:
    """Watch people who wear a sensor: Bluetooth to the page in the browser, everything recorded.

    Example: surefoot live --sensor "Movesense 2233" --position lower_back --label Anna
    """
    from server.commands import WatchWish, run_live

    wish = WatchWish(sensor or [], [str(p) for p in position or []], label or [], height)
    _end(run_live(_options(host, port, data_dir, log_level), wish, browser=browser))


@app.command()
def demo(
    recording: Annotated[
        list[Path] | None,
        typer.Option(help="Stream this recording (contract form) instead of the sample people; repeat for several."),
    ] = None,
    with_samples: Annotated[bool, typer.Option(help="Stream the sample people too.")] = False,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    log_level: Level = None,
    browser: Browser = True,
) -> None:
    """Watch recorded or simulated people over a virtual Bluetooth radio: needs no sensor.

    Real sensor bytes cross a virtual radio and take the way that a sensor's would. What is recorded goes into a
    temporary folder, or into --data-dir; simulated people are marked as such.
    """
    from server.commands import run_demo

    options = _options(host, port, data_dir, log_level)
    _end(run_demo(options, recording or [], with_samples=with_samples or not recording, browser=browser))


@app.command()
def analyze(
    recordings: Annotated[
        list[Path], typer.Argument(help="Recordings (.parquet, .csv, .csv.gz), or folders of them.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="Folder for one NAME.json per recording.", file_okay=False)],
    jobs: Annotated[int, typer.Option(help="How many to work on at once.", min=1)] = 1,
    until: Annotated[
        float | None, typer.Option(help="Stop at this time of the recording, as if the sensor were switched off.")
    ] = None,
    position: Annotated[
        PositionName | None, typer.Option(help="Where the sensor was worn, over what the file says.")
    ] = None,
    test: Annotated[
        str | None, typer.Option(help="The test that was set up, over what the file says.", rich_help_panel=A_TEST)
    ] = None,
    cue: Annotated[
        float | None, typer.Option(help="When it was begun: the go, in seconds.", rich_help_panel=A_TEST)
    ] = None,
    end_cue: Annotated[
        float | None, typer.Option(help="When it was ended: the stop, in seconds.", rich_help_panel=A_TEST)
    ] = None,
    stance: Annotated[
        str | None, typer.Option(help="How one stood, for example tandem_left.", rich_help_panel=A_TEST)
    ] = None,
    course_length: Annotated[
        float | None, typer.Option(help="Length of the course in metres, one way.", rich_help_panel=A_TEST)
    ] = None,
    height: Annotated[float | None, typer.Option(help="Height of the person in metres.", min=0.3, max=2.8)] = None,
    facts: Annotated[
        list[str] | None, typer.Option("--fact", help="Another fact as KEY=VALUE (CONTRACT §1); repeat for several.")
    ] = None,
    freezes: Annotated[
        bool,
        typer.Option(
            help="Look for freezing-like episodes at an ankle. On, since somebody asks for this recording to be "
            "analysed; live it is off unless it is switched on for the person."
        ),
    ] = True,
    together: Annotated[
        bool, typer.Option("--together", help="Two recordings of one person at one time: one more result for both.")
    ] = False,
    offset_s: Annotated[
        float | None,
        typer.Option(help="With --together: what the first one's clock shows at the second one's 0, in seconds."),
    ] = None,
) -> None:
    """Run the live detectors over recordings: one result file each, as CONTRACT.md says.

    Exit status: 0 all done, 1 some could not be read (each named), 2 unusable arguments.
    """
    from server.commands_offline import Together, run_analyze

    stated = {"position": str(position) if position else None, "test": test, "height_m": height}
    stated |= {"cue_s": cue, "end_cue_s": end_cue, "stance": stance, "course_length_m": course_length}
    pair = Together(offset_s) if together else None
    more = facts or []
    _end(
        run_analyze(recordings, out, jobs=jobs, until_s=until, stated=stated, more=more, together=pair, freezes=freezes)
    )


@app.command()
def record(
    out: Annotated[Path, typer.Argument(help="The file to write: .parquet, .csv or .csv.gz.", dir_okay=False)],
    sensor: Annotated[str | None, typer.Option(help="Name or address of the sensor. Default: the first found.")] = None,
    position: Annotated[PositionName, typer.Option(help="Where it is worn.")] = LOWER_BACK,
    label: Annotated[str, typer.Option(help="Who wears it.")] = "",
    height: Annotated[float | None, typer.Option(help="Height of the person in metres.", min=0.3, max=2.8)] = None,
    seconds: Annotated[float | None, typer.Option(help="Stop after this long. Default: Ctrl-C.", min=0.1)] = None,
    virtual: Annotated[
        Path | None, typer.Option(help="Record this recording from a virtual sensor: a rehearsal without a radio.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there already.")] = False,
    data_dir: DataDir = None,
    log_level: Level = None,
) -> None:
    """Record one sensor into a file in the contract's form, without a page.

    Packets are on the disk within a second; after a crash the next start of surefoot writes the file.
    """
    from server.commands import run_record

    options = _options(None, None, data_dir, log_level)
    person = label or "unnamed"
    _end(run_record(options, out, sensor, str(position), person, height, seconds, virtual, overwrite=overwrite))


@app.command()
def replay(
    what: Annotated[str, typer.Argument(help="A recording, the folder of a raw log, or the id of a session.")],
    speed: Annotated[float, typer.Option(help="2 is twice as fast as it was.", min=0.05, max=1000.0)] = 1.0,
    keep: Annotated[bool, typer.Option(help="Keep the replay as a session of its own in the data folder.")] = False,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    log_level: Level = None,
    browser: Browser = True,
) -> None:
    """Play a recording or a session into the live page, through everything that a live sensor goes through."""
    from server.commands import run_replay

    _end(run_replay(_options(host, port, data_dir, log_level), what, speed, keep=keep, browser=browser))


@app.command()
def scan(
    seconds: Annotated[float, typer.Option(help="How long to listen.", min=0.5, max=120.0)] = 8.0,
    log_level: Level = None,
) -> None:
    """List the sensors in reach that Surefoot can use. Exit status 1 when there is none."""
    from server.commands import run_scan

    _end(run_scan(_options(None, None, None, log_level), seconds))


@app.command()
def sessions(
    limit: Annotated[int, typer.Option(help="How many, latest first.", min=1, max=500)] = 20,
    data_dir: DataDir = None,
) -> None:
    """List the stored sessions."""
    from server.commands_offline import run_sessions

    _end(run_sessions(_options(None, None, data_dir, None), limit))


@app.command()
def token() -> None:
    """Make a token for a server that is not on loopback, and say how to set it."""
    from server.settings import generate_token, settings_file

    typer.echo(generate_token())
    typer.echo(f'Set it as SUREFOOT_TOKEN, or as `token = "…"` in {settings_file()}.', err=True)


app.command("test")(clinic_test)
app.command()(people)
app.add_typer(person)
app.command()(calibrate)


def main() -> None:
    """The entry point of the command."""
    app()


if __name__ == "__main__":
    main()
