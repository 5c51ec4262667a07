"""Whoever follows every address of the demo finds nothing dead, nothing foreign and nothing careless."""

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from .crawling import Attributes, Crawl, Document
from .places import MISSING
from .serving import Site

FEWEST_PAGES = 90
NOT_INDEXED = ("/search", "/newsletter/thanks", "/newsletter/follow")
DATA = "application/ld+json"
LINK_TAGS = {"a", "feed", "markdown"}
LINKS_ELSEWHERE = {"canonical", "alternate"}


@pytest.fixture(scope="module")
def crawl(demo: Site) -> Crawl:
    """Follow every address of the demo, once for all these tests."""
    return Crawl(demo.url).run()


def faults(crawl: Crawl, rule: Callable[[Document], list[str]]) -> dict[str, list[str]]:
    """Return what the rule has against each page; pages without a fault are left out."""
    found = {address: rule(document) for address, document in crawl.pages().items()}
    return {address: said for address, said in found.items() if said}


def test_the_whole_site_is_found(crawl: Crawl) -> None:
    kinds = Counter(answer.kind for answer in crawl.answers.values())
    assert kinds["text/html"] >= FEWEST_PAGES
    assert kinds.keys() >= {
        "application/atom+xml",
        "application/feed+json",
        "text/markdown",
        "image/webp",
        "image/jpeg",
    }


def test_no_address_is_dead_and_none_takes_a_detour(crawl: Crawl) -> None:
    named = {address: crawl.named_on.get(address) for address in crawl.answers}
    bad = {
        address: (answer.status, named[address])
        for address, answer in crawl.answers.items()
        if answer.status != 200 and address != MISSING
    }
    assert bad == {}
    assert crawl.answers[MISSING].status == 404


def test_every_anchor_that_is_linked_is_there(crawl: Crawl) -> None:
    ids = {address: set(document.ids) for address, document in crawl.pages().items()}
    lost = [link for link in crawl.fragments if link[1] in ids and link[2] not in ids[link[1]]]
    assert lost == []


def test_nothing_is_fetched_from_another_host(crawl: Crawl) -> None:
    assert [found for found in crawl.elsewhere if found[1] not in LINK_TAGS] == []
    assert [found for found in crawl.elsewhere if urlsplit(found[2]).scheme not in ("https", "mailto")] == []


def test_no_answer_sets_a_cookie_or_varies_by_one(crawl: Crawl) -> None:
    careless = [
        (address, name, value)
        for address, answer in crawl.answers.items()
        for name, value in answer.headers
        if name.lower() == "set-cookie" or (name.lower() == "vary" and value != "Accept-Encoding")
    ]
    assert careless == []


def test_every_answer_carries_the_strict_policy(crawl: Crawl) -> None:
    policies = {
        address: dict(answer.headers).get("content-security-policy", "")
        for address, answer in crawl.answers.items()
    }
    assert [address for address, policy in policies.items() if "default-src 'none'" not in policy] == []
    assert [address for address, policy in policies.items() if "unsafe" in policy] == []


def test_every_page_and_feed_may_be_kept_and_is_asked_about(crawl: Crawl) -> None:
    rules = {
        address: (headers.get("cache-control"), headers.get("etag", "")[:1])
        for address, headers in ((address, dict(answer.headers)) for address, answer in crawl.answers.items())
        if not address.startswith(("/static/", "/media/"))
    }
    assert rules == dict.fromkeys(rules, ("public, no-cache", '"'))


def test_no_script_or_style_stands_in_a_page(crawl: Crawl) -> None:
    def rule(page: Document) -> list[str]:
        scripts = ["script" for one in page.all("script") if "src" not in one and one.get("type") != DATA]
        return scripts + ["style" for _ in page.all("style")] + inline(page)

    assert faults(crawl, rule) == {}


def inline(page: Document) -> list[str]:
    """Return every attribute that would execute, or that the policy would refuse."""
    return [
        f"{tag} {name}={value}"
        for tag, attributes in page.elements
        for name, value in attributes.items()
        if name.startswith(("on", "hx-on"))
        or name == "style"
        or value.strip().lower().startswith("javascript:")
    ]


def test_no_id_stands_twice_in_a_page(crawl: Crawl) -> None:
    assert faults(crawl, lambda page: [one for one, times in Counter(page.ids).items() if times > 1]) == {}


def test_whatever_names_another_element_names_one_that_is_there(crawl: Crawl) -> None:
    names = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "data-signup", "data-filter")

    def rule(page: Document) -> list[str]:
        ids = set(page.ids)
        return [
            f"{tag} {name}={one}"
            for tag, attributes in page.elements
            for name in names
            for one in attributes.get(name, "").split()
            if one not in ids
        ]

    assert faults(crawl, rule) == {}


def test_every_page_has_one_main_heading_a_title_and_a_language(crawl: Crawl) -> None:
    def rule(page: Document) -> list[str]:
        count = len(page.all("h1"))
        wrong = [] if count == 1 else [f"{count} main headings"]
        wrong += [] if page.titles and page.titles[0].strip() else ["no title"]
        return wrong + ([] if page.all("html")[0].get("lang") == "en" else ["no language"])

    assert faults(crawl, rule) == {}


def test_no_two_pages_share_a_title(crawl: Crawl) -> None:
    titles = Counter(
        page.titles[0]
        for address, page in crawl.pages().items()
        if not address.startswith(("/search", "/faq?"))
    )
    assert [title for title, times in titles.items() if times > 1] == []


def test_every_page_says_where_it_lives_unless_it_is_not_to_be_found(crawl: Crawl) -> None:
    wrong = {}
    for address, page in crawl.pages().items():
        said = [link["href"] for link in page.all("link") if link.get("rel") == "canonical"]
        hidden = address.startswith(NOT_INDEXED) or "?q=" in address or address == MISSING
        if said != ([] if hidden else [crawl.url + address]):
            wrong[address] = said
    assert wrong == {}


def test_every_picture_has_its_size_and_its_words(crawl: Crawl) -> None:
    def lacks(image: Attributes) -> list[str]:
        sizes = [name for name in ("width", "height") if not image.get(name, "").isdigit()]
        return sizes + ([] if "alt" in image else ["alt"])

    def rule(page: Document) -> list[str]:
        return [f"{image.get('src')} lacks {name}" for image in page.all("img") for name in lacks(image)]

    assert faults(crawl, rule) == {}


def test_a_picture_that_stands_for_itself_is_described(crawl: Crawl) -> None:
    articles = {address: page for address, page in crawl.pages().items() if address.startswith("/articles/")}
    covers = {address: page.all("img")[0].get("alt", "") for address, page in articles.items()}
    assert [address for address, alt in covers.items() if len(alt) < 15] == []


def test_the_sitemap_lists_every_page_that_is_to_be_found(crawl: Crawl) -> None:
    listed = {urlsplit(found).path for _, found in crawl.answers["/sitemap.xml"].addresses()}
    canonical = {
        urlsplit(link["href"]).path
        for address, page in crawl.pages().items()
        if "?" not in address
        for link in page.all("link")
        if link.get("rel") == "canonical"
    }
    assert listed == canonical


def test_what_is_not_published_is_nowhere(crawl: Crawl) -> None:
    for hidden in ("reading-a-food-label", "eating-well-with-type-2-diabetes"):
        seen = [address for address, answer in crawl.answers.items() if hidden.encode() in answer.body]
        assert seen == []
