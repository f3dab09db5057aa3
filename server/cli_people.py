"""The commands about people, as `surefoot` offers them."""

from typing import Annotated

import typer

from server.cli_options import DataDir, end, options_of

person = typer.Typer(name="person", help="What is kept about a person.", no_args_is_help=True)


def people(data_dir: DataDir = None) -> None:
    """List the people who are known, with their calibrations."""
    from server.commands_people import run_people

    end(run_people(options_of(None, None, data_dir, None)))


@person.command("set")
def person_set(
    name: Annotated[str, typer.Argument(help="Who it is: sessions with this label are theirs.", show_default=False)],
    height: Annotated[float | None, typer.Option(help="Height in metres.", min=0.3, max=2.8)] = None,
    sensor_height: Annotated[
        float | None, typer.Option(help="Height of a sensor at the lower back over the floor, in metres.", max=2.8)
    ] = None,
    age: Annotated[float | None, typer.Option(help="Age in years.", min=0, max=130)] = None,
    sex: Annotated[str | None, typer.Option(help="For example female.")] = None,
    condition: Annotated[str | None, typer.Option(help="For example ms.")] = None,
    freezes: Annotated[
        bool | None,
        typer.Option(
            "--freezes/--no-freezes",
            help="Look for freezing-like episodes in sessions from now on. Off unless a therapist asks for it.",
        ),
    ] = None,
    rename: Annotated[str | None, typer.Option(help="A new name, for their sessions too.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Keep something about a person; what is not given stays as it is. Somebody unknown is added.

    Example: surefoot person set Anna --height 1.70
    """
    from server.commands_people import run_person_set

    given: dict[str, object] = {"height_m": height, "sensor_height_m": sensor_height, "age_years": age, "sex": sex}
    given |= {"condition": condition, "freezes": freezes}
    end(run_person_set(options_of(None, None, data_dir, None), name, given, rename))


def calibrate(
    what: Annotated[str, typer.Argument(help="The id of a session, the folder of a raw log, or a recording.")],
    distance: Annotated[float, typer.Option(help="How far was walked, in metres.", show_default=False)],
    name: Annotated[str, typer.Option("--person", help="Who walked.", show_default=False)],
    start: Annotated[float | None, typer.Option(help="Where the walk begins, in seconds of the session.")] = None,
    end_at: Annotated[float | None, typer.Option("--end", help="Where it ends. Default: the only walk.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Learn the length of a person's strides from a walk over a known distance.

    Several walks count together. Example: surefoot calibrate 20261121-090000-1f2e3d --distance 20 --person Anna
    """
    from server.commands_people import run_calibrate

    end(run_calibrate(options_of(None, None, data_dir, None), what, name, distance, start, end_at))
