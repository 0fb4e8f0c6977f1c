"""The weekly summary: each desk once, on a working day at a civil hour, whatever stops and starts; no person in it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from staff_desk import POSTS, make_account, opened, sign_in_as
from storing import message, reply, tell
from test_web_ticket import desk_of

from bot.helpdesk import Office, Offices
from bot.store_sql import fetch
from bot.store_tally import Count, add_counts
from bot.upkeep import CHINA
from bot.weekly import last_week, mark_seen, tell_a_desk, unseen

GROUP = -1001234567890
COUNTS = [
    Count(date(2026, 6, 1), "web", "昆明市", "turn", "场地", "answered", 7),
    Count(date(2026, 6, 7), "web", "曲靖市", "turn", "团队", "abstained", 2),
    Count(date(2026, 6, 8), "web", "昆明市", "turn", "补助", "answered", 90),
]
MONDAY = datetime(2026, 6, 8, 1, 0, tzinfo=UTC)
"""Nine o'clock in China."""


def desk(place, **given):
    return Office(
        prefecture=place, name=f"{place}窗口", desk=True, source="样例", date=date(2026, 1, 1), **given
    )


@pytest.fixture
def desks(world):
    offices = (desk("昆明市"), desk("province"), without_desk("玉溪市"))
    return replace(world, offices=Offices(office=offices))


def without_desk(place):
    return Office(prefecture=place, name="没有人答复", source="样例", date=date(2026, 1, 1))


def counted(store):
    store.transact(lambda db: add_counts(db, COUNTS))
    return store


def run(store, world, at, group=GROUP):
    """How many desks are told, as the clock does it."""
    many = 0
    while tell_a_desk(store, world, group, at):
        many += 1
    return many


def told(store):
    return {
        row["place"]: row["text"]
        for row in store.look(lambda db: fetch(db, "select place, text from weekly"))
    }


def test_each_desk_is_told_of_its_own_week_and_the_province_of_all(store, desks):
    assert run(counted(store), desks, MONDAY) == 2
    texts = told(store)
    assert set(texts) == {"昆明市", "province"}
    assert texts["昆明市"].startswith("昆明市 2026-06-01 至 2026-06-07 咨询小结\n提问7次")
    assert "提问9次" in texts["province"]
    sent = store.pushed("telegram", f"{GROUP}:weekly")
    assert ["提问7次" in one.reply.text for one in sent] == [True, False]
    assert "提问9次" in sent[1].reply.text


def test_no_restart_and_no_second_worker_doubles_it(make_store, desks):
    one, two = make_store(), make_store()
    counted(one)
    assert run(one, desks, MONDAY) + run(two, desks, MONDAY) == 2
    assert run(make_store(), desks, MONDAY.replace(day=10)) == 0
    assert len(two.pushed("telegram", f"{GROUP}:weekly")) == 2
    assert run(two, desks, MONDAY.replace(day=15)) == 2


@pytest.mark.parametrize(
    ("at", "many"),
    [
        (MONDAY.replace(hour=0, minute=59), 0),  # before nine
        (MONDAY.replace(hour=13), 0),  # nine in the evening
        (MONDAY.replace(hour=12, minute=59), 2),
        (datetime(2026, 6, 9, 2, tzinfo=UTC), 2),  # the program was down on Monday
        (datetime(2026, 6, 13, 2, tzinfo=UTC), 0),  # a Saturday
        (datetime(2026, 6, 22, 2, tzinfo=UTC), 2),
        (datetime(2026, 6, 1, 2, tzinfo=UTC), 0),  # nothing was counted before that week
    ],
)
def test_it_comes_at_a_civil_hour_of_a_working_day(store, desks, at, many):
    assert run(counted(store), desks, at) == many


def test_a_desk_that_is_closed_is_told_on_its_next_working_day(store, world):
    offices = Offices(office=(desk("昆明市", closed_on=(date(2026, 6, 8),)),))
    world = replace(world, offices=offices)
    assert run(counted(store), world, MONDAY) == 0
    assert run(store, world, MONDAY.replace(day=9)) == 1


def test_without_desks_or_a_group_nothing_is_sent(store, world, desks):
    assert run(counted(store), world, MONDAY) == 0
    assert run(store, desks, MONDAY, None) == 2
    assert store.due("telegram", ()) == []


def test_nobody_is_in_it(store, desks):
    tell(store, message("1", "我叫王小明，电话13888888888", user="秘密"), reply(), prefecture="昆明市")
    opened(store, user="秘密", question="王小明的问题")
    run(counted(store), desks, MONDAY)
    for text in told(store).values():
        assert not [word for word in ("王小明", "13888888888", "秘密") if word in text]


def test_an_account_has_seen_it_for_itself_alone(store, desks):
    run(counted(store), desks, MONDAY)
    accounts = [make_account(store, name, POSTS["clerk"]) for name in ("wang", "li")]
    day = MONDAY.date()
    for _ in range(2):
        store.transact(lambda db: mark_seen(db, "昆明市", accounts[0], day))
    look = lambda place, staff, on=day: store.look(lambda db: unseen(db, place, staff, on))  # noqa: E731
    assert look("昆明市", accounts[0]) is None
    assert look("昆明市", accounts[1]).last == date(2026, 6, 7)
    assert look("大理白族自治州", accounts[1]) is None
    assert look("昆明市", accounts[1], date(2026, 6, 15)) is None


async def test_the_queue_shows_it_until_it_is_seen(tmp_path):
    async with desk_of(tmp_path) as http:
        week = last_week(datetime.now(CHINA).date())
        await http.app.transact(
            lambda db: db.execute("insert into weekly (place, week, text, at) values ('昆明市', ?, '昆明的小结', '')", [str(week)])
        )  # fmt: skip
        csrf = await sign_in_as(http, "wang", POSTS["clerk"])
        assert "昆明的小结" in (await http.get("/staff/tickets")).text
        assert (await http.post("/staff/tickets/weekly", data={"csrf": csrf})).status_code == 303
        assert "昆明的小结" not in (await http.get("/staff/tickets")).text
        await sign_in_as(http, "boss", POSTS["officer"])
        assert "昆明的小结" not in (await http.get("/staff/tickets")).text


async def test_the_program_tells_the_desks_by_itself(tmp_path):
    async with desk_of(tmp_path) as http:
        http.app._clock = lambda: MONDAY
        await http.app.transact(lambda db: add_counts(db, COUNTS))
        await http.app.tell_desks()
        rows = await http.app.transact(lambda db: fetch(db, "select place from weekly order by place"))
    assert [row["place"] for row in rows] == ["大理白族自治州", "昆明市"]
