"""Updates arrive, by long polling or webhook: each is acknowledged to Telegram once what it asks is stored."""

import asyncio
import hmac
import json
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog
from telegram.error import Conflict, TelegramError

from bot.app import App, today
from bot.request_id import id_of
from bot.store import Feedback, StoreError
from bot.telegram_api import Api, TooFastError
from bot.telegram_inline import find_results
from bot.telegram_place import chat_of
from bot.telegram_sending import Sender, pause
from bot.telegram_staff import StaffGroup
from bot.telegram_updates import (
    ALLOWED,
    CHANNEL,
    CHOICES,
    NOTHING,
    VOTES,
    Incoming,
    Inline,
    Press,
    read_update,
)
from bot.wording import say

POLL_SECONDS = 25.0
MOST_AT_ONCE = 200
"""Answers to presses and inline questions under way; above that they are left out, since Telegram forgets them anyway."""

log = structlog.get_logger("beian")


class Receiver:
    """Takes updates."""

    def __init__(self, app: App, api: Api, sender: Sender, staff: StaffGroup | None = None) -> None:
        self.app, self.api, self.sender, self.staff = app, api, sender, staff
        self._tasks: set[asyncio.Task[None]] = set()
        self._offset = 0
        self.failures = 0
        """Fetches that failed in a row."""

    async def poll(self) -> None:
        """Fetch updates for ever; the next fetch confirms only those that are stored."""
        while True:
            try:
                raw = await self.api.poll(POLL_SECONDS, offset=self._offset, allowed_updates=ALLOWED)
            except TelegramError as error:
                self.failures += 1
                await self._wait_out(error, self.failures)
                continue
            self.failures = 0
            updates = raw if isinstance(raw, list) else []
            await self._take_surely(updates)
            numbers = [
                u["update_id"] for u in updates if isinstance(u, dict) and isinstance(u.get("update_id"), int)
            ]
            # An empty answer has confirmed all before it. From then on no offset is given: after a quiet week Telegram may
            # number updates anew, below it.
            self._offset = max(numbers) + 1 if numbers else 0

    async def _wait_out(self, error: TelegramError, failures: int) -> None:
        log.warning("polling failed", error=type(error).__name__, attempt=failures)
        if isinstance(error, Conflict):  # another process polls with this token, or a webhook is still set
            with suppress(TelegramError):
                await self.api.call("deleteWebhook", drop_pending_updates=False)
        await asyncio.sleep(error.seconds if isinstance(error, TooFastError) else pause(failures))

    async def _take_surely(self, updates: list[Any]) -> None:
        for attempt in range(1_000_000):
            try:
                await self.take(updates)
            except StoreError as error:
                log.warning("database does not answer", error=str(error))
                await asyncio.sleep(pause(attempt))
            else:
                return

    async def confirm(self) -> None:
        """Tell Telegram, before a clean stop, what is stored: otherwise it would come again, and be passed over."""
        if self._offset:
            with suppress(TelegramError):
                await self.api.poll(0, offset=self._offset, limit=1, allowed_updates=ALLOWED)

    async def take(self, updates: list[Any]) -> None:
        """Store what updates ask, in one transaction; StoreError, and nothing lost, if that is not possible now."""
        found = [self._read(raw) for raw in updates]
        for incoming in found:
            if incoming.staff and self.staff:
                await self.staff.take(incoming.staff)
        messages = [incoming.message for incoming in found if incoming.message]
        fresh = (
            dict(zip(map(id, messages), await self.app.accept_all(messages), strict=True)) if messages else {}
        )
        for incoming in found:
            if incoming.message is None or fresh[id(incoming.message)]:
                await self._answer(incoming)

    def _read(self, raw: Any) -> Incoming:  # noqa: ANN401 - from the server
        """One update; nothing where it cannot be read, so that it does not come again for ever."""
        try:
            group = self.staff.group if self.staff else None
            return read_update(raw, today(), self.api.id, self.api.name, group)
        except (TypeError, ValueError, AttributeError, LookupError) as error:
            number = raw.get("update_id") if isinstance(raw, dict) else None
            named = id_of(CHANNEL, str(number)) if isinstance(number, int) else ""
            log.warning("unreadable update", error=type(error).__name__, request=named)
            return NOTHING

    async def _answer(self, incoming: Incoming) -> None:
        """What is done at once, beside the replies that leave through the outbox."""
        if change := incoming.membership:
            await self.sender.reachable(change.chat, None if change.state == "in" else "blocked")
        if press := incoming.press:
            if press.action.partition(":")[0] in VOTES and press.user:
                await self._keep_vote(press)
            self._beside(self._answer_press(press))
        if incoming.inline:
            self._beside(self._answer_inline(incoming.inline))
        if incoming.message:
            self.sender.typing.expect(chat_of(incoming.message.user))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        if len(self._tasks) >= MOST_AT_ONCE:
            work.close()
            return
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_vote(self, press: Press) -> None:
        """What somebody thinks of an answer: the message's key, and no words."""
        vote, _, key = press.action.partition(":")
        await self.app.rate(Feedback(CHANNEL, press.user, key[:60], vote == "useful"))

    async def _answer_press(self, press: Press) -> None:
        """End the button's waiting, and note in its message what was chosen, so that it is not pressed twice."""
        name = press.action.partition(":")[0]
        toast = say("telegram.voted") if name in VOTES else None
        with suppress(TelegramError):  # too old, or answered before: the press is stored all the same
            await self.api.call("answerCallbackQuery", callback_query_id=press.query, text=toast)
        with suppress(TelegramError):  # only looks
            if name in VOTES:
                rows = [[b for b in row if not _is_vote(b)] for row in _rows(press)]
                if name == "useless" and not any(
                    b.get("callback_data") == "human" for row in rows for b in row
                ):
                    rows.append([{"text": say("telegram.human"), "callback_data": "human"}])
                await self._change(
                    press, "editMessageReplyMarkup", reply_markup={"inline_keyboard": [r for r in rows if r]}
                )
            elif name in CHOICES and (label := _label(press)):
                text = press.message.get("text", "")
                chosen = f"{text}\n\n{say('telegram.chosen', label=label)}"
                if isinstance(text, str) and text and len(chosen) < 4000:
                    await self._change(
                        press, "editMessageText", text=chosen, entities=press.message.get("entities")
                    )

    async def _change(self, press: Press, method: str, **more: Any) -> None:  # noqa: ANN401 - parameters of a call
        await self.api.call(method, chat_id=press.chat, message_id=press.message.get("message_id"), **more)

    async def _answer_inline(self, inline: Inline) -> None:
        results, next_offset = await self.app.think(
            lambda world: find_results(world, inline.text, inline.offset)
        )
        button = {"text": say("telegram.inline_button"), "start_parameter": "prescreen"}
        try:
            await self.api.call(
                "answerInlineQuery", inline_query_id=inline.query, results=results, next_offset=next_offset, cache_time=300,
                is_personal=False, button=button,
            )  # fmt: skip
        except TelegramError as error:
            log.info("inline question not answered", reason=type(error).__name__)


