import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sensing.drivers
from sensing.drivers import DRIVERS, driver_for, driver_named
from sensing.drivers.base import BATTERY_LEVEL, Battery, Driver, Frame, StreamChoice
from tests.sensing.drivers.frames import EXAMPLES, frames_of, gaitimu_choices, movesense_choices, polar_choices, walk

CHOICES = {"movesense": movesense_choices, "polar": polar_choices, "gaitimu": gaitimu_choices}
every_driver = pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.name)


def test_the_folder_and_the_list_hold_the_same_drivers() -> None:
    """A file without an underscore is a driver; NAME_more.py holds bytes of the driver NAME; base.py is for all."""
    stems = {path.stem for path in Path(sensing.drivers.__file__).parent.glob("*.py")} - {"__init__", "base"}
    drivers = {stem for stem in stems if "_" not in stem}
    assert drivers == {driver.name for driver in DRIVERS}
    assert {stem.split("_")[0] for stem in stems} == drivers


@every_driver
def test_a_driver_is_found_by_its_name(driver: Driver) -> None:
    assert driver_named(driver.name) is driver


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match="movesense, polar, gaitimu"):
        driver_named("xyz")


@pytest.mark.parametrize(
    ("advertised", "services", "name"),
    [
        ("Movesense 204830000123", [], "movesense"),
        ("Polar H10 8C4CAD2B", [], "polar"),
        ("Polar Sense 9A1B2C3D", [], "polar"),
        ("Polar OH1 6F1F2A22", ["0000180d-0000-1000-8000-00805f9b34fb"], "polar"),
        (None, ["FB005C80-02E7-F387-1CAD-8ACD2D8DF0C8"], "polar"),
        ("GaitIMU left foot", [], "gaitimu"),
        ("My phone", ["23620001-08b4-4b2f-93ac-dd492489fe5b"], "gaitimu"),
    ],
)
def test_an_advertisement_leads_to_its_driver(advertised: str | None, services: list[str], name: str) -> None:
    driver = driver_for(advertised, services)
    assert driver is not None
    assert driver.name == name


@pytest.mark.parametrize("advertised", ["Polar H9 12345678", "JBL Flip", "", None])
def test_other_things_on_the_air_have_no_driver(advertised: str | None) -> None:
    assert driver_for(advertised, ["0000180d-0000-1000-8000-00805f9b34fb"]) is None


@every_driver
def test_channels_are_whole_lower_case_uuids_and_the_battery_may_be_lacking(driver: Driver) -> None:
    assert all(len(uuid) == 36 and uuid == uuid.lower() for uuid in driver.channels)
    assert len(set(driver.channels)) == len(driver.channels)
    assert driver.channels.index(BATTERY_LEVEL) in driver.optional_channels
    assert 0 not in driver.optional_channels


@every_driver
def test_a_choice_survives_the_raw_log(driver: Driver) -> None:
    for choice in EXAMPLES[driver.name]:
        again = StreamChoice.from_json(json.loads(json.dumps(choice.to_json())))
        assert again == choice
        frame = walk(choice)
        assert driver.pack(frame, again) == driver.pack(frame, choice)


@every_driver
def test_a_battery_level_is_read_and_an_impossible_one_is_counted(driver: Driver) -> None:
    decoder = driver.decoder(EXAMPLES[driver.name][0])
    channel = driver.channels.index(BATTERY_LEVEL)
    assert decoder.parse(b"\x4d", channel) == [Battery(77)]
    assert decoder.parse(b"\xff", channel) == decoder.parse(b"", channel) == decoder.parse(b"\x01\x02", channel) == []
    assert decoder.partial_packets == 3


@every_driver
@given(packets=st.lists(st.tuples(st.integers(0, 3), st.binary(max_size=300)), max_size=20))
@settings(max_examples=60, deadline=None)
def test_random_bytes_never_raise_and_count_at_most_once_per_packet(
    driver: Driver, packets: list[tuple[int, bytes]]
) -> None:
    for choice in EXAMPLES[driver.name]:
        decoder = driver.decoder(choice)
        for channel, data in packets:
            before = decoder.partial_packets
            decoder.parse(data, channel % len(driver.channels))
            assert decoder.partial_packets - before in (0, 1)


@every_driver
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_bent_packets_never_raise(driver: Driver, data: st.DataObject) -> None:
    choice = data.draw(CHOICES[driver.name])
    decoder = driver.decoder(choice)
    for channel, packet in driver.pack(data.draw(frames_of(choice)), choice):
        bend: Callable[[bytes], bytes] = data.draw(
            st.sampled_from(
                [
                    lambda p: p[: data.draw(st.integers(0, len(p)))],
                    lambda p: p + data.draw(st.binary(min_size=1, max_size=30)),
                    lambda p: bytes([data.draw(st.integers(0, 255))]) + p[1:],
                ]
            )
        )
        readings = decoder.parse(bend(packet), channel)
        assert all(len(reading) >= 1 for reading in readings if isinstance(reading, Frame))
