"""Examines an installation: settings, database, clock, fonts, Telegram, disk, holidays, regulation, published entries."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from fontTools.ttLib import TTFont, TTLibError
from telegram.error import Forbidden, InvalidToken, TelegramError

from bot.faq_editing import check as check_draft
from bot.helpdesk import OfficesError
from bot.published import extend, outdated
from bot.report_pdf import FONTS
from bot.settings import DOTENV, Settings
from bot.store import Store, StoreError
from bot.store_faq import read_published
from bot.store_opening import is_there, open_store
from bot.store_sql import Sql, fetch, stamp
from bot.telegram_api import make_api
from bot.upkeep import CHINA
from bot.world import World, open_world
from flows.rules_data import RulesError
from flows.workdays import WorkdaysError
from knowledge.check import check as check_knowledge
from knowledge.check import is_verbatim
from knowledge.regulation import KnowledgeError

State = Literal["正常", "注意", "错误"]

TELEGRAM_SECONDS = 5.0
LITTLE, TOO_LITTLE = 1_000_000_000, 100_000_000
"""Bytes free on a disk."""

SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, what was found, and what to do where it is not well."""

    topic: str
    state: State
    found: str
    advice: str = ""


def examine(settings: Settings, at: datetime) -> Iterator[Finding]:
    """Everything that can be told from outside, a finding at a time. It changes nothing but that a database of an earlier
    version is upgraded, as a start would do. Nothing secret is in it."""
    day = at.astimezone(CHINA).date()
    yield from _check_files(settings)
    try:
        world = open_world(settings)
    except (OfficesError, WorkdaysError, KnowledgeError, RulesError) as error:
        yield Finding("数据文件", "错误", str(error), "按上面的提示改好文件，或重新安装程序")
        return
    yield _check_regulation(world, day)
    yield _check_offices(world)
    yield from _check_holidays(world, day)
    yield _check_fonts(world)
    yield from _check_disk(settings)
    yield from _check_database(settings, world, at)
    yield asyncio.run(_check_telegram(settings))


def _check_files(settings: Settings) -> Iterator[Finding]:
    """Settings are read already; who else may read them."""
    open_files = [name for name in (DOTENV,) if Path(name).is_file() and Path(name).stat().st_mode & 0o077]
    if open_files:
        yield Finding("设置", "注意", f"{DOTENV} 其他用户也能读", f"运行 chmod 600 {DOTENV}")
    elif not settings.operator:
        yield Finding("设置", "注意", "没有写明由谁运行", "用 BEIAN_OPERATOR 写明单位，否则显示“非官方工具”")
    elif settings.host not in {"127.0.0.1", "localhost", "::1"} and settings.public_url is None:
        yield Finding(
            "设置", "注意", "没有写明网站的公网地址", "用 BEIAN_PUBLIC_URL 写明，链接和站点地图才对"
        )
    else:
        yield Finding("设置", "正常", "全部可用")


def _check_regulation(world: World, day: date) -> Finding:
    about = world.about
    problems = check_knowledge(about.id)[1]
    if not is_verbatim(about.id):
        problems.insert(0, "条文与发布时的校验值不一致")
    if problems:
        return Finding(
            "条文", "错误", problems[0], "重新安装程序；自己改过条文或条目的，运行 beian knowledge check"
        )
    if not about.in_force <= day <= about.expires:
        return Finding(
            "条文", "注意", f"今天（{day}）不在办法的有效期内", "核对系统日期；办法有修订的，安装新版程序"
        )
    return Finding(
        "条文", "正常", f"{about.number}，校验值一致，{len(world.knowledge.entries)}个条目引文无误"
    )


def _check_offices(world: World) -> Finding:
    if world.offices is None:
        return Finding(
            "窗口", "注意", "没有窗口和联系方式，转人工时只能请人另行查询", "用 BEIAN_OFFICES 给出文件"
        )
    desks = sum(office.desk for office in world.offices.office)
    if not desks:
        return Finding("窗口", "注意", "没有一个窗口受理工单", "在 BEIAN_OFFICES 的文件里写 desk = true")
    return Finding("窗口", "正常", f"{len(world.offices.office)}个联系方式，{desks}个窗口受理工单")


def _check_holidays(world: World, day: date) -> Iterator[Finding]:
    """The State Council publishes the next year's days off in November."""
    for year in (day.year, day.year + 1):
        if world.workdays.knows(year):
            yield Finding(f"{year}年节假日", "正常", "放假和调休安排已收录")
        elif year == day.year or day.month == 12:
            advice = "升级程序，或用 BEIAN_HOLIDAYS 补上国务院的通知"
            yield Finding(f"{year}年节假日", "注意", "没有收录，这一年的工作日期限算不出来", advice)
        else:
            yield Finding(f"{year}年节假日", "正常", "还没有收录，国务院一般在11月公布")


def _check_fonts(world: World) -> Finding:
    for name in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"):
        try:
            with TTFont(FONTS / name, lazy=True) as font:
                known = font.getBestCmap()
        except (OSError, TTLibError):
            return Finding("字体", "错误", f"{name} 打不开，报告里会没有汉字", "重新安装程序")
        if missing := {c for c in world.knowledge.regulation.text if c.isalnum() and ord(c) not in known}:
            return Finding("字体", "错误", f"{name} 缺少“{min(missing)}”等字", "重新安装程序")
    return Finding("字体", "正常", "报告用的字体齐全")