class Webhook:
    """Takes updates that Telegram brings: 200 once they are stored, 403 without the secret, 503 to come again later."""

    def __init__(self, receiver: Receiver, secret: str) -> None:
        self.receiver, self._secret = receiver, secret.encode()

    async def take(self, given: str, body: bytes) -> int:
        """The HTTP status for one call with its secret header; compared in constant time."""
        if not hmac.compare_digest(given.encode(errors="replace"), self._secret):
            return 403
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            log.warning("unreadable update")
            return 200  # it would be as unreadable the next time
        try:
            await self.receiver.take([update])
        except StoreError as error:
            log.warning("database does not answer", error=str(error))
            return 503
        return 200


def _rows(press: Press) -> list[list[dict[str, Any]]]:
    markup = press.message.get("reply_markup")
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    return (
        [[b for b in row if isinstance(b, dict)] for row in rows if isinstance(row, list)]
        if isinstance(rows, list)
        else []
    )


def _is_vote(button: dict[str, Any]) -> bool:
    return str(button.get("callback_data", "")).partition(":")[0] in VOTES


def _label(press: Press) -> str:
    """The words on the button that was pressed."""
    return next(
        (
            str(b.get("text", ""))
            for row in _rows(press)
            for b in row
            if b.get("callback_data") == press.action
        ),
        "",
    )
