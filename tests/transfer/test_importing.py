"""A content folder becomes a site, all of it or nothing."""

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blog.content.models import Article, Category, Credit, CreditRole, Page, Person, Tag
from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.media.models import Media
from blog.media.storing import files_of
from blog.redirects.models import Redirect
from blog.transfer.fetching import fetch
from blog.transfer.importing import Options, import_folder
from blog.transfer.outcomes import Refusal, quiet
from blog.transfer.rerendering import rerender

from .folders import ABOUT, ANN, LetGo, article, picture, put, sums, take, whole


def bodies() -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(select(Article.slug, Article.body)).all())


def redirects() -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(select(Redirect.path, Redirect.target)).all())


def test_a_folder_becomes_a_site(app: Flask, tmp_path: Path) -> None:
    account = take(put(tmp_path / "content", whole()))
    assert account.lines() == [
        "articles: created 2, updated 0, unchanged 0, left 0, refused 0",
        "pages: created 1, updated 0, unchanged 0, left 0, refused 0",
        "people: created 1, updated 0, unchanged 0, left 0, refused 0",
        "questions: created 1, updated 0, unchanged 0, left 0, refused 0",
        "pictures: stored 3",
    ]
    assert account.named_only == ["Ben Writer", "Cy Reviewer"]
    sleep = db.session.scalars(select(Article).where(Article.slug == "sleep-and-memory")).one()
    assert (sleep.title, sleep.cover_alt) == ("Sleep and memory", "A person asleep by a window")
    assert sleep.published_at == dt.datetime(2025, 2, 7, 9, tzinfo=dt.UTC)
    assert sleep.updated_at == dt.datetime(2025, 2, 8, tzinfo=dt.UTC)
    assert (sleep.reviewed_on, sleep.next_review_on) == (dt.date(2025, 2, 8), dt.date(2026, 2, 8))
    assert 'href="/articles/diary"' in sleep.body_html
    assert 'src="/media/figures-cycles-1.' in sleep.body_html
    assert sleep.headings == [{"level": 2, "anchor": "s-why", "text": "Why"}]
    assert redirects() == {"/post/sleep": "/articles/sleep-and-memory"}


def test_categories_tags_and_people_are_made_once(app: Flask, tmp_path: Path) -> None:
    files = {
        "articles/a.md": article(
            "A", category="Mental Health", tags="[sleep, Sleep]", authors="[Ann Example]"
        ),
        "articles/b.md": article("B", category="mental health", tags="[SLEEP]", authors="[ann-example]"),
    }
    account = take(put(tmp_path / "content", files))
    assert db.session.execute(select(Category.slug, Category.name)).all() == [
        ("mental-health", "Mental Health")
    ]
    assert db.session.execute(select(Tag.slug, Tag.name)).all() == [("sleep", "sleep")]
    people = db.session.execute(select(Person.slug, Person.name, Person.introduced)).all()
    assert people == [("ann-example", "Ann Example", False)]
    assert account.named_only == ["Ann Example"]


def test_a_person_is_meant_by_slug_or_by_name(app: Flask, tmp_path: Path) -> None:
    files = {
        "people/ann-md.md": "---\nname: Ann Example\n---\n",
        "people/jörg.md": "---\nname: Jörg Example\n---\n",
        "articles/a.md": article("A", authors="[Ann Example, jörg, ann-md]"),
    }
    account = take(put(tmp_path / "content", files))
    credited = select(Person.slug, Credit.role).join(Credit).order_by(Credit.position)
    assert db.session.execute(credited).all() == [("ann-md", CreditRole.AUTHOR), ("jörg", CreditRole.AUTHOR)]
    assert account.named_only == []


def test_pictures_are_kept_with_their_sizes_and_nothing_else(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path / "content", whole() | {"images/unused.jpg": picture("pink")}))
    rows = db.session.scalars(select(Media).order_by(Media.name)).all()
    assert [row.name for row in rows] == ["ann.png", "figures-cycles-1.jpg", "sleep.jpg"]
    expected = sorted(name for row in rows for name in files_of(row))
    assert sorted(path.name for path in Path(app.config["MEDIA"]).iterdir()) == expected


def test_pictures_may_have_names_in_any_script(app: Flask, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "articles/a.md": article("A", "![x](../images/睡眠.jpg)"),
        "images/睡眠.jpg": picture(),
    }
    take(put(tmp_path / "content", files))
    html = db.session.scalar(select(Article.body_html))
    assert 'width="64" height="40"' in str(html)
    rerender(quiet)
    db.session.rollback()
    assert db.session.scalar(select(Article.body_html)) == html


