"""The commands about reports: `beian report PROFILE.json --output FILE` and `beian report verify FILE`."""

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli_errors import SOME_FAILED, clear_errors

CHINA = ZoneInfo("Asia/Shanghai")
"""The day of a report is the civil day in China; bot.app says so too, but takes a second to import."""


class _Written(click.Group):
    """A group whose first argument may be a profile instead of a command: then a report is written."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["write", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Written, options_metavar="[PROFILE.json --output FILE]")
def report() -> None:
    """预审报告：beian report PROFILE.json --output FILE 写出 .pdf、.docx 或 .xlsx。"""


@report.command()
@click.argument("profile", type=click.Path(path_type=Path))
@click.option(
    "--output", required=True, type=click.Path(path_type=Path), help="报告文件：.pdf、.docx 或 .xlsx。"
)
@clear_errors
def write(profile: Path, output: Path) -> None:
    """写出一份报告（可省略 write）。"""
    from bot.report_document import spaced
    from bot.report_file import read_profile_file, write_report
    from flows.rules import load_rules

    made = write_report(load_rules(), read_profile_file(profile), datetime.now(CHINA).date(), output)
    click.echo(f"{output}　回执 {spaced(made.receipt)}")


@report.command()
@click.argument("file", type=click.Path(path_type=Path))
@clear_errors
def verify(file: Path) -> None:
    """核对一份报告：从填报数据重新计算，指出不同之处。"""
    from bot.report_check import check_report
    from flows.rules import load_rules

    checked = check_report(file.read_bytes(), load_rules())
    for line in checked.lines:
        click.echo(line)
    sys.exit(0 if checked.holds else SOME_FAILED)
