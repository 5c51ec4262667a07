"""Searching: accents folded, the last word a beginning, ranked, highlighted, and no input does harm."""

import re
import string
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.content.models import Reference
from tests.building import FUTURE, PAST, article, category, person, question, save
from tests.counting import number_of_questions
from tests.journal import publish_many
from tests.markup import Shown

WORDS = (
    '"',
    "'",
    "*",
    "^",
    "(",
    ")",
    ":",
    "-",
    "+",
    "{",
    "}",
    ",",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "NEAR/2",
    "sleep",
)
OPERATORS = [
    *("sleep AND", "AND sleep", "sleep OR", "NOT sleep", "sleep NOT", "NEAR(sleep memory)", "NEAR(sleep, 5)"),
    *("sleep NEAR/5 memory", "sleep*", "*sleep", "*", "^sleep", "sleep ^", "title:sleep", "body : sleep", "more:x"),
    *("{title body}: sleep", "-title:sleep", "- sleep", "+sleep", "sleep + memory", "(sleep", "sleep)", "((()))"),
    *('"sleep', 'sleep"', '""', '"""', '"sleep" "', "'sleep'", "sle\\ep", "sleep;", "sleep--", "sleep/*", "*/"),
    *("fulltext MATCH 'x'", "' OR 1=1 --", "'; DROP TABLE fulltext; --", "rank:x", "rowid:1", "fulltext:sleep"),
    *("\x00", "sleep\x00memory", "\x00\x00", "\x02", "\x03x\x02", "\x1b[31m", "\ufeffsleep", "\u202esleep", "\ud7ff"),
    *("%", "_", "__", "a_b", "%sleep%", "?", "&", "#", "=", "<script>alert(1)</script>", "</mark>", "&lt;b&gt;"),
    *("{{ 7*7 }}", "{% x %}", "${x}", "../../etc/passwd", "file:///", "日本語", "ﷺ", "🛌", "e\u0301", "\u0301", "²½"),
    *("sleep " * 500, "x" * 10_000, "a b c d e f g h i j k l m n o p q r s t u v w x y z", "\t\n\r", "  ", "", "0"),
]  # fmt: skip
HOSTILE = OPERATORS + [f"{first}{gap}{second}" for first in WORDS for second in WORDS for gap in ("", " ")]


def found(client: FlaskClient, typed: str) -> list[str]:
    """Return where the results lead, and check that page and fragment agree."""
    page = client.get("/search", query_string={"q": typed})
    part = client.get("/search/results", query_string={"q": typed})
    assert (page.status_code, part.status_code) == (200, 200)
    pattern = r'<h2><a href="(?:/articles|/faq)/([^"]+)"'
    assert re.findall(pattern, page.text) == re.findall(pattern, part.text)
    return re.findall(pattern, page.text)


@pytest.fixture
def reader(client: FlaskClient) -> FlaskClient:
    save(
        article("Sleep and memory", body="Café, naïve and Ångström. Sleeping well helps memory."),
        article("A walk", body="A walk before going to sleep does good.", authors=[person("Zoë Quirk")],
                references=[Reference(position=0, title="Locomotion", authors="Ólafsdóttir", source="Gait")],
                tags=["moving"], category=category("Exercise"), tldr="Briefly: strolling.", summary="On amble."),
        article("Draft on sleep", body="sleep sleep sleep", published_at=None),
        article("Planned sleep", body="sleep sleep sleep", published_at=FUTURE),
        question("How much sleep is enough?", "Seven *hours*.", stands_alone=True, published_at=PAST),
        question("Hidden sleep?", "sleep"),
    )  # fmt: skip
    return client


def test_articles_and_answers_are_found_the_title_counting_most(reader: FlaskClient) -> None:
    assert found(reader, "sleep") == ["how-much-sleep-is-enough", "sleep-and-memory", "a-walk"]


def test_one_word_in_a_title_weighs_more_than_many_in_a_text(client: FlaskClient) -> None:
    filler = "word " * 50
    save(
        article("Other", body=f"zebra zebra zebra zebra {filler}"),
        article("A zebra", body=filler * 3),
        article("Named", body=filler, tags=["zebra"]),
    )
    assert found(client, "zebra") == ["a-zebra", "other", "named"]


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        *(("cafe", ["sleep-and-memory"]), ("CAFÉ", ["sleep-and-memory"]), ("naive", ["sleep-and-memory"])),
        *(("cafe\u0301", ["sleep-and-memory"]), ("angstrom", ["sleep-and-memory"])),
        *(("mem", ["sleep-and-memory"]), ("me", []), ("m", []), ("mem sleep", [])),
        *(("memory sle", ["sleep-and-memory"]), ("sleep  MEMORY ", ["sleep-and-memory"])),
        *(("emory", []), ("walk helps", []), ("sleep, memory!", ["sleep-and-memory"])),
        *(("quirk", ["a-walk"]), ("zoe", ["a-walk"]), ("olafsdottir", ["a-walk"]), ("gait", ["a-walk"])),
        *(("moving", ["a-walk"]), ("exercise", ["a-walk"]), ("strolling", ["a-walk"]), ("amble", ["a-walk"])),
        *(("seven hours", ["how-much-sleep-is-enough"]), ("draft", []), ("planned", []), ("hidden", [])),
        *(("class", []), ("href", []), ("nosuchword", []), ("", []), ("?!", [])),
    ],
)  # fmt: skip
def test_words_are_found_without_accents_and_the_last_from_three_letters(
    reader: FlaskClient, typed: str, slugs: list[str]
) -> None:
    assert found(reader, typed) == slugs


