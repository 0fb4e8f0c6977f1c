"""One id from the request through every layer into the log, the problem, the page and back; nobody's words in the log."""

import asyncio
import json
import re

import httpx
import pytest
import structlog
from fake_bot_api import FakeBotApi
from structlog.contextvars import merge_contextvars
from telegram_running import Running, said, settings_for
from test_http_api import client

from bot.app import App
from bot.channel_web import create_app
from bot.logs import configure
from bot.settings import Settings

ID = "6f1d2c3b4a596877"
SECRET = "我们的秘密"


@pytest.fixture
def logged():
    with structlog.testing.capture_logs(processors=[merge_contextvars]) as logs:
        yield logs


async def test_every_line_of_a_request_has_its_id_and_no_words(tmp_path, logged):
    async with client(tmp_path) as http:
        answer = await http.post(
            "/api/v1/ask", json={"q": f"{SECRET}场地要多大"}, headers={"x-request-id": ID}
        )
        found = await http.get("/faq", params={"q": SECRET}, headers={"x-request-id": ID})
        article = await http.get(f"/articles/{SECRET}", headers={"x-request-id": ID})
    assert {r.headers["x-request-id"] for r in (answer, found, article)} == {ID}
    ours = [line for line in logged if line["event"] in {"request", "turn"}]
    assert [line["event"] for line in ours] == ["turn", "request", "request", "request"]
    assert {line["request"] for line in ours} == {ID}
    assert [line["route"] for line in ours[1:]] == ["/api/v1/ask", "/faq", "/articles/{label}"]
    assert [line["status"] for line in ours[1:]] == [200, 200, 404]
    assert SECRET not in str(logged)
    assert "%E7" not in str(logged)


async def test_requests_at_once_keep_their_ids_apart(tmp_path, logged):
    async with client(tmp_path) as http:
        ids = [f"request-{n:04}" for n in range(20)]
        await asyncio.gather(
            *(
                http.post("/api/v1/ask", json={"q": "公示几天"}, headers={"x-request-id": name})
                for name in ids
            )
        )
    assert sorted(line["request"] for line in logged if line["event"] == "turn") == ids


async def test_a_problem_and_an_error_page_tell_the_id(tmp_path):
    async with client(tmp_path) as http:
        problem = await http.post("/api/v1/ask", json={})
        page = await http.post("/feedback", headers={"accept": "text/html", "x-request-id": ID})
        refused = await http.get("/", headers={"host": "a b", "x-request-id": ID})
    assert re.fullmatch("[0-9a-f]{16}", problem.json()["request"])
    assert problem.json()["request"] == problem.headers["x-request-id"]
    assert page.status_code >= 400
    assert f"请求编号：{ID}" in page.text
    assert refused.json()["request"] == ID


async def test_a_fault_is_told_with_the_id_under_which_the_log_has_it(tmp_path, capsys):
    settings = Settings(database=str(tmp_path / "web.sqlite3"), _env_file=None)
    async with App.open(settings) as app:
        web = create_app(app, settings)

        @web.get("/api/v1/broken")
        async def broken():
            raise ValueError(SECRET)

        configure("INFO")
        try:
            transport = httpx.ASGITransport(web, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
                response = await http.get("/api/v1/broken", headers={"x-request-id": ID})
        finally:
            structlog.reset_defaults()
    assert response.status_code == 500
    assert response.json()["request"] == response.headers["x-request-id"] == ID
    assert SECRET not in response.text
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["status"], line["request"]) for line in lines] == [("request", 500, ID)]


async def test_a_telegram_update_is_named_in_its_turn(tmp_path, logged):
    with FakeBotApi() as api:
        async with Running(settings_for(tmp_path, api)):
            number = api.write(7, f"{SECRET}公示几天")
            await said(api, 7, 1)
    assert [line["request"] for line in logged if line["event"] == "turn"] == [f"telegram-{number}"]
    assert SECRET not in str(logged)
