import pytest

from flows.fields import FIELDS, PREFECTURES, field_of_title, fold
from flows.profile import Profile


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_found_by_its_name_its_title_and_its_heading(name):
    field = FIELDS[name]
    assert {
        field_of_title(title)
        for title in (name, name.upper(), field.title, field.heading, f" {field.title} ")
    } == {name}


def test_the_model_and_the_table_of_fields_know_the_same_fields_in_one_order():
    assert list(Profile.model_fields) == list(FIELDS)


def test_yunnan_has_sixteen_prefectures():
    assert len(set(PREFECTURES)) == 16


def test_an_unknown_title_is_no_field():
    assert field_of_title("联系电话") is None
    assert field_of_title("*申报类别") == "track"


def test_folding_evens_out_widths_and_white_space():
    assert fold(" 场地面积（平方米）") == fold("场地 面积(平方米)")


def test_figures_have_units_and_choices_have_titles():
    for field in FIELDS.values():
        assert (field.kind in ("number", "count")) == bool(field.unit)
        assert (field.kind == "choice") == bool(field.choices)


def test_words_that_people_say_for_a_choice_do_not_name_two():
    for field in FIELDS.values():
        words = [word for near in field.near.values() for word in near]
        assert len(words) == len(set(words))
