"""What stands around every page: names, navigation, the canonical address, what is said to other sites."""

from flask.testing import FlaskClient

from blog.lib.db import write
from blog.settings.declaring import choose
from tests.building import FUTURE, article, category, page, save
from tests.counting import number_of_questions
from tests.journal import PAGES, SITE, publish_journal, publish_many
from tests.markup import Shown

NOT_FOR_SEARCH_ENGINES = {"/search", "/search?q=sleep", "/newsletter/thanks"}


def set_site(**values: str) -> None:
    with write():
        for key, value in values.items():
            choose(f"site.{key}", value)


def canonical(client: FlaskClient, path: str) -> str:
    (link,) = Shown(client.get(path).text).all("link", rel="canonical")
    return link["href"]


def test_every_page_names_its_own_canonical_address(client: FlaskClient) -> None:
    publish_journal()
    indexed = [path for path in PAGES if path not in NOT_FOR_SEARCH_ENGINES]
    found = {path: canonical(client, path) for path in indexed}
    assert found == {path: SITE + path for path in indexed}


def test_pages_that_are_not_for_search_engines_name_none(client: FlaskClient) -> None:
    for path in NOT_FOR_SEARCH_ENGINES:
        assert Shown(client.get(path).text).all("link", rel="canonical") == []


def test_a_later_page_of_a_listing_is_canonical_with_its_number(client: FlaskClient) -> None:
    publish_many(21)
    for path in ("/articles", "/categories/sleep"):
        assert canonical(client, f"{path}?page=2&utm_source=x") == f"{SITE}{path}?page=2"
        assert canonical(client, f"{path}?page=02") == f"{SITE}{path}?page=2"
        assert canonical(client, f"{path}?page=1") == f"{SITE}{path}"


def test_a_page_number_means_nothing_where_there_are_no_pages(client: FlaskClient) -> None:
    publish_journal()
    for path in ("/about", "/articles/sleep-and-memory", "/faq/how-do-i-book", "/"):
        assert canonical(client, f"{path}?page=2") == f"{SITE}{path.rstrip('/') or '/'}"
        assert client.get(f"{path}?page={'9' * 5000}").data == client.get(path).data


def test_the_canonical_address_is_the_sites_whatever_proxy_asks(client: FlaskClient) -> None:
    publish_journal()
    link = Shown(client.get("/about", base_url="http://journal.example.org:443").text).all(
        "link", rel="canonical"
    )
    assert link == [{"rel": "canonical", "href": f"{SITE}/about"}]


def test_an_article_says_to_other_sites_what_it_is(client: FlaskClient) -> None:
    publish_journal()
    shown = Shown(client.get("/articles/sleep-and-memory").text)
    names = ("site_name", "type", "title", "url", "description", "image:alt")
    assert {name: shown.meta(f"og:{name}") for name in names} == {
        "site_name": "Broadsheet",
        "type": "article",
        "title": "Sleep and memory",
        "url": f"{SITE}/articles/sleep-and-memory",
        "description": "What a night does.",
        "image:alt": "A sleeper",
    }
    image = shown.meta("og:image") or ""
    assert image.startswith(f"{SITE}/media/sleep.")
    assert client.get(image.removeprefix(SITE)).status_code == 200
    assert shown.meta("description") == "What a night does."


def test_every_page_for_search_engines_has_a_title_an_address_and_a_kind(client: FlaskClient) -> None:
    publish_journal()
    for path in PAGES:
        shown = Shown(client.get(path).text)
        hidden = path in NOT_FOR_SEARCH_ENGINES
        assert (path, shown.meta("robots")) == (path, "noindex" if hidden else None)
        assert (path, shown.meta("og:url")) == (path, None if hidden else canonical(client, path))
        assert hidden or (shown.meta("og:title") and shown.meta("og:type"))
        assert shown.title.strip()
        assert len(shown.all("h1")) == 1


def test_titles_and_names_cannot_break_out_of_the_markup(client: FlaskClient) -> None:
    hostile = '"><script>alert(1)</script>'
    set_site(title=hostile, tagline=hostile, notice=hostile, publisher=hostile, description=hostile)
    save(article(hostile, slug="x", summary=hostile, category=category(hostile)), page(hostile))
    for path in ("/", "/articles", "/articles/x", "/faq", "/newsletter", "/search?q=" + hostile):
        answer = client.get(path)
        assert (path, answer.status_code, "<script>alert" in answer.text) == (path, 200, False)
        assert len(Shown(answer.text).graphs) <= 1


def test_the_head_lists_categories_with_live_articles_and_marks_where_one_is(client: FlaskClient) -> None:
    save(
        article("A", category=category("Sleep")),
        article("B", category=category("Heart")),
        article("C", category=category("Hidden"), published_at=FUTURE),
        category("Empty"),
    )
    shown = Shown(client.get("/categories/sleep").text)
    links = [named for named in shown.all("a") if named.get("href", "").startswith("/categories/")]
    assert links[:2] == [
        {"href": "/categories/heart"},
        {"href": "/categories/sleep", "aria-current": "true"},
    ]
    assert "Hidden" not in shown.text
    assert "Empty" not in shown.text


def test_the_foot_lists_every_page_and_the_feeds(client: FlaskClient) -> None:
    save(page("Privacy"), page("About"))
    links = Shown(client.get("/faq").text).links()
    assert links[-4:] == ["/about", "/privacy", "/feed.xml", "/feed.json"]


def test_pages_speak_the_sites_language_and_carry_its_names(client: FlaskClient) -> None:
    set_site(title="The Linden Journal", tagline="Plain answers", notice="A notice.", publisher="The Clinic")
    shown = Shown(client.get("/").text)
    assert shown.all("html") == [{"lang": "en"}]
    assert shown.title == "The Linden Journal: Plain answers"
    for words in ("The Linden Journal", "Plain answers", "A notice.", "Published by The Clinic"):
        assert words in shown.text


def test_more_pages_and_categories_cost_no_more_questions(client: FlaskClient) -> None:
    save(page("One"), article("1", category=category("One")))
    few = number_of_questions(client, "/faq")
    save(*(page(f"Page {n}") for n in "ab"), *(article(f"a{n}", category=category(f"C{n}")) for n in "ab"))
    assert number_of_questions(client, "/faq") == few
