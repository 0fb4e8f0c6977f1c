"""What must not reach the application: one test each, a 4xx each; and the headers on everything that leaves it."""

import asyncio
import socket

import httpx
import pytest
from processes import Program
from test_http_api import client

from bot import web_guard
from bot.web_guard import HEADERS, policy

ASK = "/api/v1/ask"


def problem_of(response, status, field):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert field in response.json()["errors"]
    assert response.json()["detail"]


async def post(tmp_path, path=ASK, body=None, headers=None, **settings):
    async with client(tmp_path, **settings) as http:
        json_type = {"content-type": "application/json", **(headers or {})}
        return await http.post(path, content=b'{"q": "x"}' if body is None else body, headers=json_type)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://test.evil.example", "http://test:81"]
)
async def test_another_sites_page_cannot_make_a_browser_post(tmp_path, origin):
    problem_of(await post(tmp_path, headers={"origin": origin}), 403, "Origin")
    problem_of(await post(tmp_path, path="/ask", headers={"origin": origin}), 403, "Origin")
    problem_of(await post(tmp_path, path="/feedback", headers={"origin": origin}), 403, "Origin")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "https://proxy.example"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://test"}, 200),
        ({"origin": "https://public.example"}, 200),
        ({"origin": "https://bureau.example", "sec-fetch-site": "cross-site"}, 200),
        ({}, 200),
    ],
)
async def test_the_site_itself_allowed_sites_and_programs_may_post(tmp_path, headers, status):
    settings = {"public_url": "https://public.example", "origins": "https://bureau.example"}
    assert (await post(tmp_path, headers=headers, **settings)).status_code == status


