"""What can be set, and from where: command line over environment (SUREFOOT_*) over TOML file over default."""

import ipaddress
import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

MIN_TOKEN_CHARACTERS = 16
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})


class SettingsError(Exception):
    """A setting cannot be used; the text is a sentence with the remedy."""


def data_dir_default() -> Path:
    return Path(platformdirs.user_data_dir("surefoot", appauthor=False))


def settings_file() -> Path:
    """Where the TOML file is looked for: SUREFOOT_SETTINGS, else the user's configuration folder."""
    named = os.environ.get("SUREFOOT_SETTINGS")
    return Path(named) if named else Path(platformdirs.user_config_dir("surefoot", appauthor=False)) / "settings.toml"


def is_loopback(host: str) -> bool:
    """Whether a server bound to `host` can only be reached from this machine."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_web_address(url: str, *, bare: bool = True) -> bool:
    """Whether it is http(s)://host[:port], with a path and a query only where it need not be `bare`."""
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    return parts.scheme in ("http", "https") and named and url.isprintable() and not (bare and more)


def generate_token() -> str:
    """A token that cannot be guessed (256 bits)."""
    return secrets.token_urlsafe(32)


class Settings(BaseSettings):
    """Every setting with its meaning. Read them with `load_settings`."""

    model_config = SettingsConfigDict(env_prefix="SUREFOOT_", frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="address to listen on; anything but loopback needs a token")
    port: int = Field(8321, ge=0, le=65535, description="port to listen on; 0 takes any free one")
    token: SecretStr | None = Field(None, description="what a browser must know to log in")
    data_dir: Path = Field(default_factory=data_dir_default, description="folder of database, recordings and logs")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="what the console shows")
    silence_s: float = Field(1.5, gt=0, description="no sample for this long (or 5 packets) is reported as no data")
    idle_close_s: float = Field(900.0, gt=0, description="a session without samples for this long is closed")
    public_url: str | None = Field(None, description="how others reach this server, for the links in alarm messages")
    dead_man_url: SecretStr | None = Field(None, description="asked for once a minute while all is well")
    rate_hz: float = Field(104.0, ge=12.5, le=1000, description="sample rate to ask sensors for")

    @field_validator("token")
    @classmethod
    def _token_is_long(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None or token.get_secret_value() == "":
            return None
        if len(token.get_secret_value()) < MIN_TOKEN_CHARACTERS:
            raise ValueError(
                f"a token has at least {MIN_TOKEN_CHARACTERS} characters; `surefoot token` makes a good one"
            )
        return token

    @field_validator("public_url")
    @classmethod
    def _public_url_is_a_web_address(cls, url: str | None) -> str | None:
        if not url:
            return None
        if not is_web_address(url):
            raise ValueError("give it as https://host or https://host:port, without anything behind")
        return url.rstrip("/")

    @field_validator("dead_man_url")
    @classmethod
    def _dead_man_url_is_a_web_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None or url.get_secret_value() == "":
            return None
        if not is_web_address(url.get_secret_value(), bare=False):
            raise ValueError("give it as https://host/path")
        return url

    @model_validator(mode="after")
    def _open_only_on_loopback(self) -> "Settings":
        if not is_loopback(self.host) and self.token is None:
            raise ValueError(
                f"listening on {self.host} would show people's movements to everybody on the network: set a token "
                '(`surefoot token` makes one; then SUREFOOT_TOKEN=... or token = "..." in the settings file), '
                "or listen on 127.0.0.1"
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _Toml(settings_cls)

    @property
    def token_text(self) -> str | None:
        return self.token.get_secret_value() if self.token is not None else None

    @property
    def dead_man_url_text(self) -> str | None:
        return self.dead_man_url.get_secret_value() if self.dead_man_url is not None else None


class _Toml(PydanticBaseSettingsSource):
    """The settings file, if there is one."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError("the file is read as a whole")  # pragma: no cover

    def __call__(self) -> dict[str, Any]:
        path = settings_file()
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"The settings file {path} cannot be read: {error}. Mend it or move it.") from error


def load_settings(options: Mapping[str, Any] | None = None) -> Settings:
    """The settings with the command line's `options` on top (None values do not count). Raises SettingsError."""
    given = {name: value for name, value in (options or {}).items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(_sentences(error)) from error


def _sentences(error: ValidationError) -> str:
    parts = []
    for problem in error.errors(include_url=False):
        name = ".".join(str(part) for part in problem["loc"])
        text = str(problem["msg"]).removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            text = "there is no such setting"
        parts.append(f"{name}: {text}" if name else text)
    return f"The settings cannot be used: {'; '.join(parts)}."
