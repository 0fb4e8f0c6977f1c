"""One reply on Telegram's screen: as a new message, in the place of an earlier one, with its pictures and its document."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import InputFile
from telegram.error import BadRequest, TelegramError

from bot.conversation import Reply
from bot.documents import make_document, make_picture
from bot.outbox import Outbox
from bot.responding import now
from bot.store import Outgoing
from bot.telegram_api import Api
from bot.telegram_place import Place, chat_of
from bot.telegram_text import keyboard, plain, render
from bot.world import World


@dataclass(frozen=True)
class File:
    """What comes after a reply's words: sent as a `photo` or a `document`, made when its turn comes."""

    kind: str
    name: str
    make: Callable[[], bytes]


class Shown:
    """Shows replies; each method returns the numbers, apart by commas, of the messages that show the reply now."""

    def __init__(self, outbox: Outbox, api: Api, world: World) -> None:
        self.outbox, self.api, self.world = outbox, api, world

    async def show(self, outgoing: Outgoing, place: Place) -> str:
        """Show a reply where it belongs; TelegramError if that does not work. What a crash or a refusal left half sent is
        gone on with."""
        pieces, rows = render(outgoing.reply), keyboard(outgoing.reply, outgoing.key)
        files = self._files(outgoing.reply)
        target = await self._target(outgoing, place) if len(pieces) == 1 and not files else 0
        if target and await self._edit(outgoing, target, pieces[0], rows):
            return str(target)
        numbers = outgoing.sent_as.split(",") if outgoing.sent_as else []
        parts: list[str | File] = [*pieces, *files]
        for n, part in enumerate(parts[len(numbers) :], len(numbers) + 1):
            if isinstance(part, File):
                numbers.append(await self._attach(outgoing, place, part))
            else:
                numbers.append(await self._post(outgoing, place, part, rows if n == len(pieces) else []))
            if n < len(parts):
                await self.outbox.begun(outgoing, ",".join(numbers))
        return ",".join(numbers)

    def _files(self, reply: Reply) -> list[File]:
        """The pictures of a reply's charts, and its document."""
        charts = [block.chart for block in reply.blocks if block.chart]
        files = [File("photo", "chart.png", partial(make_picture, chart)) for chart in charts]
        if document := reply.document:
            files.append(File("document", document.name, partial(make_document, self.world, document, now())))
        return files

    async def _attach(self, outgoing: Outgoing, place: Place, file: File) -> str:
        """Send a file that comes with a reply."""
        with suppress(TelegramError):  # only looks
            await self.api.call(
                "sendChatAction", chat_id=chat_of(outgoing.user), action=f"upload_{file.kind}"
            )
        made = await asyncio.to_thread(file.make)
        sent = await self.api.call(
            f"send{file.kind.title()}",
            chat_id=chat_of(outgoing.user),
            message_thread_id=place.thread or None,
            **{file.kind: InputFile(made, file.name)},
        )
        return str(sent.get("message_id", 0) if isinstance(sent, dict) else 0)

    async def _target(self, outgoing: Outgoing, place: Place) -> int:
        """The message that the reply takes the place of; 0 if it is a new one. An edited question is answered in the
        places of the replies that it had, each in its turn."""
        if place.pressed and outgoing.reply.question is None:
            return place.pressed
        if not place.edited:
            return 0
        earlier = await self.outbox.sent_for(outgoing, place.message)
        taken = {sent_as for key, sent_as in earlier if key == outgoing.key}
        others = dict.fromkeys(
            sent_as for key, sent_as in earlier if key != outgoing.key and "," not in sent_as
        )
        return next((int(sent_as) for sent_as in others if sent_as not in taken), 0)

    async def _edit(
        self, outgoing: Outgoing, target: int, piece: str, rows: list[list[dict[str, str]]]
    ) -> bool:
        """Change a message; False if Telegram does not let it be changed any more."""
        try:
            await self._call("editMessageText", outgoing, piece, rows, message_id=target)
        except BadRequest as error:
            return "not modified" in str(error).lower()  # it was changed before the answer got lost
        return True

    async def _post(
        self, outgoing: Outgoing, place: Place, piece: str, rows: list[list[dict[str, str]]]
    ) -> str:
        hung = place.message and (place.answers or place.edited)
        reply_to = {"message_id": place.message, "allow_sending_without_reply": True} if hung else None
        sent = await self._call(
            "sendMessage",
            outgoing,
            piece,
            rows,
            reply_parameters=reply_to,
            message_thread_id=place.thread or None,
        )
        return str(sent.get("message_id", 0) if isinstance(sent, dict) else 0)

    async def _call(
        self,
        method: str,
        outgoing: Outgoing,
        piece: str,
        rows: list[list[dict[str, str]]],
        **more: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401 - whatever the server sends
        """Call with a text; as plain text if Telegram cannot read it as HTML, since words matter more than looks."""
        markup = {"inline_keyboard": rows} if rows else None
        preview = {"is_disabled": True}
        chat = chat_of(outgoing.user)
        try:
            return await self.api.call(
                method,
                chat_id=chat,
                text=piece,
                parse_mode="HTML",
                reply_markup=markup,
                link_preview_options=preview,
                **more,
            )
        except BadRequest as error:
            if "parse entities" not in str(error).lower():
                raise
            return await self.api.call(
                method,
                chat_id=chat,
                text=plain(piece),
                reply_markup=markup,
                link_preview_options=preview,
                **more,
            )
