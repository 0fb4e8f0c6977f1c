"""An id is taken where it is well-formed, made where not, and goes along into the store's thread."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import structlog
from structlog.contextvars import clear_contextvars

from bot.conversation import Message
from bot.request_id import begin_request, carried, id_of, request_id, working_for

UPDATE = Message("telegram", "7", "4711", date(2026, 6, 1), "公示几天")


@pytest.fixture(autouse=True)
def _no_request():
    clear_contextvars()
    yield
    clear_contextvars()


@pytest.mark.parametrize("given", ["6f1d2c3b-4a59-4877-9d3e-0123456789ab", "abcdef12", "trace.2026_06-01"])
def test_a_well_formed_id_is_taken(given):
    assert begin_request(given) == request_id() == given


@pytest.mark.parametrize(
    "given",
    ["", "short", "x" * 65, "with space1", "换行\nabcdef", "a\x1b[31mbcdefg", '"><script>', "13800138000"],
)
def test_anything_else_is_replaced(given):
    assert re.fullmatch("[0-9a-f]{16}", begin_request(given))


def test_it_goes_into_another_thread_and_does_not_stay_there():
    with ThreadPoolExecutor(1) as thread:
        begin_request("abcdef12")
        work = carried(request_id)
        begin_request("other-one")
        assert thread.submit(work).result() == "abcdef12"
        assert thread.submit(request_id).result() == ""


def test_what_no_request_brought_is_named_by_its_update_while_it_is_worked_for():
    with working_for(UPDATE):
        assert request_id() == id_of("telegram", "4711") == "telegram-4711"
        with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
            structlog.get_logger().info("turn")
    assert logs[0]["request"] == "telegram-4711"
    assert request_id() == ""


def test_a_message_of_a_request_keeps_the_requests_id():
    begin_request("abcdef12")
    with working_for(UPDATE):
        assert request_id() == "abcdef12"
