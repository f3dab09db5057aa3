"""Links that take an alarm with one tap: who holds one needs no log-in, and only their hash is kept."""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from pathlib import Path

from server.auth import LINKS

KEY_FILE = "links.key"
KEY_BYTES = 32
VALID = timedelta(hours=24)
PATH = LINKS
TOKEN_CHARACTERS = 43  # 256 bits in base 64


def link_key(directory: Path) -> bytes:
    """The secret of one data directory, made at the first call. Raises OSError.

    It lies beside the database, not in it: a copy of the database opens no link.
    """
    path = directory / KEY_FILE
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    return key if len(key) == KEY_BYTES else _new_key(path)


def _new_key(path: Path) -> bytes:
    key = secrets.token_bytes(KEY_BYTES)
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, key)
        os.fsync(handle)
    finally:
        os.close(handle)
    beside.replace(path)
    return key


def token_of(key: bytes, message_key: str) -> str:
    """The token of one message: the same at every attempt, also after a crash, without being written down.

    A keyed HMAC-SHA256 (RFC 2104) of 256 bits: who does not know the key cannot tell it from chance.
    """
    digest = hmac.new(key, f"acknowledge {message_key}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is kept of a token. It has 256 bits of its own, so that a plain SHA-256 cannot be searched through."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(public_url: str, token: str) -> str:
    """What is written into the message."""
    return f"{public_url.rstrip('/')}{PATH}{token}"


def is_token(text: str) -> bool:
    """Whether it has a token's form."""
    return len(text) == TOKEN_CHARACTERS and text.isascii() and text.replace("-", "a").replace("_", "a").isalnum()
