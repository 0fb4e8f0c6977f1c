"""Reports over HTTP: the file of a posted profile, checked by the same means as any other."""

import json
from xml.etree import ElementTree

import pytest
from test_http_api import client

from bot.report_check import check_report
from bot.report_file import FORMATS

TOLD = {"id": "甲", "track": "pilot_base", "as_of": "2026-06-01", "site_area_m2": 850.5}


@pytest.mark.parametrize("form", sorted(FORMATS))
async def test_a_posted_profile_comes_back_as_a_report_that_holds(tmp_path, form):
    async with client(tmp_path) as http:
        response = await http.post(f"/api/v1/prescreen/report?format={form}", json=TOLD)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == FORMATS[form]
        assert f".{form}" in response.headers["content-disposition"]
        assert check_report(response.content, http.app.world.rules).holds


async def test_the_chart_comes_as_svg(tmp_path):
    async with client(tmp_path) as http:
        response = await http.post("/api/v1/prescreen/report?format=svg", json=TOLD)
    assert response.headers["content-type"].startswith("image/svg+xml")
    assert ElementTree.fromstring(response.text).get("role") == "img"


@pytest.mark.parametrize(
    ("query", "body", "field"),
    [
        ("pdf", {"track": "pilot_base", "site_area_m2": -1}, "site_area_m2"),
        ("pdf", {}, "track"),
        ("doc", TOLD, "format"),
    ],
)
async def test_bad_input_names_its_field(tmp_path, query, body, field):
    async with client(tmp_path) as http:
        response = await http.post(f"/api/v1/prescreen/report?format={query}", json=body)
    assert response.status_code == 422
    assert field in response.json()["errors"]


async def test_the_route_is_described(tmp_path):
    async with client(tmp_path) as http:
        described = (await http.get("/openapi.json")).json()["paths"]["/api/v1/prescreen/report"]["post"]
    assert set(FORMATS.values()) < set(described["responses"]["200"]["content"])
    assert "requestBody" in described


async def test_the_report_is_a_page_too_and_its_files_come_by_an_ordinary_form(tmp_path):
    async with client(tmp_path) as http:
        page = await http.get("/report")
        shown = await http.post("/report", json={**TOLD, "id": "<b>甲</b>"})
        file = await http.post("/report/file", data={"profile": json.dumps(TOLD), "form": "xlsx"})
        bad = await http.post("/report/file", data={"profile": "{", "form": "pdf"})
        unknown = await http.post("/report/file", data={"profile": json.dumps(TOLD), "form": "exe"})
        assert check_report(file.content, http.app.world.rules).holds
    assert page.status_code == 200
    assert "预审结果：不符合" in shown.text
    assert "<b>甲" not in shown.text
    assert " style=" not in shown.text
    assert file.headers["content-disposition"].startswith("attachment")
    assert (bad.status_code, unknown.status_code) == (400, 422)


async def test_what_a_conversation_told_is_what_the_report_is_made_of(tmp_path):
    async with client(tmp_path) as http:
        started = (await http.post("/api/v1/chat", json={"action": "prescreen:pilot_base"})).json()
        told = {"session": started["session"]}
        await http.post("/api/v1/chat", json={**told, "action": "set:site_area_m2:1200.5"})
        profile = await http.post("/api/v1/chat/profile", json=told)
        empty = (await http.post("/api/v1/sessions")).json()
        none = await http.post("/api/v1/chat/profile", json=empty)
        screened = await http.post("/api/v1/prescreen", json=profile.json())
    assert profile.json() == {"track": "pilot_base", "site_area_m2": 1200.5}
    assert screened.status_code == 200
    assert none.status_code == 404
