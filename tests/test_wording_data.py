"""What is kept of a person is shown whole and readable, and an erasure says how much it took."""

import pytest

from bot.store import Erased
from bot.wording_data import word_erased, word_export

NOTHING = {
    "created_at": None, "conversation": {}, "transcript": [], "tickets": [], "resume_code": [], "feedback": [], "waiting": [],
}  # fmt: skip
FULL = {
    "created_at": "2026-06-01T08:00:00",
    "conversation": {
        "interview": {
            "track": "pilot_base",
            "responses": [["site_area_m2", "850"], ["site_photos", True], ["advisors", None]],
        },
        "aside": None,
        "prefecture": "province",
        "reminders": [{"kind": "annual_report", "on": "2027-03-24"}],
    },
    "transcript": [
        {"who": "user", "text": "场地要多大", "at": "2026-06-01T08:00:00"},
        {"who": "staff", "text": "见第九条", "at": "2026-06-01T09:00:00"},
    ],
    "tickets": [
        {
            "id": 7,
            "desk": "昆明窗口",
            "opened_at": "2026-06-01T08:00:00",
            "question": "能补多少",
            "contact": "段工 13900139000",
            "answer": "",
        }
    ],
    "resume_code": [{"created_at": "2026-06-01T08:30:00"}],
    "feedback": [{"at": "2026-06-01T08:40:00", "useful": 0, "comment": "太长"}],
    "waiting": ["还有一句"],
}


def test_all_that_is_kept_is_shown_in_words():
    text = word_export(FULL, 180).text
    for said in (
        "2026-06-01 起", "保存180天", "问卷（中试基地（平台））：场地面积：850平方米；", "是；", "：不清楚", "所在州（市）：省级",
        "提醒：2027-03-24，", "续填码：2026-06-01T08:30", "联系方式：段工 13900139000", "答复：没有", "评价：2026-06-01T08:40，没用：太长",
        "还在处理的消息：还有一句", "对话记录（2条）", "您：场地要多大", "工作人员：见第九条", "更正", "/forget",
    ):  # fmt: skip
        assert said in text, said


def test_of_somebody_new_it_says_that_there_is_nothing_else():
    text = word_export(NOTHING, 30).text
    assert "今天 起" in text
    assert "没有保存别的内容" in text


@pytest.mark.parametrize(
    ("erased", "said"),
    [
        (Erased(), "没有查到保存的内容"),
        (Erased(messages=12), "对话12条"),
        (
            Erased(2, 5, 1, 3, 4, 1),
            "对话2条、问卷内容5项、工单1件（只留编号、窗口和时间）、提醒3个、评价4条、续填码1个",
        ),
    ],
)
def test_an_erasure_says_how_much_it_took(erased, said):
    assert word_erased(erased) == said
