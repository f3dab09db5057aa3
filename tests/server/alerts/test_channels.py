import asyncio
import logging
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.alerts import webhook
from server.alerts.channels import Channels, described, problem_with
from server.alerts.outcome import Delivered, Message, Outcome, Refused, Sent, Unreachable, of_status
from server.bench.sink import SECRET, Sink
from server.logs import OURS, set_up_logs
from tests.server.alerts.mail import post_office, text_of

MESSAGE = Message("anna-fall-1/fall/c1/0", "Anna may have fallen", "Anna fell at 14:02 – please look.", {"alert": "a1"})


async def sent(url: str, message: Message = MESSAGE) -> Outcome:
    return await Channels(limit_s=5.0).send(url, message)


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


async def test_a_webhook_gets_signed_json_with_the_messages_key() -> None:
    with Sink() as sink:
        assert await sent(sink.url("/alarm")) == Delivered()
    (got,) = sink.got
    assert got.path == "/alarm", "the secret is not in what is asked for"
    assert got.key == MESSAGE.key
    assert got.content == {"alert": "a1", "key": MESSAGE.key, "subject": MESSAGE.subject, "text": MESSAGE.body}
    stamp = got.headers["surefoot-timestamp"]
    assert abs(got.wall_s - float(stamp)) < 5
    assert got.headers["surefoot-signature"] == "v1=" + webhook.signature(SECRET, stamp, got.body)
    assert webhook.signature(SECRET, stamp + "1", got.body) != webhook.signature(SECRET, stamp, got.body)
    assert SECRET.encode() not in got.body
    assert not any(SECRET in value for value in got.headers.values())


@pytest.mark.parametrize("name", ["łukasz", "李", "ängela", "o'neill", "a\nb"])
async def test_a_message_about_somebody_whose_name_no_header_can_hold_arrives(name: str) -> None:
    key = f"help-20261125-120000-{name}/help/c1/0"
    with Sink() as sink:
        assert await sent(sink.url(), Message(key, "s", "b", {})) == Delivered()
    (got,) = sink.got
    assert got.content["key"] == key
    assert unquote(got.key or "") == key


async def test_the_signature_is_the_one_that_others_compute() -> None:
    # HMAC-SHA256 of "1.{}" with the key "key", as the command line tool of OpenSSL gives it
    assert webhook.signature("key", "1", b"{}") == "1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224"


@pytest.mark.parametrize(
    ("status", "kind"), [(200, Delivered), (204, Delivered), (301, Refused), (401, Refused), (404, Refused),
                         (429, Unreachable), (500, Unreachable), (503, Unreachable)]
)  # fmt: skip
async def test_an_answer_says_whether_to_try_again(status: int, kind: type[Outcome]) -> None:
    with Sink(status=status) as sink:
        assert isinstance(await sent(sink.url()), kind)
        assert len(sink.got) == 1, "one attempt is one request; nothing follows a redirect"


@given(st.integers(100, 599))
def test_every_status_has_a_meaning_in_a_sentence(status: int) -> None:
    outcome = of_status(status, "example.org")
    assert isinstance(outcome, Delivered) == (200 <= status < 300)
    if not isinstance(outcome, Delivered):
        assert str(status) in outcome.why  # type: ignore[union-attr]
        assert outcome.why.endswith(".")  # type: ignore[union-attr]


async def test_nobody_listening_is_unreachable_and_says_so_without_the_secret() -> None:
    outcome = await sent(f"webhook+http://127.0.0.1:{free_port()}/x?secret={SECRET}")
    assert isinstance(outcome, Unreachable)
    assert "refused" in outcome.why
    assert SECRET not in outcome.why


async def test_a_mail_arrives_as_it_was_written() -> None:
    with post_office() as post:
        assert await sent(post.url) == Sent()
    (mail,) = post.got
    assert mail["subject"] == MESSAGE.subject
    assert "Anna fell at 14:02 – please look." in text_of(mail)


async def test_a_mail_server_that_says_no_or_is_gone_is_unreachable() -> None:
    with post_office() as post:
        post.refuses = "550 no such user"
        assert isinstance(await sent(post.url), Unreachable)
    assert isinstance(await sent(post.url), Unreachable)
    assert post.got == []


async def test_a_push_service_is_sent_or_refused_by_its_answer() -> None:
    with Sink() as sink:
        assert await sent(f"json://127.0.0.1:{sink.port}/x") == Sent()
        assert sink.got[0].content["message"] == MESSAGE.body
        sink.status = 401
        assert isinstance(await sent(f"json://127.0.0.1:{sink.port}/x"), Refused)
        sink.status = 503
        assert isinstance(await sent(f"json://127.0.0.1:{sink.port}/x"), Unreachable)


