"""What an interview offers beside its questions: the report comes as a document that holds inputs, not bytes."""

import json

import pytest
from conftest import DAY
from fake_bot_api import FakeBotApi
from telegram_running import Running, said, settings_for
from test_http_api import chat, client

from bot.app import now
from bot.documents import make_document, media_type
from bot.report_check import check_report
from bot.report_file import FORMATS
from bot.store_records import read_reply, write_reply


@pytest.fixture
def api():
    with FakeBotApi() as server:
        yield server


def interview(talk, answer="不清楚"):
    talk.press("prescreen:pilot_base")
    talk.say("2026-06-01")
    while talk.replies[-1].question:
        talk.say(answer)


def test_the_result_offers_the_report_and_words_bring_it_too(talk):
    interview(talk)
    assert "report" in [button.action for button in talk.replies[-1].buttons]
    for way in ({"action": "report"}, {"text": "下载报告"}, {"text": "预审报告"}):
        reply = talk.say(**way)
        assert reply.document.name == f"中试基地（平台）备案预审报告-{DAY}.pdf"
        assert reply.document.name in reply.text
        assert [button.action for button in reply.buttons] == ["report:docx", "report:xlsx"]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_document_becomes_a_report_that_holds_after_it_was_stored(talk, world, form):
    interview(talk)
    stored = read_reply(write_reply(talk.press(f"report:{form}"))).document
    assert len(json.dumps(stored.data)) < 3000
    made = make_document(world, stored, now())
    assert check_report(made, world.rules).holds
    assert media_type(stored) == FORMATS[form]


def test_the_receipt_that_is_told_is_that_of_the_file(talk, world):
    interview(talk)
    reply = talk.press("report")
    told = reply.text.partition("回执 ")[2].partition("。")[0].replace(" ", "")
    assert (
        check_report(make_document(world, reply.document, now()), world.rules)
        .lines[0]
        .startswith(f"回执 {told}")
    )


def test_a_report_before_the_result_marks_what_was_not_asked_and_the_question_comes_again(talk, world):
    talk.press("prescreen:pilot_base")
    talk.say("2026-06-01")
    reply = talk.press("report")
    assert reply.document
    assert talk.replies[-1].question
    assert check_report(make_document(world, reply.document, now()), world.rules).holds


def test_an_unknown_form_is_a_pdf_and_without_an_interview_nothing_is_made(talk):
    assert talk.press("report").document is None
    interview(talk)
    assert talk.press("report:exe").document.name.endswith(".pdf")


@pytest.mark.parametrize("action", ["plan", "years", "report"])
def test_a_stale_button_says_where_to_begin(talk, action):
    assert "/prescreen" in talk.press(action).text


async def test_on_the_web_the_report_is_fetched_with_its_session(tmp_path):
    async with client(tmp_path) as http:
        begun = await chat(http, action="prescreen:pilot_base")
        brought = await chat(http, begun["session"], action="report:docx")
        document = brought["replies"][0]["document"]
        assert document["name"].endswith(".docx")
        wanted = {"session": begun["session"], "id": document["id"]}
        response = await http.post("/api/v1/chat/document", json=wanted)
        assert response.status_code == 200
        assert response.headers["content-type"] == FORMATS["docx"]
        assert check_report(response.content, http.app.world.rules).holds


async def test_on_telegram_the_report_comes_as_a_file_after_its_words(tmp_path, api, world):
    async with Running(settings_for(tmp_path, api)):
        api.press(7, "prescreen:pilot_base")
        await said(api, 7, 1)
        api.press(7, "report")
        # The words, the file, and the question that is still open.
        await said(api, 7, 4)
    words, file = api.by_chat[7][1:3]
    assert "预审报告已生成" in words["text"]
    name, content = file["file"]
    assert name.endswith(".pdf")
    assert check_report(content, world.rules).holds


async def test_on_telegram_the_years_come_with_their_chart_as_a_picture(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.press(7, "prescreen:pilot_base")
        await said(api, 7, 1)
        api.write(7, "2026-03-01")
        await said(api, 7, 2)
        api.faults["sendPhoto"].append("drop")  # the words are not sent again with the second try
        api.press(7, "years")
        await said(api, 7, 5)
    words, picture = api.by_chat[7][2:4]
    assert "分年补助" in words["text"]
    assert picture["file"][0] == "chart.png"
