from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.drivers import polar_pmd
from sensing.drivers.base import DriverError, Reply, Wanted
from sensing.drivers.polar import Polar
from sensing.drivers.polar_frames import Flow
from sensing.drivers.polar_pmd import CONTROL, Measurement, Op, Request, Setting, Status
from tests.sensing.drivers.captures import packets
from tests.sensing.drivers.frames import H10, VERITY
from tests.sensing.drivers.sensors import (
    H10_OFFER,
    VERITY_ACC_OFFER,
    VERITY_FACTORS,
    VERITY_GYRO_OFFER,
    PolarSensor,
    SensorLink,
)

DRIVER = Polar(reply_timeout_s=0.05)
VERITY_OFFERS: Mapping[int, polar_pmd.Settings] = {
    Measurement.ACC: VERITY_ACC_OFFER,
    Measurement.GYRO: VERITY_GYRO_OFFER,
}


def h10(**changes) -> PolarSensor:
    return PolarSensor({Measurement.ACC: H10_OFFER}, **changes)


def link_to(sensor: PolarSensor, **changes) -> SensorLink:
    return SensorLink(sensor, values={CONTROL: sensor.features}, **changes)


def test_the_start_of_an_h10_is_written_as_others_saw_it_work() -> None:
    chosen = polar_pmd.choose(H10_OFFER, 208.0)
    assert Request(Op.START, Measurement.ACC, chosen).to_bytes() == packets("polar_h10_start")[0]


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("indication_bytes", [200, 9, 1])
async def test_an_h10_is_asked_for_its_settings_and_started_at_the_nearest(early: bool, indication_bytes: int) -> None:
    sensor = h10(indication_bytes=indication_bytes)
    choice = await DRIVER.start(link_to(sensor, early=early), Wanted(rate_hz=104.0))
    assert (choice.rate_hz, choice.has_gyroscope, choice.has_magnetometer) == (100.0, False, False)
    assert sensor.running == {
        Measurement.ACC: {Setting.RANGE: (8,), Setting.RATE_HZ: (100,), Setting.RESOLUTION_BITS: (16,)}
    }
    assert Flow.from_json(choice.settings["acc"]).frame_type == 1


async def test_a_verity_sense_streams_both_with_the_factors_of_its_replies() -> None:
    sensor = PolarSensor(dict(VERITY_OFFERS), dict(VERITY_FACTORS))
    choice = await DRIVER.start(link_to(sensor), Wanted())
    assert set(sensor.running) == {Measurement.ACC, Measurement.GYRO}
    assert choice.settings == VERITY.settings
    assert choice.has_gyroscope


async def test_angular_rate_is_left_alone_when_nobody_wants_it() -> None:
    sensor = PolarSensor(dict(VERITY_OFFERS), dict(VERITY_FACTORS))
    choice = await DRIVER.start(link_to(sensor), Wanted(gyroscope=False))
    assert set(sensor.running) == {Measurement.ACC}
    assert not choice.has_gyroscope


async def test_a_stream_left_running_by_a_lost_connection_is_stopped_and_started_again() -> None:
    sensor = h10(refusals=[Status.ALREADY])
    link = link_to(sensor)
    await DRIVER.start(link, Wanted())
    assert [data[0] for data in link.commands(CONTROL)] == [Op.GET_SETTINGS, Op.START, Op.STOP, Op.START]
    assert Measurement.ACC in sensor.running


@pytest.mark.parametrize("status", [*list(Status)[1:], 99])
async def test_every_refusal_is_a_sentence_with_a_remedy(status: int) -> None:
    with pytest.raises(DriverError, match=rf"^The Polar sensor refused \({status}\): .{{20,}}\.$") as refusal:
        await DRIVER.start(link_to(h10(refusals=[status, status])), Wanted())
    assert refusal.value.needs_person == (status in (3, 10, 13, 14))


async def test_a_sensor_without_acceleration_is_refused() -> None:
    with pytest.raises(DriverError, match="use a Polar H10") as refusal:
        await DRIVER.start(link_to(PolarSensor({Measurement.PPG: H10_OFFER})), Wanted())
    assert refusal.value.needs_person


async def test_silence_at_the_control_point_is_a_sentence() -> None:
    link = SensorLink(lambda characteristic, data: [], values={CONTROL: h10().features})
    with pytest.raises(DriverError, match="did not answer"):
        await DRIVER.start(link, Wanted())


@pytest.mark.parametrize("parameters", [b"", bytes.fromhex("000219")])
async def test_settings_that_cannot_be_read_are_a_sentence(parameters: bytes) -> None:
    reply = polar_pmd.Response(Op.GET_SETTINGS, Measurement.ACC, 0, False, parameters).to_bytes()
    link = SensorLink(lambda characteristic, data: [(1, reply)], values={CONTROL: h10().features})
    with pytest.raises(DriverError, match="The Polar sensor refused"):
        await DRIVER.start(link, Wanted())


async def test_stopping_stops_both_measurements() -> None:
    link = link_to(h10())
    await DRIVER.stop(link)
    assert link.commands(CONTROL) == [b"\x03\x02", b"\x03\x05"]


def test_features_are_read_from_the_bitmap() -> None:
    assert polar_pmd.parse_features(bytes.fromhex("0f2e")) == {1, 2, 3, 5}
    assert polar_pmd.parse_features(polar_pmd.build_features(frozenset({0, 2, 6}))) == {0, 2, 6}
    assert polar_pmd.parse_features(b"\xf0\x04") == polar_pmd.parse_features(b"\x0f") == frozenset()


@given(
    settings_=st.dictionaries(
        st.sampled_from([0, 1, 2, 4]), st.lists(st.integers(0, 255), max_size=5).map(tuple), max_size=4
    )
)
@settings(max_examples=50, deadline=None)
def test_settings_come_back_from_their_bytes(settings_: dict[int, tuple[float, ...]]) -> None:
    request = Request(Op.START, Measurement.ACC, settings_)
    assert polar_pmd.parse_request(request.to_bytes()) == request


@given(value=st.binary(max_size=40))
@settings(max_examples=100, deadline=None)
def test_arbitrary_writes_and_indications_never_raise(value: bytes) -> None:
    polar_pmd.parse_request(value)
    polar_pmd.parse_response(value)
    polar_pmd.parse_features(value)


def test_an_indication_in_the_stream_becomes_a_reply() -> None:
    decoder = DRIVER.decoder(H10)
    (reply,) = decoder.parse(bytes.fromhex("f002020a"), 1)
    assert isinstance(reply, Reply)
    assert reply.status == Status.MTU
    assert "MTU" in reply.text
    assert decoder.parse(bytes.fromhex("f0020200"), 1) == [Reply(Op.START, 200)]
