from icalendar import Calendar
from test_http_api import chat, client


async def exported(http, session=None):
    said = await chat(http, session, text="年报2099年3月31日前交，截止哪天")
    brought = await chat(http, said["session"], action="calendar")
    return brought["session"], brought["replies"][0]["document"]


async def fetch(http, session, document):
    return await http.post("/api/v1/chat/document", json={"session": session, "id": document})


async def test_a_file_is_fetched_with_the_session_that_it_belongs_to(tmp_path):
    async with client(tmp_path) as http:
        session, document = await exported(http)
        assert document["name"] == "年度报告-2099-03-31.ics"
        response = await fetch(http, session, document["id"])
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/calendar; charset=utf-8"
        assert response.headers["content-disposition"].endswith("-2099-03-31.ics")
        (event,) = Calendar.from_ical(response.content).events
        assert str(event["dtstart"].dt) == "2099-03-31"


async def test_another_session_or_none_gets_nothing(tmp_path):
    async with client(tmp_path) as http:
        session, document = await exported(http)
        other = (await chat(http, text="公示几天"))["session"]
        for who, what, field in (
            (other, document["id"], "id"),
            ("nobody", document["id"], "session"),
            (session, "x", "id"),
        ):
            response = await fetch(http, who, what)
            assert response.status_code == 404
            assert field in response.json()["errors"]


async def test_after_an_erasure_the_file_is_gone(tmp_path):
    async with client(tmp_path) as http:
        session, document = await exported(http)
        await chat(http, session, action="forget:yes")
        assert (await fetch(http, session, document["id"])).status_code == 404
