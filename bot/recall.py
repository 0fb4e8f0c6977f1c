"""What was worked out before for the same words in the same state is not worked out again: responding is pure."""

from dataclasses import replace
from functools import lru_cache

from bot.conversation import Conversation, Handed, Message, Turn
from bot.dialogue import respond
from bot.world import World

REMEMBERED = 2000
"""How many turns are remembered: people ask much the same, and the most of it at the beginning of a conversation."""

LONGEST = 200
"""Characters of a message whose turn is remembered: longer ones are nobody else's."""


class Recall:
    """The dialogue with a memory. Nothing in it names anybody, and `forget` empties it."""

    def __init__(self, world: World) -> None:
        @lru_cache(REMEMBERED)
        def turn(conversation: Conversation, message: Message) -> Turn:
            return respond(world, conversation, message)

        self._world, self._turn = world, turn

    def respond(self, conversation: Conversation, message: Message, handed: Handed | None = None) -> Turn:
        """What a message leads to."""
        if handed or conversation.interview is not None or len(message.text) > LONGEST:
            return respond(self._world, conversation, message, handed)
        turn = self._turn(replace(conversation, user="", version=0), replace(message, user="", key=""))
        own = replace(turn.conversation, user=conversation.user, version=conversation.version)
        return replace(turn, conversation=own)

    def forget(self) -> None:
        """After somebody had everything erased, their words are not even here."""
        self._turn.cache_clear()
