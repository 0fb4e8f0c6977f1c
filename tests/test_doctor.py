"""Each thing that can be wrong with an installation is one line with what to do, and no secret is in any."""

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
from drafting import published
from fake_bot_api import TOKEN, FakeBotApi
from storing import AT, message, tell

from bot import doctor
from bot.doctor import Finding, examine, state_of
from bot.settings import Settings
from bot.store_opening import open_store

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def found(at=NOW, **changes):
    """The findings by topic."""
    settings = Settings(_env_file=None, **{"operator": "省科技厅", **changes})
    return {finding.topic: finding for finding in examine(settings, at)}


def make(database="beian.sqlite3"):
    return open_store(database)


def test_a_healthy_installation_is_told_so(database):
    make(database).close()
    findings = found(database=database, offices=None)
    engine = "PostgreSQL" if database.startswith("postgres") else "SQLite"
    assert findings["数据库"].found.startswith(engine)
    assert {f.topic for f in findings.values() if f.state != "正常"} == {"窗口"}
    assert all(f.advice for f in findings.values() if f.state != "正常")


def test_a_database_that_is_not_there_yet_is_no_error():
    assert found()["数据库"].state == "注意"


@pytest.mark.parametrize("content", [b"no database at all, but quite long" * 99])
def test_a_file_that_is_no_database_is_an_error(tmp_path, content):
    (tmp_path / "beian.sqlite3").write_bytes(content)
    assert found()["数据库"].state == "错误"


def test_a_server_that_does_not_answer_is_an_error_without_its_password():
    findings = found(database="postgresql://beian:hush-hush@127.0.0.1:1/beian")
    assert findings["数据库"].state == "错误"
    assert "hush" not in str(findings)


def test_a_database_and_an_env_that_others_may_read_are_told_of(tmp_path):
    make().close()
    (tmp_path / "beian.sqlite3").chmod(0o644)
    (tmp_path / ".env").write_text("BEIAN_OPERATOR=x\n")
    (tmp_path / ".env").chmod(0o644)
    findings = found()
    assert (findings["数据库"].state, findings["设置"].state) == ("注意", "注意")
    assert "chmod 600" in findings["数据库"].advice


def test_a_clock_behind_what_was_written_is_an_error():
    store = make()
    tell(store, message(), at=AT)
    store.close()
    assert found(AT)["时钟"].state == "正常"
    assert found(AT - timedelta(days=1))["时钟"].state == "错误"


def test_a_day_outside_the_period_in_force_is_told_of():
    assert found(datetime(2029, 1, 1, tzinfo=UTC))["条文"].state == "注意"


def test_a_changed_text_is_an_error(tmp_path, monkeypatch):
    from knowledge import check
    from knowledge.regulation import REGULATIONS

    shutil.copytree(REGULATIONS, tmp_path / "regulations")
    text = tmp_path / "regulations/yunnan-2025-11/regulation.txt"
    monkeypatch.setattr(check, "REGULATIONS", tmp_path / "regulations")
    assert found()["条文"].state == "正常"
    text.write_text(text.read_text("utf-8").replace("不少于1000平方米", "不少于1001平方米"), "utf-8")
    assert "校验值" in found()["条文"].found
    (text.parent / "regulation.sha256").unlink()
    assert found()["条文"].state == "正常"


@pytest.mark.parametrize(
    ("day", "states"),
    [
        (date(2026, 6, 1), ["正常", "正常"]),
        (date(2031, 6, 1), ["注意", "正常"]),
        (date(2031, 12, 1), ["注意", "注意"]),
    ],
)
def test_a_year_without_its_days_off_is_told_of_in_time(world, day, states):
    assert [finding.state for finding in doctor._check_holidays(world, day)] == states


def test_fonts_that_are_not_there_are_an_error(tmp_path, monkeypatch, world):
    monkeypatch.setattr(doctor, "FONTS", tmp_path)
    assert doctor._check_fonts(world).state == "错误"


@pytest.mark.parametrize(("free", "state"), [(10**7, "错误"), (5 * 10**8, "注意"), (10**11, "正常")])
def test_a_disk_that_fills_up_is_told_of(monkeypatch, free, state):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=free))
    assert found()["数据目录"].state == state


def test_published_entries_past_their_day_are_told_of(world):
    store = make()
    published(store, world, expires="2026-06-02")
    store.close()
    assert found()["发布条目"].state == "正常"
    assert "2026-06-02" in found(NOW + timedelta(days=3))["发布条目"].found


def test_telegram_is_asked_only_with_a_token_and_told_apart():
    assert found()["Telegram"].state == "正常"
    with FakeBotApi() as api:
        well = found(telegram_token=TOKEN, telegram_api=api.address)["Telegram"]
        wrong = found(telegram_token="123456:wrong-token-wrong", telegram_api=api.address)["Telegram"]
    gone = found(telegram_token=TOKEN, telegram_api=api.address)["Telegram"]
    assert well.state == "正常"
    assert "@beian_test_bot" in well.found
    assert (wrong.state, wrong.found) == ("错误", "令牌不被承认")
    assert gone.state == "错误"
    assert "没有连上" in gone.found
    assert TOKEN not in str(gone)


def test_the_worst_finding_counts():
    assert state_of([]) == "正常"
    assert state_of([Finding("a", "注意", ""), Finding("b", "正常", "")]) == "注意"
    assert state_of([Finding("a", "错误", ""), Finding("b", "注意", "")]) == "错误"
