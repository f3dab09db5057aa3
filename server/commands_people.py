"""What the commands about people do: the list, what is kept about somebody, and the calibration walk."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from server.kernels_cache import set_kernels_cache

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from server.settings import Settings

OK, FAILED, UNUSABLE = 0, 1, 2
T = TypeVar("T")


def run_people(options: Mapping[str, object]) -> int:
    """`surefoot people`: a table of everybody who is known."""

    def work(settings: "Settings") -> int:
        from rich.console import Console
        from rich.table import Table

        from server.names import name_key
        from server.storage.people import Seen, people, seen
        from server.terminal import complain

        rows, often = in_database(settings.data_dir, lambda c: (people(c), seen(c)))
        if not rows:
            complain("Nobody is known yet; begin with: surefoot person set NAME --height 1.70")
            return OK
        table = Table("Who", "Height", "Sensor at", "Calibrated", "Sessions", "Last seen")
        for row in rows:
            times = often.get(name_key(row.name), Seen(0, None))
            calibrated = [
                f"{place.replace('_', ' ')} × {one['factor']:.3f} ± {100 * one['error_share']:.1f} %"
                for place, one in sorted(row.calibrations.items())
            ]
            table.add_row(
                row.name,
                _metres(row.height_m),
                _metres(row.sensor_height_m),
                "\n".join(calibrated) or "no",
                str(times.sessions),
                (times.last_at or "never")[:16].replace("T", " "),
            )
        Console().print(table)
        return OK

    return _reported(options, work)


def run_person_set(options: Mapping[str, object], name: str, given: Mapping[str, Any], new_name: str | None) -> int:
    """`surefoot person set`: what is given is kept, the rest stays as it is; somebody unknown is added."""

    def work(settings: "Settings") -> int:
        from pydantic import ValidationError

        from server.models_people import PersonGiven
        from server.storage.people import StoredPerson, add_person, change_person, person_named
        from server.terminal import complain, say

        stated = {key: value for key, value in given.items() if value is not None}

        def kept(connection: "Connection") -> StoredPerson:
            before = person_named(connection, name)
            old = {} if before is None else {key: getattr(before, key) for key in PersonGiven.model_fields}
            facts = PersonGiven(**({"name": name} | old | stated | ({"name": new_name} if new_name else {})))
            if before is None:
                return add_person(connection, facts.model_dump())
            return change_person(connection, before.id, facts.model_dump())

        try:
            person = in_database(settings.data_dir, kept)
        except ValidationError as error:
            complain("; ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors()) + ".")
            return UNUSABLE
        freezes = " Freezing-like episodes are looked for." if person.freezes else ""
        say(f"{person.name}: height {_metres(person.height_m)}, sensor at {_metres(person.sensor_height_m)}.{freezes}")
        return OK

    return _reported(options, work)


def run_calibrate(
    options: Mapping[str, object], what: str, name: str, distance_m: float, start_s: float | None, end_s: float | None
) -> int:
    """`surefoot calibrate`: a walk over a known distance, in a session or a recording, kept with a person."""
    set_kernels_cache()

    def work(settings: "Settings") -> int:
        from server.calibration_walk import keep_walk, measure, source_at, uncalibrated
        from server.names import name_key
        from server.playing import source_of
        from server.storage.people import person_named
        from server.terminal import complain, say

        person = in_database(settings.data_dir, lambda connection: person_named(connection, name))
        if person is None:
            complain(f'There is no person {name} yet; make one first: surefoot person set "{name}" --height 1.70')
            return UNUSABLE
        source = source_at(source_of(what, settings.data_dir))
        if source.label is not None and name_key(source.label) != name_key(person.name):
            complain(f"{what} is of {source.label}, not of {person.name}.")
            return UNUSABLE
        wearing = uncalibrated(source.facts, person)
        found = measure(source.blocks, wearing, start_s, end_s)
        after = in_database(settings.data_dir, lambda c: keep_walk(c, person, wearing, source.name, found, distance_m))
        kept = after.calibrations[wearing.position]
        say(
            f"{found.measured_m:.2f} m were measured of {distance_m:g} m ({found.strides} strides). {person.name}'s "
            f"strides at the {wearing.position.replace('_', ' ')}: × {kept['factor']:.3f}, expected error "
            f"{100 * kept['error_share']:.1f} %, from {kept['walked_m']:g} m in {len(kept['walks'])} "
            f"walk{'s' if len(kept['walks']) > 1 else ''}. It holds from the next session on."
        )
        return OK

    return _reported(options, work)


def in_database(data_dir: Path, work: Callable[["Connection"], T]) -> T:
    """One transaction on the database of a data directory, which a running Surefoot may be using too."""
    from server.storage.engine import migrate, open_engine
    from server.storage.store import FILE_NAME

    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_engine(data_dir / FILE_NAME)
    try:
        migrate(engine)
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()


def _reported(options: Mapping[str, object], work: Callable[["Settings"], int]) -> int:
    """Settings, and every error as a sentence with its exit status."""
    from sensing.rawlog import RawLogError
    from sensing.recording import RecordingError
    from server.calibration import CalibrationError
    from server.playing import NothingToPlayError
    from server.settings import SettingsError, load_settings
    from server.storage.engine import StorageError
    from server.storage.people import HeightsError, NameTakenError
    from server.terminal import complain

    try:
        settings = load_settings(options)
    except SettingsError as error:
        complain(str(error))
        return UNUSABLE
    try:
        return work(settings)
    except (CalibrationError, NothingToPlayError, RawLogError, RecordingError, StorageError) as error:
        complain(str(error))
    except (HeightsError, NameTakenError) as error:
        complain(str(error))
        return UNUSABLE
    except OSError as error:
        complain(f"{error.filename or 'The system'}: {error.strerror or error}.")
    return FAILED


def _metres(length_m: float | None) -> str:
    return "unknown" if length_m is None else f"{length_m:.2f} m"
