"""What is not there looks the same whatever the reason; what moved leads on; what breaks says nothing."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from blog.content.addressing import rename_article
from blog.content.models import Person
from blog.lib.db import write
from blog.redirects.moving import add_old_addresses, move
from tests.building import FUTURE, article, category, page, question, save
from tests.journal import publish_journal
from tests.markup import Shown

STATIC_PAGE = Path("templates/site/errors/500.en.html").read_bytes()


def raw(client: FlaskClient, path: str, query: str = "") -> tuple[int, str | None]:
    """Ask for exactly this path, which a URL library would tidy, and return status and Location."""
    response = client.get("/", environ_overrides={"PATH_INFO": path, "QUERY_STRING": query})
    return response.status_code, response.headers.get("Location")


def test_draft_scheduled_unknown_and_impossible_addresses_answer_the_same(client: FlaskClient) -> None:
    save(
        article(
            "A draft",
            published_at=None,
            category=category("Hidden"),
            authors=[Person(slug="hid-den", name="Hid Den")],
        ),
        article("Planned", published_at=FUTURE, questions=[question("Unseen?")], tags=["unseen"]),
        question("Later?", stands_alone=True, published_at=FUTURE),
        question("Drafted?", stands_alone=True),
    )
    unknown = client.get("/nowhere/at/all")
    assert unknown.status_code == 404
    for path in (
        *("/articles/a-draft", "/articles/planned", "/articles/unknown", "/articles/a-draft.md"),
        *("/categories/hidden", "/categories/hidden/feed.xml", "/categories/hidden/feed.json"),
        *("/people/hid-den", "/people/hid-den/feed.xml", "/tags/unseen", "/faq/unseen", "/faq/later"),
        *("/faq/drafted", "/unknown", "/media/unknown.jpg", "/articles?page=2", "/articles?page=x"),
        *("/%ff", "/articles/%ff", "/faq/%c3%28", "/media/%ff.jpg", "/articles/%00", "/a%ed%a0%80"),
    ):
        answer = client.get(path)
        assert (path, answer.status_code, answer.data) == (path, 404, unknown.data)
        assert answer.headers == unknown.headers


def test_the_404_page_does_not_repeat_the_address_and_stays_out_of_search_engines(
    client: FlaskClient,
) -> None:
    answer = client.get("/articles/very-secret-title?page=17")
    assert "very-secret" not in answer.text
    shown = Shown(answer.text)
    assert shown.meta("robots") == "noindex"
    assert (shown.all("link", rel="canonical"), shown.meta("og:url"), shown.graphs) == ([], None, [])


def test_an_error_page_offers_a_search_field_and_a_way_home(client: FlaskClient) -> None:
    shown = Shown(client.get("/nowhere").text)
    assert "This page is not here" in shown.text
    assert len(shown.all("form", action="/search", class_="search__form")) == 1
    assert "/" in shown.links()


@pytest.mark.parametrize(
    ("path", "query", "target"),
    [
        ("/articles/", "", "/articles"),
        ("/articles//", "", "/articles"),
        ("/articles/sleep-and-memory/", "", "/articles/sleep-and-memory"),
        ("/faq/", "q=a%20b&page=2", "/faq?q=a%20b&page=2"),
        ("/categories/sleep/feed.xml/", "", "/categories/sleep/feed.xml"),
        ("/about/", "", "/about"),
        ("/nowhere/", "", "/nowhere"),
        ("/schlaf-ü/".encode().decode("latin-1"), "", "/schlaf-%C3%BC"),
        ("/what?/", "", "/what%3F"),
        ("/a#b/", "", "/a%23b"),
        ("/a%41/", "", "/a%2541"),
    ],
)
def test_a_trailing_slash_leads_to_the_address_without_it(
    client: FlaskClient, path: str, query: str, target: str
) -> None:
    assert raw(client, path, query) == (308, target)


@pytest.mark.parametrize(
    "path",
    [
        *("//evil.example/", "//evil.example", "///evil.example//", "//evil.example/%2f.."),
        *("/\\evil.example/", "/\\/evil.example/", "\\\\evil.example/", "/\t/evil.example/", "/\r\n/x/"),
        *("https://evil.example/", "//user@evil.example:80/", "/.//evil.example/", "/;//evil.example/"),
        *("//evil/", "/%09//evil.example/", "//"),
    ],
)
def test_no_slash_leads_a_reader_away_from_the_site(client: FlaskClient, path: str) -> None:
    status, target = raw(client, path)
    assert status in (200, 308, 404)
    if target is None:
        return
    own = target.removeprefix("https://journal.example.org")
    assert own.startswith("/")
    assert not own.startswith(("//", "/\\"))
    assert own.isprintable()


def test_old_addresses_lead_to_what_took_their_place(client: FlaskClient) -> None:
    publish_journal()
    moved = client.get("/post/sleep")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/articles/sleep-and-memory")
    assert client.head("/post/sleep").status_code == 301
    assert client.post("/post/sleep").status_code == 404


def test_an_old_slug_leads_to_the_same_form_of_the_new_page(client: FlaskClient) -> None:
    publish_journal()
    with write():
        move("/articles/rest", "/articles/sleep-and-memory")
        move("/people/anna", "/people/ann-example")
    moved = {
        path: client.get(path) for path in ("/articles/rest.md", "/people/anna/feed.xml", "/people/anna.md")
    }
    assert {path: (answer.status_code, answer.headers.get("Location")) for path, answer in moved.items()} == {
        "/articles/rest.md": (301, "/articles/sleep-and-memory.md"),
        "/people/anna/feed.xml": (301, "/people/ann-example/feed.xml"),
        "/people/anna.md": (404, None),
    }


def test_the_old_slug_of_a_renamed_article_leads_to_the_new_one(client: FlaskClient) -> None:
    row = article("Sleep", slug="schlaf-1")
    save(row)
    with write() as session:
        rename_article(session.merge(row), "schlafübung")
    moved = client.get("/articles/schlaf-1")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/articles/schlaf%C3%BCbung")
    assert client.get(moved.headers["Location"]).status_code == 200


@pytest.mark.parametrize("published", [None, FUTURE])
def test_an_old_address_of_something_hidden_is_as_unknown_as_any(
    client: FlaskClient, published: object
) -> None:
    save(article("Hidden", published_at=published))
    with write():
        add_old_addresses("/articles/hidden", ["/old/hidden"])
    assert client.get("/old/hidden").data == client.get("/nowhere").data
    assert client.get("/old/hidden").status_code == 404


def test_what_stands_at_an_address_comes_before_what_once_stood_there(client: FlaskClient) -> None:
    save(article("New"), page("About"))
    with write():
        add_old_addresses("/articles/new", ["/about"])
    assert client.get("/about").status_code == 200


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", {"GET", "HEAD", "OPTIONS"}),
        ("/articles/sleep", {"GET", "HEAD", "OPTIONS"}),
        ("/feed.xml", {"GET", "HEAD", "OPTIONS"}),
        ("/search", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_method_that_does_not_fit_is_refused_with_those_that_do(
    client: FlaskClient, path: str, allowed: set[str]
) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.open(path, method=method)
        assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, allowed)
        assert "This cannot be done here" in answer.text


def test_the_signup_takes_only_posts(client: FlaskClient) -> None:
    answer = client.get("/newsletter/signup")
    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"POST", "OPTIONS"})


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_over_the_limit_is_refused(client: FlaskClient, kind: str) -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=email\r\n\r\n" + b"a" * (64 * 1024)
    answer = client.post("/newsletter/signup", data=body, content_type=kind)
    assert answer.status_code == 413
    assert "That was too much" in answer.text
    chunks = {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    chunked = client.post("/newsletter/signup", environ_overrides={**chunks, "CONTENT_TYPE": kind})
    assert (chunked.status_code, chunked.data) == (413, answer.data)


@pytest.mark.parametrize(
    "host", ["evil.example", "journal.example.org.evil.example", "127.0.0.1", "journal.example.org:81"]
)
def test_a_foreign_host_is_refused_before_anything_else(client: FlaskClient, host: str) -> None:
    for path in ("/", "/nowhere", "/articles/", "/post/sleep", "/healthz", "/static/favicon.svg"):
        answer = client.get(path, headers={"Host": host})
        assert (path, answer.status_code) == (path, 400)
        assert (
            answer.text
            == "This server does not answer for that host name, only for https://journal.example.org.\n"
        )


def test_a_forwarded_host_is_not_believed(client: FlaskClient) -> None:
    answer = client.get(
        "/articles", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    )
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("host", ["JOURNAL.example.org", "journal.example.org:443"])
def test_the_sites_own_host_is_known_however_it_is_written(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_when_the_database_breaks_the_page_is_the_file_itself_and_nothing_leaks(
    client: FlaskClient, app: Flask
) -> None:
    with write() as session:
        session.execute(text("ALTER TABLE article RENAME TO elsewhere"))
    for path in ("/", "/articles", "/articles/x", "/nowhere", "/feed.xml", "/healthz"):
        answer = client.get(path)
        assert (path, answer.status_code, answer.data) == (path, 500, STATIC_PAGE)
        assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/html", "no-store")
    with write() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO article"))
    assert client.get("/articles").status_code == 200


def test_a_fault_in_the_code_tells_readers_nothing(client: FlaskClient, app: Flask) -> None:
    def fault() -> str:
        raise RuntimeError("secret of the code")

    app.add_url_rule("/fault", "fault", fault)
    assert client.get("/fault").data == STATIC_PAGE
