"""The page in a real browser: ask, read the clause, fill in the questionnaire on a phone, reload, lose the line."""

import shutil

import pytest
from processes import Program

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    with Program(tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser, program):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    opened = context.new_page()
    opened.errors = []
    opened.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda e: opened.errors.append(str(e)))
    opened.on(
        "request", lambda r: opened.errors.append(r.url) if not r.url.startswith(program.address) else None
    )
    opened.goto(program.address)
    yield opened
    context.close()


def ask(page, text):
    page.fill("#q", text)
    page.press("#q", "Enter")


def test_a_question_is_answered_and_its_quotation_opens_the_clause(page):
    ask(page, "概念验证中心场地要多大")
    page.click("blockquote a")
    page.wait_for_url("**/articles/8.3")
    assert "第八条第（三）项" in page.inner_text("h1")
    assert page.errors == []


def fill_in(page, until="预审结果"):
    for _ in range(60):
        bubbles = page.locator(".said.bot").count()
        ask(page, "不清楚")
        page.wait_for_function("n => document.querySelectorAll('.said.bot').length > n", arg=bubbles)
        if until in page.locator(".said.bot").last.inner_text():
            return
    raise AssertionError("the questionnaire does not end")


def test_a_questionnaire_is_filled_in_on_a_phone_with_a_reload_in_the_middle(page):
    page.click('.controls button[data-action="prescreen:pilot_base"]')
    page.wait_for_selector("text=提交申报")
    fill_in(page, until="第5题")
    page.reload()
    page.wait_for_selector("text=第5题")
    fill_in(page)
    assert "预审结果：待定" in page.inner_text("#log")
    assert page.errors == []


def test_what_is_typed_while_the_line_is_lost_is_sent_once_it_is_back(page):
    ask(page, "公示几天")
    page.wait_for_selector("text=5个工作日")
    page.context.set_offline(True)
    ask(page, "由谁解释")
    page.wait_for_selector("text=网络不通")
    page.context.set_offline(False)
    page.wait_for_selector("text=本办法由省科技厅负责解释", timeout=15_000)
    assert page.locator(".said.user", has_text="由谁解释").count() == 1


def test_the_keyboard_alone_is_enough(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.focus("#q")
    page.keyboard.type("公示几天")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=5个工作日")


@pytest.mark.parametrize("path", ["/", "/articles/9", "/faq"])
def test_nothing_serious_is_found_by_axe(page, program, path):
    from axe_playwright_python.sync_playwright import Axe

    page.goto(program.address + path)
    if path == "/":
        ask(page, "两类平台的团队人数有什么不同")
        page.wait_for_selector("blockquote")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in {"serious", "critical"}] == []
