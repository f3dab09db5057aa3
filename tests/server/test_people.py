import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st

from sensing.facts import Facts, FactsError
from sensing.rawlog import read_raw_log
from sensing.recording import read_recording
from server.closing import RECORDING_NAME
from server.monitor import Monitor
from server.names import name_key
from server.packing import records_of
from server.people import completed
from server.plan import wearing_of
from server.playing import import_recording, play
from server.recovery import recover
from server.storage.engine import MIGRATIONS, migrate, open_engine
from server.storage.people import StoredPerson, add_person, keep_calibration, person_named, seen
from server.storage.store import FILE_NAME, Store
from tests.server.people import walker
from tests.server.running import running

CALIBRATION: dict[str, Any] = {
    "factor": 1.08,
    "pendulum_m": 1.0,
    "error_share": 0.03,
    "walked_m": 40.0,
    "at": "2026-11-21T09:00:00+00:00",
    "walks": [],
}


@pytest.fixture
async def client(monitor: Monitor) -> AsyncIterator[httpx.AsyncClient]:
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url) as opened:
        yield opened


async def anna(store: Store, **facts: Any) -> StoredPerson:
    """Anna, 1.62 m, with a calibration for the lower back."""
    added = await store.change(lambda c: add_person(c, {"name": "Anna Berg", "height_m": 1.62, **facts}))
    return await store.change(lambda c: keep_calibration(c, added.id, "lower_back", CALIBRATION))


async def worn(monitor: Monitor, label: str, facts: Facts) -> str:
    """A finished session of a few seconds, as a sensor would have sent it."""
    session = monitor.open_session(label, facts, "GaitIMU 2")
    for record in records_of(walker(8.0)):
        monitor.receive(session, record)
    await monitor.close_session(session, "Done.")
    return session.plan.id


