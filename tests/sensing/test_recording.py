"""Contract recordings in and out, and what is said about unusable ones."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.facts import Facts, FactsError, Person
from sensing.recording import Recording, RecordingError, read_recording, write_recording
from tests.sensing.builders import a_recording

ENDINGS = [".parquet", ".csv", ".csv.gz"]
HEADER = "time_s,acc_x_mps2,acc_y_mps2,acc_z_mps2"
POSITION = {"position": "waist"}
EVERY_FACT = {
    "position": "lower_back",
    "rate_hz": 100.0,
    "sensor": "Movesense",
    "started_at": "2026-11-21T09:00:00+00:00",
    "person": {"height_m": 1.7, "sensor_height_m": 0.95, "age_years": 61, "sex": "female", "condition": "ms", "x": 1},
    "test": "6mwt",
    "stance": "semi_tandem",
    "course_length_m": 30.0,
    "cue_s": 4.2,
    "end_cue_s": 364.2,
    "ward": {"name": "3b"},
}


def same(one: Recording, other: Recording) -> bool:
    pairs = zip(arrays(one), arrays(other), strict=True)
    whole = all(a is b if a is None or b is None else np.array_equal(a, b, equal_nan=True) for a, b in pairs)
    return whole and one.facts == other.facts and one.rate_hz == other.rate_hz and one.name == other.name


def arrays(recording: Recording) -> list[np.ndarray | None]:
    return [recording.time_s, recording.acc_mps2, recording.gyr_radps, recording.mag_ut]


def csv_file(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "rec.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def rows(count: int = 50, period_s: float = 0.01, scale: float = 1.0, start_s: float = 0.0) -> list[str]:
    return [f"{start_s + n * period_s:.6f},{0.1 * scale},{9.7 * scale},{(0.3 + n % 3) * scale}" for n in range(count)]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(("gyroscope", "magnetometer"), [(True, True), (True, False), (False, False)])
def test_what_is_written_reads_back_bit_for_bit(
    tmp_path: Path, ending: str, gyroscope: bool, magnetometer: bool
) -> None:
    facts = Facts.from_json(EVERY_FACT)
    recording = a_recording(500, gyroscope=gyroscope, magnetometer=magnetometer, facts=facts)
    path = tmp_path / f"walk{ending}"
    write_recording(path, recording)
    read = read_recording(path)
    assert same(read, recording)
    assert read.facts.to_json() == EVERY_FACT
    assert read.remarks == ()
    assert not list(tmp_path.glob("*.part"))


@given(
    rate_hz=st.floats(12.5, 1000.0),
    jitter=st.floats(0.0, 0.45),
    seed=st.integers(0, 99),
    start_s=st.floats(-10.0, 1e5),
    ending=st.sampled_from(ENDINGS),
)
@settings(max_examples=25, deadline=None)
def test_any_rate_and_jitter_of_the_contract_reads_back(
    rate_hz: float, jitter: float, seed: int, start_s: float, ending: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    recording = a_recording(120, rate_hz, seed=seed)
    moved = np.random.default_rng(seed).uniform(-jitter, jitter, 120) / rate_hz
    recording = replace(recording, time_s=recording.time_s + moved + start_s)
    path = tmp_path_factory.mktemp("any") / f"walk{ending}"
    write_recording(path, recording)
    assert same(read_recording(path), recording)


def test_single_precision_samples_stay_small_and_exact(tmp_path: Path) -> None:
    recording = a_recording(2000)
    rounded = replace(recording, acc_mps2=recording.acc_mps2.astype(np.float32).astype(np.float64))
    write_recording(tmp_path / "walk.parquet", rounded)
    assert pq.read_schema(tmp_path / "walk.parquet").field("acc_x_mps2").type == pa.float32()
    assert same(read_recording(tmp_path / "walk.parquet"), rounded)


def test_missing_values_are_kept_as_missing_and_remarked(tmp_path: Path) -> None:
    recording = a_recording(200)
    recording.acc_mps2[7:10] = np.nan
    recording.gyr_radps[3, 1] = np.nan
    for ending in ENDINGS:
        write_recording(tmp_path / f"walk{ending}", recording)
        read = read_recording(tmp_path / f"walk{ending}")
        assert same(read, recording)
        assert read.remarks == ("3 rows without acceleration", "1 row without angular rate")


def test_a_csv_without_facts_takes_them_from_the_options(tmp_path: Path) -> None:
    path = csv_file(tmp_path, *rows())
    with pytest.raises(RecordingError, match="--position"):
        read_recording(path)
    read = read_recording(path, {"position": "wrist", "test": "tug", "person": {"height_m": 1.8}})
    assert (read.facts.position, read.facts.test, read.facts.person) == ("wrist", "tug", Person(height_m=1.8))
    assert read.rate_hz == pytest.approx(100.0)


def test_options_replace_facts_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "walk.parquet"
    write_recording(path, a_recording(facts=Facts.from_json(EVERY_FACT)))
    read = read_recording(path, {"position": "chest", "person": {"height_m": 1.5}, "test": None})
    assert read.facts.position == "chest"
    assert read.facts.test == "6mwt"
    assert read.facts.person is not None
    assert (read.facts.person.height_m, read.facts.person.sex) == (1.5, "female")


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "rec.csv"
    path.write_bytes("\r\n".join([HEADER, *rows()]).encode("utf-8-sig"))
    assert read_recording(path, POSITION).time_s.size == 50


def test_spaces_around_names_and_numbers_do_not_matter(tmp_path: Path) -> None:
    path = csv_file(tmp_path, *(row.replace(",", " , ") for row in rows()), header=HEADER.replace(",", ", "))
    assert read_recording(path, POSITION).acc_mps2[0].tolist() == [0.1, 9.7, 0.3]


def test_columns_may_come_in_any_order_with_others_between(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        *(f"note,9.7,{n / 50},0.1,0.2" for n in range(50)),
        header="remark,acc_y_mps2,time_s,acc_z_mps2,acc_x_mps2",
    )
    read = read_recording(path, POSITION)
    assert read.acc_mps2[0].tolist() == [0.2, 9.7, 0.1]
    assert read.remarks == ("columns not used: remark",)


def test_gaps_are_jumps_of_more_than_one_and_a_half_periods() -> None:
    recording = a_recording(100)
    time_s = recording.time_s.copy()
    time_s[20:] += 0.0049
    time_s[40:] += 0.0051
    time_s[60:] += 0.2
    recording = replace(recording, time_s=time_s)
    assert recording.gaps == [(time_s[39], time_s[40]), (time_s[59], time_s[60])]
    assert recording.index[[39, 40, 59, 60]].tolist() == [39, 41, 60, 81]


@given(samples=st.integers(1, 130), gaps=st.lists(st.integers(1, 99), max_size=5, unique=True))
@settings(max_examples=40, deadline=None)
def test_blocks_hold_every_sample_once_whatever_their_size(samples: int, gaps: list[int]) -> None:
    recording = a_recording(100)
    time_s = recording.time_s.copy()
    for at in gaps:
        time_s[at:] += 0.05
    recording = replace(recording, time_s=time_s)
    blocks = list(recording.blocks(samples))
    assert np.array_equal(np.concatenate([block.time_s for block in blocks]), time_s)
    assert np.array_equal(np.concatenate([block.acc_mps2 for block in blocks]), recording.acc_mps2)
    index = np.concatenate([block.first_index + np.arange(len(block)) for block in blocks])
    assert np.array_equal(index, recording.index)
    assert all(len(block) <= samples and block.sensor_id == "walk" for block in blocks)
    assert all(np.diff(block.time_s).max(initial=0) < 0.015 for block in blocks)


def refused(path: Path, overrides: dict[str, object] | None = None) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        read_recording(path, POSITION | (overrides or {}))
    error = caught.value
    assert error.path == path
    assert path.name in str(error)
    assert str(error).endswith(".")
    return error


def test_a_missing_column_is_named_with_the_one_that_is_probably_meant(tmp_path: Path) -> None:
    error = refused(csv_file(tmp_path, *rows(), header="time_s,acc_x_g,acc_y_g,acc_z_g"))
    assert error.message == "columns acc_x_mps2, acc_y_mps2, acc_z_mps2 are missing"
    assert "rename acc_x_g to acc_x_mps2" in error.remedy
    error = refused(csv_file(tmp_path, *rows(), header="timestamp,acc_x_mps2,acc_y_mps2,acc_z_mps2"))
    assert "rename timestamp to time_s" in error.remedy
    error = refused(csv_file(tmp_path, *(f"{row},0" for row in rows()), header=HEADER + ",gyr_x_radps"))
    assert error.message == "columns gyr_y_radps, gyr_z_radps are missing"
    error = refused(csv_file(tmp_path, *(f"{row},0" for row in rows()), header=HEADER + ",time_s"))
    assert "twice" in error.message


def test_a_csv_with_semicolons_is_recognised(tmp_path: Path) -> None:
    error = refused(csv_file(tmp_path, "0;1;2;3", header=HEADER.replace(",", ";")))
    assert "','" in error.remedy


@pytest.mark.parametrize(
    ("scale", "said"),
    [(1 / 9.80665, "look like g"), (1000 / 9.80665, "milli-g"), (1670.0, "counts"), (0.01, "gravity")],
)
def test_a_unit_of_acceleration_that_cannot_be_right_is_named(tmp_path: Path, scale: float, said: str) -> None:
    error = refused(csv_file(tmp_path, *rows(scale=scale)))
    assert said in error.remedy
    assert "9.81" in error.message


def test_degrees_per_second_are_recognised(tmp_path: Path) -> None:
    recording = a_recording(500)
    wrong = replace(recording, gyr_radps=np.rad2deg(recording.gyr_radps))
    write_recording(tmp_path / "walk.parquet", wrong)
    error = refused(tmp_path / "walk.parquet")
    assert "deg/s" in error.remedy


def test_a_short_hard_spin_is_no_wrong_unit(tmp_path: Path) -> None:
    recording = a_recording(1000)
    recording.gyr_radps[300:305] = 36.0
    write_recording(tmp_path / "walk.parquet", recording)
    assert read_recording(tmp_path / "walk.parquet").gyr_radps is not None


@pytest.mark.parametrize(("period", "unit"), [(10.0, "milliseconds"), (10_000.0, "microseconds"), (1e7, "nanoseconds")])
def test_time_in_another_unit_is_named(tmp_path: Path, period: float, unit: str) -> None:
    assert unit in refused(csv_file(tmp_path, *rows(period_s=period))).remedy


@pytest.mark.parametrize("rate_hz", [5.0, 12.0, 1100.0])
def test_a_rate_outside_the_contract_is_refused(tmp_path: Path, rate_hz: float) -> None:
    error = refused(csv_file(tmp_path, *rows(period_s=1 / rate_hz)))
    assert "12.5 Hz to 1000 Hz" in error.remedy


def test_a_stated_rate_that_the_stamps_contradict_is_remarked(tmp_path: Path) -> None:
    path = csv_file(tmp_path, *rows())
    assert read_recording(path, POSITION | {"rate_hz": 104.0}).rate_hz == 104.0
    read = read_recording(path, POSITION | {"rate_hz": 50.0})
    assert read.rate_hz == pytest.approx(100.0)
    assert "50 Hz" in read.remarks[0]


def test_stamps_that_come_in_bursts_go_by_the_mean(tmp_path: Path) -> None:
    lines = [f"{(n // 8) * 0.08 + (n % 8) * 1e-5:.6f},0.1,9.7,0.3" for n in range(400)]
    assert read_recording(csv_file(tmp_path, *lines), POSITION).rate_hz == pytest.approx(100.0, rel=0.03)


def test_time_running_backwards_names_its_row(tmp_path: Path) -> None:
    lines = rows()
    lines[20] = lines[5]
    error = refused(csv_file(tmp_path, *lines))
    assert error.row == 21
    assert "row 21 (line 22)" in str(error)
    assert "goes back from 0.190000 to 0.050000" in error.message
    lines[20] = lines[19]
    error = refused(csv_file(tmp_path, *lines))
    assert error.row == 21
    assert "repeats" in error.message


def test_a_time_without_a_value_names_its_row(tmp_path: Path) -> None:
    lines = rows()
    lines[3] = ",0.1,9.7,0.3"
    assert refused(csv_file(tmp_path, *lines)).row == 4


@pytest.mark.parametrize("cell", ["abc", "1,5", "12_5", "0x1f", "--"])
def test_a_cell_that_is_no_number_names_its_row(tmp_path: Path, cell: str) -> None:
    lines = rows()
    lines[12] = f"0.12,{cell},9.7,0.3"
    error = refused(csv_file(tmp_path, *lines))
    assert error.row == 13


def test_a_row_that_is_too_short_names_itself(tmp_path: Path) -> None:
    lines = rows()
    lines[30] = "0.3,0.1"
    error = refused(csv_file(tmp_path, *lines))
    assert error.row == 31
    assert "2 cells" in error.message


def test_a_column_without_values_is_refused(tmp_path: Path) -> None:
    error = refused(csv_file(tmp_path, *(f"{n / 100},0.1,,0.3" for n in range(50))))
    assert error.message == "column acc_y_mps2 has no values"


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_file_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"walk{ending}"
    path.touch()
    assert "empty" in refused(path).message
    assert "no such file" in refused(tmp_path / f"none{ending}").message


@pytest.mark.parametrize("count", [0, 1])
def test_a_file_without_samples_is_refused(tmp_path: Path, count: int) -> None:
    assert "sample" in refused(csv_file(tmp_path, *rows(count))).message
    table = pa.table({name: np.zeros(count) for name in HEADER.split(",")})
    pq.write_table(table, tmp_path / "rec.parquet")
    assert "sample" in refused(tmp_path / "rec.parquet").message


@pytest.mark.parametrize("ending", [".parquet", ".csv.gz"])
def test_a_torn_file_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"walk{ending}"
    write_recording(path, a_recording())
    path.write_bytes(path.read_bytes()[:-50])
    assert "again" in refused(path).remedy
    path.write_bytes(b"something else, long enough to be looked at")
    assert "again" in refused(path).remedy


def test_a_gz_that_was_damaged_inside_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "walk.csv.gz"
    content = bytearray(gzip.compress("\n".join([HEADER, *rows(500)]).encode()))
    for place in range(60, 90):
        content[place] ^= 0xFF
    path.write_bytes(content)
    assert refused(path).remedy == "Compress or copy it again"


def test_columns_of_text_in_parquet_are_refused(tmp_path: Path) -> None:
    columns = {name: np.linspace(0, 1, 50).astype(str) for name in HEADER.split(",")}
    pq.write_table(pa.table(columns), tmp_path / "rec.parquet")
    assert "not numbers" in refused(tmp_path / "rec.parquet").message


def test_integers_and_single_floats_in_parquet_are_numbers(tmp_path: Path) -> None:
    table = pa.table(
        {
            "time_s": np.arange(50, dtype=np.float32) / 50,
            "acc_x_mps2": np.zeros(50, np.int16),
            "acc_y_mps2": np.full(50, 10, np.int32),
            "acc_z_mps2": pa.array([None, *[0.5] * 49], pa.float32()),
        }
    )
    pq.write_table(table, tmp_path / "rec.parquet")
    read = read_recording(tmp_path / "rec.parquet", POSITION)
    assert read.acc_mps2[1].tolist() == [0.0, 10.0, 0.5]
    assert read.remarks == ("1 row without acceleration",)


@pytest.mark.parametrize("facts", ["{not json", '["position"]', '{"position": "lower back"}', '{"position": 3}'])
def test_facts_that_cannot_be_used_are_refused(tmp_path: Path, facts: str) -> None:
    csv_file(tmp_path, *rows())
    (tmp_path / "rec.json").write_text(facts)
    with pytest.raises(RecordingError, match=r"^rec\.(csv|json): "):
        read_recording(tmp_path / "rec.csv")


def test_a_position_spelt_almost_right_is_suggested() -> None:
    with pytest.raises(FactsError, match=r"position 'ear' is not known\. Possible: lower_back, "):
        Facts.from_json({"position": "ear"})
    with pytest.raises(FactsError, match=r"did you mean lower_back\? Possible"):
        Facts.from_json({"position": "lower back"})


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"person": {"height_m": 170}}, "centimetres"),
        ({"person": "Anna"}, "object"),
        ({"rate_hz": "100"}, "number"),
        ({"test": "6 MWT"}, "6mwt"),
        ({"stance": "tandem"}, "tandem_left"),
        ({"cue_s": True}, "number"),
        ({"cue_s": float("nan")}, "number"),
    ],
)
def test_facts_that_cannot_be_right_are_named(facts: dict[str, object], said: str) -> None:
    with pytest.raises(FactsError, match=said):
        Facts.from_json(POSITION | facts)


def test_an_ending_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"\.parquet, \.csv, \.csv\.gz"):
        read_recording(tmp_path / "walk.xlsx", POSITION)


def test_facts_beside_a_csv_gz_are_found(tmp_path: Path) -> None:
    write_recording(tmp_path / "walk.csv.gz", a_recording(facts=Facts.from_json(EVERY_FACT)))
    assert json.loads((tmp_path / "walk.json").read_text(encoding="utf-8")) == EVERY_FACT


def test_a_block_needs_a_size() -> None:
    with pytest.raises(ValueError, match="at least one"):
        next(a_recording().blocks(0))
