"""The intake under everything a radio does to packets."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sensing.block import SampleBlock
from sensing.drivers.base import Driver, StreamChoice
from sensing.intake import Counters, Intake
from sensing.packets import Note, Packet, Record
from tests.sensing.builders import (
    FIRST_MS,
    FIRST_US,
    LAST_NS,
    PlainDriver,
    Sent,
    assert_in_order,
    samples_of,
    sent_frames,
    stream_note,
)

MS = PlainDriver(FIRST_MS)  # Movesense's kind: whole milliseconds, no counter
US = PlainDriver(FIRST_US, sequence_bits=16)  # GaitIMU's kind
NS = PlainDriver(LAST_NS)  # Polar's kind: stamp of the last sample
COUNTED = PlainDriver(None, sequence_bits=8)  # a counter, no clock
HOST = PlainDriver(None)  # neither
STAMPED = [MS, US, NS]
CHOICE = StreamChoice(104.0, 8, has_gyroscope=False)
DELAY_S = 0.02


def an_intake(driver: Driver) -> Intake:
    return Intake("hip", find_driver={driver.name: driver}.__getitem__)


def receive_all(intake: Intake, records: list[Record]) -> list[SampleBlock]:
    blocks = [block for record in records for block in intake.receive(record)]
    return blocks + intake.finish()


def heard(frames: list[Sent], delay_s: float = DELAY_S) -> list[Record]:
    return [packet for frame in frames for packet in frame.heard(frame.measured_s + delay_s)]


@pytest.mark.parametrize("driver", [*STAMPED, COUNTED, HOST])
def test_an_undisturbed_stream_comes_out_whole_and_in_order(driver: PlainDriver) -> None:
    frames = sent_frames(driver, CHOICE, 300, true_rate_hz=101.3)
    intake = an_intake(driver)
    blocks = receive_all(intake, [stream_note(driver, CHOICE), *heard(frames)])
    sent, ours, _ = samples_of(blocks)
    assert_in_order(blocks)
    assert sent.tolist() == ours.tolist() == list(range(2400))
    assert intake.counters == Counters(packets=300, samples=2400)
    assert all(block.sensor_id == "hip" and block.rate_hz == 104.0 for block in blocks)


@pytest.mark.parametrize("driver", STAMPED)
@pytest.mark.parametrize(("rate_hz", "n"), [(13.0, 1), (26.0, 2), (52.0, 4), (104.0, 8), (208.0, 16)])
@pytest.mark.parametrize("off", [-0.05, 0.0, 0.05])
def test_spacing_is_the_true_one_however_far_the_nominal_rate_is_off(
    driver: PlainDriver, rate_hz: float, n: int, off: float
) -> None:
    choice = StreamChoice(rate_hz, n, has_gyroscope=False)
    frames = sent_frames(driver, choice, 600, true_rate_hz=rate_hz * (1 + off))
    intake = an_intake(driver)
    sent, ours, times = samples_of(receive_all(intake, [stream_note(driver, choice), *heard(frames)]))
    assert sent.tolist() == ours.tolist()
    steps = np.diff(times[times > times[-1] - 20]) * rate_hz * (1 + off)
    assert steps.min() > 0.97
    assert steps.max() < 1.03
    assert intake.measured_rate_hz == pytest.approx(rate_hz * (1 + off), rel=2e-3)


def test_frames_of_changing_length_stamped_at_their_end_lose_nothing() -> None:
    frames = sent_frames(NS, CHOICE, 300, samples=[36, 30, 41, 8, 36], true_rate_hz=103.0)
    intake = an_intake(NS)
    sent, ours, times = samples_of(receive_all(intake, [stream_note(NS, CHOICE), *heard(frames)]))
    assert sent.tolist() == ours.tolist()
    assert np.diff(times)[2000:] * 103.0 == pytest.approx(1.0, abs=0.02)


@dataclass(frozen=True)
class Fate:
    """What the radio does to one frame."""

    lost: bool = False
    copies: int = 1
    late_by: int = 0  # places it falls back behind its successors


FATES = st.lists(
    st.one_of(
        st.just(Fate()),
        st.just(Fate()),
        st.just(Fate()),
        st.just(Fate(lost=True)),
        st.builds(Fate, copies=st.integers(2, 3)),
        st.builds(Fate, late_by=st.integers(1, 2)),
        st.builds(Fate, late_by=st.just(7)),
    ),
    min_size=4,
    max_size=60,
)


def suffer(frames: list[Sent], fates: list[Fate]) -> list[Record]:
    """The packets as heard: each at its time, or when the frame it fell behind was heard."""
    heard: list[tuple[float, int, Sent]] = []
    for number, (frame, fate) in enumerate(zip(frames, fates, strict=True)):
        if fate.lost:
            continue
        behind = frames[min(number + fate.late_by, len(frames) - 1)]
        arrival_s = behind.measured_s + DELAY_S + (0.001 if fate.late_by else 0.0)
        heard += [(arrival_s + 1e-4 * copy, number, frame) for copy in range(fate.copies)]
    heard.sort(key=lambda one: (one[0], one[1]))
    return [packet for arrival_s, _, frame in heard for packet in frame.heard(arrival_s)]


@pytest.mark.parametrize("driver", STAMPED)
@given(fates=FATES, true_rate_hz=st.floats(98.0, 110.0), boot_s=st.sampled_from([0.0, 12.5, 4294960.0, 86400.0 * 40]))
@settings(max_examples=60, deadline=None)
def test_no_sample_is_invented_doubled_or_misnumbered_whatever_the_radio_does(
    driver: PlainDriver, fates: list[Fate], true_rate_hz: float, boot_s: float
) -> None:
    fates = [Fate()] * 3 + fates
    frames = sent_frames(driver, CHOICE, len(fates), true_rate_hz=true_rate_hz, boot_s=boot_s)
    intake = an_intake(driver)
    blocks = receive_all(intake, [stream_note(driver, CHOICE), *suffer(frames, fates)])
    sent, ours, times = samples_of(blocks)
    counters = intake.counters
    assert_in_order(blocks)
    assert sent.tolist() == ours.tolist()
    assert counters.samples == len(sent)
    assert counters.samples + counters.lost_samples == ours[-1] + 1
    assert counters.packets == sum(fate.copies for fate in fates if not fate.lost)
    assert counters.packets == counters.samples // 8 + counters.duplicate_packets + counters.late_packets
    if not any(fate.late_by > 2 for fate in fates):
        assert counters.late_packets == 0
        assert counters.duplicate_packets == sum(fate.copies - 1 for fate in fates if not fate.lost)
    truth = np.array([frame.measured_s for frame in frames])
    at_ends = np.interp(sent, [frame.first + 7 for frame in frames], truth)
    within = (sent >= 7) & (sent <= frames[-1].first + 7)
    assert np.abs(times - at_ends - DELAY_S)[within].max() < 0.012


@given(fates=FATES)
@settings(max_examples=60, deadline=None)
def test_a_packet_counter_alone_is_enough_to_count_losses(fates: list[Fate]) -> None:
    fates = [Fate(lost=fate.lost, copies=fate.copies) for fate in [Fate(), *fates]]
    frames = sent_frames(COUNTED, CHOICE, len(fates))
    intake = an_intake(COUNTED)
    blocks = receive_all(intake, [stream_note(COUNTED, CHOICE), *suffer(frames, fates)])
    sent, ours, _ = samples_of(blocks)
    assert_in_order(blocks)
    assert sent.tolist() == ours.tolist()
    assert intake.counters.duplicate_packets == sum(fate.copies - 1 for fate in fates if not fate.lost)


@pytest.mark.parametrize("driver", STAMPED)
def test_a_loss_of_a_minute_is_counted_and_the_time_after_it_is_right(driver: PlainDriver) -> None:
    frames = sent_frames(driver, CHOICE, 2000, true_rate_hz=102.0)
    intake = an_intake(driver)
    blocks = receive_all(intake, [stream_note(driver, CHOICE), *heard(frames[:700] + frames[1500:])])
    sent, ours, times = samples_of(blocks)
    assert intake.counters.lost_samples == 6400
    assert sent.tolist() == ours.tolist()
    jump = times[5600] - times[5599]
    assert jump == pytest.approx(6401 / 102.0, abs=0.005)
    assert intake.counters.gap_s == pytest.approx(jump - 1 / 102.0, abs=0.002)


def test_reordered_frames_are_put_in_their_place_and_counted() -> None:
    frames = sent_frames(MS, CHOICE, 20)
    order = [*range(8), 9, 8, 10, 13, 12, 11, *range(14, 20)]
    records = [packet for at, number in enumerate(order) for packet in frames[number].heard(0.1 + at / 13)]
    intake = an_intake(MS)
    sent, ours, _ = samples_of(receive_all(intake, [stream_note(MS, CHOICE), *records]))
    assert sent.tolist() == ours.tolist() == list(range(160))
    assert intake.counters.reordered_packets == 3
    assert intake.counters.lost_samples == intake.counters.late_packets == 0


def test_a_loss_holds_the_next_frames_back_for_a_quarter_of_a_second_at_most() -> None:
    frames = sent_frames(MS, CHOICE, 40)
    del frames[20]
    intake = an_intake(MS)
    intake.receive(stream_note(MS, CHOICE))
    for packet in heard(frames):
        newest = [block.time_s[-1] for block in intake.receive(packet)]
        if newest:
            last_s = newest[-1]
        assert packet.arrival_s - last_s < 0.25 + 2 / 13


@pytest.mark.parametrize("driver", STAMPED)
def test_after_a_reconnection_a_running_clock_goes_on(driver: PlainDriver) -> None:
    frames = sent_frames(driver, CHOICE, 1500, true_rate_hz=102.0, skew=40e-6)
    first, second = frames[:800], frames[1000:]
    records = [
        stream_note(driver, CHOICE),
        *heard(first),
        Note(first[-1].measured_s + 2, "disconnected", {"reason": "out of range"}),
        stream_note(driver, CHOICE, second[0].measured_s - 0.3),
        *second[0].heard(second[0].measured_s + 1.4),  # the first packet after a reconnection is often late
        *heard(second[1:]),
    ]
    intake = an_intake(driver)
    blocks = receive_all(intake, records)
    sent, ours, times = samples_of(blocks)
    assert_in_order(blocks)
    assert np.abs(sent - ours).max() <= 1
    assert intake.counters.reconnects == 1
    assert intake.counters.clock_resets == 0
    assert intake.counters.lost_samples == 0
    assert intake.counters.gap_s == pytest.approx(1600 / 102.0, abs=0.01)
    after = times[6400] - (second[0].measured_s - 7 / 102.0)
    assert after == pytest.approx(DELAY_S, abs=0.01)


@pytest.mark.parametrize("driver", [*STAMPED, COUNTED, HOST])
def test_after_a_restart_of_the_sensor_time_and_numbers_still_increase(driver: PlainDriver) -> None:
    before = sent_frames(driver, CHOICE, 400, boot_s=90000.0)
    after = sent_frames(driver, CHOICE, 400, boot_s=0.2, start_s=before[-1].measured_s + 9.0)
    records = [
        stream_note(driver, CHOICE),
        *heard(before),
        Note(before[-1].measured_s + 1, "disconnected"),
        stream_note(driver, CHOICE, after[0].measured_s - 0.5),
        *heard(after),
    ]
    intake = an_intake(driver)
    blocks = receive_all(intake, records)
    _, ours, times = samples_of(blocks)
    assert_in_order(blocks)
    assert intake.counters.reconnects == 1
    assert ours[3200] - 3200 == pytest.approx(9.0 * 104, abs=12)
    assert times[3200] - times[3199] == pytest.approx(9.0, abs=0.1)
    assert intake.counters.lost_samples == 0


def test_packets_of_a_client_that_was_not_closed_are_duplicates() -> None:
    frames = sent_frames(MS, CHOICE, 100)
    records: list[Record] = [stream_note(MS, CHOICE)]
    for frame in frames:
        records += [*frame.heard(frame.measured_s + 0.02), *frame.heard(frame.measured_s + 0.021)]
    intake = an_intake(MS)
    sent, ours, _ = samples_of(receive_all(intake, records))
    assert sent.tolist() == ours.tolist() == list(range(800))
    assert intake.counters.duplicate_packets == 100


@pytest.mark.parametrize("jump_s", [-3600.0, -8.0, 3600.0, 7 * 365 * 86400.0])
def test_a_clock_that_is_set_in_the_middle_starts_a_new_axis_without_a_jump_back(jump_s: float) -> None:
    before = sent_frames(NS, CHOICE, 200, boot_s=1e6)
    end_s = before[-1].measured_s
    after = sent_frames(NS, CHOICE, 200, boot_s=1e6 + end_s + jump_s, start_s=end_s + 1 / 104, first=1600)
    intake = an_intake(NS)
    blocks = receive_all(intake, [stream_note(NS, CHOICE), *heard(before), *heard(after)])
    sent, ours, times = samples_of(blocks)
    assert_in_order(blocks)
    assert sent.tolist() == ours.tolist()
    assert intake.counters.clock_resets == 1
    assert times[-1] == pytest.approx(after[-1].measured_s + DELAY_S, abs=0.02)


@pytest.mark.parametrize("boot_s", [2**32 / 1e3 - 5.0, 2**32 / 1e3 - 0.03])
def test_a_counter_of_milliseconds_wraps_unnoticed(boot_s: float) -> None:
    frames = sent_frames(MS, CHOICE, 200, boot_s=boot_s)
    intake = an_intake(MS)
    sent, ours, _ = samples_of(receive_all(intake, [stream_note(MS, CHOICE), *heard(frames)]))
    assert sent.tolist() == ours.tolist()
    assert intake.counters == Counters(packets=200, samples=1600)


def test_a_delivery_that_halts_for_twenty_seconds_and_catches_up_loses_nothing() -> None:
    frames = sent_frames(NS, CHOICE, 1500)
    records: list[Record] = [stream_note(NS, CHOICE)]
    for frame in frames:
        stuck = 40.0 < frame.measured_s < 60.0
        records += frame.heard(60.02 + frame.first * 1e-7 if stuck else frame.measured_s + 0.02)
    intake = an_intake(NS)
    sent, ours, times = samples_of(receive_all(intake, records))
    assert sent.tolist() == ours.tolist()
    assert intake.counters == Counters(packets=1500, samples=12000)
    assert np.abs(times - (np.arange(12000) / 104 + 0.02)).max() < 0.01


def test_without_clock_and_counter_a_lasting_delay_is_a_gap_and_a_passing_one_is_not() -> None:
    frames = sent_frames(HOST, CHOICE, 1000)
    passing: list[Record] = [stream_note(HOST, CHOICE)]
    for frame in frames:
        stuck = 40.0 < frame.measured_s < 41.5
        passing += frame.heard(41.5 + frame.first * 1e-7 if stuck else frame.measured_s + 0.02)
    intake = an_intake(HOST)
    receive_all(intake, passing)
    assert intake.counters == Counters(packets=1000, samples=8000)
    lasting = heard(frames[:500] + frames[540:])
    intake = an_intake(HOST)
    blocks = receive_all(intake, [stream_note(HOST, CHOICE), *lasting])
    _, _, times = samples_of(blocks)
    assert_in_order(blocks)
    assert intake.counters.lost_samples == pytest.approx(320, abs=8)
    assert times[-1] == pytest.approx(frames[-1].measured_s + 0.02, abs=0.1)
    assert intake.clock.kind == "host"


def test_the_true_rate_of_a_sensor_without_clock_is_found() -> None:
    frames = sent_frames(HOST, CHOICE, 3000, true_rate_hz=100.0)
    intake = an_intake(HOST)
    _, _, times = samples_of(receive_all(intake, [stream_note(HOST, CHOICE), *heard(frames)]))
    assert intake.measured_rate_hz == pytest.approx(100.0, rel=2e-3)
    assert times[-1] == pytest.approx(frames[-1].measured_s + 0.02, abs=0.01)


def test_malformed_and_stray_packets_are_counted_and_change_nothing() -> None:
    frames = sent_frames(MS, CHOICE, 10)
    intake = an_intake(MS)
    intake.receive(Packet(0.0, b"\x01\x02", 0))
    records: list[Record] = [stream_note(MS, CHOICE), *heard(frames)]
    records.insert(4, Packet(0.3, b"\x01\x05", 0))
    sent, ours, _ = samples_of(receive_all(intake, records))
    assert sent.tolist() == ours.tolist() == list(range(80))
    assert intake.counters.stray_packets == 1
    assert intake.counters.partial_packets == 1


@given(cut=st.integers(0, 60), at_rest=st.booleans())
@example(cut=0, at_rest=True)
@settings(max_examples=20, deadline=None)
def test_the_same_records_give_the_same_blocks_bit_for_bit(cut: int, at_rest: bool) -> None:
    frames = sent_frames(US, CHOICE, 61, true_rate_hz=103.0)
    records: list[Record] = [stream_note(US, CHOICE), *heard(frames[:cut])]
    if at_rest:
        records.append(Note(frames[cut].measured_s, "disconnected"))
        records.append(stream_note(US, CHOICE, frames[cut].measured_s))
    records += heard(frames[cut:])
    one = samples_of(receive_all(an_intake(US), records))
    other = samples_of(receive_all(an_intake(US), records))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
