"""The house's own rules: sizes, layers, a test for every module, data that stands once, documents that tell the truth."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.actions import COMMANDS
from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    p
    for package in ("bot", "flows", "knowledge")
    for p in (ROOT / package).glob("*.py")
    if p.name != "__init__.py"
)
README = (ROOT / "README.md").read_text("utf-8")

TESTED_ELSEWHERE = {
    "batch_cells": "test_batch", "batch_xlsx": "test_batch", "batch_files": "test_batch", "batch_output": "test_batch", "batch_rows": "test_batch", "batch_result": "test_batch", "batch_overview": "test_batch_book", "ranking": "test_answer", "citing": "test_answer", "timing": "test_whatif", "fact_patterns": "test_facts",
    "question": "test_questionnaire",
    "evidence": "test_gap_plan", "wording_gaps": "test_gap_plan", "wording_years": "test_schedule", "chart": "test_schedule",
    "report_pdf": "test_report_document", "report_docx": "test_report_document", "report_xlsx": "test_report_document",
    "report_file": "test_report_document", "report_reading": "test_report_document", "report_check": "test_report_document",
    "wording_amounts": "test_dialogue",
    "questioning": "test_dialogue", "beginning": "test_interviewing", "handing": "test_resume_code", "store_codes": "test_resume_code", "rules_data": "test_rules", "listing": "test_checklist", "wording_comparison": "test_comparing",
    "answering": "test_dialogue", "wording": "test_dialogue", "wording_result": "test_dialogue",
    "wording_deadline": "test_counting", "actions": "test_dialogue", "world": "test_dialogue", "conversation": "test_telegram_text", "web_api": "test_http_api",
    "web_problems": "test_http_api", "web_limits": "test_channel_web", "web_pages": "test_channel_web", "web_reading": "test_channel_web", "web_templates": "test_channel_web", "web_shapes": "test_http_api", "web_json": "test_http_api", "exchange": "test_http_api", "web_report_page": "test_web_reports", "cli_data": "test_cli",
    "cli_errors": "test_cli", "store_records": "test_store_database", "store": "test_store_database", "store_opening": "test_store_database", "store_listening": "test_store_postgres",
    "store_keeping": "test_store_database", "store_rows": "test_store_database", "store_schema": "test_store_database", "store_steps": "test_store_database",
    "store_outbox": "test_store_database", "responding": "test_app", "telegram_place": "test_telegram_updates", "telegram_show": "test_telegram_receiving",
    "telegram_typing": "test_telegram_receiving", "outbox": "test_app", "store_turns": "test_store_database", "store_sql": "test_accounts", "faq_listing": "test_cli_faq", "store_tally": "test_tallying", "fresh": "test_published", "overview_text": "test_overview", "chart_counts": "test_overview", "wording_bench": "test_cli_asked",
}  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.stem)
def test_a_module_has_a_sentence_a_test_and_at_most_300_lines(module):
    text = module.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)), "no docstring"
    assert len(text.splitlines()) <= 300
    test = TESTED_ELSEWHERE.get(module.stem, f"test_{module.stem}")
    assert (ROOT / "tests" / f"{test}.py").exists(), f"no {test}.py"


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.stem)
def test_a_function_has_at_most_50_lines(module):
    functions = [
        n
        for n in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    inner = {
        f
        for outer in functions
        for f in ast.walk(outer)
        if f is not outer and isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for function in functions:
        own = function.end_lineno - function.lineno + 1
        own -= sum(
            f.end_lineno - f.lineno + 1 for f in ast.walk(function) if f is not function and f in inner
        )
        assert own <= 50, function.name


def test_a_statement_names_the_columns_that_it_fills():
    """A newer version may have added some, while workers of this one still write."""
    for module in MODULES:
        unnamed = set(re.findall(r"insert into (\w+) (?:values|select)", module.read_text("utf-8")))
        assert unnamed <= {"steps"}, module.name


def test_module_names_are_unique_and_name_things_of_the_problem():
    names = [p.stem for p in MODULES]
    assert sorted(set(names)) == sorted(names)
    assert not {"utils", "helpers", "common", "base", "manager", "core"} & set(names)


def test_exceptions_are_caught_whole_in_one_place_only():
    places = [
        p.name
        for p in MODULES
        if re.search(r"except Exception\b|except BaseException\b|except:", p.read_text("utf-8"))
    ]
    assert set(places) <= {"responding.py", "store_sqlite_file.py"}


def test_imports_point_downwards():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_readme_names_every_command_setting_and_module():
    for command in main.commands:
        assert f"beian {command}" in README, command
    for setting in Settings.model_fields:
        assert f"BEIAN_{setting.upper()}" in README, setting
    for command in COMMANDS:
        assert f"/{command}" in README, command
    for module in MODULES:
        assert module.name in README, module.name


def test_the_readme_is_short_and_has_the_eleven_nouns():
    assert len(README.splitlines()) < 200
    for noun in (
        "Clause",
        "Label",
        "Answer",
        "Question",
        "Rule",
        "Profile",
        "Screening",
        "Message",
        "Reply",
        "Conversation",
        "Store",
    ):
        assert noun in README


def test_the_readmes_conversation_is_what_the_bot_says():
    from conftest import DAY

    from bot.conversation import Conversation, Message
    from bot.dialogue import respond
    from bot.world import load_world

    world, conversation = load_world(), Conversation("readme", "x", greeted=True)
    block = re.search(r"```text\n(.*?)```", README, re.DOTALL)[1]
    for number, turn in enumerate(re.split(r"^› ", block, flags=re.MULTILINE)[1:]):
        said, _, expected = turn.partition("\n")
        outcome = respond(world, conversation, Message("readme", "x", str(number), DAY, text=said))
        conversation = outcome.conversation
        assert outcome.replies[0].text.strip() == expected.strip(), said


def test_files_speak_of_the_project_alone():
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*"),
        *MODULES,
        *ROOT.glob("requirements*.lock"),
        ROOT / "pyproject.toml",
    ]:
        text = path.read_text("utf-8")
        assert "/work/" not in text, path
        assert "../shared" not in text, path
        assert "--index-url" not in text, path
