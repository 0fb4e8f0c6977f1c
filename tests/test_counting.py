from dataclasses import replace
from datetime import date

import pytest
from conftest import DAY, Talk

from bot.conversation import Conversation, Message
from bot.counting import count_days
from bot.reminders import step_reminders
from flows.workdays import DayKind, Workdays


@pytest.fixture
def autumn(world):
    return Talk(world, day=date(2026, 11, 24))


def test_no_wording_of_the_faq_is_taken_for_a_count_or_a_reminder(world):
    nobody = Conversation("test", "somebody")
    for entry in world.knowledge.entries.values():
        for wording in (entry.question, *entry.wordings):
            asked = Message("test", "somebody", "1", DAY, wording)
            assert step_reminders(world, nobody, asked) is None, wording
            assert count_days(world, nobody, asked) is None, wording


@pytest.mark.parametrize(
    ("said", "label", "ends"),
    [
        ("公示从3月2日开始，哪天结束", "10.3", "公示期的最后一日是2026年3月9日（星期一）"),
        ("昨天公示的，好久到头嘛", "10.3", "2026年11月30日"),
        ("公示期12月24号起，几号期满", "10.3", "2026年12月31日"),
        ("工示是2026.3.2挂出来的，什么时候截止", "10.3", "2026年3月9日"),
        ("9月5号改的名，最晚什么时候报", "19", "最晚在2026年12月7日（星期一）书面报告"),
        ("公司2026年9月5日更名，现在去报还来得及吗", "19", "2026年12月7日"),
        ("我们上个月5号合并的，哪天之前要报告", "19", "2027年1月5日"),
        ("被取消资格是2026年3月1日，哪天能再报", "18", "自2028年3月2日（星期四）起可以再次申请"),
        ("资格2026年3月1日被收走了，到什么时候才能重新申请", "18", "2028年3月1日"),
        ("2026年5月20日下的整改通知，整改到几号", "16", "2027年5月20日"),
        ("整改从2025年12月8日开始，哪天到期", "16", "整改期到2026年12月8日（星期二）届满"),
        ("办法还有几天到期", "20", "2028年12月5日"),
        ("离办法失效还有多少天", "20", "还有742天"),
        ("省厅通知年报3月31日前交", "15", "2027年3月31日"),
        ("绩效评价通知说6月1号之前要交材料", "16", "2027年6月1日"),
    ],
)
def test_a_sentence_with_a_day_is_counted(autumn, said, label, ends):
    reply = autumn.say(said)
    assert reply.outcome == "answered"
    assert reply.citations[0].label == label
    assert ends in reply.text


@pytest.mark.parametrize(
    "said", ["公示期多长", "公示几天没人说闲话就算成了", "更名后多久内要报告", "整改期有多长", "发生合并的，最迟什么时候要书面报告", "办法从哪天开始施行", "有效期截止到哪天"],
)  # fmt: skip
def test_how_long_a_period_is_stays_a_question_for_the_clauses(autumn, said):
    reply = autumn.say(said)
    assert reply.outcome == "answered"
    assert "推算过程" not in reply.text
    assert "从哪一天开始算" not in reply.text


def test_under_such_an_answer_the_counting_is_one_button_away(autumn):
    action = next(b.action for b in autumn.say("公示期多长").buttons if b.label == "推算到哪一天")
    assert "从哪一天开始算" in autumn.press(action).text


@pytest.mark.parametrize("said", ["整改期到什么时候", "整改到哪天", "帮我算一下整改期"])
def test_without_a_day_it_is_asked_for_with_days_to_press(autumn, said):
    reply = autumn.say(said)
    assert reply.citations[0].label == "16"
    assert "整改期1年" in reply.text
    assert reply.buttons[0].label == "今天（11月24日）"
    assert "2027年11月24日" in autumn.press(reply.buttons[0].action).text


