"""What an operator set up: which test of the clinic, when it began and when it was to end."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from dsp.kernels import Record

Protocol = Literal["tug", "6mwt", "2mwt", "10mwt", "t25fw", "chair_stand_30s", "chair_stand_5x", "stance"]
Stance = Literal[
    "side_by_side", "semi_tandem", "tandem_left", "tandem_right", "single_left", "single_right", "eyes_closed"
]
Variant = Literal["sppb", "run_in"]

PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
STANCES: tuple[Stance, ...] = get_args(Stance)
VARIANTS: tuple[Variant, ...] = get_args(Variant)


@dataclass(frozen=True, slots=True)
class Prompt:
    """Holds for samples from `set_s` on; times are seconds of the stream, lengths metres, None what nobody said.

    `cue_s`: the "go"; without one the first movement counts. `end_cue_s`: the operator's "stop". `course_length_m`: one
    way of a Timed Up and Go, a corridor, or the distance of a timed walk. `hold_s`: how long a stance is to be held.
    `variant` "sppb": five chair stands end at the fifth stand; "run_in": 2 m before and 2 m after the 10 timed ones.
    `aborted`: broken off at set_s, to be forgotten.
    """

    protocol: Protocol
    set_s: float = -math.inf
    cue_s: float | None = None
    end_cue_s: float | None = None
    course_length_m: float | None = None
    stance: Stance | None = None
    hold_s: float | None = None
    variant: Variant | None = None
    aborted: bool = False


PROMPT_STATE = np.dtype(
    [
        ("protocol", np.int64),  # 1 + its place in PROTOCOLS, 0: no prompt
        ("set_s", np.float64),
        ("cue_s", np.float64),  # not a number: nobody said
        ("end_cue_s", np.float64),
        ("course_length_m", np.float64),
        ("hold_s", np.float64),
        ("stance", np.int64),  # 1 + its place in STANCES
        ("variant", np.int64),  # 1 + its place in VARIANTS
        ("aborted", np.int64),
    ],
    align=True,
)


def keep_prompt(prompt: Prompt | None, record: Record) -> None:
    """Writes the prompt into a record of PROMPT_STATE; None clears it."""
    if prompt is None:
        record["protocol"] = 0
        return
    record["protocol"] = 1 + PROTOCOLS.index(prompt.protocol)
    record["set_s"] = prompt.set_s
    for name in ("cue_s", "end_cue_s", "course_length_m", "hold_s"):
        value = getattr(prompt, name)
        record[name] = math.nan if value is None else value
    record["stance"] = 0 if prompt.stance is None else 1 + STANCES.index(prompt.stance)
    record["variant"] = 0 if prompt.variant is None else 1 + VARIANTS.index(prompt.variant)
    record["aborted"] = int(prompt.aborted)


def kept_prompt(record: Record) -> Prompt | None:
    """What `keep_prompt` wrote."""
    if not record["protocol"]:
        return None
    stance, variant = int(record["stance"]), int(record["variant"])
    return Prompt(
        PROTOCOLS[int(record["protocol"]) - 1],
        float(record["set_s"]),
        _number(record["cue_s"]),
        _number(record["end_cue_s"]),
        _number(record["course_length_m"]),
        STANCES[stance - 1] if stance else None,
        _number(record["hold_s"]),
        VARIANTS[variant - 1] if variant else None,
        bool(record["aborted"]),
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
