"""A draft as staff would write it, and how it gets published: shared by the tests of the FAQ under control."""

from datetime import UTC, datetime

from bot.faq_editing import approve, find_draft, make_draft, publish
from bot.published import extend
from bot.store_faq import add_draft, last_publication, read_published
from bot.store_opening import open_store

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)

DRONE = {
    "id": "drone-field",
    "topic": "备案条件",
    "question": "无人机试飞场能算中试场地吗？",
    "wordings": ["试飞场算不算中试场地", "无人机的试飞场地能不能算进去"],
    "answer": "可以算，只要是中试服务场地及配套设施，合计不少于1000平方米。",
    "clauses": ["9.3"],
    "expires": "2027-06-30",
    "regression": "我们有个无人机试飞场，能当中试场地吗",
}
ASKED = DRONE["regression"]


def memory():
    return open_store(":memory:")


def drafted(store, world, author="编辑甲", **changes):
    made = make_draft(world, DRONE | changes, author, AT.date())
    return store.transact(lambda db: add_draft(db, made, AT))


def approved(store, world, **changes):
    number = drafted(store, world, **changes)
    store.transact(lambda db: approve(db, number, "编辑乙", AT))
    return number


def published(store, world, *, corrects=False, at=AT, **changes):
    number = approved(store, world, **changes)
    put_out(store, number, at, corrects=corrects)
    return number


def put_out(store, number, at=AT, *, corrects=False):
    def run(db):
        publish(db, find_draft(db, number), "编辑乙", at, last_publication(db), corrects=corrects)

    store.transact(run)


def live(store, world):
    """The world as a server answers from it."""
    return extend(world, store.look(read_published)[1])
