"""A worker says what is wrong with it, and keeps counting when its database does not answer."""

import httpx

from bot.app import App
from bot.channel_telegram import Telegram
from bot.channel_web import create_app
from bot.settings import Settings
from bot.store import StoreError


async def ask(tmp_path, path, spoil=lambda app, telegram: None, **more):
    settings = Settings(database=str(tmp_path / "health.sqlite3"), _env_file=None, **more)
    async with App.open(settings) as app:
        telegram = Telegram(app, settings) if settings.telegram_token else None
        spoil(app, telegram)
        web = create_app(app, settings, telegram)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://test") as http:
            return await http.get(path)


async def test_a_ready_worker_says_so_of_each_part(tmp_path):
    ready = await ask(tmp_path, "/readyz")
    assert (ready.status_code, ready.json()["checks"]) == (
        200, {"database": "ok", "knowledge": "ok", "telegram": "off"},
    )  # fmt: skip


def lock(app, telegram):
    def check():
        raise StoreError("database x: another program keeps it locked")

    app.store.check = check


async def test_a_database_that_does_not_answer_is_said_and_the_metrics_go_on(tmp_path):
    ready = await ask(tmp_path, "/readyz", lock)
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == "database x: another program keeps it locked"
    metrics = await ask(tmp_path, "/metrics", lock)
    assert metrics.status_code == 200
    assert 'beian_check_ok{check="database"} 0.0' in metrics.text


async def test_telegram_out_of_reach_is_said_and_the_web_is_ready_all_the_same(tmp_path):
    ready = await ask(tmp_path, "/readyz", telegram_token="123456:abc")
    assert ready.status_code == 200
    assert ready.json()["checks"]["telegram"].startswith("Telegram has not answered yet")

    def failing(app, telegram):
        telegram.api.id, telegram.receiver.failures = 7, 4

    ready = await ask(tmp_path, "/readyz", failing, telegram_token="123456:abc")
    assert ready.json()["checks"]["telegram"] == "fetching updates failed 4 times in a row; see the log"


async def test_the_metrics_tell_what_waits(tmp_path):
    metrics = await ask(tmp_path, "/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=")
    assert 'beian_waiting{queue="inbox"} 0.0' in metrics.text
