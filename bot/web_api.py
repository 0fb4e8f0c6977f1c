"""The HTTP API: ask, chat, pre-screen, clauses and FAQ as JSON; sessions are issued here and nowhere else."""

import json
import secrets
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.app import App, today
from bot.ask import answer_json
from bot.conversation import Message, Reply
from bot.settings import Settings
from bot.web_limits import Rate
from bot.web_problems import Json, ProblemError
from flows.profile import ProfileError, read_profile
from flows.screening import screen
from knowledge.answer import search_entries
from knowledge.entries import Entry
from knowledge.label import read_label

CHANNEL = "web"

Problem = {"description": "填写有误", "content": {"application/problem+json": {"schema": {"type": "object"}}}}
ERRORS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 404, 413, 422, 429), Problem)


class Question(BaseModel):
    """One question, in a session or in a new one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"q": "概念验证中心场地要多大"}]}
    )
    q: str = Field(min_length=1, max_length=4000)
    session: str | None = Field(None, max_length=200)


class Said(BaseModel):
    """A text or a button's action, in a session or in a new one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"action": "prescreen:pilot_base"}, {"text": "公示几天"}]},
    )
    session: str | None = Field(None, max_length=200)
    text: str | None = Field(None, max_length=4000)
    action: str | None = Field(None, max_length=200)

    @model_validator(mode="after")
    def _one_of_them(self) -> "Said":
        if bool((self.text or "").strip()) == bool((self.action or "").strip()):
            raise ValueError("give text or action, one of them and not empty")
        return self


class Session(BaseModel):
    """A session that this server issued."""

    model_config = ConfigDict(extra="forbid")
    session: str = Field(max_length=200)


class CitationOut(BaseModel):
    """A clause with its words."""

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

    session: str
    status: Literal["answered", "clarify", "abstained"]
    answer: str
    citations: list[CitationOut]
    judgements: list[JudgementOut]
    suggestions: list[str]


class ReplyOut(BaseModel):
    """One reply; `blocks` are the text's parts with their kinds, for clients that can show a quotation as one."""

    text: str
    citations: list[CitationOut]
    buttons: list[dict[str, str]]
    question: dict[str, Any] | None
    result: dict[str, Any] | None
    blocks: list[dict[str, Any]]


class RepliesOut(BaseModel):
    """The replies to a message."""

    session: str
    replies: list[ReplyOut]


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


def reply_json(reply: Reply) -> dict[str, Any]:
    """A reply in the API's shape."""
    return {
        "text": reply.text,
        "citations": [asdict(citation) for citation in reply.citations],
        "buttons": [asdict(button) for button in reply.buttons],
        "question": reply.question,
        "result": reply.result,
        "blocks": [asdict(block) for block in reply.blocks],
    }


