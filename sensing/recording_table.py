"""The files of a recording as named columns, and back: Parquet, CSV, CSV.GZ."""

import csv
import difflib
import gzip
import io
import json
import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensing.leaner import without
from sensing.packets import Json
from sensing.recording_checks import RecordingError

os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # Arrow's own pool keeps what it was given, and grows
with without("pyarrow._s3fs", "pyarrow._gcsfs", "pyarrow._azurefs", "pyarrow._hdfs"):  # recordings lie on a disk
    import pyarrow as pa
    import pyarrow.parquet as pq

ENDINGS = (".parquet", ".csv", ".csv.gz")
METADATA_KEY = b"surefoot"
GZIP_LEVEL = 6  # 9 takes half as long again for 0.3 % less
TIME = "time_s"
ACC = ("acc_x_mps2", "acc_y_mps2", "acc_z_mps2")
GYR = ("gyr_x_radps", "gyr_y_radps", "gyr_z_radps")
MAG = ("mag_x_ut", "mag_y_ut", "mag_z_ut")
COLUMNS = (TIME, *ACC, *GYR, *MAG)

Columns = dict[str, NDArray[np.float64]]


def recording_name(path: Path) -> str:
    """The file's name without its ending. Raises RecordingError for an ending that is none of ENDINGS."""
    for ending in ENDINGS:
        if path.name.lower().endswith(ending) and len(path.name) > len(ending):
            return path.name[: -len(ending)]
    raise RecordingError(path, None, "this ending is not a recording's", f"Recordings end in {', '.join(ENDINGS)}")


def facts_path(path: Path) -> Path:
    """The JSON beside a CSV."""
    return path.with_name(recording_name(path) + ".json")


def read_table(path: Path) -> tuple[Columns, dict[str, Json], list[str]]:
    """Float64 columns of CONTRACT §1 that the file has, its facts as JSON ({} if none), and all its column names.

    Missing cells are NaN. Raises RecordingError for whatever cannot be read.
    """
    name = recording_name(path)
    if not path.is_file():
        raise RecordingError(path, None, "there is no such file", "Check the path")
    if path.stat().st_size == 0:
        raise RecordingError(path, None, "the file is empty", "Export or record it again")
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path)
    columns, names = _read_csv(path)
    beside = path.with_name(name + ".json")
    facts = _facts(beside, beside.read_bytes()) if beside.is_file() else {}
    return columns, facts, names


def write_table(path: Path, columns: Mapping[str, NDArray[np.float64]], facts: Mapping[str, Json]) -> None:
    """Writes beside and renames, so that a file under its final name is always whole."""
    recording_name(path)
    part = path.with_name(path.name + ".part")
    if path.suffix.lower() == ".parquet":
        _write_parquet(part, columns, facts)
    else:
        import pyarrow.csv as pa_csv

        table = pa.table(dict(columns))
        with gzip.open(part, "wb", GZIP_LEVEL) if path.suffix.lower() == ".gz" else part.open("wb") as sink:
            pa_csv.write_csv(table, sink, pa_csv.WriteOptions(quoting_style="none"))
        beside = facts_path(path)
        beside_part = beside.with_name(beside.name + ".part")
        beside_part.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        _settle(beside_part, beside)
    _settle(part, path)


def _settle(part: Path, path: Path) -> None:
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    part.replace(path)


def _write_parquet(part: Path, columns: Mapping[str, NDArray[np.float64]], facts: Mapping[str, Json]) -> None:
    arrays = {name: values if name == TIME else _narrowed(values) for name, values in columns.items()}
    table = pa.table(arrays).replace_schema_metadata({METADATA_KEY: json.dumps(facts, ensure_ascii=False)})
    pq.write_table(
        table, part, compression="zstd", use_dictionary=False, use_byte_stream_split=[n for n in arrays if n != TIME]
    )


def _narrowed(values: NDArray[np.float64]) -> NDArray[Any]:
    """Float32 where that loses nothing: reading gives the same samples, hence the same events."""
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32)
    return narrow if np.array_equal(narrow.astype(np.float64), values, equal_nan=True) else values


def _read_parquet(path: Path) -> tuple[Columns, dict[str, Json], list[str]]:
    try:
        with pq.ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
            _demand_columns(path, names)
            columns = {name: _numbers(path, file, name) for name in COLUMNS if name in names}
            text = (file.schema_arrow.metadata or {}).get(METADATA_KEY, b"{}")
    except (pa.ArrowException, OSError) as error:
        raise RecordingError(
            path, None, f"this is not a whole Parquet file ({_first_line(error)})", "Copy or export it again"
        ) from error
    return columns, _facts(path, text), names


