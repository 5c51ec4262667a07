"""A reader looks for something: results follow the typing, and the plain form does the same."""

from playwright.sync_api import Page, Route, expect

from .conftest import OpenVisit
from .serving import Site
from .watching import Visit

FIELD = "Search articles and answers"
RESULTS = "/search/results"


def results(page: Page) -> list[str]:
    return page.locator("#search-results h2").all_text_contents()


def test_results_follow_the_typing_without_a_reload(page: Page, demo: Site) -> None:
    page.goto("/search")
    page.evaluate("window.neverReloaded = true")
    field = page.get_by_role("searchbox", name=FIELD)
    field.press_sequentially("apnoea")
    status = page.locator("#search-status[role=status]")
    expect(status).to_have_text("9 results")
    expect(page).to_have_url(f"{demo.url}/search?q=apnoea")
    expect(field).to_be_focused()
    expect(page.locator("#search-results mark").first).to_have_text("apnoea")
    field.fill("xyzzy")
    expect(status).to_have_text("0 results")
    expect(page.locator("#search-results")).to_contain_text("Nothing fits these words.")
    field.fill("")
    expect(page).to_have_url(f"{demo.url}/search")
    assert page.evaluate("window.neverReloaded")


def test_the_plain_form_finds_the_same(page: Page, plain_page: Page) -> None:
    page.goto("/search")
    page.get_by_role("searchbox", name=FIELD).press_sequentially("blood pressure")
    expect(page.locator("#search-results h2")).not_to_have_count(0)
    plain_page.goto("/search")
    plain_page.get_by_role("searchbox", name=FIELD).fill("blood pressure")
    plain_page.get_by_role("button", name="Search").click()
    expect(plain_page).to_have_url(page.url)
    assert results(plain_page) == results(page)
    expect(plain_page.locator("#search-status")).to_have_text(page.locator("#search-status").inner_text())


def test_only_the_last_word_typed_is_answered(page: Page) -> None:
    page.goto("/search")
    page.get_by_role("searchbox", name=FIELD).press_sequentially("grief", delay=30)
    expect(page.locator("#search-results h2").first).to_contain_text("grief")
    page.get_by_role("searchbox", name=FIELD).fill("coffee")
    expect(page.locator("#search-results h2").first).to_contain_text("coffee", ignore_case=True)
    expect(page.locator("#search-results[data-stale]")).to_have_count(0)


def test_a_search_that_fails_says_so_and_keeps_what_was_found(visit: Visit, page: Page) -> None:
    page.goto("/search?q=sleep")
    before = results(page)
    visit.context.set_offline(True)
    page.get_by_role("searchbox", name=FIELD).fill("coffee")
    expect(page.locator("#search-status")).to_have_text(
        "The search did not answer. Check your connection and press Search."
    )
    visit.expect_failure("net::ERR_INTERNET_DISCONNECTED", RESULTS)
    assert results(page) == before
    expect(page.locator("#search-results[data-stale]")).to_have_count(0)


def test_a_proxys_error_page_never_stands_among_the_results(visit: Visit, page: Page) -> None:
    page.goto("/search?q=sleep")
    before = results(page)
    page.route(
        f"**{RESULTS}*",
        lambda route: route.fulfill(
            status=502, content_type="text/html", body="<title>502</title>Bad Gateway"
        ),
    )
    page.get_by_role("searchbox", name=FIELD).fill("coffee")
    expect(page.locator("#search-status")).to_contain_text("The search did not answer.")
    visit.expect_status(502, "Bad Gateway", RESULTS)
    assert results(page) == before
    expect(page.get_by_text("Bad Gateway")).to_have_count(0)


def test_further_pages_of_results_are_links(plain_page: Page, demo: Site) -> None:
    plain_page.goto("/search?q=sleep")
    first = results(plain_page)
    plain_page.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").click()
    expect(plain_page).to_have_url(f"{demo.url}/search?q=sleep&page=2")
    assert set(results(plain_page)) & set(first) == set()


def test_the_masthead_searches_from_every_page(page: Page, demo: Site, article_path: str) -> None:
    page.goto(article_path)
    page.get_by_role("banner").get_by_role("searchbox").fill("salt")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{demo.url}/search?q=salt")
    expect(page.get_by_role("searchbox", name=FIELD)).to_have_value("salt")


def test_a_phone_has_a_way_to_the_search_too(open_visit: OpenVisit, demo: Site) -> None:
    page = open_visit(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).page()
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Search").tap()
    expect(page).to_have_url(f"{demo.url}/search")


def test_what_is_typed_is_shown_as_text_only(page: Page) -> None:
    page.goto("/search")
    page.get_by_role("searchbox", name=FIELD).fill('"><img src=x onerror=alert(1)> sleep')
    expect(page.locator("#search-status")).not_to_have_text("")
    assert page.locator("main img").count() == 0
    page.reload()
    expect(page.get_by_role("searchbox", name=FIELD)).to_have_value('"><img src=x onerror=alert(1)> sleep')


def test_what_is_typed_before_htmx_is_here_is_searched_for_once_it_is(page: Page) -> None:
    waiting: list[Route] = []
    page.route("**/static/htmx.*.js", lambda route: waiting.append(route))
    page.goto("/search", wait_until="domcontentloaded")
    page.get_by_role("searchbox", name=FIELD).fill("apnoea")
    while not waiting:
        page.wait_for_timeout(20)
    waiting.pop().continue_()
    expect(page.locator("#search-status")).to_have_text("9 results")
