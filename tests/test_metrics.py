"""What is counted can be scraped, tells what waits, and is what the alert rules and the runbook speak of."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY
from storing import message, tell

from bot.metrics import measure, note_turn, write_metrics

DOCS = Path(__file__).parent.parent / "docs"
RULES = yaml.safe_load((DOCS / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels)


def test_what_waits_is_counted_with_how_long_the_oldest_has_waited(store):
    store.receive([message("1"), message("2")], NOW - timedelta(minutes=3))
    tell(store, message("3", user="v"), at=NOW - timedelta(seconds=20))
    store.transact(lambda db: measure(db, NOW))
    assert (value("beian_waiting", queue="inbox"), value("beian_oldest_seconds", queue="inbox")) == (2, 180)
    assert (value("beian_waiting", queue="outbox"), value("beian_oldest_seconds", queue="outbox")) == (1, 20)
    (due,) = store.due("telegram", ())
    store.mark_failed(due.id, "blocked", NOW, final=True)
    store.transact(lambda db: measure(db, NOW))
    assert (value("beian_waiting", queue="outbox"), value("beian_oldest_seconds", queue="outbox")) == (0, 0)
    assert value("beian_unsent") == 1


def test_a_turn_is_counted_by_channel_and_outcome():
    before = value("beian_turns_total", channel="test", outcome="answered") or 0
    note_turn("test", "answered", 0.004)
    assert value("beian_turns_total", channel="test", outcome="answered") == before + 1
    assert value("beian_turn_seconds_bucket", channel="test", le="0.005") >= 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_rests_on_what_is_counted_and_stands_in_the_runbook(rule):
    note_turn("test", "answered", 0.004)
    written = write_metrics({"database": "ok", "knowledge": "ok", "telegram": "off"}).decode() + "up{"
    for name in re.findall(r"\b(?:beian_\w+|up)\b(?=[{\[)])", rule["expr"]):
        assert re.search(rf"^(?:# TYPE )?{name}\b", written, re.MULTILINE) or name == "up", name
    assert f"| {rule['alert']} |" in (DOCS / "runbook.md").read_text("utf-8")


def test_the_checks_are_one_or_nought():
    written = write_metrics({"database": "it is locked", "telegram": "off"}).decode()
    assert 'beian_check_ok{check="database"} 0.0' in written
    assert 'beian_check_ok{check="telegram"} 1.0' in written
