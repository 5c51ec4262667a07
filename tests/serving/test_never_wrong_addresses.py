"""However an address is written, it gets its own page, and nobody gets that of another."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.journal import publish_many

from . import wire
from .live import Live
from .reading import Answer

NOWHERE = "/nothing-here"
ARTICLE = "/articles/sleep-and-memory"
LONG = "b" * 5000
SAME = {
    "/articles": [
        "/articles?utm_source=letter", "/articles?PAGE=2", "/articles?page", "/articles?page=", "/articles?&&&",
        "/articles?=2", "/articles?page=%00", "/articles?page%00=2", "/articles?page[]=2", "/articles#page=2",
        "/articles?x#?page=2", "/articles?page%3D2", "/articles?x=1;page=2", "/articles?q=sleep", "/%61rticles",
        "//articles", "///articles", "/%2Farticles", f"/articles?{LONG}=1", f"/articles?x={LONG}",
        "/articles?" + "&".join(f"a={place}" for place in range(60)) + "&page=2",
    ],
    "/articles?page=2": [
        "/articles?page=2&page=1", "/articles?%70age=%32", "/articles?x=1&page=2", "/articles?page=2&utm_id=3",
        "/articles?page=+2", "/articles?page=2%00", "/articles?page=%C2%A02", "/articles?&page=2&",
    ],
    "/articles?page=1": ["/articles?page=1&page=2", "/articles?page=1#2"],
    "/search?q=sleep": [
        "/search?q=sleep&q=number", "/search?x=1&q=sleep", "/search?q=+sleep++", "/search?q=sleep%00",
        "/search?q=%73leep", "/search?q=sleep&Q=number", "/search?q=sleep%0A", "/search?q=sleep#number",
    ],
    "/search?q=number&page=2": ["/search?page=2&q=number", "/search?q=number&page=2&page=1&q=sleep"],
    "/search": ["/search?q=", "/search?q=%20", "/search?q=%00", "/search?page", "/search?r=sleep"],
    "/faq": ["/faq?q=", "/faq?q=%00", "/faq?page=&q"],
    "/": ["/?", "/?page=2", "/?q=sleep", "//", "/?/articles", "/#/articles", f"/?{LONG}"],
    ARTICLE: [
        f"{ARTICLE}?page=2", "/articles%2Fsleep-and-memory", "/articles/sleep%2Dand%2dmemory", f"/{ARTICLE}",
        f"{ARTICLE}?amp=1", f"{ARTICLE}#s-why-we-sleep", "/%61%72ticles/sleep-and-memory",
    ],
    NOWHERE: [
        "/articles?page=999", "/articles?page=0", "/articles?page=-1", "/articles?page=two", "/articles?page=%EF%BC%92",
        "/articles?page=1;page=2", "/articles?page=99999", "/articles?page=%ff", "/articles%3Fpage=2", "/ARTICLES",
        "/articles%00", "/articles%20", "/articles%0A", "/articles%23", "/articles;page=2", "/articles.", "/articles%",
        "/./articles", "/../articles", "/x/../articles", "/%2e%2e/articles", "/articles/Sleep-and-memory",
        f"{ARTICLE}%3Fpage", f"{ARTICLE}.MD", f"{ARTICLE}%2Emd%00", "/articles/%ff", "/%E0%A4%A", "/%",
        "/search?q=number&page=999", "/media/..%2F..%2Fblog.sqlite3", "/static/..%2fapp.py", "/media/%00",
        "/static/%00", f"/{LONG}", "/a" * 5000, "/feed.xml%00", "/categories/sleep/feed.rss", "/%5cevil.example",
    ],
    "/post/sleep": ["/post/sleep?page=2", "/post/slee%70", "//post/sleep", "/post%2Fsleep"],
    "/articles/": ["//articles/", "/articles%2F"],
}  # fmt: skip
"""Addresses, and other ways to write what leads to the same page; none of them is another page's."""

PIECES = [
    *(
        "/",
        "/",
        "articles",
        "page=2",
        "q=sleep",
        "?",
        "&",
        "=",
        ";",
        "#",
        "%",
        "%2f",
        "%2e%2e",
        "..",
        ".",
        "%00",
    ),
    *(
        "%3F",
        "%26",
        "%zz",
        "%ff",
        "%C3%A9",
        "%cc%81",
        "%0d%0a",
        "\\",
        "|",
        '"',
        "<b>",
        "+",
        ":",
        "@",
        "*",
        "~",
    ),
    *(
        "search",
        "faq",
        "sleep-and-memory",
        ".md",
        "feed.xml",
        "media",
        "static",
        "newsletter",
        "healthz",
        "post",
    ),
    *("people", "categories", "tags", "//evil.example", "{{7*7}}", "'", "x" * 300),
]


@pytest.fixture(scope="module")
def plain(live: Live) -> dict[str, Answer]:
    """Return what the addresses themselves get."""
    live.write(lambda: publish_many(21))
    return live.answers(SAME)


def test_the_addresses_are_different_pages(plain: dict[str, Answer]) -> None:
    assert {path: answer.status for path, answer in plain.items() if answer.status != 200} == {
        NOWHERE: 404,
        "/post/sleep": 301,
        "/articles/": 308,
    }
    assert len({answer.body for answer in plain.values()}) == len(plain) - 1  # page 1 is the listing itself


@pytest.mark.parametrize("path", SAME)
def test_another_spelling_gets_the_same_page_in_either_order(
    live: Live, plain: dict[str, Answer], path: str
) -> None:
    for target in SAME[path]:
        for order in ((path, target), (target, path)):
            live.new_edition()
            for asked in order:
                answers = [reader.ask(asked) for reader in live.readers[::2]]
                assert (target, asked, set(answers) == {plain[path]}) == (target, asked, True)
    assert live.answers(plain) == plain


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(target=st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_no_address_is_an_error_or_anybody_elses(live: Live, plain: dict[str, Answer], target: str) -> None:
    sent = wire.request(b"/" + target.replace(" ", "+").encode(), live.host)
    for answer in wire.ask(live.port, sent) + wire.ask(live.port, sent):
        assert answer.status in (200, 301, 308, 400, 404, 405)
        to = answer.header("location")
        assert (to.startswith("//"), answer.header("set-cookie")) == (False, "")
    for path in ("/", "/articles", NOWHERE):
        assert live.readers[0].ask(path) == plain[path]
