"""A session that has ended becomes a recording in the contract's form: the same for a proper end and after a crash."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sensing.block import SampleBlock, joined
from sensing.intake import Intake
from sensing.packets import Json, Record
from sensing.rawlog import read_raw_log
from sensing.recording import Facts, Recording, write_recording
from server.decoding import decoded
from server.plan import SessionPlan

RECORDING_NAME = "recording.parquet"
TOGETHER = 4096  # blocks
FEWEST_SAMPLES = 2  # a recording has a rate


def decoded_blocks(plan: SessionPlan, records: Iterable[Record]) -> Iterator[SampleBlock]:
    """The samples in a raw log, exactly as the live session had them."""
    intake = Intake(plan.sensor_name)
    for record in records:
        yield from decoded(intake, record)
    yield from intake.finish()


def logged_blocks(plan: SessionPlan, directory: Path) -> list[SampleBlock]:
    """All samples in the segments in a session's directory, in few blocks: those of packets are larger than theirs."""
    whole: list[SampleBlock] = []
    run: list[SampleBlock] = []
    for block in decoded_blocks(plan, read_raw_log(directory).records):
        run.append(block)
        if len(run) == TOGETHER:
            whole += joined(run)
            run = []
    return whole + joined(run)


def recording_from(
    plan: SessionPlan, blocks: Sequence[SampleBlock], started_at: str, told: Mapping[str, Json]
) -> Recording | None:
    """One recording of all blocks; None where there are fewer than two samples.

    A gyroscope that was there for a part only has NaN (a missing value) elsewhere. The nominal rate is the one that
    most samples came at. `told`: facts that an operator said meanwhile.
    """
    samples = sum(len(block) for block in blocks)
    if samples < FEWEST_SAMPLES:
        return None
    per_rate: dict[float, int] = {}
    for block in blocks:
        per_rate[block.rate_hz] = per_rate.get(block.rate_hz, 0) + len(block)
    rate_hz = max(per_rate, key=lambda rate: per_rate[rate])
    facts = replace(
        plan.facts,
        rate_hz=rate_hz,
        sensor=plan.facts.sensor or plan.sensor_name,
        started_at=plan.facts.started_at or started_at,
        extra=dict(plan.facts.extra) | ({"simulated": True} if plan.simulated else {}),
    )
    facts = Facts.from_json(facts.to_json() | dict(told))
    return Recording(
        plan.id,
        facts,
        rate_hz,
        np.concatenate([block.time_s for block in blocks]),
        np.concatenate([block.acc_mps2 for block in blocks]),
        _joined([block.gyr_radps for block in blocks], blocks),
        _joined([block.mag_ut for block in blocks], blocks),
    )


def keep_recording(plan: SessionPlan, directory: Path, recording: Recording) -> str | None:
    """Write the Parquet (whole or not at all), and the copy that was asked for. A sentence when the copy failed.

    Raises OSError when the Parquet itself cannot be written; the raw log is then still there.
    """
    write_recording(directory / RECORDING_NAME, recording)
    if plan.copy_to is None:
        return None
    wanted = Path(plan.copy_to)
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        if wanted.suffix == ".parquet":
            shutil.copyfile(directory / RECORDING_NAME, wanted)
        else:
            write_recording(wanted, recording)
    except OSError as error:
        return f"{wanted} could not be written ({error.strerror or error}); the recording is in {directory}."
    return None


def _joined(parts: Sequence[np.ndarray | None], blocks: Sequence[SampleBlock]) -> np.ndarray | None:
    if all(part is None for part in parts):
        return None
    return np.concatenate(
        [np.full((len(block), 3), np.nan) if part is None else part for part, block in zip(parts, blocks, strict=True)]
    )
