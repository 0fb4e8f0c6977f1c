"""The shapes of the HTTP API: what is sent and what comes back, each with an example."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

LONGEST = 4000
"""Characters of a question or a message."""

ABOUT = r"^[A-Za-z0-9/._-]+$"
"""What feedback may be about: a reply's id or a page's path."""

_CITED = {
    "regulation": "yunnan-2025-11", "label": "10.3", "name": "第十条第（三）项",
    "quote": "公示。省科技厅对拟备案的概念验证中心和中试基地（平台）进行公示，公示期为5个工作日。",
}  # fmt: skip
_SESSION = "dGhpcyBpcyBvbmx5IGFuIGV4YW1wbGU"


def _shows(
    example: dict[str, Any], *more: dict[str, Any], extra: Literal["forbid", "ignore"] = "ignore"
) -> ConfigDict:
    return ConfigDict(extra=extra, json_schema_extra={"examples": [example, *more]})


class Question(BaseModel):
    """One question, in a session or in a new one."""

    model_config = _shows({"q": "概念验证中心场地要多大"}, extra="forbid")
    q: str = Field(min_length=1, max_length=LONGEST, description="问题")
    session: str | None = Field(None, max_length=200, description="服务器发给的会话；不带则新开")


class Said(BaseModel):
    """A text or a button's action, in a session or in a new one."""

    model_config = _shows({"action": "prescreen:pilot_base"}, {"text": "公示几天"}, extra="forbid")
    session: str | None = Field(None, max_length=200, description="服务器发给的会话；不带则新开")
    text: str | None = Field(None, max_length=LONGEST, description="一句话；与 action 只写一样")
    action: str | None = Field(None, max_length=200, description="按钮的动作；与 text 只写一样")

    @model_validator(mode="after")
    def _one_of_them(self) -> "Said":
        if bool((self.text or "").strip()) == bool((self.action or "").strip()):
            raise ValueError("text 和 action 请只写一样，不能为空")
        return self


class Session(BaseModel):
    """A session that this server issued."""

    model_config = _shows({"session": _SESSION}, extra="forbid")
    session: str = Field(max_length=200)


class Rating(BaseModel):
    """Whether an answer (`about`: the `id` of its reply, with its session) or a page (`about`: its path) was useful."""

    model_config = _shows({"about": "/faq/public-notice", "useful": True}, extra="forbid")
    about: str = Field(min_length=1, max_length=100, pattern=ABOUT)
    useful: bool
    comment: str = Field("", max_length=1000)
    session: str | None = Field(None, max_length=200)


class CitationOut(BaseModel):
    """A clause with its words."""

    model_config = _shows(_CITED)
    regulation: str
    label: str
    name: str
    quote: str


class JudgementOut(BaseModel):
    """One clause judged, or an amount in 万元."""

    label: str
    status: Literal["met", "unmet", "unknown"] | None
    required: str | None
    actual: str | None
    amount_wan: str | None
    assumed: list[str]


class AnswerOut(BaseModel):
    """An answer with its citations."""

    model_config = _shows({
        "session": _SESSION, "status": "answered", "answer": "公示5个工作日。", "citations": [_CITED], "judgements": [],
        "suggestions": ["申报要提交哪些材料？"],
    })  # fmt: skip
    session: str
    status: Literal["answered", "clarify", "abstained"]
    answer: str
    citations: list[CitationOut]
    judgements: list[JudgementOut]
    suggestions: list[str]


class ButtonOut(BaseModel):
    """A choice under a reply; `action` is what to send when it is pressed."""

    label: str
    action: str


class ChoiceOut(BaseModel):
    """One answer to a question; `value` is the profile's own."""

    label: str
    value: bool | str | None
    action: str


class AskedOut(BaseModel):
    """The question that the questionnaire asks now."""

    field: str
    type: Literal["yes_no", "choice", "number", "count", "date"]
    unit: str | None
    choices: list[ChoiceOut]


class CriterionOut(BaseModel):
    """One requirement judged."""

    label: str
    field: str
    status: Literal["met", "unmet", "unknown"]
    required: str
    actual: str | None


class NoticeOut(BaseModel):
    """What a result says beside its verdict."""

    label: str
    text: str


class ResultOut(BaseModel):
    """A pre-screen result; amounts are text in 万元 with two decimals, null where they are not known."""

    model_config = _shows({
        "id": None, "verdict": "ineligible", "unmet": ["9.3"], "unknown": ["9.1", "9.2", "9.4", "9.5", "10.1", "18", "20"],
        "route": None, "construction_wan": None, "operating_wan": None, "first_year_wan": None, "additional_wan": None,
        "criteria": [{"label": "9.3", "field": "site_area_m2", "status": "unmet", "required": "≥ 1000", "actual": "850"}],
        "notices": [], "error": None,
    })  # fmt: skip
    id: str | None
    verdict: Literal["eligible", "ineligible", "undetermined"]
    unmet: list[str]
    unknown: list[str]
    route: Literal["province", "prefecture"] | None
    construction_wan: str | None
    operating_wan: str | None
    first_year_wan: str | None
    additional_wan: str | None
    criteria: list[CriterionOut]
    notices: list[NoticeOut]
    error: None


class DocumentOut(BaseModel):
    """A file that comes with a reply, fetched by its id from /chat/document."""

    id: str
    name: str


class ReplyOut(BaseModel):
    """One reply. `blocks` are the text's parts with their kinds, for clients that can show a quotation as one; `card` is
    the result as a table; `id` names the reply for feedback, null where none is asked for."""

    text: str
    citations: list[CitationOut]
    buttons: list[ButtonOut]
    question: AskedOut | None
    result: ResultOut | None
    blocks: list[dict[str, Any]]
    card: dict[str, Any] | None
    document: DocumentOut | None
    outcome: str
    id: str | None


class RepliesOut(BaseModel):
    """The replies to a message."""

    session: str
    replies: list[ReplyOut]


class TurnOut(BaseModel):
    """One line of a conversation."""

    who: Literal["user", "bot", "staff"]
    text: str
    reply: ReplyOut | None
    at: str


class HistoryOut(BaseModel):
    """The last lines of a conversation, oldest first."""

    session: str
    turns: list[TurnOut]


class ClauseOut(BaseModel):
    """A clause and its neighbours, by label."""

    regulation: str
    label: str
    name: str
    text: str
    chapter: str
    children: list[str]
    previous: str | None
    next: str | None


class EntryAnswerOut(BaseModel):
    """What an FAQ entry says, of one kind of facility or of both (null)."""

    track: Literal["proof_of_concept", "pilot_base"] | None
    answer: str
    clauses: list[str]


class EntryOut(BaseModel):
    """One question of the FAQ."""

    id: str
    topic: str
    question: str
    answers: list[EntryAnswerOut]


class ThanksOut(BaseModel):
    """Feedback was kept."""

    kept: bool


class ProblemOut(BaseModel):
    """Problem details (RFC 9457); `errors` has a reason for each field, `request` the id of the
    request, which the log has too."""

    model_config = _shows({
        "type": "about:blank", "title": "填写有误", "status": 422, "detail": "site_area_m2：不能是负数",
        "errors": {"site_area_m2": "不能是负数"}, "request": "6f1d2c3b4a596877",
    })  # fmt: skip
    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, str]
    request: str
