"""A picture is served by its name where readers see it, or where nothing at all shows it."""

from collections.abc import Callable
from typing import Any

import flask_migrate
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from blog.content.models import Article, PictureUse
from blog.content.picturing import pictures_in
from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.migrating import upgrade_database
from tests.building import FUTURE, PAST, article, page, person, question, save
from tests.journal import picture

SHOWN = "![A cup](/media/cup.png)"


@pytest.fixture
def status(client: FlaskClient) -> Callable[[], int]:
    """Return what a reader gets who guesses the picture's name."""
    with write():
        picture("cup.png")
    return lambda: client.get("/media/cup.png").status_code


def uses() -> list[tuple[str, str]]:
    rows = db.session.execute(select(PictureUse.kind, PictureUse.name)).all()
    return sorted((kind, name) for kind, name in rows)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (SHOWN, {"cup.png"}),
        ('![A cup](/media/cup.png "Tea") and [the plan](</media/plan%20b.png>)', {"cup.png", "plan b.png"}),
        ("![A cup][c]\n\n[c]: /media/cup.png\n", {"cup.png"}),
        ("![A](/media/a.png)![B](/media/b.png#top)", {"a.png", "b.png"}),
        ("Nothing at /medium/cup.png", set()),
        ("", set()),
    ],
)
def test_a_text_names_its_pictures(words: str, names: set[str]) -> None:
    assert pictures_in(words) == names


def test_a_picture_that_nothing_shows_is_served(status: Callable[[], int]) -> None:
    assert status() == 200


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        (lambda: article(body=SHOWN), 200),
        (lambda: article(tldr=SHOWN), 200),
        (lambda: article(body=SHOWN, published_at=None), 404),
        (lambda: article(tldr=SHOWN, published_at=FUTURE), 404),
        (lambda: page(body=SHOWN), 200),
        (lambda: person(body=SHOWN), 200),
        (lambda: question(answer=SHOWN), 404),
        (lambda: question(answer=SHOWN, stands_alone=True, published_at=FUTURE), 404),
        (lambda: question(answer=SHOWN, stands_alone=True, published_at=PAST), 200),
        (lambda: article(questions=[question(answer=SHOWN)]), 200),
        (lambda: article(questions=[question(answer=SHOWN)], published_at=FUTURE), 404),
    ],
)
def test_it_is_served_where_readers_can_see_the_text(
    status: Callable[[], int], row: Callable[[], Any], seen: int
) -> None:
    save(row())
    assert status() == seen


def test_one_text_that_readers_see_is_enough(status: Callable[[], int]) -> None:
    save(article("Hidden", body=SHOWN, published_at=None), article("Shown", slug="shown", tldr=SHOWN))
    assert status() == 200


def test_the_cover_of_something_hidden_is_served_where_a_text_shows_it(client: FlaskClient) -> None:
    with write():
        cover = picture("cup.png")
    save(article("Hidden", cover_id=cover.id, published_at=FUTURE))
    assert client.get("/media/cup.png").status_code == 404
    save(article("Shown", body=SHOWN))
    assert client.get("/media/cup.png").status_code == 200


def test_it_appears_with_the_article_at_its_second(status: Callable[[], int]) -> None:
    save(article(body=SHOWN, published_at=FUTURE))
    assert status() == 404
    with held_at(FUTURE):
        assert status() == 200


def test_what_is_noted_follows_the_text(status: Callable[[], int]) -> None:
    save(article(body=f"{SHOWN} ![A pot](/media/pot.png)", published_at=None, questions=[question(SHOWN)]))
    assert uses() == [("article", "cup.png"), ("article", "pot.png")]
    with write() as session:
        session.query(Article).one().title = "Another title"
    assert uses() == [("article", "cup.png"), ("article", "pot.png")]
    with write() as session:
        session.query(Article).one().body = "![A pot](/media/pot.png) ![A pot](/media/pot.png)"
    assert (uses(), status()) == ([("article", "pot.png")], 200)
    with write() as session:
        session.delete(session.query(Article).one())
    assert uses() == []


def test_an_upgrade_notes_what_stands_in_older_texts(status: Callable[[], int]) -> None:
    hidden = question(answer=SHOWN)
    save(article(body=f"{SHOWN} [it](/media/a%20b.png)", tldr=SHOWN, published_at=None, questions=[hidden]))
    save(page(body=SHOWN), person(body="No picture."))
    noted = uses()
    flask_migrate.downgrade(revision="0002")
    upgrade_database()
    db.session.rollback()
    assert uses() == noted
    assert noted == [
        *(("article", "a b.png"), ("article", "cup.png")),
        *(("page", "cup.png"), ("question", "cup.png")),
    ]
