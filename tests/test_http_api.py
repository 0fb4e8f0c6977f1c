"""The HTTP API to the letter: shapes, errors that name the field, limits, sessions, a whole questionnaire."""

import json
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.app import App
from bot.channel_web import create_app
from bot.settings import Settings


@asynccontextmanager
async def client(tmp_path, **changes):
    settings = Settings(database=str(tmp_path / "web.sqlite3"), _env_file=None, **changes)
    async with App.open(settings) as app:
        transport = httpx.ASGITransport(create_app(app, settings))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            http.app = app
            yield http


async def chat(http, session=None, **said):
    body = {**said, **({"session": session} if session else {})}
    response = await http.post("/api/v1/chat", json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def test_the_development_cases_come_out_right(tmp_path):
    lines = (Path(__file__).parent / "data/prescreen_dev.jsonl").read_text("utf-8").splitlines()
    async with client(tmp_path) as http:
        for case in map(json.loads, lines):
            response = await http.post("/api/v1/prescreen", json=case["profile"])
            if "error_field" in case:
                assert response.status_code == 422
                assert list(response.json()["errors"]) == [case["error_field"]]
            else:
                found = response.json()
                assert {key: found[key] for key in case["expected"]} == case["expected"]


async def test_an_answer_has_the_public_shape(tmp_path):
    async with client(tmp_path) as http:
        response = await http.post("/api/v1/ask", json={"q": "概念验证中心场地要多大"})
    answer = response.json()
    assert answer["status"] == "answered"
    assert answer["citations"][0]["label"] == "8.3"
    assert set(answer["citations"][0]) == {"regulation", "label", "name", "quote"}
    assert len(answer["session"]) >= 22
    assert "平方米" in response.text  # unescaped


async def test_a_session_carries_the_context_and_an_unknown_one_is_not_found(tmp_path):
    async with client(tmp_path) as http:
        first = (await http.post("/api/v1/ask", json={"q": "概念验证中心的场地要多大"})).json()
        second = (
            await http.post("/api/v1/ask", json={"q": "那中试基地呢", "session": first["session"]})
        ).json()
        assert second["citations"][0]["label"] == "9.3"
        for path, body in (("ask", {"q": "x"}), ("chat", {"text": "x"})):
            response = await http.post(f"/api/v1/{path}", json={**body, "session": "nobody"})
            assert response.status_code == 404
            assert response.headers["content-type"] == "application/problem+json"
            assert "session" in response.json()["errors"]


@pytest.mark.parametrize("track", ["proof_of_concept", "pilot_base"])
async def test_a_questionnaire_runs_to_its_result(tmp_path, track):
    async with client(tmp_path) as http:
        answer = await chat(http, action=f"prescreen:{track}")
        session, asked = answer["session"], []
        while question := answer["replies"][-1]["question"]:
            assert sum(r["question"] is not None for r in answer["replies"]) == 1
            assert set(question) == {"field", "type", "unit", "choices"}
            assert all(set(c) == {"label", "value", "action"} for c in question["choices"])
            assert answer["replies"][-1]["result"] is None
            asked.append(question["field"])
            said = {"text": "不清楚"} if len(asked) % 2 else {"action": question["choices"][0]["action"]}
            answer = await chat(http, session, **said)
    result = answer["replies"][-1]["result"]
    assert "track" not in asked
    assert asked[0] == "as_of"
    assert answer["replies"][-1]["text"].startswith("预审结果：")
    assert {"verdict", "unmet", "unknown", "route", "criteria", "notices", "error"} <= set(result)


async def test_the_same_idempotency_key_is_handled_once(tmp_path):
    async with client(tmp_path) as http:
        start = await chat(http, action="prescreen:pilot_base")
        body, key = {"session": start["session"], "text": "今天"}, {"Idempotency-Key": "k1"}
        first = (await http.post("/api/v1/chat", json=body, headers=key)).json()
        again = (await http.post("/api/v1/chat", json=body, headers=key)).json()
    assert first == again


async def test_an_idempotency_key_that_comes_with_other_words_is_refused(tmp_path):
    async with client(tmp_path) as http:
        session = (await http.post("/api/v1/sessions")).json()["session"]
        first = {"session": session, "text": "公示几天"}
        key = {"Idempotency-Key": "k1"}
        assert (await http.post("/api/v1/chat", json=first, headers=key)).status_code == 200
        other = await http.post("/api/v1/chat", json={**first, "text": "由谁解释"}, headers=key)
        elsewhere = await http.post("/api/v1/chat", json={"text": "由谁解释"}, headers=key)
    assert other.status_code == 422
    assert list(other.json()["errors"]) == ["Idempotency-Key"]
    assert elsewhere.status_code == 200  # another session's key is another key


async def test_a_reply_can_be_rated_with_its_session(tmp_path):
    async with client(tmp_path) as http:
        answer = await chat(http, text="公示几天")
        rating = {
            "about": answer["replies"][0]["id"],
            "session": answer["session"],
            "useful": False,
            "comment": "没懂",
        }
        assert (await http.post("/api/v1/feedback", json=rating)).json() == {"kept": True}
        (kept,) = await http.app._run(http.app.store.feedback)
        nobody = await http.post("/api/v1/feedback", json={**rating, "session": "nobody"})
        history = (await http.post("/api/v1/chat/history", json={"session": answer["session"]})).json()
    assert (kept.question, kept.useful, kept.comment) == ("公示几天", False, "没懂")
    assert "5个工作日" in kept.answer
    assert nobody.status_code == 404
    assert history["turns"][1]["reply"]["id"] == rating["about"]


async def test_a_session_survives_a_restart(tmp_path):
    async with client(tmp_path) as http:
        start = await chat(http, action="prescreen:pilot_base")
        asked = (await chat(http, start["session"], text="今天"))["replies"][-1]["question"]["field"]
    async with client(tmp_path) as http:
        answer = await chat(http, start["session"], action="resume")
        history = (await http.post("/api/v1/chat/history", json={"session": start["session"]})).json()
    assert answer["replies"][-1]["question"]["field"] == asked
    assert [turn["who"] for turn in history["turns"]][:4] == ["user", "bot", "user", "bot"]


async def test_a_profile_is_screened_and_bad_fields_are_named(tmp_path):
    async with client(tmp_path) as http:
        good = await http.post("/api/v1/prescreen", json={"track": "pilot_base", "site_area_m2": 850})
        bad = await http.post(
            "/api/v1/prescreen", json={"track": "pilot_base", "site_area_m2": -1, "nonsense": 1}
        )
    assert good.json()["unmet"] == ["9.3"]
    assert bad.status_code == 422
    assert set(bad.json()["errors"]) == {"site_area_m2", "nonsense"}


@pytest.mark.parametrize("spelling", ["9.3", "第九条第（三）项", "九条三项", "9(3)"])
async def test_a_clause_is_found_in_any_spelling(tmp_path, spelling):
    async with client(tmp_path) as http:
        clause = (await http.get(f"/api/v1/articles/{spelling}")).json()
        assert (await http.get("/api/v1/articles/99")).status_code == 404
    assert (clause["label"], clause["previous"], clause["next"]) == ("9.3", "9.2", "9.4")
    assert set(clause) == {"regulation", "label", "name", "text", "chapter", "children", "previous", "next"}


async def test_the_faq_is_listed_and_searched(tmp_path):
    async with client(tmp_path) as http:
        everything = (await http.get("/api/v1/faq")).json()
        found = (await http.get("/api/v1/faq", params={"q": "公示"})).json()
    assert len(everything) > len(found) > 0
    assert found[0]["id"] == "public-notice"


BAD = [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"q": 5}', b'{"q": ""}', b'{"q": "   "}', b'{"text": "a", "action": "b"}', b'{"q": "a", "more": 1}', b'{"track": NaN}', b'{"track": 1e999999}', b'{"track": "pilot_base", "team_size": 1e400}', b"[" * 5000, b'{"a":' * 2000]  # fmt: skip


@pytest.mark.parametrize("body", BAD)
@pytest.mark.parametrize("path", ["ask", "chat", "prescreen", "chat/news", "chat/history"])
async def test_bad_input_is_a_problem_that_names_the_field(tmp_path, path, body):
    async with client(tmp_path) as http:
        response = await http.post(
            f"/api/v1/{path}", content=body, headers={"content-type": "application/json"}
        )
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["errors"]


@pytest.mark.parametrize(
    "text",
    ["\x00", "\ud800", "\U000e0041", "9" * 4000, "<script>alert(1)</script>", "\u202e", "；drop table"],
)
async def test_strange_texts_are_answered(tmp_path, text):
    async with client(tmp_path) as http:
        response = await http.post(
            "/api/v1/chat", content=json.dumps({"text": text}), headers={"content-type": "application/json"}
        )
    assert response.status_code in {200, 422}


async def test_a_body_over_the_limit_is_refused(tmp_path):
    async with client(tmp_path) as http:
        response = await http.post("/api/v1/ask", content=b'{"q": "' + b"x" * 70_000 + b'"}')
    assert response.status_code == 413


async def test_the_limits_of_session_and_address_are_kept_and_zero_is_off(tmp_path):
    async with client(tmp_path, session_limit=3, address_limit=0) as http:
        session = (await chat(http, text="公示几天"))["session"]
        codes = [
            (await http.post("/api/v1/chat", json={"session": session, "text": "公示几天"})).status_code
            for _ in range(4)
        ]
        last = await http.post("/api/v1/chat", json={"session": session, "text": "公示几天"})
    assert codes.count(200) == 2
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    async with client(tmp_path, session_limit=0, address_limit=2) as http:
        assert [(await http.get("/api/v1/faq")).status_code for _ in range(3)] == [200, 200, 429]


async def test_health_readiness_metrics_and_the_description_are_at_the_root(tmp_path):
    async with client(tmp_path) as http:
        assert (await http.get("/healthz")).json() == {"status": "ok"}
        assert (await http.get("/readyz")).json()["checks"]["database"] == "ok"
        assert "beian_check_ok" in (await http.get("/metrics")).text
        paths = (await http.get("/openapi.json")).json()["paths"]
    assert {
        "/api/v1/ask",
        "/api/v1/chat",
        "/api/v1/prescreen",
        "/api/v1/articles/{label}",
        "/api/v1/faq",
    } <= set(paths)


async def test_one_persons_data_is_shown_and_forgotten(tmp_path):
    async with client(tmp_path) as http:
        session = (await chat(http, text="公示几天"))["session"]
        assert "公示几天" in (await chat(http, session, text="/mydata"))["replies"][0]["text"]
        await chat(http, session, text="/forget")
        await chat(http, session, text="确定")
        assert await http.app.recent("web", http.app.user_of(session)) == []
