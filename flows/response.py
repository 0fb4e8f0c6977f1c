"""What a typed text says in response to a question: a value, something amiss, or nothing (it is no response)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from unicodedata import normalize

from rapidfuzz import fuzz, process

from flows.fields import Field
from flows.reading import ReadingError, Value, read_cell


@dataclass(frozen=True)
class Taken:
    """The value that was said; None is 不清楚."""

    value: Value


@dataclass(frozen=True)
class Amiss:
    """A response that cannot be taken as it is, and one polite sentence that says what would be right."""

    text: str


Response = Taken | Amiss | None

_EDGES = " \t\n。.，,！!；;、~～…“”\"'"
_ASKS = re.compile(
    r"[?？]|吗|呢$|么$|嘛$|什么|啥|怎么|咋|如何|为什么|为何|多少|哪|谁|几(?=[个名人家项万年月天号])|是不是|是否|能不能|可不可以|要不要|有没有|"
    r"需不需要|行不行|算不算|什么时候|何时"
)
_MANY = re.compile(r"好几|十几|几十|几百|几千|几万|几个|若干|一些|不少|很多|许多|没几|没多少")
_UNKNOWN = re.compile(
    r"(?:我们?|这个|这项|目前|暂时|现在|还|也|真的?|都|具体|得)*"
    r"(?:不(?:太|大|是很|怎么|很)?(?:清楚|知道|确定|了解|晓得|好说|明白|懂)|说不(?:好|准|清)|没(?:有)?(?:统计|算|查|核实|问)过?|"
    r"(?:还)?(?:没|未)(?:想好|定|确定|统计)|未知|不详|待定|待确认|记不(?:清|得)|忘了?|搞不(?:清楚?|懂)|拿不准|不晓得|unknown|dunno|idk|"
    r"(?:要|需要)?(?:再)?(?:问|查|核实)一?下)(?:了|的|呀|啊|哦|呢|诶|这个|这项)*"
)
_FILLER = re.compile(
    r"^(?:我们|我单位|我司|我校|我院|本单位|单位|公司|咱们|咱|我|这个|这项|这些|目前|现在|当前|应该|肯定|当然|确实|其实|呃|额|啊|哦|噢|那|"
    r"算|都|全部|全|是不?会|早就|已经|早已|[，,。.\s])+"
)
_NO = re.compile(
    r"(?:不是|没有|没得|没|否|无|不具备|不能|不会|不属于|不可以|不行|不符合|不完善|不完整|不够|不齐|不算|不打算|不准备|不有|不|尚未|还未|未|还没有?|"
    r"暂无|暂时没有?|no\b|nope|false|n$|×|✗|✘|❌|👎|x$)"
)
_YES = re.compile(
    r"(?:没问题|是|有|对|嗯|恩|唔|好|可以|能|会|行|具备|具有|已|属于|符合|完善|完整|齐全|明确|愿意|同意|必须|要|需要|yes|yep|yeah|ok|true|y$|√|✓|✔|✅|👌|👍|"
    r"(?:建|聘|聘任|制定|做|写|设|设立|提交|办|拍|准备|交|开展|签|任命|配|弄|搞|整)(?:立|好|完|齐|全|过)*了)"
)
_BUT = re.compile(r"但|不过|只是|只有|除了|部分|基本|差不多|大部分|还差|还没|缺|一半|有的")
_NONE_AT_ALL = re.compile(
    r"(?:一个|一分钱?|一家|一名|一项|一点)?(?:都|也|还|暂时|目前|暂|现在|我们|的确|确实)*(?:没有?|没得|无|零|不有)(?:啊|呀|哦|哈|任何|过|的|了)*"
)
_LONGEST = 40


def read_response(field: Field, text: str, day: date) -> Response:
    """Read a text as the response to a field's question. `day` is today."""
    plain = normalize("NFKC", text).strip().strip(_EDGES).strip()
    if not plain or len(plain) > _LONGEST:
        return None
    if _UNKNOWN.fullmatch(plain):
        return Taken(None)
    if exact := _exact(field, plain):
        return exact
    if _ASKS.search(plain) and not _MANY.search(plain):
        return None
    match field.kind:
        case "yes_no":
            return _yes_no(plain)
        case "choice":
            return _choice(field, plain)
        case "date":
            return _date(field, plain, day)
        case _:
            return _figure(field, plain)


def _exact(field: Field, text: str) -> Taken | None:
    """A value as a sheet would have it: a bare number, 是, a choice's title, a date."""
    try:
        return Taken(read_cell(field, text))
    except ReadingError:
        return None


def _yes_no(text: str) -> Response:
    words = _FILLER.sub("", text.lower()) or text.lower()
    if not (no := _NO.match(words)) and not _YES.match(words):
        return Amiss("请回答是或否，不清楚也可以。") if re.fullmatch(r"[\d.,]+\S{0,3}", words) else None
    if no and words.startswith("没问题"):
        no = None
    if len(words) > 24:
        return None
    if _BUT.search(words) and not (no and words.startswith("还没")):
        return Amiss("请按整句话判断：全部做到请答“是”，有一样没做到请答“否”，拿不准请答“不清楚”。")
    return Taken(no is None)


def _choice(field: Field, text: str) -> Response:
    near = {value: (label, *field.near.get(value, ())) for value, label in field.choices.items()}
    named = [value for value, words in near.items() if any(word in text for word in words)]
    if len(named) == 1:
        return Taken(named[0])
    labels = "、".join(field.choices.values())
    if named:
        return Amiss(f"说到了不止一种，请选一种：{'、'.join(field.choices[value] for value in named)}。")
    best = process.extractOne(text, field.choices, scorer=fuzz.ratio, score_cutoff=70)
    if best:
        return Taken(best[2])
    return Amiss(f"请从这些里选一个：{labels}；不清楚也可以。") if text.isdigit() else None


def _date(field: Field, text: str, day: date) -> Response:
    for words, days in (("今天", 0), ("今日", 0), ("当天", 0), ("现在", 0), ("明天", 1), ("后天", 2)):
        if words in text and len(text) <= 8:
            return Taken(day + timedelta(days=days))
    if match := re.search(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?", text):
        try:
            return Taken(read_cell(field, f"{match[1]}-{match[2]}-{match[3]}"))
        except ReadingError as error:
            return Amiss(f"{error}。")
    if re.search(r"\d", text) or re.search(r"[月号日]", text):
        return Amiss("请写出年、月、日，如 2026-03-01。")
    return None


def _figure(field: Field, text: str) -> Response:
    if _NONE_AT_ALL.fullmatch(text):
        return Taken(0 if field.kind == "count" else Decimal(0))
    try:
        return Taken(read_cell(field, text))
    except ReadingError as error:
        return Amiss(f"{error}。") if re.search(r"\d", text) else None
