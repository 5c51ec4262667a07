"""A small journal with one of everything, and every public address it has."""

import datetime as dt
import io
from pathlib import Path

from flask import current_app
from PIL import Image

from blog.content.models import Article, Category, Correction, Reference
from blog.lib.db import db, write
from blog.media.models import Media
from blog.media.pictures import prepare_picture
from blog.media.storing import keep_picture, make_waiting_room, move_in, put_aside
from blog.newsletter.models import Issue, IssueArticle, IssueTopic
from blog.redirects.moving import add_old_addresses
from blog.settings.declaring import choose

from .building import PAST, article, category, page, person, question, save

SITE = "https://journal.example.org"
BODY = """## Why we sleep

Sleep **settles** what the day brought, see [the diary](/articles/keeping-a-diary).

## How to sleep well

Go to bed [at one hour](#s-why-we-sleep).[^1]

[^1]: A footnote.
"""

PAGES = (
    *("/", "/articles", "/articles/sleep-and-memory", "/articles/keeping-a-diary", "/categories/sleep"),
    *("/tags/memory", "/people/ann-example", "/people/ben-example", "/faq", "/faq/how-much-sleep-is-enough"),
    *("/faq/how-do-i-book", "/search", "/search?q=sleep", "/newsletter", "/newsletter/thanks", "/about"),
    "/newsletter/issues/spring",
)
"""Whole HTML pages."""
MACHINES = (
    *("/articles/sleep-and-memory.md", "/feed.xml", "/feed.json", "/categories/sleep/feed.xml"),
    *("/categories/sleep/feed.json", "/people/ann-example/feed.xml", "/people/ann-example/feed.json"),
    *("/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/search/results?q=sleep"),
)
"""What programs read, and the fragment of results."""
PUBLIC = PAGES + MACHINES


def picture(name: str = "sleep.png", colour: str = "#335577") -> Media:
    """Keep a picture in the media folder and return its row. Call inside write()."""
    data = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(data, "PNG")
    media = Path(current_app.config["MEDIA"])
    room = make_waiting_room(media)
    stored = put_aside(prepare_picture(data.getvalue(), name), room)
    move_in(room, media)
    room.rmdir()
    return keep_picture(stored)


def publish_journal() -> None:
    """Write one of everything; PUBLIC lists where readers find it."""
    ann = person(
        "Ann Example", credentials="MD", role="Editor", orcid="0000-0002-1825-0097", body="Ann *writes*."
    )
    ben = person("Ben Example", credentials="PhD")
    sleep = category("Sleep")
    enough = question(answer="**Seven** hours.\n\n- or more")
    whole = article(
        authors=[ann], reviewers=[ben], questions=[enough], tags=["memory"], category=sleep, body=BODY,
        tldr="Sleep *helps*.", summary="What a night does.", updated_at=PAST + dt.timedelta(days=1),
        reviewed_on=dt.date(2025, 2, 20), next_review_on=dt.date(2199, 2, 8), disclosure="No conflicts.",
        making="Written by hand.", cover_alt="A sleeper",
        references=[
            Reference(position=0, title="A study", authors="One A", source="Brain", year=2020, doi="10.1/x"),
            Reference(position=1, title="A leaflet", url="https://example.com/leaflet"),
        ],
        corrections=[Correction(position=0, date=dt.date(2025, 3, 1), note="A number was wrong.")],
    )  # fmt: skip
    diary = article("Keeping a diary", authors=[ann], category=sleep, body="Write it down.")
    alone = question("How do I book?", "By telephone.", stands_alone=True, published_at=PAST)
    with write() as session:
        whole.cover = picture()
        session.add_all([whole, diary, alone, page()])
        session.flush()
        add_old_addresses("/articles/sleep-and-memory", ["/post/sleep"])
        session.add(letter(whole, sleep))
        choose("site.security_contact", "mailto:security@example.org")


def letter(about: Article, topic: Category) -> Issue:
    """Return an issue that was sent, for readers of one category."""
    sent = Issue(
        slug="spring", subject="Spring", made_at=PAST, changed_at=PAST, send_at=PAST, started_at=PAST, done_at=PAST,
        preview="What is new",
        frozen={"archive": '<p>It is <a href="/articles/keeping-a-diary">spring</a>.</p>'},
    )  # fmt: skip
    with db.session.no_autoflush:
        db.session.add(sent)
        db.session.add_all([about, topic])
        db.session.flush()
        db.session.add_all(
            [
                IssueArticle(issue_id=sent.id, article_id=about.id, position=0),
                IssueTopic(issue_id=sent.id, category_id=topic.id),
            ]
        )
    return sent


def publish_many(number: int, **fields: object) -> None:
    """Publish so many articles more, numbered from 1, each a minute older than the one before."""
    shared = {"category": category(), **fields}
    save(
        *(
            article(f"Number {place}", published_at=PAST - dt.timedelta(minutes=place), **shared)
            for place in range(1, number + 1)
        )
    )
