"""The page of a person: who they are, what they wrote and what they reviewed."""

import datetime as dt
import re

from flask.testing import FlaskClient

from blog.content.models import Person
from blog.lib.db import write
from tests.building import FUTURE, PAST, article, person, save
from tests.counting import number_of_questions
from tests.journal import SITE, picture
from tests.markup import Shown


def part(html: str, name: str) -> list[str]:
    """Return the articles under one heading of the page."""
    section = html.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]
    return re.findall(r'card__title"><a href="/articles/([^"]+)"', section)


def test_a_person_is_introduced(client: FlaskClient) -> None:
    links = [{"title": "Clinic", "url": "https://clinic.example"}]
    row = person(credentials="MD", role="Editor", orcid="0000-0002-1825-0097", body="Ann *writes*.")
    row.links = links
    save(row)
    shown = Shown(client.get("/people/ann-example").text)
    for words in ("Ann Example MD", "Editor", "Ann writes.", "ORCID 0000-0002-1825-0097", "Clinic"):
        assert words in shown.text
    outside = shown.all("a", rel="me noopener noreferrer")
    assert [link["href"] for link in outside] == [
        "https://orcid.org/0000-0002-1825-0097",
        "https://clinic.example",
    ]


def test_what_they_wrote_and_what_they_reviewed_stand_apart(client: FlaskClient) -> None:
    ann = person()
    save(
        article("Own", authors=[ann]),
        article("Checked", reviewers=[ann]),
        article("Draft", authors=[ann], published_at=None),
        article("Later", reviewers=[ann], published_at=FUTURE),
        article("Not theirs"),
    )
    html = client.get("/people/ann-example").text
    assert (part(html, "written"), part(html, "reviewed")) == (["own"], ["checked"])


def test_someone_with_a_file_of_their_own_has_a_page_without_any_article(client: FlaskClient) -> None:
    save(person(), article("Draft", authors=[person("Ben")], published_at=None))
    for slug in ("ann-example", "ben"):
        html = client.get(f"/people/{slug}").text
        assert 'id="written"' not in html
        assert 'id="reviewed"' not in html


def test_someone_who_is_only_named_has_a_page_with_their_first_live_article(client: FlaskClient) -> None:
    eve = Person(slug="eve", name="Eve")
    save(article("Draft", authors=[eve], published_at=None))
    assert client.get("/people/eve").status_code == 404
    with write() as session:
        session.merge(eve)
        session.query(Person).one()
        session.add(article("Live", authors=[session.query(Person).one()]))
    assert client.get("/people/eve").status_code == 200


def test_what_they_wrote_comes_twelve_a_page(client: FlaskClient) -> None:
    ann = person()
    days = [PAST - dt.timedelta(days=n) for n in range(13)]
    save(*(article(f"N {n:02}", authors=[ann], published_at=days[n]) for n in range(13)))
    assert part(client.get("/people/ann-example").text, "written") == [f"n-{n:02}" for n in range(12)]
    assert part(client.get("/people/ann-example?page=2").text, "written") == ["n-12"]
    for page in ("0", "3", "x"):
        assert client.get(f"/people/ann-example?page={page}").status_code == 404


def test_programs_are_told_who_this_is(client: FlaskClient) -> None:
    row = person(credentials="MD", role="Editor", orcid="0000-0002-1825-0097")
    row.links = [
        {"title": "Clinic", "url": "https://clinic.example"},
        {"title": "Post", "url": "mailto:a@b.example"},
    ]
    save(row)
    (page,) = Shown(client.get("/people/ann-example").text).things("ProfilePage")
    assert page == {
        "@type": "ProfilePage",
        "url": f"{SITE}/people/ann-example",
        "mainEntity": {
            "@type": "Person",
            "@id": f"{SITE}/people/ann-example#person",
            "name": "Ann Example",
            "honorificSuffix": "MD",
            "jobTitle": "Editor",
            "url": f"{SITE}/people/ann-example",
            "sameAs": ["https://clinic.example", "https://orcid.org/0000-0002-1825-0097"],
        },
    }


def test_a_portrait_is_shown_and_said(client: FlaskClient) -> None:
    row = person()
    with write() as session:
        row.photo = picture("ann.png")
        session.add(row)
    shown = Shown(client.get("/people/ann-example").text)
    (image,) = shown.all("img")
    assert image["alt"] == "Portrait of Ann Example"
    (page,) = shown.things("ProfilePage")
    assert page["mainEntity"]["image"] == SITE + image["src"] == shown.meta("og:image")


def test_more_articles_cost_no_more_questions(client: FlaskClient) -> None:
    ann = person()
    save(article("One", authors=[ann]), article("Eins", reviewers=[ann]))
    few = number_of_questions(client, "/people/ann-example")
    save(*(article(name, authors=[ann]) for name in "ab"), *(article(name, reviewers=[ann]) for name in "cd"))
    assert number_of_questions(client, "/people/ann-example") == few


def test_what_they_reviewed_turns_its_pages_with_what_they_wrote(client: FlaskClient) -> None:
    ann, ben = person("Ann Example"), person("Ben Example")
    save(*(article(f"R {n:02}", authors=[ben], reviewers=[ann]) for n in range(13)))
    assert client.get("/people/ann-example").text.count("/articles/r-") == 12
    assert client.get("/people/ann-example?page=2").text.count("/articles/r-") == 1
    assert client.get("/people/ann-example?page=3").status_code == 404
