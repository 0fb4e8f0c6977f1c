"""The calls: refusals as errors, through proxies, and no error that has the token or a message in its words."""

import asyncio
import contextlib
import json
import struct
import traceback

import pytest
from fake_bot_api import TOKEN, FakeBotApi, Refused
from telegram import InputFile
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut

from bot import telegram_api
from bot.settings import Settings
from bot.telegram_api import Api, BadTokenError, TooFastError, make_api


@pytest.fixture
def api():
    with FakeBotApi() as server:
        server.write(7, "在吗")
        yield server


async def test_a_call_brings_its_result_and_leaves_out_what_is_none(api):
    async with Api(TOKEN, api.address) as bot:
        assert (await bot.call("getMe"))["username"] == "beian_test_bot"
        sent = await bot.call("sendMessage", chat_id=7, text="一 & 二\n😀", reply_markup=None)
    assert sent["text"] == "一 & 二\n😀"


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (Refused(400, "Bad Request: x"), BadRequest),
        (Refused(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (Refused(401, "Unauthorized"), InvalidToken),
        (Refused(502, "Bad Gateway"), NetworkError),
        ("drop", NetworkError),
        ("lost", NetworkError),
        ("half", NetworkError),
    ],
    ids=str,
)
async def test_what_goes_wrong_is_an_error_without_token_or_text(api, refusal, error):
    api.faults["sendMessage"].append(refusal)
    async with Api(TOKEN, api.address) as bot:
        with pytest.raises(error) as caught:
            await bot.call("sendMessage", chat_id=7, text="秘密")
    told = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in told.replace(f"Api({TOKEN}", "")
    assert "秘密" not in "".join(str(e) for e in (caught.value, caught.value.__cause__))


@pytest.mark.parametrize(
    ("parameters", "seconds"), [({"retry_after": 7}, 7.0), ({"retry_after": 0}, 0.0), ({}, 1.0)]
)
async def test_too_fast_says_how_long_to_wait(api, parameters, seconds):
    api.faults["getMe"].append(Refused(429, "Too Many Requests", **parameters))
    async with Api(TOKEN, api.address) as bot:
        with pytest.raises(TooFastError) as caught:
            await bot.call("getMe")
    assert caught.value.seconds == seconds


async def test_a_late_answer_is_a_time_out(api, monkeypatch):
    monkeypatch.setattr(telegram_api, "SECONDS", 0.1)
    api.faults["getMe"].append("slow")
    async with Api(TOKEN, api.address) as bot:
        with pytest.raises(TimedOut):
            await bot.call("getMe")


async def test_an_answer_that_is_no_json_is_an_error_and_no_log(caplog):
    async def page(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write("HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n秘密页面".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(page, "127.0.0.1", 0)
    async with server, Api(TOKEN, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as bot:
        with pytest.raises(TelegramError, match="no JSON"):
            await bot.call("getMe")
    assert caplog.text == ""


async def test_a_file_goes_as_a_form(api):
    async with Api(TOKEN, api.address) as bot:
        await bot.call(
            "sendDocument", chat_id=7, caption="报告", document=InputFile(b"%PDF", filename="报告.pdf")
        )
    assert api.sent[0]["file"] == ("报告.pdf", b"%PDF")
    assert api.sent[0]["text"] == "报告"


async def test_a_closed_connection_is_an_error():
    bot = Api(TOKEN, "http://127.0.0.1:9")
    with pytest.raises(NetworkError):
        await bot.call("getMe")


def test_no_token_is_named():
    with pytest.raises(BadTokenError, match="BEIAN_TELEGRAM_TOKEN is not set"):
        make_api(Settings(_env_file=None))


@contextlib.asynccontextmanager
async def listening(handle):
    seen = []
    server = await asyncio.start_server(lambda r, w: handle(r, w, seen), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], seen


async def pass_on(reader, writer, host, port, first=b""):
    """Carry bytes both ways until one side ends."""
    other_reader, other_writer = await asyncio.open_connection(host, port)
    other_writer.write(first)

    async def one_way(source, target):
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
        target.close()

    await asyncio.gather(one_way(reader, other_writer), one_way(other_reader, writer))


async def http_proxy(reader, writer, seen):
    head = await reader.readuntil(b"\r\n")
    method, url, version = head.split()
    seen.append(url.decode().replace(TOKEN, "TOKEN"))
    host, _, port = url.split(b"/")[2].partition(b":")
    path = b"/" + url.split(b"/", 3)[3]
    await pass_on(reader, writer, host.decode(), int(port), b" ".join([method, path, version]) + b"\r\n")


async def socks_proxy(reader, writer, seen):
    _, count = await reader.readexactly(2)
    await reader.readexactly(count)
    writer.write(b"\x05\x00")
    *_, kind = await reader.readexactly(4)
    size = 4 if kind == 1 else (await reader.readexactly(1))[0]
    name = await reader.readexactly(size)
    host = ".".join(map(str, name)) if kind == 1 else name.decode()
    (port,) = struct.unpack(">H", await reader.readexactly(2))
    seen.append(f"{host}:{port}")
    writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
    await pass_on(reader, writer, host, port)


@pytest.mark.parametrize(
    ("handle", "scheme"),
    [(http_proxy, "http"), (socks_proxy, "socks5"), (socks_proxy, "socks5h")],
    ids=["http", "socks5", "socks5h"],
)
async def test_calls_go_through_the_proxy_that_is_set(api, handle, scheme):
    async with listening(handle) as (port, seen):
        settings = Settings(
            telegram_token=TOKEN,
            telegram_api=api.address,
            telegram_proxy=f"{scheme}://127.0.0.1:{port}",
            _env_file=None,
        )
        async with make_api(settings) as bot:
            assert (await bot.call("getMe"))["id"] == 123456
            assert json.dumps(await bot.poll(0)) != ""
    assert seen
    assert all(api.address.removeprefix("http://").split(":")[1] in place for place in seen)
