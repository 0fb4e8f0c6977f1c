import re
from datetime import UTC, datetime

import pytest
from staff_desk import POSTS, csrf_of, make_account, sign_in_as
from test_http_api import client

from bot.accounts import add_account, list_accounts
from bot.audit import OPERATOR, note, noted
from bot.passwords import hash_password
from bot.web_console import COOKIE

PASSWORD = "很长的一个密码 2026"


async def add(http, name="wang", post=POSTS["clerk"]):
    hashed = hash_password(PASSWORD)
    await http.app.transact(lambda db: add_account(db, name, "", post, hashed, datetime.now(UTC)))


async def sign_in(http, name="wang", password=PASSWORD, after=""):
    return await http.post("/staff/sign-in", data={"name": name, "password": password, "next": after})


async def test_somebody_signs_in_works_and_signs_out(tmp_path):
    async with client(tmp_path) as http:
        await add(http)
        asked = await http.get("/staff/password")
        assert asked.headers["location"] == "/staff/sign-in?next=/staff/password"
        assert "工作人员登录" in (await http.get(asked.headers["location"])).text
        entered = await sign_in(http, after="/staff/password")
        assert (entered.status_code, entered.headers["location"]) == (303, "/staff/password")
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "path=/staff" in cookie
        page = (await http.get("/staff/password")).text
        assert "wang" in page
        left = await http.post("/staff/sign-out", data={"csrf": csrf_of(page)})
        assert left.headers["location"] == "/staff/sign-in"
        http.cookies.set(COOKIE, entered.cookies[COOKIE])
        assert (await http.get("/staff/password")).status_code == 303


async def test_over_https_the_cookie_goes_over_https_only(tmp_path):
    async with client(tmp_path, public_url="https://beian.example.cn") as http:
        await add(http)
        assert "secure" in (await sign_in(http)).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "after", ["https://evil.example", "//evil.example", "/staff/../x", "/", "/staff\\@x", "javascript:1"]
)
async def test_after_signing_in_nobody_is_led_elsewhere(tmp_path, after):
    async with client(tmp_path) as http:
        await add(http)
        assert (await sign_in(http, after=after)).headers["location"] == "/staff"


async def test_a_wrong_name_and_a_wrong_password_are_told_alike(tmp_path):
    async with client(tmp_path) as http:
        await add(http)
        for name, password in [("wang", "wrong password"), ("nobody", PASSWORD), ("", "")]:
            refused = await sign_in(http, name, password)
            assert refused.status_code == 422
            assert "登录名或密码不对" in refused.text
            assert COOKIE not in refused.cookies


async def test_too_many_wrong_passwords_lock_the_account_and_the_administrator_opens_it(tmp_path):
    async with client(tmp_path) as http:
        await add(http)
        for _ in range(5):
            assert (await sign_in(http, password="wrong password")).status_code == 422
        assert (await sign_in(http)).status_code == 429
        csrf = await sign_in_as(http, "boss", POSTS["administrator"])
        assert "暂时锁定" in (await http.get("/staff/accounts")).text
        done = await http.post("/staff/accounts/1/active", data={"csrf": csrf, "active": "1"})
        assert "账号已启用" in (await http.get(done.headers["location"])).text
        http.cookies.clear()
        assert (await sign_in(http)).status_code == 303


async def test_an_address_has_so_many_tries_a_minute(tmp_path):
    async with client(tmp_path) as http:
        answers = [(await http.post("/staff/join/x")).status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


async def test_an_invitation_makes_an_account_with_a_password_of_ones_own(tmp_path):
    async with client(tmp_path) as http:
        csrf = await sign_in_as(http, "boss", POSTS["administrator"])
        form = {"csrf": csrf, "role": "clerk", "desk": "大理白族自治州"}
        made = (await http.post("/staff/accounts/invitations", data=form)).text
        link = re.search(r"http://test(/staff/join/[\w-]+)", made)[1]
        http.cookies.clear()
        assert "大理白族自治州" in (await http.get(link)).text
        own = {"name": "段誉", "title": "<b>小段", "password": PASSWORD, "again": PASSWORD}
        wrong = await http.post(link, data={**own, "again": "x"})
        assert (wrong.status_code, "两次输入的密码不一样" in wrong.text) == (422, True)
        assert "&lt;b&gt;小段" in wrong.text
        taken = await http.post(link, data={**own, "name": "boss"})
        assert "已经有人用" in taken.text
        assert (await http.post(link, data=own)).status_code == 303
        assert (await http.get(link)).status_code == 404
        assert (await http.post(link, data=own)).status_code == 404
        assert (await sign_in(http, "段誉")).status_code == 303
        people = await http.app.transact(list_accounts)
    assert [(one.role, one.desk) for one in people][-1] == ("clerk", "大理白族自治州")


async def test_an_invitation_without_a_desk_that_there_is_says_why(tmp_path):
    async with client(tmp_path) as http:
        csrf = await sign_in_as(http, "boss", POSTS["administrator"])
        form = {"csrf": csrf, "role": "clerk", "desk": "nowhere"}
        refused = await http.post("/staff/accounts/invitations", data=form)
    assert (refused.status_code, "州（市）全称" in refused.text) == (422, True)


async def test_ones_own_password_is_changed_with_the_old_one(tmp_path):
    async with client(tmp_path) as http:
        await add(http)
        await sign_in(http)
        csrf = csrf_of((await http.get("/staff/password")).text)
        form = {
            "csrf": csrf,
            "old": PASSWORD,
            "password": "另一个足够长的密码",
            "again": "另一个足够长的密码",
        }
        assert "原密码不对" in (await http.post("/staff/password", data={**form, "old": "x"})).text
        assert (
            "至少12个字符"
            in (await http.post("/staff/password", data={**form, "password": "x", "again": "x"})).text
        )
        long = "另一个足够长的密码 2026"
        done = await http.post("/staff/password", data={**form, "password": long, "again": long})
        assert (await http.get(done.headers["location"])).status_code == 200
        http.cookies.clear()
        assert (await sign_in(http)).status_code == 422
        assert (await sign_in(http, password=long)).status_code == 303


async def test_an_administrator_stops_others_at_once_but_not_oneself(tmp_path):
    async with client(tmp_path) as http:
        csrf = await sign_in_as(http, "boss", POSTS["administrator"])
        assert (
            await http.post("/staff/accounts/1/active", data={"csrf": csrf, "active": "0"})
        ).status_code == 422
        await http.app._run(lambda: make_account(http.app.store, "wang", POSTS["clerk"]))
        boss = http.cookies[COOKIE]
        await sign_in_as(http, "wang", POSTS["clerk"])
        clerk = http.cookies[COOKIE]
        http.cookies.set(COOKIE, boss)
        stopped = await http.post("/staff/accounts/2/active", data={"csrf": csrf, "active": "0"})
        assert stopped.status_code == 303
        http.cookies.set(COOKIE, clerk)
        assert (await http.get("/staff/password")).status_code == 303


async def test_the_audit_page_names_people_and_actions_in_chinese(tmp_path):
    async with client(tmp_path) as http:
        await sign_in_as(http, "boss", POSTS["administrator"])
        at = datetime.now(UTC)
        for staff in (OPERATOR, -4242):
            await http.app.transact(lambda db, s=staff: note(db, s, "answered", "ticket:1", at))
        page = (await http.get("/staff/audit")).text
        lines = await http.app.transact(noted)
    for part in ("新建账号", "登录", "运行者（命令行）", "Telegram 用户 4242"):
        assert part in page
    assert len(lines) == 4
