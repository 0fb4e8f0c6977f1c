from pathlib import Path

import pytest
from click.testing import CliRunner
from icalendar import Calendar

from bot.cli import main


@pytest.fixture
def beian(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["deadline", *arguments], env={"BEIAN_HOLIDAYS": ""})


def test_without_a_kind_all_are_listed(beian):
    assert "5个工作日" in beian().output


def test_a_deadline_is_counted_and_written(beian, tmp_path):
    done = beian("公示", "--start", "2026-03-02", "--ics", "x.ics")
    assert done.exit_code == 0
    assert "公示期的最后一日是2026年3月9日" in done.output
    assert done.output.endswith("已写入 x.ics。\n")
    (event,) = Calendar.from_ical(Path("x.ics").read_bytes()).events
    assert str(event["dtstart"].dt) == "2026-03-09"
    assert [path.name for path in tmp_path.iterdir()] == ["x.ics"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("公示", "--ics", "x.ics"), "x.ics: there is no last day to write"),
        (("公示", "--start", "2026-02-30", "--ics", "x.ics"), "x.ics: there is no last day to write"),
        (("公示", "--start", "2026-03-02", "--ics", "none/x.ics"), "none/x.ics.part: No such file"),
    ],
)
def test_what_cannot_be_written_is_one_line(beian, arguments, said):
    done = beian(*arguments)
    assert done.exit_code == 2
    assert said in done.output.splitlines()[-1]
    assert not Path("x.ics").exists()
