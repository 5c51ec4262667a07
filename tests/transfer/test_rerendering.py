"""All HTML can be made anew, and is then what it would be if it were saved today."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select, update

from blog.content.models import Article, Page, Person, Question
from blog.content.rendering import renderer
from blog.lib.db import db, write
from blog.settings.declaring import choose
from blog.transfer.outcomes import quiet
from blog.transfer.rerendering import rerender

from .folders import LetGo, article, put, take, whole


def made() -> list[object]:
    db.session.rollback()
    found: list[object] = []
    found += db.session.execute(
        select(Article.slug, Article.body_html, Article.tldr_html, Article.text, Article.words)
    ).all()
    found += db.session.execute(select(Page.slug, Page.body_html)).all()
    found += db.session.execute(select(Person.slug, Person.body_html)).all()
    found += db.session.execute(select(Question.slug, Question.answer_html, Question.answer_text)).all()
    return found


def test_what_was_lost_is_made_anew(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, whole()))
    before = made()
    with write() as session:
        session.execute(
            update(Article).values(body_html="", tldr_html="", text="", words=0, rendered_with="0")
        )
        session.execute(update(Page).values(body_html=""))
        session.execute(update(Person).values(body_html=""))
        session.execute(update(Question).values(answer_html="", answer_text=""))
    assert rerender(quiet) == {"articles": 2, "pages": 1, "people": 3, "questions": 3}
    assert made() == before
    assert db.session.scalars(select(Article.rendered_with)).all() == [renderer()] * 2


def test_labels_follow_the_language_of_the_site(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, {"articles/a.md": article("A", "> [!NOTE]\n> Text.")}))
    assert ">Note<" in str(made())
    with write():
        choose("site.language", "de")
    with app.app_context():
        rerender(quiet)
    db.session.rollback()
    assert str(db.session.scalar(select(Article.rendered_with))).endswith("-de")


def test_nobody_reads_the_database_while_texts_are_rendered(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, whole()))
    progress = LetGo()
    with app.app_context():
        rerender(progress)
    assert progress.doing == {f"rendering {kind}" for kind in ("articles", "pages", "people", "questions")}


def test_a_rehearsal_counts_what_would_change_and_keeps_nothing(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, whole()))
    rerender(quiet)
    assert rerender(quiet, dry_run=True) == {"articles": 0, "pages": 0, "people": 0, "questions": 0}
    with write() as session:
        session.execute(update(Article).where(Article.slug == "diary").values(text=""))
        session.execute(update(Question).values(answer_html=""))
    before = made()
    assert rerender(quiet, dry_run=True) == {"articles": 1, "pages": 0, "people": 0, "questions": 3}
    assert made() == before
