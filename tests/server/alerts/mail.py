"""A real mail server on loopback."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Post:
    """What the mail server has taken in; `refuses` is what it says to every message instead, for example a 550."""

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    refuses: str | None = None

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=surefoot@example.org&to=anna@example.org&mode=insecure"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuses is not None:
            return self.refuses
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.got.append(mail)
        return "250 OK"


@contextmanager
def post_office() -> Iterator[Post]:
    """A mail server while the context lasts."""
    post = Post()
    with socket.socket() as bound:  # the controller cannot say which port it was given
        bound.bind(("127.0.0.1", 0))
        post.port = bound.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def text_of(mail: EmailMessage) -> str:
    """What a reader sees."""
    body = mail.get_body(("plain", "html"))
    assert body is not None
    return str(body.get_content())
