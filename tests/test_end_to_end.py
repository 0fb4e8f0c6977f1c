"""The real program as a process, over real HTTP, against a strict Bot API server; killed, restarted, misconfigured."""

import json
import random
import re
import socket
import subprocess
import time
import urllib.request

import pytest
from fake_bot_api import TOKEN, FakeBotApi
from processes import BEIAN, Program


def post(program, path, **body):
    request = urllib.request.Request(
        f"{program.address}/api/v1/{path}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


@pytest.fixture
def api():
    with FakeBotApi() as server:
        yield server


def telegram(api):
    return {"BEIAN_TELEGRAM_TOKEN": TOKEN, "BEIAN_TELEGRAM_API": api.address}


def test_web_and_telegram_run_in_one_process(tmp_path, api):
    with Program(tmp_path, **telegram(api)) as program:
        api.write(7, "中试基地设备原值要多少")
        assert "500万元" in api.wait_for(7, 1)[0]
        assert post(program, "ask", q="公示几天")["citations"][0]["label"] == "10.3"
        page = urllib.request.urlopen(program.address).read().decode()
        assert "备案通" in page
    assert program.process.returncode == 0


def test_a_questionnaire_on_telegram_outlives_being_killed_at_any_moment(tmp_path, api):
    """After every kill the same question is pending, no response is lost, and every message is answered in order."""
    chance = random.Random(2025)
    program = Program(tmp_path, **telegram(api)).start()
    api.press(7, "prescreen:proof_of_concept")
    api.wait_for(7, 1)
    for number in range(12):
        api.write(7, "不清楚" if number else "今天")
        if number % 3 == 0:
            time.sleep(chance.uniform(0, 0.15))
            program.kill()
            program.start()
        api.wait_for_text(
            7, f"第{number + 2}题", seconds=40
        )  # not a count: a reply may come twice after a kill
    questions = [int(m[1]) for text in api.texts(7) if (m := re.search(r"第(\d+)题", text))]
    program.stop()
    assert sorted(set(questions)) == list(range(1, 14))  # none skipped, none asked anew
    assert questions == sorted(questions)  # in order; a reply sent twice stands beside itself


def test_a_chat_on_the_web_goes_on_after_a_kill(tmp_path):
    program = Program(tmp_path).start()
    answer = post(program, "chat", action="prescreen:pilot_base")
    session = answer["session"]
    asked = post(program, "chat", session=session, text="今天")["replies"][-1]["question"]["field"]
    program.kill()
    program.start()
    again = post(program, "chat", session=session, action="resume")["replies"][-1]["question"]["field"]
    program.stop()
    assert again == asked


def test_a_ticket_is_answered_where_it_was_asked(tmp_path, api):
    offices = tmp_path / "offices.toml"
    offices.write_text(
        '[[office]]\nprefecture = "昆明市"\nname = "样例窗口"\nsource = "样例"\ndate = "2026-01-01"\ndesk = true\n',
        "utf-8",
    )
    with Program(tmp_path, BEIAN_OFFICES=str(offices), **telegram(api)) as program:
        for text in ("主任算不算团队成员", "/human", "昆明"):
            api.write(7, text)
        assert "样例窗口" in api.wait_for(7, 3)[2]
        listed = staff(program, "tickets")
        assert "样例窗口" in listed
        number = listed.split()[0]
        assert "主任算不算团队成员" in staff(program, "show", number)
        staff(program, "reply", number, "由省科技厅解释，请来电咨询。")
        assert "由省科技厅解释，请来电咨询。" in api.wait_for(7, 4)[3]


def staff(program, *words):
    done = subprocess.run(
        [BEIAN, "staff", *words],
        cwd=program.folder,
        capture_output=True,
        text=True,
        check=False,
        env={**program.settings, "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(tmp_path, *words, **settings):
    return subprocess.run(
        [BEIAN, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", **settings},
    )


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"BEIAN_PORT": "99999999"}, "BEIAN_PORT"),
        ({"BEIAN_LOG_LEVEL": "LOUD"}, "BEIAN_LOG_LEVEL"),
        ({"BEIAN_DATABSE": "x"}, "BEIAN_DATABASE"),
        ({"BEIAN_DATABASE": "/nowhere/at/all.sqlite3"}, "/nowhere/at/all.sqlite3"),
        ({"BEIAN_OFFICES": "/nowhere.toml"}, "/nowhere.toml"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(tmp_path, settings, named):
    done = run(tmp_path, "serve", **settings)
    assert done.returncode == 2
    assert named in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_an_unreadable_database_is_one_line(tmp_path):
    (tmp_path / "beian.sqlite3").write_bytes(b"this is no database, and long enough to be looked at" * 50)
    done = run(tmp_path, "serve")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)


def test_a_taken_port_is_one_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(tmp_path, "serve", BEIAN_PORT=str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "BEIAN_PORT" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("token", ["123456:not-the-token-that-is-known", "nonsense"])
def test_a_bad_token_is_one_line_and_the_web_goes_on(tmp_path, api, token):
    with Program(tmp_path, BEIAN_TELEGRAM_TOKEN=token, BEIAN_TELEGRAM_API=api.address) as program:
        until = time.monotonic() + 15
        while "BEIAN_TELEGRAM_TOKEN" not in program.log() and time.monotonic() < until:
            time.sleep(0.05)
        assert post(program, "ask", q="公示几天")["status"] == "answered"
    assert "BEIAN_TELEGRAM_TOKEN" in program.log()
    assert "Traceback" not in program.log()


def test_telegram_being_unreachable_leaves_the_web_alone(tmp_path):
    with Program(tmp_path, BEIAN_TELEGRAM_TOKEN=TOKEN, BEIAN_TELEGRAM_API="http://127.0.0.1:9") as program:
        assert post(program, "ask", q="公示几天")["status"] == "answered"
    assert "Traceback" not in program.log()


def test_no_token_and_no_text_is_in_the_log(tmp_path, api):
    with Program(tmp_path, BEIAN_LOG_LEVEL="DEBUG", **telegram(api)) as program:
        api.write(7, "秘密的问题一二三")
        api.wait_for(7, 1)
        post(program, "ask", q="另一个秘密的问题")
    assert TOKEN not in program.log()
    assert "秘密的问题" not in program.log()
