"""The frame of the console: every role against every page, who is not signed in, forms of other sites."""

import re

import pytest
from staff_desk import POSTS, sign_in_as
from test_http_api import client

from bot.channel_web import CONSOLE
from bot.roles import ALLOWED, may
from bot.web_console import Page

MATRIX = [(role, page) for role in POSTS for page in CONSOLE]


def path_of(page):
    return "/staff" + re.sub(r"{\w+}", "99", page.path)


def ids(value):
    return f"{value.method} {value.path or '/'}" if isinstance(value, Page) else value


def test_every_route_of_the_console_is_a_page_with_an_action_of_the_table():
    from bot.web_accounts import make_router as entrance
    from bot.web_console import make_router

    made = make_router(None, CONSOLE)
    assert len(made.routes) == len(CONSOLE)
    assert {page.action for page in CONSOLE} <= set(ALLOWED)
    # What anybody may ask for without an account: these, and nothing else.
    assert sorted({route.path for route in entrance(None).routes}) == ["/staff/join/{word}", "/staff/sign-in"]


def test_a_page_without_an_action_of_the_table_cannot_be_made():
    with pytest.raises(ValueError, match="not in roles"):
        Page("GET", "/x", "everything", None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("console")


@pytest.mark.parametrize(("role", "page"), MATRIX, ids=ids)
async def test_a_role_may_do_what_is_written_and_nothing_else(folder, role, page):
    async with client(folder, address_limit=0) as http:
        csrf = await sign_in_as(http, role, POSTS[role])
        response = await http.request(
            page.method, path_of(page), data={"csrf": csrf} if page.method == "POST" else None
        )
    if may(role, page.action):
        assert response.status_code in {200, 303, 404, 409, 422}, response.text
        assert response.headers["cache-control"] == "no-store" or response.status_code == 404
    else:
        assert response.status_code == 403


@pytest.mark.parametrize("page", CONSOLE, ids=ids)
async def test_who_is_not_signed_in_is_asked_to(folder, page):
    async with client(folder, address_limit=0) as http:
        response = await http.request(page.method, path_of(page))
    if page.quiet:
        assert response.status_code == 401
    else:
        assert response.status_code == 303
        assert response.headers["location"].startswith("/staff/sign-in?next=")


@pytest.mark.parametrize("csrf", ["", "guessed", "令牌"])
@pytest.mark.parametrize("page", [page for page in CONSOLE if page.method == "POST"], ids=ids)
async def test_a_form_without_its_token_changes_nothing(folder, page, csrf):
    role = sorted(ALLOWED[page.action])[0]
    async with client(folder, address_limit=0) as http:
        await sign_in_as(http, f"another-{role}", POSTS[role])
        response = await http.post(path_of(page), data={"csrf": csrf})
    assert response.status_code == 403


async def test_the_navigation_has_what_the_role_may_open(tmp_path):
    async with client(tmp_path) as http:
        await sign_in_as(http, "boss", POSTS["administrator"])
        assert 'href="/staff/accounts"' in (await http.get("/staff/password")).text
        await sign_in_as(http, "wang", POSTS["clerk"])
        page = await http.get("/staff/password")
    assert 'href="/staff/accounts"' not in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "９", "9" * 400, "1;drop"])
async def test_a_guessed_number_is_not_found(folder, number):
    async with client(folder, address_limit=0) as http:
        csrf = await sign_in_as(http, "administrator", POSTS["administrator"])
        response = await http.post(f"/staff/accounts/{number}/active", data={"csrf": csrf})
    assert response.status_code == 404
