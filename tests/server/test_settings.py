from pathlib import Path

import pytest

from server.settings import MIN_TOKEN_CHARACTERS, SettingsError, generate_token, is_loopback, load_settings


@pytest.fixture(autouse=True)
def _own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUREFOOT_SETTINGS", str(tmp_path / "settings.toml"))
    for name in ("HOST", "PORT", "TOKEN", "DATA_DIR", "LOG_LEVEL", "PUBLIC_URL", "DEAD_MAN_URL"):
        monkeypatch.delenv(f"SUREFOOT_{name}", raising=False)


def test_by_default_only_this_machine_is_served() -> None:
    settings = load_settings()
    assert is_loopback(settings.host)
    assert settings.token is None


def test_the_command_line_goes_over_the_environment_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text('port = 1001\nlog_level = "error"\nsilence_s = 3.0\n')
    monkeypatch.setenv("SUREFOOT_PORT", "1002")
    settings = load_settings({"log_level": "debug", "host": None})
    assert (settings.port, settings.log_level, settings.silence_s) == (1002, "debug", 3.0)


def test_a_server_for_the_network_without_a_token_does_not_start_and_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="surefoot token"):
        load_settings({"host": "0.0.0.0"})
    monkeypatch.setenv("SUREFOOT_TOKEN", "")
    with pytest.raises(SettingsError, match="everybody on the network"):
        load_settings({"host": "192.168.1.20"})
    monkeypatch.setenv("SUREFOOT_TOKEN", generate_token())
    assert load_settings({"host": "0.0.0.0"}).token_text is not None


def test_a_token_that_can_be_guessed_is_refused_and_a_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUREFOOT_TOKEN", "1234")
    with pytest.raises(SettingsError, match=f"at least {MIN_TOKEN_CHARACTERS}") as refused:
        load_settings()
    assert "1234" not in str(refused.value)
    monkeypatch.setenv("SUREFOOT_TOKEN", generate_token())
    assert load_settings().token_text not in repr(load_settings())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("port = ", "cannot be read"),
        ('port = "many"', "port"),
        ("port = 70000", "port"),
        ("prot = 80", "prot: there is no such setting"),
        ('log_level = "loud"', "log_level"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "settings.toml").write_text(content)
    with pytest.raises(SettingsError, match=sentence):
        load_settings()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"],
)
def test_what_loopback_is(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.org", ""])
def test_what_loopback_is_not(host: str) -> None:
    assert not is_loopback(host)


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {generate_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 40


@pytest.mark.parametrize("url", ["https://alarm.example.org", "http://192.168.1.5:8321/", "https://[::1]:8321"])
def test_the_public_address_is_kept_without_a_slash_at_its_end(url: str) -> None:
    assert load_settings({"public_url": url}).public_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    ["alarm.example.org", "ftp://x", "https://x/path", "https://u:p@x", "https://x:0", "https://", "https://x?a=1"],
)
def test_what_is_no_public_address_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="https://host"):
        load_settings({"public_url": url})


def test_the_dead_man_address_is_a_secret_and_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().dead_man_url_text is None
    assert load_settings({"dead_man_url": "", "public_url": ""}).dead_man_url_text is None
    settings = load_settings({"dead_man_url": "https://watch.example/ping/s3cret?x=1"})
    assert settings.dead_man_url_text == "https://watch.example/ping/s3cret?x=1"
    assert "s3cret" not in repr(settings)
    with pytest.raises(SettingsError, match="https://host/path"):
        load_settings({"dead_man_url": "watch.example"})
