"""Our own channel to programs: `webhook+https://host/path?secret=...`, a signed JSON request."""

import hashlib
import hmac
import http.client
import json
import ssl
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from server.alerts.outcome import Message, Outcome, Refused, Unreachable, of_status

SCHEMES = {"webhook+https": "https", "webhook+http": "http"}
PLAIN_IN_A_KEY = "/@:+ "  # besides letters and digits; a header holds no letters of other scripts
LEAST_SECRET_CHARACTERS = 16
MOST_ANSWER_BYTES = 4096


class WebhookError(ValueError):
    """This is no usable webhook; the text is a sentence without the secret."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to, and the secret that both sides know."""

    scheme: str
    host: str
    port: int | None
    target: str  # path and query, without the secret
    secret: str

    @property
    def who(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host


def parse(url: str) -> Webhook:
    """Raises WebhookError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise WebhookError("This webhook's address cannot be read.") from error
    if parts.scheme not in SCHEMES or not host:
        raise WebhookError("A webhook looks like webhook+https://host/path?secret=...")
    if parts.username is not None or parts.password is not None:
        raise WebhookError("A webhook has no user and password; it is signed with its secret.")
    query = parse_qsl(parts.query, keep_blank_values=True)
    secret = next((value for name, value in query if name == "secret"), "")
    if len(secret) < LEAST_SECRET_CHARACTERS:
        raise WebhookError(f"A webhook needs ?secret= with at least {LEAST_SECRET_CHARACTERS} characters.")
    rest = urlencode([(name, value) for name, value in query if name != "secret"])
    target = (parts.path or "/") + (f"?{rest}" if rest else "")
    if not target.isascii() or any(character <= " " or character == "\x7f" for character in target):
        raise WebhookError("A webhook's path has ASCII characters only; write others as %XX.")
    return Webhook(SCHEMES[parts.scheme], host, port, target, secret)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 (RFC 2104) over the timestamp, a full stop and the body, so that neither can be exchanged."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def body_of(message: Message) -> bytes:
    """The JSON that is sent: the same bytes at every attempt."""
    plain = {**message.facts, "key": message.key, "subject": message.subject, "text": message.body}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def send(url: str, message: Message, limit_s: float) -> Outcome:
    """One request; blocks for about `limit_s` at most for each of connecting, sending and reading."""
    try:
        hook = parse(url)
    except WebhookError as error:
        return Refused(str(error))
    body, timestamp = body_of(message), str(int(time.time()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "surefoot",
        "Idempotency-Key": quote(message.key, safe=PLAIN_IN_A_KEY),
        "Surefoot-Timestamp": timestamp,
        "Surefoot-Signature": f"v1={signature(hook.secret, timestamp, body)}",
    }
    connection = connection_to(hook.scheme, hook.host, hook.port, limit_s)
    try:
        connection.request("POST", hook.target, body, headers)
        answer = connection.getresponse()
        answer.read(MOST_ANSWER_BYTES)
        return of_status(answer.status, hook.who)
    except ssl.SSLCertVerificationError:
        return Refused(f"{hook.who} has no certificate that is trusted here.")
    except TimeoutError:
        return Unreachable(f"{hook.who} does not answer.", hangs=True)
    except (OSError, http.client.HTTPException) as error:
        return Unreachable(f"{hook.who} could not be reached ({_reason(error)}).")
    finally:
        connection.close()


def connection_to(scheme: str, host: str, port: int | None, limit_s: float) -> http.client.HTTPConnection:
    """Not connected yet; certificates are checked against those that this machine trusts."""
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=limit_s, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=limit_s)


def _reason(error: Exception) -> str:
    """Never the exception's own text: it may hold what was sent."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "the connection broke"
