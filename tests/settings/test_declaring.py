"""A setting is declared once, has a default, and is kept only when it can be read."""

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.settings.declaring import DECLARED, Setting, choose, one_of
from blog.settings.identity import language, title
from blog.settings.models import StoredSetting


def chosen(key: str, typed: str) -> str:
    with write():
        return choose(key, typed)


def kept() -> list[tuple[str, object]]:
    return [(row.key, row.value) for row in db.session.query(StoredSetting).order_by(StoredSetting.key)]


def test_what_nobody_chose_is_the_default(app: Flask) -> None:
    assert (title.get(), language.get(), kept()) == ("Broadsheet", "en", [])


def test_a_choice_is_kept_and_counts_at_once(app: Flask) -> None:
    assert title.get() == "Broadsheet"
    with write():
        assert choose("site.title", "The Linden Journal") == "The Linden Journal"
        assert title.get() == "The Linden Journal"
    assert title.get() == "The Linden Journal"
    assert kept() == [("site.title", "The Linden Journal")]


def test_a_choice_can_be_made_again(app: Flask) -> None:
    chosen("site.title", "One")
    chosen("site.title", "Two")
    assert (title.get(), kept()) == ("Two", [("site.title", "Two")])


def test_the_next_request_reads_the_choice(application: Flask) -> None:
    with application.app_context():
        chosen("site.title", "The Linden Journal")
    page = application.test_client().get("/newsletter", base_url="https://journal.example.org")
    assert "<title>Newsletter · The Linden Journal</title>" in page.text


def test_a_choice_that_is_taken_back_does_not_count(app: Flask) -> None:
    def fail() -> None:
        with write():
            choose("site.title", "The Linden Journal")
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError, match="the power goes"):
        fail()
    with app.app_context():
        assert title.get() == "Broadsheet"


def test_a_setting_that_nobody_declared_is_refused(app: Flask) -> None:
    with pytest.raises(Refused) as refused:
        chosen("site.nonsense", "x")
    assert str(refused.value) == (
        "There is no setting “site.nonsense”; the command `settings` lists those there are."
    )


def test_a_value_that_is_refused_leaves_the_old_one(app: Flask) -> None:
    chosen("site.language", "de")
    with pytest.raises(Refused):
        chosen("site.language", "tlh")
    assert kept() == [("site.language", "de")]


def test_one_key_is_declared_once() -> None:
    with pytest.raises(RuntimeError, match=r"The setting site\.title is declared twice"):
        Setting("site.title", "", "Another title.")


def test_every_setting_accepts_its_own_default_and_says_what_it_is_for() -> None:
    for setting in DECLARED.values():
        assert setting.about.endswith(".")
        if setting.default:
            assert setting.parse(setting.default) == setting.default


def test_a_choice_among_few_is_one_of_them() -> None:
    parse = one_of("en", "de")
    assert parse(" de ") == "de"
    with pytest.raises(Refused) as refused:
        parse("EN")
    assert str(refused.value) == "“EN” is not possible here; choose one of en, de."
