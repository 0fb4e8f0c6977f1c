"""Settings from environment variables with the prefix BEIAN_ or a .env file; a wrong one is one clear sentence."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "BEIAN_"


class SettingsError(Exception):
    """A setting cannot be used; the message names it, what was given (never a secret), and what would be right."""


class Settings(BaseSettings):
    """What the operator sets. Every field is the variable BEIAN_<NAME IN CAPITALS>."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    database: str = Field("beian.sqlite3", description="SQLite 文件路径，或 sqlite:///…")
    telegram_token: SecretStr | None = Field(None, description="Telegram 机器人令牌；不设则不启动 Telegram")
    telegram_api: str = Field("https://api.telegram.org", description="Bot API 服务器地址")
    telegram_webhook_url: str | None = Field(None, description="Webhook 的公网地址；不设则用长轮询")
    telegram_webhook_secret: SecretStr | None = Field(None, description="Webhook 的校验口令")
    operator: str = Field("", description="由谁运行；不设则显示“非官方工具”")
    offices: Path | None = Field(None, description="联系方式、申报系统和当年通知的 TOML 文件")
    host: str = Field("127.0.0.1", description="网页和接口的监听地址")
    port: int = Field(8000, ge=1, le=65535, description="网页和接口的端口")
    log_level: str = Field("INFO", description="日志级别：DEBUG、INFO、WARNING、ERROR")
    session_limit: int = Field(120, ge=0, description="每个会话每分钟的请求数上限，0 为不限")
    address_limit: int = Field(1200, ge=0, description="每个地址每分钟的请求数上限，0 为不限")
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
        if database.startswith(("postgresql:", "postgres:")):
            raise ValueError("PostgreSQL is not built in yet; give a file path or sqlite:///PATH")
        if "://" in database and not database.startswith("sqlite:///"):
            raise ValueError("give a file path or sqlite:///PATH")
        return database

    @field_validator("telegram_api", "telegram_webhook_url")
    @classmethod
    def _is_address(cls, address: str | None) -> str | None:
        if address is not None and not address.startswith(("http://", "https://")):
            raise ValueError("give an address that begins with http:// or https://")
        return address.rstrip("/") if address else address

    @field_validator(
        "telegram_token", "telegram_webhook_url", "telegram_webhook_secret", "offices", mode="before"
    )
    @classmethod
    def _empty_is_unset(cls, value: Any) -> Any:  # noqa: ANN401 - any raw value
        return None if value == "" else value

    @property
    def database_path(self) -> Path:
        """Where the SQLite file is."""
        return Path(self.database.removeprefix("sqlite:///"))


def read_settings(**overrides: Any) -> Settings:  # noqa: ANN401 - any setting
    """The settings in force; SettingsError names the first that is wrong or unknown."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            raise SettingsError(f"{name}: there is no such setting; {hint}")
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        given = "" if "token" in name or "secret" in name else f" {first['input']!r} given;"
        raise SettingsError(
            f"{PREFIX}{name.upper()}:{given} {first['msg'].removeprefix('Value error, ')}"
        ) from None
