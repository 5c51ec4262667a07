"""What is not published yet shows nowhere: no word, no address, no order of things tells that it exists."""

import datetime as dt
from collections.abc import Iterable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blog.content.models import Article, Category, Correction, Person, Question, Reference, Tag
from blog.lib.clock import held_at
from blog.lib.db import db, write
from tests.building import FUTURE, PAST, article, category, question, save
from tests.journal import PUBLIC, publish_journal, publish_many
from tests.markup import Shown

SECRET = "xylo"
"""Every word of what is hidden begins like this."""
HIDDEN = (
    *("/articles/xylodraft", "/articles/xyloplan", "/articles/xylodraft.md", "/articles/xyloplan.md"),
    *("/categories/xylocategory", "/categories/xylocategory/feed.xml", "/categories/xylocategory/feed.json"),
    *("/tags/xylotag", "/people/xyloperson", "/people/xyloperson/feed.xml", "/people/xyloperson/feed.json"),
    *("/faq/xyloquestion", "/faq/xyloalone", "/faq/xylolater"),
)


def hidden_article(title: str, published_at: dt.datetime | None, **fields: object) -> Article:
    """Return a hidden article that is tied to what is public and to what is hidden alike."""
    return article(
        title,
        published_at=published_at,
        body="Xylobody sleep sleep sleep.\n\n## Xyloheading",
        tldr="Xylotldr sleep.",
        summary="Xylosummary sleep.",
        disclosure="Xylodisclosure",
        making="Xylomaking",
        references=[Reference(position=0, title="Xyloreference sleep", doi="10.1/xylo")],
        corrections=[Correction(position=0, date=dt.date(2025, 6, 1), note="Xylocorrection")],
        **fields,
    )


def hide_something() -> None:
    """Add drafts and scheduled things beside the journal of publish_journal()."""
    with write() as session:
        ann = session.query(Person).filter_by(slug="ann-example").one()
        shared = session.query(Question).filter_by(slug="how-much-sleep-is-enough").one()
        memory = session.query(Tag).filter_by(slug="memory").one()
        unseen = Person(slug="xyloperson", name="Xyloperson", credentials="Xylocredentials")
        asked = question("Xyloquestion sleep?", "Xyloanswer sleep.")
        draft = hidden_article("Xylodraft sleep", None, category=category("Sleep"), authors=[ann, unseen])
        draft.slug = "xylodraft"
        plan = hidden_article("Xyloplan", FUTURE, category=Category(slug="xylocategory", name="Xylocategory"),
                              authors=[unseen], reviewers=[ann], questions=[asked, shared])  # fmt: skip
        draft.tags, plan.tags = [memory, Tag(slug="xylotag", name="Xylotag")], [memory]
        session.add_all([draft, plan])
        session.add(question("Xyloalone?", "Xylo sleep.", stands_alone=True, category=category("Sleep")))
        session.add(question("Xylolater?", "Xylo sleep.", stands_alone=True, published_at=FUTURE))


def everything(answer: TestResponse) -> str:
    """Return all that is told, but for the time of day."""
    answer.headers.pop("Date", None)
    return f"{answer.headers}{answer.text}"


def test_hidden_things_change_no_byte_of_anything_public(client: FlaskClient) -> None:
    publish_journal()
    before = {path: everything(client.get(path)) for path in (*PUBLIC, "/nowhere")}
    hide_something()
    after = {path: everything(client.get(path)) for path in before}
    assert [path for path in before if before[path] != after[path]] == []


def crawl(client: FlaskClient) -> dict[str, TestResponse]:
    """Return every answer that links lead to, from the front page and the sitemap on."""
    found: dict[str, TestResponse] = {}
    waiting = ["/", "/sitemap.xml", *PUBLIC]
    while waiting:
        path = waiting.pop().partition("#")[0]
        if path in found or not path.startswith("/") or path.startswith("/static/"):
            continue
        found[path] = client.get(path)
        if found[path].mimetype == "text/html":
            shown = Shown(found[path].text)
            waiting += [*shown.links(), *(named["href"] for named in shown.all("link"))]
    return found


def test_no_link_of_the_site_is_dead_or_leads_to_anything_hidden(client: FlaskClient) -> None:
    publish_journal()
    hide_something()
    found = crawl(client)
    assert {path: answer.status_code for path, answer in found.items() if answer.status_code != 200} == {}
    assert [path for path, answer in found.items() if SECRET in everything(answer).lower()] == []


