import asyncio
import json
import logging

import pytest
import structlog

from bot.logs import configure, silence

TOKEN = "123456:AAbbCCddEEffGGhhIIjj"


@pytest.fixture(autouse=True)
def logs_as_before():
    yield
    logging.disable(logging.NOTSET)
    logging.basicConfig(force=True)
    structlog.reset_defaults()


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_a_json_line_in_readable_chinese(capsys):
    configure("INFO")
    structlog.get_logger().info("turn", outcome="答复")
    assert "答复" in capsys.readouterr().err


def test_lower_levels_are_left_out(capsys):
    configure("WARNING")
    structlog.get_logger().info("turn")
    assert lines(capsys) == []


def test_an_exception_is_its_type_and_places_without_its_words(capsys):
    configure("INFO")
    try:
        int("张三的身份证")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("some.library").exception("failed there")
    ours, theirs = lines(capsys)
    for line in (ours, theirs):
        assert line["error_type"] == "ValueError"
        assert "test_logs.py" in line["trace"][-1]
        assert "张三" not in str(line)


def test_a_token_is_blotted_out_wherever_it_comes_from(capsys):
    configure("INFO")
    structlog.get_logger().warning("failed", url=f"https://api/bot{TOKEN}/getMe")
    logging.getLogger("some.library").warning("GET /bot%s/getMe", TOKEN)
    assert all(TOKEN not in str(line) and "[token]" in str(line) for line in lines(capsys))


@pytest.mark.parametrize("name", ["httpx", "httpcore", "uvicorn.access"])
def test_libraries_that_log_addresses_are_silent(capsys, name):
    configure("DEBUG")
    logging.getLogger(name).info("GET /bot%s/getMe", TOKEN)
    logging.getLogger(name).warning("GET /bot%s/getMe", TOKEN)
    assert lines(capsys) == []


def test_an_exception_nobody_awaited_does_not_bring_its_words(capsys):
    configure("INFO")

    async def main():
        loop = asyncio.get_running_loop()
        error = ValueError("张三")
        loop.call_exception_handler({"message": f"lost\nfuture: {error!r}", "exception": error})

    asyncio.run(main())
    (line,) = lines(capsys)
    assert line["event"] == "lost"
    assert "张三" not in str(line)


def test_silence_is_silent(capsys):
    silence()
    structlog.get_logger().error("failed")
    logging.getLogger("some.library").error("failed")
    assert lines(capsys) == []
