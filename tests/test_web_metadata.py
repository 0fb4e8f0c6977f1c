"""What search engines read: structured data, titles, canonical addresses, the sitemap, what robots may read."""

import json
import re
from xml.etree import ElementTree

import pytest
from test_http_api import client

from knowledge.regulation import load

SITE = "https://beian.example"


def data_of(page):
    return [
        json.loads(found)
        for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    ]


@pytest.mark.parametrize(
    ("path", "types", "title"),
    [
        ("/", {"WebSite"}, "备案通：概念验证中心和中试基地（平台）备案问答"),
        ("/articles", {"Legislation"}, "云南省概念验证中心和中试基地（平台）备案管理办法（试行） 全文 - 备案通"),
        ("/articles/9.3", {"Legislation", "BreadcrumbList"}, "第九条第（三）项 - 云南省概念验证中心和中试基地（平台）备案管理办法（试行） - 备案通"),
        ("/faq", {"FAQPage"}, "常见问题 - 备案通"),
        ("/faq/site-area", {"FAQPage", "BreadcrumbList"}, "场地面积要多大？ - 备案通"),
    ],
)  # fmt: skip
async def test_every_page_has_structured_data_a_title_and_one_address(tmp_path, path, types, title):
    async with client(tmp_path, public_url=SITE) as http:
        page = (await http.get(path)).text
    found = data_of(page)
    assert {item["@type"] for item in found} == types
    assert all(item["@context"] == "https://schema.org" for item in found)
    assert f"<title>{title}</title>" in page
    assert f'<link rel="canonical" href="{SITE}{path}">' in page
    assert len(re.findall(r'<meta name="description" content="[^"]{10,}', page)) == 1


async def test_structured_data_cannot_end_its_element(tmp_path):
    async with client(tmp_path) as http:
        page = (await http.get("/faq", params={"q": "场地</script><b>"})).text
    assert "</script><b>" not in page


async def test_the_sitemap_has_every_clause_and_question_and_every_address_works(tmp_path):
    async with client(tmp_path, public_url=SITE, address_limit=0) as http:
        response = await http.get("/sitemap.xml")
        names = [
            e.text
            for e in ElementTree.fromstring(response.text).iter(
                "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
            )
        ]
        for name in names[::7]:
            assert (await http.head(name.removeprefix(SITE))).status_code == 200, name
        robots = (await http.get("/robots.txt")).text
    assert {f"{SITE}/articles/{label}" for label in load().clauses} <= set(names)
    assert f"{SITE}/faq/public-notice" in names
    assert f"Sitemap: {SITE}/sitemap.xml" in robots
    assert "Disallow: /api/" in robots
