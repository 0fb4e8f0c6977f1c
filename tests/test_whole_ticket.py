"""A whole ticket from both sides, on Telegram and in the browser, across restarts: no message lost, none doubled."""

import re
import subprocess

import httpx
import pytest
from fake_bot_api import FakeBotApi
from processes import BEIAN, Program
from test_browser import CHROMIUM, DESK, FLAGS, PHONE
from test_end_to_end import telegram

from bot.store_opening import open_store

PASSWORD = "很长的一个密码 2026"
OFFICES = """
[[office]]
prefecture = "昆明市"
name = "样例窗口"
source = "样例"
date = 2026-01-01
desk = true
answer_within = 2
"""


@pytest.fixture
def program(tmp_path):
    (tmp_path / "offices.toml").write_text(OFFICES, "utf-8")
    made = Program(tmp_path, BEIAN_OFFICES=str(tmp_path / "offices.toml"), BEIAN_ADDRESS_LIMIT="0")
    subprocess.run(
        [BEIAN, "staff", "add", "wang", "--role", "clerk", "--desk", "昆明市", "--title", "王丽"],
        cwd=tmp_path, input=PASSWORD + "\n", text=True, check=True, capture_output=True,
        env={**made.settings, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    yield made
    if made.process is not None:
        made.stop()


def restart(program):
    assert program.stop() == 0
    program.start()


def said(program, channel):
    """The whole transcript of the one person on a channel."""
    store = open_store(program.settings["BEIAN_DATABASE"], must_exist=True)
    try:
        rows = store.transact(
            lambda db: db.execute(
                "select who, text from transcript where channel = ? order by id", [channel]
            ).fetchall()
        )
    finally:
        store.close()
    return [tuple(row) for row in rows]


class Clerk:
    """Somebody at the console, by its forms."""

    def __init__(self, program):
        self.http = httpx.Client(base_url=program.address, follow_redirects=True, timeout=60)
        page = self.http.post(
            "/staff/sign-in", data={"name": "wang", "password": PASSWORD, "next": "/staff/tickets"}
        )
        assert page.status_code == 200, page.text

    def ticket(self, number=1):
        return self.http.get(f"/staff/tickets/{number}").text

    def do(self, act, number=1, **form):
        page = self.ticket(number)
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        revision = re.search(r'name="revision" value="(\d+)"', page)[1]
        done = self.http.post(
            f"/staff/tickets/{number}/{act}", data={"csrf": csrf, "revision": revision, **form}
        )
        assert done.status_code == 200, done.text


def test_a_ticket_on_telegram_from_both_sides_across_restarts(program):
    with FakeBotApi() as api:
        program.settings.update(telegram(api))
        program.start()
        for text in ("主任算不算团队成员", "/human", "昆明"):
            api.write(7, text)
        api.wait_for_text(7, "已转人工：样例窗口，编号 1", seconds=60)
        clerk = Clerk(program)
        assert "主任算不算团队成员" in clerk.ticket()
        clerk.do("claim")
        api.press(7, "more:1")
        api.wait_for_text(7, "请写下要补充", seconds=60)
        restart(program)
        api.write(7, "我们主任是兼职的")
        api.wait_for_text(7, "已补充到工单 1", seconds=60)
        assert "我们主任是兼职的" in clerk.ticket()
        clerk.do("answer", text="算在内，请附聘书。")  # the session has outlived the restart
        restart(program)
        api.wait_for_text(7, "算在内，请附聘书。", seconds=60)
        api.press(7, "more:1")
        api.write(7, "聘书要不要盖章")
        api.wait_until(lambda: sum("已补充到工单 1" in text for text in api.texts(7)) == 2, seconds=60)
        clerk.do("answer", text="要盖单位公章。")
        api.wait_for_text(7, "要盖单位公章。", seconds=60)
        api.press(7, "solved:1")
        api.wait_for_text(7, "工单 1 已结束", seconds=60)
        texts = api.texts(7)
        clerk.http.close()
    for once in ("已转人工", "算在内，请附聘书。", "要盖单位公章。", "工单 1 已结束"):
        assert sum(once in text for text in texts) == 1, once
    lines = said(program, "telegram")
    assert [text for who, text in lines if who == "staff"] == [
        "工作人员对工单 1 的答复：算在内，请附聘书。",
        "工作人员对工单 1 的答复：要盖单位公章。",
    ]
    own = [text for who, text in lines if who == "user" and not re.match(r"[a-z_]+:\d", text)]
    assert own == ["主任算不算团队成员", "/human", "昆明", "我们主任是兼职的", "聘书要不要盖章"]


def test_a_ticket_in_the_staffs_group_across_a_crash_and_a_restart(program):
    group = -1001234567890
    with FakeBotApi() as api:
        api.show(group, text="建群")
        api.forums[group] = {}
        program.settings.update(telegram(api), BEIAN_TELEGRAM_STAFF_GROUP=str(group))
        program.start()
        for text in ("主任算不算团队成员", "/human", "昆明"):
            api.write(7, text)
        api.wait_for_text(group, "工单 1：主任算不算团队成员", seconds=60)
        program.kill()
        (thread,) = api.forums[group]
        api.write(group, "算在内，请附聘书。", user=4242, message_thread_id=thread, is_topic_message=True)
        program.start()
        api.wait_for_text(7, "算在内，请附聘书。", seconds=60)
        api.wait_for_text(group, "工单 1 已答复", seconds=60)
        restart(program)
        clerk = Clerk(program)
        assert "Telegram 用户 4242" in clerk.ticket()
        clerk.do("close", outcome="solved")
        clerk.http.close()
        api.wait_until(lambda: api.forums[group][thread]["closed"], seconds=60)
        assert list(api.forums[group]) == [thread]
        assert sum("算在内，请附聘书。" in text for text in api.texts(7)) == 1
    assert [text for who, text in said(program, "telegram") if who == "staff"] == [
        "工作人员对工单 1 的答复：算在内，请附聘书。"
    ]


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_ticket_in_the_browser_from_both_sides_across_a_restart(program):
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)
    program.start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        person = browser.new_context(**PHONE).new_page()
        clerk = browser.new_context(**DESK).new_page()
        for page in (person, clerk):
            page.set_default_timeout(60_000)
        person.goto(program.address)
        for text in ("主任算不算团队成员", "转人工", "昆明"):
            person.fill("#q", text)
            person.press("#q", "Enter")
            expect(person.locator(".said.user").last).to_contain_text(text)
            expect(person.locator(".waiting")).to_have_count(0)
        expect(person.locator("body")).to_contain_text("已转人工：样例窗口")

        clerk.goto(f"{program.address}/staff/tickets")
        clerk.fill("[name=name]", "wang")
        clerk.fill("[name=password]", PASSWORD)
        clerk.press("[name=password]", "Enter")
        clerk.wait_for_selector("#queue")
        clerk.wait_for_load_state()  # the keys are the script's
        clerk.keyboard.press("j")
        clerk.keyboard.press("Enter")
        clerk.wait_for_url("**/staff/tickets/1")
        clerk.keyboard.press("c")
        expect(clerk.locator("#state")).to_have_text("处理中")
        restart(program)

        person.click("[data-action='more:1'] >> nth=-1")
        expect(person.locator(".said").last).to_contain_text("请写下要补充")
        person.fill("#q", "我们主任是兼职的 <b>粗</b>")
        person.press("#q", "Enter")
        expect(person.locator("body")).to_contain_text("已补充到工单 1")
        expect(clerk.locator("#said")).to_contain_text(
            "我们主任是兼职的 <b>粗</b>"
        )  # without opening it anew

        clerk.keyboard.press("a")
        clerk.click(".picker summary")
        clerk.fill("#clause-filter", "第八条第（四）项")
        clerk.locator("#clauses button:visible").first.click()
        clerk.locator("#text").press("End")
        clerk.keyboard.type("主任算在内。")
        clerk.keyboard.press("Control+Enter")
        expect(clerk.locator(".done")).to_have_text("答复已送出。")

        expect(person.locator("body")).to_contain_text("主任算在内。")
        assert person.locator("text=主任算在内。").count() == 1
        assert person.locator(".said blockquote:has-text('第八条第（四）项')").count() >= 1
        person.reload()
        expect(person.locator("body")).to_contain_text("主任算在内。")
        assert person.locator("text=主任算在内。").count() == 1
        person.click("[data-action='solved:1'] >> nth=-1")
        expect(person.locator("body")).to_contain_text("工单 1 已结束")
        clerk.goto(f"{program.address}/staff/tickets?show=closed")
        expect(clerk.locator("#queue li")).to_have_count(1)
        browser.close()
    lines = said(program, "web")
    assert sum("主任算在内。" in text for who, text in lines if who == "staff") == 1
    own = [text for who, text in lines if who == "user" and not re.match(r"[a-z_]+:", text)]
    assert own == ["主任算不算团队成员", "转人工", "昆明", "我们主任是兼职的 <b>粗</b>"]
