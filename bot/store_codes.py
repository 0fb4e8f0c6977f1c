"""Resume codes: one for each conversation, kept as a hash, taken once, and with it the questionnaire."""

from dataclasses import replace

from bot.conversation import Conversation, Handed, Reply, Turn
from bot.resume_code import WRONG_AN_HOUR, hash_code, is_well_formed, new_code
from bot.store_records import read_conversation, write_conversation
from bot.store_rows import queue, rows, write_down
from bot.store_sql import Sql, lock
from bot.wording import say, text_reply


def issue_code(db: Sql, conversation: Conversation, now: str) -> str:
    """A new code for a conversation in the place of its earlier one."""
    code = new_code()
    who = [conversation.channel, conversation.user]
    db.execute("delete from resume_codes where channel = ? and user_id = ?", who)
    db.execute(
        "insert into resume_codes (hash, channel, user_id, created_at) values (?, ?, ?, ?)",
        [hash_code(code), *who, now],
    )
    return code


def find_handed(db: Sql, code: str, channel: str, user: str, an_hour_ago: str) -> Handed:
    """What a code leads to; nothing is looked up for a conversation that has tried too often."""
    if not is_well_formed(code):
        return Handed("malformed")
    wrong = rows(
        db,
        "select count(*) as number from wrong_codes where channel = ? and user_id = ? and at > ?",
        [channel, user, an_hour_ago],
    )
    if wrong[0]["number"] >= WRONG_AN_HOUR:
        return Handed("too_often")
    found = rows(
        db,
        "select r.channel, r.user_id, c.version, c.state from resume_codes r join conversations c "
        "on c.channel = r.channel and c.user_id = r.user_id where r.hash = ?",
        [hash_code(code)],
    )
    if not found:
        return Handed("unknown")
    row = found[0]
    interview = read_conversation(row["state"]).interview
    if (row["channel"], row["user_id"]) == (channel, user):
        return Handed("own")
    if interview is None:
        return Handed("unknown")
    return Handed("found", interview, hash_code(code), row["version"])


def is_still_there(db: Sql, turn: Turn) -> bool:
    """Whether a code that a turn takes still leads to the state that was read."""
    for effect in turn.effects:
        if effect.kind == "take_over":
            for row in rows(
                db, "select channel, user_id from resume_codes where hash = ?", [effect.data["hash"]]
            ):
                lock(db, row["channel"], row["user_id"])
            found = rows(
                db,
                "select c.version from resume_codes r join conversations c on c.channel = r.channel and "
                "c.user_id = r.user_id where r.hash = ?",
                [effect.data["hash"]],
            )
            if not found or found[0]["version"] != effect.data["version"]:
                return False
    return True


def take_over(db: Sql, code_hash: str, now: str) -> None:
    """The questionnaire leaves the conversation that issued the code, which is told so; the code is used up."""
    code = rows(db, "select channel, user_id from resume_codes where hash = ?", [code_hash])[0]
    channel, user = code["channel"], code["user_id"]
    row = rows(
        db, "select version, state from conversations where channel = ? and user_id = ?", [channel, user]
    )[0]
    left = replace(read_conversation(row["state"]), interview=None, proposed=(), paused=False)
    db.execute(
        "update conversations set state = ?, version = ? where channel = ? and user_id = ?",
        [write_conversation(left), row["version"] + 1, channel, user],
    )
    db.execute("delete from resume_codes where hash = ?", [code_hash])
    moved = text_reply("control", say("code.moved"))
    write_down(db, channel, user, "bot", moved.text, moved, now)
    queue(db, channel, user, "", moved, now, pushed=True)


def note_wrong(db: Sql, channel: str, user: str, now: str) -> None:
    """One more wrong code of a conversation."""
    db.execute("insert into wrong_codes (channel, user_id, at) values (?, ?, ?)", [channel, user, now])


def show_code(reply: Reply, code: str) -> Reply:
    """The reply with the code, which is known only once it is stored."""
    blocks = (replace(block, text=block.text.replace("{code}", code)) for block in reply.blocks)
    return replace(reply, blocks=tuple(blocks))
