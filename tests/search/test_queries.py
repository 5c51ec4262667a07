"""What a search finds, as values: ranked, marked, only what is public at this moment."""

import datetime as dt

import pytest
from markupsafe import Markup

from blog.content.finding import declare_searchable
from blog.lib.clock import held_at
from blog.lib.db import write
from blog.lib.fulltext import index
from blog.search.queries import MOST, PER_PAGE, Hit, find
from tests.building import PAST, article, question, save
from tests.counting import questions_asked

pytestmark = pytest.mark.usefixtures("app")


def paths(typed: str, page: int = 1) -> list[str]:
    return [hit.path for hit in find(typed, page)[0]]


def test_a_hit_says_what_and_where_it_is() -> None:
    save(
        article("A walk", body="To walk."),
        question("Why walk?", "Air.", stands_alone=True, published_at=PAST),
    )
    hits, total = find("walk", 1)
    assert total == 2
    by_kind = {hit.kind: hit for hit in hits}
    assert by_kind == {
        "article": Hit(
            kind="article",
            path="/articles/a-walk",
            title_html=Markup("A <mark>walk</mark>"),
            snippet_html=Markup("To <mark>walk</mark>."),
            date=PAST,
        ),
        "answer": Hit("answer", "/faq/why-walk", Markup("Why <mark>walk</mark>?"), Markup("Air."), None),
    }


def test_a_long_text_is_cut_around_the_hit() -> None:
    save(article("A", body="before " * 200 + "needle " + "after " * 200))
    (hit,), _ = find("needle", 1)
    assert "before <mark>needle</mark> after" in hit.snippet_html
    assert len(hit.snippet_html.split()) < 40
    assert hit.snippet_html.startswith("…")
    assert hit.snippet_html.endswith("…")


def test_pages_hold_ten_and_past_the_last_there_is_nothing() -> None:
    save(*(article(f"Walk {n}") for n in range(PER_PAGE + 1)))
    first, second, third = (find("walk", page) for page in (1, 2, 3))
    assert [(len(hits), total) for hits, total in (first, second, third)] == [(10, 11), (1, 11), (0, 0)]


def test_equals_keep_their_order_from_page_to_page() -> None:
    save(*(article(f"Walk {n}", body="same") for n in range(20)))
    found = [*paths("walk", 1), *paths("walk", 2)]
    assert found == [*paths("walk", 1), *paths("walk", 2)]
    assert len(set(found)) == 20


def test_what_is_scheduled_is_found_from_its_second_on() -> None:
    second = dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC)
    shared = question("Shared walk?")
    save(article("Walk", published_at=second, questions=[shared]))
    with held_at(second - dt.timedelta(microseconds=1)):
        assert find("walk", 1) == ([], 0)
    with held_at(second):
        assert sorted(paths("walk")) == ["/articles/walk", "/faq/shared-walk"]


def test_making_the_index_anew_changes_no_result() -> None:
    save(*(article(f"Walk {n}", body="walk " * n) for n in range(5)), question("Walk?", published_at=PAST))
    before = find("walk", 1)
    with write() as session:
        index.rebuild(session())
    assert find("walk", 1) == before


def test_declaring_twice_indexes_once() -> None:
    declare_searchable()
    save(article("Walk"))
    assert find("walk", 1)[1] == 1


@pytest.mark.parametrize("typed", ["", " ", "?!", "\x00", "'\"*"])
def test_nothing_typed_asks_nothing(typed: str) -> None:
    with questions_asked() as asked:
        assert find(typed, 1) == ([], 0)
    assert asked == []


def test_of_very_many_matches_a_title_still_comes_first() -> None:
    save(article("Needle", body="found by its title"))
    save(*(article(f"Hay {n}", body="a needle in it") for n in range(MOST + 20)))
    hits, total = find("needle", 1)
    assert (hits[0].path, total) == ("/articles/needle", MOST + 1)


def test_of_very_many_the_shorter_title_and_the_newer_text_come_first_and_kinds_take_turns() -> None:
    save(article("The needle in the hay"), question("A needle?", stands_alone=True, published_at=PAST))
    save(article("Needle"), question("Hay?", "A needle.", stands_alone=True, published_at=PAST))
    save(*(article(f"Hay {n}", body="a needle in it") for n in range(MOST)))
    assert paths("needle")[:6] == [
        "/articles/needle",
        "/faq/a-needle",
        "/articles/the-needle-in-the-hay",
        f"/articles/hay-{MOST - 1}",
        "/faq/hay",
        f"/articles/hay-{MOST - 2}",
    ]


def test_what_a_word_only_begins_is_found_unless_very_many_hold_it_as_it_stands() -> None:
    save(article("Needlework"), *(article(f"Hay {n}", body="a needle") for n in range(MOST - 1)))
    assert find("needle", 1)[1] == MOST
    save(article("One more", body="a needle"))
    hits, total = find("needle", 1)
    assert (hits[0].path, total) == ("/articles/one-more", MOST)
    assert paths("needlew") == ["/articles/needlework"]
