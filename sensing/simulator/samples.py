"""The sample recordings that ship with Surefoot: small, simulated, with their truth."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sensing.block import Position
from sensing.recording import write_recording
from sensing.simulator.activities import (
    BeltSlip,
    Bend,
    Cough,
    Fall,
    Pause,
    Script,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    Stumble,
    TandemStance,
    Tap,
    Tug,
    Turn,
    Walk,
    Work,
    back_and_forth,
)
from sensing.simulator.people import Loss, Mounting, Person, Sensor
from sensing.simulator.simulate import Simulated, simulate

FOLDER = Path(__file__).parents[1] / "samples"
COMMAND = "python -m sensing.simulator"

ANNA = replace(Person.drawn(11, name="Anna"), sex="female", height_m=1.68, age_years=44.0, preferred_speed_mps=1.2)
BERT = replace(Person.drawn(12, name="Bert"), sex="male", height_m=1.82, age_years=63.0, preferred_speed_mps=1.1)
CARLA = replace(
    Person.drawn(13, "ms", name="Carla"), sex="female", height_m=1.64, age_years=52.0, asymmetry=0.12, tremor_mps2=0.04
)
MOVESENSE = Sensor(name="simulated Movesense", clock_skew_ppm=18.0, jitter_s=0.0001)
PHONE = Sensor(
    name="simulated phone",
    rate_hz=52.0,
    acc_noise_mps2_rthz=150e-6 * 9.80665,
    gyr_noise_radps_rthz=float(np.deg2rad(0.01)),
    clock_skew_ppm=-35.0,
    jitter_s=0.002,
)
STRAP = Sensor(name="simulated chest strap", rate_hz=52.0, has_gyroscope=False, clock_skew_ppm=40.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """One recording of the folder: who does what with which sensor where."""

    name: str
    about: str
    person: Person
    script: Script
    position: Position
    sensor: Sensor
    mounting: Mounting
    seed: int

    def make(self) -> Simulated:
        return simulate(self.script, self.person, self.position, self.sensor, self.mounting, self.seed)


def samples() -> Iterator[Sample]:
    """All of them, in the order of their names' first letters."""
    yield Sample(
        "anna_walks_lower_back",
        "a healthy woman stands, walks up and down a corridor of 20 m and stands again",
        ANNA,
        (Stand(6.0), Walk(course=back_and_forth(20.0, 6, Turn(180.0, 2.1))), Stand(5.0)),
        "lower_back",
        MOVESENSE,
        Mounting.drawn(11),
        101,
    )
    ankles: Script = (Stand(5.0), Walk(course=back_and_forth(12.0, 4, Turn(180.0, 2.3))), Stand(4.0))
    for seed, side in ((21, "left"), (22, "right")):
        yield Sample(
            f"bert_walks_ankle_{side}",
            f"a healthy man walks up and down; the sensor on his {side} ankle (the same walk as on the other one)",
            BERT,
            ankles,
            "ankle_left" if side == "left" else "ankle_right",
            replace(MOVESENSE, rate_hz=52.0, clock_skew_ppm=12.0 if side == "left" else -22.0),
            Mounting.drawn(seed),
            102,
        )
    yield Sample(
        "bert_walks_chest",
        "the same man with a strap around the chest that has no gyroscope; a pause on the way",
        BERT,
        (Stand(4.0), Walk(course=(15.0, Turn(-180.0, 2.2), 15.0, Pause(5.0), 20.0, Turn(90.0, 1.3), 15.0)), Stand(4.0)),
        "chest",
        STRAP,
        Mounting.drawn(23),
        103,
    )
    yield Sample(
        "ms_slow_walk_lower_back",
        "a woman with MS walks slowly and unevenly, hesitates in turns, rests on the way; some packets are lost",
        CARLA,
        (
            Stand(5.0),
            Walk(
                course=(
                    8.0,
                    Turn(180.0, 3.2, 1, 0.6),
                    8.0,
                    Pause(2.0),
                    3.0,
                    Turn(-180.0, 3.6, 2, 0.4),
                    10.0,
                    Pause(6.0),
                    9.0,
                ),
                speed_mps=0.5,
                stride_time_cv=0.06,
            ),
            Stand(5.0),
        ),
        "lower_back",
        replace(MOVESENSE, loss=Loss()),
        Mounting.drawn(13),
        104,
    )
    yield Sample(
        "phone_in_pocket",
        "a phone in the right trouser pocket: sitting, rising, walking with turns and a pause, sitting down",
        ANNA,
        (
            Sit(6.0),
            SitToStand(1.9),
            Walk(course=(18.0, Turn(90.0, 1.4), 12.0, Pause(4.0), 12.0, Turn(-90.0, 1.4), 18.0)),
            StandToSit(2.1),
            Sit(6.0),
        ),
        "pocket",
        PHONE,
        Mounting(yaw_deg=-25.0, pitch_deg=170.0, roll_deg=20.0),
        105,
    )
    yield Sample(
        "quiet_day_lower_back",
        "nobody walks: arms at work, bending, taps on the sensor, a cough, sitting down hard, a slipping belt",
        BERT,
        (
            Work(15.0),
            Bend(4.0),
            Tap(),
            Stand(3.0),
            StandToSit(2.0, impact_g=2.6),
            Sit(5.0),
            Cough(3),
            Tap(20.0, 3),
            SitToStand(2.0),
            BeltSlip(),
            Work(20.0),
        ),
        "lower_back",
        MOVESENSE,
        Mounting.drawn(24),
        106,
    )
    yield Sample(
        "stumble_and_fall_lower_back",
        "a man stumbles twice and recovers, then falls forward from walking and lies for half a minute",
        BERT,
        (
            Stand(4.0),
            Walk(course=(9.0, Stumble(0.5), 9.0, Turn(180.0, 2.2), 8.0, Stumble(0.9), 7.0), interrupted=True),
            Fall(lying_s=30.0),
        ),
        "lower_back",
        MOVESENSE,
        Mounting.drawn(25),
        107,
    )
    yield Sample(
        "tandem_stance_lower_back",
        "a woman with MS stands heel to toe for 30 s and steps out of the line once",
        CARLA,
        (Stand(15.0), TandemStance(34.0, loss_of_balance_s=(30.0,)), Stand(12.0)),
        "lower_back",
        MOVESENSE,
        Mounting.drawn(13),
        108,
    )
    yield Sample(
        "tug_lower_back",
        "Timed Up and Go over 3 m: rise, walk, turn, walk back, turn and sit down; later rising once more",
        ANNA,
        (Tug(turn_left=False, quiet_s=12.0, rest_s=25.0), SitToStand(2.0), Stand(5.0)),
        "lower_back",
        MOVESENSE,
        Mounting.drawn(14),
        109,
    )


