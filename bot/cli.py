"""The command `beian`: a table of contents; every command imports what it needs when it runs."""

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from bot.cli_asked import asked
from bot.cli_data import data
from bot.cli_deadline import deadline
from bot.cli_doctor import doctor
from bot.cli_errors import SOME_FAILED, clear_errors, fail
from bot.cli_faq import faq
from bot.cli_report import report
from bot.cli_staff import staff
from bot.cli_telegram import telegram


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="beian")
def main() -> None:
    """备案通：云南省概念验证中心和中试基地（平台）备案管理办法的问答与预审。"""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A lone surrogate comes out as \\ud800, which is right in JSON too.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


@main.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--batch", type=click.Path(path_type=Path), help="JSON Lines 文件，每行 {id, q, turns}。")
@clear_errors
def ask(question: str | None, as_json: bool, batch: Path | None) -> None:
    """问一个问题，回答附条款原文。"""
    from bot.ask import ask_batch, ask_one

    if batch is not None:
        sys.exit(ask_batch(batch, sys.stdout, sys.stderr))
    if not question or not question.strip():
        fail("give a question, such as: beian ask 概念验证中心场地要多大")
    answer = ask_one(str(question))
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else answer["answer"])


@main.command()
@clear_errors
def chat() -> None:
    """在终端里对话；退出后再来，接着上次的。"""
    from bot.channel_console import run

    run()


@main.command()
@click.argument("label", nargs=-1, required=True)
@clear_errors
def article(label: tuple[str, ...]) -> None:
    """看一条或一项的原文，条号任意写法：9.3、第九条第（三）项。"""
    from knowledge.label import read_label
    from knowledge.regulation import load

    text = " ".join(label)
    read = read_label(text)
    if read is None:
        fail(f"{text!r} is no clause; write 9.3, 第九条第（三）项 or 第9条")
    clause = load().find(read) if read else None
    if clause is None:
        fail(f"本办法没有{read.name if read else text}；共{len(load().articles())}条")
    else:
        click.echo(f"{clause.name}　{clause.chapter}".rstrip("　") + f"\n\n{clause.text}")


@main.command()
@click.option("--batch", type=click.Path(path_type=Path), help="批量预审 .jsonl、.csv 或 .xlsx。")
@click.option("--output", type=click.Path(path_type=Path), help="结果文件；不写则在标准输出上逐行输出 JSON。")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="没有申报日期的行按这一天预审。")
@click.option("--template", type=click.Path(path_type=Path), help="写出一份空白的 .xlsx 申报表。")
@click.option(
    "--checklist",
    type=click.Choice(["proof_of_concept", "pilot_base"]),
    help="打印会问到的内容，按部门分列。",
)
@clear_errors
def prescreen(
    batch: Path | None,
    output: Path | None,
    as_of: datetime | None,
    template: Path | None,
    checklist: str | None,
) -> None:
    """预审：在终端里逐题回答，或用 --batch 批量。"""
    from flows.rules import load_rules

    if checklist is not None:
        from flows.checklist import as_text
        from knowledge.entries import TRACKS

        click.echo(as_text(checklist, load_rules(), TRACKS[checklist]))
        return
    if template is not None:
        from bot.batch_template import make_template

        sys.exit(make_template(template, load_rules(), sys.stderr))
    if batch is not None:
        from bot.batch import run_batch

        day: date | None = as_of.date() if as_of else None
        sys.exit(run_batch(batch, output, day, sys.stdout, sys.stderr))
    from bot.channel_console import run

    run(action="prescreen")


@main.command()
@clear_errors
def rules() -> None:
    """把规则列成表：条款、要求、字段、提问、检验（Markdown）。"""
    from flows.rules import load_rules
    from flows.rules_table import as_markdown
    from knowledge.regulation import load

    click.echo(as_markdown(load_rules(), load()))


@main.command()
@click.option("--host", help="监听地址，默认 127.0.0.1。")
@click.option("--port", type=int, help="端口，默认 8000。")
@clear_errors
def serve(host: str | None, port: int | None) -> None:
    """启动网页、接口；设了令牌则同时启动 Telegram。"""
    from bot.channel_web import serve as run
    from bot.settings import read_settings

    sys.exit(run(read_settings(host=host, port=port)))


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@clear_errors
def evaluate(file: Path | None) -> None:
    """用问题集和已发布条目的回归问题评测回答，按类型列出得分和每一处错误。"""
    from bot.current import current_world
    from bot.evaluate import evaluate as run
    from bot.evaluate import report as card

    if file is not None and not file.exists():
        fail(f"{file}: there is no such file")
    verdicts = run(current_world(), file)
    if not verdicts:
        fail("nothing to evaluate: give a JSON Lines file; no published entry brings a question of its own")
    click.echo(card(verdicts))


@main.group()
def knowledge() -> None:
    """知识库。"""


@knowledge.command()
@clear_errors
def check() -> None:
    """核对条款、引文、数字和常见问题。"""
    from flows.rules import load_rules
    from knowledge.check import check as run
    from knowledge.regulation import DEFAULT

    found, problems = run(DEFAULT)
    found.append(f"{len(load_rules().rules)} rules, version {load_rules().version}")
    for line in found:
        click.echo(line)
    for line in problems:
        click.echo(line, err=True)
    sys.exit(SOME_FAILED if problems else 0)


@knowledge.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="写入的目录，默认当前目录下的 regulations/。")
@clear_errors
def import_files(files: tuple[Path, ...], into: Path | None) -> None:
    """读入另一份办法（.txt .md .html .docx .pdf），列出条款数。"""
    from bot.current import imported_folder
    from knowledge.importer import import_file
    from knowledge.library import rebuild

    folder = into or imported_folder()
    for file in files:
        click.echo(import_file(file, folder))
    click.echo(
        f"{rebuild(folder)} articles can be searched; a running server reads them when it starts again"
    )


@knowledge.command("diff")
@click.argument("old")
@click.argument("new")
@clear_errors
def diff_versions(old: str, new: str) -> None:
    """逐条比较两个版本（文件、已导入的名称或 yunnan-2025-11），列出改动和受影响的问答、规则、测试。"""
    from bot.current import imported_folder
    from bot.touching import word_diff
    from flows.rules import load_rules
    from knowledge.entries import load_entries
    from knowledge.importer import read_version
    from knowledge.regulation import load

    folder = imported_folder()
    before, after = (read_version(name, folder) for name in (old, new))
    for line in word_diff(before, after, load_entries(load()), load_rules()):
        click.echo(line)


main.add_command(asked)
main.add_command(deadline)
main.add_command(doctor)
main.add_command(faq)
main.add_command(staff)
main.add_command(data)
main.add_command(report)
main.add_command(telegram)
