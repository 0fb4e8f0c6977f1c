"""The pages: readable without JavaScript, safe by their headers, every clause with a link of its own."""

import asyncio
import re
import socket

import httpx
import pytest
import uvicorn
from test_http_api import client

from bot.app import App
from bot.channel_telegram import Telegram
from bot.channel_web import Server, create_app, open_socket
from bot.settings import Settings
from bot.web_limits import Rate
from knowledge.regulation import load


async def test_the_page_says_who_runs_it_and_what_is_stored(tmp_path):
    async with client(tmp_path) as http:
        page = (await http.get("/")).text
    assert "非官方工具" in page
    assert "180天" in page


async def test_a_question_is_answered_without_javascript(tmp_path):
    async with client(tmp_path) as http:
        page = (await http.post("/ask", data={"q": "公示<几>天"})).text
    assert "5个工作日" in page
    assert 'href="/articles/10.3"' in page
    assert "公示&lt;几&gt;天" in page


@pytest.mark.parametrize("label", list(load().clauses))
async def test_every_clause_has_a_page(tmp_path, label):
    async with client(tmp_path) as http:
        response = await http.get(f"/articles/{label}")
    assert response.status_code == 200
    assert (load().clauses[label].name if label != "notice" else "印发通知") in response.text


async def test_what_does_not_exist_is_said_politely(tmp_path):
    async with client(tmp_path) as http:
        assert (await http.get("/articles/99")).status_code == 404
        assert (await http.get("/static/../settings.py")).status_code == 404
        assert "没有找到" in (await http.get("/faq", params={"q": "ŧŧŧŧ"})).text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/embed",
        "/articles",
        "/articles/9",
        "/faq",
        "/faq/site-area",
        "/search?q=场地",
        "/widget",
        "/thanks",
    ],
)
async def test_pages_load_nothing_from_elsewhere_and_have_no_inline_code(tmp_path, path):
    async with client(tmp_path) as http:
        page = (await http.get(path)).text
    for address in re.findall(r'\s(?:src|href|action)="([^"]*)"', page):
        assert address.startswith(("/", "#", "http://test/")), address
    for script in re.findall(r"<script([^>]*)>", page):
        assert "src=" in script or 'type="application/ld+json"' in script
        assert "integrity=" in script or "widget.js" in script or "ld+json" in script
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", page)


@pytest.mark.parametrize("text", ["<b>公示</b>", '"><img src=y>', "{{ 7*7 }}", "'; drop table"])
async def test_what_is_asked_is_shown_as_text(tmp_path, text):
    async with client(tmp_path) as http:
        asked = await http.post("/ask", data={"q": text})
        searched = await http.get("/search", params={"q": text})
    for page in (asked.text, searched.text):
        assert "<b>公示" not in page
        assert "<img src=y" not in page
        assert "49" not in page or "{{" not in text


async def test_a_question_that_cannot_be_asked_is_said_on_the_page(tmp_path):
    async with client(tmp_path) as http:
        for text, words in (("", "请先写下问题"), ("长" * 4001, "问题太长"), ("<script>", "网页代码")):
            response = await http.post("/ask", data={"q": text})
            assert response.status_code == 422
            assert words in response.text


async def test_an_error_on_a_page_is_a_page_for_a_browser_and_a_problem_for_a_program(tmp_path):
    async with client(tmp_path) as http:
        page = await http.get("/search", params={"q": "\x00"}, headers={"accept": "text/html"})
        data = await http.get("/search", params={"q": "\x00"})
    assert (page.status_code, data.status_code) == (422, 422)
    assert "看不见的字符" in page.text
    assert "text/html" in page.headers["content-type"]
    assert data.headers["content-type"] == "application/problem+json"


async def test_another_spelling_of_a_clause_leads_to_its_one_address(tmp_path):
    async with client(tmp_path) as http:
        for spelling in ("第九条第（三）项", "9(3)", "九条三项"):
            response = await http.get(f"/articles/{spelling}")
            assert (response.status_code, response.headers["location"]) == (308, "/articles/9.3")
        assert (await http.get("/search?q=第九条第三项")).headers["location"] == "/articles/9.3"


async def test_reading_on_never_stops_and_every_use_has_a_link(tmp_path):
    async with client(tmp_path, address_limit=0) as http:
        label, read = "1", []
        while True:
            page = (await http.get(f"/articles/{label}")).text
            read.append(label)
            following = re.search(r'rel="next" href="/articles/([^"]+)"', page)
            if not following:
                break
            label = following[1]
        page = (await http.get("/articles/9.3")).text
    assert read == [clause.label for clause in load().articles()]
    assert "上一条：第九条第（二）项" in page
    assert 'href="/faq/site-area"' in page
    assert "不少于1000平方米" in page


