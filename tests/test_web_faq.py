"""The FAQ in the console: from a form to everybody's answer, by two people; who may not, and what is refused."""

import re

import pytest
from drafting import ASKED, DRONE
from staff_desk import POSTS, sign_in_as
from test_http_api import client

from bot.accounts import Post
from bot.evaluate import ask


def form(csrf, **changes):
    content = {**DRONE, "wordings": "\n".join(DRONE["wordings"]), "clauses": "9.3", "csrf": csrf}
    return content | changes


async def as_editor(http, name="yi"):
    return await sign_in_as(http, name, POSTS["editor"])


async def write(http, csrf, **changes):
    made = await http.post("/staff/faq/new", data=form(csrf, **changes))
    assert made.status_code == 303, re.findall(r'class="wrong"[^>]*>([^<]*)', made.text)
    return made.headers["location"].split("?")[0]


async def do(http, path, csrf, **fields):
    return await http.post(path, data={"csrf": csrf, **fields})


async def test_a_draft_is_written_approved_by_another_and_published_to_everybody(tmp_path):
    async with client(tmp_path) as http:
        csrf = await as_editor(http, "jia")
        path = await write(http, csrf)
        own = await http.get(path)
        assert "须由另一位编辑审批" in own.text
        assert "没有发现冲突" in own.text
        refused = await do(http, f"{path}/approve", csrf)
        assert refused.status_code == 422
        assert "须由另一位编辑审批" in refused.text
        csrf = await as_editor(http)
        assert (await do(http, f"{path}/publish", csrf)).status_code == 422
        assert (await do(http, f"{path}/approve", csrf)).status_code == 303
        assert "无人机试飞场" in (await http.get("/staff/faq")).text
        done = await do(http, f"{path}/publish", csrf)
        assert done.headers["location"].endswith("/staff/faq/entries/drone-field?done=faq_published")
        assert (await http.post("/api/v1/ask", json={"q": ASKED})).json()["answer"].startswith("可以算")
        assert "各处一秒内生效" in (await http.get(done.headers["location"])).text
        undone = await do(http, "/staff/faq/entries/drone-field/undo", csrf, act="roll_back", reason="发早了")
        assert undone.status_code == 303
        assert ask(http.app.world, ASKED).entry != "drone-field"
        history = (await http.get("/staff/faq/entries/drone-field")).text
        assert "发早了" in history
        await sign_in_as(http, "boss", POSTS["administrator"])
        audit = (await http.get("/staff/audit")).text
    assert [what in audit for what in ("写问答草稿", "批准问答草稿", "发布问答", "回退或撤下问答")] == [
        True
    ] * 4


async def test_conflicts_are_shown_beside_and_must_be_ticked(tmp_path):
    async with client(tmp_path) as http:
        path = await write(http, await as_editor(http, "jia"), wordings="公示要公示几天\n试飞场算场地不")
        csrf = await as_editor(http)
        await do(http, f"{path}/approve", csrf)
        page = (await http.get(path)).text
        assert "问法“公示要公示几天”仍由" in page
        held = await do(http, f"{path}/publish", csrf)
        assert held.status_code == 422
        assert (await do(http, f"{path}/publish", csrf, accept="1")).status_code == 303


async def test_what_is_wrong_with_a_draft_is_said_and_nothing_typed_is_lost(tmp_path):
    async with client(tmp_path) as http:
        csrf = await as_editor(http)
        bad = await http.post("/staff/faq/new", data=form(csrf, answer="不少于1500平方米<b>", id="drone-x"))
        assert bad.status_code == 422
        assert "1500" in bad.text
        assert "不少于1500平方米&lt;b&gt;" in bad.text
        assert 'value="drone-x"' in bad.text
        assert "没有待办的草稿" in (await http.get("/staff/faq")).text


async def test_a_rejected_draft_says_why_and_can_be_taken_up_again(tmp_path):
    async with client(tmp_path) as http:
        path = await write(http, await as_editor(http, "jia"))
        csrf = await as_editor(http)
        assert (await do(http, f"{path}/reject", csrf, reason=" ")).status_code == 422
        assert (await do(http, f"{path}/reject", csrf, reason="答得不全")).status_code == 303
        page = (await http.get(path)).text
        assert "答得不全" in page
        again = re.search(r'href="(/staff/faq/new\?draft=\d+)"', page)[1]
        assert DRONE["answer"] in (await http.get(again)).text


async def test_an_entry_of_the_files_or_a_question_fills_the_form(tmp_path):
    async with client(tmp_path) as http:
        await as_editor(http)
        filled = (await http.get("/staff/faq/new?entry=legal-person")).text
        assert "必须是独立法人吗？" in filled
        assert 'value="8.1 9.1"' in filled
        asked = (
            await http.get("/staff/faq/new", params={"question": "试飞场<算吗>，我电话13812345678"})
        ).text
        assert "试飞场&lt;算吗&gt;，我电话＊＊" in asked


async def test_a_ticket_fills_the_form_of_those_who_may_see_it(tmp_path):
    async with client(tmp_path) as http:

        def fill(db):
            db.execute(
                "insert into tickets (channel, user_id, place, desk, question, transcript, status, opened_at, answer) "
                "values ('web', 'u', '昆明市', '昆明窗口', '试飞场算吗，13812345678', '[]', 'answered', '2026-06-01', '算的')"
            )

        await http.app.transact(fill)
        for name, post, status in (
            ("ke", Post("clerk", "昆明市"), 200), ("qu", Post("clerk", "曲靖市"), 404), ("yi", POSTS["editor"], 200),
        ):  # fmt: skip
            await sign_in_as(http, name, post)
            page = await http.get("/staff/faq/new?ticket=1")
            assert page.status_code == status
            assert ("试飞场算吗，＊＊" in page.text) is (status == 200)
            assert "138" not in page.text
        assert (await http.get("/staff/faq/new?ticket=99")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/staff/faq/drafts/99", "/staff/faq/entries/nothing", "/staff/faq/drafts/x"]
)
async def test_what_is_not_there_is_404(tmp_path, path):
    async with client(tmp_path) as http:
        csrf = await as_editor(http)
        assert (await http.get(path)).status_code == 404
        for act in ("approve", "reject", "publish", "undo"):
            found = await do(http, f"{path}/{act}", csrf, reason="x")
            assert found.status_code in {404, 405}


async def test_a_clerk_writes_drafts_and_approves_none(tmp_path):
    async with client(tmp_path) as http:
        csrf = await sign_in_as(http, "ke", POSTS["clerk"])
        path = await write(http, csrf)
        for act in ("approve", "reject", "publish"):
            assert (await do(http, f"{path}/{act}", csrf)).status_code == 403
        assert "approve" not in (await http.get(path)).text