def _numbers(path: Path, file: pq.ParquetFile, name: str) -> NDArray[np.float64]:
    """One column; read by itself, so that Arrow's form of it is gone before the next one comes."""
    column = file.read(columns=[name], use_threads=False).column(0)
    kind = column.type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind)):
        raise RecordingError(path, None, f"column {name} holds {kind}, not numbers", "Write it as a number column")
    values: NDArray[np.float64] = column.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    return values


def _read_csv(path: Path) -> tuple[Columns, list[str]]:
    try:
        content = path.read_bytes()
        if path.suffix.lower() == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        remedy = "Compress or copy it again"
        raise RecordingError(path, None, f"it cannot be unpacked ({_first_line(error)})", remedy) from error
    content = content.removeprefix(b"\xef\xbb\xbf")
    names = _header(path, content)
    _demand_columns(path, names)
    wanted = [name for name in COLUMNS if name in names]
    import pyarrow.csv as pa_csv

    convert = pa_csv.ConvertOptions(
        include_columns=wanted,
        column_types={name: pa.float64() for name in wanted},
        null_values=["", "nan", "NaN", "NAN", "null", "NULL", "NA", "N/A", "None"],
    )
    try:
        table = pa_csv.read_csv(
            pa.py_buffer(content),
            read_options=pa_csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
            convert_options=convert,
        )
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise _csv_fault(path, content, names, wanted, error) from error
    return {name: table.column(name).to_numpy().astype(np.float64, copy=False) for name in wanted}, names


def _header(path: Path, content: bytes) -> list[str]:
    line = content.split(b"\n", 1)[0].decode("utf-8", errors="replace").strip()
    names = [name.strip().strip('"') for name in line.split(",")]
    if len(names) == 1 and (";" in line or "\t" in line):
        raise RecordingError(
            path, None, "its columns are not separated by commas", "Export with ',' between columns and '.' in numbers"
        )
    return names


def _csv_fault(path: Path, content: bytes, names: list[str], wanted: list[str], error: Exception) -> RecordingError:
    """The first cell or line that made the fast reader give up."""
    lines = csv.reader(io.StringIO(content.decode("utf-8", errors="replace")))
    next(lines, None)
    places = [(name, names.index(name)) for name in wanted]
    for row, cells in enumerate(lines, start=1):
        if not cells:
            continue
        if len(cells) != len(names):
            return RecordingError(
                path, row, f"{len(cells)} cells where the header names {len(names)}", "Complete or remove the line"
            )
        for name, place in places:
            cell = cells[place].strip()
            if cell and not _is_number(cell):
                return RecordingError(path, row, f"{name} is {cell[:40]!r}, not a number", "Correct or empty the cell")
    return RecordingError(path, None, f"it cannot be read as CSV ({_first_line(error)})", "Export it again")


def _is_number(cell: str) -> bool:
    if cell.lower() in ("nan", "null", "na", "n/a", "none"):
        return True
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _demand_columns(path: Path, names: list[str]) -> None:
    """time_s and the accelerations are there, no name twice, no vector with an axis missing."""
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    if twice:
        raise RecordingError(path, None, f"column {twice[0]} is there twice", "Rename or drop one of them")
    missing = [name for name in (TIME, *ACC) if name not in names]
    for triple in (GYR, MAG):
        if any(name in names for name in triple):
            missing += [name for name in triple if name not in names]
    if missing:
        remedy = f"The file has {', '.join(names[:12])}{' …' if len(names) > 12 else ''}{_near(missing, names)}"
        gone = f"column {missing[0]} is" if len(missing) == 1 else f"columns {', '.join(missing)} are"
        raise RecordingError(path, None, f"{gone} missing", remedy)


def _near(missing: Iterable[str], names: list[str]) -> str:
    """A sentence that names the columns which are probably meant, with what to do about their unit."""
    spare = {name.lower().replace(" ", "_").replace("-", "_"): name for name in names if name not in COLUMNS}
    hints = []
    for name in missing:
        found = difflib.get_close_matches(name, spare, n=1, cutoff=0.45)
        if found:
            hints.append(f"rename {spare[found[0]]} to {name}")
    if not hints:
        return "; its names must be as in the contract"
    return "; " + ", ".join(hints) + ", in the unit that the new name ends in (1 g is 9.80665 m/s², 1 ms is 0.001 s)"


def _facts(path: Path, text: bytes) -> dict[str, Json]:
    try:
        facts = json.loads(text)
    except ValueError as error:
        raise RecordingError(path, None, f"the facts are not JSON ({_first_line(error)})", "Mend the JSON") from error
    if not isinstance(facts, dict):
        raise RecordingError(path, None, "the facts are not a JSON object", 'Write them as {"position": …}')
    return facts


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return (text.splitlines()[0] if text else type(error).__name__)[:160].rstrip(".")
