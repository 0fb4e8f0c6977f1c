from datetime import UTC, datetime, timedelta

import pytest
from staff_desk import POSTS, opened, sign_in_as
from storing import reply
from test_http_api import client

from bot import ticket_acts as acts
from bot.store_sql import stamp
from bot.ticket_acts import Act
from bot.web_queue import waited

NOW = datetime.now(UTC)


async def do(http, work):
    return await http.app._run(lambda: work(http.app.store))


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0分钟"),
        (59, "59分钟"),
        (60, "1小时"),
        (1439, "23小时"),
        (1440, "1天"),
        (3000, "2天2小时"),
        (-5, "0分钟"),
    ],
)
def test_the_waiting_time_is_said_as_people_say_it(minutes, text):
    assert waited(stamp(NOW - timedelta(minutes=minutes)), NOW) == text
    assert waited("", NOW) == "0分钟"


async def test_a_clerk_sees_the_own_prefectures_queue_and_an_officer_all(tmp_path):
    async with client(tmp_path) as http:
        await do(http, lambda store: opened(store, user="a", question="昆明的问题"))
        await do(http, lambda store: opened(store, user="b", question="大理的问题", place="大理白族自治州"))
        await sign_in_as(http, "wang", POSTS["clerk"])
        for address in (
            "/staff/tickets",
            "/staff/tickets?place=大理白族自治州",
            "/staff/search?q=问题&place=大理白族自治州",
        ):
            page = (await http.get(address)).text
            assert "昆明的问题" in page
            assert "大理" not in page
        assert (await http.get("/staff/search?q=2")).status_code == 200
        assert (await http.get("/staff/search?q=1")).headers["location"] == "/staff/tickets/1"
        assert (await http.get("/staff/tickets/news?place=大理白族自治州")).json() == {
            "waiting": 1,
            "overdue": 0,
            "newest": 1,
        }
        await sign_in_as(http, "li", POSTS["officer"])
        page = (await http.get("/staff/tickets")).text
        assert "昆明的问题" in page
        assert "大理的问题" in page
        assert "昆明的问题" not in (await http.get("/staff/tickets?place=大理白族自治州")).text
        assert "昆明的问题" not in (await http.get("/staff/search?q=问题&place=大理白族自治州")).text


async def test_the_tabs_have_what_they_say(tmp_path):
    async with client(tmp_path) as http:
        await sign_in_as(http, "wang", POSTS["clerk"])
        assert "没有待办的工单" in (await http.get("/staff/tickets")).text
        late = stamp(NOW - timedelta(hours=1))
        for number, due in enumerate((late, "", "", ""), 1):
            await do(
                http,
                lambda store, n=number, d=due: opened(
                    store, user=f"u{n}", question=f"问题{n}号", due=d, at=NOW - timedelta(days=2)
                ),
            )
        await do(http, lambda store: store.transact(lambda db: acts.claim(db, 2, Act(1, NOW))))
        await do(
            http, lambda store: store.transact(lambda db: acts.answer(db, 3, "答", reply(), Act(1, NOW)))
        )
        await do(
            http, lambda store: store.transact(lambda db: acts.close(db, 4, "solved", reply(), Act(1, NOW)))
        )
        shown = {}
        for tab in ("waiting", "overdue", "mine", "answered", "closed"):
            page = (await http.get(f"/staff/tickets?show={tab}")).text
            shown[tab] = [n for n in range(1, 5) if f"问题{n}号" in page]
            if tab == "waiting":
                assert page.count("已超期") == 1
                assert "等待2天" in page
    assert shown == {"waiting": [1, 2], "overdue": [1], "mine": [2], "answered": [3], "closed": [4]}


async def test_a_long_queue_goes_on_without_losing_or_doubling_a_ticket(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.web_queue.PER_PAGE", 3)
    async with client(tmp_path) as http:
        for number in range(1, 9):
            await do(http, lambda store, n=number: opened(store, user=f"u{n}", question=f"问题{n}号"))
        await sign_in_as(http, "wang", POSTS["clerk"])
        for first in ("/staff/tickets?show=waiting", "/staff/search?q=问题"):
            seen, address = [], first
            while address:
                page = (await http.get(address)).text
                seen += [n for n in range(1, 9) if f"问题{n}号</bdi></span>" in page]
                _, _, rest = page.partition('rel="next" href="')
                address = (first.split("?")[0] + rest.partition('"')[0].replace("&amp;", "&")) if rest else ""
            assert sorted(seen) == list(range(1, 9)), first


@pytest.mark.parametrize("query", ["show=x", "show="])
async def test_a_tab_that_there_is_not_is_not_found(tmp_path, query):
    async with client(tmp_path) as http:
        await sign_in_as(http, "wang", POSTS["clerk"])
        assert (await http.get(f"/staff/tickets?{query}")).status_code == 404


async def test_canned_answers_are_kept_shown_and_removed(tmp_path):
    async with client(tmp_path) as http:
        csrf = await sign_in_as(http, "li", POSTS["officer"])
        await http.post(
            "/staff/canned", data={"csrf": csrf, "title": "社保", "text": "以合同和社保记录为准。"}
        )
        csrf = await sign_in_as(http, "wang", POSTS["clerk"])
        form = {"csrf": csrf, "title": "租<b>", "text": "可以租赁。"}
        await http.post("/staff/canned", data=form)
        assert "标题和内容都要写" in (await http.post("/staff/canned", data={**form, "text": " "})).text
        page = (await http.get("/staff/canned")).text
        assert "全省共用" in page
        assert "租&lt;b&gt;" in page
        assert (await http.post("/staff/canned/1/remove", data={"csrf": csrf})).status_code == 404
        assert (await http.post("/staff/canned/2/remove", data={"csrf": csrf})).status_code == 303
