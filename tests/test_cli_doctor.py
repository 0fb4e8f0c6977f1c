"""`beian doctor` as an operator runs it: lines or JSON, the exit status, no secret."""

import json
import os

import pytest
from click.testing import CliRunner

from bot.cli import main


@pytest.fixture
def doctor(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("BEIAN_")]:
        monkeypatch.delenv(name)
    return lambda *words, **env: CliRunner().invoke(main, ["doctor", *words], env=env)


def test_every_line_begins_with_how_it_is(doctor):
    done = doctor()
    assert done.exit_code == 0
    assert {line[:3] for line in done.output.splitlines()} == {"正常　", "注意　"}
    assert all(line.endswith("。") for line in done.output.splitlines())


def test_json_has_the_same(doctor):
    told = json.loads(doctor("--json").output)
    assert told["state"] == "注意"
    assert set(told["findings"][0]) == {"topic", "state", "found", "advice"}


def test_a_wrong_setting_is_an_error_and_what_is_secret_is_not_shown(doctor):
    done = doctor(BEIAN_PORT="many", BEIAN_TELEGRAM_TOKEN="123456:hush-hush-hush-hush")
    assert done.exit_code == 1
    assert done.output.startswith("错误　设置：BEIAN_PORT")
    assert "hush" not in done.output


def test_an_error_gives_status_1(doctor, tmp_path):
    (tmp_path / "beian.sqlite3").write_bytes(b"x" * 5000)
    done = doctor("--json")
    assert done.exit_code == 1
    assert json.loads(done.output)["state"] == "错误"