def test_hits_are_marked_in_title_and_text(reader: FlaskClient) -> None:
    html = reader.get("/search?q=memory").text
    assert '<a href="/articles/sleep-and-memory">Sleep and <mark>memory</mark></a>' in html
    assert "Sleeping well helps <mark>memory</mark>." in html


def test_what_is_marked_is_still_text(client: FlaskClient) -> None:
    save(article("The <mark> & <script> tags", slug="a", body="Use `<script>` or `&amp;` tags."))
    html = client.get("/search?q=tags").text
    assert "The &lt;mark&gt; &amp; &lt;script&gt; <mark>tags</mark>" in html
    assert "Use &lt;script&gt; or &amp;amp; <mark>tags</mark>." in html


def test_results_say_what_they_are_and_how_many(reader: FlaskClient) -> None:
    shown = Shown(reader.get("/search?q=sleep").text)
    assert "Article Sleep and memory" in shown.text
    assert "3 results Answer How much sleep is enough? Seven hours." in shown.text
    assert shown.title == "Search: sleep · Broadsheet"
    assert shown.meta("robots") == "noindex"
    assert shown.all("input", id="q")[0]["value"] == "sleep"
    assert "1 result " in Shown(reader.get("/search?q=quirk").text).text


def test_a_search_without_results_suggests_categories_and_the_faq(reader: FlaskClient) -> None:
    shown = Shown(reader.get("/search?q=nosuchword").text)
    assert "0 results Nothing fits these words." in shown.text
    inside = shown.links()[shown.links().index("#main") + 1 : -5]
    assert inside[-2:] == ["/categories/exercise", "/faq"]


def test_nothing_typed_is_no_search(reader: FlaskClient) -> None:
    shown = Shown(reader.get("/search").text)
    assert "Write one or more words" in shown.text
    assert (shown.title, "results" in shown.text) == ("Search · Broadsheet", False)


def test_the_fragment_fills_the_count_and_the_results(reader: FlaskClient) -> None:
    answer = reader.get("/search/results?q=quirk")
    assert answer.headers["X-Broadsheet"] == "fragment"
    assert answer.text.lstrip().startswith('<p id="search-status" hx-swap-oob="innerHTML">1 result</p>')
    assert "<html" not in answer.text


def test_results_come_ten_a_page(client: FlaskClient) -> None:
    publish_many(21)
    pages = [
        re.findall(r'<h2><a href="/articles/([^"]+)"', client.get(f"/search?q=number+numb&page={page}").text)
        for page in (1, 2, 3)
    ]
    assert [len(page) for page in pages] == [10, 10, 1]
    assert len({slug for page in pages for slug in page}) == 21
    assert "/search?q=number+numb&page=3" in Shown(client.get("/search?q=number+numb").text).links()
    for page in ("0", "4", "x", "9" * 5000, "0000000001" + "9" * 20):
        assert client.get(f"/search?q=number&page={page}").status_code == 404
        assert client.get(f"/search/results?q=number&page={page}").status_code == 404


def test_two_hundred_hostile_inputs_do_no_harm(reader: FlaskClient) -> None:
    assert len(HOSTILE) > 200
    for typed in HOSTILE:
        results = found(reader, typed)
        assert set(results) <= {"sleep-and-memory", "how-much-sleep-is-enough", "a-walk"}
    assert found(reader, "sleep") == ["how-much-sleep-is-enough", "sleep-and-memory", "a-walk"]


@pytest.mark.parametrize(
    "typed", ["sleep*", '"sleep', "title:sleep", "^sleep", "sleep AND", "NOT sleep", "-sleep"]
)
def test_operators_are_only_words(reader: FlaskClient, typed: str) -> None:
    words = " ".join(re.findall(r"\w+", typed))
    assert found(reader, typed) == found(reader, words)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60) | st.text(string.punctuation + " abc\x00", max_size=30))
def test_any_text_at_all_is_answered(reader: FlaskClient, typed: str) -> None:
    typed = typed.encode("utf-8", "replace").decode()
    found(reader, typed)
    html = reader.get("/search", query_string={"q": typed}).text
    assert html.count("<script") == 2


def test_what_was_typed_is_shown_as_text(reader: FlaskClient) -> None:
    typed = '"><script>alert(1)</script>'
    shown = Shown(reader.get("/search", query_string={"q": typed}).text)
    assert shown.all("input", id="q")[0]["value"] == typed
    assert len(shown.all("script")) == 2


def test_a_longer_list_of_results_costs_no_more_questions(client: FlaskClient) -> None:
    kinds: Any = {"stands_alone": True, "published_at": PAST}
    save(article("Sleep 1"))
    few = [number_of_questions(client, path) for path in ("/search?q=sleep", "/search/results?q=sleep")]
    save(article("Sleep 2", authors=[person()]), question("Sleep 3?", **kinds))
    many = [number_of_questions(client, path) for path in ("/search?q=sleep", "/search/results?q=sleep")]
    assert many == few
