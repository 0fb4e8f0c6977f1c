"""Settings from environment variables with the prefix BEIAN_ or a .env file; a wrong one is one clear sentence."""

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "BEIAN_"
DOTENV = ".env"
TELEGRAM = "https://api.telegram.org"
_SUPERGROUPS = (-(2**52), -(10**12))
"""Between these are the numbers of supergroups, which alone have topics."""

POSTGRES = ("postgresql://", "postgres://")


class SettingsError(Exception):
    """A setting cannot be used; the message names it, what was given (never a secret), and what would be right."""


class Settings(BaseSettings):
    """What the operator sets. Every field is the variable BEIAN_<NAME IN CAPITALS>; an empty one counts as not set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=DOTENV, env_ignore_empty=True, extra="ignore", frozen=True,
        hide_input_in_errors=True,
    )  # fmt: skip

    database: str = Field(
        "beian.sqlite3", description="SQLite 文件路径，或 sqlite:///…、postgresql://…", repr=False
    )
    telegram_token: SecretStr | None = Field(None, description="Telegram 机器人令牌；不设则不启动 Telegram")
    telegram_api: str = Field(TELEGRAM, description="Bot API 服务器地址")
    telegram_webhook_url: str | None = Field(None, description="Webhook 的公网地址；不设则用长轮询")
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="Webhook 的校验口令；不设则由令牌推算"
    )
    telegram_proxy: SecretStr | None = Field(
        None, description="到 Telegram 的代理，http://…、socks5://…；不设则直连"
    )
    telegram_pace: Literal["auto", "on", "off"] = Field(
        "auto", description="发送限速；auto 只对 Telegram 官方服务器限速"
    )
    telegram_staff_group: int | None = Field(
        None, description="工作人员的 Telegram 话题群的编号，工单在那里也能答复；不设则不用"
    )
    operator: str = Field("", description="由谁运行；不设则显示“非官方工具”", max_length=100)
    offices: Path | None = Field(None, description="联系方式、申报系统和当年通知的 TOML 文件")
    holidays: Path | None = Field(None, description="放假和调休安排的 TOML 文件，补充程序还没有收录的年份")
    regulations: Path = Field(
        Path("regulations"), description="另外导入的规定所在的目录（beian knowledge import 写入）"
    )
    host: str = Field("127.0.0.1", description="网页和接口的监听地址")
    port: int = Field(8000, ge=1, le=65535, description="网页和接口的端口")
    public_url: str | None = Field(None, description="网站对外的地址，写进链接和站点地图；不设则按访问的地址")
    origins: str = Field("", description="可以调用接口、嵌入对话的其他网站，用空格隔开；不设则都不可以")
    log_level: str = Field("INFO", description="日志级别：DEBUG、INFO、WARNING、ERROR")
    session_limit: int = Field(120, ge=0, description="每个会话每分钟的请求数上限，0 为不限")
    address_limit: int = Field(1200, ge=0, description="每个地址每分钟的请求数上限，0 为不限")
    backup_days: int = Field(30, ge=1, le=3650, description="备份最多保存的天数，删除的内容随之从备份中消失")
    retention_days: int = Field(180, ge=1, le=3650, description="对话和填写内容的保存天数")

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("give DEBUG, INFO, WARNING or ERROR")
        return level.upper()

    @field_validator("database")
    @classmethod
    def _known_engine(cls, database: str) -> str:
        if database.startswith(POSTGRES):
            return database
        path = database.removeprefix("sqlite:///")
        if ("://" in database and path == database) or database.startswith(("postgresql", "postgres:")):
            raise ValueError(
                "give a file path, sqlite:///PATH or postgresql://NAME:PASSWORD@HOST:PORT/DATABASE"
            )
        if not path.strip() or "\0" in path:
            raise ValueError("give the path of a file")
        return database

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: str) -> str:
        for origin in origins.split():
            if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin):
                raise ValueError(
                    "give origins such as https://kjt.example.cn, apart by a space, without a path"
                )
        return origins

    @field_validator("telegram_api", "telegram_webhook_url", "public_url")
    @classmethod
    def _is_address(cls, address: str | None) -> str | None:
        if address is not None and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", address):
            raise ValueError("give an address such as https://example.org/path")
        return address.rstrip("/") if address else address

    @field_validator("telegram_token")
    @classmethod
    def _is_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not re.fullmatch(r"[A-Za-z0-9:_-]+", token.get_secret_value()):
            raise ValueError("this is not a Telegram token; give the one that BotFather issued")
        return token

    @field_validator("telegram_staff_group")
    @classmethod
    def _is_forum(cls, group: int | None) -> int | None:
        if group is not None and not _SUPERGROUPS[0] < group < _SUPERGROUPS[1]:
            raise ValueError("give the number of a group with topics, such as -1001234567890")
        return group

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_webhook_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise ValueError("give 1 to 256 letters, digits, _ and -")
        return secret

    @field_validator("telegram_proxy")
    @classmethod
    def _is_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is not None and not re.fullmatch(
            r"(https?|socks4|socks5h?)://[^\s/]+/?", proxy.get_secret_value()
        ):
            raise ValueError(
                "give an address such as http://127.0.0.1:3128 or socks5://name:password@127.0.0.1:1080"
            )
        return proxy

    @property
    def has_workers(self) -> bool:
        """Whether other workers may serve the same database behind one address."""
        return self.database.startswith(POSTGRES)

    @property
    def telegram_paced(self) -> bool:
        """Whether sending keeps to Telegram's limits: a server of one's own has none."""
        if self.telegram_pace == "auto":
            return self.telegram_api == TELEGRAM
        return self.telegram_pace == "on"

    @property
    def webhook_address(self) -> str | None:
        """Where Telegram brings updates. An address without a path gets one that only the token's holder can work out, so
        that several bots behind one name are apart and nobody finds them by guessing."""
        url = self.telegram_webhook_url
        return (
            url
            if url is None or urlsplit(url).path
            else f"{url}/telegram/{self._derive('webhook path')[:32]}"
        )

    def _derive(self, purpose: str) -> str:
        token = self.telegram_token.get_secret_value() if self.telegram_token else ""
        return hmac.new(token.encode(), f"beian {purpose}".encode(), hashlib.sha256).hexdigest()

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The other sites that may call the API and embed the chat."""
        return tuple(self.origins.split())

    @property
    def webhook_secret(self) -> str:
        """The secret that Telegram sends with every webhook call: the one set, or one that only the token's holder can
        work out, the same in every worker."""
        if self.telegram_webhook_secret is not None:
            return self.telegram_webhook_secret.get_secret_value()
        return self._derive("webhook")


