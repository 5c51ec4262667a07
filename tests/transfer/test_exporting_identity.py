"""What is exported comes back as it was: rows, pages, and the folder itself."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from app import create_app
from blog.content.models import Article, ArticleQuestion, Credit, CreditRole, Person, Question
from blog.lib.db import db, write
from blog.transfer.exporting import export_folder
from blog.transfer.fetching import fetch, present_of
from blog.transfer.present import Present
from tests.conftest import environment_in

from .folders import put, sums, take, tree, whole
from .generated import folders


@contextmanager
def new_site(folder: Path, empty_database: Path) -> Iterator[Flask]:
    """Open a site with nothing in it."""
    folder.mkdir(parents=True)
    shutil.copy(empty_database, folder / "blog.sqlite3")
    app = create_app(environment_in(folder))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def state() -> Present:
    """Return all content, but for what is remembered of files."""
    db.session.rollback()
    rows = fetch()
    return present_of(rows | {"files": []})


def html() -> list[object]:
    """Return all that was made from Markdown, by slug."""
    db.session.rollback()
    found: list[object] = []
    for table, columns in (
        ("article", "slug, body_html, tldr_html, text, headings, words, rendered_with"),
        ("question", "slug, answer_html, answer_text, rendered_with"),
        ("page", "slug, body_html, headings, rendered_with"),
        ("person", "slug, name, introduced, body_html"),
        ("media", "name, digest, width, height, renditions"),
    ):
        found += db.session.execute(db.text(f"SELECT {columns} FROM {table} ORDER BY 1")).all()
    return found


def test_export_wipe_import_gives_the_same(tmp_path: Path, empty_database: Path) -> None:
    with new_site(tmp_path / "first", empty_database):
        take(put(tmp_path / "content", whole()))
        assert export_folder(tmp_path / "export") == {
            "articles": 2,
            "pages": 1,
            "people": 1,
            "questions": 1,
            "images": 3,
        }
        assert sums(take(tmp_path / "export")) == {"unchanged": 2}
        before, pages = by_slug(state()), html()
    with new_site(tmp_path / "second", empty_database):
        assert sums(take(tmp_path / "export")) == {"created": 2}
        assert (by_slug(state()), html()) == (before, pages)
        export_folder(tmp_path / "again")
    assert tree(tmp_path / "again") == tree(tmp_path / "export")


def by_slug(present: Present) -> dict[str, object]:
    """Return a state without the numbers of its rows."""
    parts = dict(vars(present))
    return parts | {"articles": {item.slug: item for item in present.articles.values()}}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=folders())
def test_whatever_is_imported_comes_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, files: dict[str, str]
) -> None:
    place = tmp_path_factory.mktemp("generated")
    with new_site(place / "first", empty_database):
        account = take(put(place / "content", files))
        assert account.refusals == []
        assert sums(take(place / "content")) == unchanged(files)
        export_folder(place / "export")
        assert sums(take(place / "export")) == unchanged(files)
        before, pages = by_slug(state()), html()
    with new_site(place / "second", empty_database):
        assert take(place / "export").refusals == []
        assert (by_slug(state()), html()) == (before, pages)
        export_folder(place / "again")
    assert tree(place / "again") == tree(place / "export")


def unchanged(files: dict[str, str]) -> dict[str, int]:
    articles = sum(path.startswith("articles/") for path in files)
    return {"unchanged": articles} if articles else {}


def test_what_only_the_site_can_make_comes_back_too(tmp_path: Path, empty_database: Path) -> None:
    with new_site(tmp_path / "first", empty_database):
        with write() as session:
            namesakes = [Person(slug="ann", name="Ann", links=[]), Person(slug="ann-2", name="Ann", links=[])]
            twins = [Question(slug=slug, question="Why?", answer="So.") for slug in ("why", "why-2")]
            article = Article(slug="a", title="Another title", body="Text.")
            article.credits = [
                Credit(person=person, role=CreditRole.AUTHOR, position=place)
                for place, person in enumerate(namesakes)
            ]
            article.question_places = [
                ArticleQuestion(question=twin, position=place) for place, twin in enumerate(twins)
            ]
            session.add(article)
        export_folder(tmp_path / "export")
        before = by_slug(state())
    with new_site(tmp_path / "second", empty_database):
        assert take(tmp_path / "export").refusals == []
        after = by_slug(state())
    assert [after[part] for part in ("articles", "questions", "people")] == [
        before[part] for part in ("articles", "questions", "people")
    ]


ADDRESSES = (
    *(
        "/",
        "/articles",
        "/articles/sleep-and-memory",
        "/articles/sleep-and-memory.md",
        "/categories/mental-health",
    ),
    *(
        "/tags/sleep",
        "/people/ann-example",
        "/people/ben-writer",
        "/faq",
        "/faq/booking",
        "/faq/how-much-sleep",
    ),
    *(
        "/about",
        "/search?q=sleep",
        "/feed.xml",
        "/feed.json",
        "/sitemap.xml",
        "/post/sleep",
        "/media/sleep.jpg",
    ),
)


def test_pages_are_the_same_byte_for_byte(tmp_path: Path, empty_database: Path) -> None:
    found = []
    for source, number in (("content", 1), ("export", 2)):
        with new_site(tmp_path / str(number), empty_database) as app:
            take(put(tmp_path / "content", whole()) if number == 1 else tmp_path / source)
            export_folder(tmp_path / "export", overwrite=True)
            reader = app.test_client(use_cookies=False)
            answers = [reader.get(path, base_url="https://journal.example.org") for path in ADDRESSES]
            found.append([(answer.status_code, answer.data) for answer in answers])
            for answer in answers:
                answer.close()
    assert [status for status, _ in found[0]] == [301 if path == "/post/sleep" else 200 for path in ADDRESSES]
    assert found[1] == found[0]
