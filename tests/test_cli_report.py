"""`beian report`: written, verified, refused in one line."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main


def run(*args):
    return CliRunner().invoke(main, ["report", *map(str, args)])


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "profile.json"
    path.write_text(json.dumps({"id": "甲", "track": "pilot_base", "site_area_m2": 800}), "utf-8")
    return path


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_a_report_is_written_and_verified(tmp_path, profile, form):
    target = tmp_path / f"r.{form}"
    written = run(profile, "--output", target)
    assert written.exit_code == 0, written.output
    assert "回执" in written.output
    verified = run("verify", target)
    assert verified.exit_code == 0, verified.output
    assert "核对无误" in verified.output


def test_what_cannot_be_done_is_said_in_one_line_with_status_2(tmp_path, profile):
    bad = tmp_path / "bad.json"
    bad.write_text('{"track": "pilot_base", "site_area_m2": -1}', "utf-8")
    for args, said in (
        ((bad, "--output", tmp_path / "r.pdf"), "site_area_m2"),
        ((profile, "--output", tmp_path / "r.txt"), ".pdf"),
        ((tmp_path / "none.json", "--output", tmp_path / "r.pdf"), "none.json"),
        (("verify", tmp_path / "none.pdf"), "none.pdf"),
        (("verify", profile), "文件打不开"),
    ):
        done = run(*args)
        assert done.exit_code == 2, done.output
        assert said in done.output
        assert len(done.output.strip().splitlines()) == 1
    assert not (tmp_path / "r.pdf").exists()


def test_help_names_both():
    assert "verify" in run("--help").output
    assert "--output" in run("--help").output
