"""What a typed text says in response to a question: a value, something amiss, or nothing (it is no response)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from unicodedata import normalize

from rapidfuzz import fuzz, process

from flows.fields import Field
from flows.reading import ReadingError, Value, read_cell
from knowledge.text import Quantity, normalise, read_quantities


@dataclass(frozen=True)
class Taken:
    """The value that was said; None is 不清楚."""

    value: Value


@dataclass(frozen=True)
class Amiss:
    """A response that cannot be taken as it is, and one polite sentence that says what would be right."""

    text: str


Response = Taken | Amiss | None

_LONGEST = 40
_EDGES = " \t\n。.，,、！!；;：:~～…“”\"'"
_TICKS = dict.fromkeys("✓✔☑✅👌👍🉑", True) | dict.fromkeys("✗✘❌👎", False)

_ASKS = re.compile(
    r"[?？]|吗|[呢么嘛]$|什么|啥|怎么|咋|如何|为何|多少|哪|谁|几(?=[个名人家项万年月天号])|是不是|是否|能不能|可不可以|要不要|"
    r"有没有|需不需要|行不行|算不算|何时"
)
_VAGUE = re.compile(
    r"好几|[十百千万]几|几[十百千万个家名项人]|若干|一些|有些|不少|很多|许多|没几|没多少|"
    r"(?:一两|两三|三四|三五|四五|五六|六七|七八|八九)[十百千万个名人家项]|[\d一二三四五六七八九]、[\d二三四五六七八九]"
)
_UNKNOWN = re.compile(
    r"(?:我们?|这个|这项|目前|暂时|现在|还|也|真的?|都|具体)*"
    r"(?:不(?:太|大|是很|怎么|很)?(?:清楚|知道|确定|了解|晓得|好说|明白|懂)|说不(?:好|准|清)|没(?:有)?(?:统计|算|查|核实|问)过?|"
    r"还?[没未](?:想好|定|确定|统计)|未知|不详|待定|待确认|记不(?:清|得)|忘|搞不(?:清楚?|懂)|拿不准|unknown|"
    r"(?:要|需要)?(?:再)?(?:问|查|核实)一?下)[了的呀啊哦呢诶]*(?:(?:具体|到底)?(?:是不是|有没有|算不算|是否|能不能).*)?"
)
_FILLER = re.compile(
    r"(?:我们|我单位|我司|我校|我院|本单位|单位|公司|咱们|咱|我|这个|这项|这些|目前|现在|当前|应该|肯定|当然|确实|其实|呃|额|啊|哦|"
    r"噢|那|算|都|全部|早就|已经|早已|[，,。.\s])+"
)
_NOT_NO = re.compile(r"不止|不仅|不错|不少|不同|不用|不过|无论|没问题|没错")
_NO = re.compile(
    r"不|否|无|没|尚未|还未|还没|未|暂无|暂时没|(?:no|nope|false|n|×|x)(?![a-z])",
)
_YES = re.compile(
    r"没问题|没错|是|有|可以|具备|具有|属于|符合|完善|完整|齐|明确|愿意|同意|能提供|能做到|会提交|已[一-鿿]|"
    r"(?:对|嗯|恩|唔|能|会|行|好|ok|yes|yep|yeah|y|true|√)(?:的|了|呀|啊|呢|哦|嘞|$|[,，。.\s嗯对])|"
    r"[一-鿿]{0,2}(?:建|聘|聘任|制定|做|写|设|提交|办|拍|准备|交|开展|签|任命|配|弄|搞|整)(?:立|好|完|齐|全|过)*了"
)
_PARTLY = re.compile(r"但|不过|只是|只有|除了|部分|基本|差不多|还差|还没|缺|一半|有些")
_NONE_AT_ALL = re.compile(
    r"(?:一个|一分钱?|一家|一名|一项|一点)?(?:都|也|还|暂时|目前|暂|现在|我们|的确|确实)*(?:没有?|没得|无|零|不有)[啊呀哦哈过的了]*"
)
_WHOLE_SENTENCE = "请按整句话判断：全部做到请答“是”，有一样没做到请答“否”，拿不准请答“不清楚”。"
_LESS = re.compile(r"不到|将近|接近|近|不足|以下|最多|至多|未到|差一?点")


def read_response(field: Field, text: str, day: date) -> Response:
    """Read a text as the response to a field's question. `day` is today."""
    if (ticked := _TICKS.get(text.strip())) is not None and field.kind == "yes_no":
        return Taken(ticked)
    plain = normalise(text).strip(_EDGES).strip()
    if not plain or len(plain) > _LONGEST:
        return None
    if exact := _exact(field, normalize("NFKC", text).strip(), plain):
        return exact
    asks = _ASKS.search(normalise(text))
    if _UNKNOWN.fullmatch(plain) and "?" not in normalise(text):
        return Taken(None)
    if asks and not (_VAGUE.search(plain) and "?" not in normalise(text)):
        return None
    match field.kind:
        case "yes_no":
            return read_yes_no(plain)
        case "choice":
            return _choice(field, plain)
        case "date":
            return _date(field, plain, day)
        case _:
            return _figure(field, plain)


def asks(text: str) -> bool:
    """Whether a text asks something instead of stating it."""
    return _ASKS.search(normalise(text)) is not None


