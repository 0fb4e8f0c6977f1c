"""The API against its own description: whatever is sent, nothing is a 5xx and every answer is as described."""

import random
import string
from contextlib import suppress

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from processes import Program

FEW, MANY = 8, 1000
"""Examples an operation: in every run, and in the soak."""

FEW_BODIES, MANY_BODIES = 8, 10_000
"""Random bodies and headers a route."""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schema")
    with Program(
        folder, BEIAN_SESSION_LIMIT="0", BEIAN_ADDRESS_LIMIT="0", BEIAN_LOG_LEVEL="WARNING"
    ) as running:
        yield running


def try_every_operation(program, examples):
    """Valid and invalid examples of every operation; how many were tried."""
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import load_all_checks, not_a_server_error
    from schemathesis.specs.openapi import checks

    load_all_checks()
    wanted = [
        not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
        checks.response_schema_conformance, checks.response_headers_conformance,
    ]  # fmt: skip
    schema = schemathesis.openapi.from_url(f"{program.address}/openapi.json")
    tried = 0
    for found in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seed(20251206)
            @settings(
                max_examples=examples // 2,
                deadline=None,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=found.ok().as_strategy(generation_mode=mode))
            def conforms(case):
                nonlocal tried
                tried += 1
                case.call_and_validate(checks=wanted)

            with suppress(Unsatisfiable):  # nothing can be wrong where nothing is sent
                conforms()
    return tried


def routes(program):
    """Every route with its method, pages included."""
    described = httpx.get(f"{program.address}/openapi.json").json()["paths"]
    api = [(method.upper(), path) for path, methods in described.items() for method in methods]
    pages = ["/", "/embed", "/articles", "/articles/{label}", "/faq", "/faq/{name}", "/search", "/sitemap.xml", "/robots.txt",
             "/thanks", "/widget", "/report", "/checklist/{track}", "/static/{name}", "/healthz", "/readyz", "/metrics", "/openapi.json"]  # fmt: skip
    posts = ["/ask", "/feedback", "/report", "/report/file"]
    return [*api, *(("GET", path) for path in pages), *(("POST", path) for path in posts)]


LETTERS = [
    *string.printable,
    "\x00",
    "\x7f",
    "é",
    "场",
    "地",
    "９",
    "\u200b",
    "\u202e",
    "\U000e0041",
    "😀",
    "%",
    '"',
    "{",
    "}",
    "[",
    "]",
    ":",
    "\\u0000",
]
JSON_PARTS = ['{"q": ', '{"text": ', '{"action": ', '{"session": ', '{"track": ', '"', "}", "null", "1e999", "-0", "[" * 99, '"set:team_size:', "true", "9" * 5000, '"\\ud800"', '"pilot_base"']  # fmt: skip


def rubbish(chance):
    """A body: letters, half a JSON text, or bytes."""
    match chance.randrange(4):
        case 0:
            return "".join(chance.choices(LETTERS, k=chance.randrange(200))).encode("utf-8", "surrogatepass")
        case 1:
            return "".join(chance.choices(JSON_PARTS, k=chance.randrange(1, 6))).encode()
        case 2:
            return chance.randbytes(chance.randrange(300))
    return b"x" * chance.randrange(60_000, 70_000)


NAMES = ["content-type", "accept", "accept-encoding", "host", "origin", "idempotency-key", "if-none-match", "if-modified-since",
         "cookie", "sec-fetch-site", "x-forwarded-for", "content-length", "range", "expect", "authorization", "transfer-encoding"]  # fmt: skip
VALUES = ["application/json", "text/html", "*/*", "gzip", "bytes=0-", "bytes=9-1,-,5-", "multipart/form-data; boundary=", "chunked",
          "application/x-www-form-urlencoded", "null", "-1", "99999999999999999999", "W/\"x\"", "Thu, 99 Foo 2020", "'", "a" * 5000, "\xff\xfe"]  # fmt: skip


def headers(chance):
    made = {}
    for _ in range(chance.randrange(4)):
        name = chance.choice(NAMES)
        if name in {"content-length", "transfer-encoding", "expect"}:
            continue  # the client would wait for ever for what it lied about; tests of raw sockets do that
        made[name] = chance.choice(VALUES).encode("latin-1")
    return made


def try_every_route(program, count):
    """Random bodies, headers and paths on every route; how many were tried."""
    chance, tried = random.Random(20251206), 0
    with httpx.Client(base_url=program.address, timeout=60) as client:
        for method, template in routes(program):
            for number in range(count):
                word = "".join(chance.choices("aZ9.第九条/%-_~", k=chance.randrange(1, 12)))
                path = "".join(
                    part if "}" not in part else word + part.split("}")[1] for part in template.split("{")
                )
                query = "" if number % 3 else "?" + "".join(chance.choices("qwho=&%ab场topicformat", k=12))
                asked = client.build_request(
                    method, path + query, content=rubbish(chance) if method == "POST" else None
                )
                asked.headers.encoding = "latin-1"
                asked.headers.update(headers(chance))
                try:
                    status = client.send(asked).status_code
                except httpx.RemoteProtocolError:
                    status = 400  # the server ended a request that is none
                assert status < 500, (method, path, status, asked.headers)
                tried += 1
    assert client.is_closed
    assert httpx.get(f"{program.address}/readyz").status_code == 200
    return tried


def test_every_answer_is_as_described(program):
    assert try_every_operation(program, FEW) > 50


def test_random_bodies_and_headers_are_refused_without_a_5xx(program):
    assert try_every_route(program, FEW_BODIES) > 200


@pytest.mark.soak
def test_a_thousand_examples_an_operation(program):
    print(f"schemathesis: {try_every_operation(program, MANY)} examples, every answer as described")


@pytest.mark.soak
def test_ten_thousand_random_bodies_a_route(program):
    print(f"{try_every_route(program, MANY_BODIES)} random requests, no 5xx")
