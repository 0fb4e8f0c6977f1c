"""The HTTP API: ask, chat, pre-screen, clauses and FAQ as JSON; sessions are issued here and nowhere else."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response

from bot import web_shapes as shapes
from bot.app import App, today
from bot.ask import answer_json
from bot.conversation import Message, Reply
from bot.exchange import Exchanged, Spoken
from bot.settings import Settings
from bot.store import Feedback
from bot.web_input import read_object, require_readable
from bot.web_json import clause_json, entry_json, profile_json, profile_schema, reply_json
from bot.web_limits import Rate
from bot.web_problems import Json, ProblemError
from bot.web_validators import validated
from flows.profile import ProfileError, read_profile
from flows.questionnaire import to_profile
from flows.screening import screen
from knowledge.answer import search_entries
from knowledge.label import read_label

CHANNEL = "web"

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
_WORDS = {
    400: "请求无法读取", 403: "从其他网站发来", 404: "没有找到", 408: "传得太慢", 413: "请求太大", 422: "填写有误",
    429: "请求太频繁", 503: "数据库没有响应",
}  # fmt: skip
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": _PROBLEM} for status, description in _WORDS.items()
}

Key = Annotated[str | None, Header(min_length=1, max_length=200, pattern=r"^[\x20-\x7e]+$")]


def make_router(app: App, settings: Settings) -> APIRouter:
    """The routes under /api/v1."""
    router = APIRouter(prefix="/api/v1", responses=ERRORS)
    talk = Conversations(app, settings)
    router.add_api_route("/ask", talk.ask, methods=["POST"], response_model=shapes.AnswerOut)
    router.add_api_route("/chat", talk.chat, methods=["POST"], response_model=shapes.RepliesOut)
    router.add_api_route("/chat/news", talk.news, methods=["POST"], response_model=shapes.RepliesOut)
    router.add_api_route("/chat/history", talk.history, methods=["POST"], response_model=shapes.HistoryOut)
    router.add_api_route("/chat/profile", talk.profile, methods=["POST"], openapi_extra=_PROFILE_ANSWER)
    router.add_api_route("/sessions", talk.open, methods=["POST"], response_model=shapes.Session)
    router.add_api_route("/feedback", talk.rate, methods=["POST"], response_model=shapes.ThanksOut)
    _add_reading(router, app)
    return router


class Conversations:
    """The routes that know who is talking."""

    def __init__(self, app: App, settings: Settings) -> None:
        self.app = app
        self.rate_of_sessions = Rate(settings.session_limit)

    async def open(self) -> Json:
        """Open a session. A client that opens one before its first message can repeat that message safely."""
        return Json({"session": await self.app.new_session(CHANNEL)})

    async def ask(self, question: shapes.Question) -> Json:
        """Answer one question."""
        if not question.q.strip():
            raise ProblemError(422, {"q": "问题不能为空"})
        require_readable(q=question.q)
        done = await self._exchange(Spoken(CHANNEL, question.session, _message(text=question.q)))
        reply = done.replies[0] if done.replies else Reply("clarify", ())
        return Json({"session": done.session, **answer_json(reply)})

    async def chat(self, said: shapes.Said, idempotency_key: Key = None) -> Json:
        """Say something in a conversation. The same Idempotency-Key again in the same session gets the same replies and
        is handled once; with other words it is refused."""
        require_readable(text=said.text, action=said.action)
        message = _message((said.text or "").strip(), (said.action or "").strip())
        spoken = Spoken(CHANNEL, said.session, message, idempotency_key or "", collects=True)
        done = await self._exchange(spoken)
        shown = [reply_json(self.app.world, reply) for reply in done.waiting]
        shown += [reply_json(self.app.world, reply, done.key) for reply in done.replies]
        return Json({"session": done.session, "replies": shown})

    async def _exchange(self, spoken: Spoken) -> Exchanged:
        if spoken.session is not None:
            self.rate_of_sessions.check("session", spoken.session)
        done = await self.app.exchange(spoken)
        if spoken.session is None:
            self.rate_of_sessions.check("session", done.session)
        if done.refused == "session":
            raise _unknown_session()
        if done.refused == "key":
            raise ProblemError(422, {"Idempotency-Key": "这个键已经用于另一条消息，请换一个"})
        return done

    async def news(self, session: shapes.Session) -> Json:
        """Replies that came without a message, such as a staff answer."""
        name, user = await self._user_of(session.session)
        replies = await self.app.pushed(CHANNEL, user)
        return Json({"session": name, "replies": [reply_json(self.app.world, reply) for reply in replies]})

    async def history(self, session: shapes.Session) -> Json:
        """The last messages of a conversation, oldest first."""
        name, user = await self._user_of(session.session)
        turns = [
            {
                "who": line.who,
                "text": line.text,
                "reply": reply_json(self.app.world, line.reply, line.key) if line.reply else None,
                "at": line.at,
            }
            for line in await self.app.recent(CHANNEL, user, 200)
        ]
        return Json({"session": name, "turns": turns})

    async def profile(self, session: shapes.Session) -> Json:
        """What the questionnaire was told, as `/prescreen` reads it; 404 where none was begun."""
        _, user = await self._user_of(session.session)
        interview = (await self.app.conversation(CHANNEL, user)).interview
        if interview is None:
            raise ProblemError(404, {"session": "这个会话还没有做过预审"})
        return Json(profile_json(to_profile(self.app.world.rules, interview)))

    async def rate(self, rating: shapes.Rating) -> Json:
        """Say whether an answer or a page was useful."""
        require_readable(comment=rating.comment)
        user = (await self._user_of(rating.session))[1] if rating.session else ""
        await self.app.rate(Feedback(CHANNEL, user, rating.about, rating.useful, rating.comment.strip()))
        return Json({"kept": True})

    async def _user_of(self, session: str) -> tuple[str, str]:
        self.rate_of_sessions.check("session", session)
        if not await self.app.knows(CHANNEL, session):
            raise _unknown_session()
        return session, self.app.user_of(session)


def _unknown_session() -> ProblemError:
    return ProblemError(404, {"session": "没有这个会话，或已被删除；不带 session 再发一次即可新开"})


def _message(text: str = "", action: str = "") -> Message:
    """Whose it is and its key are the exchange's to say."""
    return Message(CHANNEL, "", "", today(), text, action)


