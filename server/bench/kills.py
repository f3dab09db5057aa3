"""python -m server.bench.kills: kill -9 between an alarm's cause and its acknowledgement, again and again.

The real server, in a process of its own, and a real HTTP sink that fails now and then. `help`: the wearer's button,
killed while the call, the delivery or the acknowledgement is under way, or just after the call was answered. `fall`: a
simulated person falls in a live session (packets of a sensor, replayed at their own pace), killed at a random moment
from the impact to the time at which a contact has surely been told; the next start finds what is in raw log and
database. After each kill the server is started again, and somebody takes the alarm by the link in the message.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from websockets.sync.client import connect

from server.analyze import result_of
from server.bench.fallen import fall_log, fallen
from server.bench.served import Served, ServedError
from server.bench.sink import Got, Sink
from server.kernels_cache import set_kernels_cache

Kind = Literal["help", "fall"]

FAILS = 0.15
TOLD_WITHIN_S = 60.0
PROMPT_S, OBSERVE_S = 10.0, 0.0  # the shortest that a care plan takes
SAME_FALL_S = 3.0
ASKED_BEFORE_S = 0.05  # the kill, a server says how far it is
FALL_SPAN_S = (0.0, 18.0)  # after the impact: found within 3 s, asked for 10 s, told
SPANS_S = {"calling": 0.05, "answered": 0.02, "delivering": 3.0, "acknowledging": 0.05}  # in which the kill comes


@dataclass(frozen=True, slots=True)
class Killed:
    """One alarm that was killed in: when, and what came of it."""

    person: str
    phase: str
    after_s: float
    told: bool
    told_after_s: float | None  # from the restart
    keys: int  # different keys of accepted messages
    accepted: int
    taken: bool
    told_before: bool = False  # the first message was with the receiver before the kill
    felt: bool = True  # the detectors find this fall where nothing is killed; otherwise there is no alarm to be lost
    impact_to_told_s: float | None = None  # of a fall, with the kill and the restart in between


def care_plan(sink: Sink) -> dict[str, Any]:
    """One contact with two channels, who has an hour: a second key would be a second message."""
    channels = [{"url": sink.url("/one")}, {"url": sink.url("/two")}]
    contact = {"name": "Bea", "wait_s": 3600.0, "channels": channels}
    return {"prompt_s": PROMPT_S, "observe_s": OBSERVE_S, "tell_simulated": True, "contacts": [contact]}


def felt_undisturbed(seed: int) -> bool:
    """Whether the detectors find the fall of `fall_log` when nothing is killed."""
    recording, impact_s = fallen(seed)
    events = result_of(recording)["events"]
    return any(one["kind"] == "fall" and abs(one["time_s"] - impact_s) < SAME_FALL_S for one in events)


class Trial:
    """One data directory, and the alarms that are killed in on it."""

    def __init__(self, folder: Path, sink: Sink, seed: int, fall_span_s: tuple[float, float] = FALL_SPAN_S) -> None:
        folder.mkdir(parents=True)
        self._fall_span_s = fall_span_s
        self._folder = folder
        self._sink = sink
        self._chance = random.Random(seed)
        self.served = Served(folder / "data")
        self.served.folder.mkdir()
        self.served.start("serve")
        status, said = self.served.ask("PUT", "/api/care", care_plan(sink))
        if status != 200:
            raise ServedError(str(said))

    def close(self) -> None:
        self.served.kill()

    def help(self, number: int) -> Killed:
        """The wearer's page calls until it is answered; the kill comes in the middle of something."""
        person = f"Help {number}"
        phase = self._chance.choice(tuple(SPANS_S))
        after_s = self._chance.uniform(0.0, SPANS_S[phase])
        if phase == "calling":
            with self._killing(after_s):
                self._call(person)
        else:
            self._call(person)
            if phase in ("answered", "delivering"):
                time.sleep(after_s)
                self.served.kill()
        began_s = time.monotonic()
        if phase != "acknowledging":
            self.served.start("serve")
        if phase == "calling":
            self._call(person)
        told_s = self._told(person, began_s)
        if phase == "acknowledging" and told_s is not None:
            with self._killing(after_s):
                heard = self._take(person)
            self.served.start("serve")
            if not heard:
                self._take(person)
        else:
            self._take(person)
        return self._result(person, phase, after_s, told_s)

    def fall(self, number: int) -> Killed:
        """Somebody falls; the sensor is gone with the process, as its replay is in it."""
        person = f"Fall {number}"
        log = self._folder / f"log-{number}"
        impact_s = fall_log(log, person, number)
        self.served.kill()
        self.served.start("replay", str(log), "--keep", "--no-browser")
        after_s = self._chance.uniform(*self._fall_span_s)
        at_s = self._impact_at(impact_s)
        time.sleep(max(0.0, at_s + after_s - ASKED_BEFORE_S - time.monotonic()))
        phase = self._state(person)
        time.sleep(max(0.0, at_s + after_s - time.monotonic()))
        self.served.kill()
        before, began_s = bool(self._accepted(person)), time.monotonic()
        self.served.start("serve")
        felt = felt_undisturbed(number)
        told_s = self._told(person, began_s, TOLD_WITHIN_S if felt else 0.0)
        first = next((one.at_s - at_s for one in self._accepted(person)), None)
        self._take(person)
        result = self._result(person, phase, after_s, told_s)
        return replace(result, told_before=before, felt=felt, impact_to_told_s=first)

    # --- inside ---

    def _impact_at(self, impact_s: float) -> float:
        """When the impact arrives, in time.monotonic, by what the live page is told of the session's time."""
        with connect(f"ws://127.0.0.1:{self.served.port}/api/live") as page:
            while True:
                message = json.loads(text) if isinstance(text := page.recv(timeout=30.0), str) else {}
                if message.get("type") == "stream" and message["stream"]["time_s"] > 0.0:
                    return time.monotonic() + impact_s - float(message["stream"]["time_s"])

    def _state(self, person: str) -> str:
        alerts = self.served.ask("GET", "/api/alerts?state=open")[1]["alerts"]
        return next((str(one["state"]) for one in alerts if one["person"] == person), "not found yet")

    def _call(self, person: str) -> None:
        with suppress(OSError):  # killed: the page calls again
            self.served.ask("POST", "/api/alerts/help", {"person": person})

    def _take(self, person: str) -> bool:
        """The tap on the button; whether it was answered."""
        links = [one.content["link"] for one in self._accepted(person)]
        with suppress(OSError):
            return bool(links) and self.served.ask("POST", "/a/" + links[0].rpartition("/")[2])[0] == 303
        return False

    def _told(self, person: str, since_s: float, within_s: float = TOLD_WITHIN_S) -> float | None:
        """Seconds until the sink has accepted a message about somebody."""
        until_s = time.monotonic() + within_s
        while time.monotonic() < until_s:
            if self._accepted(person):
                return max(0.0, time.monotonic() - since_s)
            time.sleep(0.02)
        return None

    def _accepted(self, person: str) -> list[Got]:
        return [one for one in list(self._sink.accepted) if f" {person} " in f" {one.content['subject']} "]

    def _killing(self, after_s: float) -> "_Killing":
        return _Killing(self.served, after_s)

    def _result(self, person: str, phase: str, after_s: float, told_s: float | None) -> Killed:
        time.sleep(0.1)
        alerts = self.served.ask("GET", "/api/alerts?limit=500")[1]["alerts"]
        own = [one for one in alerts if one["person"] == person]
        accepted = [one for one in self._accepted(person) if one.content["what"] in ("help", "fall")]
        taken = bool(own) and all((one["acknowledged"] or {}).get("by") == "Bea" for one in own)
        keys = len({one.key for one in accepted})
        return Killed(person, phase, after_s, told_s is not None, told_s, keys, len(accepted), taken)


