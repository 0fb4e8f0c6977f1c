from datetime import date
from pathlib import Path

import pytest

from flows.workdays import PUBLISHED, DayKind, Workdays, WorkdaysError, read_workdays


@pytest.mark.parametrize(
    ("day", "works", "reason"),
    [
        (date(2026, 3, 2), True, ""),
        (date(2026, 3, 7), False, "周末"),
        (date(2026, 2, 14), True, "春节调休上班"),
        (date(2026, 2, 23), False, "春节放假"),
        (date(2026, 10, 7), False, "国庆节放假"),
        (date(2026, 10, 10), True, "国庆节调休上班"),
        (date(2026, 1, 4), True, "元旦调休上班"),
        (date(2025, 12, 6), False, "周末"),
    ],
)
def test_a_day_is_what_the_state_council_published(day, works, reason):
    assert PUBLISHED.kind(day) == DayKind(works, reason)


def test_a_year_that_is_not_published_is_unknown_even_at_a_weekend():
    assert PUBLISHED.kind(date(2099, 1, 3)) is None
    assert not PUBLISHED.knows(2099)
    assert PUBLISHED.kind(date(1999, 1, 1)) is None


def test_the_end_of_the_last_known_year_may_still_change():
    last = max(year for year in range(2026, 2100) if PUBLISHED.knows(year))
    assert PUBLISHED.may_change(date(last, 12, 28))
    assert not PUBLISHED.may_change(date(last, 12, 27))
    assert not PUBLISHED.may_change(date(last - 1, 12, 31))
    known = Workdays({date(last + 1, 1, 1): DayKind(False, "放假")})
    assert not known.may_change(date(last, 12, 31))


def write(tmp_path, text):
    path = tmp_path / "holidays.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_makes_a_year_known(tmp_path):
    days = read_workdays(write(tmp_path, '[[year]]\nyear = 2099\nsource = "某号"\noff = [[2099-01-01, 2099-01-03]]\nwork = [2099-01-10]'))  # fmt: skip
    assert days.kind(date(2099, 1, 2)) == DayKind(False, "放假")
    assert days.kind(date(2099, 1, 10)) == DayKind(True, "调休上班")
    assert days.kind(date(2099, 1, 11)) == DayKind(False, "周末")
    assert days.kind(date(2099, 1, 12)) == DayKind(True)
    assert days.kind(date(2098, 1, 1)) is None


def test_a_file_goes_before_what_the_library_knows_and_only_on_its_days(tmp_path):
    days = read_workdays(write(tmp_path, '[[year]]\nyear = 2026\nsource = "某号"\nwork = [2026-03-07]'))
    assert days.kind(date(2026, 3, 7)) == DayKind(True, "调休上班")
    assert days.kind(date(2026, 3, 8)) == DayKind(False, "周末")
    assert days.kind(date(2026, 10, 1)) == DayKind(False, "国庆节放假")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "not TOML"),
        ("", "entries [[year]]"),
        ("year = 2099", "entries [[year]]"),
        ('[[year]]\nyear = 20206\nsource = "x"\noff = [2099-01-01]', "20206"),
        ('[[year]]\nyear = "2099"\nsource = "x"', "'2099'"),
        ("[[year]]\nyear = 2099\noff = [2099-01-01]", "source"),
        ('[[year]]\nyear = 2099\nsource = "x"', "off is empty"),
        ('[[year]]\nyear = 2099\nsource = "x"\nwork = [2099-01-03]', "off is empty"),
        ('[[year]]\nyear = 2099\nsource = "x"\noff = [2098-01-01]', "days of 2099"),
        ('[[year]]\nyear = 2099\nsource = "x"\noff = ["2099-01-01"]', "days of 2099"),
        ('[[year]]\nyear = 2099\nsource = "x"\noff = [[2099-01-03, 2099-01-01]]', "first, last"),
        ('[[year]]\nyear = 2099\nsource = "x"\noff = 5', "a list"),
        ('[[year]]\nyear = 2099\nsource = "x"\noff = [2099-01-01]\nwork = [2099-01-01]', "leave it in one"),
        ('[[year]]\nyear = 2099\nsource = "x"\noff = [2099-01-01]\nholiday = 1', "holiday is not known"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence_that_names_the_entry(tmp_path, text, said):
    with pytest.raises(WorkdaysError) as caught:
        read_workdays(write(tmp_path, text))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(WorkdaysError, match="BEIAN_HOLIDAYS"):
        read_workdays(tmp_path / "none.toml")


def test_the_example_in_the_docs_can_be_read():
    example = Path(__file__).parent.parent / "docs" / "holidays.example.toml"
    assert read_workdays(example).kind(date(2099, 5, 9)) == DayKind(True, "调休上班")


def test_several_years_are_read_and_a_wrong_one_is_named_by_its_number(tmp_path):
    good = '[[year]]\nyear = {0}\nsource = "某号"\noff = [{0}-01-01, [{0}-05-01, {0}-05-03]]\n'
    days = read_workdays(write(tmp_path, good.format(2098) + good.format(2099)))
    assert [days.kind(date(year, 1, 1)) for year in (2098, 2099)] == [DayKind(False, "放假")] * 2
    assert days.kind(date(2099, 5, 2)) == DayKind(False, "放假")
    assert days.kind(date(2099, 1, 2)) == DayKind(True), "a Friday"
    with pytest.raises(WorkdaysError, match=r"\[\[year\]\] number 2: off has '2099'"):
        read_workdays(
            write(tmp_path, good.format(2098) + '[[year]]\nyear = 2099\nsource = "x"\noff = ["2099"]')
        )
    with pytest.raises(WorkdaysError, match=r"\[\[year\]\] number 1: work has '2098'"):
        read_workdays(write(tmp_path, good.format(2098) + 'work = ["2098"]'))
    with pytest.raises(WorkdaysError, match="number 1: a, b is not known here"):
        read_workdays(write(tmp_path, good.format(2098) + "b = 1\na = 2"))


@pytest.mark.parametrize(("year", "usable"), [(1999, False), (2000, True), (2100, True), (2101, False)])
def test_a_year_out_of_reason_is_refused(tmp_path, year, usable):
    path = write(tmp_path, f'[[year]]\nyear = {year}\nsource = "某号"\noff = [{year}-01-01]')
    if usable:
        assert read_workdays(path).knows(year)
    else:
        with pytest.raises(WorkdaysError, match=f"year {year} is not usable"):
            read_workdays(path)
