"""The benchmark of a database that grows, on a small one: it erases whole persons and ends the retention of the old alone."""

import pytest

from benchmarks import growth
from bot.store_opening import open_store


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(growth, "OPEN", 100)
    monkeypatch.setattr(growth, "OLD", 300)
    monkeypatch.setattr(growth, "TURNS", 20)


def test_persons_are_erased_and_the_old_end(few, world, tmp_path):
    users = growth.fill(tmp_path / "x.sqlite3", world, 1_000)
    store = open_store(tmp_path / "x.sqlite3")
    assert len(set(users)) == 1_000
    *_, ended = growth.keeping(store, users)
    assert ended == 250
    assert store.recent("telegram", users[10]) == []
    assert store.recent("telegram", users[-1]) == []
    assert len(store.recent("telegram", users[0])) == growth.LINES
    store.close()


def test_the_figures_are_printed(few, capsys):
    growth.main(2_000)
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("2,000 conversations, 20,000 lines: ")
    assert second.endswith(" times")
    assert third.startswith("erasing one person: ")
