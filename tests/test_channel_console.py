import os
import pty
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.console import Console
from staff_desk import answered

from bot.channel_console import _read_line, show
from bot.conversation import Block, Button, Message, Reminder, Reply, Turn
from bot.store_opening import open_store
from bot.wording import text_reply

BEIAN = str(Path(sys.executable).with_name("beian"))
BUTTONS = (Button("是", "set:x:true"), Button("否", "set:x:false"), Button("返回", "back"))


@pytest.fixture
def talk(tmp_path):
    """A function that pipes lines into `beian chat` (or another command) and gives what it wrote."""

    def talk(*lines, command="chat", **env):
        done = subprocess.run(
            [BEIAN, command], input="\n".join(lines) + "\n" if lines else "",
            capture_output=True, encoding="utf-8", env=environment(tmp_path, **env), timeout=60, check=False,
        )  # fmt: skip
        assert done.stderr == ""
        assert done.returncode == 0
        return done.stdout

    return talk


def environment(folder, **more):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BEIAN_")}
    return {**clean, "BEIAN_DATABASE": str(folder / "chat.sqlite3"), "PYTHONIOENCODING": "utf-8", **more}


def test_a_reminder_that_is_due_is_shown_once_at_the_next_start(talk, tmp_path):
    talk("公示几天")
    store = open_store(tmp_path / "chat.sqlite3")
    reminder = Reminder(1, "annual_report", date(2027, 3, 31), date(2026, 1, 1))
    conversation = store.load("console", "console").having(reminders=(reminder,))
    store.commit(
        Turn(conversation, ()),
        Message("console", "console", "k", date(2026, 1, 1), "提醒我"),
        datetime.now(UTC),
    )
    store.close()
    assert talk().count("提醒：按您提供的日期，年度报告最晚在2027年3月31日") == 1
    talk("场地要多大")
    assert "提醒：按" not in talk()


