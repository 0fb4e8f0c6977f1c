from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.deadlines import _term, ban_ends, count, day_after, is_in_force, load_deadlines, months_after
from flows.rules import RulesError, load_rules
from flows.workdays import PUBLISHED, DayKind, Workdays
from knowledge.regulation import load, squeeze

TERMS = load_deadlines().terms
RULES = load_rules()
KNOWS_2027 = Workdays(
    {date(2027, 1, n): DayKind(False, "放假") for n in (1, 2, 3)}
    | {date(2027, 2, 28): DayKind(False, "放假")}
)


def counted(kind, start, workdays=PUBLISHED):
    return count(TERMS[kind], start, RULES, workdays)


@pytest.mark.parametrize(
    ("kind", "start", "last_day"),
    [
        # 公示期: five working days, the first day not counted
        ("notice", date(2026, 3, 2), date(2026, 3, 9)),      # over a weekend
        ("notice", date(2026, 3, 1), date(2026, 3, 6)),      # published on a Sunday
        ("notice", date(2026, 2, 10), date(2026, 2, 24)),    # 14 February is worked, the Spring Festival is not
        ("notice", date(2026, 9, 29), date(2026, 10, 12)),   # National Day; 10 October is worked
        ("notice", date(2026, 12, 24), date(2026, 12, 31)),
        # 第十九条: three months, moved on from a day off
        ("change", date(2026, 9, 5), date(2026, 12, 7)),     # 5 December is a Saturday
        ("change", date(2026, 3, 2), date(2026, 6, 2)),
        ("change", date(2026, 7, 1), date(2026, 10, 8)),     # 1 to 7 October are holidays
        ("change", date(2025, 12, 31), date(2026, 3, 31)),
        ("change", date(2026, 3, 31), date(2026, 6, 30)),    # no 31 June
        ("change", date(2026, 1, 14), date(2026, 4, 14)),
        # 第十六条: one year
        ("rectification", date(2025, 12, 8), date(2026, 12, 8)),
        ("rectification", date(2025, 12, 6), date(2026, 12, 7)),   # 6 December 2026 is a Sunday
        # 第十八条: two years, never moved on
        ("ban", date(2026, 7, 20), date(2028, 7, 20)),
        ("ban", date(2026, 2, 28), date(2028, 2, 28)),
        ("ban", date(2028, 2, 29), date(2030, 2, 28)),
        ("ban", date(2026, 10, 1), date(2028, 10, 1)),       # a Sunday in the holidays
    ],
)  # fmt: skip
def test_the_last_day_is(kind, start, last_day):
    assert counted(kind, start).last_day == last_day


def test_the_counting_names_the_start_every_day_counted_and_every_day_left_out():
    steps = "\n".join(counted("notice", date(2026, 2, 10)).steps)
    assert "从2026年2月10日（星期二）开始，当日不计入" in steps
    assert "第4个工作日：2月14日（星期六）（春节调休上班）" in steps
    assert "第5个工作日：2月24日（星期二）" in steps
    assert "不计入：2月15日至2月23日（春节放假）" in steps
    for article in ("第二百零一条", "第二百零三条"):
        assert article in steps


FROM = "从2026年{}开始，当日不计入，次日起算（民法典第二百零一条）。"
UNTIL = "最后一日截止到二十四时；有业务时间的，到停止业务活动时为止（民法典第二百零三条）。"


@pytest.mark.parametrize(
    ("kind", "start", "steps"),
    [
        (
            "notice", date(2026, 12, 24),
            (
                FROM.format("12月24日（星期四）"),
                "第1个工作日：12月25日（星期五）；第2个工作日：12月28日（星期一）；第3个工作日：12月29日（星期二）；第4个工作日：12月30日（星期三）；第5个工作日：12月31日（星期四）。",
                "不计入：12月26日至12月27日（周末）。",
                UNTIL,
            ),
        ),
        (
            "change", date(2026, 3, 31),
            (
                FROM.format("3月31日（星期二）"),
                "加3个月，到期月没有31日，以月末日2026年6月30日（星期二）为最后一日（民法典第二百零二条）。",
                "这一天是工作日，不顺延。",
                UNTIL,
            ),
        ),
        (
            "change", date(2025, 11, 14),
            (
                "从2025年11月14日（星期五）开始，当日不计入，次日起算（民法典第二百零一条）。",
                "加3个月，到期月的对应日是2026年2月14日（星期六）（民法典第二百零二条）。",
                "这一天是工作日（春节调休上班），不顺延。",
                UNTIL,
            ),
        ),
        (
            "ban", date(2026, 7, 20),
            (
                FROM.format("7月20日（星期一）"),
                "加2年，到期月的对应日是2028年7月20日（星期四）（民法典第二百零二条）。",
            ),
        ),
        (
            "in_force", None,
            ("施行日期和有效期由办法直接写明：自2025年12月6日（星期六）施行，有效期至2028年12月5日（星期二），不需要推算。", UNTIL),
        ),
    ],
)  # fmt: skip
def test_the_counting_is_told_step_by_step(kind, start, steps):
    found = counted(kind, start)
    assert found.steps == steps
    assert (found.kind, found.label, found.start) == (kind, TERMS[kind].label, start)


