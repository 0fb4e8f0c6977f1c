"""The FAQ in a real browser: one editor writes, another approves and publishes, and the open chat page answers from it."""

from contextlib import closing

import pytest
from drafting import ASKED, DRONE
from processes import Program
from staff_desk import POSTS, make_account
from test_browser import CHROMIUM, DESK, ask, browser  # noqa: F401 - a fixture

from bot.sign_in import enter
from bot.store_opening import open_store
from bot.web_console import COOKIE

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    with Program(tmp_path_factory.mktemp("faq"), BEIAN_SESSION_LIMIT="0", BEIAN_ADDRESS_LIMIT="0") as running:
        yield running


def signed_in(browser, program, name):  # noqa: F811 - the fixture
    """A page of the console in a browser of its own, and what it complains of."""
    from datetime import UTC, datetime

    with closing(open_store(str(program.folder / "beian.sqlite3"))) as store:
        number = make_account(store, name, POSTS["editor"])
        token = store.transact(lambda db: enter(db, number, datetime.now(UTC)))
    context = browser.new_context(**DESK)
    context.add_cookies([{"name": COOKIE, "value": token, "url": program.address}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: complaints.append(r.url) if not r.url.startswith(program.address) else None)
    page.goto(f"{program.address}/staff/faq")
    return page, complaints


def test_what_one_writes_and_another_publishes_the_open_chat_answers(browser, program):  # noqa: F811
    chat = browser.new_context(**DESK).new_page()
    chat.set_default_timeout(60_000)
    chat.goto(program.address)
    writer, wrong = signed_in(browser, program, "jia")
    writer.click("text=写一条草稿")
    writer.fill("[name=question]", DRONE["question"])
    writer.fill("[name=wordings]", "\n".join(DRONE["wordings"]))
    writer.fill("[name=answer]", DRONE["answer"])
    writer.fill("[name=clauses]", "9.3")
    writer.fill("[name=regression]", ASKED)
    writer.fill("[name=id]", DRONE["id"])
    writer.click("text=保存草稿并核对")
    writer.wait_for_selector("text=没有发现冲突")
    assert writer.locator("text=须由另一位编辑审批").count() == 1
    editor, wrong_too = signed_in(browser, program, "yi")
    editor.click(f"text={DRONE['question']}")
    editor.click("form[action$=approve] button")
    editor.click("form[action$=publish] button")
    editor.wait_for_selector("text=已发布，各处一秒内生效")
    ask(chat, ASKED)
    chat.wait_for_selector("text=可以算，只要是中试服务场地")
    editor.fill("[name=reason]", "发早了")
    editor.click("text=回到上一次发布之前")
    editor.wait_for_selector("text=现在没有这一条")
    for path in ("/staff/asked", "/staff/questions", "/staff/bench?q=公示几天"):
        editor.goto(program.address + path)
        assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wrong + wrong_too == []
