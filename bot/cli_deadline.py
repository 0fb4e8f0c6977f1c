"""The command `beian deadline`: a deadline counted on the command line, and written as a calendar file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli_errors import clear_errors, fail


@click.command()
@click.argument("kind", required=False, default="")
@click.option("--start", default="", help="从哪天开始，如 2026-03-02；年度报告等填主管部门要求的日期。")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="写成日历文件（.ics）。")
@clear_errors
def deadline(kind: str, start: str, ics: Path | None) -> None:
    """推算期限：公示、变更、整改、取消资格、有效期、年度报告、绩效评价、申报；不写则列出全部。"""
    from bot.app import today
    from bot.conversation import Conversation, Message
    from bot.dialogue import respond
    from bot.documents import make_document, write_whole
    from bot.settings import read_settings
    from bot.world import open_world

    world = open_world(read_settings())
    asked = Message("cli", "cli", "1", today(), f"/deadline {kind} {start}".strip())
    counted = respond(world, Conversation("cli", "cli", greeted=True), asked)
    click.echo(counted.replies[0].text)
    if ics is None:
        return
    exported = respond(world, counted.conversation, Message("cli", "cli", "2", today(), action="calendar"))
    if (document := exported.replies[0].document) is None:
        fail(
            f"{ics}: there is no last day to write; give a kind and --start, such as 公示 --start 2026-03-02"
        )
    else:
        write_whole(ics, make_document(world, document, datetime.now(UTC)))
        click.echo(f"\n已写入 {ics}。")