def _add_reading(router: APIRouter, app: App) -> None:
    """The routes that need no session."""
    knowledge = app.world.knowledge

    @router.post("/prescreen", response_model=shapes.ResultOut, openapi_extra=PROFILE_BODY)
    async def prescreen(request: Request) -> Json:
        """Screen one profile."""
        try:
            profile = read_profile(read_object(await request.body()))
        except ProfileError as error:
            raise ProblemError(422, dict(error.errors)) from None
        return Json(screen(profile, app.world.rules).as_json())

    @router.get("/articles", response_model=list[shapes.ClauseOut])
    async def articles(request: Request) -> Response:
        """All articles in order."""
        law = knowledge.regulation
        return validated(request, Json([clause_json(law, clause.label) for clause in law.articles()]))

    @router.get("/articles/{label}", response_model=shapes.ClauseOut)
    async def article(
        request: Request, label: Annotated[str, Path(max_length=100, examples=["9.3"])]
    ) -> Response:
        """One clause by its label, in any spelling."""
        read = read_label(label)
        clause = knowledge.regulation.find(read) if read else None
        if clause is None:
            raise ProblemError(404, {"label": "本办法没有这一条款；请写 9.3、第九条第（三）项 这样的条号"})
        return validated(request, Json(clause_json(knowledge.regulation, clause.label)))

    @router.get("/faq", response_model=list[shapes.EntryOut])
    async def faq(
        request: Request, q: Annotated[str, Query(max_length=400, examples=["场地"])] = ""
    ) -> Response:
        """The FAQ, searched where words are given."""
        require_readable(q=q)
        entries = (
            search_entries(knowledge, q)
            if q.strip()
            else [e for e in knowledge.entries.values() if e.kind == "faq"]
        )
        return validated(request, Json([entry_json(entry) for entry in entries]))


PROFILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": profile_schema(),
                "examples": {
                    "场地不足": {"value": {"track": "pilot_base", "site_area_m2": 850}},
                    "只写类别": {"value": {"track": "proof_of_concept"}},
                },
            }
        },
    }
}

_PROFILE_ANSWER = {
    "responses": {
        "200": {
            "description": "已知的填写内容",
            "content": {"application/json": {"schema": profile_schema()}},
        }
    }
}
