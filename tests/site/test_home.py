"""The home page: what is newest, every category, what many ask."""

import datetime as dt
import re

from flask.testing import FlaskClient

from tests.building import FUTURE, PAST, article, category, person, question, save
from tests.counting import number_of_questions
from tests.journal import SITE, publish_many
from tests.markup import Shown


def titles(html: str) -> list[str]:
    return re.findall(r'card__title"><a href="([^"]+)"', html)


def popular(html: str) -> list[str]:
    return re.findall(r'<a href="/faq/([^"]+)"', html)


def test_an_empty_site_says_so(client: FlaskClient) -> None:
    shown = Shown(client.get("/").text)
    assert "Nothing has been published here yet." in shown.text
    assert shown.all("form", action="/newsletter/signup") != []


def test_the_newest_article_leads_and_the_next_six_follow(client: FlaskClient) -> None:
    publish_many(9, category=None)
    save(article("Tomorrow", published_at=FUTURE), article("Draft", published_at=None))
    html = client.get("/").text
    assert titles(html) == [f"/articles/number-{n}" for n in range(1, 8)]
    assert html.index("home__lead") < html.index("/articles/number-1") < html.index('id="latest"')


def test_each_category_shows_three_and_first_those_not_shown_above(client: FlaskClient) -> None:
    publish_many(12)
    save(article("Heart", category=category("Heart"), published_at=PAST - dt.timedelta(days=9)))
    save(article("Hidden", category=category("Hidden"), published_at=None))
    shown = titles(client.get("/").text)[7:]
    assert shown == ["/articles/heart", *(f"/articles/number-{n}" for n in (8, 9, 10))]


def test_a_small_category_repeats_what_is_shown_above(client: FlaskClient) -> None:
    publish_many(2)
    assert titles(client.get("/").text) == [f"/articles/number-{n}" for n in (1, 2, 1, 2)]


def test_questions_are_sorted_by_how_many_live_articles_use_them(client: FlaskClient) -> None:
    often, once, hidden = question("Often?"), question("Once?"), question("Hidden?")
    save(
        article("A", questions=[often, once]),
        article("B", questions=[often]),
        *(article(f"D{n}", questions=[hidden, once], published_at=None) for n in range(3)),
        question("Alone?", stands_alone=True, published_at=PAST),
        question("Later?", stands_alone=True, published_at=FUTURE),
    )
    assert popular(client.get("/").text) == ["often", "once", "alone"]


def test_at_most_six_questions_are_shown(client: FlaskClient) -> None:
    save(*(question(f"Q {n}?", stands_alone=True, published_at=PAST) for n in range(8)))
    assert popular(client.get("/").text) == [f"q-{n}" for n in range(6)]


def test_the_home_page_tells_programs_what_site_this_is(client: FlaskClient) -> None:
    (site,) = Shown(client.get("/").text).things("WebSite")
    assert site == {
        "@type": "WebSite",
        "@id": f"{SITE}/#website",
        "url": f"{SITE}/",
        "name": "Broadsheet",
        "inLanguage": "en",
        "publisher": {"@type": "Organization", "@id": f"{SITE}/#publisher", "name": "Broadsheet"},
    }


def test_more_articles_categories_and_questions_cost_no_more_questions_to_the_database(
    client: FlaskClient,
) -> None:
    ann = person()
    save(article("One", category=category("C"), questions=[question("One?")], authors=[ann]))
    few = number_of_questions(client, "/")
    save(
        *(article(n, category=category(n), questions=[question(f"{n}?")], authors=[ann]) for n in ("b", "d"))
    )
    assert number_of_questions(client, "/") == few
