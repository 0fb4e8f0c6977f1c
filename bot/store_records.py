"""Records as the JSON text that every engine stores, and back."""

from pydantic import TypeAdapter

from bot.conversation import Conversation, Message, Reply

_CONVERSATION = TypeAdapter(Conversation)
_MESSAGE = TypeAdapter(Message)
_REPLY = TypeAdapter(Reply)


def write_conversation(conversation: Conversation) -> str:
    """A conversation as JSON."""
    return _CONVERSATION.dump_json(conversation).decode()


def read_conversation(text: str) -> Conversation:
    """A conversation from JSON; ValueError where this version of the program cannot read it."""
    return _CONVERSATION.validate_json(text)


def write_message(message: Message) -> str:
    """A message as JSON."""
    return _MESSAGE.dump_json(message).decode()


def read_message(text: str) -> Message:
    """A message from JSON; ValueError where it cannot be read."""
    return _MESSAGE.validate_json(text)


def write_reply(reply: Reply) -> str:
    """A reply as JSON."""
    return _REPLY.dump_json(reply).decode()


def read_reply(text: str) -> Reply:
    """A reply from JSON; ValueError where it cannot be read."""
    return _REPLY.validate_json(text)
