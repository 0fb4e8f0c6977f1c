"""Pages are cached with validators: unchanged is 304 without a body, changed is whole."""

from email.utils import format_datetime

import pytest
from test_http_api import client

from bot.web_validators import last_change

PATHS = ["/", "/articles", "/articles/9.3", "/faq", "/faq/site-area", "/sitemap.xml", "/robots.txt", "/api/v1/articles/9", "/api/v1/faq"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_what_the_reader_has_is_not_sent_again(tmp_path, path):
    async with client(tmp_path) as http:
        first = await http.get(path)
        again = await http.get(path, headers={"if-none-match": first.headers["etag"]})
        listed = await http.get(path, headers={"if-none-match": f'"a", {first.headers["etag"]}'})
        dated = await http.get(path, headers={"if-modified-since": first.headers["last-modified"]})
        other = await http.get(path, headers={"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]})  # fmt: skip
    assert (first.status_code, again.status_code, listed.status_code) == (200, 304, 304)
    assert (dated.status_code, other.status_code) == (304, 200)
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("date", ["yesterday", "", "Sat, 01 Jan 2000 00:00:00 GMT", "9" * 400])
async def test_a_date_that_is_old_or_none_brings_the_page(tmp_path, date):
    async with client(tmp_path) as http:
        assert (await http.get("/faq", headers={"if-modified-since": date})).status_code == 200


async def test_two_questions_have_two_tags_and_an_error_has_no_304(tmp_path):
    async with client(tmp_path) as http:
        one, two = [(await http.get(f"/faq?q={q}")).headers["etag"] for q in ("场地", "公示")]
        assert (await http.get("/articles/99", headers={"if-none-match": "*"})).status_code == 404
    assert one != two
    assert "GMT" in format_datetime(last_change(), usegmt=True)


async def test_static_files_named_by_their_content_are_kept_for_ever(tmp_path):
    async with client(tmp_path) as http:
        page = (await http.get("/")).text
        address = page.split('<script type="module" src="')[1].split('"')[0]
        named, plain = await http.get(address), await http.get("/static/chat.js")
    assert "immutable" in named.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
    assert named.headers["content-encoding"] == "gzip"
