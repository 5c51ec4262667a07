"""An article's page says to programs what it says to people, and nothing else."""

import datetime as dt
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from blog.content.models import Reference
from blog.lib.db import write
from blog.settings.declaring import choose
from tests.building import PAST, article, person, question, save
from tests.journal import SITE, publish_journal
from tests.markup import Shown

URL = f"{SITE}/articles/sleep-and-memory"
CITATIONS = [
    {
        "@type": "CreativeWork",
        "name": "A study",
        "author": "One A",
        "datePublished": "2020",
        "isPartOf": {"@type": "CreativeWork", "name": "Brain"},
        "url": "https://doi.org/10.1/x",
    },
    {"@type": "CreativeWork", "name": "A leaflet", "url": "https://example.com/leaflet"},
]


def page(client: FlaskClient, path: str = "/articles/sleep-and-memory") -> Shown:
    return Shown(client.get(path).text)


def the_article(client: FlaskClient, kind: str = "Article") -> dict[str, Any]:
    (thing,) = page(client).things(kind)
    return thing


def medical() -> None:
    with write():
        choose("articles.kind", "MedicalWebPage")


def strings(value: Any) -> list[str]:
    """Return every text in linked data that is meant for people."""
    if isinstance(value, dict):
        own = (part for key, part in value.items() if not key.startswith("@"))
        return [text for part in own for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def test_there_is_one_graph_of_the_things_the_page_shows(client: FlaskClient) -> None:
    publish_journal()
    (graph,) = page(client).graphs
    assert graph["@context"] == "https://schema.org"
    kinds = [thing["@type"] for thing in graph["@graph"]]
    assert kinds == ["Article", "Person", "Person", "Organization", "BreadcrumbList", "FAQPage"]


def test_an_article_says_what_it_is_and_who_answers_for_it(client: FlaskClient) -> None:
    publish_journal()
    thing = the_article(client)
    assert thing.pop("image").startswith(f"{SITE}/media/sleep.")
    people = [{"@type": "Person", "@id": f"{SITE}/people/{slug}-example#person", "name": f"{name} Example"}
              for slug, name in (("ann", "Ann"), ("ben", "Ben"))]  # fmt: skip
    assert thing == {
        "@type": "Article",
        "@id": f"{URL}#article",
        "url": URL,
        "headline": "Sleep and memory",
        "description": "What a night does.",
        "inLanguage": "en",
        "datePublished": "2025-02-07T09:00:00Z",
        "dateModified": "2025-03-01T00:00:00Z",
        "author": people[:1],
        "publisher": {"@id": f"{SITE}/#publisher"},
        "articleSection": "Sleep",
        "keywords": ["memory"],
        "citation": CITATIONS,
        "correction": ["A number was wrong."],
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": URL,
            "reviewedBy": people[1:],
            "lastReviewed": "2025-02-20",
        },
    }


def test_a_medical_page_names_its_reviewers_itself(client: FlaskClient) -> None:
    publish_journal()
    medical()
    thing = the_article(client, "MedicalWebPage")
    assert thing["reviewedBy"][0]["name"] == "Ben Example"
    assert thing["lastReviewed"] == "2025-02-20"
    assert thing.keys().isdisjoint({"mainEntityOfPage", "articleSection", "correction"})


def test_people_and_publisher_are_things_with_pages(client: FlaskClient) -> None:
    publish_journal()
    shown = page(client)
    assert [(thing["name"], thing["honorificSuffix"], thing["url"]) for thing in shown.things("Person")] == [
        ("Ann Example", "MD", f"{SITE}/people/ann-example"),
        ("Ben Example", "PhD", f"{SITE}/people/ben-example"),
    ]
    (publisher,) = shown.things("Organization")
    assert (publisher["name"], publisher["@id"]) == ("Broadsheet", f"{SITE}/#publisher")


def test_the_breadcrumb_is_the_one_on_the_page(client: FlaskClient) -> None:
    publish_journal()
    (trail,) = page(client).things("BreadcrumbList")
    steps = [(step["position"], step["name"], step["item"]) for step in trail["itemListElement"]]
    assert steps == [
        (1, "Articles", f"{SITE}/articles"),
        (2, "Sleep", f"{SITE}/categories/sleep"),
        (3, "Sleep and memory", URL),
    ]


def test_questions_and_answers_are_those_on_the_page_word_for_word(client: FlaskClient) -> None:
    publish_journal()
    shown = page(client)
    (faq,) = shown.things("FAQPage")
    (entry,) = faq["mainEntity"]
    assert (entry["name"], entry["acceptedAnswer"]["text"]) == (
        "How much sleep is enough?",
        "Seven hours. or more",
    )
    assert entry["acceptedAnswer"]["text"] in shown.text


@pytest.mark.parametrize("kind", ["Article", "MedicalWebPage"])
def test_linked_data_says_nothing_that_the_page_does_not_show(client: FlaskClient, kind: str) -> None:
    publish_journal()
    with write():
        choose("articles.kind", kind)
    shown = page(client)
    said = [text for graph in shown.graphs for text in strings(graph["@graph"])]
    dates = {named["datetime"] for named in shown.all("time")}
    links = {SITE + href if href.startswith("/") else href for href in shown.links()}
    known = dates | {f"{day}T00:00:00Z" for day in dates} | links | {URL, f"{SITE}/", "en"}
    unknown = [text for text in said if text not in known and text not in shown.text]
    assert [text for text in unknown if not text.startswith(f"{SITE}/media/sleep.")] == []


@pytest.mark.parametrize("kind", ["Article", "MedicalWebPage"])
def test_what_is_absent_is_not_said(client: FlaskClient, kind: str) -> None:
    save(article(references=[Reference(position=0, title="R")], reviewed_on=dt.date(2025, 3, 1)))
    with write():
        choose("articles.kind", kind)
    (graph,) = page(client).graphs
    kinds = [thing["@type"] for thing in graph["@graph"]]
    assert kinds == [kind, "Organization", "BreadcrumbList"]
    assert graph["@graph"][0]["citation"] == [{"@type": "CreativeWork", "name": "R"}]
    text = json.dumps(graph)
    assert [word for word in ('""', "null", "[]", "{}", "reviewedBy", "lastReviewed") if word in text] == []


def test_someone_who_wrote_and_reviewed_is_one_person(client: FlaskClient) -> None:
    ann = person("Ann")
    save(article(authors=[ann], reviewers=[ann]))
    assert [thing["name"] for thing in page(client).things("Person")] == ["Ann"]


def test_an_article_that_was_not_touched_was_modified_when_published(client: FlaskClient) -> None:
    save(article(updated_at=PAST - dt.timedelta(days=3)))
    thing = the_article(client)
    assert thing["dateModified"] == thing["datePublished"] == "2025-02-07T09:00:00Z"


def test_a_script_end_in_any_text_is_harmless(client: FlaskClient) -> None:
    hostile = "</script><script>alert(1)</script><!-- <script> \u2028 & ]]>"
    save(
        article(hostile, slug="sleep-and-memory", summary=hostile, authors=[person(hostile)], tags=[hostile],
                questions=[question(hostile, "`</script>`")],
                references=[Reference(position=0, title=hostile)])
    )  # fmt: skip
    html = client.get("/articles/sleep-and-memory").text
    shown = Shown(html)
    assert html.count("</script>") == html.count("<script") == 3
    assert the_article(client)["headline"] == hostile
    (faq,) = shown.things("FAQPage")
    assert faq["mainEntity"][0]["acceptedAnswer"]["text"] == "</script>"
