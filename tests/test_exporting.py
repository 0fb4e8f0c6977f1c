from datetime import date

import pytest
from conftest import Talk


@pytest.fixture
def autumn(world):
    return Talk(world, day=date(2026, 11, 24))


def test_a_deadline_is_exported_by_its_button_or_in_words(autumn):
    reply = autumn.say("公示从11月23日开始，哪天结束")
    action = next(b.action for b in reply.buttons if b.label == "导出日历")
    assert len(action.encode()) <= 64
    document = autumn.press(action).document
    assert document.name == "公示期-2026-11-30.ics"
    assert document.data == {"deadlines": [{"kind": "notice", "start": "2026-11-23", "on": []}]}
    assert autumn.say("导出日历").document == document
    assert autumn.say("加到日历").document == document


def test_with_reminders_every_deadline_is_exported_once_with_its_days(autumn):
    autumn.say("9月5号改的名，提前三天提醒我")
    autumn.say("当天提醒我")
    autumn.say("办法到期前一个月提醒我")
    document = autumn.say("导出日历").document
    assert document.data["deadlines"] == [
        {"kind": "change", "start": "2026-09-05", "on": ["2026-12-04", "2026-12-07"]},
        {"kind": "in_force", "start": None, "on": ["2028-11-05"]},
    ]
    assert "导出日历" in [b.label for b in autumn.say("我的提醒").buttons]


def test_one_deadline_takes_only_its_own_reminders_along(autumn):
    autumn.say("9月5号改的名，提前三天提醒我")
    document = autumn.press("calendar:change:2026-09-05").document
    assert document.data["deadlines"][0]["on"] == ["2026-12-04"]
    assert autumn.press("calendar:change:2026-09-06").document.data["deadlines"][0]["on"] == []


@pytest.mark.parametrize("action", ["calendar", "calendar:", "calendar:x:y", "calendar:change:", "calendar:change:2026-02-30", "calendar:notice:2026-12-28", "calendar:in_force:2026-01-01"])  # fmt: skip
def test_without_a_day_there_is_nothing_to_export(autumn, action):
    reply = autumn.press(action)
    assert reply.document is None
    assert "还没有可以导出的期限" in reply.text


def test_a_deadline_whose_day_is_not_known_has_no_such_button(autumn):
    assert "导出日历" not in [b.label for b in autumn.say("公示12月28日开始，哪天结束").buttons]
