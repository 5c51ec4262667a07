"""Listings of articles and one article's page."""

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient

from blog.content.models import Correction, Reference
from tests.building import FUTURE, PAST, article, category, person, question, save
from tests.counting import number_of_questions
from tests.journal import publish_journal, publish_many
from tests.markup import Shown

LISTINGS = ("/articles", "/categories/sleep", "/tags/t")


def cards(html: str) -> list[str]:
    return re.findall(r'card__title"><a href="/articles/([^"]+)"', html)


def shown(client: FlaskClient, path: str = "/articles/sleep-and-memory") -> Shown:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    return Shown(answer.text)


@pytest.mark.parametrize("path", LISTINGS)
def test_a_listing_shows_twenty_a_page_newest_first(client: FlaskClient, path: str) -> None:
    sleep = category("Sleep")
    save(article("Newest", tags=["t"], category=sleep))
    days = [PAST - dt.timedelta(days=n) for n in range(41)]
    save(*(article(f"N {n:02}", category=sleep, tags=["t"], published_at=days[n]) for n in range(1, 41)))
    assert cards(client.get(path).text) == ["newest", *(f"n-{n:02}" for n in range(1, 20))]
    assert cards(client.get(f"{path}?page=3").text) == ["n-40"]


@pytest.mark.parametrize(
    "page",
    [
        *("0", "-1", "+1", "2.0", "1e1", "x", "１", "²", "٣", "1 or 1=1", "null", "3"),
        *("10000", "10001", "99999999999999999999", "9" * 5000, "0000000001" + "9" * 40, "00001" + "0" * 20),
    ],
)
def test_a_page_that_is_none_is_not_there(client: FlaskClient, page: str) -> None:
    publish_many(21)
    unknown = client.get("/nowhere").data
    for path in ("/articles", "/categories/sleep", "/faq", "/search?q=number", "/search/results?q=number"):
        answer = client.get(f"{path}{'&' if '?' in path else '?'}page={page.replace('+', '%2B')}")
        if path.startswith("/search") and page == "3":  # two pages of articles are three of results
            assert answer.status_code == 200
            continue
        assert (path, answer.status_code, answer.data) == (path, 404, unknown)


@pytest.mark.parametrize("page", ["", " ", "%00", "+2+&page=3", "2"])
def test_space_around_the_number_of_a_page_is_no_part_of_it(client: FlaskClient, page: str) -> None:
    publish_many(21)
    same = client.get("/articles?page=2" if "2" in page else "/articles").data
    assert client.get(f"/articles?page={page}").data == same


def test_the_pager_leads_to_the_neighbours_and_the_ends(client: FlaskClient) -> None:
    publish_many(161)
    html = client.get("/articles?page=5").text
    pager = html[html.index('class="pager"') : html.index("</nav>", html.index('class="pager"'))]
    links = re.findall(r'<a href="/articles(?:\?page=(\d+))?"\s*(rel|aria)[^>]*>([^<]+)<', pager)
    assert [(number or "1", text) for number, _, text in links] == [
        ("4", "Previous"), ("1", "1"), ("3", "3"), ("4", "4"), ("5", "5"), ("6", "6"), ("7", "7"), ("9", "9"),
        ("6", "Next"),
    ]  # fmt: skip
    assert pager.count("<span>…</span>") == 2
    assert 'aria-label="Page 5" aria-current="page"' in pager


def test_a_later_page_says_so_in_its_title(client: FlaskClient) -> None:
    publish_many(21)
    assert shown(client, "/articles").title == "Articles · Broadsheet"
    assert shown(client, "/articles?page=2").title == "Articles, page 2 · Broadsheet"


def test_an_empty_listing_says_so(client: FlaskClient) -> None:
    assert "Nothing has been published here yet." in shown(client, "/articles").text
    assert client.get("/articles?page=2").status_code == 404


def test_a_category_does_not_repeat_itself_on_every_card(client: FlaskClient) -> None:
    publish_many(2)
    assert client.get("/articles").text.count('class="kicker"') == 2
    assert client.get("/categories/sleep").text.count('class="kicker"') == 0


@pytest.mark.parametrize("path", LISTINGS)
def test_a_longer_listing_costs_no_more_questions(client: FlaskClient, path: str) -> None:
    save(article("One", category=category("Sleep"), authors=[person("One")], tags=["t"]))
    few = number_of_questions(client, path)
    for name in ("Two", "Three"):
        save(article(name, category=category("Sleep"), authors=[person(name)], tags=["t"]))
    assert (len(cards(client.get(path).text)), number_of_questions(client, path)) == (3, few)


def test_an_article_shows_all_that_speaks_for_it(client: FlaskClient) -> None:
    publish_journal()
    text = shown(client).text
    for words in (
        "Sleep and memory What a night does.",
        "By Ann Example, MD",
        "Reviewed by Ben Example, PhD",
        "Published 7 February 2025 Updated 8 February 2025",
        "1 minute to read",
        "In short Sleep helps.",
        "Go to bed at one hour.",
        "Questions and answers How much sleep is enough? # Seven hours. or more",
        "References One A. A study. Brain, 2020. doi:10.1/x",
        "A leaflet. example.com/leaflet",
        "Last review: 20 February 2025",
        "Next review 8 February 2199",
        "1 March 2025: A number was wrong.",
        "Disclosure No conflicts.",
        "How it was made Written by hand.",
    ):
        assert words in text