def test_a_bare_day_answers_what_was_asked(autumn):
    autumn.say("公示什么时候结束")
    assert "2026年3月9日" in autumn.say("3月2号").text


def test_not_knowing_the_day_says_where_it_stands(autumn):
    autumn.say("整改期到什么时候")
    reply = autumn.say("不知道")
    assert "推算不出" in reply.text
    assert "整改通知" in reply.text
    assert "届满" in autumn.say("2025年12月8日").text


def test_another_question_is_not_taken_for_the_day(autumn):
    autumn.say("整改期到什么时候")
    assert autumn.say("场地要多大").citations[0].label == "8.3"
    autumn.say("整改期到什么时候")
    assert autumn.say("公示从3月2日开始，哪天结束").citations[0].label == "10.3"


def test_a_day_that_does_not_exist_is_asked_for_again(autumn):
    autumn.say("公示什么时候结束")
    assert "没有“2月30日”这一天" in autumn.say("2月30日").text
    assert "2026年3月9日" in autumn.say("3月2日").text


def test_a_month_leaves_a_range_and_the_day_is_asked_for(autumn):
    reply = autumn.say("7月改的名，最迟几号报告")
    assert "从2026年7月1日算，最晚在2026年10月8日" in reply.text
    assert "从2026年7月31日算，最晚在2026年11月2日" in reply.text
    assert "2026年10月8日" in autumn.say("7月6号").text


@pytest.mark.parametrize(
    "said", ["从4月1日起算呢", "那4月1日呢", "换成4月1日", "如果是2026年4月1日开始的话", "4月1号"]
)
def test_the_start_can_be_changed(autumn, said):
    autumn.say("公示从3月2日开始，哪天结束")
    assert "2026年4月9日" in autumn.say(said).text


def test_a_day_in_another_sentence_changes_nothing(autumn):
    autumn.say("公示从3月2日开始，哪天结束")
    assert "推算过程" not in autumn.say("2026年4月1日申报的话场地要多大").text
    autumn.say("场地要多大")
    assert "推算过程" not in autumn.say("4月1日").text


def test_a_year_that_was_filled_in_can_be_changed_by_a_button(autumn):
    reply = autumn.say("公示从3月2日开始，哪天结束")
    action = next(b.action for b in reply.buttons if b.label == "按2027年3月2日算")
    assert "2027年的放假和调休安排尚未公布或者尚未收录" in autumn.press(action).text


def test_a_year_before_the_measure_is_not_filled_in(autumn):
    reply = autumn.say("12月1日改的名，最晚什么时候报")
    assert "从2026年12月1日（星期二）开始" in reply.text


def test_a_start_before_the_measure_is_doubted_first(autumn):
    assert autumn.say("2025年11月1日改的名，最晚什么时候报").text.startswith("2025年11月1日（星期六）早于")


def test_an_unknown_year_is_said_to_be_unknown(autumn):
    reply = autumn.say("公示12月28日开始，哪天结束")
    assert "最后一日还不能确定" in reply.text
    assert "2027年的放假和调休安排尚未公布或者尚未收录" in reply.text


def test_the_operators_file_settles_it(world):
    own = Workdays({date(2027, 1, 1): DayKind(False, "放假")})
    reply = Talk(replace(world, workdays=own), day=date(2026, 12, 29)).say("昨天公示的，哪天结束")
    assert "2027年1月5日（星期二）" in reply.text


@pytest.mark.parametrize(("said", "label"), [("年度报告什么时候交", "15"), ("绩效评价是哪天", "16")])
def test_the_measure_has_no_date_for_it_and_the_offices_is_taken(autumn, said, label):
    reply = autumn.say(said)
    assert reply.citations[0].label == label
    assert "知道日期以后请发给我" in reply.text
    assert "没有写明" in autumn.say("3月31日").text
    assert "按您提供的日期" in autumn.say("3月31日").text


