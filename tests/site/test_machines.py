"""What programs ask for: the sitemap with real dates, robots, security, health."""

import datetime as dt
from xml.etree import ElementTree as Xml

import pytest
from flask.testing import FlaskClient

from blog.content.models import Correction, Person
from blog.lib.clock import held_at
from blog.lib.db import write
from blog.settings.declaring import choose
from tests.building import FUTURE, PAST, article, category, page, person, question, save
from tests.counting import number_of_questions
from tests.journal import PAGES, SITE, publish_journal

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def sitemap(client: FlaskClient) -> dict[str, str | None]:
    """Return path and date of every address in the sitemap, in its order."""
    answer = client.get("/sitemap.xml")
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


def test_only_articles_have_dates_and_theirs_are_real(client: FlaskClient) -> None:
    publish_journal()
    dated = {path: date for path, date in sitemap(client).items() if date}
    assert dated == {
        "/articles/keeping-a-diary": "2025-02-07T09:00:00Z",
        "/articles/sleep-and-memory": "2025-03-01T00:00:00Z",
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


def test_robots_may_read_what_readers_read(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == (
        f"User-agent: *\nDisallow: /search\nDisallow: /newsletter/\nSitemap: {SITE}/sitemap.xml\n"
    )


def test_weaknesses_are_reported_where_the_team_says(client: FlaskClient) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    with write():
        choose("site.security_contact", "mailto:security@example.org")
    with held_at(dt.datetime(2026, 6, 1, tzinfo=dt.UTC)):
        answer = client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:security@example.org\nExpires: 2027-12-31T00:00:00Z\n"
        f"Preferred-Languages: en\nCanonical: {SITE}/.well-known/security.txt\n"
    )


@pytest.mark.parametrize("day", [dt.date(2028, 2, 29), dt.date(2026, 12, 31), dt.date(2026, 1, 1)])
def test_the_expiry_is_always_ahead(client: FlaskClient, day: dt.date) -> None:
    with write():
        choose("site.security_contact", "https://example.org/report")
    with held_at(dt.datetime.combine(day, dt.time(12), dt.UTC)):
        text = client.get("/.well-known/security.txt").text
    assert f"Expires: {day.year + 1}-12-3" in text


def test_health_is_one_word(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.headers["Cache-Control"]) == (200, "ok\n", "no-store")
