"""One bounded queue per browser: its oldest waveform is dropped when it is slow, its events never."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

EVENTS_PER_CLIENT = 4096
WAVEFORMS_PER_CLIENT = 512
OVERFLOW_CODE = 1013  # "try again later" (RFC 6455 registry): come back with after=SEQ


@dataclass(frozen=True, slots=True)
class HubSizes:
    """How much one client may have waiting: events (then it is closed) and waveform frames (then the oldest goes)."""

    events: int = EVENTS_PER_CLIENT
    waveforms: int = WAVEFORMS_PER_CLIENT


class Client:
    """What waits for one browser. `next()` gives events first, then the latest states, then waveforms."""

    def __init__(self, sizes: HubSizes) -> None:
        self._sizes = sizes
        self._events: deque[str] = deque()
        self._latest: dict[str, str] = {}
        self._waveforms: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._overflow = asyncio.Event()
        self.dropped_waveforms = 0

    def put_event(self, text: str) -> None:
        """Queue a message that must not be lost; one too many marks the client as overflowed."""
        if len(self._events) >= self._sizes.events:
            self._overflow.set()
        else:
            self._events.append(text)
        self._wake.set()

    def put_latest(self, key: str, text: str) -> None:
        """Queue a state of which only the newest counts: it replaces an older one of the same key."""
        self._latest.pop(key, None)
        self._latest[key] = text
        self._wake.set()

    def put_waveform(self, frame: bytes) -> int:
        """Queue a waveform frame; returns how many older ones had to go."""
        dropped = 0
        while len(self._waveforms) >= self._sizes.waveforms:
            self._waveforms.popleft()
            dropped += 1
        self.dropped_waveforms += dropped
        self._waveforms.append(frame)
        self._wake.set()
        return dropped

    def forget(self, key: str) -> None:
        """Drop a queued state that no longer holds."""
        self._latest.pop(key, None)

    def take(self) -> str | bytes | None:
        """What is to be sent next, or None when nothing waits."""
        if self._events:
            return self._events.popleft()
        if self._latest:
            return self._latest.pop(next(iter(self._latest)))
        if self._waveforms:
            return self._waveforms.popleft()
        return None

    async def wait(self) -> None:
        """Until something was put. Call after `take` gave None."""
        await self._wake.wait()
        self._wake.clear()

    async def overflow(self) -> None:
        """Until one event too many came: the client has lost events and must come back."""
        await self._overflow.wait()

    @property
    def overflowed(self) -> bool:
        return self._overflow.is_set()

    @property
    def waiting(self) -> tuple[int, int]:
        """(events, waveforms) in the queue."""
        return len(self._events), len(self._waveforms)


class Hub:
    """Hands every message to every client, in the same call, without waiting for any of them."""

    def __init__(self, sizes: HubSizes | None = None, on_dropped: Callable[[int], None] | None = None) -> None:
        self._sizes = sizes or HubSizes()
        self._on_dropped = on_dropped
        self._clients: set[Client] = set()

    @property
    def clients(self) -> int:
        return len(self._clients)

    def join(self) -> Client:
        """A new client: it gets everything that is published from this call on."""
        client = Client(self._sizes)
        self._clients.add(client)
        return client

    def leave(self, client: Client) -> None:
        self._clients.discard(client)

    def event(self, text: str) -> None:
        for client in self._clients:
            client.put_event(text)

    def latest(self, key: str, text: str) -> None:
        for client in self._clients:
            client.put_latest(key, text)

    def overtake(self, key: str, text: str) -> None:
        """A message about `key` that overtakes its states: those that still wait are older, and are dropped."""
        for client in self._clients:
            client.forget(key)
            client.put_event(text)

    def waveform(self, frame: bytes) -> None:
        dropped = 0
        for client in self._clients:
            dropped += client.put_waveform(frame)
        if dropped and self._on_dropped is not None:
            self._on_dropped(dropped)
