"""Leads somebody through a test on the terminal: checks, cues, the stop, and the result in words."""

import asyncio
import sys
import threading
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from server.clinic.client import Client, RefusedError
from server.clinic.run import Chosen
from server.names import name_key
from server.terminal import complain, console, say

VALID, FAILED, UNUSABLE, NOT_VALID = 0, 1, 2, 3
LOOK_S = 0.5
RUNG = ("countdown", "go", "stop")  # with the terminal's bell
FINAL = ("done", "aborted", "invalid")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be done, and by whom: None where there is only one. `wait_s`: for the pre-flight check."""

    chosen: Chosen
    person: str | None = None
    unasked: bool = False
    wait_s: float = 120.0


class Keys:
    """Enter, as often as it is pressed, out of a thread of its own: a terminal cannot be waited for otherwise."""

    def __init__(self, lines: Iterable[str] | None = None) -> None:
        """`lines` come when Enter is pressed; default standard input."""
        self.pressed = asyncio.Event()
        self.closed = False  # nobody can press anything
        self._lines = sys.stdin if lines is None else lines
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, name="keys", daemon=True).start()

    async def enter(self) -> None:
        """Until Enter is pressed, from now on; for ever where nobody can."""
        self.pressed.clear()
        await self.pressed.wait()

    def _read(self) -> None:
        for _ in self._lines:
            self._loop.call_soon_threadsafe(self.pressed.set)
        self.closed = True


@dataclass
class Guide:
    """One test, from its preparation to its result; `stop` is set by Ctrl-C."""

    client: Client
    errand: Errand
    stop: asyncio.Event
    keys: Keys = field(default_factory=Keys)

    async def lead(self) -> int:
        """The command's exit status. Raises RefusedError, UnreachableError."""
        run = await self._prepare()
        path = f"/api/tests/{run['id']}"
        say(f"{run['name']}, {run['person']}, sensor at the {run['position'].replace('_', ' ')}")
        say(run["instruction"]["text"])
        if not await self._checked(path) or not await self._agreed():
            return await self._give_up(path)
        await self.client.post(f"{path}/start")
        say("Enter ends the test, Ctrl-C breaks it off.")
        return tell(await self._follow(path, run["id"]))

    async def _prepare(self) -> Json:
        chosen = self.errand.chosen
        wish = {
            "session_id": await self._session_id(),
            "protocol": chosen.protocol,
            "stance": chosen.stance,
            "course_length_m": chosen.course_length_m,
            "hold_s": chosen.hold_s,
            "variant": chosen.variant,
            "started_by": "therapist",
        }
        return dict(await self.client.post("/api/tests", wish))

    async def _session_id(self) -> str:
        """Of the person's session in progress; a sensor that has not been heard yet has none but its own."""
        sensors = await self.client.get("/api/sensors")
        if not sensors:
            raise RefusedError("No sensor is looked after there. Start `surefoot live`, or give --sensor here.")
        if len(sensors) == 1 and self.errand.person is None:
            return str(sensors[0]["session_id"])
        sessions = (await self.client.get("/api/sessions?limit=500"))["items"]
        live = {one["label"]: str(one["id"]) for one in sessions if one["state"] == "live"}
        wanted = [live[label] for label in live if name_key(label) == name_key(self.errand.person or "")]
        if not wanted:
            raise RefusedError(
                f"Say who does the test with --person: {', '.join(sorted(live)) or 'nobody is heard yet'}."
            )
        return wanted[0]

    async def _checked(self, path: str) -> bool:
        """Whether everything that can be seen is right, in time; what changes is said."""
        said: dict[str, str] = {}
        loop = asyncio.get_running_loop()
        until = loop.time() + self.errand.wait_s
        while not self.stop.is_set():
            found = await self.client.get(f"{path}/preflight")
            for check in found["checks"]:
                if check["state"] != "ask" and said.get(check["key"]) != check["state"]:
                    said[check["key"]] = check["state"]
                    say(f"  {'✓' if check['state'] == 'ok' else '·'} {check['label']}: {check['text']}")
            if found["ready"]:
                return True
            if loop.time() > until:
                complain("It was not ready in time; see what is still missing above.")
                return False
            await asyncio.sleep(LOOK_S)
        return False

    async def _agreed(self) -> bool:
        """What only a person can tell."""
        if self.errand.unasked:
            return True
        if self.keys.closed:
            complain("Nobody can say that the floor is clear: give --yes.")
            return False
        say("Is the floor clear, is somebody near? Press Enter to begin.")
        return await self._first(self.keys.enter()) and not self.stop.is_set()

    async def _give_up(self, path: str) -> int:
        await self.client.post(f"{path}/stop", {"why": "aborted", "reason": "Not begun."})
        return FAILED

    async def _follow(self, path: str, run_id: str) -> Json:
        """Says what is to be said until the run has ended."""
        stopping = asyncio.create_task(self._stopped(path), name="stopping")
        said = None
        try:
            async for run in self.client.runs(run_id):
                instruction = run["instruction"]
                if instruction["key"] != said and run["state"] not in FINAL:
                    said = instruction["key"]
                    console.print(instruction["text"], markup=False, style="bold")
                    if said in RUNG:
                        console.bell()
                if run["state"] in FINAL:
                    return dict(run)
        finally:
            stopping.cancel()
            with suppress(asyncio.CancelledError, RefusedError):  # a stop that came too late was refused
                await stopping
        raise AssertionError("the stream of a run ends with an error or with the run")

    async def _stopped(self, path: str) -> None:
        """Enter is the operator's "stop", Ctrl-C breaks the test off."""
        pressed = await self._first(self.keys.enter())
        why = "finished" if pressed and not self.stop.is_set() else "aborted"
        await self.client.post(f"{path}/stop", {"why": why})

    async def _first(self, waiting: Coroutine[Any, Any, None]) -> bool:
        """Whether it came before Ctrl-C."""
        one, other = asyncio.create_task(waiting), asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait({one, other}, return_when=asyncio.FIRST_COMPLETED)
            return one.done()
        finally:
            one.cancel()
            other.cancel()


def tell(run: Json) -> int:
    """The result in words, and the exit status that it means."""
    card = run["result"]
    if run["state"] == "done" and card is not None and card["value"] is not None:
        clock = f" ({card['clock_text']})" if card.get("clock_text") else ""
        print(f"{card['title']}: {card['value_text']}{clock}")
        print(f"{card['verdict_text']}. {' '.join(card['reasons'])}".strip())
        print(card["reference_text"])
        if card.get("change"):
            print(card["change"]["text"])
        for part in card["parts"]:
            print(f"  {part['label']}: {part['duration_s']:.1f} s")
        return VALID
    reasons = " ".join(run["reasons"] or [run["problem"] or ""])
    print(f"{run['name']}: no result. {reasons}".strip())
    return NOT_VALID
