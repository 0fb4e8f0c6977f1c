"""The command `beian doctor`: is this installation well, and what to do where it is not."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli_errors import SOME_FAILED, clear_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.doctor import Finding

COLOURS = {"正常": "green", "注意": "yellow", "错误": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@clear_errors
def doctor(as_json: bool) -> None:
    """检查设置、数据库、时钟、字体、Telegram、磁盘、节假日、条文和发布条目；有错误时退出码为 1。"""
    from bot.doctor import state_of
    from bot.logs import silence

    silence()
    findings: list[Finding] = []
    for finding in _examined():
        findings.append(finding)
        if not as_json:
            advice = f"。{finding.advice}。" if finding.advice else "。"
            state = click.style(finding.state, fg=COLOURS[finding.state])
            click.echo(f"{state}　{finding.topic}：{finding.found}{advice}")
    if as_json:
        result = {"state": state_of(findings), "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
    sys.exit(SOME_FAILED if state_of(findings) == "错误" else 0)


def _examined() -> "Iterator[Finding]":
    from bot.doctor import Finding, examine
    from bot.settings import SettingsError, read_settings

    try:
        settings = read_settings()
    except SettingsError as error:
        yield Finding("设置", "错误", str(error), "改好这一项再检查，其余各项都要用到设置")
        return
    yield from examine(settings, datetime.now(UTC))
