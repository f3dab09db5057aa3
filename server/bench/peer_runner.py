"""Runs a published gait pipeline over recordings and says what that took. Runs in an environment of its own.

python peer_runner.py mobgap | skdh RECORDING ...      lower back, Parquet in the contract's form

Imports nothing of Surefoot. The last line of standard output is JSON: the peer's version, the steps that it found, and
what failed. Whoever starts it measures what it takes.
"""

import json
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

GRAVITY_MPS2 = 9.80665
USUAL_HEIGHT_M = 1.70
SENSOR_SHARE = 0.53  # of the height, where the recording does not say how high the sensor was (skdh's own share)
ACC = ("acc_x_mps2", "acc_y_mps2", "acc_z_mps2")
GYR = ("gyr_x_radps", "gyr_y_radps", "gyr_z_radps")

Signals = dict[str, Any]
Analyse = Callable[[Signals], int]  # how many steps or contacts it found


def read(path: str) -> Signals:
    """Time, acceleration and rates, turned so that x points up on average, which both peers ask for; and the facts."""
    table = pq.read_table(path)
    facts = json.loads((table.schema.metadata or {}).get(b"surefoot", b"{}"))
    column = {name: table.column(name).to_numpy().astype(np.float64) for name in ("time_s", *ACC, *GYR)}
    acc = np.stack([column[name] for name in ACC], axis=1)
    gyr = np.stack([column[name] for name in GYR], axis=1)
    turn = upright(acc.mean(axis=0))
    person = facts.get("person") or {}
    height_m = person.get("height_m") or USUAL_HEIGHT_M
    return {
        "time_s": column["time_s"],
        "rate_hz": float(facts["rate_hz"]),
        "acc_mps2": acc @ turn.T,
        "gyr_radps": gyr @ turn.T,
        "height_m": height_m,
        "sensor_height_m": person.get("sensor_height_m") or SENSOR_SHARE * height_m,
        "cohort": "MS" if person.get("condition") == "ms" else "HA",
    }


def upright(mean: Any) -> Any:
    """The least rotation that turns `mean` onto x."""
    a = mean / np.linalg.norm(mean)
    cross = np.array([0.0, a[2], -a[1]])  # a × x
    if a[0] < -0.999:
        return np.diag([-1.0, -1.0, 1.0])
    k = np.array([[0.0, -cross[2], cross[1]], [cross[2], 0.0, -cross[0]], [-cross[1], cross[0], 0.0]])
    return np.eye(3) + k + k @ k / (1.0 + a[0])


def mobgap() -> Analyse:
    """mobgap's Mobilise-D pipeline for the wearer's cohort, from gait sequences to speed and turns."""
    import pandas as pd
    from mobgap.data import GaitDatasetFromData
    from mobgap.pipeline import MobilisedPipelineUniversal

    def analyse(signals: Signals) -> int:
        names = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
        values = np.hstack([signals["acc_mps2"], np.rad2deg(signals["gyr_radps"])])
        who = {name: signals[name] for name in ("height_m", "sensor_height_m", "cohort")}
        dataset = GaitDatasetFromData(
            {"one": {"LowerBack": pd.DataFrame(values, columns=names)}},
            signals["rate_hz"],
            {"one": who},
            {"one": {"measurement_condition": "laboratory"}},
        )
        found = MobilisedPipelineUniversal().safe_run(dataset[0]).pipeline_
        return len(found.raw_ic_list_)

    return analyse


def skdh() -> Analyse:
    """scikit-digital-health's lumbar gait: its own classifier for the bouts, then contacts and measures."""
    from skdh.context import PredictGaitLumbarLgbm
    from skdh.gait import GaitLumbar

    def analyse(signals: Signals) -> int:
        shared = {
            "time": 1.7e9 + signals["time_s"],
            "accel": signals["acc_mps2"] / GRAVITY_MPS2,
            "fs": signals["rate_hz"],
        }
        found = PredictGaitLumbarLgbm().predict(**shared)
        bouts = np.stack([found["Gait Bout Start Index"], found["Gait Bout Stop Index"]], axis=1)
        if not len(bouts):
            return 0
        gait = GaitLumbar().predict(
            **shared, gyro=signals["gyr_radps"], height=signals["height_m"], gait_bouts=bouts, gait_pred=None
        )
        return len(gait["IC"])

    return analyse


PEERS = {"mobgap": (mobgap, "mobgap"), "skdh": (skdh, "scikit-digital-health")}


def main() -> int:
    warnings.simplefilter("ignore")
    make, package = PEERS[sys.argv[1]]
    analyse = make()
    steps = 0
    failed: list[str] = []
    for path in sys.argv[2:]:
        try:
            steps += analyse(read(path))
        except Exception as error:  # noqa: BLE001 - a peer's failure is a result, and is told
            failed.append(f"{Path(path).name}: {type(error).__name__}: {error}"[:200])
    print(json.dumps({"version": version(package), "steps": steps, "failed": failed}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