def _check_disk(settings: Settings) -> Iterator[Finding]:
    """Where the database is, and where reports are made."""
    folders = {"临时目录": Path(tempfile.gettempdir())}
    if not settings.has_workers:
        folders["数据目录"] = _file(settings).absolute().parent
    for topic, folder in folders.items():
        if not os.access(folder, os.W_OK):
            yield Finding(topic, "错误", f"{folder} 不能写入", "给运行程序的用户写入的权限")
            continue
        free = shutil.disk_usage(folder).free
        state: State = "错误" if free < TOO_LITTLE else "注意" if free < LITTLE else "正常"
        advice = "" if state == "正常" else "清理磁盘，或把数据移到更大的盘"
        yield Finding(topic, state, f"{folder} 还有{free / 1e9:.1f} GB", advice)


def _file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix("sqlite:///"))


def _check_database(settings: Settings, world: World, at: datetime) -> Iterator[Finding]:
    if not is_there(settings.database):
        advice = "首次启动时会建立；已有数据的，请核对 BEIAN_DATABASE 和当前目录"
        yield Finding("数据库", "注意", f"{_file(settings)} 还不存在", advice)
        return
    try:
        with closing(open_store(settings.database, must_exist=True)) as store:
            store.check()
            yield _describe(settings, store)
            yield _check_clock(store, at)
            yield _check_published(world, store, at.astimezone(CHINA).date())
    except StoreError as error:
        yield Finding("数据库", "错误", str(error), "按上面的提示处理；见运维手册 docs/runbook.md")


def _describe(settings: Settings, store: Store) -> Finding:
    asked = "show server_version" if settings.has_workers else "select sqlite_version()"
    version = store.look(lambda db: next(iter(fetch(db, asked)[0].values())))
    step = store.look(lambda db: fetch(db, "select max(name) as step from steps"))[0]["step"]
    found = f"{'PostgreSQL' if settings.has_workers else 'SQLite'} {version}，可读写，结构 {step}"
    if not settings.has_workers and _file(settings).stat().st_mode & 0o077:
        return Finding("数据库", "注意", f"{found}；其他用户也能读", f"运行 chmod 600 {_file(settings)}")
    return Finding("数据库", "正常", found)


def _check_clock(store: Store, at: datetime) -> Finding:
    """Against what was written last: a clock that went back makes retention and reminders wrong."""

    def latest(db: Sql) -> str:
        return str(fetch(db, "select max(touched_at) as last from conversations")[0]["last"] or "")

    here = at.astimezone(CHINA)
    last = store.look(latest)
    if last > stamp(at + SKEW):
        return Finding(
            "时钟",
            "错误",
            f"现在是{here:%Y-%m-%d %H:%M}，数据库里却有更晚的记录",
            "打开时间同步（NTP）后再启动",
        )
    return Finding("时钟", "正常", f"北京时间{here:%Y-%m-%d %H:%M}")


def _check_published(world: World, store: Store, day: date) -> Finding:
    drafts = store.look(read_published)[1]
    for draft in drafts:
        others = extend(world, [other for other in drafts if other.entry != draft.entry])
        checked = check_draft(others, draft, day)
        stale = [*outdated(draft, world.knowledge.regulation, day), *checked.problems]
        against = [c.where for c in checked.conflicts if c.kind == "contradicts"]
        if stale or against:
            found = f"{draft.entry}：{stale[0] if stale else f'与 {against[0]} 说法相反'}"
            return Finding(
                "发布条目", "注意", found, f"运行 beian faq check {draft.id}，改好后重新发布或撤下"
            )
    return Finding("发布条目", "正常", f"{len(drafts)}条，没有过期和互相矛盾的")


async def _check_telegram(settings: Settings) -> Finding:
    if settings.telegram_token is None:
        return Finding("Telegram", "正常", "没有设置令牌，不启动")
    try:
        async with make_api(settings) as api, asyncio.timeout(TELEGRAM_SECONDS):
            me = await api.call("getMe")
            hook = await api.call("getWebhookInfo")
    except (InvalidToken, Forbidden):
        return Finding("Telegram", "错误", "令牌不被承认", "在 BotFather 处核对 BEIAN_TELEGRAM_TOKEN")
    except (TelegramError, TimeoutError) as error:
        advice = "查看网络和防火墙；经代理的，核对 BEIAN_TELEGRAM_PROXY"
        return Finding(
            "Telegram", "错误", f"{TELEGRAM_SECONDS:.0f}秒内没有连上（{type(error).__name__}）", advice
        )
    if hook.get("last_error_message"):
        return Finding(
            "Telegram", "注意", "Telegram 最近没能送达 Webhook", "核对公网地址和证书，见 docs/telegram.md"
        )
    return Finding(
        "Telegram", "正常", f"@{me.get('username', '')}，待取消息{hook.get('pending_update_count', 0)}条"
    )


def state_of(findings: list[Finding]) -> State:
    """The worst of them."""
    order: Callable[[State], int] = ("正常", "注意", "错误").index
    return max((finding.state for finding in findings), key=order, default="正常")