def test_the_parts_stand_in_the_order_that_readers_expect(client: FlaskClient) -> None:
    publish_journal()
    html = client.get("/articles/sleep-and-memory").text
    marks = (
        'class="breadcrumb"', "<h1>", "article__summary", "Reviewed by", "article__cover", 'id="in-short"',
        'id="contents"', 'id="s-why-we-sleep"', 'id="signup-article-1"', 'id="s-how-to-sleep-well"',
        'id="questions"', 'id="references"', 'id="trust"', 'href="/tags/memory"', 'id="signup-article-2"',
        'id="related"', 'id="latest"',
    )  # fmt: skip
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)


def test_the_contents_lead_to_every_part(client: FlaskClient) -> None:
    publish_journal()
    html = client.get("/articles/sleep-and-memory").text
    contents = html[html.index('id="contents"') : html.index("</nav>", html.index('id="contents"'))]
    anchors = re.findall(r'href="#([^"]+)"', contents)
    assert anchors == ["s-why-we-sleep", "s-how-to-sleep-well", "questions", "references", "trust"]
    assert [anchor for anchor in anchors if html.count(f'id="{anchor}"') != 1] == []


def test_no_id_occurs_twice(client: FlaskClient) -> None:
    publish_journal()
    ids = [named["id"] for _, named in shown(client).elements if "id" in named]
    assert sorted(ids) == sorted(set(ids))


def test_an_article_with_nothing_but_a_title_shows_no_empty_parts(client: FlaskClient) -> None:
    save(article("Bare"))
    html = client.get("/articles/bare").text
    for part in ("in-short", "contents", "questions", "references", "trust", "related", "latest"):
        assert f'id="{part}"' not in html
    for words in ("Reviewed by", "Updated", "Last review", "Corrections", "Disclosure"):
        assert words not in html


def test_latest_lists_the_five_newest_others(client: FlaskClient) -> None:
    publish_many(7)
    save(article("Draft", published_at=None), article("Later", published_at=FUTURE))
    html = client.get("/articles/number-2").text
    lines = re.findall(r'line__title"><a href="/articles/([^"]+)"', html)
    assert lines == ["number-1", "number-3", "number-4", "number-5", "number-6"]


def test_read_next_shows_at_most_three(client: FlaskClient) -> None:
    publish_many(6)
    assert cards(client.get("/articles/number-2").text) == ["number-1", "number-3", "number-4"]


def test_an_overdue_review_asks_for_care(client: FlaskClient) -> None:
    ann = person("Ann")
    save(
        article("Old", reviewers=[ann], next_review_on=dt.date(2020, 1, 1)),
        article("New", reviewers=[ann], next_review_on=dt.date(2199, 1, 1)),
    )
    words = "(overdue: please read with care)"
    assert [words in shown(client, f"/articles/{slug}").text for slug in ("old", "new")] == [True, False]


def test_sources_lead_to_their_doi_their_address_and_their_record(client: FlaskClient) -> None:
    references = [
        Reference(position=0, title="D", doi="10.1/a<b", pmid="12", url="https://example.com/d"),
        Reference(position=1, title="P", pmid="34"),
        Reference(position=2, title="U", url="http://example.com/u"),
    ]
    save(article("A", references=references))
    outside = [href for href in shown(client, "/articles/a").links() if href.startswith("http")]
    assert outside == [
        "https://doi.org/10.1/a<b",
        "https://pubmed.ncbi.nlm.nih.gov/12/",
        "https://pubmed.ncbi.nlm.nih.gov/34/",
        "http://example.com/u",
    ]


def test_an_article_with_many_parts_costs_no_more_questions(client: FlaskClient) -> None:
    def parts(name: str, number: int) -> None:
        save(
            article(
                name,
                category=category("Sleep"),
                authors=[person(f"{name} {n}") for n in range(number)],
                questions=[question(f"{name} {n}?") for n in range(number)],
                references=[Reference(position=n, title="R") for n in range(number)],
                corrections=[
                    Correction(position=n, date=dt.date(2025, 3, 1), note="x") for n in range(number)
                ],
                tags=[f"{name}-{n}" for n in range(number)],
            )
        )

    parts("One", 1)
    parts("Three", 3)
    few, many = (number_of_questions(client, f"/articles/{slug}") for slug in ("one", "three"))
    assert few == many


@pytest.mark.parametrize("title", ["Über Schlaf", "日本語の記事", "Сон и память", "النوم", "Ελληνικά"])
def test_titles_in_any_script_have_an_address_of_their_own(client: FlaskClient, title: str) -> None:
    row = article(title)
    save(row)
    page = shown(client, row.path)
    assert title in page.title
    (link,) = page.all("link", rel="canonical")
    assert link["href"].isascii()
    assert client.get(link["href"].removeprefix("https://journal.example.org")).status_code == 200
    assert client.get(f"{row.path}.md").status_code == 200


def test_slugs_like_fixed_words_hide_nothing(client: FlaskClient) -> None:
    for name in ("Articles", "Feed", "Search", "Results", "Thanks", "Signup"):
        save(article(name), question(name, stands_alone=True, published_at=PAST))
        assert name in shown(client, f"/articles/{name.lower()}").title
        assert name in shown(client, f"/faq/{name.lower()}").title
    assert client.get("/search/results?q=x").status_code == 200
    assert "You are in." in client.get("/newsletter/thanks").text
