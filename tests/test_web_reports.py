"""Reports over HTTP: the file of a posted profile, checked by the same means as any other."""

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
