import os
import re

import pytest

from bot.settings import IN_FILES, PREFIX, Settings, SettingsError, read_settings

TOKEN = "123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def error_for(monkeypatch, name: str, value: str) -> str:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    return str(caught.value)


def test_nothing_needs_to_be_set():
    settings = read_settings()
    assert settings.database == "beian.sqlite3"
    assert (settings.host, settings.port, settings.telegram_token) == ("127.0.0.1", 8000, None)
    assert (settings.session_limit, settings.address_limit, settings.retention_days) == (120, 1200, 180)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("BEIAN_PORT", "abc", "BEIAN_PORT: 'abc' is not usable; give a whole number"),
        ("BEIAN_PORT", "0", "BEIAN_PORT: '0' is not usable; give 1 or more"),
        ("BEIAN_PORT", "70000", "BEIAN_PORT: '70000' is not usable; give 65535 or less"),
        ("BEIAN_LOG_LEVEL", "loud", "BEIAN_LOG_LEVEL: 'loud' is not usable; give DEBUG, INFO, WARNING or ERROR"),
        ("BEIAN_RETENTION_DAYS", "0", "BEIAN_RETENTION_DAYS: '0' is not usable; give 1 or more"),
        ("BEIAN_SESSION_LIMIT", "-1", "BEIAN_SESSION_LIMIT: '-1' is not usable; give 0 or more"),
        ("BEIAN_TELEGRAM_API", "localhost", "BEIAN_TELEGRAM_API: 'localhost' is not usable; give an address such as"),
        ("BEIAN_TELEGRAM_STAFF_GROUP", "-5", "BEIAN_TELEGRAM_STAFF_GROUP: '-5' is not usable; give the number of a group"),
        ("BEIAN_TELEGRAM_STAFF_GROUP", "@desk", "BEIAN_TELEGRAM_STAFF_GROUP: '@desk' is not usable; give a whole number"),
        ("BEIAN_DATABASE", "mysql://host/x", "BEIAN_DATABASE: give a file path, sqlite:///PATH or postgresql://"),
        ("BEIAN_OPERATOR", "某" * 101, "is not usable; give at most 100 characters"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_line_that_names_it_and_says_what_would_be_right(
    monkeypatch, name, value, message
):
    said = error_for(monkeypatch, name, value)
    assert message in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BEIAN_TELEGRAM_TOKEN", "geheim mit leerzeichen"),
        ("BEIAN_TELEGRAM_WEBHOOK_SECRET", "geheim!"),
        ("BEIAN_DATABASE", "postgresql+psycopg://user:geheim@host/db"),
        ("BEIAN_TELEGRAM_API", "ftp://user:geheim@host"),
    ],
)
def test_no_secret_is_repeated_in_a_message(monkeypatch, name, value):
    said = error_for(monkeypatch, name, value)
    assert said.startswith(f"{name}: ")
    assert "geheim" not in said


@pytest.mark.parametrize(
    ("name", "near"),
    [("BEIAN_PROT", "BEIAN_PORT"), ("BEIAN_TELEGRAM_TOKENS", "BEIAN_TELEGRAM_TOKEN"), ("beian_oficces", "BEIAN_OFFICES")],
)  # fmt: skip
def test_a_misspelt_variable_stops_the_start_and_the_nearest_right_name_is_said(monkeypatch, name, near):
    assert error_for(monkeypatch, name, "1") == f"{name}: there is no such setting; did you mean {near}?"


def test_a_name_like_no_other_brings_the_list(monkeypatch):
    assert "known are BEIAN_ADDRESS_LIMIT" in error_for(monkeypatch, "BEIAN_XYZXYZXYZXYZ", "1")


def test_the_env_file_is_read_and_its_misspelt_names_are_found_too(tmp_path):
    (tmp_path / ".env").write_text("BEIAN_PORT=9000\nOTHER_THING=1\n", "utf-8")
    assert read_settings().port == 9000
    (tmp_path / ".env").write_text("BEIAN_PROT=9000\n", "utf-8")
    with pytest.raises(SettingsError, match=r"BEIAN_PROT.*BEIAN_PORT"):
        read_settings()


