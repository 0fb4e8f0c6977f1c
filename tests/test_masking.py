"""What could name a person is covered, and what is asked stays readable."""

import pytest

from bot.masking import mask
from bot.personal_data import COVERED


@pytest.mark.parametrize(
    "secret",
    [
        "13812345678", "138 1234 5678", "+86 13812345678", "0871-63512345", "530102199001011234", "53010219900101123X",
        "li.hua@example.com", "https://example.com/x?y=1", "91530100MA6K5XY712", "6222021234567890123",
    ],
)  # fmt: skip
def test_numbers_and_addresses_are_covered(secret):
    said = mask(f"请打{secret}联系，场地800平够吗")
    assert secret not in said
    assert COVERED in said
    assert "场地800平够吗" in said


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我叫张伟，想问公示几天", f"我叫{COVERED}，想问公示几天"),
        ("联系人：李建国 电话13812345678", f"联系人：{COVERED} 电话{COVERED}"),
        ("昆明滇池生物有限公司能报吗", f"{COVERED}有限公司能报吗"),
        (
            "电话１３８１２３４５６７８，身份证５３０１０２１９９００１０１１２３Ｘ",
            f"电话{COVERED}，身份证{COVERED}",
        ),
        ("王老师，团队要几个人", f"{COVERED}老师，团队要几个人"),
        ("加我微信zhang_wei88详聊", f"加我微信{COVERED}详聊"),
    ],
)
def test_names_and_units_are_covered(text, left):
    assert mask(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "概念验证中心场地要多大", "设备原价值500万元够吗", "高等院校能报吗", "云科规〔2025〕11号第九条", "2026年6月1日前要交吗",
        "主任可以兼职吗", "3个技术经理人够不够", "我们公司是企业，能直接报省里吗", "科研院所和医院都行吗", "合同1200000元",
    ],
)  # fmt: skip
def test_a_question_without_a_person_is_left_as_it_is(text):
    assert mask(text) == text
