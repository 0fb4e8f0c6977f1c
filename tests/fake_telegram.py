"""Telegram as a bot meets it: chats, messages and queries, and every refusal that the Bot API's methods make."""

import json
import re
import time
from collections import defaultdict

from fake_html import Refused, check_keyboard, check_photo, check_text, refuse

TOKEN = "123456:TEST-token-of-the-fake-server"
BOT = {"id": 123456, "is_bot": True, "first_name": "备案通", "username": "beian_test_bot"}
ACTIONS = {"typing", "upload_document", "upload_photo"}
STALE_SECONDS = 15.0
"""After so long a button's press can no longer be answered (as far as the Bot API tells)."""


def read_json(form, name, default):
    try:
        return json.loads(form[name]) if form.get(name) else default
    except ValueError:
        refuse(f"can't parse {name}")


class Telegram:
    """The state behind the server; each method `sendMessage`, … takes the call's form and returns the result."""

    def __init__(self):
        self.messages = defaultdict(dict)  # chat -> message id -> what is shown there now
        self.sent, self.edits, self.actions = [], [], []
        self.by_chat = defaultdict(list)
        self.blocked, self.gone, self.moved = set(), set(), {}
        self.queries, self.answered_queries, self.toasts = {}, set(), {}
        self.inline, self.menu, self.menus, self.texts_of_profile = {}, None, {}, {}
        self.webhook = None
        self.forums = {}  # a group with topics -> thread -> name, and whether it is closed
        self.on_message = lambda message: None

    def next_id(self, chat):
        return max(self.messages[chat], default=0) + 1

    def show(self, chat, **message):
        """Put a message into a chat and give it its number."""
        number = self.next_id(chat)
        self.messages[chat][number] = {"message_id": number, "chat_id": chat, **message}
        return self.messages[chat][number]

    def _reach(self, form):
        chat = int(form["chat_id"])
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat in self.moved:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.moved[chat],
            )
        if chat in self.gone or chat not in self.messages:
            refuse("chat not found")
        return chat

    def _post(self, form, chat, text, **more):
        reply = read_json(form, "reply_parameters", {})
        target, thread = reply.get("message_id"), form.get("message_thread_id")
        if thread and chat in self.forums and int(thread) not in self.forums[chat]:
            refuse("message thread not found")
        if target and target not in self.messages[chat] and not reply.get("allow_sending_without_reply"):
            refuse("message to be replied not found")
        message = self.show(
            chat, by_bot=True, raw=form.get("text", ""), text=text,
            markup=check_keyboard(read_json(form, "reply_markup", {})),
            reply_to=target, thread=thread, **more,
        )  # fmt: skip
        self.sent.append(message)
        self.by_chat[chat].append(message)
        self.on_message(message)
        return self._as_result(message)

    def _as_result(self, message):
        chat = message["chat_id"]
        kind = "private" if chat > 0 else "supergroup"
        return {
            "message_id": message["message_id"], "date": int(time.time()), "text": message["text"], "from": BOT,
            "chat": {"id": chat, "type": kind},
        }  # fmt: skip

    async def getMe(self, form):
        return BOT

    async def sendMessage(self, form):
        chat = self._reach(form)
        return self._post(form, chat, check_text(form.get("text", ""), form.get("parse_mode")))

    async def createForumTopic(self, form):
        chat, name = self._forum(form), form.get("name", "")
        if not 1 <= len(name) <= 128:
            refuse("TOPIC_TITLE_INVALID" if name else "TOPIC_TITLE_EMPTY")
        thread = self.show(chat, by_bot=True, raw="", text="", markup={})["message_id"]
        self.forums[chat][thread] = {"name": name, "closed": False}
        return {"message_thread_id": thread, "name": name, "icon_color": 7322096}

    def _forum(self, form):
        chat = self._reach(form)
        if chat not in self.forums:
            refuse("the chat is not a forum")
        return chat

    def _topic(self, form):
        topic = self.forums[self._forum(form)].get(int(form.get("message_thread_id", 0)))
        return topic or refuse("TOPIC_ID_INVALID")

    async def closeForumTopic(self, form):
        return self._set_closed(form, True)

    async def reopenForumTopic(self, form):
        return self._set_closed(form, False)

    def _set_closed(self, form, closed):
        topic = self._topic(form)
        if topic["closed"] == closed:
            refuse("TOPIC_NOT_MODIFIED")
        topic["closed"] = closed
        return True

    async def deleteForumTopic(self, form):
        chat, thread = self._forum(form), int(form.get("message_thread_id", 0))
        self._topic(form)
        del self.forums[chat][thread]
        for number, message in list(self.messages[chat].items()):
            if number == thread or message.get("thread") == str(thread):
                del self.messages[chat][number]
        return True

    async def sendDocument(self, form):
        return self._send_file(form, "document")

    async def sendPhoto(self, form):
        return self._send_file(form, "photo")

    def _send_file(self, form, kind):
        chat = self._reach(form)
        file = form.get(kind)
        if file is None or isinstance(file, str):
            refuse(f"there is no {kind} in the request")
        data = file.file.read()
        if not data:
            refuse("file must be non-empty")
        if kind == "photo":
            check_photo(data)
        caption = form.get("caption", "")
        text = check_text(caption, form.get("parse_mode"), 1024) if caption else ""
        return self._post(form, chat, text, file=(file.filename, data))

    async def sendChatAction(self, form):
        chat = self._reach(form)
        if form.get("action") not in ACTIONS:
            refuse("wrong parameter action in request")
        self.actions.append((chat, form["action"]))
        return True

    def _own(self, form):
        chat = self._reach(form)
        message = self.messages[chat].get(int(form.get("message_id", 0)))
        if message is None:
            refuse("message to edit not found")
        if not message.get("by_bot"):
            refuse("message can't be edited")
        return message

    async def editMessageText(self, form):
        message = self._own(form)
        text = check_text(form.get("text", ""), form.get("parse_mode"))
        markup = check_keyboard(read_json(form, "reply_markup", {}))
        if (form.get("text"), markup) == (message["raw"], message["markup"]):
            refuse(
                "message is not modified: specified new message content and reply markup are exactly the same"
            )
        message |= {"raw": form.get("text"), "text": text, "markup": markup}
        self.edits.append(dict(message))
        self.on_message(message)
        return self._as_result(message)

    async def editMessageReplyMarkup(self, form):
        message = self._own(form)
        markup = check_keyboard(read_json(form, "reply_markup", {}))
        if markup == message["markup"]:
            refuse(
                "message is not modified: specified new message content and reply markup are exactly the same"
            )
        message["markup"] = markup
        return self._as_result(message)

    async def answerCallbackQuery(self, form):
        query = form.get("callback_query_id")
        if (
            query not in self.queries
            or query in self.answered_queries
            or time.monotonic() > self.queries[query]
        ):
            refuse("query is too old and response timeout expired or query ID is invalid")
        if len(form.get("text", "")) > 200:
            refuse("MESSAGE_TOO_LONG")
        self.answered_queries.add(query)
        self.toasts[query] = form.get("text", "")
        return True

    async def answerInlineQuery(self, form):
        query = form.get("inline_query_id")
        if self.inline.get(query, "unknown") is not None:
            refuse("query is too old and response timeout expired or query ID is invalid")
        results = read_json(form, "results", [])
        names = [result["id"] for result in results]
        if (
            len(results) > 50
            or len(set(names)) != len(names)
            or not all(1 <= len(n.encode()) <= 64 for n in names)
        ):
            refuse("RESULT_ID_INVALID")
        for result in results:
            if result["type"] != "article" or not result.get("title"):
                refuse("can't parse inline query result: field title must not be empty")
            content = result["input_message_content"]
            check_text(content["message_text"], content.get("parse_mode"))
            check_keyboard(result.get("reply_markup", {}))
        if len(form.get("next_offset", "").encode()) > 64:
            refuse("NEXT_OFFSET_INVALID")
        button = read_json(form, "button", {})
        if button and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", button.get("start_parameter", "")):
            refuse("START_PARAM_INVALID")
        self.inline[query] = {
            "results": results,
            "next_offset": form.get("next_offset", ""),
            "button": button,
        }
        return True

    async def setMyCommands(self, form):
        menu = read_json(form, "commands", [])
        for entry in menu:
            if (
                not re.fullmatch("[a-z0-9_]{1,32}", entry["command"])
                or not 1 <= len(entry["description"]) <= 256
            ):
                refuse("BOT_COMMAND_INVALID")
        scope = read_json(form, "scope", {"type": "default"})["type"]
        self.menus[scope, form.get("language_code", "")] = menu
        if scope == "default":
            self.menu = menu
        return True

    async def setMyDescription(self, form):
        return self._profile("description", form, 512)

    async def setMyShortDescription(self, form):
        return self._profile("short_description", form, 120)

    def _profile(self, name, form, longest):
        if len(form.get(name, "")) > longest:
            refuse(f"{name.upper()}_TOO_LONG")
        self.texts_of_profile[name, form.get("language_code", "")] = form.get(name, "")
        return True

    async def setWebhook(self, form):
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", form.get("secret_token", "")):
            refuse("secret token contains unallowed characters")
        if not form.get("url", "").startswith(("https://", "http://127.0.0.1")):
            refuse("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = {"url": form["url"], "secret": form.get("secret_token", "")}
        return True

    async def deleteWebhook(self, form):
        self.webhook = None
        return True

    async def getWebhookInfo(self, form):
        url = self.webhook["url"] if self.webhook else ""
        return {"url": url, "has_custom_certificate": False, "pending_update_count": 0}