class _Killing:
    """Kills the server a moment after the context begins, and waits for it at the end."""

    def __init__(self, served: Served, after_s: float) -> None:
        self._timer = threading.Timer(after_s, served.kill)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.join()


def killed(
    kind: Kind,
    times: int,
    folder: Path,
    *,
    seed: int = 1,
    at_once: int = 1,
    fall_span_s: tuple[float, float] = FALL_SPAN_S,
    on_one: Callable[[Killed], None] = lambda one: None,
) -> list[Killed]:
    """So many alarms, `at_once` servers at a time; after a fall the kill comes within `fall_span_s`, from and to.

    `on_one` is told each as it is over, by whichever thread it was in.
    """
    set_kernels_cache()
    with Sink(fails=FAILS, seed=seed) as sink, ThreadPoolExecutor(at_once) as pool:

        def share(number: int) -> list[Killed]:
            trial = Trial(folder / f"{kind}-{number}", sink, seed * 1000 + number, fall_span_s)
            try:
                one = trial.help if kind == "help" else trial.fall
                done = []
                for each in range(number, times, at_once):
                    done.append(one(seed * 100_000 + each))
                    on_one(done[-1])
                return done
            finally:
                trial.close()

        return [one for part in pool.map(share, range(at_once)) for one in part]


def figures_of(results: Sequence[Killed]) -> dict[str, Any]:
    """What the note says of them."""
    waited = [one.told_after_s for one in results if one.told_after_s is not None and not one.told_before]
    impacts = [one.impact_to_told_s for one in results if one.impact_to_told_s is not None]
    return {
        "kills": len(results),
        "by_phase": dict(Counter(one.phase for one in results)),
        "told_before_the_kill": sum(one.told_before for one in results),
        "missed_by_the_detectors": [one.person for one in results if not one.felt],
        "lost": [asdict(one) for one in results if not one.told and one.felt],
        "under_two_keys": [asdict(one) for one in results if one.keys > 1],
        "repeated_under_the_same_key": sum(one.accepted > one.keys for one in results),
        "acknowledgement_lost": [asdict(one) for one in results if one.told and not one.taken],
        "told_after_restart_s": _spread(waited),
        "impact_to_told_s": _spread(impacts),
    }


