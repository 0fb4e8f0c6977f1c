"""The console in a real browser: nothing serious by axe on any page, on a telephone and in the dark, and by the keyboard alone."""

from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from drafting import drafted
from processes import Program
from staff_desk import POSTS, make_account, opened
from storing import message, reply, tell
from test_browser import CHROMIUM, DESK, PHONE, browser  # noqa: F401 - a fixture
from test_whole_ticket import OFFICES

from bot.sign_in import enter
from bot.store_opening import open_store
from bot.store_tally import Count, add_counts
from bot.upkeep import CHINA
from bot.web_console import COOKIE
from bot.weekly import last_week
from flows import questionnaire

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

PAGES = {
    "clerk": [
        "", "/tickets", "/tickets?show=answered", "/tickets/1", "/tickets/1/screening", "/tickets/2/screening", "/search?q=补", "/canned",
        "/faq", "/faq/new?ticket=1", "/asked", "/bench?q=场地要多大", "/password",
    ],
    "officer": ["/tickets", "/questions"],
    "editor": ["/faq", "/faq/drafts/1", "/faq/new"],
    "administrator": ["", "/accounts", "/audit"],
}  # fmt: skip


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("console")
    (folder / "offices.toml").write_text(OFFICES, "utf-8")
    limits = {"BEIAN_SESSION_LIMIT": "0", "BEIAN_ADDRESS_LIMIT": "0"}
    with Program(folder, BEIAN_OFFICES=str(folder / "offices.toml"), **limits) as running:
        yield running


@pytest.fixture(scope="module")
def tokens(program, world):
    """A desk at work, and a session for each role."""
    with closing(open_store(str(program.folder / "beian.sqlite3"))) as store:
        fill(store, world)
        return {role: signed_in(store, role) for role in POSTS}


def fill(store, world):
    begun = questionnaire.start(world.rules, "pilot_base", date(2026, 6, 1))
    begun = questionnaire.set_value(world.rules, begun, "site_area_m2", "850", date(2026, 6, 1))
    tell(store, message("0", "场地能租吗"), reply(), interview=begun)
    opened(store, question="场地能租吗，850平方米够不够", due="2026-06-03T15:59:59.000+00:00")
    opened(store, user="v", question="能补多少")
    drafted(store, world)
    monday = last_week(datetime.now(CHINA).date())
    counts = [Count(monday, "web", "昆明市", "turn", "场地", "answered", 7), Count(monday, "web", "昆明市", "unmet", "pilot_base", "9.3", 4)]  # fmt: skip
    store.transact(lambda db: add_counts(db, counts))
    store.transact(
        lambda db: db.execute(
            "insert into weekly (place, week, text, at) values ('昆明市', ?, '提问7次。', '') on conflict do nothing",
            [str(monday)],
        )
    )


def signed_in(store, role):
    number = make_account(store, role, POSTS[role])
    return store.transact(lambda db: enter(db, number, datetime.now(UTC)))


@pytest.fixture
def visiting(browser, program, tokens):  # noqa: F811 - the fixture
    """A function that opens the console as somebody of a role; at the end nothing may have been complained of."""
    contexts, complaints = [], []

    def make(role, **settings):
        context = browser.new_context(**{**DESK, **settings})
        contexts.append(context)
        if role:
            context.add_cookies([{"name": COOKIE, "value": tokens[role], "url": program.address}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def serious(page):
    """What axe finds on the page, everything folded out."""
    from axe_playwright_python.sync_playwright import Axe

    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        "resultTypes": ["violations"],
    }
    found = Axe().run(page, options=options).response["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize("role", PAGES)
def test_nothing_serious_is_found_by_axe_and_nothing_is_wider_than_a_telephone(visiting, program, role):
    page = visiting(role, **PHONE)
    found = {}
    for path in PAGES[role]:
        assert page.goto(f"{program.address}/staff{path}").status == 200
        found[path] = serious(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        found[path] += [("wide", width)] if width > PHONE["viewport"]["width"] else []
    assert {path: what for path, what in found.items() if what} == {}


def test_nothing_serious_is_found_by_axe_in_the_dark(visiting, program):
    page = visiting("clerk", color_scheme="dark")
    for path in ("/tickets", "/tickets/1", "/tickets/1/screening"):
        page.goto(f"{program.address}/staff{path}")
        assert serious(page) == []


def test_nothing_serious_is_found_by_axe_where_one_signs_in(visiting, program):
    page = visiting("", **PHONE)
    page.goto(f"{program.address}/staff/sign-in")
    assert serious(page) == []


def test_figures_are_proposed_by_the_keyboard_alone(visiting, program):
    page = visiting("clerk")
    page.goto(f"{program.address}/staff/tickets/1/screening")
    page.focus("#f-site_area_m2")
    page.keyboard.type("1200")
    page.keyboard.press("Enter")
    page.wait_for_selector("#preview")
    assert page.input_value("#f-site_area_m2") == "1200"
    page.focus("button[value=send]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/tickets/1?done=offered")
    assert "已请用户同意填上1项" in page.inner_text("#offered")