async def test_cors_is_closed_unless_a_site_is_named(tmp_path):
    asked = {"origin": "https://bureau.example", "access-control-request-method": "POST"}
    async with client(tmp_path) as http:
        assert "access-control-allow-origin" not in (await http.options(ASK, headers=asked)).headers
        assert "access-control-allow-origin" not in (await http.get("/api/v1/faq", headers=asked)).headers
    async with client(tmp_path, origins="https://bureau.example") as http:
        allowed = await http.options(ASK, headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "https://bureau.example"
        assert "access-control-allow-credentials" not in allowed.headers
        other = await http.get("/api/v1/faq", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(
    "host", ["a b", "x\r\nset-cookie: a=b", "evil.example/path", "", "a@b", "<script>", "x:y"]
)
async def test_a_host_that_is_none_is_refused(tmp_path, host):
    async with client(tmp_path) as http:
        problem_of(await http.get("/api/v1/faq", headers={"host": host}), 400, "Host")


@pytest.mark.parametrize("key", ["a\r\nset-cookie: x=1", "a\tb", "键", "", "x" * 201])
async def test_a_header_cannot_carry_another_one(tmp_path, key):
    async with client(tmp_path) as http:
        headers = [(b"idempotency-key", key.encode()), (b"content-type", b"application/json")]
        response = await http.post("/api/v1/chat", content=b'{"text": "x"}', headers=headers)
    problem_of(response, 422, "Idempotency-Key")
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "path",
    ["/static/../settings.py", "/static/..%2fsettings.py", "/static/%2e%2e/settings.py", "/articles/..%2f..%2fetc%2fpasswd",
     "/api/v1/articles/..%2f..", "/static//etc/passwd", "/faq/..%2f..%2fREADME.md", "/static/%00"],
)  # fmt: skip
async def test_no_path_leads_out_of_the_site(tmp_path, path):
    async with client(tmp_path) as http:
        response = await http.get(path)
    assert response.status_code in {400, 404, 422}
    assert "beian" not in response.text or "<html" in response.text


@pytest.mark.parametrize("path", [ASK, "/api/v1/chat", "/api/v1/prescreen", "/ask", "/feedback"])
async def test_a_body_over_the_limit_is_refused_before_it_is_read(tmp_path, path):
    problem_of(await post(tmp_path, path, b'{"q": "' + b"x" * 70_000 + b'"}'), 413, "body")

    async def endless():
        for _ in range(100):
            yield b"x" * 1000

    problem_of(await post(tmp_path, path, endless()), 413, "body")


async def test_a_slow_body_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(web_guard, "BODY_SECONDS", 0.05)

    async def slow():
        yield b'{"q": '
        await asyncio.sleep(1)
        yield b'"x"}'

    problem_of(await post(tmp_path, body=slow()), 408, "body")


@pytest.mark.parametrize(
    "body",
    [
        b'{"q": "\xff\xfe"}', b'{"q": "\x00"}', b'{"q": "\\u0000"}', b'{"q": "\\ud800"}', b'{"q": ' + b"9" * 60_000 + b"}",
        b'{"q": "' + "公示\U000e0041\U000e0042".encode() + b'"}', b'{"q": "<script>alert(1)</script>"}',
        b'{"q": "<img src=x onerror=alert(1)>"}', b'{"q": "javascript:alert(1)"}', b'{"q": "\x1b[31m"}',
    ],
    ids=["utf-8", "raw NUL", "NUL", "surrogate", "long number", "tags", "script", "handler", "javascript", "escape"],
)  # fmt: skip
async def test_what_nobody_types_is_refused_and_the_field_named(tmp_path, body):
    response = await post(tmp_path, body=body)
    assert response.status_code in {400, 422}
    assert set(response.json()["errors"]) <= {"q", "body"}
    assert "alert(1)" not in response.text


async def test_a_number_of_a_million_digits_is_refused(tmp_path):
    problem_of(
        await post(tmp_path, "/api/v1/prescreen", b'{"team_size": ' + b"9" * 10**6 + b"}"), 413, "body"
    )
    short = await post(
        tmp_path, "/api/v1/prescreen", b'{"track": "pilot_base", "team_size": ' + b"9" * 60_000 + b"}"
    )
    assert short.status_code in {400, 422}


@pytest.mark.parametrize(
    "text", ["面积<1000平方米行不行", "<公司名>能报吗", "公示几天\u200b", "a < b 且 c > d"]
)
async def test_what_people_do_type_is_answered(tmp_path, text):
    async with client(tmp_path) as http:
        assert (await http.post(ASK, json={"q": text})).status_code == 200


async def test_every_answer_has_the_headers_and_no_cookie(tmp_path):
    async with client(tmp_path) as http:
        for path in ("/", "/articles/9", "/static/style.css", "/api/v1/faq", "/articles/99", "/healthz"):
            response = await http.get(path)
            assert {name: response.headers[name] for name in HEADERS} == HEADERS, path
            assert "set-cookie" not in response.headers
        refused = await http.post(ASK, json={}, headers={"origin": "https://evil.example"})
        assert refused.headers["content-security-policy"] == policy()
        said = await http.post(ASK, json={"q": "公示几天"})
        assert said.headers["cache-control"] == "no-store"


async def test_only_the_embedded_chat_can_be_framed_and_only_by_sites_that_are_named(tmp_path):
    async with client(tmp_path, origins="https://bureau.example") as http:
        framed = (await http.get("/embed")).headers["content-security-policy"]
        page = (await http.get("/")).headers["content-security-policy"]
        asked = await http.post("/embed", data={"q": "公示几天"})
    assert "frame-ancestors 'self' https://bureau.example" in framed
    assert asked.headers["content-security-policy"] == framed
    assert "5个工作日" in asked.text
    assert "frame-ancestors 'self'" in page
    assert "bureau" not in page
    assert "unsafe" not in framed + page


def test_what_is_asked_stands_in_no_log_and_raw_rubbish_is_no_5xx(tmp_path):
    secret = "这句话不该进日志"
    with Program(tmp_path, BEIAN_LOG_LEVEL="DEBUG") as program:
        with httpx.Client(base_url=program.address) as http:
            http.post(ASK, json={"q": secret})
            http.post("/api/v1/chat", json={"text": secret})
            http.post("/ask", data={"q": secret})
            http.get("/search", params={"q": secret})
            http.post("/api/v1/feedback", json={"about": "/", "useful": False, "comment": secret})
        for rubbish in (b"\x00\xff\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", b"POST /ask HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"):  # fmt: skip
            with socket.create_connection(("127.0.0.1", program.port), timeout=10) as raw:
                raw.sendall(rubbish)
                assert b" 400 " in raw.recv(4096).splitlines()[0]
    assert secret not in program.log()
