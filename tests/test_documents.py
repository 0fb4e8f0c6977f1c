from datetime import UTC, datetime

import pytest

from bot.conversation import Document
from bot.documents import make_document, make_picture, media_type, save_document, write_whole

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
DATA = {"deadlines": [{"kind": "notice", "start": "2026-11-23", "on": []}]}
DOCUMENT = Document("calendar", "公示期.ics", DATA)


def test_a_document_is_made_of_its_data(world):
    assert make_document(world, DOCUMENT, AT).startswith(b"BEGIN:VCALENDAR")
    assert media_type(DOCUMENT) == "text/calendar; charset=utf-8"
    assert media_type(Document("calendar", "x.unknown", {})) == "application/octet-stream"


def test_a_chart_is_made_a_picture():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
    )
    assert make_picture(svg).startswith(b"\x89PNG")


def test_its_id_is_that_of_its_content():
    assert DOCUMENT.id == Document("calendar", "公示期.ics", dict(DATA)).id
    assert DOCUMENT.id != Document("calendar", "公示期.ics", {"deadlines": []}).id
    assert len(DOCUMENT.id) == 20


def test_saving_overwrites_nothing_and_leaves_nothing_half_written(world, tmp_path):
    names = [save_document(world, DOCUMENT, AT, tmp_path).name for _ in range(3)]
    assert names == ["公示期.ics", "公示期-2.ics", "公示期-3.ics"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_a_name_with_a_path_in_it_stays_in_the_folder(world, tmp_path):
    escaping = Document("calendar", "../../x.ics", DATA)
    assert save_document(world, escaping, AT, tmp_path).parent == tmp_path


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        write_whole(tmp_path / "none" / "x.ics", b"x")
