from datetime import date, timedelta

import pytest
from conftest import Talk

from bot.conversation import Reminder
from bot.reminders import MOST, take_due

TODAY = date(2026, 11, 24)
RENAMED = "2026年9月5日改的名，最晚什么时候报"  # 7 December 2026


@pytest.fixture
def autumn(world):
    return Talk(world, day=TODAY)


def days(talk):
    return [reminder.on for reminder in talk.conversation.reminders]


@pytest.mark.parametrize(
    ("said", "on"),
    [
        ("到期前三天提醒我", [date(2026, 12, 4)]),
        ("提前一周提醒我", [date(2026, 11, 30)]),
        ("提前3个工作日提醒一下", [date(2026, 12, 2)]),
        ("三天前喊我一声", [date(2026, 12, 4)]),
        ("前一天提醒我", [date(2026, 12, 6)]),
        ("头天提醒我", [date(2026, 12, 6)]),
        ("当天提醒我", [date(2026, 12, 7)]),
        ("到期的时候提醒我", [date(2026, 12, 7)]),
        ("提前一周和当天都提醒我", [date(2026, 11, 30), date(2026, 12, 7)]),
        ("12月1日提醒我", [date(2026, 12, 1)]),
        ("后天提醒我", [date(2026, 11, 26)]),
        ("麻烦最后一天的前两天提醒", [date(2026, 12, 5)]),
    ],
)
def test_a_reminder_is_asked_for_in_words_after_a_deadline(autumn, said, on):
    autumn.say(RENAMED)
    reply = autumn.say(said)
    assert sorted(days(autumn)) == on
    assert "上午9点提醒您：最晚在2026年12月7日" in reply.text


@pytest.mark.parametrize(
    ("said", "kind", "on"),
    [
        ("公示从11月23日开始，到期前一天提醒我", "notice", date(2026, 11, 29)),
        ("9月5号改的名，提前三天提醒我", "change", date(2026, 12, 4)),
        ("9月5号改的名，12月1号提醒我", "change", date(2026, 12, 1)),
        ("年报3月31日前交，提前一周提醒我", "annual_report", date(2027, 3, 24)),
        ("省厅通知绩效评价6月1号，提前一个月提醒我", "evaluation", date(2027, 5, 1)),
        ("申报截止2027年4月30日，提前半个月提醒我", "call", date(2027, 4, 15)),
        ("办法到期前一个月提醒我", "in_force", date(2028, 11, 5)),
        ("被取消资格是2026年3月1日，能报的时候提醒我", "ban", date(2028, 3, 2)),
        ("整改从2026年2月2日开始，到期前30天提醒我", "rectification", date(2027, 1, 3)),
    ],
)
def test_a_deadline_and_its_reminder_are_taken_from_one_sentence(autumn, said, kind, on):
    autumn.say(said)
    assert [(r.kind, r.on) for r in autumn.conversation.reminders] == [(kind, on)]


def test_every_reminder_button_under_a_deadline_sets_one_that_lies_ahead(autumn):
    buttons = [b for b in autumn.say(RENAMED).buttons if b.action.startswith("remind:")]
    assert [b.label for b in buttons] == ["提前7天提醒", "提前3天提醒", "到期当天提醒"]
    for button in buttons:
        autumn.press(button.action)
        assert len(button.action.encode()) <= 64
    assert days(autumn) == [date(2026, 11, 30), date(2026, 12, 4), date(2026, 12, 7)]
    near = autumn.say("公示从11月18日开始，哪天结束").buttons  # 25 November: tomorrow
    assert [b.label for b in near if b.action.startswith("remind:")] == ["到期当天提醒"]


def test_asked_without_saying_when_it_offers_days(autumn):
    autumn.say(RENAMED)
    reply = autumn.say("提醒我")
    assert "什么时候提醒" in reply.text
    autumn.press(reply.buttons[0].action)
    assert days(autumn) == [date(2026, 11, 30)]


def test_asked_without_a_deadline_it_says_how(autumn):
    reply = autumn.say("提醒我")
    assert "哪个期限" in reply.text
    assert "请选择" in autumn.press(reply.buttons[0].action).text
    assert "可以到期前提醒您" in autumn.say("到期会提醒我吗").text


def test_asked_without_the_day_it_asks_for_it(autumn):
    assert "没有写明年度报告的日期" in autumn.say("年报到期三天前提醒我").text
    autumn.say("3月31号")
    autumn.say("到期前三天提醒我")
    assert days(autumn) == [date(2027, 3, 28)]


def test_a_day_that_has_come_is_refused_and_others_offered(autumn):
    autumn.say(RENAMED)
    reply = autumn.say("提前一个月提醒我")
    assert "2026年11月7日（星期六）已经到了或者过了" in reply.text
    assert reply.buttons
    assert days(autumn) == []
    assert "已经到了" in autumn.say("提前13天提醒我").text  # today


def test_a_deadline_that_is_past_or_unknown_has_nothing_to_be_reminded_of(autumn):
    autumn.say("公示从3月2日开始，哪天结束")
    assert "已经到了或者过了" in autumn.say("提醒我").text
    autumn.say("公示12月28日开始，哪天结束")
    assert "还不能设提醒" in autumn.say("到期前一天提醒我").text
    assert days(autumn) == []