def test_an_env_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / ".env").write_bytes(b"BEIAN_OPERATOR=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"^\.env: "):
        read_settings()


def test_an_empty_variable_is_not_set(monkeypatch):
    for name in ("BEIAN_PORT", "BEIAN_TELEGRAM_TOKEN", "BEIAN_OFFICES", "BEIAN_DATABASE"):
        monkeypatch.setenv(name, "")
    settings = read_settings()
    assert settings.port == 8000
    assert settings.telegram_token is None
    assert settings.offices is None


def test_an_option_on_the_command_line_wins_and_is_checked(monkeypatch):
    monkeypatch.setenv("BEIAN_PORT", "9000")
    assert read_settings(port=9001, host=None).port == 9001
    with pytest.raises(SettingsError, match="BEIAN_PORT: '0' is not usable"):
        read_settings(port=0)


@pytest.mark.parametrize(
    "value", ["data/x.db", "sqlite:///data/x.db", "sqlite:////srv/x.db", "postgresql://a:b@c/d"]
)
def test_a_database_is_a_path_or_an_address(monkeypatch, value):
    monkeypatch.setenv("BEIAN_DATABASE", value)
    settings = read_settings()
    assert settings.database == value
    assert value not in repr(settings)


def test_the_webhook_secret_is_the_one_set_or_one_worked_out_from_the_token(monkeypatch):
    monkeypatch.setenv("BEIAN_TELEGRAM_TOKEN", TOKEN)
    worked_out = read_settings().webhook_secret
    assert len(worked_out) == 64
    assert worked_out == read_settings().webhook_secret
    assert TOKEN not in worked_out
    monkeypatch.setenv("BEIAN_TELEGRAM_WEBHOOK_SECRET", "own-secret_1")
    assert read_settings().webhook_secret == "own-secret_1"


def test_a_webhook_address_without_a_path_gets_one_that_cannot_be_guessed(monkeypatch):
    monkeypatch.setenv("BEIAN_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("BEIAN_TELEGRAM_WEBHOOK_URL", "https://example.org/")
    address = read_settings().webhook_address
    assert re.fullmatch(r"https://example\.org/telegram/[0-9a-f]{32}", address)
    assert address == read_settings().webhook_address
    monkeypatch.setenv("BEIAN_TELEGRAM_TOKEN", "987654:another-bots-token-on-the-same-machine")
    assert read_settings().webhook_address != address
    monkeypatch.setenv("BEIAN_TELEGRAM_WEBHOOK_URL", "https://example.org/my/path")
    assert read_settings().webhook_address == "https://example.org/my/path"


@pytest.mark.parametrize(
    ("proxy", "right"),
    [
        ("http://127.0.0.1:3128", True),
        ("socks5://a:b@10.0.0.1:1080", True),
        ("socks5h://x:1", True),
        ("ftp://x", False),
        ("x", False),
    ],
)
def test_a_proxy_is_an_address_and_is_never_shown(monkeypatch, proxy, right):
    monkeypatch.setenv("BEIAN_TELEGRAM_PROXY", proxy)
    if right:
        assert read_settings().telegram_proxy.get_secret_value() == proxy
        assert proxy not in repr(read_settings())
    else:
        with pytest.raises(SettingsError, match="BEIAN_TELEGRAM_PROXY: give an address"):
            read_settings()


@pytest.mark.parametrize(
    ("pace", "api", "paced"),
    [
        ("auto", None, True),
        ("auto", "http://127.0.0.1:8081", False),
        ("on", "http://127.0.0.1:8081", True),
        ("off", None, False),
    ],
)
def test_sending_is_paced_on_telegrams_own_server_unless_set_otherwise(monkeypatch, pace, api, paced):
    monkeypatch.setenv("BEIAN_TELEGRAM_PACE", pace)
    if api:
        monkeypatch.setenv("BEIAN_TELEGRAM_API", api)
    assert read_settings().telegram_paced is paced


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch):
    monkeypatch.setenv("BEIAN_TELEGRAM_TOKEN", TOKEN)
    assert TOKEN not in repr(read_settings())


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("field", IN_FILES)
def test_a_secret_may_stand_in_a_file(monkeypatch, tmp_path, field):
    value = {
        "database": "postgresql://a:b@c/d",
        "telegram_proxy": "http://a:b@c:1",
        "telegram_webhook_secret": "AAbb-cc",
    }.get(field, "123456:AAbb-cc")
    (tmp_path / "secret").write_text(f"{value}\n", "utf-8")
    monkeypatch.setenv(f"BEIAN_{field.upper()}_FILE", str(tmp_path / "secret"))
    settings = read_settings()
    read = getattr(settings, field)
    assert (read if isinstance(read, str) else read.get_secret_value()) == value
    assert value not in repr(settings)
    assert value not in os.environ.values()


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe", b"geheim mit leerzeichen"])
def test_a_file_without_a_usable_secret_is_named_and_its_content_is_not_shown(monkeypatch, tmp_path, content):
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    said = error_for(monkeypatch, "BEIAN_TELEGRAM_TOKEN_FILE", str(tmp_path / "secret"))
    assert said.startswith("BEIAN_TELEGRAM_TOKEN")
    assert "geheim" not in said


def test_a_secret_is_given_in_one_place(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("123456:AAbb", "utf-8")
    monkeypatch.setenv("BEIAN_TELEGRAM_TOKEN", "123456:AAbb")
    assert "give one of them" in error_for(monkeypatch, "BEIAN_TELEGRAM_TOKEN_FILE", str(tmp_path / "secret"))
