"""People: what is kept about them, their calibration walks, and their days."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from sensing.block import Position
from sensing.facts import Facts
from sensing.rawlog import RawLogError
from sensing.recording import RecordingError
from server.calibration import CalibrationError, Measured
from server.calibration_walk import keep_walk, measure, source_at, uncalibrated
from server.day_report import day_of, present_of
from server.models import Problem
from server.models_people import Calibration, CalibrationDone, CalibrationWish, Day, People, Person, PersonGiven
from server.monitor import Monitor
from server.names import name_key
from server.storage.engine import StorageError
from server.storage.people import (
    HeightsError,
    NameTakenError,
    Seen,
    StoredPerson,
    add_person,
    change_person,
    keep_calibration,
    people,
    person_by_id,
    seen,
)

PersonId = Annotated[int, Path(ge=1, le=2**62, examples=[1])]
NOT_FOUND: dict[int | str, dict[str, object]] = {404: {"model": Problem}}
CONFLICT: dict[int | str, dict[str, object]] = {409: {"model": Problem}, 503: {"model": Problem}}
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)  # no sensor of ours was worn before or will be after
T = TypeVar("T")


def people_router(monitor: Monitor) -> APIRouter:
    """/api/people."""
    router = APIRouter(prefix="/api/people", tags=["people"])

    async def found(person_id: int) -> StoredPerson:
        stored = await run_in_threadpool(monitor.store.read, lambda connection: person_by_id(connection, person_id))
        if stored is None:
            raise HTTPException(404, f"There is no person {person_id}.")
        return stored

    async def changed(work: Callable[[Connection], T]) -> T:
        try:
            return await monitor.store.change(work)
        except (NameTakenError, HeightsError, CalibrationError) as error:
            raise HTTPException(409, str(error)) from error
        except StorageError as error:
            raise HTTPException(503, str(error)) from error

    async def shape_of(stored: StoredPerson) -> Person:
        return person_shape(stored, await run_in_threadpool(monitor.store.read, seen))

    @router.get("")
    async def everybody() -> People:
        """Everybody who is known, with how often and when they were recorded last."""
        await monitor.store.flush()
        rows, often = await run_in_threadpool(monitor.store.read, lambda c: (people(c), seen(c)))
        return People(items=[person_shape(row, often) for row in rows])

    @router.post("", status_code=201, responses=CONFLICT)
    async def add(given: PersonGiven) -> Person:
        """Somebody new; sessions that have the name as their label are theirs, earlier ones too."""
        stored = await changed(lambda connection: add_person(connection, given.model_dump()))
        rename_present(monitor, stored.name, stored.name)
        return await shape_of(stored)

    @router.get("/{person_id}", responses=NOT_FOUND)
    async def person(person_id: PersonId) -> Person:
        """One person."""
        await monitor.store.flush()
        return await shape_of(await found(person_id))

    @router.put("/{person_id}", responses={**NOT_FOUND, **CONFLICT})
    async def change(person_id: PersonId, given: PersonGiven) -> Person:
        """All facts anew; what is left out is forgotten. A new name is given to the person's sessions too.

        Height, calibrations and whether freezes are looked for hold for sessions that begin from now on.
        """
        before = await found(person_id)
        stored = await changed(lambda connection: change_person(connection, person_id, given.model_dump()))
        rename_present(monitor, before.name, stored.name)
        return await shape_of(stored)

    @router.post("/{person_id}/calibrations", status_code=201, responses={**NOT_FOUND, **CONFLICT})
    async def calibrate(person_id: PersonId, wish: CalibrationWish) -> CalibrationDone:
        """Adds a walk over a known distance to the calibration of the sensor's position.

        The walk is measured anew from what was recorded, without any calibration. All walks of a position count
        together, the long ones more; one that overlaps an earlier one replaces it. It holds for sessions that begin
        from now on.
        """
        stored = await found(person_id)
        await monitor.store.flush()  # the session's packets are on the disk then
        row = await run_in_threadpool(monitor.store.session, wish.session_id)
        if row is None:
            raise HTTPException(404, f"There is no session {wish.session_id}.")
        if row.person_key != name_key(stored.name):
            raise HTTPException(409, f"Session {row.id} is of {row.label}, not of {stored.name}.")
        present = monitor.sessions.get(row.id)
        played = None if present is None else list(present.blocks)  # there is no raw log of what is played
        wearing = uncalibrated(Facts.from_json(row.facts), stored)

        def measured() -> Measured:
            blocks = played or source_at(monitor.directory_of(row.id)).blocks
            return measure(blocks, wearing, wish.start_s, wish.end_s)

        try:
            walk = await run_in_threadpool(measured)
        except (CalibrationError, RawLogError, RecordingError) as error:
            raise HTTPException(409, str(error)) from error
        after = await changed(lambda c: keep_walk(c, stored, wearing, row.id, walk, wish.distance_m))
        return CalibrationDone(
            **calibration_shape(wearing.position, after.calibrations[wearing.position]).model_dump(),
            measured_m=walk.measured_m,
            strides=walk.strides,
        )

    @router.delete("/{person_id}/calibrations/{position}", responses=NOT_FOUND)
    async def forget(person_id: PersonId, position: Position) -> Person:
        """Forgets the calibration of one position, with all its walks."""
        stored = await found(person_id)
        if position not in stored.calibrations:
            raise HTTPException(404, f"{stored.name} has no calibration for the {position.replace('_', ' ')}.")
        return await shape_of(await changed(lambda c: keep_calibration(c, person_id, position, None)))

    @router.get("/{person_id}/day", responses=NOT_FOUND)
    async def day(
        person_id: PersonId,
        day: Annotated[
            date | None,
            Query(alias="date", description="the local day; default today"),
        ] = None,
        utc_offset_min: Annotated[int, Query(ge=-14 * 60, le=14 * 60, description="local time less UTC")] = 0,
    ) -> Day:
        """One local day against the 28 days before it. What is cut by midnight counts in parts."""
        stored = await found(person_id)
        wanted = day or (datetime.now(UTC) + timedelta(minutes=utc_offset_min)).date()
        if not FIRST_DAY <= wanted <= LAST_DAY:
            raise HTTPException(404, f"There is nothing of {wanted}; ask for a day from {FIRST_DAY} to {LAST_DAY}.")
        await monitor.store.flush()
        present = {session_id: present_of(session) for session_id, session in monitor.sessions.items()}
        return await run_in_threadpool(
            monitor.store.read, lambda connection: day_of(connection, stored.name, wanted, utc_offset_min, present)
        )

    return router


def person_shape(stored: StoredPerson, often: dict[str, Seen]) -> Person:
    """Somebody as they are sent."""
    times = often.get(name_key(stored.name), Seen(0, None))
    return Person(
        id=stored.id,
        name=stored.name,
        height_m=stored.height_m,
        sensor_height_m=stored.sensor_height_m,
        age_years=stored.age_years,
        sex=stored.sex,
        condition=stored.condition,
        freezes=stored.freezes,
        calibrations=[calibration_shape(position, one) for position, one in sorted(stored.calibrations.items())],
        sessions=times.sessions,
        last_seen_at=times.last_at,
    )


def calibration_shape(position: str, stored: Mapping[str, Any]) -> Calibration:
    return Calibration.model_validate({"position": position, **stored})


def rename_present(monitor: Monitor, before: str, name: str) -> None:
    """Sessions in progress show the name at once, as it is spelled now."""
    for session in list(monitor.sessions.values()):
        if name_key(session.plan.label) == name_key(before) and session.plan.label != name:
            session.plan = replace(session.plan, label=name)
            monitor.changed(session)