@pytest.mark.parametrize(
    ("start", "doubt"),
    [
        (date(2025, 12, 5), "2025年12月5日（星期五）早于本办法施行之日2025年12月6日（星期六），本办法还不适用，请核对日期。"),
        (date(2025, 12, 6), ""),
        (date(2028, 12, 5), ""),
        (date(2029, 1, 4), "2029年1月4日（星期四）晚于本办法的有效期2028年12月5日（星期二），本办法到时可能已经失效或者修订，请核对日期。"),
    ],
)  # fmt: skip
def test_the_doubt_names_the_day_and_the_period(start, doubt):
    assert counted("notice", start).doubt == doubt


def test_what_is_not_known_yet_is_named_with_its_year():
    assert counted("notice", date(2028, 12, 4)).unknown == (
        "2028年的放假和调休安排尚未公布或者尚未收录，从2028年12月5日（星期二）起哪天是工作日，现在不能确定。"
    )
    assert counted("notice", date(2028, 12, 4)).steps == (
        "从2028年12月4日（星期一）开始，当日不计入，次日起算（民法典第二百零一条）。",
    )
    assert counted("change", date(2026, 11, 28)).unknown.startswith("2027年的放假和调休安排尚未公布")
    # the last working day of the known year is off, and what follows is not known
    off = Workdays({date(2026, 12, day): DayKind(False, "放假") for day in (30, 31)})
    assert counted("change", date(2026, 9, 30), off).unknown.startswith("2027年的放假和调休安排尚未公布")


@pytest.mark.parametrize(("kind", "start"), [("notice", date(2026, 12, 21)), ("change", date(2026, 9, 28))])
def test_the_first_day_that_a_new_year_may_change_is_told(kind, start):
    assert counted(kind, start).last_day == date(2026, 12, 28)
    assert counted(kind, start).notes[0] == (
        "2027年元旦的放假安排尚未公布或者尚未收录，12月底的个别日子可能调整。"
    )
    assert counted(kind, start - timedelta(days=4)).notes == TERMS[kind].notes


def test_the_day_that_the_office_gives_is_taken_as_it_is():
    found = counted("evaluation", date(2026, 7, 20))
    assert (found.kind, found.label, found.start, found.last_day) == (
        "evaluation",
        "16",
        date(2026, 7, 20),
        date(2026, 7, 20),
    )
    assert found.steps == ()


def test_days_off_of_different_kinds_are_told_apart():
    steps = "\n".join(counted("notice", date(2026, 9, 29)).steps)
    assert "10月1日至10月7日（国庆节放假）、10月11日（周末）" in steps


def test_a_day_off_moves_the_end_on_and_the_step_says_why():
    steps = "\n".join(counted("change", date(2026, 9, 5)).steps)
    assert "对应日是2026年12月5日（星期六）（民法典第二百零二条）" in steps
    assert "休息日（周末），顺延到休假结束的次日2026年12月7日（星期一）" in steps


def test_a_month_without_the_day_ends_on_its_last_and_says_so():
    assert "没有31日，以月末日2026年6月30日" in "\n".join(counted("change", date(2026, 3, 31)).steps)


def test_a_ban_is_not_prolonged_by_a_day_off_nor_by_an_unknown_year():
    ban = counted("ban", date(2026, 10, 1))
    assert ban.unknown == ""
    assert "第二百零三条" not in "".join(ban.steps)
    assert "不顺延" in "".join(ban.notes)


def test_working_days_in_an_unknown_year_are_not_guessed():
    deadline = counted("notice", date(2026, 12, 28))
    assert (deadline.last_day, deadline.safe_day, deadline.day) == (None, None, None)
    assert "2027年" in deadline.unknown
    assert "第3个工作日：12月31日" in "".join(deadline.steps)
    assert counted("notice", date(2026, 12, 28), KNOWS_2027).last_day == date(2027, 1, 5)


def test_whether_an_unknown_day_is_off_is_not_guessed_but_the_day_itself_is_safe():
    deadline = counted("change", date(2026, 11, 28))
    assert (deadline.last_day, deadline.day) == (None, date(2027, 2, 28))
    assert "2027年2月28日（星期日）是不是休息日" in deadline.unknown
    assert "不会超期" in deadline.unknown
    assert counted("change", date(2026, 11, 28), KNOWS_2027).last_day == date(2027, 3, 1)


def test_a_rest_that_runs_into_an_unknown_year_is_unknown():
    off = Workdays({date(2026, 12, day): DayKind(False, "放假") for day in (30, 31)})
    deadline = counted("change", date(2026, 9, 30), off)
    assert (deadline.last_day, deadline.safe_day) == (None, date(2026, 12, 30))
    deadline = counted("change", date(2026, 8, 31), Workdays({date(2026, 11, 30): DayKind(False, "放假")}))
    assert deadline.last_day == date(2026, 12, 1)


