"""The console's pages of what people ask: figures with charts and CSV, unanswered questions, the retrieval bench."""

import asyncio
from datetime import date, timedelta

from fastapi.responses import Response

from bot.chart_counts import draw_days, draw_names
from bot.faq_conflicts import reply_to
from bot.grouping import group, read_asked
from bot.helpdesk import PROVINCE
from bot.overview import OUTCOMES, VERDICTS, Overview, place_name, read_overview, shown
from bot.overview_text import as_csv, hours, name_of, summary
from bot.upkeep import CHINA
from bot.web_console import Page, Visit
from bot.wording_bench import KINDS, read_as, why
from flows.fields import PREFECTURES
from knowledge.bench import look
from knowledge.entries import TRACKS
from knowledge.ranking import ANSWER_FROM

LONGEST = 366
"""Days of a period at the most."""


def _period(visit: Visit) -> tuple[date, date]:
    """The days asked for; without any, or with ones that are none, the last whole week."""
    today = visit.at.astimezone(CHINA).date()
    monday = today - timedelta(today.weekday() + 7)
    week = monday, monday + timedelta(6)
    try:
        first, last = (date.fromisoformat(visit.request.query_params[name]) for name in ("first", "last"))
    except (KeyError, ValueError):
        return week
    near = date(2000, 1, 1) <= first <= last <= today + timedelta(LONGEST)
    return (first, last) if near and (last - first).days < LONGEST else week


def _place(visit: Visit) -> str:
    """Whose figures: a clerk sees the own prefecture's alone, others all or the one asked for."""
    account = visit.session.account
    if account.role == "clerk":
        return account.desk
    asked = visit.request.query_params.get("place", "")
    return asked if asked in {PROVINCE, *PREFECTURES} else ""


async def _read(visit: Visit) -> Overview:
    (first, last), place, app = _period(visit), _place(visit), visit.console.app
    return await app.look(lambda db: read_overview(db, app.world.rules, first, last, place))


async def _overview(visit: Visit) -> Response:
    found = await _read(visit)
    charts = {
        "每日提问": draw_days(found.by_day, "每日提问"),
        "按主题": draw_names([(r.name, r.total, f"{r.total}，答复{r.share('answered')}") for r in found.by_topic[:12]], "按主题"),
        "按州（市）": draw_names([(r.name, r.total, str(r.total)) for r in found.by_place], "按州（市）"),
        "最常不满足的条件": draw_names(
            [(name_of(label), n, shown(n, found.place)) for _, label, n in found.unmet[:10]], "最常不满足的条件"
        ),
    }  # fmt: skip
    return visit.render(
        "console_asked.html", found=found, charts=charts,
        summary=summary(found), outcomes=OUTCOMES, verdicts=VERDICTS, tracks=TRACKS, hours=hours, shown=shown,
        places=PREFECTURES, place_name=place_name, weeks=_weeks(found), query=visit.request.url.query,
        asks_place=visit.session.account.role != "clerk",
    )  # fmt: skip


def _weeks(found: Overview) -> dict[str, tuple[date, date]]:
    """The periods of the same length before and after."""
    length = timedelta((found.last - found.first).days + 1)
    return {
        "上一段": (found.first - length, found.last - length),
        "下一段": (found.first + length, found.last + length),
    }


async def _csv(visit: Visit) -> Response:
    found = await _read(visit)
    name = f"beian-{found.first}-{found.last}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(as_csv(found), media_type="text/csv; charset=utf-8", headers=headers)


async def _questions(visit: Visit) -> Response:
    app = visit.console.app
    asked = await app.look(read_asked)
    groups = await asyncio.to_thread(group, app.world.knowledge, asked)
    return visit.render(
        "console_questions.html", groups=groups[:50], total=sum(g.size for g in groups), count=len(groups)
    )


async def _bench(visit: Visit) -> Response:
    question = visit.request.query_params.get("q", "")[:200]
    knowledge = visit.console.app.world.knowledge
    found = await asyncio.to_thread(look, knowledge, question) if question.strip() else None
    reply = await visit.console.app.think(lambda world: reply_to(world, question)) if found else None
    return visit.render(
        "console_bench.html", q=question, found=found, reply=reply, read=read_as(found) if found else (), why=why, kinds=KINDS, outcomes=OUTCOMES,
        needed=ANSWER_FROM,
    )  # fmt: skip


PAGES = (
    Page("GET", "/asked", "asked", _overview, "咨询统计"),
    Page("GET", "/asked/csv", "asked", _csv),
    Page("GET", "/questions", "questions", _questions, "没答上的"),
    Page("GET", "/bench", "bench", _bench, "检索试验"),
)