def test_the_same_reminder_is_set_once(autumn):
    autumn.say(RENAMED)
    autumn.say("提前三天提醒我")
    assert "已经设过了" in autumn.say("提前三天提醒我").text
    assert len(days(autumn)) == 1


def test_there_is_an_end_to_reminders(autumn):
    autumn.say("年报2027年12月31日前交，提前一周提醒我")
    for before in range(1, MOST + 3):
        autumn.press(f"remind:annual_report:2027-12-31:{before * 10}")
    assert len(days(autumn)) == MOST
    assert f"最多同时设{MOST}个" in autumn.replies[0].text


def test_reminders_are_listed_and_each_cancelled_by_its_number(autumn):
    autumn.say(RENAMED)
    for said in ("提前一周提醒我", "提前三天提醒我", "当天提醒我"):
        autumn.say(said)
    reply = autumn.say("我的提醒")
    assert "3个提醒" in reply.text
    assert "2. 2026年12月4日（星期五）：最晚在2026年12月7日" in reply.text
    autumn.say("取消第二个提醒")
    assert days(autumn) == [date(2026, 11, 30), date(2026, 12, 7)]
    autumn.press("unremind:3")
    assert days(autumn) == [date(2026, 11, 30)]
    assert "没有这个编号" in autumn.press("unremind:3").text


@pytest.mark.parametrize("said", ["取消提醒", "不用提醒了", "别提醒我了", "把提醒删了"])
def test_the_only_reminder_is_cancelled_at_once(autumn, said):
    autumn.say(RENAMED)
    autumn.say("提前三天提醒我")
    assert "已取消2026年12月4日" in autumn.say(said).text
    assert days(autumn) == []
    assert "现在没有提醒" in autumn.say(said).text


def test_of_several_the_list_is_shown_or_the_kind_or_all_cancelled(autumn):
    for said in (
        "9月5号改的名，提前三天提醒我",
        "年报3月31日前交，提前一周提醒我",
        "年报3月31日前交，当天提醒我",
    ):
        autumn.say(said)
    assert "全部取消" in [b.label for b in autumn.say("取消提醒").buttons]
    assert len(days(autumn)) == 3
    autumn.say("取消年报的提醒")
    assert [r.kind for r in autumn.conversation.reminders] == ["change"]
    autumn.say("年报3月31日前交，当天提醒我")
    autumn.say("取消3月31号的提醒")
    assert [r.kind for r in autumn.conversation.reminders] == ["change"]
    autumn.say("年报3月31日前交，当天提醒我")
    autumn.say("取消全部提醒")
    assert days(autumn) == []


@pytest.mark.parametrize("channel", ["web", "console", "telegram"])
def test_what_a_reminder_is_worth_on_a_channel_is_said(world, channel):
    talk = Talk(world, channel, day=TODAY)
    talk.say(RENAMED)
    words = {"web": "打开本网页时", "console": "第一次打开", "telegram": "会发到这里"}
    assert words[channel] in talk.say("提前三天提醒我").text


@pytest.mark.parametrize("action", ["remind", "remind:", "remind:x:2026-09-05:3", "remind:change::3", "remind:change:2026-09-05:x", "remind:change:2026-09-05:99999", "unremind:", "unremind:x"])  # fmt: skip
def test_a_stale_button_is_answered(autumn, action):
    assert autumn.press(action).outcome == "control"
    assert days(autumn) == []


def test_a_questionnaire_goes_on_beside_a_reminder(autumn):
    field = autumn.press("prescreen:pilot_base").question["field"]
    autumn.say("年报3月31日前交，提前3天提醒我")
    assert autumn.replies[-1].question["field"] == field
    assert len(days(autumn)) == 1


def test_forgetting_takes_the_reminders_too(autumn):
    autumn.say("9月5号改的名，提前三天提醒我")
    autumn.press("forget:yes")
    assert days(autumn) == []


def test_a_due_reminder_is_worded_on_its_day_and_leaves_the_conversation(world, autumn):
    autumn.say("9月5号改的名，提前三天提醒我")
    autumn.say("年报3月31日前交，提前一周提醒我")
    before = take_due(world, autumn.conversation, date(2026, 12, 3))
    assert (before.replies, len(before.conversation.reminders)) == ((), 2)
    turn = take_due(world, autumn.conversation, date(2026, 12, 4))
    assert [r.kind for r in turn.conversation.reminders] == ["annual_report"]
    (reply,) = turn.replies
    assert reply.text.startswith(
        "提醒：最晚在2026年12月7日（星期一）书面报告。今天是2026年12月4日，到2026年12月7日还有3天。"
    )
    assert "第十九条" in reply.text


def test_a_reminder_that_was_missed_says_how_late_it_is(world, autumn):
    autumn.say("9月5号改的名，提前三天提醒我")
    (reply,) = take_due(world, autumn.conversation, date(2026, 12, 9)).replies
    assert "已经过去2天" in reply.text


def test_a_reminder_of_a_kind_that_is_no_more_goes_quietly(world, autumn):
    gone = autumn.conversation.having(reminders=(Reminder(1, "gone", TODAY, TODAY),))
    turn = take_due(world, gone, TODAY + timedelta(days=1))
    assert (turn.replies, turn.conversation.reminders) == ((), ())
