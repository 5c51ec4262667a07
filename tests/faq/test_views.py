"""Questions by category, twenty of each a page; one question's page; the filter that needs no script."""

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient

from blog.content.models import Question
from blog.faq.queries import MOST
from blog.lib.clock import held_at
from tests.building import FUTURE, PAST, article, category, question, save
from tests.counting import number_of_questions
from tests.journal import SITE, publish_journal
from tests.markup import Shown


def alone(text: str, answer: str = "Yes.", **fields: object) -> Question:
    return question(text, answer, **({"stands_alone": True, "published_at": PAST} | fields))


def groups(html: str) -> dict[str, list[str]]:
    """Return the questions of each group of the list, by their slugs."""
    parts = html.split("data-filter-group")[1:]
    return {
        re.findall(r'<h2 id="group[-_]([^"]+)"', part)[0]: re.findall(
            r'<h3[^>]*><a href="/faq/([^"]+)"', part
        )
        for part in parts
    }


def faq(client: FlaskClient, query: str = "") -> dict[str, list[str]]:
    answer = client.get(f"/faq{query}")
    assert answer.status_code == 200
    return groups(answer.text)


def test_questions_stand_by_category_and_name_those_without_one_last(client: FlaskClient) -> None:
    heart = category("Heart")
    save(
        alone("Loose?"),
        alone("B heart?", category=heart),
        alone("A heart?", category=heart),
        article("A", category=category("Arms"), questions=[question("Of an article?")]),
        article("B", category=category("Draft"), questions=[question("Hidden?")], published_at=None),
        alone("Later?", published_at=FUTURE),
    )
    assert faq(client) == {"arms": ["of-an-article"], "heart": ["a-heart", "b-heart"], "none": ["loose"]}


def test_the_contents_lead_to_the_groups(client: FlaskClient) -> None:
    save(alone("Loose?"), alone("Heart?", category=category("Heart")))
    links = Shown(client.get("/faq").text).links()
    assert [link for link in links if link.startswith("#group")] == ["#group-heart", "#group_none"]


def test_each_page_shows_the_next_twenty_of_each_category(client: FlaskClient) -> None:
    save(*(alone(f"Q {n:02}?") for n in range(41)), alone("Heart?", category=category("Heart")))
    assert faq(client) == {"heart": ["heart"], "none": [f"q-{n:02}" for n in range(20)]}
    assert faq(client, "?page=2") == {"none": [f"q-{n:02}" for n in range(20, 40)]}
    assert faq(client, "?page=3") == {"none": ["q-40"]}
    for page in ("0", "4", "-1", "x", "9" * 5000):
        assert client.get(f"/faq?page={page}").status_code == 404
    shown = Shown(client.get("/faq?page=2").text)
    assert shown.title == "Questions and answers, page 2 · Broadsheet"
    assert shown.all("link", rel="canonical") == [{"rel": "canonical", "href": f"{SITE}/faq?page=2"}]


def test_an_empty_list_says_so(client: FlaskClient) -> None:
    shown = Shown(client.get("/faq").text)
    assert "Nothing has been published here yet." in shown.text
    assert shown.graphs == []
    assert shown.all("nav", **{"class": "contents"}) == []
    assert shown.all("form", **{"class": "faq__filter"}) == []


def test_a_filter_that_nothing_fits_can_be_changed(client: FlaskClient) -> None:
    save(alone("Why sleep?"))
    shown = Shown(client.get("/faq?q=zzz").text)
    assert len(shown.all("form", **{"class": "faq__filter"})) == 1
    assert shown.all("nav", **{"class": "contents"}) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sleep", ["how-do-i-sleep", "what-is-a-bed"]),
        ("SLEEP how", ["how-do-i-sleep"]),
        ("slee", ["how-do-i-sleep", "what-is-a-bed"]),
        ("sl", []),
        ("cafe", ["is-cafe-bad"]),
        ("café", ["is-cafe-bad"]),
        ("nothing of this", []),
    ],
)
def test_the_filter_finds_questions_and_answers(client: FlaskClient, typed: str, found: list[str]) -> None:
    save(
        alone("How do I sleep?"),
        alone("What is a bed?", "Where you *sleep*."),
        alone("Is café bad?"),
        article("Sleep", body="sleep", questions=[]),
        question("Hidden sleep?"),
    )
    assert [slug for group in faq(client, f"?q={typed}").values() for slug in group] == found
    shown = Shown(client.get(f"/faq?q={typed}").text)
    assert (f"{len(found)} question" in shown.text, shown.meta("robots")) == (True, "noindex")
    assert shown.all("input", id="filter")[0]["value"] == typed