async def test_a_channel_that_hangs_holds_no_other_up() -> None:
    with Sink(hangs_s=60.0) as dead, Sink() as well:
        channels = Channels(limit_s=60.0)
        hanging = [asyncio.create_task(channels.send(dead.url(), MESSAGE)) for _ in range(20)]
        assert await channels.send(well.url(), MESSAGE) == Delivered()
        assert not any(task.done() for task in hanging)
        for task in hanging:
            task.cancel()


async def test_an_attempt_that_hangs_is_given_up() -> None:
    with Sink(hangs_s=60.0) as dead:
        assert isinstance(await Channels(limit_s=0.2, grace_s=0.2).send(dead.url(), MESSAGE), Unreachable)
        slow = Channels(limit_s=60.0, grace_s=-59.8)  # the channel's own limit does not help: we leave it alone
        assert await slow.send(dead.url(), MESSAGE) == Unreachable("There was no answer in time.", hangs=True)


NO_CHANNELS = [
    "",
    "nonsense",
    "foo://bar",
    "mailto://",
    "webhook+https://h/x",
    "webhook+https://h/x?secret=short",
    f"webhook+https:///x?secret={SECRET}",
    f"webhook+http://[::1/x?secret={SECRET}",
    f"webhook+https://u:p@h/x?secret={SECRET}",
    f"webhook+https://h:99999/?secret={SECRET}",
]


@pytest.mark.parametrize("url", NO_CHANNELS)
async def test_what_is_no_channel_is_refused_with_a_sentence(url: str) -> None:
    problem = problem_with(url)
    assert problem is not None
    assert problem.endswith((".", "...", ")"))
    assert isinstance(await sent(url), Refused)


@given(st.text(max_size=40), st.sampled_from(["webhook+https://", "webhook+http://", ""]))
def test_no_text_at_all_breaks_the_reading_of_a_webhook(text: str, scheme: str) -> None:
    url = scheme + text
    if (problem := problem_with(url)) is not None:
        assert problem
    elif url.startswith("webhook"):
        assert webhook.parse(url).secret
    assert described(url).kind


@pytest.mark.parametrize(
    ("url", "kind", "shown"),
    [
        ("webhook+https://h.example/x?a=1&secret=" + SECRET, "Webhook", "https://h.example/x"),
        ("mailto://anna:hunter2secret@example.org", "E-Mail", "mailto://anna:****@example.org"),
    ],
)
def test_a_channel_is_shown_without_its_secret(url: str, kind: str, shown: str) -> None:
    assert problem_with(url) is None
    assert (described(url).kind, described(url).shown.rstrip("/")) == (kind, shown)


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """Everything that is logged, as the program at its most talkative writes it."""
    set_up_logs("debug", tmp_path)
    yield tmp_path / "surefoot.log"
    for handler in [handler for handler in logging.getLogger().handlers if handler.name == OURS]:
        logging.getLogger().removeHandler(handler)
        handler.close()


async def test_nothing_secret_reaches_a_log(log_file: Path) -> None:
    port = free_port()
    for url in (
        f"json://user:{SECRET}@127.0.0.1:{port}/{SECRET}",
        f"mailto://user:{SECRET}@127.0.0.1:{port}?from=a@example.org&to=b@example.org",
        f"webhook+http://127.0.0.1:{port}/?secret={SECRET}",
    ):
        assert isinstance(outcome := await sent(url), Unreachable)
        assert SECRET not in outcome.why
    with Sink(status=401) as sink:
        assert isinstance(await sent(f"json://user:{SECRET}@127.0.0.1:{sink.port}/{SECRET}"), Refused)
    logging.getLogger("urllib3.connectionpool").warning("%s", SECRET)
    logging.getLogger("somebody").debug("this is written")
    written = await asyncio.to_thread(log_file.read_text)
    assert "this is written" in written
    assert SECRET not in written


async def test_hanging_channels_cannot_fill_the_machine() -> None:
    with Sink(hangs_s=60.0) as dead:
        channels = Channels(limit_s=60.0)
        began_s = time.monotonic()
        tasks = [asyncio.create_task(channels.send(dead.url(), MESSAGE)) for _ in range(200)]
        done, _ = await asyncio.wait(tasks, timeout=5.0, return_when=asyncio.FIRST_COMPLETED)
        assert done, "those beyond the bound are told to wait at once"
        assert time.monotonic() - began_s < 60.0
        for task in tasks:
            task.cancel()