def make_router(app: App, settings: Settings) -> APIRouter:
    """The routes under /api/v1."""
    router = APIRouter(prefix="/api/v1", responses=ERRORS)
    sessions = Rate(settings.session_limit)
    knowledge = app.world.knowledge

    async def user_of(session: str | None) -> tuple[str, str]:
        if session is None:
            session = await app.new_session(CHANNEL)
        elif not await app.knows(CHANNEL, session):
            raise ProblemError(404, {"session": "没有这个会话，或已被删除；不带 session 再发一次即可新开"})
        sessions.check("session", session)
        return session, app.user_of(session)

    @router.post("/ask", response_model=AnswerOut)
    async def ask(question: Question) -> Json:
        """Answer one question."""
        if not question.q.strip():
            raise ProblemError(422, {"q": "问题不能为空"})
        session, user = await user_of(question.session)
        replies = await app.handle(Message(CHANNEL, user, secrets.token_hex(16), today(), text=question.q))
        return Json({"session": session, **answer_json(replies[0] if replies else Reply("clarify", ()))})

    @router.post("/chat", response_model=RepliesOut)
    async def chat(said: Said, idempotency_key: Annotated[str | None, Header(max_length=200)] = None) -> Json:
        """Say something in a conversation; the same Idempotency-Key again gets the same replies."""
        session, user = await user_of(said.session)
        key = idempotency_key or secrets.token_hex(16)
        waiting = await app.pushed(CHANNEL, user)
        message = Message(CHANNEL, user, key, today(), (said.text or "").strip(), (said.action or "").strip())
        replies = (*waiting, *await app.handle(message))
        return Json({"session": session, "replies": [reply_json(reply) for reply in replies]})

    @router.post("/chat/news", response_model=RepliesOut)
    async def news(session: Session) -> Json:
        """Replies that came without a message, such as a staff answer."""
        name, user = await user_of(session.session)
        return Json({"session": name, "replies": [reply_json(r) for r in await app.pushed(CHANNEL, user)]})

    @router.post("/chat/history")
    async def history(session: Session) -> Json:
        """The last messages of a conversation, oldest first."""
        name, user = await user_of(session.session)
        said = await app.recent(CHANNEL, user)
        turns = [
            {"who": line.who, "text": line.text, "reply": reply_json(line.reply) if line.reply else None}
            for line in said
        ]
        return Json({"session": name, "turns": turns})

    @router.post("/prescreen", openapi_extra=PROFILE_BODY)
    async def prescreen(request: Request) -> Json:
        """Screen one profile."""
        try:
            profile = read_profile(read_object(await request.body()))
        except ProfileError as error:
            raise ProblemError(422, dict(error.errors)) from None
        return Json(screen(profile, app.world.rules).as_json())

    @router.get("/articles", response_model=list[ClauseOut])
    async def articles() -> Json:
        """All articles in order."""
        return Json([clause_json(app, clause.label) for clause in knowledge.regulation.articles()])

    @router.get("/articles/{label}", response_model=ClauseOut)
    async def article(label: Annotated[str, Path(max_length=100)]) -> Json:
        """One clause by its label, in any spelling."""
        read = read_label(label)
        clause = knowledge.regulation.find(read) if read else None
        if clause is None:
            raise ProblemError(404, {"label": "本办法没有这一条款；请写 9.3、第九条第（三）项 这样的条号"})
        return Json(clause_json(app, clause.label))

    @router.get("/faq")
    async def faq(q: Annotated[str, Query(max_length=400)] = "") -> Json:
        """The FAQ, searched where words are given."""
        entries = (
            search_entries(knowledge, q)
            if q.strip()
            else [e for e in knowledge.entries.values() if e.kind == "faq"]
        )
        return Json([entry_json(entry) for entry in entries])

    return router


PROFILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object"},
                "example": {"track": "pilot_base", "site_area_m2": 850},
            }
        },
    }
}


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object with exact figures; ProblemError for anything else, keys that stand twice and figures beyond reason."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ProblemError(422, {twice: "这一项出现了两次"})
        return dict(pairs)

    try:
        raw = json.loads(body.decode(), object_pairs_hook=once, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, InvalidOperation, RecursionError):
        raise ProblemError(
            400, {"body": '不是 JSON（UTF-8）；请发送一个对象，如 {"track": "pilot_base"}'}
        ) from None
    if not isinstance(raw, dict):
        raise ProblemError(422, {"body": "请发送一个 JSON 对象"})
    return raw


def clause_json(app: App, label: str) -> dict[str, Any]:
    """A clause in the API's shape."""
    regulation = app.world.knowledge.regulation
    clause = regulation.clauses[label]
    return {
        "regulation": regulation.id, "label": clause.label, "name": clause.name, "text": clause.text,
        "chapter": clause.chapter, "children": list(clause.children), "previous": clause.previous, "next": clause.next,
    }  # fmt: skip


def entry_json(entry: Entry) -> dict[str, Any]:
    """An FAQ entry: its question, what it says for each kind of facility, and its clauses."""
    variants = entry.by_track or ({"": entry.common} if entry.common else {})
    answers = [
        {"track": track or None, "answer": v.says, "clauses": list(v.clauses)}
        for track, v in variants.items()
        if v
    ]
    return {"id": entry.id, "topic": entry.topic, "question": entry.question, "answers": answers}