def test_what_is_no_content_is_listed_and_ignored(app: Flask, tmp_path: Path) -> None:
    extra: dict[str, str | bytes] = {
        "README.md": "Hello",
        ".DS_Store": "x",
        "drafts/x.md": "x",
        "articles/.x.md.swp": "x",
        "articles/notes.txt": "x",
        "images/unused.jpg": picture("pink"),
    }
    account = take(put(tmp_path / "content", whole() | extra))
    assert account.ignored == [
        ".DS_Store",
        "README.md",
        "articles/.x.md.swp",
        "articles/notes.txt",
        "drafts/",
        "images/unused.jpg",
    ]


def test_a_rehearsal_tells_all_and_keeps_nothing(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole())
    before = fetch()
    account = take(folder, dry_run=True)
    assert sums(account) == {"created": 2}
    db.session.rollback()
    assert fetch() == before
    assert not Path(app.config["MEDIA"]).exists()


def test_a_refused_file_keeps_everything_out(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole() | {"articles/bad.md": "---\n---\n"})
    before = fetch()
    account = take(folder)
    assert account.refusals == [Refusal("articles/bad.md", 2, "The title is missing.")]
    assert account.lines() == [
        "articles: created 0, updated 0, unchanged 0, left 0, refused 1",
        "pages: created 0, updated 0, unchanged 0, left 0, refused 0",
        "people: created 0, updated 0, unchanged 0, left 0, refused 0",
        "questions: created 0, updated 0, unchanged 0, left 0, refused 0",
    ]
    assert account.named_only == []
    db.session.rollback()
    assert fetch() == before
    assert list(Path(app.config["MEDIA"]).iterdir()) == []


def test_old_addresses_are_kept_as_readers_ask_for_them(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path / "content", {"articles/a.md": article("A", redirect_from="[/sch%C3%B6n/, /100%25]")}))
    assert redirects() == {"/schön": "/articles/a", "/100%": "/articles/a"}


def test_the_good_files_are_taken_when_told_so(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole() | {"articles/bad.md": "---\n---\n"})
    assert sums(take(folder, skip_bad=True)) == {"created": 2, "refused": 1}
    assert sorted(bodies()) == ["diary", "sleep-and-memory"]


def test_a_caller_hears_the_sums_or_the_refusals(app: Flask, tmp_path: Path) -> None:
    lines: list[str] = []
    folder = put(tmp_path / "content", {"articles/a.md": article("A")})
    import_folder(folder, Options(), echo=lines.append)
    assert lines == [
        "articles: created 1, updated 0, unchanged 0, left 0, refused 0",
        "pages: created 0, updated 0, unchanged 0, left 0, refused 0",
        "people: created 0, updated 0, unchanged 0, left 0, refused 0",
        "questions: created 0, updated 0, unchanged 0, left 0, refused 0",
    ]
    with pytest.raises(Refused, match=r"^articles/b\.md:2: The title is missing\.$"):
        import_folder(put(folder, {"articles/b.md": "---\n---\n"}))


def test_people_and_pages_are_read_with_their_links(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path / "content", whole()))
    ann = db.session.scalars(select(Person).where(Person.slug == "ann-example")).one()
    assert ann.links == [{"title": "Home", "url": "https://ann.example.org/"}]
    assert 'href="/articles/sleep-and-memory"' in ann.body_html
    about = db.session.scalars(select(Page)).one()
    assert about.body == ABOUT.split("---\n")[2].strip().replace(
        "../people/ann-example.md", "/people/ann-example"
    )
    assert ANN.startswith("---")


def test_nobody_reads_the_database_while_files_and_pictures_are_prepared(app: Flask, tmp_path: Path) -> None:
    progress = LetGo()
    import_folder(put(tmp_path / "content", whole()), progress=progress)
    assert progress.doing == {"reading", "linking", "preparing pictures", "rendering", "writing"}


def test_a_media_folder_that_cannot_be_written_to_keeps_everything_out(app: Flask, tmp_path: Path) -> None:
    media = Path(app.config["MEDIA"])
    media.write_text("A file stands where the folder should be.")
    with pytest.raises(Refused) as refused:
        import_folder(put(tmp_path / "content", whole()), Options(skip_bad=True))
    assert str(refused.value) == f"The pictures cannot be written to {media} (File exists)."
    assert bodies() == {}


def test_a_screen_that_goes_away_is_not_blamed_on_the_pictures(app: Flask, tmp_path: Path) -> None:
    def closed(_doing: str, _done: int, _of: int) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        import_folder(put(tmp_path / "content", whole()), progress=closed)
