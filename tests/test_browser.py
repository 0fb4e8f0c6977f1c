"""The site in a real browser: ask, cite, fill in, lose the line, two tabs, the keyboard alone, no script, a widget, axe."""

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
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 860}, "locale": "zh-CN"}
LOST_LINE = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_FAILED")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    with Program(tmp_path_factory.mktemp("web"), BEIAN_SESSION_LIMIT="0", BEIAN_ADDRESS_LIMIT="0") as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def opening(browser, program):
    """A function that opens the site in a browser of its own; at the end nothing may have been complained of or have been
    asked of another address."""
    contexts, complaints = [], []

    def listen(page):
        page.set_default_timeout(15_000)
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on(
            "request", lambda r: complaints.append(r.url) if not r.url.startswith(program.address) else None
        )

    def make(path="/", **settings):
        context = browser.new_context(**{**PHONE, **settings})
        contexts.append(context)
        context.on("page", listen)
        page = context.new_page()
        page.goto(program.address + path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert [c for c in complaints if not any(lost in c for lost in LOST_LINE)] == []


@pytest.fixture
def page(opening):
    return opening()


def ask(page, text):
    page.fill("#q", text)
    page.press("#q", "Enter")


def start(page, track="pilot_base"):
    page.click(f'.start[data-action="prescreen:{track}"]')
    page.wait_for_selector(".asked .choices")


def respond(page):
    """One response as a person gives it: a figure into the field, else the first choice."""
    said = page.locator(".said.user").count()
    field = page.locator(".figure input")
    if field.count() and field.get_attribute("type") == "text":
        field.fill("30")
        page.click(".figure button")
    else:
        page.locator(".asked .choice").first.click()
    page.wait_for_function(
        "n => document.querySelectorAll('.said.user').length > n && !document.querySelector('.waiting')",
        arg=said,
    )


def step(page):
    return page.inner_text("#step")


def test_a_question_is_answered_and_its_quotation_opens_the_clause(page):
    ask(page, "概念验证中心场地要多大")
    page.click("blockquote a")
    page.wait_for_selector("dialog[open]")
    assert page.inner_text("#sheet-name") == "第八条第（三）项"
    page.click("#sheet-link")
    page.wait_for_url("**/articles/8.3")
    assert page.inner_text("h1") == "第八条第（三）项"


def test_every_clause_that_is_named_can_be_opened(page):
    start(page)
    respond(page)
    page.click(".asked .note a[data-clause] >> nth=-1")
    page.wait_for_selector("dialog[open]")
    assert page.inner_text("#sheet-name") == "第九条第（一）项"


def test_a_questionnaire_is_filled_in_on_a_phone_with_a_reload_in_the_middle(page):
    start(page)
    for _ in range(6):
        respond(page)
    before = step(page), page.locator(".asked .question").last.inner_text()
    page.reload()
    page.wait_for_selector(".asked .choices")
    assert (step(page), page.locator(".asked .question").last.inner_text()) == before
    page.click('.steering [data-action="back"]')
    page.wait_for_function("t => document.getElementById('step').textContent !== t", arg=before[0])
    while page.locator(".asked .choices").count():
        respond(page)
    assert page.inner_text(".verdict").startswith("预审结果：")
    assert page.locator(".requirements tr").count() > 15
    assert page.locator(".amounts svg .fill").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator('.result button[data-action^="change:"]').first.click()
    page.wait_for_selector(".asked .choices")
    respond(page)
    assert page.locator(".result").count() == 2


def test_a_question_in_the_middle_is_answered_and_the_pending_one_asked_again(page):
    start(page)
    respond(page)
    pending = page.locator(".asked .question").last.inner_text()
    ask(page, "公示几天")
    page.wait_for_selector("text=5个工作日")
    assert pending in page.locator(".asked").last.inner_text()
    page.click('.steering [data-action="summary"]')
    page.wait_for_selector('button[data-action^="change:"]')


def test_a_figure_that_cannot_be_is_refused_in_one_sentence_and_asked_again(page):
    start(page)
    while not page.locator(".figure input[type=text]").count():
        respond(page)
    page.fill(".figure input", "-5")
    page.click(".figure button")
    page.wait_for_function("() => !document.querySelector('.waiting')")
    assert page.locator(".figure input[type=text]").count() == 1


def test_what_is_typed_while_the_line_is_lost_is_sent_once_it_is_back(page):
    ask(page, "公示几天")
    page.wait_for_selector("text=5个工作日")
    page.context.set_offline(True)
    ask(page, "由谁解释")
    page.wait_for_selector("text=网络不通")
    page.context.set_offline(False)
    page.wait_for_selector("text=本办法由省科技厅负责解释")
    assert page.locator(".said.user", has_text="由谁解释").count() == 1


def test_a_message_whose_reply_is_lost_is_handled_once(page):
    start(page)
    lost = []

    def lose(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/api/v1/chat", lose)
    respond(page)
    assert lost[0].json()["replies"]
    assert step(page) == "第2题"
    page.reload()
    page.wait_for_selector(".asked .choices")
    assert (step(page), page.locator(".said.user").count()) == ("第2题", 2)


def test_what_is_waiting_to_be_sent_survives_closing_the_page(page, program):
    page.context.set_offline(True)
    ask(page, "由谁解释")
    page.wait_for_selector("text=网络不通")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(program.address)
    again.wait_for_selector("text=本办法由省科技厅负责解释")


def test_a_draft_survives_a_reload(page):
    page.fill("#q", "还没写完的问")
    page.reload()
    assert page.input_value("#q") == "还没写完的问"


def test_what_is_typed_before_the_script_has_come_stays(opening, program):
    page = opening("/faq/site-area")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/chat.js*", hold)
    page.goto(program.address, wait_until="commit")
    page.fill("#q", "公示几天")
    page.wait_for_timeout(50)
    while held:
        held.pop().continue_()
    page.wait_for_load_state("networkidle")
    page.press("#q", "Enter")
    page.wait_for_selector("text=5个工作日")


def test_the_server_may_be_killed_and_started_again(opening, program):
    page = opening()
    start(page)
    respond(page)
    program.kill()
    page.locator(".asked .choice").first.click()
    page.wait_for_selector("text=网络不通")
    program.start()
    page.wait_for_function("() => !document.querySelector('.waiting')")
    assert step(page) == "第3题"


def test_two_tabs_show_one_conversation(page, program):
    other = page.context.new_page()
    other.goto(program.address)
    ask(page, "公示几天")
    page.wait_for_selector("text=5个工作日")
    other.wait_for_selector("text=5个工作日")
    ask(other, "由谁解释")
    page.wait_for_selector("text=本办法由省科技厅负责解释")
    page.click("#more")
    page.click('#panel [data-action="forget"]')
    page.click('[data-action="forget:yes"]')
    page.wait_for_selector("text=已全部删除")
    other.wait_for_function("() => document.querySelectorAll('.said.user').length === 0")
    assert page.evaluate("localStorage.getItem('beian.session')") is None


def test_the_screen_is_cleared_and_the_conversation_kept(page):
    ask(page, "公示几天")
    page.wait_for_selector("text=5个工作日")
    page.click("#more")
    page.click("#clear")
    assert page.locator(".said.user").count() == 0
    page.wait_for_load_state("networkidle")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator(".said.user").count() == 0
    page.click("#more")
    page.click('#panel [data-action="mydata"]')
    page.wait_for_selector("text=对话记录")
    assert "公示几天" in page.locator(".said.bot").last.inner_text()


def test_an_answer_that_did_not_help_leads_to_a_person(page):
    ask(page, "公示几天")
    page.click("text=没帮助")
    page.fill(".remark input", "想知道从哪天起算")
    page.press(".remark input", "Enter")
    page.wait_for_selector("text=补充也记下了")
    page.click('.useful [data-action="human"]')
    page.wait_for_selector("text=请选择您所在的州")


def finish(page):
    start(page)
    while page.locator(".asked .choices").count():
        respond(page)
    page.wait_for_selector(".reports a")


def test_the_report_is_opened_downloaded_and_holds(opening, world, tmp_path):
    from bot.report_check import check_report

    page = opening()
    finish(page)
    with page.context.expect_page() as opened:
        page.click(".reports a")
    report = opened.value
    report.wait_for_selector(".report h1")
    assert report.inner_text(".report .verdict").startswith("预审结果：")
    assert not report.is_visible("#wechat")
    for form in ("pdf", "docx", "xlsx"):
        with report.expect_download() as downloading:
            report.click(f'#downloads [value="{form}"]')
        downloading.value.save_as(tmp_path / f"report.{form}")
        assert downloading.value.suggested_filename.endswith(f".{form}")
        assert check_report((tmp_path / f"report.{form}").read_bytes(), world.rules).holds


def test_in_wechat_the_report_is_a_page_that_another_browser_opens(opening, browser):
    page = opening(user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/116.0 MicroMessenger/8.0.49 Mobile")
    finish(page)
    page.click(".reports a")  # in the same window: WeChat opens no other
    page.wait_for_selector(".report h1")
    assert "在浏览器中打开" in page.inner_text("#wechat")
    elsewhere = opening(page.url.split("/", 3)[3].join(["/", ""]))
    elsewhere.wait_for_selector(".report h1")
    assert elsewhere.inner_text(".report") == page.inner_text(".report")


def test_the_keyboard_alone_is_enough(opening):
    page = opening(**DESK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first thing in the page: start a pre-screen
    page.wait_for_selector(".asked .figure input:focus")
    for _ in range(3):
        page.keyboard.press("Tab")  # past the parts of the date, to its button and the choices
    while page.evaluate("!document.activeElement.matches('.choice')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#step:has-text('第2题')")
    page.keyboard.press("Enter")  # the first choice of the next question has the focus
    page.wait_for_selector("#step:has-text('第3题')")
    page.focus("#q")
    page.keyboard.type("公示几天")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=5个工作日")
    page.focus("blockquote a")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    page.focus("#more")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "more"


def test_asking_reading_and_the_faq_need_no_javascript(opening):
    page = opening(java_script_enabled=False)
    page.fill("#q", "公示几天")
    page.click(".send")
    assert "5个工作日" in page.inner_text("#log")
    page.click("blockquote a")
    assert "公示" in page.inner_text(".official")
    page.click("text=没帮助")
    assert page.inner_text("h1") == "已经记下，谢谢"
    page.click("header >> text=常见问题")
    page.fill("#words", "场地")
    page.click(".find button")
    assert page.locator("details[open]").count() > 0
    assert not page.is_visible("text=更多功能")


def test_a_page_can_be_rated_without_leaving_it(opening):
    page = opening("/faq/public-notice")
    page.click("text=有帮助 >> nth=-1")
    page.wait_for_selector("text=已经记下")
    assert page.url.endswith("/faq/public-notice")


def test_the_widget_opens_the_chat_on_another_page(opening):
    page = opening("/widget", **DESK)
    page.click("button:has-text('备案咨询')")
    frame = page.frame_locator("iframe")
    frame.locator("#q").fill("公示几天")
    frame.locator("#q").press("Enter")
    frame.locator("text=5个工作日").first.wait_for()
    page.click("text=收起")
    assert not page.is_visible("iframe")


READ = ["/articles", "/articles/9.3", "/faq?who=client", "/faq/site-area", "/search?q=场地"]


@pytest.mark.parametrize(("scheme", "paths"), [("light", READ), ("dark", ["/articles/9.3"])])
def test_nothing_serious_is_found_by_axe(opening, program, scheme, paths):
    from axe_playwright_python.sync_playwright import Axe

    page = opening(color_scheme=scheme, **(DESK if scheme == "dark" else {}))
    serious = []

    def examine(what):
        options = {
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
            "resultTypes": ["violations"],
        }
        for violation in Axe().run(page, options=options).response["violations"]:
            if violation["impact"] in {"serious", "critical"}:
                serious.append((what, violation["id"], violation["nodes"][0]["html"]))

    ask(page, "两类平台的团队人数有什么不同")
    page.wait_for_selector(".said.bot table")
    page.click("#more")
    start(page)
    while page.locator(".asked .choices").count() and not page.locator(".figure input[type=text]").count():
        respond(page)
    examine("chat")
    for path in paths:
        page.goto(program.address + path)
        examine(path)
    assert serious == []


def test_nothing_serious_is_found_by_axe_in_a_result(opening):
    from axe_playwright_python.sync_playwright import Axe

    page = opening()
    finish(page)
    page.locator(".result details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in {"serious", "critical"}] == []