def test_a_filter_without_results_points_to_the_search(client: FlaskClient) -> None:
    save(alone("How?"))
    shown = Shown(client.get("/faq?q=zebra+%26+%3Cb%3E").text)
    assert "No question fits these words." in shown.text
    assert "/search?q=zebra%20%26%20%3Cb%3E" in shown.links()


def test_the_filter_keeps_its_words_from_page_to_page(client: FlaskClient) -> None:
    save(*(alone(f"Sleep & {n:02}?") for n in range(21)))
    assert "/faq?q=sleep+%26&page=2" in Shown(client.get("/faq?q=sleep+%26").text).links()
    assert faq(client, "?q=sleep+%26&page=2") == {"none": ["sleep-20"]}


@pytest.mark.parametrize(
    "typed", ['"', "*", "a OR b", "NEAR(a b)", "title:x", "\x00", "x" * 9000, "﷽", "(", "-"]
)
def test_no_filter_breaks_the_page(client: FlaskClient, typed: str) -> None:
    save(alone("How?"))
    assert client.get("/faq", query_string={"q": typed}).status_code == 200


def test_a_question_has_a_page_with_its_answer_and_the_articles_that_use_it(client: FlaskClient) -> None:
    publish_journal()
    save(article("Draft", questions=[], published_at=None))
    shown = Shown(client.get("/faq/how-much-sleep-is-enough").text)
    assert "How much sleep is enough? Seven hours. or more Read the whole article" in shown.text
    assert "/articles/sleep-and-memory" in shown.links()
    assert "/articles/draft" not in shown.links()


def test_related_questions_are_public_ones_of_the_category(client: FlaskClient) -> None:
    heart = category("Heart")
    save(
        *(alone(f"Q {n}?", category=heart) for n in range(8)),
        alone("A later?", category=heart, published_at=FUTURE),
        alone("Elsewhere?"),
    )
    html = client.get("/faq/q-3").text
    related = html.partition('aria-labelledby="related"')[2].partition("</section>")[0]
    assert re.findall(r'href="/faq/([^"]+)"', related) == [f"q-{n}" for n in (0, 1, 2, 4, 5, 6)]


def test_a_question_without_a_category_has_no_related_ones(client: FlaskClient) -> None:
    save(alone("One?"), alone("Two?"))
    assert 'aria-labelledby="related"' not in client.get("/faq/one").text


def test_more_questions_cost_no_more_questions_to_the_database(client: FlaskClient) -> None:
    save(article("One", category=category("One"), questions=[question("One?")]))
    few = [number_of_questions(client, path) for path in ("/faq", "/faq/one", "/faq?q=one")]
    for name in ("Two", "Three"):
        save(article(name, category=category(name), questions=[question(f"{name} one?")]))
    assert [number_of_questions(client, path) for path in ("/faq", "/faq/one", "/faq?q=one")] == few


def test_where_very_many_fit_the_page_says_so_and_shows_some(client: FlaskClient) -> None:
    save(*(alone(f"Hay {number}?", "A needle.") for number in range(MOST + 1)), alone("Needle?"))
    shown = client.get("/faq?q=needle")
    assert "Very many questions fit; another word narrows them." in shown.text
    assert "Needle?" in client.get("/faq?q=needle&page=10").text
    assert client.get("/faq?q=needle&page=11").status_code == 404


def test_a_question_is_listed_without_the_category_of_an_article_that_is_yet_to_come(
    client: FlaskClient,
) -> None:
    second = dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC)
    asked = alone("Why?")
    save(article("Later", published_at=second, category=category("Hidden"), questions=[asked]))
    with held_at(second - dt.timedelta(seconds=1)):
        assert list(faq(client)) == ["none"]
    with held_at(second):
        assert list(faq(client)) == ["hidden"]