_WRONG = {
    "int_parsing": "give a whole number",
    "int_type": "give a whole number",
    "greater_than_equal": "give {ge} or more",
    "less_than_equal": "give {le} or less",
    "string_too_long": "give at most {max_length} characters",
    "path_type": "give the path of a file",
}
"""What would be right, by pydantic's name of the error."""

_UNSHOWN = re.compile("token|proxy|secret|password|://")
"""Values that may hold a secret, as addresses with a password do: their settings' names, or what they contain."""


def read_settings(**overrides: Any) -> Settings:  # noqa: ANN401 - any setting
    """The settings in force; SettingsError names the first that is wrong or unknown."""
    given = {**_dotenv(), **os.environ}
    for name in sorted(given):
        _require_known(name)
    overrides = {**_from_files(given), **{name: v for name, v in overrides.items() if v is not None}}
    try:
        return Settings(**overrides)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        name = str(wrong["loc"][0])
        raw = overrides[name] if name in overrides else _value(given, name)
        raise SettingsError(_sentence(name, raw, wrong)) from None


def _dotenv() -> dict[str, str | None]:
    """The variables of .env; its other lines are none of our business."""
    try:
        return dotenv_values(DOTENV) if Path(DOTENV).is_file() else {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{DOTENV}: {error}; give lines NAME=value in UTF-8") from None


IN_FILES = ("database", "telegram_token", "telegram_webhook_secret", "telegram_proxy")
"""Settings that are or hold secrets: BEIAN_<NAME>_FILE names a file with the value, which then is in no environment."""


def _from_files(given: Mapping[str, str | None]) -> dict[str, str]:
    """The settings that stand in files, as containers and systemd hand over secrets."""
    found: dict[str, str] = {}
    for field in IN_FILES:
        variable = f"{PREFIX}{field.upper()}"
        path = _value(given, f"{field}_file")
        if not path:
            continue
        if _value(given, field):
            raise SettingsError(f"{variable}_FILE: {variable} is set as well; give one of them")
        try:
            found[field] = Path(path).read_text("utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{variable}_FILE: {path}: {error.strerror}; give a readable file") from None
        except ValueError:
            raise SettingsError(
                f"{variable}_FILE: {path} is not UTF-8; give a file with the value alone"
            ) from None
        if not found[field]:
            raise SettingsError(f"{variable}_FILE: {path} is empty; give a file with the value alone")
    return found


def _require_known(name: str) -> None:
    if not name.upper().startswith(PREFIX):
        return
    fields = (*Settings.model_fields, *(f"{field}_file" for field in IN_FILES))
    known = sorted(PREFIX + field.upper() for field in fields)
    if name.upper() not in known:
        near = get_close_matches(name.upper(), known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        raise SettingsError(f"{name}: there is no such setting; {hint}")


def _value(given: Mapping[str, str | None], field: str) -> str | None:
    return next((value for name, value in given.items() if name.upper() == PREFIX + field.upper()), None)


def _sentence(field: str, raw: object, wrong: Any) -> str:  # noqa: ANN401 - pydantic's error record
    shown = (
        "" if _UNSHOWN.search(field) or _UNSHOWN.search(str(raw)) else f"{str(raw)[:80]!r} is not usable; "
    )
    template = _WRONG.get(wrong["type"])
    right = (
        template.format(**wrong.get("ctx", {})) if template else wrong["msg"].removeprefix("Value error, ")
    )
    return f"{PREFIX}{field.upper()}: {shown}{right}"
