"""What people have said of a session's alarms, as labels beside its recording: they go wherever the data go."""

import json
from collections.abc import Iterable
from pathlib import Path

import structlog

from server.alerts.alert import Alert

log = structlog.get_logger("labels")

FILE_NAME = "labels.json"
SCHEMA = "surefoot.labels/1"
SAID = frozenset({"false_alarm", "fall_no_injury", "fall_help_given"})  # by a person; the rest is the program's


def write_labels(directory: Path, alerts: Iterable[Alert]) -> None:
    """Writes directory/labels.json anew, whole or not at all. A disk that refuses costs the file, not the answer.

    `time_s` is of the recording, as in its events. Where the session has no folder there are no data to label.
    """
    labels = [
        {
            "time_s": alert.time_s,
            "kind": alert.kind,
            "confidence": alert.confidence,
            "outcome": alert.outcome,
            "label": alert.label,
            "note": alert.note,
            "wearer_says_fell": alert.fell,
            "by": (alert.resolved or {}).get("by"),
            "at": (alert.resolved or {}).get("at"),
        }
        for alert in alerts
        if alert.outcome in SAID and alert.time_s is not None and alert.kind != "test"
    ]
    if not labels or not directory.is_dir():
        return
    labels.sort(key=lambda one: float(str(one["time_s"])))
    new = directory / f"{FILE_NAME}.new"
    try:
        text = json.dumps({"schema": SCHEMA, "labels": labels}, ensure_ascii=False, indent=1)
        new.write_text(text + "\n", encoding="utf-8")
        new.replace(directory / FILE_NAME)
    except OSError:
        log.exception("the labels could not be written; the database has them", directory=str(directory))
