"""Screening together in the console: the same readers and bounds, the verdict before it is sent, the person's yes."""

from datetime import date

import pytest
from staff_desk import POSTS, found, sign_in_as
from test_web_ticket import act, desk_of, do

from bot.conversation import Message

DAY = date(2026, 6, 1)


async def say(http, key, text="", action=""):
    return await http.app.handle(Message("web", "u", key, DAY, text, action))


async def begun(http):
    """Somebody who has filled in one figure and has a ticket."""
    for key, (text, action) in enumerate(
        [("", "prescreen:pilot_base"), ("", "set:site_area_m2:850"), ("场地能租吗", ""), ("", "desk:昆明市")]
    ):
        await say(http, str(key), text, action)
    return await sign_in_as(http, "wang", POSTS["clerk"])


async def test_a_figure_is_proposed_agreed_to_and_seen_by_both(tmp_path):
    async with desk_of(tmp_path) as http:
        csrf = await begun(http)
        form = (await http.get("/staff/tickets/1/screening")).text
        assert "用户填的：<bdi>850平方米</bdi>" in form
        looked = await act(http, csrf, "screening", do="look", site_area_m2="1,200", team_size="１２")
        assert "用户同意以后：待定" in looked.text
        assert 'value="1,200"' in looked.text
        assert (await do(http, lambda store: found(store, 1))).revision == 0
        sent = await act(http, csrf, "screening", do="send", site_area_m2="1,200", team_size="１２")
        assert "等用户同意" in (await http.get(sent.headers["location"])).text
        page = (await http.get("/staff/tickets/1")).text
        assert "已请用户同意填上2项" in page
        assert "目前：不符合" in page
        (told,) = await http.app.pushed("web", "u")
        assert "场地面积：1200平方米（原来填的是850平方米）" in told.text
        await say(http, "9", action=told.buttons[0].action)
        page = (await http.get("/staff/tickets/1")).text
        assert "目前：待定" in page
        assert "1200平方米" in page
        assert "已请用户同意" not in page
        history = (await do(http, lambda store: found(store, 1))).history
    assert [step.event for step in history] == ["opened", "offered", "agreed"]


async def test_a_refusal_leaves_the_profile_and_is_seen(tmp_path):
    async with desk_of(tmp_path) as http:
        csrf = await begun(http)
        await act(http, csrf, "screening", do="send", site_area_m2="1200")
        (told,) = await http.app.pushed("web", "u")
        await say(http, "9", action=told.buttons[1].action)
        page = (await http.get("/staff/tickets/1")).text
    assert "用户不同意填写" in page
    assert "目前：不符合" in page


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"site_area_m2": "一千二左右"}, "有1项要改一改"),
        ({"site_area_m2": "-20"}, "有1项要改一改"),
        ({"team_size": "10.5", "specialists": "很多"}, "有2项要改一改"),
        ({"prefecture": "<b>"}, "有1项要改一改"),
        ({}, "没有要改的"),
        ({"site_area_m2": "850"}, "没有要改的"),
    ],
)
async def test_what_the_questionnaire_would_not_take_is_not_sent(tmp_path, form, wrong):
    async with desk_of(tmp_path) as http:
        csrf = await begun(http)
        refused = await act(http, csrf, "screening", do="send", **form)
        assert refused.status_code == 422
        assert wrong in refused.text
        assert "<b>" not in refused.text
        assert await http.app.pushed("web", "u") == ()


async def test_who_has_not_begun_is_asked_which_kind_first(tmp_path):
    async with desk_of(tmp_path) as http:
        await say(http, "1", "场地能租吗")
        await say(http, "2", action="desk:昆明市")
        csrf = await sign_in_as(http, "wang", POSTS["clerk"])
        assert "请先选申报类别" in (await http.get("/staff/tickets/1/screening")).text
        form = (await http.get("/staff/tickets/1/screening?track=proof_of_concept")).text
        assert "概念验证等相关服务年收入" in form
        assert (await act(http, csrf, "screening", do="send", site_area_m2="300")).status_code == 422
        done = await act(http, csrf, "screening", do="send", site_area_m2="300", track="proof_of_concept")
        assert done.status_code == 303


async def test_a_page_of_before_sends_nothing_and_keeps_what_was_typed(tmp_path):
    async with desk_of(tmp_path) as http:
        csrf = await begun(http)
        await act(http, csrf, "note", text="备注")
        late = await act(http, csrf, "screening", revision=0, do="send", site_area_m2="1200")
        assert late.status_code == 409
        assert 'name="revision" value="1"' in late.text
        assert 'value="1200"' in late.text
        assert await http.app.pushed("web", "u") == ()


async def test_nothing_is_proposed_on_a_ticket_that_is_closed(tmp_path):
    async with desk_of(tmp_path) as http:
        csrf = await begun(http)
        await act(http, csrf, "close", outcome="solved")
        assert (await http.get("/staff/tickets/1/screening")).status_code == 404
        assert (await act(http, csrf, "screening", do="send", site_area_m2="1200")).status_code == 404
