"""The dead-man's switch: an outside address hears from us every minute, and raises an alarm when it does not."""

import http.client
from collections.abc import Callable, Iterable
from functools import partial
from urllib.parse import urlsplit

import structlog

from server.alerts.threads import within
from server.alerts.webhook import connection_to
from server.storage.engine import StorageError
from server.storage.facts import set_fact
from server.storage.store import Store
from server.ticking import ticks

log = structlog.get_logger("dead man")

EVERY_S = 60.0
LIMIT_S = 10.0
FAILURES_TOLD = 3  # one lost call means nothing
NAMELESS = "The address"
FACT = "dead_man_heard_at"


class DeadMan:
    """Calls only while all is well: the database can be written and messages would get out."""

    def __init__(self, store: Store, urls: Callable[[], Iterable[str]], well: Callable[[], str | None]) -> None:
        """`well()` is None, or a sentence that says what is wrong."""
        self._store = store
        self._urls = urls
        self._well = well
        self._failed: dict[str, int] = {}

    @property
    def fault(self) -> str | None:
        """A sentence while an outside address cannot be told that all is well."""
        for url, count in self._failed.items():
            if count >= FAILURES_TOLD:
                return f"{_host(url)}, which watches over Surefoot from outside, cannot be reached."
        return None

    async def run_for_ever(self) -> None:
        async for _ in ticks(EVERY_S):
            await self.call()

    async def call(self) -> bool:
        """Once: every address, if all is well. Whether it was."""
        urls = set(self._urls())
        self._failed = {url: count for url, count in self._failed.items() if url in urls}
        if not urls:
            return True
        wrong = self._well() or await self._disk()
        if wrong is not None:
            log.error("the outside is not told that all is well", why=wrong)
            return False
        for url in urls:
            heard = await self._called(url)
            self._failed[url] = 0 if heard else self._failed.get(url, 0) + 1
        return True

    async def _called(self, url: str) -> bool:
        try:
            status = await within(LIMIT_S, partial(_get, url))
        except (OSError, TimeoutError, ValueError, http.client.HTTPException) as error:
            log.warning("the outside address was not reached", host=_host(url), error=type(error).__name__)
            return False
        return 200 <= status < 300

    async def _disk(self) -> str | None:
        try:
            await self._store.change(partial(set_fact, name=FACT, text=""))
        except StorageError as error:
            return str(error)
        return None


def _host(url: str) -> str:
    """All of an address that may be shown: the rest of it is its secret."""
    try:
        return urlsplit(url).hostname or NAMELESS
    except ValueError:
        return NAMELESS


def _get(url: str) -> int:
    parts = urlsplit(url)
    connection = connection_to(parts.scheme, parts.hostname or "", parts.port, LIMIT_S)
    try:
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        return connection.getresponse().status
    finally:
        connection.close()