def _spread(seconds: Sequence[float]) -> dict[str, float] | None:
    if not seconds:
        return None
    names = {"median": 0.5, "p99": 0.99, "longest": 1.0}
    return {name: round(float(np.quantile(seconds, of)), 3) for name, of in names.items()}


def failures_in(figures: Mapping[str, Any]) -> int:
    """Of what must not be: an alarm lost, sent under two keys, or acknowledged in vain."""
    return sum(len(figures[what]) for what in ("lost", "under_two_keys", "acknowledgement_lost"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 when an alarm was lost or one went out under two keys."""
    parser = argparse.ArgumentParser(prog="python -m server.bench.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="kills of each kind")
    parser.add_argument("--only", choices=("help", "fall"), action="append")
    parser.add_argument("--at-once", type=int, default=2, help="servers at a time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--span",
        type=float,
        nargs=2,
        default=FALL_SPAN_S,
        metavar=("FROM", "TO"),
        help="seconds from the impact to the kill",
    )
    parser.add_argument("--lines", type=Path, help="write each kill to this file as it is over, one JSON a line")
    given = parser.parse_args(arguments)
    bad = 0

    def told(one: Killed) -> None:
        if given.lines is not None:
            with given.lines.open("a") as file:
                file.write(json.dumps(asdict(one)) + "\n")

    with tempfile.TemporaryDirectory(prefix="surefoot-kills-") as folder:
        for kind in given.only or ("help", "fall"):
            results = killed(
                kind,
                given.times,
                Path(folder),
                seed=given.seed,
                at_once=given.at_once,
                fall_span_s=(given.span[0], given.span[1]),
                on_one=told,
            )
            figures = figures_of(results)
            print(json.dumps({kind: figures}, indent=1), flush=True)
            bad += failures_in(figures)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
