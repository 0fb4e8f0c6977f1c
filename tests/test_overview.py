"""What people ask, in tables, charts, a summary and CSV: the figures agree, and no small number gives a person away."""

import csv
import io
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from bot.chart_counts import draw_days, draw_names
from bot.overview import Row, Waiting, make_overview, read_overview, read_waiting, shown
from bot.overview_text import as_csv, hours, summary
from bot.store_tally import Count, add_counts
from flows.rules import load_rules

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 7)
NONE = Waiting(0, 0, None, None)


def count(measure, topic, item, n=1, place="", day=FIRST, channel="web"):
    return Count(day, channel, place, measure, topic, item, n)


COUNTS = [
    count("turn", "备案条件", "answered", 6, "昆明市"),
    count("turn", "备案条件", "abstained", 2, "昆明市", FIRST + timedelta(2)),
    count("turn", "补助", "answered", 3, "province", channel="telegram"),
    count("turn", "", "handed_over", 1),
    count("asked", "pilot_base", "site_area_m2", 10),
    count("responded", "pilot_base", "site_area_m2", 6),
    count("skipped", "pilot_base", "site_area_m2", 1),
    count("verdict", "pilot_base", "ineligible", 4),
    count("verdict", "pilot_base", "eligible", 2),
    count("unmet", "pilot_base", "9.3", 4),
    count("unmet", "pilot_base", "9.4", 1),
    count("rating", "", "useless", 2),
]


def overview(counts=COUNTS, place="", waiting=NONE):
    return make_overview(counts, load_rules(), FIRST, LAST, place, waiting)


def test_every_table_has_the_same_total():
    made = overview()
    for table in (made.by_day, made.by_topic, made.by_channel, made.by_place):
        assert sum(row.total for row in table) == made.all.total == 12
    assert [row.name for row in made.by_topic] == ["备案条件", "补助", "未归类"]
    assert [row.name for row in made.by_place] == ["昆明市", "省级", "未说明"]
    assert len(made.by_day) == 7
    assert made.all.share("answered") == "75%"
    assert Row("x", {}).share("answered") == "–"


def test_who_went_no_further_is_counted_at_the_question():
    (step,) = overview().steps
    assert (step.title, step.asked, step.left) == ("场地面积", 10, 3)


def test_a_small_number_of_one_place_is_not_told():
    assert (shown(2, ""), shown(2, "昆明市"), shown(3, "昆明市"), shown(0, "昆明市")) == (
        "2",
        "少于3",
        "3",
        "0",
    )
    assert "第九条第（四）项 少于3" in summary(overview(place="昆明市"))


def test_the_summary_says_the_week_in_words():
    said = summary(overview(waiting=Waiting(5, 4, 1.5, 20.0)))
    assert said.splitlines()[0] == "全省 2026-06-01 至 2026-06-07 咨询小结"
    assert "提问12次：已答复9（75%），拒答2（17%），转人工1（8%）。" in said
    assert "人工工单5张，已答复4张，首次答复用时中位数1.5小时。" in said
    assert "中试基地（平台）预审：符合2，不符合4。" in said
    assert "第九条第（三）项 4" in said
    assert "没有提问" in summary(overview([]))


@pytest.mark.parametrize(("value", "said"), [(None, "–"), (0.5, "30分钟"), (3.25, "3.2小时"), (72, "3.0天")])
def test_a_time_is_said_as_a_clerk_says_it(value, said):
    assert hours(value) == said


def test_the_csv_reads_back_and_begins_no_formula():
    text = as_csv(overview([*COUNTS, count("turn", "=1+1", "answered")]))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert ["合计", "合计", "13", "10", "2", "0", "1", "0"] in rows
    assert ["中试基地（平台）", "场地面积", "10", "6", "1", "3"] in rows
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}]


def test_the_charts_are_drawn_with_every_figure_in_words():
    made = overview()
    chart = ElementTree.fromstring(draw_days(made.by_day, "每日提问"))
    assert "2026-06-01 10，2026-06-03 2" in chart.attrib["aria-label"]
    assert len([rect for rect in chart.iter() if rect.tag.endswith("rect")]) == 5 + 3
    names = ElementTree.fromstring(draw_names([("<b>&", 3, "3"), ("x" * 30, 0, "0")], "按主题"))
    assert "<b>& 3" in names.attrib["aria-label"]
    for empty in (draw_days([Row("2026-06-01", {})], "每日提问"), draw_names([], "按主题")):
        assert "没有" in ElementTree.fromstring(empty).attrib["aria-label"]


def test_the_wait_for_a_first_answer_is_taken_from_the_tickets_times(store):

    def fill(db):
        for number, (opened, place) in enumerate(
            [
                ("2026-06-01T01:00", "昆明市"),
                ("2026-06-02T01:00", "曲靖市"),
                ("2026-06-09T01:00", "昆明市"),
            ],
            1,
        ):
            db.execute(
                "insert into tickets (channel, user_id, place, desk, question, transcript, status, opened_at) "
                "values ('web', '', ?, '', '', '[]', 'answered', ?)",
                [place, f"{opened}:00.000+00:00"],
            )
            for at in ("T03:00", "T09:00"):
                db.execute(
                    "insert into ticket_events (ticket, event, at) values (?, 'answered', ?)",
                    [number, opened[:10] + at + ":00.000+00:00"],
                )
        add_counts(db, COUNTS)

    store.transact(fill)
    look = lambda place: store.look(lambda db: read_waiting(db, FIRST, LAST, place))  # noqa: E731
    assert look("") == Waiting(2, 2, 2.0, 2.0)
    assert look("曲靖市").opened == 1
    assert look("玉溪市") == NONE
    read = store.look(lambda db: read_overview(db, load_rules(), FIRST, LAST, "昆明市"))
    assert (read.all.total, read.waiting.opened) == (8, 1)