def test_a_calendar_file_is_saved_in_the_folder_and_its_place_is_said(talk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = talk("公示从2099年3月2日开始，哪天结束", "年报2099年3月31日前交，截止哪天", "导出日历")
    assert "文件已保存：" in said
    assert (tmp_path / "年度报告-2099-03-31.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


def question(kind):
    return Reply("asked", (Block("text", "？"),), buttons=BUTTONS, question={"field": "x", "type": kind})


@pytest.mark.parametrize(
    ("line", "last", "text", "action"),
    [
        ("1", question("yes_no"), "", "set:x:true"),
        ("#1", question("yes_no"), "", "set:x:true"),
        ("2", question("number"), "2", ""),
        ("#2", question("number"), "", "set:x:false"),
        ("2", question("count"), "2", ""),
        ("3", question("date"), "", "back"),
        ("4", question("choice"), "4", ""),
        ("0", question("choice"), "0", ""),
        ("#", question("choice"), "#", ""),
        ("是", question("yes_no"), "是", ""),
        ("1", None, "1", ""),
        ("返回", Reply("control", (), buttons=BUTTONS), "", "back"),
        ("２", question("choice"), "", "set:x:false"),
        ("²", question("choice"), "²", ""),
        ("9" * 5000, question("choice"), "9" * 5000, ""),
    ],
)
def test_a_number_presses_a_button_unless_a_figure_is_asked_for(line, last, text, action):
    message = _read_line(line, last)
    assert (message.text, message.action) == (text, action)


def test_it_greets_answers_and_leaves_at_the_end_of_the_input(talk):
    said = talk("概念验证中心场地要多大")
    assert "您好，这里是备案通" in said
    assert "保存180天" in said
    assert "依据 第八条第（三）项：\n“具有可用于" in said
    assert "\x1b" not in said


def test_a_line_through_a_pipe_is_never_broken_in_the_middle(talk):
    said = talk("概念验证中心场地要多大", COLUMNS="20")
    assert "具备开展概念验证服务所需要的固定场地面积不少于200平方米（须提供实景图片）" in said


def test_the_session_is_kept_and_goes_on_with_the_pending_question(talk):
    first = talk("/prescreen", "2", "1", "4")
    again = talk()
    assert "接着上次的对话" in again
    assert "您好" not in again
    asked = first.strip().split("\n\n")[-2:]
    assert asked[0] in again


def test_prescreen_starts_with_the_questionnaire(talk):
    said = talk("#1", command="prescreen")
    assert "请选择要申请的类别" in said
    assert "第1题" in said


def test_a_staff_answer_is_shown_at_the_next_start_and_once(talk, tmp_path):
    offices = tmp_path / "offices.toml"
    offices.write_text(
        '[[office]]\nprefecture = "昆明市"\nname = "昆明窗口"\nsource = "样例"\ndate = 2026-01-01\ndesk = true\n',
        "utf-8",
    )
    opened = talk("能补多少", "转人工", "昆明", BEIAN_OFFICES=str(offices))
    assert "已转人工：昆明窗口，编号 1" in opened
    store = open_store(tmp_path / "chat.sqlite3")
    reply = text_reply("handed_over", "工作人员的答复在此")
    assert answered(store, 1, "x", reply, datetime.now(UTC))
    store.close()
    assert talk().count("工作人员的答复在此") == 1
    assert talk("公示几天").count("工作人员的答复在此") == 1


def test_forgetting_leaves_a_new_beginning(talk):
    said = talk("公示几天", "/forget", "确定")
    assert "已全部删除" in said
    assert "您好，这里是备案通" in talk()


def test_quit_ends_it(talk):
    assert "200平方米" not in talk("/quit", "概念验证中心场地要多大")


def test_input_that_is_not_utf_8_is_answered(tmp_path):
    done = subprocess.run(
        [BEIAN, "chat"],
        input=b"\xff\xfe\xb3\n\x00\n",
        capture_output=True,
        env=environment(tmp_path),
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


class Terminal:
    """`beian chat` on a terminal of its own."""

    def __init__(self, folder):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(BEIAN, [BEIAN, "chat"], environment(folder, TERM="xterm", COLUMNS="100"))
        self.seen = b""

    def wait_for(self, text, seconds=30):
        end = time.monotonic() + seconds
        while text.encode() not in self.seen:
            assert time.monotonic() < end, self.seen.decode("utf-8", "replace")
            if select.select([self.fd], [], [], 0.2)[0]:
                self.seen += os.read(self.fd, 65536)

    def press(self, keys):
        self.seen = b""
        os.write(self.fd, keys)

    def close(self):
        """Let go of it, and end it where the test did not."""
        with suppress(ChildProcessError, ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)

    def ended(self, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if select.select([self.fd], [], [], 0.05)[0]:
                try:
                    self.seen += os.read(self.fd, 65536)
                except OSError:
                    continue
        return None


@pytest.mark.parametrize("key", [b"\x03", b"\x04"])
def test_on_a_terminal_ctrl_c_and_ctrl_d_end_it_without_a_trace(tmp_path, key):
    terminal = Terminal(tmp_path)
    try:
        terminal.wait_for("› ")
        terminal.press("公示几天\n".encode())
        terminal.wait_for("依据")
        terminal.wait_for("› ")
        terminal.press(key)
        if (ended := terminal.ended(seconds=2)) is None:
            # readline loses an interrupt between its prompt and its first wait for a key; a person presses again
            terminal.press(key)
            ended = terminal.ended()
        assert ended == 0
        assert b"Traceback" not in terminal.seen
    finally:
        terminal.close()


def shown(reply):
    console = Console(force_terminal=True, width=60, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    show(console, reply)
    text = console.export_text()
    console.file.close()
    return text


def test_on_a_terminal_a_table_has_its_cells_and_markup_in_texts_is_shown_as_it_is():
    reply = Reply(
        "answered",
        (Block("table", rows=(("类别", "规定"), ("中试", "[red]1000[/red]"))), Block("note", "[/]注")),
    )
    text = shown(reply)
    assert "[red]1000[/red]" in text
    assert "类别" in text
    assert "[/]注" in text


def test_buttons_are_numbered_and_a_figure_is_typed_as_it_is():
    assert "#1 是" in shown(question("yes_no"))
    assert "请在序号前加 #" not in shown(question("yes_no"))
    assert "请在序号前加 #" in shown(question("count"))


def test_on_a_terminal_nothing_of_a_cell_is_left_out_and_no_button_is_cut_in_two():
    rows = (
        ("要求", "概念验证中心", "中试基地"),
        ("专职技术经纪人或中试专业工程师人数" * 2, "不少于2人" * 9, "未核"),
    )
    buttons = tuple(Button(f"改：第{n}项很长的标题", f"change:{n}") for n in range(6))
    console = Console(force_terminal=True, width=60, record=True, highlight=False, file=open(os.devnull, "w"))  # noqa: SIM115
    show(console, Reply("control", (Block("table", rows=rows),), buttons=buttons))
    console.file.close()
    said = console.export_text()
    assert "…" not in said
    assert said.count("人") >= 9 + 2
    lines = [line for line in said.splitlines() if "#" in line]
    assert "  ".join(lines).count("很长的标题") == 6
    assert all(line.strip().endswith("标题") for line in lines)
