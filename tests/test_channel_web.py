"""The pages: readable without JavaScript, safe by their headers, every clause with a link of its own."""

import httpx
import pytest
from test_http_api import client

from bot.channel_web import create_app
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
    assert load().clauses[label].name in response.text


async def test_what_does_not_exist_is_said_politely(tmp_path):
    async with client(tmp_path) as http:
        assert (await http.get("/articles/99")).status_code == 404
        assert (await http.get("/static/../settings.py")).status_code == 404
        assert "没有找到" in (await http.get("/faq", params={"q": "鸡蛋灌饼"})).text


async def test_pages_load_nothing_from_elsewhere(tmp_path):
    async with client(tmp_path) as http:
        for path in ("/", "/articles", "/articles/9", "/faq"):
            response = await http.get(path)
            assert response.headers["content-security-policy"].startswith("default-src 'self'")
            assert "http://" not in response.text.replace("http://www.w3.org", "")
            assert "<script>" not in response.text
            assert " style=" not in response.text


def test_a_minute_is_counted_evenly():
    rate = Rate(2)
    assert [rate.wait("a", at) for at in (0, 1, 2)][:2] == [0, 0]
    assert rate.wait("a", 3) > 0
    assert rate.wait("b", 3) == 0
    assert rate.wait("a", 33) == 0


class Bot:
    """Stands for the library's bot: the webhook only hands updates on."""

    username, bot = "bot", None


async def test_the_webhook_takes_updates_with_the_secret_only(tmp_path):
    settings = Settings(
        database=str(tmp_path / "w.sqlite3"),
        telegram_webhook_url="https://example.org/hook/abc",
        telegram_webhook_secret="s3cret",
        _env_file=None,
    )
    from bot.app import App

    async with App.open(settings) as app:
        transport = httpx.ASGITransport(create_app(app, settings, Bot()))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            update = {
                "update_id": 1,
                "message": {
                    "message_id": 1,
                    "date": 1,
                    "chat": {"id": 5, "type": "private"},
                    "text": "公示几天",
                },
            }
            name = "X-Telegram-Bot-Api-Secret-Token"
            assert (await http.post("/hook/abc", json=update)).status_code == 403
            assert (await http.post("/hook/abc", json=update, headers={name: "wrong"})).status_code == 403
            assert await app._run(lambda: app.store.unhandled("telegram")) == []
            assert (await http.post("/hook/abc", json=update, headers={name: "s3cret"})).status_code == 200
            assert len(await app._run(lambda: app.store.unhandled("telegram"))) == 1
            assert (await http.post("/hook/abc", content=b"{", headers={name: "s3cret"})).status_code == 200


async def test_the_list_of_what_is_asked_is_a_page_to_print(tmp_path):
    async with client(tmp_path) as http:
        page = await http.get("/checklist/pilot_base")
        assert (await http.get("/checklist/spaceship")).status_code == 404
    assert page.status_code == 200
    assert "中试基地（平台）预审准备清单" in page.text
    assert "要求不少于500万元" in page.text