def test_the_end_of_a_ban_is_judged_as_of_today(world, autumn):
    judged = autumn.say("被取消资格是2026年3月1日，哪天能再报").judgements
    assert [(j.label, j.status, j.required) for j in judged] == [("18", "unmet", "> 2028-03-01")]
    later = Talk(world, day=date(2028, 3, 2)).say("被取消资格是2026年3月1日，哪天能再报")
    assert later.judgements[0].status == "met"


def test_two_days_are_a_situation_to_judge(autumn):
    reply = autumn.say("2026年6月1日更名，2026年12月10日才报告，超期了吗")
    assert reply.judgements[0].status == "unmet"
    reply = autumn.say("2026年9月5日更名，2026年12月7日报告，超期了吗")
    assert reply.judgements[0].status == "met"


def test_the_command_lists_every_kind_with_a_button(autumn):
    reply = autumn.say("/deadline")
    assert reply.citations[0].label == "20"
    for part in ("5个工作日", "3个月", "1年", "2年", "2028年12月5日", "没有写明日期"):
        assert part in reply.text
    *kinds, reminders = reply.buttons
    assert "现在没有提醒" in autumn.press(reminders.action).text
    for button in kinds:
        assert autumn.press(button.action).outcome in {"answered", "abstained"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/deadline 公示 2026-03-02", "2026年3月9日"),
        ("/deadline 整改", "从哪一天开始算"),
        ("/deadline notice", "从哪一天开始算"),
        ("/deadline 有效期", "2028年12月5日"),
        ("/deadline 胡说", "请选择"),
        ("/deadline 公示 2月30日", "没有“2月30日”"),
    ],
)
def test_the_command_takes_a_kind_and_a_day(autumn, said, words):
    assert words in autumn.say(said).text


def test_the_questionnaire_goes_on_beside_a_deadline(world):
    talk = Talk(world, day=DAY)
    field = talk.press("prescreen:pilot_base").question["field"]
    talk.say("整改期到什么时候")
    assert talk.replies[-1].question["field"] == field
    talk.press(f"set:{field}:2026-06-01")
    talk.say("整改期到什么时候")
    assert "届满" in talk.say("2025年12月8日").text


@pytest.mark.parametrize("said", ["公示还剩几天", "还有几天", "公示到几号", "还剩多少天到期"])
def test_what_was_just_counted_is_not_asked_for_again(autumn, said):
    autumn.say("公示从11月20日开始，哪天结束")
    assert "到2026年11月27日还有3天" in autumn.say(said).text


def test_how_many_days_are_left_is_asked_of_the_deadline_spoken_of_last(autumn):
    autumn.say("公示从11月20日开始，哪天结束")
    autumn.say("场地要多大")
    assert "推算过程" not in autumn.say("还有几天").text
    assert "从哪一天开始算" in autumn.say("整改还剩几天").text


@pytest.mark.parametrize(
    ("said", "label"),
    [("整改一年是从什么时候算", "16"), ("变更三个月的起算日", "19"), ("禁止申请的起算日", "18")],
)
def test_from_which_day_a_period_runs_the_measure_does_not_say(autumn, said, label):
    reply = autumn.say(said)
    assert (reply.outcome, reply.citations[0].label) == ("abstained", label)
    assert "没有写明从" in reply.text
    action = next(b.action for b in reply.buttons if b.label == "推算到哪一天")
    assert "从哪一天开始算" in autumn.press(action).text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("公示3月2日到3月9日够5个工作日吗", "2026年3月9日正好是公示期的最后一日"),
        ("公示3月2日到3月6日对不对", "到2026年3月6日还不满5个工作日"),
        ("公示是3月2日到3月10日", "到2026年3月10日已经超过5个工作日"),
    ],
)
def test_a_public_notice_with_both_its_days_is_checked(autumn, said, words):
    reply = autumn.say(said)
    assert reply.text.startswith(words)
    assert "推算过程" in reply.text