async def test_people_are_added_listed_and_changed_and_what_is_left_out_is_forgotten(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/people")).json() == {"items": []}
    added = await client.post("/api/people", json={"name": " Anna Berg ", "height_m": 1.62, "condition": "ms"})
    assert added.status_code == 201
    person = added.json()
    assert (person["name"], person["height_m"], person["calibrations"]) == ("Anna Berg", 1.62, [])
    assert (person["sessions"], person["last_seen_at"]) == (0, None)
    changed = await client.put(f"/api/people/{person['id']}", json={"name": "Anna Berg", "age_years": 61})
    assert changed.json() == {**person, "height_m": None, "condition": None, "age_years": 61}
    assert (await client.get("/api/people")).json() == {"items": [changed.json()]}
    assert (await client.get(f"/api/people/{person['id']}")).json() == changed.json()


@pytest.mark.parametrize(
    "given_facts",
    [
        {},
        {"name": "   "},
        {"name": "Anna", "height_m": 170},
    ],
)
async def test_facts_that_cannot_be_are_refused(client: httpx.AsyncClient, given_facts: dict[str, Any]) -> None:
    answer = await client.post("/api/people", json=given_facts)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["msg"]
    assert (await client.get("/api/people")).json() == {"items": []}


async def test_heights_that_contradict_each_other_are_refused(client: httpx.AsyncClient) -> None:
    anna = (await client.post("/api/people", json={"name": "Anna", "height_m": 1.5})).json()
    wrong = {"name": "Anna", "height_m": 1.5, "sensor_height_m": 1.6}
    for answer in (
        await client.put(f"/api/people/{anna['id']}", json=wrong),
        await client.post("/api/people", json={**wrong, "name": "Bert"}),
    ):
        assert answer.status_code == 409
        assert "cannot be at the lower back" in answer.json()["detail"]
    assert (await client.get("/api/people")).json() == {"items": [anna]}


async def test_a_name_belongs_to_one_person_however_it_is_spelled(client: httpx.AsyncClient) -> None:
    await client.post("/api/people", json={"name": "Anna Berg"})
    bert = (await client.post("/api/people", json={"name": "Bert"})).json()
    for answer in (
        await client.post("/api/people", json={"name": "anna  BERG"}),
        await client.put(f"/api/people/{bert['id']}", json={"name": "ANNA berg"}),
    ):
        assert answer.status_code == 409
        assert "There is a person Anna Berg already" in answer.json()["detail"]
    respelled = await client.put(f"/api/people/{bert['id']}", json={"name": "BERT"})
    assert respelled.json()["name"] == "BERT"


async def test_somebody_who_is_not_there_is_a_404_with_a_sentence(client: httpx.AsyncClient) -> None:
    for answer in (
        await client.get("/api/people/7"),
        await client.put("/api/people/7", json={"name": "Anna"}),
        await client.get("/api/people/7/day"),
        await client.delete("/api/people/7/calibrations/waist"),
        await client.post("/api/people/7/calibrations", json={"session_id": "x", "distance_m": 20}),
    ):
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is no person 7."


async def test_earlier_sessions_with_the_name_are_the_persons_and_a_new_name_keeps_them(
    client: httpx.AsyncClient, monitor: Monitor
) -> None:
    await import_recording(monitor, walker(10.0, name="anna_berg"), simulated=False)  # its label is "Anna berg"
    person = (await client.post("/api/people", json={"name": "Anna Berg"})).json()
    assert person["sessions"] == 1
    assert person["last_seen_at"] is not None
    assert (await client.get("/api/sessions")).json()["items"][0]["label"] == "Anna Berg", "spelled as the person is"
    present = monitor.open_session("anna berg", Facts("waist"), "GaitIMU 2")
    for record in records_of(walker(5.0)):
        monitor.receive(present, record)
    renamed = (await client.put(f"/api/people/{person['id']}", json={"name": "Anna Holm"})).json()
    assert renamed["sessions"] == 2
    assert present.plan.label == "Anna Holm", "a session in progress shows the new name"
    items = (await client.get("/api/sessions")).json()["items"]
    assert {item["label"] for item in items} == {"Anna Holm"}
    other = (await client.post("/api/people", json={"name": "Anna Berg"})).json()
    assert other["sessions"] == 0, "who gets the old name gets none of the sessions"
    await monitor.close_session(present, "Done.")
    assert (await client.get(f"/api/people/{person['id']}")).json()["sessions"] == 2


async def test_a_known_persons_heights_and_calibration_are_in_raw_log_recording_and_database(monitor: Monitor) -> None:
    await anna(monitor.store, sensor_height_m=0.98, sex="female")
    session_id = await worn(monitor, "anna  BERG", Facts("lower_back"))
    carried = {name: value for name, value in CALIBRATION.items() if name != "walks"}
    expected = {
        "height_m": 1.62,
        "sensor_height_m": 0.98,
        "sex": "female",
        "stride_calibration": {"lower_back": carried},
    }
    directory = monitor.directory_of(session_id)
    plan: Any = read_raw_log(directory).header["plan"]
    assert plan["label"] == "Anna Berg"
    assert plan["facts"]["person"] == expected
    recording = read_recording(directory / RECORDING_NAME)
    assert recording.facts.to_json()["person"] == expected
    row = monitor.store.session(session_id)
    assert row is not None
    assert row.facts["person"] == expected
    calibration = wearing_of(recording.facts).calibration
    assert calibration is not None
    assert (calibration.factor, calibration.pendulum_m, calibration.error_share) == (1.08, 1.0, 0.03)


async def test_a_crashed_session_is_recovered_with_what_was_known_when_it_began(tmp_path: Path) -> None:
    async with Monitor(tmp_path / "running") as monitor:
        person = await anna(monitor.store)
        session = monitor.open_session("Anna Berg", Facts("lower_back"), "GaitIMU 2")
        for record in records_of(walker(8.0)):
            monitor.receive(session, record)
        await monitor.store.change(lambda c: keep_calibration(c, person.id, "lower_back", None))
        shutil.copytree(tmp_path / "running", tmp_path / "crashed")
    async with Monitor(tmp_path / "crashed") as monitor:
        await recover(monitor)
        facts = read_recording(monitor.directory_of(session.plan.id) / RECORDING_NAME).facts
        assert wearing_of(facts) == session.plan.wearing
        assert session.plan.wearing.calibration is not None


async def test_what_is_played_again_keeps_the_facts_it_was_recorded_with(monitor: Monitor) -> None:
    session_id = await worn(monitor, "Anna Berg", Facts("lower_back"))
    await anna(monitor.store)
    again = await play(monitor, monitor.directory_of(session_id), None)
    assert again.plan.label == "Anna Berg"
    assert again.plan.facts.person is None
    from_recording = await play(monitor, monitor.directory_of(session_id) / RECORDING_NAME, None)
    assert from_recording.plan.facts.person is None


async def test_people_who_cannot_be_read_or_kept_are_said_so_and_keep_nobody_from_being_recorded(
    client: httpx.AsyncClient, monitor: Monitor
) -> None:
    await anna(monitor.store)
    with sqlite3.connect(monitor.store.path, isolation_level=None) as blocker:
        blocker.execute("ALTER TABLE people RENAME TO elsewhere")
    blocker.close()
    refused = await client.post("/api/people", json={"name": "Bert"})
    assert refused.status_code == 503
    assert "The database cannot be written" in refused.json()["detail"]
    session_id = await worn(monitor, "Anna Berg", Facts("lower_back"))
    assert read_recording(monitor.directory_of(session_id) / RECORDING_NAME).facts.person is None


def stored(**facts: Any) -> StoredPerson:
    known = {"height_m": 1.62, "sensor_height_m": 0.98, "age_years": 61.0, "sex": None, "condition": "ms"}
    return StoredPerson(id=1, name="Anna", calibrations={"lower_back": CALIBRATION}, **(known | facts))


def test_what_the_facts_say_counts_before_what_is_kept() -> None:
    own = {"factor": 1.2}
    facts = Facts.from_json(
        {"position": "lower_back", "person": {"height_m": 1.7, "stride_calibration": {"lower_back": own}}}
    )
    person = completed(facts, stored()).person
    assert person is not None
    assert (person.height_m, person.sensor_height_m, person.condition) == (1.7, 0.98, "ms")
    assert person.stride_calibration is not None
    assert person.stride_calibration["lower_back"].factor == 1.2
    assert person.stride_calibration["lower_back"].pendulum_m is None, "two calibrations are never mixed"


def test_elsewhere_than_at_the_pelvis_the_stored_sensor_height_means_nothing() -> None:
    person = completed(Facts("chest"), stored()).person
    assert person is not None
    assert (person.height_m, person.sensor_height_m, person.stride_calibration) == (1.62, None, None)


def test_somebody_of_whom_nothing_is_kept_changes_no_facts() -> None:
    nobody = StoredPerson(1, "Anna", None, None, None, None, None, {})
    assert completed(Facts("lower_back"), nobody) == Facts("lower_back")


@pytest.mark.parametrize(
    ("calibrations", "complaint"),
    [
        ("twice", "must be an object"),
        ({"lower_back": 1.1}, "must be an object"),
        ({"lowerback": {"factor": 1.1}}, "did you mean lower_back"),
        ({"lower_back": {}}, "must say its factor"),
        ({"lower_back": {"factor": 4}}, "between 0.6 and 1.6"),
        ({"lower_back": {"factor": "1.1"}}, "must be a number"),
        ({"lower_back": {"factor": 1.1, "pendulum_m": 95}}, "centimetres"),
        ({"lower_back": {"factor": 1.1, "error_share": -0.1}}, "between 0 and 1"),
    ],
)
def test_a_calibration_that_cannot_be_used_is_refused_with_a_sentence(calibrations: object, complaint: str) -> None:
    facts: dict[str, Any] = {"position": "lower_back", "person": {"stride_calibration": calibrations}}
    with pytest.raises(FactsError, match=complaint):
        Facts.from_json(facts)


def test_a_calibration_survives_being_written_with_keys_of_later_versions() -> None:
    person = {"stride_calibration": {"chest": {"factor": 0.9, "error_share": 0.05, "later": [1]}}}
    facts = Facts.from_json({"position": "chest", "person": person})
    assert facts.to_json() == {"position": "chest", "person": person}
    assert Facts.from_json(facts.to_json()) == facts
    wearing = wearing_of(facts)
    assert wearing.calibration is not None
    assert (wearing.calibration.factor, wearing.calibration.pendulum_m) == (0.9, None)
    assert wearing_of(Facts.from_json({"position": "waist", "person": person})).calibration is None


@given(st.text(max_size=30))
def test_spaces_and_capitals_do_not_make_another_name(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert name_key(f"  {name} \t") == key
    assert name_key(name.replace(" ", "   ")) == key
    assert name_key(name.casefold()) == key


def test_a_database_of_the_first_version_gets_people_and_its_sessions_their_keys(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    engine = open_engine(path)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with sqlite3.connect(path) as raw:
        for number, label in enumerate(["Anna Berg", "ANNA  berg", "Bert"]):
            raw.execute(
                "INSERT INTO sessions (id, label, position, sensor_name, started_at, state, simulated, test,"
                " duration_s, steps, walking_s, bouts, gap_count, facts, counters, clock, gaps)"
                " VALUES (?, ?, 'waist', 's', ?, 'finished', 0, 'none', 60, 40, 30, 1, 0, '{}', '{}', '{}', '[]')",
                (f"s-{number}", label, f"2026-11-2{number}T09:00:00+00:00"),
            )
        raw.execute("INSERT INTO events VALUES (1, 's-0', 0, 'step', 1.0, 1.5, '{\"kind\": \"step\"}')")
    raw.close()
    migrate(engine)
    with engine.begin() as connection:
        assert {key: one.sessions for key, one in seen(connection).items()} == {"anna berg": 2, "bert": 1}
        assert seen(connection)["anna berg"].last_at == "2026-11-21T09:00:00+00:00"
        added = add_person(connection, {"name": "Anna Berg"})
        assert person_named(connection, "anna berg") == added
        command.downgrade(config_with(config, connection), "0001")
        command.upgrade(config, "0002")
        assert seen(connection)["anna berg"].sessions == 2
    engine.dispose()
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT count(*) FROM events").fetchone() == (1,)
    raw.close()


def config_with(config: Config, connection: Any) -> Config:
    config.attributes["connection"] = connection
    return config
