"""A command without a server answers from what staff published, and needs no database to answer."""

import subprocess
import sys
from contextlib import closing

import pytest
from drafting import ASKED, published

from bot.current import current_world
from bot.evaluate import ask
from bot.settings import SettingsError
from bot.store_opening import open_store


def test_without_a_database_it_is_the_world_of_the_files(tmp_path, monkeypatch, world):
    monkeypatch.chdir(tmp_path)
    assert current_world().knowledge is world.knowledge
    monkeypatch.setenv("BEIAN_DATABASE", str(tmp_path / "none.sqlite3"))
    assert current_world().knowledge is world.knowledge
    assert not list(tmp_path.iterdir())


def test_with_a_database_what_is_published_there_is_answered(tmp_path, monkeypatch, world):
    monkeypatch.chdir(tmp_path)
    with closing(open_store(tmp_path / "beian.sqlite3")) as store:
        number = published(store, world)
    assert ask(current_world(), ASKED).version == number


def test_a_setting_that_cannot_be_used_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("BEIAN_DATABASE", "mysql://x")
    with pytest.raises(SettingsError, match="BEIAN_DATABASE"):
        current_world()


def test_settings_and_database_are_not_imported_in_vain(tmp_path):
    code = "import sys, bot.current; bot.current.current_world(); assert 'sqlite3' not in sys.modules; print('ok')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "ok\n", done.stderr