def write_samples(directory: Path = FOLDER) -> list[Path]:
    """Write every sample as Parquet with truth.json and README.md beside; returns what was written."""
    directory.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    truths = {}
    rows = []
    for sample in samples():
        simulated = sample.make()
        recording = simulated.recording(sample.name)
        recording = replace(
            recording,
            time_s=np.round(recording.time_s, 6),
            acc_mps2=_single(recording.acc_mps2),
            gyr_radps=None if recording.gyr_radps is None else _single(recording.gyr_radps),
        )
        written.append(directory / f"{sample.name}.parquet")
        write_recording(written[-1], recording)
        truths[sample.name] = simulated.truth
        length = f"{recording.duration_s:.0f} s at {sample.sensor.rate_hz:g} Hz"
        rows.append(f"| `{sample.name}` | {sample.about} | {length} | {len(_contacts(simulated))} |")
    for name, text in (
        ("truth.json", _json(truths)),
        ("README.md", README.format(rows="\n".join(rows), command=COMMAND)),
    ):
        written.append(directory / name)
        written[-1].write_text(text, encoding="utf-8")
    return written


def _single(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Single precision: a hundredth of the sensor's least step, and half the file."""
    return np.ascontiguousarray(values.astype(np.float32).astype(np.float64))


def _contacts(simulated: Simulated) -> list[float]:
    return sorted(simulated.truth["contacts_left_s"] + simulated.truth["contacts_right_s"])


def _json(truths: dict[str, dict[str, object]]) -> str:
    """One line per recording."""
    lines = [f" {json.dumps(name)}: {json.dumps(truth)}" for name, truth in truths.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


README = """# Sample recordings

Simulated people: nobody was measured, and everything that happened is known exactly. Each file is a recording in the
contract's form; `truth.json` holds what really happened, in seconds of the recording's `time_s`: initial contacts of
each foot, bouts with their true speed, turns with their angle, sit-to-stand, the phases of the Timed Up and Go, stances
with losses of balance, stumbles and falls, and under `negatives` what must not be taken for any of them.

| recording | what it is | length | steps |
|---|---|---|---|
{rows}

Made by this command, which writes the same again (each has its seed in its facts):

```
{command}
```

An initial contact is the instant at which the foot meets the ground. At the lower back the fundamental of the vertical
acceleration peaks about 65 ms later, and the forward acceleration turns from drive to braking about 30 ms later.
"""
