"""A person's words without what names the person: numbers, addresses and names that give somebody away are covered."""

import re

from bot.personal_data import COVERED, cover

_COVERS = (
    re.compile(r"(?:https?://|www\.)[!-~]+"),
    re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    re.compile(r"(?<![\dA-Za-z])\d{15}(?:\d{2}[\dXx])?(?![\dA-Za-z])"),
    re.compile(r"(?<![\dA-Za-z])[0-9A-HJ-NPQRTUWXY]{18}(?![\dA-Za-z])"),
    re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),
    re.compile(r"(?<=微信)(?:号)?[是为:： ]*[A-Za-z][A-Za-z0-9_-]{4,}|(?<=[Qq]{2})(?:号)?[是为:： ]*\d{5,}"),
    re.compile(r"(?<!\d)\d{9,}(?!\d)"),
)

_SURNAME = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤和木刀普"
_NAMED = re.compile(
    rf"(?:我叫|我是|我姓名是|姓名[是为:：]?|联系人[是为:： ]?|本人|找)(?P<name>[{_SURNAME}][\u4e00-\u9fff]{{1,2}})(?=[，,。；;、！!？? ]|的|$|，|电话|手机|在)"
)
_TITLED = re.compile(
    rf"(?P<name>[{_SURNAME}][\u4e00-\u9fff]{{0,2}}?)(?=(?:总|老师|教授|主任|处长|科长|经理|院长|校长|博士|女士|先生|工程师)(?:[，,。；;、！!？? ]|的|$))"
)
_ORGANISATION = re.compile(
    r"(?P<name>(?:云南|昆明|曲靖|玉溪|保山|昭通|丽江|普洱|临沧|楚雄|红河|文山|西双版纳|大理|德宏|怒江|迪庆)(?:省|市|州)?"
    r"[\u4e00-\u9fff（）()]{2,16}?)(?=(?:股份)?(?:有限)?(?:责任)?公司|大学|学院|医院|研究院|研究所)"
)


_WIDE = {0xFF01 + n: 0x21 + n for n in range(94) if chr(0x21 + n).isalnum()}
"""Full-width letters and digits -> plain ones: a number is one however it is written."""


def mask(text: str) -> str:
    """The text with numbers, addresses, names and units that could name a person covered; what is asked stays readable."""
    text = cover(text).translate(_WIDE)
    for pattern in _COVERS:
        text = pattern.sub(COVERED, text)
    for pattern in (_NAMED, _TITLED, _ORGANISATION):
        text = pattern.sub(lambda found: found[0].replace(found["name"], COVERED), text)
    return text
