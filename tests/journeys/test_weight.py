"""A first visit is light: what comes over the wire before any picture is small and little."""

import pytest
from playwright.sync_api import Page, Request, Route, expect

from blog.lib.shrinking import shrink_css

from .conftest import OpenVisit
from .forms import STILL_HERE, is_same_page, opened
from .serving import ROOT
from .watching import Visit

MOST_BYTES = 40_000
MOST_REQUESTS = 5
WORTH_COMPRESSING = 512
HTMX = "**/static/htmx.*.js"


def is_picture(request: Request) -> bool:
    """Say whether it is a picture; the browser calls the site's icon something else."""
    return request.resource_type == "image" or "/favicon." in request.url


@pytest.mark.parametrize("path", ["/", "/articles/sleep-and-memory", "/faq", "/articles"])
def test_a_first_visit_without_pictures_is_forty_kilobytes_in_five_requests(
    open_visit: OpenVisit, path: str
) -> None:
    page = open_visit(viewport={"width": 1440, "height": 900}).page()
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(path, wait_until="networkidle")
    text = [request for request in asked if not is_picture(request)]
    sizes = {request.url: request.sizes() for request in text}
    weight = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())
    assert (len(text) <= MOST_REQUESTS, weight <= MOST_BYTES) == (True, True), sizes
    for request in text:
        response = request.response()
        assert response is not None
        if len(response.body()) > WORTH_COMPRESSING:
            assert response.header_value("content-encoding") in ("br", "gzip"), request.url


def test_only_the_theme_is_waited_for_before_the_first_paint(page: Page, article_path: str) -> None:
    page.goto(article_path, wait_until="networkidle")
    blocking = page.evaluate(
        "performance.getEntriesByType('resource').filter(it => it.renderBlockingStatus === 'blocking')"
        ".map(it => [it.initiatorType, new URL(it.name).pathname.split('.')[0], it.decodedBodySize < 300])"
    )
    assert sorted(blocking) == [["link", "/static/site", False], ["script", "/static/theme", True]]


def test_htmx_comes_when_a_form_that_uses_it_comes_into_view(page: Page, article_path: str) -> None:
    page.goto(article_path, wait_until="networkidle")
    assert page.evaluate("typeof htmx") == "undefined"
    page.locator("#signup-article-1").scroll_into_view_if_needed()
    page.locator("script[src*='/static/htmx.']").wait_for(state="attached")


def test_a_form_that_is_sent_before_htmx_is_here_waits_for_it(page: Page, article_path: str) -> None:
    waiting: list[Route] = []
    page.route(HTMX, lambda route: waiting.append(route))
    signup = opened(page, article_path)
    signup.send("early@example.org")
    expect(page.locator("#signup-article-1-form")).to_have_attribute("aria-busy", "true")
    while not waiting:
        page.wait_for_timeout(20)
    waiting.pop().continue_()
    signup.expect_thanks()
    assert is_same_page(page)


def test_a_form_says_so_when_htmx_cannot_come_and_works_once_it_can(
    visit: Visit, page: Page, article_path: str
) -> None:
    signup = opened(page, article_path)
    page.route(HTMX, lambda route: route.abort("connectionreset"))
    with page.expect_event("requestfailed"):
        page.locator("#signup-article-1").scroll_into_view_if_needed()
    signup.send("too-early@example.org")
    signup.expect_oops(STILL_HERE, "too-early@example.org")
    page.unroute(HTMX)
    signup.button.click()
    signup.expect_thanks()
    address = page.locator("script[data-htmx]").get_attribute("data-htmx")
    visit.expected += [f"{address}: net::ERR_CONNECTION_RESET"] * 2


def test_the_small_stylesheet_means_the_same_as_the_files_it_is_made_of(
    page: Page, article_path: str
) -> None:
    page.goto(article_path)
    styles = "\n".join(path.read_text() for path in sorted(ROOT.joinpath("static/css").glob("*.css")))
    rules = (
        "styles => styles.map(text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);"
        " return [...sheet.cssRules].map(rule => rule.cssText).join('\\n') })"
    )
    # What depends on a variable is kept as it was written, blanks after commas included.
    written, sent = (text.replace(", ", ",") for text in page.evaluate(rules, [styles, shrink_css(styles)]))
    assert sent.splitlines() == written.splitlines()


def test_a_second_article_brings_only_itself(open_visit: OpenVisit) -> None:
    page = open_visit().page()
    page.goto("/articles/sleep-and-memory", wait_until="networkidle")
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto("/articles/coffee-and-your-heart", wait_until="networkidle")
    over_the_wire = [
        request.resource_type
        for request in asked
        if request.resource_type != "image" and request.sizes()["responseBodySize"] > 0
    ]
    assert over_the_wire == ["document"]
