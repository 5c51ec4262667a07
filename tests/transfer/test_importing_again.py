"""An import of a folder that was imported before takes what changed and loses nothing."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blog.content.models import Article, Credit, CreditRole, Page, Person, Question
from blog.lib.db import db, write
from blog.media.models import Media
from blog.redirects.models import Redirect
from blog.transfer.fetching import fetch

from .folders import DIARY, SLEEP, article, picture, put, sums, take, whole


def bodies() -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(select(Article.slug, Article.body)).all())


def redirects() -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(select(Redirect.path, Redirect.target)).all())


def change(slug: str, body: str) -> None:
    """Change an article at the site, as an editor does."""
    with write() as session:
        session.scalars(select(Article).where(Article.slug == slug)).one().body = body


def test_someone_who_was_only_named_is_introduced_by_a_file(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A", authors="[Ann Example]")})
    take(folder)
    account = take(put(folder, {"people/ann-example.md": "---\nname: Dr. Ann Example\n---\nHello.\n"}))
    assert sums(account, "people") == {"updated": 1}
    ann = db.session.scalars(select(Person)).one()
    assert (ann.name, ann.introduced, ann.body_html) == ("Dr. Ann Example", True, "<p>Hello.</p>\n")


def test_importing_twice_changes_nothing(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole())
    take(folder)
    before = fetch()
    account = take(folder)
    assert [sums(account, kind) for kind in ("articles", "pages", "people", "questions")] == [
        {"unchanged": 2},
        {"unchanged": 1},
        {"unchanged": 1},
        {"unchanged": 1},
    ]
    assert (account.pictures, account.gone, account.named_only) == (0, [], [])
    db.session.rollback()
    assert fetch() == before


def test_a_changed_file_is_taken_and_the_others_left_in_peace(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole())
    take(folder)
    account = take(put(folder, {"articles/diary.md": DIARY.replace("Write it down.", "Write *now*.")}))
    assert sums(account) == {"updated": 1, "unchanged": 1}
    assert bodies()["diary"] == "Write *now*."
    html = select(Article.body_html).where(Article.slug == "diary")
    assert db.session.scalar(html) == "<p>Write <em>now</em>.</p>\n"


def test_credits_tags_references_and_questions_follow_the_file(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole())
    take(folder)
    changed = (
        SLEEP.replace("[ann-example, Ben Writer]", "[Ben Writer, ann-example, Dee New]")
        .replace("[Cy Reviewer]", "[]")
        .replace("[sleep, memory]", "[memory, dreams]")
        .replace("title: A study", "title: Another study")
        .replace("  - use: can-i-nap\n", "  - {question: New?, answer: Yes.}\n")
        .replace("cover: images/sleep.jpg\n", "")
    )
    assert sums(take(put(folder, {"articles/sleep-and-memory.md": changed}))) == {
        "updated": 1,
        "unchanged": 1,
    }
    assert sums(take(folder)) == {"unchanged": 2}
    credited = select(Person.slug, Credit.role).join(Credit).order_by(Credit.article_id, Credit.position)
    credited = credited.where(
        Credit.article_id.in_(select(Article.id).where(Article.slug == "sleep-and-memory"))
    )
    assert db.session.execute(credited).all() == [
        ("ben-writer", CreditRole.AUTHOR),
        ("ann-example", CreditRole.AUTHOR),
        ("dee-new", CreditRole.AUTHOR),
    ]


def test_what_was_changed_here_is_left_until_told_otherwise(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole())
    take(folder)
    change("diary", "Ann's better text.")
    account = take(folder)
    assert sums(account) == {"unchanged": 1, "left": 1}
    assert account.left == ["articles/diary.md"]
    assert bodies()["diary"] == "Ann's better text."
    assert sums(take(folder, overwrite=True)) == {"updated": 1, "unchanged": 1}
    assert bodies()["diary"] == "Write it down."


def test_a_change_that_the_file_makes_too_is_no_change(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole())
    take(folder)
    change("diary", "The same idea.")
    put(folder, {"articles/diary.md": DIARY.replace("Write it down.", "The same idea.")})
    assert sums(take(folder)) == {"unchanged": 2}
    put(folder, {"articles/diary.md": DIARY.replace("Write it down.", "A third one.")})
    assert sums(take(folder)) == {"updated": 1, "unchanged": 1}


def test_an_answer_changed_here_leaves_the_article_too(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole())
    take(folder)
    with write() as session:
        session.scalars(select(Question).where(Question.slug == "can-i-nap")).one().answer = "Better not."
    assert take(folder).left == ["articles/diary.md"]


@pytest.mark.parametrize(
    ("path", "model", "column"),
    [
        ("pages/about.md", Page, "body"),
        ("people/ann-example.md", Person, "role"),
        ("questions/booking.md", Question, "answer"),
    ],
)
def test_pages_people_and_questions_are_left_as_well(
    app: Flask, tmp_path: Path, path: str, model: type[Page | Person | Question], column: str
) -> None:
    folder = put(tmp_path / "content", whole())
    take(folder)
    slug = Path(path).stem
    with write() as session:
        setattr(session.scalars(select(model).where(model.slug == slug)).one(), column, "Changed here.")
    assert take(folder).left == [path]
    assert take(folder, overwrite=True).left == []
    assert take(folder).left == []


def test_an_article_written_here_is_not_overwritten_by_a_file_of_its_name(app: Flask, tmp_path: Path) -> None:
    with write() as session:
        session.add(Article(slug="diary", title="Ours", body="Ours."))
    assert take(put(tmp_path / "content", {"articles/diary.md": DIARY})).left == ["articles/diary.md"]


def test_a_new_slug_moves_the_article_and_the_old_address_leads_there(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole())
    take(folder)
    row = db.session.scalar(select(Article.id).where(Article.slug == "diary"))
    put(folder, {"articles/diary.md": DIARY.replace("slug: diary", "slug: sleep-diary")})
    assert sums(take(folder)) == {"updated": 2}
    assert db.session.scalar(select(Article.id).where(Article.slug == "sleep-diary")) == row
    assert redirects()["/articles/diary"] == "/articles/sleep-diary"
    assert "(/articles/sleep-diary)" in bodies()["sleep-and-memory"]
    put(folder, {"articles/diary.md": DIARY.replace("slug: diary", "slug: journal")})
    take(folder)
    assert redirects() == {
        "/post/sleep": "/articles/sleep-and-memory",
        "/articles/diary": "/articles/journal",
        "/articles/sleep-diary": "/articles/journal",
    }
    take(put(folder, {"articles/diary.md": DIARY}))
    assert "/articles/diary" not in redirects()


def test_a_file_may_get_another_name(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A", slug="a")})
    take(folder)
    (folder / "articles/a.md").rename(folder / "articles/z.md")
    account = take(folder)
    assert (sums(account), account.gone) == ({"unchanged": 1}, [])
    put(folder, {"articles/z.md": article("A", slug="b")})
    assert sums(take(folder)) == {"updated": 1}
    assert redirects() == {"/articles/a": "/articles/b"}


def test_a_file_that_is_gone_is_listed_and_its_article_stays(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A"), "pages/about.md": article("About")})
    take(folder)
    (folder / "articles/a.md").unlink()
    assert take(folder).gone == ["articles/a.md"]
    assert list(bodies()) == ["a"]


def test_old_addresses_are_only_ever_added(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A", redirect_from="[/old]")})
    take(folder)
    assert sums(take(put(folder, {"articles/a.md": article("A")}))) == {"unchanged": 1}
    assert sums(take(put(folder, {"articles/a.md": article("A", redirect_from="[/older/]")}))) == {
        "updated": 1
    }
    assert redirects() == {"/old": "/articles/a", "/older": "/articles/a"}


def test_a_picture_that_changes_is_shown_by_what_stays(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole())
    take(folder)
    query = select(Article.body_html).where(Article.slug == "sleep-and-memory")
    before = db.session.scalar(query)
    account = take(put(folder, {"images/figures/cycles-1.jpg": picture("black", (500, 300))}))
    assert (sums(account), account.pictures) == ({"unchanged": 2}, 1)
    after = db.session.scalar(query)
    digest = db.session.scalar(select(Media.digest).where(Media.name == "figures-cycles-1.jpg"))
    assert digest is not None
    assert digest[:10] not in str(before)
    assert digest[:10] in str(after)
