"""What people ask, in the console: figures with charts, by place for clerks, CSV, unanswered questions, the bench."""

from datetime import date

import pytest
from staff_desk import POSTS, sign_in_as
from test_http_api import client

from bot.store_tally import Count, add_counts

DAY = date(2026, 6, 3)
WEEK = "first=2026-06-01&last=2026-06-07"
COUNTS = [
    Count(DAY, "web", "昆明市", "turn", "备案条件", "answered", 7),
    Count(DAY, "telegram", "曲靖市", "turn", "补助<b>", "abstained", 5),
    Count(DAY, "web", "昆明市", "verdict", "pilot_base", "ineligible", 2),
    Count(DAY, "web", "昆明市", "unmet", "pilot_base", "9.3", 2),
    Count(DAY, "web", "", "asked", "pilot_base", "site_area_m2", 4),
]


@pytest.fixture
async def http(tmp_path):
    async with client(tmp_path) as http:
        await http.app.transact(lambda db: add_counts(db, COUNTS))
        yield http


async def test_figures_charts_and_summary_of_a_week(http):
    await sign_in_as(http, "yi", POSTS["editor"])
    page = await http.get(f"/staff/asked?{WEEK}")
    assert page.status_code == 200
    assert "提问12次：已答复7（58%），拒答5（42%）。" in page.text
    assert page.text.count("<svg") == 4
    assert "补助<b>" not in page.text
    assert "补助&lt;b&gt;" in page.text
    assert "场地面积" in page.text
    assert "首次答复用时" in page.text


async def test_a_clerk_sees_the_own_prefecture_whatever_is_asked_for(http):
    await sign_in_as(http, "ke", POSTS["clerk"])
    page = (await http.get(f"/staff/asked?{WEEK}&place=曲靖市")).text
    assert "提问7次" in page
    assert "曲靖市" not in page
    assert "少于3" in page
    csv = await http.get(f"/staff/asked/csv?{WEEK}&place=曲靖市")
    assert "补助" not in csv.text
    assert (await http.get("/staff/questions")).status_code == 403


async def test_an_officer_chooses_a_place_and_downloads_the_tables(http):
    await sign_in_as(http, "sheng", POSTS["officer"])
    assert "提问5次" in (await http.get(f"/staff/asked?{WEEK}&place=曲靖市")).text
    csv = await http.get(f"/staff/asked/csv?{WEEK}")
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="beian-2026-06-01-2026-06-07.csv"' in csv.headers["content-disposition"]
    assert "按主题,备案条件,7,7,0,0,0,0" in csv.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "first=x&last=y",
        "first=2026-06-07&last=2026-06-01",
        "first=2020-01-01&last=2026-01-01",
        "first=0001-01-01&last=0001-01-02",
        "first=9999-12-30&last=9999-12-31",
    ],
)
async def test_a_period_that_is_none_is_the_last_whole_week(http, query):
    await sign_in_as(http, "yi", POSTS["editor"])
    page = await http.get(f"/staff/asked?{query}")
    assert page.status_code == 200
    assert "咨询小结" in page.text


async def test_unanswered_questions_are_masked_escaped_and_lead_to_a_draft(http):
    for text in ("租来的场地<b>算不算</b>，我电话13812345678", "租的场地算不算数"):
        await http.post("/api/v1/ask", json={"q": text})
    await sign_in_as(http, "yi", POSTS["editor"])
    page = (await http.get("/staff/questions")).text
    assert "归为1组" in page or "归为2组" in page
    assert "138" not in page
    assert "<b>算不算" not in page
    assert "/staff/faq/new?question=" in page


async def test_the_bench_takes_a_question_apart(http):
    await sign_in_as(http, "yi", POSTS["editor"])
    assert "检索试验" in (await http.get("/staff/bench")).text
    page = (await http.get("/staff/bench", params={"q": "中试基地公示几天<script>"})).text
    assert "得分的由来" in page
    assert "<script>" not in page.replace("<script src=", "")