def test_the_end_of_december_is_told_to_be_provisional():
    assert any("元旦" in note for note in counted("notice", date(2026, 12, 24)).notes)
    assert not any("元旦" in note for note in counted("notice", date(2026, 12, 14)).notes)
    assert not any("元旦" in note for note in counted("notice", date(2026, 12, 24), KNOWS_2027).notes)


def test_the_period_in_force_is_read_not_counted():
    deadline = counted("in_force", None)
    assert deadline.last_day == RULES.in_force.last
    assert "2025年12月6日" in deadline.steps[0]


@pytest.mark.parametrize("kind", ["annual_report", "evaluation", "call"])
def test_what_has_no_date_in_the_measure_takes_the_offices_and_says_whose_it_is(kind):
    deadline = counted(kind, date(2027, 3, 31))
    assert (deadline.last_day, deadline.steps) == (date(2027, 3, 31), ())
    assert any("您提供" in note for note in deadline.notes)
    assert TERMS[kind].length_said == ""


@pytest.mark.parametrize(
    ("start", "doubt"),
    [(date(2025, 12, 5), "早于本办法施行之日"), (date(2025, 12, 6), ""), (date(2028, 12, 5), ""), (date(2028, 12, 6), "晚于本办法的有效期")],
)  # fmt: skip
def test_a_start_outside_the_period_in_force_is_doubted(start, doubt):
    assert doubt in counted("ban", start).doubt
    assert bool(counted("ban", start).doubt) == bool(doubt)


def test_the_words_of_every_kind_stand_in_its_clause():
    law = load()
    for term in TERMS.values():
        assert term.words
        for words in term.words:
            assert squeeze(words) in squeeze(law.clauses[term.label].text), term.kind


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"words": "公示期满（6个工作日）"}, "does not stand in clause 10.3"),
        ({"workdays": 6}, "workdays = 6"),
        ({"label": "99"}, "no clause '99'"),
        ({"lean": "never"}, "lean"),
        ({"workdays": None}, "no length"),
    ],
)
def test_an_entry_that_is_not_the_regulations_is_refused(change, said):
    entry = {
        "title": "公示期",
        "label": "10.3",
        "words": "公示期满（5个工作日）",
        "workdays": 5,
        "asked": [],
        "ends": "",
    }
    changed = {k: v for k, v in {**entry, **change}.items() if v is not None}
    with pytest.raises(RulesError, match="notice") as caught:
        _term(RULES, "notice", changed)
    assert said in str(caught.value)


def test_the_bans_length_is_that_of_the_rules():
    longer = replace(RULES, ban=replace(RULES.ban, years=3))
    entry = {"title": "x", "label": "18", "rule": "ban", "asked": [], "ends": ""}
    assert _term(longer, "ban", entry).length_said == "3年"


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)))
def test_five_working_days_lie_after_the_start_and_within_three_weeks(start):
    last = counted("notice", start).last_day
    between = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(PUBLISHED.kind(day).works for day in between) == 5
    assert PUBLISHED.kind(last).works
    assert len(between) <= 21


@given(st.dates(date(2025, 12, 6), date(2026, 9, 1)))
def test_three_months_end_on_the_first_working_day_from_the_corresponding_day_on(start):
    last, plain = counted("change", start).last_day, months_after(start, 3)
    assert PUBLISHED.kind(last).works
    assert not any(PUBLISHED.kind(plain + timedelta(days=n)).works for n in range((last - plain).days))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_the_corresponding_day_is_the_same_day_or_the_months_last(start, months):
    end = months_after(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("revoked_on", "last_day"),
    [
        (date(2026, 2, 28), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2030, 2, 28)),
        (date(2026, 7, 20), date(2028, 7, 20)),
        (date(2025, 12, 31), date(2027, 12, 31)),
        (date(2026, 1, 31), date(2028, 1, 31)),
    ],
)
def test_a_ban_ends_on_the_corresponding_day_or_the_months_last(revoked_on, last_day):
    assert ban_ends(revoked_on, 2) == last_day


def test_a_ban_of_four_years_from_a_leap_day_ends_on_a_leap_day():
    assert ban_ends(date(2028, 2, 29), 4) == date(2032, 2, 29)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 12, 5), False), (date(2025, 12, 6), True), (date(2027, 1, 1), True),
        (date(2028, 12, 5), True), (date(2028, 12, 6), False),
    ],
)  # fmt: skip
def test_the_first_and_the_last_day_are_in_force(day, holds):
    assert is_in_force(day, load_rules().in_force) is holds


def test_the_day_after_the_last_of_february_is_the_leap_day_in_a_leap_year():
    assert day_after(date(2028, 2, 28)) == date(2028, 2, 29)
