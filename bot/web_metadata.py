"""What pages tell search engines: structured data after schema.org, the sitemap, and what robots may read."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from knowledge.entries import TRACKS, Entry
from knowledge.regulation import About, Clause, Regulation

CONTEXT = "https://schema.org"


def website(site: str, about: About) -> dict[str, Any]:
    """The site and its search."""
    return {
        "@context": CONTEXT, "@type": "WebSite", "name": "备案通", "url": f"{site}/", "inLanguage": "zh-CN",
        "about": _legislation(site, about),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{site}/search?q={{words}}"},
            "query-input": "required name=words",
        },
    }  # fmt: skip


def legislation(site: str, regulation: Regulation, about: About) -> dict[str, Any]:
    """The measure with its articles."""
    parts = [
        {"@type": "Legislation", "name": article.name, "url": f"{site}/articles/{article.label}"}
        for article in regulation.articles()
    ]
    return {"@context": CONTEXT, **_legislation(site, about), "hasPart": parts}


def _legislation(site: str, about: About) -> dict[str, Any]:
    return {
        "@type": "Legislation", "name": about.title, "legislationIdentifier": about.number, "url": f"{site}/articles",
        "legislationPassedBy": {"@type": "GovernmentOrganization", "name": about.issuer},
        "legislationDate": about.issued.isoformat(), "legislationLegalForce": "InForce",
        "temporalCoverage": f"{about.in_force.isoformat()}/{about.expires.isoformat()}", "inLanguage": "zh-CN",
    }  # fmt: skip


def clause_page(site: str, clause: Clause, above: Sequence[Clause], about: About) -> list[dict[str, Any]]:
    """A clause of the measure, and the way to it."""
    trail = [("条款原文", "/articles"), *((c.name, f"/articles/{c.label}") for c in (*above, clause))]
    return [
        {
            "@context": CONTEXT, "@type": "Legislation", "name": f"{about.title}{clause.name}", "text": clause.text,
            "url": f"{site}/articles/{clause.label}", "legislationIdentifier": f"{about.number} {clause.name}",
            "isPartOf": _legislation(site, about), "inLanguage": "zh-CN",
        },
        breadcrumbs(site, trail),
    ]  # fmt: skip


def breadcrumbs(site: str, trail: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page, from (name, path) pairs."""
    steps = [
        {"@type": "ListItem", "position": number, "name": name, "item": f"{site}{path}"}
        for number, (name, path) in enumerate(trail, 1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": steps}


def faq_page(site: str, entries: Iterable[Entry]) -> dict[str, Any]:
    """Questions with what the measure says to each."""
    questions = [
        {
            "@type": "Question", "name": entry.question, "url": f"{site}/faq/{entry.id}",
            "acceptedAnswer": {"@type": "Answer", "text": answer_text(entry)},
        }
        for entry in entries
    ]  # fmt: skip
    return {"@context": CONTEXT, "@type": "FAQPage", "inLanguage": "zh-CN", "mainEntity": questions}


def answer_text(entry: Entry) -> str:
    """What an entry says, in one text."""
    if not entry.by_track:
        return entry.common.says if entry.common else ""
    return " ".join(f"{TRACKS.get(track, '')}：{v.says}" for track, v in entry.by_track.items())


def sitemap(addresses: Iterable[str], day: str) -> str:
    """The pages that can be found, with the day of the last change."""
    lines = (f"<url><loc>{escape(address)}</loc><lastmod>{day}</lastmod></url>" for address in addresses)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    )
    return "\n".join([head, *lines, "</urlset>\n"])


def robots(site: str) -> str:
    """Everything that is only read may be found; conversations and searches are nobody's business."""
    return f"User-agent: *\nDisallow: /api/\nDisallow: /ask\nDisallow: /search\nDisallow: /embed\n\nSitemap: {site}/sitemap.xml\n"
