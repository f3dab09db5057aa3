import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from server.alerts.limiter import MISSES, MOST_REMEMBERED, WINDOW_S, MissLimiter
from server.alerts.link_page import LinkPage
from server.alerts.links import KEY_FILE, hash_of, is_token, link_key, link_of, token_of


def test_the_key_is_made_once_and_is_for_its_owners_eyes(tmp_path: Path) -> None:
    key = link_key(tmp_path)
    assert len(key) == 32
    assert link_key(tmp_path) == key
    if os.name == "posix":
        assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_key_that_a_crash_cut_short_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"short")
    assert len(link_key(tmp_path)) == 32


@given(st.binary(min_size=32, max_size=32), st.text(), st.text())
def test_a_token_is_the_same_for_the_same_message_and_another_for_another(key: bytes, one: str, other: str) -> None:
    token = token_of(key, one)
    assert is_token(token)
    assert token == token_of(key, one)
    assert (token == token_of(key, other)) == (one == other)
    assert token not in hash_of(token)
    assert token != token_of(bytes(byte ^ 1 for byte in key), one)


@given(st.text())
def test_only_43_letters_are_a_token(text: str) -> None:
    assert not is_token(text) or len(text) == 43


def test_a_link_stands_under_the_public_address() -> None:
    assert link_of("https://surefoot.example/", "x") == "https://surefoot.example/a/x"


@given(st.text(), st.text())
def test_nothing_in_a_name_becomes_markup(name: str, line: str) -> None:
    page = LinkPage(f"<{name}>", (f"<script>{line}",), "I <take> it").html()
    assert "<script>" not in page
    assert page.count("<h1>") == page.count("<button>") == 1
    assert "<form" not in LinkPage("x", ()).html()


def test_a_test_says_so() -> None:
    assert "THIS IS A TEST" in LinkPage("x", (), "I take it", test=True).html()


class Hand:
    """A clock that stands until it is moved."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_too_many_misses_within_a_minute_are_told_and_forgotten_after_it() -> None:
    clock = Hand()
    limiter = MissLimiter(clock)
    assert not any(limiter.missed("here") for _ in range(MISSES))
    assert limiter.missed("here")
    assert not limiter.missed("there")
    clock.now_s += WINDOW_S
    assert not limiter.missed("here")


def test_however_many_guess_only_so_many_are_remembered() -> None:
    limiter = MissLimiter(Hand())
    for _ in range(MISSES):
        limiter.missed("first")
    for number in range(2 * MOST_REMEMBERED):
        limiter.missed(str(number))
    assert not limiter.missed("first")