async def test_the_faq_is_sorted_by_topic_and_by_who_asks(tmp_path):
    async with client(tmp_path) as http:
        everything = (await http.get("/faq")).text
        mine = (await http.get("/faq", params={"who": "client"})).text
        topic = (await http.get("/faq", params={"topic": "命名授牌"})).text
        entry = (await http.get("/faq/site-area")).text
        missing = await http.get("/faq/no-such-entry")
    assert everything.count("<details") > topic.count("<details") > 0
    assert everything.count("<details") > mine.count("<details") > 0
    assert "early-results" in mine
    assert "有帮助" in entry
    assert "中试服务场地及配套设施面积不少于1000平方米" in entry
    assert missing.status_code == 404


async def test_feedback_without_a_script_is_kept_and_thanked_for(tmp_path):
    async with client(tmp_path) as http:
        given = await http.post("/feedback", data={"about": "/faq/site-area", "useful": "false"})
        wrong = await http.post("/feedback", data={"about": "<x>", "useful": "maybe"})
        kept = await http.app._run(http.app.store.feedback)
    assert (given.status_code, given.headers["location"]) == (303, "/thanks")
    assert wrong.status_code == 422
    assert [(g.about, g.useful, g.user) for g in kept] == [("/faq/site-area", False, "")]


def test_a_minute_is_counted_evenly():
    rate = Rate(2)
    assert [rate.wait("a", at) for at in (0, 1, 2)][:2] == [0, 0]
    assert rate.wait("a", 3) > 0
    assert rate.wait("b", 3) == 0
    assert rate.wait("a", 33) == 0


async def test_the_webhook_takes_updates_with_the_secret_only(tmp_path):
    settings = Settings(
        database=str(tmp_path / "w.sqlite3"),
        telegram_token="123:abc",
        telegram_webhook_url="https://example.org/hook/abc",
        telegram_webhook_secret="s3cret",
        address_limit=3,
        _env_file=None,
    )
    async with App.open(settings) as app:
        transport = httpx.ASGITransport(create_app(app, settings, Telegram(app, settings)))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "公示几天"}
            update, name = {"update_id": 1, "message": message}, "X-Telegram-Bot-Api-Secret-Token"
            right = {name: "s3cret"}
            assert (await http.post("/hook/abc", json=update)).status_code == 403
            assert (await http.post("/hook/abc", json=update, headers={name: "wrong"})).status_code == 403
            assert (await http.post("/hook", json=update, headers=right)).status_code == 404
            assert await app._run(lambda: app.store.unhandled("telegram")) == []
            assert (await http.post("/hook/abc", json=update, headers=right)).status_code == 200
            assert len(await app._run(lambda: app.store.unhandled("telegram"))) == 1
            assert (await http.post("/hook/abc", content=b"{", headers=right)).status_code == 200
            for number in range(2, 30):  # more than an address may ask in a minute, and none is turned away
                update = {"update_id": number, "message": message | {"text": "长" * 9_000}}
                assert (await http.post("/hook/abc", json=update, headers=right)).status_code == 200
            assert (await http.post("/hook/abc", content=b"1" * 1_100_000, headers=right)).status_code == 413


async def test_the_list_of_what_is_asked_is_a_page_to_print(tmp_path):
    async with client(tmp_path) as http:
        page = await http.get("/checklist/pilot_base")
        assert (await http.get("/checklist/spaceship")).status_code == 404
    assert page.status_code == 200
    assert "中试基地（平台）预审准备清单" in page.text
    assert "要求不少于500万元" in page.text


async def test_a_worker_that_is_to_stop_tells_the_proxy_and_answers_on_until_it_has_noticed(tmp_path):
    settings = Settings(database=str(tmp_path / "leaving.sqlite3"), _env_file=None)
    async with App.open(settings) as app:
        web = create_app(app, settings)
        server = Server(uvicorn.Config(web))
        server.leaving_seconds = 0.05
        async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://test") as http:
            server.stop()
            assert not server.should_exit
            leaving = await http.get("/healthz")
            assert (leaving.status_code, leaving.json()) == (503, {"status": "leaving"})
            assert (await http.get("/articles/9")).status_code == 200
            while not server.should_exit:
                await asyncio.sleep(0.01)
            server.stop()
            assert server.force_exit


async def test_a_single_process_stops_at_once(tmp_path):
    settings = Settings(database=str(tmp_path / "single.sqlite3"), _env_file=None)
    assert not settings.has_workers
    async with App.open(settings) as app:
        server = Server(uvicorn.Config(create_app(app, settings)))
        server.stop()
        assert server.should_exit


async def test_an_answer_on_an_open_connection_leaves_at_once():
    sends_at_once = asyncio.get_running_loop().create_future()

    def accepted(_, writer):
        own = writer.get_extra_info("socket")
        sends_at_once.set_result(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with open_socket("127.0.0.1") as listening:
        listening.bind(("127.0.0.1", 0))
        async with await asyncio.start_server(accepted, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            assert await sends_at_once
            writer.close()
