"""Feeds: full text with absolute addresses, in Atom and in JSON, of the site, a category, a person."""

import datetime as dt
import json
import re
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from flask.testing import FlaskClient

from tests.building import FUTURE, PAST, article, category, person, question, save
from tests.counting import number_of_questions
from tests.journal import SITE, publish_journal, publish_many

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/feed.xml", "/categories/sleep/feed.xml", "/people/ann-example/feed.xml")
EVERY = (*FEEDS, *(path.replace(".xml", ".json") for path in FEEDS))


def atom(client: FlaskClient, path: str) -> Xml.Element:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    return Xml.fromstring(answer.data)


def feed(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/feed+json")
    content: dict[str, Any] = json.loads(answer.data)
    return content


def ids(client: FlaskClient, path: str) -> list[str]:
    if path.endswith(".json"):
        found = [item["id"] for item in feed(client, path)["items"]]
    else:
        found = [entry.findtext(f"{ATOM}id") for entry in atom(client, path).findall(f"{ATOM}entry")]
    return [str(address).removeprefix(f"{SITE}/articles/") for address in found]


def content(client: FlaskClient) -> str:
    """Return the full text of the newest article, once by each feed, which must agree."""
    by_atom = atom(client, "/feed.xml").findtext(f"{ATOM}entry/{ATOM}content")
    by_json = feed(client, "/feed.json")["items"][0]["content_html"]
    assert by_atom == by_json
    return str(by_json)


def test_the_atom_feed_says_whose_it_is_and_when_it_changed(client: FlaskClient) -> None:
    publish_journal()
    root = atom(client, "/feed.xml")
    assert root.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "en"}
    assert [
        root.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "author/" + ATOM + "name")
    ] == [
        f"{SITE}/feed.xml",
        "Broadsheet",
        "2025-03-01T00:00:00Z",
        "Broadsheet",
    ]
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")}
    assert links == {"self": f"{SITE}/feed.xml", "alternate": f"{SITE}/"}


def test_an_atom_entry_says_what_the_article_is(client: FlaskClient) -> None:
    publish_journal()
    entry = atom(client, "/feed.xml").findall(f"{ATOM}entry")[1]
    names = ("id", "title", "published", "updated", "summary", f"author/{ATOM}name")
    assert [entry.findtext(f"{ATOM}{name}") for name in names] == [
        f"{SITE}/articles/sleep-and-memory",
        "Sleep and memory",
        "2025-02-07T09:00:00Z",
        "2025-03-01T00:00:00Z",
        "What a night does.",
        "Ann Example",
    ]
    sorts = [element.attrib for element in entry.findall(f"{ATOM}category")]
    assert sorts == [{"term": "sleep", "label": "Sleep"}]


def test_the_json_feed_is_one(client: FlaskClient) -> None:
    publish_journal()
    found = feed(client, "/feed.json")
    items = found.pop("items")
    assert found == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Broadsheet",
        "home_page_url": f"{SITE}/",
        "feed_url": f"{SITE}/feed.json",
        "language": "en",
    }
    item = items[1]
    assert item.pop("image").startswith(f"{SITE}/media/sleep.")
    assert item.pop("content_html").startswith("<p>Sleep <em>helps</em>.</p>")
    assert item == {
        "id": f"{SITE}/articles/sleep-and-memory",
        "url": f"{SITE}/articles/sleep-and-memory",
        "title": "Sleep and memory",
        "summary": "What a night does.",
        "date_published": "2025-02-07T09:00:00Z",
        "date_modified": "2025-03-01T00:00:00Z",
        "authors": [{"name": "Ann Example", "url": f"{SITE}/people/ann-example"}],
        "tags": ["Sleep"],
    }


@pytest.mark.parametrize("path", EVERY)
def test_every_feed_knows_its_own_address_and_its_page(client: FlaskClient, path: str) -> None:
    publish_journal()
    page = path.rpartition("/")[0] or "/"
    if path.endswith(".json"):
        found = feed(client, path)
        assert (found["feed_url"], found["home_page_url"]) == (SITE + path, SITE + page)
    else:
        links = [link.attrib["href"] for link in atom(client, path).findall(f"{ATOM}link")]
        assert links == [SITE + path, SITE + page]


