"""Who asks: every entry of the FAQ concerns somebody, and the file names nothing that does not exist."""

import pytest

from knowledge import audiences, entries
from knowledge.audiences import Audience, load_audiences, problems_of
from knowledge.regulation import KnowledgeError, load


def test_every_entry_concerns_somebody_and_every_name_exists():
    assert problems_of(load_audiences(), entries.load_entries(load())) == []


def test_what_does_not_exist_is_named():
    wrong = problems_of(
        [Audience("x", "某人", "", ("没有的主题",), ("no-entry",))], entries.load_entries(load())
    )
    assert "x: there is no topic 没有的主题" in wrong
    assert "x: there is no entry no-entry" in wrong
    assert any(sentence.startswith("site-area: concerns nobody") for sentence in wrong)


@pytest.mark.parametrize("text", ["[[audience]]\nid = 'x'\n", "audience = 3", "[["])
def test_a_file_that_cannot_be_used_is_one_sentence(tmp_path, monkeypatch, text):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "audiences.toml").write_text(text)
    monkeypatch.setattr(audiences, "REGULATIONS", tmp_path)
    with pytest.raises(KnowledgeError, match=r"audiences\.toml"):
        load_audiences.__wrapped__("r")
    assert load_audiences.__wrapped__("none") == ()
