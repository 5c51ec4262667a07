"""The sitemap: every public page with its real date, in one list or in many."""

import datetime as dt
from xml.etree import ElementTree as Xml

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from blog.content.models import Correction, Person
from blog.lib.db import write
from blog.settings.declaring import choose
from blog.site.sitemap import MOST
from tests.building import FUTURE, PAST, article, category, page, person, question, save
from tests.counting import number_of_questions
from tests.journal import PAGES, SITE, publish_journal

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def sitemap(client: FlaskClient, path: str = "/sitemap.xml") -> dict[str, str | None]:
    """Return path and date of every address in the sitemap or in one of its lists, in its order."""
    answer = client.get(path)
    assert answer.content_type == "application/xml; charset=utf-8"
    urls = Xml.fromstring(answer.data).findall(f"{NS}url")
    return {str(url.findtext(f"{NS}loc")).removeprefix(SITE): url.findtext(f"{NS}lastmod") for url in urls}


def date_of(client: FlaskClient, **fields: object) -> str | None:
    save(article("A", **fields))
    return sitemap(client)["/articles/a"]


def test_the_sitemap_lists_every_page_for_search_engines_and_all_of_them_are_there(
    client: FlaskClient,
) -> None:
    publish_journal()
    listed = sitemap(client)
    kept_out = {"/search", "/search?q=sleep", "/newsletter/thanks"}
    assert set(listed) == set(PAGES) - kept_out
    assert {path: client.get(path).status_code for path in listed} == dict.fromkeys(listed, 200)


def test_only_articles_and_issues_have_dates_and_theirs_are_real(client: FlaskClient) -> None:
    publish_journal()
    dated = {path: date for path, date in sitemap(client).items() if date}
    assert dated == {
        "/articles/keeping-a-diary": "2025-02-07T09:00:00Z",
        "/articles/sleep-and-memory": "2025-03-01T00:00:00Z",
        "/newsletter/issues/spring": "2025-02-07T09:00:00Z",
    }


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ({}, "2025-02-07T09:00:00Z"),
        ({"updated_at": PAST + dt.timedelta(days=3)}, "2025-02-10T09:00:00Z"),
        ({"reviewed_on": dt.date(2025, 4, 1)}, "2025-04-01T00:00:00Z"),
        ({"reviewed_on": dt.date(2025, 1, 1)}, "2025-02-07T09:00:00Z"),
        ({"updated_at": FUTURE}, "2025-02-07T09:00:00Z"),
        ({"reviewed_on": dt.date(2025, 2, 9), "next_review_on": dt.date(2025, 3, 9)}, "2025-02-09T00:00:00Z"),
    ],
)
def test_an_article_changed_when_its_text_was_last_touched(
    client: FlaskClient, fields: dict[str, object], date: str
) -> None:
    assert date_of(client, **fields) == date


def test_the_latest_correction_counts_as_a_change(client: FlaskClient) -> None:
    days = (dt.date(2025, 5, 1), dt.date(2025, 4, 1))
    notes = [Correction(position=place, date=day, note="x") for place, day in enumerate(days)]
    assert date_of(client, corrections=notes) == "2025-05-01T00:00:00Z"


def test_a_day_begins_at_midnight_in_the_sites_zone(client: FlaskClient) -> None:
    with write():
        choose("site.time_zone", "Europe/Berlin")
    assert date_of(client, reviewed_on=dt.date(2025, 7, 1)) == "2025-06-30T22:00:00Z"


def test_the_sitemap_lists_nothing_hidden(client: FlaskClient) -> None:
    named = Person(slug="named", name="Named Only")
    hidden = {"category": category("Hidden"), "authors": [named, person("Ann")], "tags": ["hidden"]}
    unseen = question("Hidden?")
    save(article("Hidden", published_at=FUTURE, questions=[unseen], **hidden), category("Empty"))
    save(question("Draft?", stands_alone=True), page("Visible"))
    # Ann has a file of her own, and so a page.
    assert list(sitemap(client)) == ["/", "/articles", "/faq", "/newsletter", "/people/ann", "/visible"]


def test_addresses_in_other_scripts_are_written_as_addresses(client: FlaskClient) -> None:
    save(article("日本語の記事"), page("Über uns & mehr"))
    text = client.get("/sitemap.xml").text
    assert f"<loc>{SITE}/articles/%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E8%A8%98%E4%BA%8B</loc>" in text
    assert f"<loc>{SITE}/uber-uns-mehr</loc>" in text


def test_a_longer_sitemap_costs_no_more_questions(client: FlaskClient) -> None:
    save(article("One", category=category("One"), tags=["one"], questions=[question("One?")]))
    few = number_of_questions(client, "/sitemap.xml")
    for name in ("Two", "Three"):
        save(article(name, category=category(name), tags=[name], questions=[question(f"{name}?")]))
    assert number_of_questions(client, "/sitemap.xml") == few


def parts(client: FlaskClient) -> list[str]:
    """Return the paths of all lists in the index of the sitemap, in its order."""
    index = Xml.fromstring(client.get("/sitemap.xml").data)
    assert index.tag == f"{NS}sitemapindex"
    return [str(found.findtext(f"{NS}loc")).removeprefix(SITE) for found in index.findall(f"{NS}sitemap")]


def publish_more() -> None:
    """Publish as many people as one list holds, and articles whose ids lie far apart."""
    people = [
        {"slug": f"p{number}", "name": f"P {number}", "introduced": True, "links": []}
        for number in range(MOST)
    ]
    with write() as session:
        session.execute(insert(Person), people)
    save(article("Far", id=7 * MOST), article("Far draft", id=9 * MOST, published_at=None))


def publish_very_many() -> None:
    """Publish the journal, and more than one list holds."""
    publish_journal()
    publish_more()


def test_many_addresses_are_listed_in_parts_that_hold_the_same_as_one_list(client: FlaskClient) -> None:
    publish_journal()
    few = sitemap(client)
    publish_more()
    found = [address for path in parts(client) for address in sitemap(client, path).items()]
    more = {f"/people/p{number}": None for number in range(MOST)} | {"/articles/far": "2025-02-07T09:00:00Z"}
    assert len(found) == len(few) + len(more)
    assert dict(found) == few | more


def test_only_lists_that_hold_something_are_named_and_there(client: FlaskClient) -> None:
    publish_very_many()
    assert parts(client) == [
        "/sitemaps/pages.xml",
        "/sitemaps/articles-0.xml",
        "/sitemaps/articles-7.xml",
        "/sitemaps/tags-0.xml",
        "/sitemaps/people-0.xml",
        "/sitemaps/people-1.xml",
        "/sitemaps/questions-0.xml",
        "/sitemaps/issues-0.xml",
    ]
    assert list(sitemap(client, "/sitemaps/articles-7.xml")) == ["/articles/far"]


@pytest.mark.parametrize(
    "path",
    ["articles-9", "articles-07", "articles-1", f"articles-{2**70}", "articles-", "pages-0", "media-0"],
)
def test_no_other_list_is_there(client: FlaskClient, path: str) -> None:
    publish_very_many()
    assert client.get(f"/sitemaps/{path}.xml").status_code == 404


def test_a_list_costs_as_many_questions_however_many_stand_before_it(client: FlaskClient) -> None:
    publish_very_many()
    few, many = (
        number_of_questions(client, f"/sitemaps/{name}.xml") for name in ("articles-0", "articles-7")
    )
    assert few == many
