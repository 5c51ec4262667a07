"""The archive: what was sent is shown, the newest first; what is only written is nowhere."""

import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.models import Issue, IssueArticle
from tests.building import FUTURE, PAST, article, save
from tests.counting import number_of_questions
from tests.journal import PUBLIC, SITE, publish_journal
from tests.newsletter.issues.issuing import MINUTE, NOON, drafted, issue, may_send, sent

SECRET = "Vermilion"
"""A word that stands in a draft alone."""


def many(number: int) -> None:
    """Let so many issues have been sent, numbered from 1, each an hour older than the one before."""
    save(
        *(
            Issue(
                slug=f"number-{place}",
                subject=f"Number {place}",
                made_at=PAST,
                changed_at=PAST,
                started_at=PAST - timedelta(hours=place),
                done_at=PAST,
                frozen={"archive": "<p>Words.</p>"},
            )
            for place in range(1, number + 1)
        )
    )


def listed(client: FlaskClient, path: str = "/newsletter") -> list[str]:
    """Return the issues that a page lists, in its order."""
    return re.findall(r'href="/newsletter/issues/([^"]+)"', client.get(path).text)


def test_issues_are_listed_newest_first_with_their_day(client: FlaskClient) -> None:
    many(2)
    page = client.get("/newsletter").text
    assert listed(client) == ["number-1", "number-2"]
    assert '<time datetime="2025-02-07T08:00:00Z">7 February 2025</time>' in page


def test_many_issues_stand_on_several_pages(client: FlaskClient) -> None:
    many(21)
    assert listed(client) == [f"number-{place}" for place in range(1, 21)]
    assert listed(client, "/newsletter?page=2") == ["number-21"]
    assert client.get("/newsletter?page=3").status_code == 404
    assert "<title>Newsletter, page 2 · Broadsheet</title>" in client.get("/newsletter?page=2").text


def test_without_issues_there_is_no_list(client: FlaskClient) -> None:
    assert "Issues so far" not in client.get("/newsletter").text


def test_the_list_costs_the_same_with_one_issue_and_with_three(client: FlaskClient) -> None:
    many(1)
    client.get("/newsletter")  # the first page of a process learns how the site speaks
    one = number_of_questions(client, "/newsletter")
    many_more = [
        Issue(slug=f"m{n}", subject="M", made_at=PAST, changed_at=PAST, started_at=PAST) for n in "12"
    ]
    save(*many_more)
    assert number_of_questions(client, "/newsletter") == one


def test_an_issue_shows_its_words_and_the_articles_that_are_there(client: FlaskClient) -> None:
    publish_journal()
    hidden = article("Hidden", published_at=FUTURE)
    save(hidden)
    spring = db.session.query(Issue).one()
    diary = db.session.execute(db.text("SELECT id FROM article WHERE slug = 'keeping-a-diary'")).scalar_one()
    save(
        IssueArticle(issue_id=spring.id, article_id=hidden.id, position=1),
        IssueArticle(issue_id=spring.id, article_id=diary, position=2),
    )
    page = client.get("/newsletter/issues/spring")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "public, no-cache")
    assert "<title>Spring · Broadsheet</title>" in page.text
    assert '<p>It is <a href="/articles/keeping-a-diary">spring</a>.</p>' in page.text
    cards = re.findall(r'<h3 class="card__title"><a href="([^"]+)"', page.text)
    assert cards == ["/articles/sleep-and-memory", "/articles/keeping-a-diary"]


def test_the_archive_appears_when_the_first_letter_may_go_and_carries_nothing_personal(
    client: FlaskClient,
) -> None:
    may_send()
    drafted()
    with held_at(NOON):
        sent()
    assert client.get("/newsletter/issues/spring").status_code == 404
    with held_at(NOON + 10 * MINUTE):
        advance_issues()
    page = client.get("/newsletter/issues/spring")
    assert (page.status_code, "<em>spring</em>" in page.text) == (200, True)
    assert re.findall("/newsletter/(?:leave|preferences)|reader0|{{|{%", page.text) == []


def test_what_is_sent_stays_as_it_was_sent(client: FlaskClient) -> None:
    may_send()
    drafted()
    with held_at(NOON):
        sent()
    with held_at(NOON + 10 * MINUTE):
        advance_issues()
    with write():
        issue().body = SECRET
    assert SECRET not in client.get("/newsletter/issues/spring").text


@pytest.mark.parametrize("stage", ["draft", "holding", "late"])
def test_an_issue_that_was_not_sent_is_nowhere(client: FlaskClient, stage: str) -> None:
    publish_journal()
    may_send()
    drafted(SECRET, preview=SECRET, body=SECRET, articles=("sleep-and-memory",))
    if stage != "draft":
        with write():
            waiting = issue_of_stage()
            waiting.send_at, waiting.held = (FUTURE if stage == "holding" else PAST), True
    seen = [path for path in PUBLIC if SECRET.lower() in client.get(path).text.lower()]
    assert seen == []
    missing, other = client.get("/newsletter/issues/vermilion"), client.get("/newsletter/issues/nothing")
    assert (missing.status_code, missing.data) == (404, other.data)


def issue_of_stage() -> Issue:
    """Return the draft inside a transaction that writes."""
    return db.session.query(Issue).filter_by(slug="vermilion").one()


def test_an_issue_stands_in_the_feeds_with_its_text(client: FlaskClient) -> None:
    publish_journal()
    (item,) = [
        item for item in json.loads(client.get("/feed.json").data)["items"] if "/issues/" in item["url"]
    ]
    assert item == {
        "id": f"{SITE}/newsletter/issues/spring",
        "url": f"{SITE}/newsletter/issues/spring",
        "title": "Spring",
        "summary": "What is new",
        "content_html": f'<p>It is <a href="{SITE}/articles/keeping-a-diary">spring</a>.</p>',
        "date_published": "2025-02-07T09:00:00Z",
        "date_modified": "2025-02-07T09:00:00Z",
    }
    assert f"<id>{SITE}/newsletter/issues/spring</id>" in client.get("/feed.xml").text
    assert "/issues/" not in client.get("/categories/sleep/feed.xml").text
