"""Recordings in folders of data sets, with what is known of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sensing.recording import ENDINGS, Recording, read_recording


def recordings_with_truth(folder: Path) -> Iterator[tuple[str, Recording, dict[str, Any]]]:
    """(data set, recording, its truth or nothing) of all below a folder of data sets that each have a truth.json."""
    for truths in sorted(folder.glob("*/truth.json")):
        truth = json.loads(truths.read_text(encoding="utf-8"))
        for path in sorted(truths.parent.iterdir()):
            if path.name.endswith(ENDINGS):
                recording = read_recording(path)
                yield truths.parent.name, recording, truth.get(recording.name, {})