def _exact(field: Field, *texts: str) -> Response:
    """A value as a sheet would have it: a bare number, 是, a choice's title, a date."""
    for text in texts:
        try:
            return Taken(read_cell(field, text))
        except ReadingError as error:
            if re.match(r"-\s*\d", text):
                return Amiss(f"{error}。")
    return None


def read_yes_no(text: str) -> Response:
    """A yes or a no in any of the words that people use."""
    words = _FILLER.sub("", text, count=1) if _FILLER.match(text) else text
    words = words or text
    if re.fullmatch(r"[\d.,]+\S{0,3}", words):
        return Amiss("这里请回答“是”或“否”，不清楚也可以。")
    if re.match(r"基本|大部分|差不多|部分|一半|有些|有的是", words):
        return Amiss(_WHOLE_SENTENCE)
    says_no = _NO.match(words) is not None and _NOT_NO.match(words) is None
    if not says_no and not _YES.match(words):
        return None
    if (not says_no and _PARTLY.search(words)) or re.search(r"但|不过", words):
        return Amiss(_WHOLE_SENTENCE)
    return Taken(not says_no)


def read_choice(field: Field, text: str) -> str | None:
    """The one choice that a text names, by its title or another word for it; None if it names none or several."""
    named = _named(field, text)
    return named[0] if len(named) == 1 else None


def _named(field: Field, text: str) -> list[str]:
    return [
        value
        for value, label in field.choices.items()
        if any(word in text for word in (label, *field.near.get(value, ())))
    ]


def _choice(field: Field, text: str) -> Response:
    named = _named(field, text)
    if len(named) == 1:
        return Taken(named[0])
    if named:
        return Amiss(f"说到了不止一种，请选一种：{'、'.join(field.choices[value] for value in named)}。")
    best = process.extractOne(text, field.choices, scorer=fuzz.ratio, score_cutoff=70)
    if best:
        return Taken(best[2])
    labels = "、".join(field.choices.values())
    named_place = re.fullmatch(r"\S{1,8}[省市州县区]", text)
    return Amiss(f"请从这些里选一个：{labels}；不清楚也可以。") if named_place or text.isdigit() else None


def _date(field: Field, text: str, day: date) -> Response:
    for words, days in (
        ("今天", 0),
        ("今日", 0),
        ("当天", 0),
        ("现在", 0),
        ("明天", 1),
        ("大后天", 3),
        ("后天", 2),
        ("昨天", -1),
        ("大前天", -3),
        ("前天", -2),
    ):
        if words in text and len(text) <= 8:
            return Taken(day + timedelta(days=days))
    if field.name == "revoked_on" and _NO.match(text):
        return Amiss("没有被取消过的，请返回上一题改答“否”；记不清日期请答“不清楚”。")
    said = [q for q in read_quantities(text) if q.kind == "date"]
    if len(said) == 1 and said[0].month and said[0].day:
        year = said[0].year
        if year is None:
            return Amiss("请写上年份，如 2026-03-01。")
        return _day(field, day.year + year if said[0].relative else year, said[0].month, said[0].day)
    if match := re.search(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?", text):
        return _day(field, *(int(part) for part in match.groups()))
    return Amiss("请写出年、月、日，如 2026-03-01。") if re.search(r"\d|月", text) else None


def _day(field: Field, year: int, month: int, day: int) -> Response:
    try:
        return Taken(read_cell(field, f"{year:04d}-{month:02d}-{day:02d}"))
    except ReadingError as error:
        return Amiss(f"{error}。")


def _figure(field: Field, text: str) -> Response:
    if _NONE_AT_ALL.fullmatch(text):
        return Taken(0 if field.kind == "count" else Decimal(0))
    ask = f"请给一个确切的数，单位是{field.unit}；不清楚也可以。"
    if _VAGUE.search(text):
        return Amiss(ask)
    said = [q for q in read_quantities(text) if q.kind not in ("date", "duration")]
    fitting = [q for q in said if q.kind in _KINDS[field.unit]] or [q for q in said if q.kind == "number"]
    if not said:
        bare = re.fullmatch(r"(?:是|有|对|嗯)[的了啊]?", text)
        return (
            Amiss(f"请填数字，单位是{field.unit}；不清楚也可以。") if bare or re.search(r"\d", text) else None
        )
    if not fitting:
        return Amiss(f"“{said[0].text}”的单位不对；请填{field.title}，单位是{field.unit}。")
    if len(fitting) > 1:
        return Amiss(
            f"说到了不止一个数（{'、'.join(q.text for q in fitting)}）；请只填{field.title}一共多少{field.unit}。"
        )
    one = fitting[0]
    if one.low is not None:
        return Amiss(f"“{one.text}”是一个范围，是其中的哪个数呢？{ask}")
    if _LESS.search(text):
        return Amiss(f"差一点可能就不够，{ask}")
    return _whole(field, one)


_KINDS = {
    "平方米": ("area",),
    "万元": ("money",),
    "人": ("count",),
    "个": ("count",),
    "家": ("count",),
    "项": ("count",),
}


def _whole(field: Field, said: Quantity) -> Response:
    # A third of something (1亩 is 2000/3 m²) has no last digit.
    value = said.value if -said.value.as_tuple().exponent < 8 else round(said.value, 4)  # type: ignore[operator]
    try:
        return Taken(read_cell(field, f"{value.normalize():f}"))
    except ReadingError as error:
        return Amiss(f"{error}。")
