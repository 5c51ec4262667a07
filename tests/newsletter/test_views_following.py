"""Following by browser: looking changes nothing, and nobody can make somebody else follow anything."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blog.lib.clock import held_at, now
from blog.lib.db import db, write
from blog.newsletter.following.asking import answer_wishes
from blog.newsletter.following.keeping import stop_url
from blog.newsletter.links import fresh_url
from blog.newsletter.models import FollowRequest, MailedLink
from tests.building import article, save

from .following.wishing import dee, follow, follows, publish, the_article


@pytest.fixture
def reader(client: FlaskClient) -> FlaskClient:
    """Return a reader of a site with an article that can be followed."""
    publish()
    return client


def post(reader: FlaskClient, email: str, slug: str = "sleep-and-memory") -> TestResponse:
    return reader.post("/newsletter/follow", data={"email": email, "article": slug})


def link(reader: FlaskClient) -> str:
    """Ask as Dee and return the path of the link that was mailed."""
    post(reader, "dee@example.org")
    answer_wishes()
    made = db.session.query(MailedLink).order_by(MailedLink.id.desc()).limit(1).one()
    return fresh_url(made).removeprefix("https://journal.example.org")


def test_an_article_leads_to_the_page_that_asks(reader: FlaskClient) -> None:
    assert 'href="/newsletter/follow/sleep-and-memory"' in reader.get("/articles/sleep-and-memory").text
    page = reader.get("/newsletter/follow/sleep-and-memory")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "public, no-cache")
    assert '<meta name="robots" content="noindex">' in page.text


def test_what_is_not_there_cannot_be_followed(reader: FlaskClient) -> None:
    save(article("Draft", published_at=None))
    assert reader.get("/newsletter/follow/draft").status_code == 404
    assert post(reader, "dee@example.org", "draft").status_code == 404
    assert post(reader, "dee@example.org", "").status_code == 404


def test_every_address_gets_the_same_answer(reader: FlaskClient) -> None:
    known, unknown = post(reader, "dee@example.org"), post(reader, "stranger@example.org")
    assert (known.status_code, known.headers["Location"]) == (303, "/newsletter/follow")
    assert (known.data, dict(known.headers)) == (unknown.data, dict(unknown.headers))
    assert "If the newsletter comes to this address" in reader.get("/newsletter/follow").text


def test_what_is_no_address_comes_back_with_what_to_fix(reader: FlaskClient) -> None:
    answer = post(reader, "dee@")
    assert answer.status_code == 422
    assert 'value="dee@"' in answer.text
    assert "Please check the address; it should look like name@example.org." in answer.text
    assert db.session.query(FollowRequest).count() == 0


def test_another_site_cannot_ask(reader: FlaskClient) -> None:
    headers = {"Origin": "https://evil.example"}
    for path in ("/newsletter/follow", link(reader), stop_path()):
        assert reader.post(path, data={"email": "dee@example.org"}, headers=headers).status_code == 403
    assert follows() == []


def test_too_many_tries_are_refused(reader: FlaskClient) -> None:
    answers = [post(reader, "stranger@example.org").status_code for _ in range(31)]
    assert answers == [303] * 30 + [429]


def stop_path() -> str:
    return stop_url(dee(), the_article().id).removeprefix("https://journal.example.org")


def test_only_the_button_behind_the_link_follows_and_only_once(reader: FlaskClient) -> None:
    path = link(reader)
    for _ in range(2):
        page = reader.get(path)
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert reader.head(path).status_code == 200
    assert follows() == []
    assert "You follow this article" in reader.post(path).text
    assert len(follows()) == 1
    assert (reader.get(path).status_code, reader.post(path).status_code) == (404, 404)


def test_an_old_link_does_nothing(reader: FlaskClient) -> None:
    path = link(reader)
    with held_at(now() + timedelta(hours=2)):
        assert (reader.get(path).status_code, reader.post(path).status_code) == (404, 404)
    assert follows() == []


def test_stopping_takes_one_press_and_may_be_pressed_again(reader: FlaskClient) -> None:
    follow(now())
    assert reader.get(stop_path()).status_code == 200
    assert len(follows()) == 1
    assert "You do not follow it any more" in reader.post(stop_path()).text
    assert reader.post(stop_path()).status_code == 200
    assert follows() == []


def test_wrong_links_get_the_same_page(reader: FlaskClient) -> None:
    wrong = ["/newsletter/preferences/follow/" + "x" * 30, "/newsletter/preferences/unfollow/" + "x" * 38]
    pages = [reader.get(path) for path in wrong] + [reader.post(path) for path in wrong]
    assert [page.status_code for page in pages] == [404] * 4
    assert len({re.sub("preferences/[a-z]+/x+", "", page.text) for page in pages}) == 1


def test_looking_at_any_page_writes_nothing(reader: FlaskClient) -> None:
    path = link(reader)
    before = db.session.execute(db.text("PRAGMA data_version")).scalar()
    with write():
        pass
    for each in (path, stop_path(), "/newsletter/follow", "/newsletter/follow/sleep-and-memory"):
        for method in ("GET", "HEAD", "OPTIONS"):
            reader.open(each, method=method)
    assert db.session.execute(db.text("PRAGMA data_version")).scalar() == before
