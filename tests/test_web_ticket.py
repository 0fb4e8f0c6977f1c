"""One ticket in the console: who may see it, what is shown, what is done, and that a person's text is only ever text."""

from datetime import UTC, date, datetime

import pytest
from staff_desk import POSTS, found, opened, sign_in_as
from storing import message, reply, tell
from test_http_api import client

from bot.accounts import Post
from bot.audit import noted
from bot.conversation import Message
from bot.web_ticket import PAGES

NOW = datetime.now(UTC)
PREFECTURE = Post("clerk", "大理白族自治州")
OFFICES = """
[[office]]
prefecture = "昆明市"
name = "昆明窗口"
desk = true
answer_within = 2
source = "样例"
date = 2026-01-01

[[office]]
prefecture = "大理白族自治州"
name = "大理窗口"
desk = true
source = "样例"
date = 2026-01-01
"""
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} \u202e反\u2066\u200b零宽\u200d \x1b[2J '\"&"


def desk_of(tmp_path, **changes):
    path = tmp_path / "offices.toml"
    path.write_text(OFFICES, "utf-8")
    return client(tmp_path, offices=path, **changes)


async def do(http, work):
    return await http.app._run(lambda: work(http.app.store))


async def act(http, csrf, name, number=1, revision=None, **form):
    if revision is None:
        revision = (await do(http, lambda store: found(store, number))).revision
    return await http.post(
        f"/staff/tickets/{number}/{name}", data={"csrf": csrf, "revision": str(revision), **form}
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
async def test_another_desks_ticket_is_not_found_by_any_route_and_stays_as_it_is(tmp_path, page):
    async with desk_of(tmp_path) as http:
        await do(http, lambda store: opened(store, question="昆明的秘密"))
        before = await do(http, lambda store: found(store, 1))
        csrf = await sign_in_as(http, "dali", PREFECTURE)
        form = {"csrf": csrf, "revision": "0", "text": "答", "place": "大理白族自治州", "outcome": "solved"}
        for number in ("1", "99", "0", "x", "9" * 30):
            path = "/staff" + page.path.replace("{ticket}", number)
            response = await http.request(page.method, path, data=form if page.method == "POST" else None)
            assert response.status_code == 404
            assert "秘密" not in response.text
        assert await do(http, lambda store: found(store, 1)) == before


async def test_a_ticket_is_claimed_answered_with_a_quotation_and_closed(tmp_path):
    async with desk_of(tmp_path) as http:
        clause = http.app.world.knowledge.regulation.clauses["8.3"]
        await do(http, opened)
        csrf = await sign_in_as(http, "wang", POSTS["clerk"])
        page = (await http.get("/staff/tickets/1")).text
        assert f"依据 {clause.name}：“{clause.own or clause.text}”" in page
        assert "已认领" in (await http.get((await act(http, csrf, "claim")).headers["location"])).text
        text = f"可以租赁。\n依据 {clause.name}：“{clause.text}”"
        done = await act(http, csrf, "answer", text=text)
        assert "答复已送出" in (await http.get(done.headers["location"])).text
        (pushed,) = await do(http, lambda store: store.pushed("telegram", "u"))
        assert pushed.reply.text.startswith("工作人员对工单 1 的答复：可以租赁。")
        assert [citation.label for citation in pushed.reply.citations] == ["8.3"]
        assert [button.action for button in pushed.reply.buttons] == ["more:1", "solved:1"]
        assert (await act(http, csrf, "close", outcome="solved")).status_code == 303
        assert (await act(http, csrf, "reopen")).status_code == 303
        ticket = await do(http, lambda store: found(store, 1))
        lines = await http.app.transact(lambda db: noted(db, subject="ticket:1"))
    assert [step.event for step in ticket.history] == ["opened", "claimed", "answered", "closed", "reopened"]
    assert {step.staff for step in ticket.history[1:]} == {1}
    assert {line.action for line in lines} == {"tickets", "claimed", "answered", "closed", "reopened"}


async def test_what_happened_meanwhile_refuses_the_answer_and_keeps_its_words(tmp_path):
    async with desk_of(tmp_path) as http:
        await do(http, opened)
        csrf = await sign_in_as(http, "wang", POSTS["clerk"])
        await act(http, csrf, "note", text="同事的备注")
        late = await act(http, csrf, "answer", revision=0, text="写了很久的答复")
        assert late.status_code == 409
        assert "有了新情况" in late.text
        assert "写了很久的答复</textarea>" in late.text
        assert await do(http, lambda store: store.pushed("telegram", "u")) == []
        once = await act(http, csrf, "answer", revision=1, text="答复一")
        twice = await act(http, csrf, "answer", revision=1, text="答复一")
        assert (once.status_code, twice.status_code) == (303, 409)
        assert len(await do(http, lambda store: store.pushed("telegram", "u"))) == 1


@pytest.mark.parametrize(
    ("name", "form", "wrong"),
    [
        ("answer", {"text": "  "}, "答复不能为空"),
        ("answer", {"text": "字" * 3001}, "最多3000字"),
        ("answer", {"text": "依据 第八条第（三）项：“不少于1平方米”"}, "与原文不一致"),
        ("note", {"text": ""}, "备注不能为空"),
        ("pass-on", {"place": "昆明市"}, "请选择一个有人答复工单的窗口"),
        ("pass-on", {"place": "玉溪市"}, "请选择一个有人答复工单的窗口"),
        ("close", {"outcome": "x"}, "请选择关闭的结果"),
        ("claim", {"revision": "x"}, "不完整"),
    ],
)
async def test_what_cannot_be_done_says_why_and_changes_nothing(tmp_path, name, form, wrong):
    async with desk_of(tmp_path) as http:
        await do(http, opened)
        csrf = await sign_in_as(http, "wang", POSTS["clerk"])
        refused = await act(http, csrf, name, **form)
        assert refused.status_code == 422
        assert wrong in refused.text
        assert len((await do(http, lambda store: found(store, 1))).history) == 1


async def test_a_ticket_handed_on_leaves_the_desk_and_reaches_the_other(tmp_path):
    async with desk_of(tmp_path) as http:
        await do(http, opened)
        csrf = await sign_in_as(http, "wang", POSTS["clerk"])
        assert (await act(http, csrf, "pass-on", place="大理白族自治州")).headers[
            "location"
        ] == "/staff/tickets?done=passed_on"
        assert (await http.get("/staff/tickets/1")).status_code == 404
        (told,) = await do(http, lambda store: store.pushed("telegram", "u"))
        assert told.reply.text == "工单 1 已由昆明市窗口转到大理窗口，不用重新提问。"
        await sign_in_as(http, "dali", PREFECTURE)
        assert (await http.get("/staff/tickets/1")).status_code == 200


async def test_a_note_is_shown_to_colleagues_and_a_released_ticket_is_free_again(tmp_path):
    async with desk_of(tmp_path) as http:
        await do(http, opened)
        csrf = await sign_in_as(http, "wang", POSTS["clerk"])
        await act(http, csrf, "claim")
        await act(http, csrf, "note", text="电话里很急")
        assert (await act(http, csrf, "release")).status_code == 303
        page = (await http.get("/staff/tickets/1")).text
        assert "电话里很急" in page
        assert (await do(http, lambda store: found(store, 1))).assignee == 0


async def test_the_screening_stands_beside_and_follows_the_person(tmp_path):
    async with desk_of(tmp_path) as http:
        for key, (text, action) in enumerate(
            [
                ("", "prescreen:pilot_base"),
                ("", "set:site_area_m2:850"),
                ("场地能租吗", ""),
                ("", "desk:昆明市"),
            ]
        ):
            await http.app.handle(Message("web", "u", str(key), date(2026, 6, 1), text, action))
        await sign_in_as(http, "wang", POSTS["clerk"])
        page = (await http.get("/staff/tickets/1")).text
        assert "850平方米" in page
        assert "目前：不符合" in page
        await http.app.handle(Message("web", "u", "9", date(2026, 6, 1), "", "set:site_area_m2:1200"))
        page = (await http.get("/staff/tickets/1")).text
        assert "1200平方米" in page
        live = (await http.get("/staff/tickets/1/live")).json()
        assert live["status"] == "待答复"
        assert "转人工以后" in live["html"]
        for key, action in (("10", "withdraw:1"), ("11", "set:team_size:77")):
            await http.app.handle(Message("web", "u", key, date(2026, 6, 1), "", action))
        page = (await http.get("/staff/tickets/1")).text
        assert "850平方米" in page  # as it was handed over
        assert "77" not in page.partition('id="screening"')[2]


async def test_a_hostile_text_is_only_ever_text(tmp_path):
    async with desk_of(tmp_path) as http:
        long = HOSTILE + "长" * 1_000_000
        await http.app.handle(Message("web", "u", "1", date(2026, 6, 1), long))
        await http.app.handle(Message("web", "u", "1b", date(2026, 6, 1), f"公示几天 {HOSTILE}"))
        await http.app.handle(Message("web", "u", "2", date(2026, 6, 1), "", "desk:昆明市"))
        await http.app.handle(Message("web", "u", "3", date(2026, 6, 1), "", "contact:1"))
        await http.app.handle(Message("web", "u", "4", date(2026, 6, 1), HOSTILE))
        csrf = await sign_in_as(http, "wang", POSTS["clerk"])
        await act(http, csrf, "note", text=HOSTILE)
        await act(http, csrf, "answer", text=HOSTILE)
        pages = [
            await http.get(path)
            for path in (
                "/staff/tickets?show=answered",
                "/staff/tickets/1",
                "/staff/search?q=零宽",
                "/staff/audit",
            )
        ]
        live = (await http.get("/staff/tickets/1/live")).json()["html"]
        for text in (*[page.text for page in pages], live):
            assert "<script>alert" not in text
            assert "<img src=x" not in text
            assert "49 " not in text
        assert "公示几天 &lt;script&gt;alert(1)" in pages[0].text
        assert "&lt;script&gt;alert(1)" in pages[1].text
        assert len(pages[1].text) < 400_000
        assert "工单" in pages[2].text


async def test_what_is_said_later_is_seen_without_opening_the_ticket_anew(tmp_path):
    async with desk_of(tmp_path) as http:
        await do(http, opened)
        await sign_in_as(http, "wang", POSTS["clerk"])
        await do(http, lambda store: tell(store, message("7", "等着呢"), reply("机器人的话")))
        html = (await http.get("/staff/tickets/1/live")).json()["html"]
    assert "等着呢" in html
    assert "机器人的话" in html


async def test_an_answered_ticket_leads_to_a_draft_of_the_faq(tmp_path):
    async with desk_of(tmp_path) as http:
        await do(http, lambda store: opened(store, question="能补多少"))
        csrf = await sign_in_as(http, "clerk", POSTS["clerk"])
        link = "/staff/faq/new?ticket=1"
        assert link not in (await http.get("/staff/tickets/1")).text
        await act(http, csrf, "answer", text="按投入的一定比例补助")
        assert link in (await http.get("/staff/tickets/1")).text
        form = (await http.get(link)).text
    assert "能补多少" in form
    assert "按投入的一定比例补助" in form