def test_every_hidden_address_answers_as_an_unknown_one(client: FlaskClient) -> None:
    publish_journal()
    unknown = everything(client.get("/nowhere"))
    hide_something()
    assert [path for path in HIDDEN if everything(client.get(path)) != unknown] == []


@pytest.mark.parametrize(
    "word",
    [
        *("Xylodraft", "xylobody", "xyl", "Xyloquestion", "xyloanswer", "xyloperson", "xylotag"),
        *("xylocategory", "xyloreference", "xyloalone", "xylolater", "xylotldr", "xylosummary"),
    ],
)
def test_a_search_for_a_hidden_word_finds_nothing(client: FlaskClient, word: str) -> None:
    publish_journal()
    hide_something()
    nothing = client.get("/search/results?q=nosuchword")
    assert everything(client.get(f"/search/results?q={word}")) == everything(nothing)
    assert client.get(f"/search?q={word}").text.lower().count("xyl") == 2  # the title and the field
    assert "No question fits these words." in client.get(f"/faq?q={word}").text


def appears(client: FlaskClient, paths: Iterable[str], words: str) -> set[str]:
    return {path for path in paths if words in client.get(path).text}


def test_a_scheduled_article_appears_everywhere_at_its_second(client: FlaskClient) -> None:
    publish_journal()
    second = dt.datetime(2030, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    row = article("Planned for later", published_at=second, category=category("Planets"), tags=["mars"],
                  authors=[Person(slug="eve", name="Eve Writer")], questions=[question("Is Mars red?")])  # fmt: skip
    save(row)
    theirs = (
        "/articles/planned-for-later",
        "/categories/planets",
        "/tags/mars",
        "/people/eve",
        "/faq/is-mars-red",
    )
    listings = {"/", "/articles", "/feed.xml", "/feed.json", "/search/results?q=planned+for+later"}
    with held_at(second - dt.timedelta(microseconds=1)):
        assert [client.get(path).status_code for path in theirs] == [404] * 5
        assert appears(client, PUBLIC, "Planned for later") == set()
        assert appears(client, listings, "planned-for-later") == set()
    with held_at(second):
        assert [client.get(path).status_code for path in theirs] == [200] * 5
        assert appears(client, listings, "/articles/planned-for-later") == listings
        assert "/articles/planned-for-later" in client.get("/sitemap.xml").text
        assert "Is Mars red?" in client.get("/faq").text


def test_a_scheduled_question_appears_at_its_second(client: FlaskClient) -> None:
    second = dt.datetime(2030, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    save(question("Is Mars red?", stands_alone=True, published_at=second))
    places = ("/", "/faq", "/sitemap.xml", "/search/results?q=mars")
    with held_at(second - dt.timedelta(microseconds=1)):
        assert client.get("/faq/is-mars-red").status_code == 404
        assert appears(client, places, "is-mars-red") == set()
    with held_at(second):
        assert client.get("/faq/is-mars-red").status_code == 200
        assert appears(client, places, "is-mars-red") == set(places)


def test_what_is_taken_back_disappears_everywhere(client: FlaskClient) -> None:
    publish_journal()
    with write() as session:
        for row in session.query(Article):
            row.published_at = None
    for path in PUBLIC:
        assert (path, "Sleep and memory" in client.get(path).text) == (path, False)
    assert client.get("/faq/how-much-sleep-is-enough").status_code == 404
    assert client.get("/faq/how-do-i-book").status_code == 200
    assert db.session.query(Article).count() == 2


def test_hidden_articles_do_not_count_in_any_pager(client: FlaskClient) -> None:
    publish_many(20)
    save(*(article(f"Hidden {n}", category=category("Sleep"), published_at=None) for n in range(5)))
    for path in ("/articles", "/categories/sleep"):
        assert client.get(f"{path}?page=2").status_code == 404
        assert 'class="pager"' not in client.get(path).text


def test_a_past_second_is_live_and_the_next_is_not(client: FlaskClient) -> None:
    save(article("A", published_at=PAST))
    with held_at(PAST):
        assert client.get("/articles/a").status_code == 200
    with held_at(PAST - dt.timedelta(seconds=1)):
        assert client.get("/articles/a").status_code == 404