def test_the_text_is_whole_and_every_address_in_it_absolute(client: FlaskClient) -> None:
    body = (
        "Intro [here](/articles/b), [there](https://example.com/x), [down](#s-end), [no scheme](//example.com/y)."
        "\n\n![A bed](/media/x.jpg)\n\n## End\n\nDone.[^1]\n\n[^1]: Note."
    )
    save(
        article("B", published_at=PAST - dt.timedelta(days=1)),
        article("A", body=body, tldr="In *short*.", questions=[question("Why < how?", "See [us](/about).")]),
    )
    html = content(client)
    addresses = re.findall(r'(?:href|src)="([^"]*)"', html)
    own = f"{SITE}/articles/a#"
    expected = [f"{SITE}/articles/b", "https://example.com/x", own + "s-end", "//example.com/y"]
    assert addresses == [*expected, f"{SITE}/media/x.jpg", f"{own}s-note_1", f"{SITE}/about"]
    for words in (
        "In <em>short</em>.",
        "Intro",
        "Done.",
        "Note.",
        "<h3>Why &lt; how?</h3>",
        "Questions and answers",
    ):
        assert words in html
    assert 'class="anchor"' not in html


def test_pictures_in_the_text_have_absolute_addresses_in_every_size(client: FlaskClient) -> None:
    markup = '<picture><source srcset="/media/a.1w.webp 1w, /media/a.2w.webp 2w"><img src="/media/a.jpg"></picture>'
    row = article("A")
    row.body_html = markup
    save(row)
    assert content(client).strip() == (
        f'<picture><source srcset="{SITE}/media/a.1w.webp 1w, {SITE}/media/a.2w.webp 2w">'
        f'<img src="{SITE}/media/a.jpg"></picture>'
    )


def test_text_in_code_that_looks_like_an_address_stays_as_it_was_written(client: FlaskClient) -> None:
    save(article("A", body='`<a href="/x">`'))
    assert '<code>&lt;a href="/x"&gt;</code>' in content(client)


def test_markup_and_control_characters_in_titles_leave_the_feeds_readable(client: FlaskClient) -> None:
    save(article("A <b> & \x0b \x00 “c” ]]>", slug="a", summary="\ufffe<x>"))
    assert atom(client, "/feed.xml").findtext(f"{ATOM}entry/{ATOM}title") == "A <b> &   “c” ]]>"
    assert feed(client, "/feed.json")["items"][0]["title"] == "A <b> & \x0b \x00 “c” ]]>"


@pytest.mark.parametrize("kind", ["xml", "json"])
def test_each_feed_holds_its_live_articles_newest_first(client: FlaskClient, kind: str) -> None:
    ann, ben, sleep = person("Ann Example"), person("Ben Example"), category("Sleep")
    save(
        article("Old", category=sleep, authors=[ann], published_at=PAST - dt.timedelta(days=1)),
        article("New", category=sleep, authors=[ben], reviewers=[ann]),
        article(
            "Elsewhere", category=category("Heart"), authors=[ann], published_at=PAST - dt.timedelta(days=2)
        ),
        article("Draft", category=sleep, authors=[ann], published_at=None),
        article("Planned", category=sleep, authors=[ann], published_at=FUTURE),
    )
    assert ids(client, f"/feed.{kind}") == ["new", "old", "elsewhere"]
    assert ids(client, f"/categories/sleep/feed.{kind}") == ["new", "old"]
    assert ids(client, f"/people/ann-example/feed.{kind}") == ["old", "elsewhere"]


@pytest.mark.parametrize("kind", ["xml", "json"])
def test_a_feed_holds_the_newest_twenty(client: FlaskClient, kind: str) -> None:
    publish_many(21)
    assert ids(client, f"/feed.{kind}") == [f"number-{n}" for n in range(1, 21)]


def test_an_empty_site_has_empty_feeds(client: FlaskClient) -> None:
    assert ids(client, "/feed.xml") == ids(client, "/feed.json") == []
    assert atom(client, "/feed.xml").findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_a_person_with_a_page_but_no_article_has_an_empty_feed(client: FlaskClient) -> None:
    save(person("Ann Example"))
    assert ids(client, "/people/ann-example/feed.xml") == []


@pytest.mark.parametrize(
    "path", ["/tags/memory/feed.xml", "/feed.rss", "/categories/sleep/feed", "/people/feed.xml"]
)
def test_no_other_feeds_are_pretended(client: FlaskClient, path: str) -> None:
    publish_journal()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", EVERY)
def test_a_longer_feed_costs_no_more_questions(client: FlaskClient, path: str) -> None:
    ann, sleep = person("Ann Example"), category("Sleep")
    save(article("One", authors=[ann], category=sleep, questions=[question("One?")], tags=["one"]))
    few = number_of_questions(client, path)
    for name in ("Two", "Three"):
        save(article(name, authors=[ann], category=sleep, questions=[question(f"{name}?")], tags=[name]))
    assert (len(ids(client, path)), number_of_questions(client, path)) == (3, few)


def test_a_feed_is_found_from_the_page_it_belongs_to(client: FlaskClient) -> None:
    publish_journal()
    for page in ("/categories/sleep", "/people/ann-example"):
        link = f'type="application/atom+xml"\n        title="Broadsheet"\n        href="{page}/feed.xml"'
        assert link in client.get(page).text
