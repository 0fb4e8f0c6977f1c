from datetime import date

import pytest

from bot.desk_hours import due_at, due_day, hours_lines, next_working_day, works_on
from bot.helpdesk import Office
from flows.workdays import PUBLISHED

FRIDAY, SATURDAY, MONDAY = date(2026, 6, 5), date(2026, 6, 6), date(2026, 6, 8)


def office(**given):
    return Office(prefecture="昆明市", name="窗口", desk=True, source="样例", date=date(2026, 1, 1), **given)


@pytest.mark.parametrize(
    ("day", "given", "works"),
    [
        (FRIDAY, {}, True),
        (SATURDAY, {}, False),
        (SATURDAY, {"open_on": (SATURDAY,)}, True),
        (FRIDAY, {"closed_on": (FRIDAY,)}, False),
        (date(2026, 10, 1), {}, False),
        (date(2026, 10, 10), {}, True),  # a Saturday that is worked for the holiday
        (date(2031, 6, 5), {}, None),
        (date(2031, 6, 5), {"closed_on": (date(2031, 6, 5),)}, False),
    ],
)
def test_a_desk_works_by_its_own_days_then_by_the_calendar(day, given, works):
    assert works_on(office(**given), PUBLISHED, day) is works


def test_an_answer_is_due_so_many_working_days_later_at_the_end_of_the_day_in_china():
    assert due_day(office(answer_within=2), PUBLISHED, FRIDAY) == date(2026, 6, 9)
    assert due_day(office(answer_within=1, closed_on=(MONDAY,)), PUBLISHED, SATURDAY) == date(2026, 6, 9)
    assert due_at(office(answer_within=2), PUBLISHED, FRIDAY) == "2026-06-09T15:59:59.000+00:00"


def test_without_a_service_level_or_a_known_calendar_nothing_is_due():
    assert due_at(office(), PUBLISHED, FRIDAY) == ""
    assert due_at(None, PUBLISHED, FRIDAY) == ""
    assert due_at(office(answer_within=2), PUBLISHED, date(2031, 6, 5)) == ""


def test_the_person_is_told_the_hours_a_day_off_and_when_to_expect_an_answer():
    lines = hours_lines(office(hours="工作日 9:00–17:00", answer_within=2), PUBLISHED, SATURDAY)
    assert lines == (
        "工作时间：工作日 9:00–17:00。",
        "今天休息，下一个工作日是2026年6月8日。",
        "一般在2个工作日内答复（2026年6月9日前）。",
    )
    assert hours_lines(office(), PUBLISHED, FRIDAY) == ()
    assert next_working_day(office(), PUBLISHED, date(2031, 6, 5)) is None
