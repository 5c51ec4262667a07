"""A signup that does not work says so in the form itself, loses nothing, and leads back to the field."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import OpenVisit
from .forms import FIRST, FIX, LAST, OOPS, STILL_HERE, Signup, consents, is_same_page, opened
from .serving import Site
from .watching import Visit

PROXY_PAGE = "<!DOCTYPE html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>"
SIGNUP = "**/newsletter/signup"


@pytest.mark.parametrize("typed", ["nobody", "no@where", "two@@example.org", f"{'a' * 65}@example.org"])
def test_a_malformed_address_is_refused_beside_the_field(
    visit: Visit, page: Page, article_path: str, typed: str
) -> None:
    signup = opened(page, article_path)
    signup.send(typed)
    visit.expect_status(422, "Unprocessable Entity")
    signup.expect_oops(FIX, typed)
    assert is_same_page(page)


def test_an_empty_field_is_refused_beside_the_field(visit: Visit, page: Page, article_path: str) -> None:
    signup = opened(page, article_path, LAST)
    signup.button.click()
    visit.expect_status(422, "Unprocessable Entity")
    signup.expect_oops("Please write your e-mail address.", "")


def test_a_refused_address_can_be_mended_and_sent_again(
    visit: Visit, page: Page, demo: Site, article_path: str
) -> None:
    signup = opened(page, article_path)
    signup.send("mended@")
    visit.expect_status(422, "Unprocessable Entity")
    signup.expect_oops(FIX, "mended@")
    signup.send("mended@example.org")
    signup.expect_thanks()
    assert [place for _, place, _ in consents(demo, "mended@example.org")] == [FIRST]


def test_an_error_in_one_form_leaves_the_other_alone(visit: Visit, page: Page, article_path: str) -> None:
    first, last = opened(page, article_path), Signup(page, LAST)
    last.field.fill("other@example.org")
    first.send("wrong")
    visit.expect_status(422, "Unprocessable Entity")
    first.expect_oops(FIX, "wrong")
    expect(last.field).to_have_value("other@example.org")
    expect(last.status).to_have_text("")
    assert last.field.get_attribute("aria-invalid") is None
    last.button.click()
    last.expect_thanks()
    first.expect_unchanged_oops(FIX, "wrong")


def test_without_a_network_the_form_says_so_and_works_once_it_is_back(
    visit: Visit, page: Page, demo: Site, article_path: str
) -> None:
    signup = opened(page, article_path)
    signup.button.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")  # pictures come as one scrolls, and are not what this is about
    visit.context.set_offline(True)
    signup.send("offline@example.org")
    visit.expect_failure("net::ERR_INTERNET_DISCONNECTED")
    signup.expect_oops(STILL_HERE, "offline@example.org")
    assert is_same_page(page)
    visit.context.set_offline(False)
    signup.button.click()
    signup.expect_thanks()
    assert len(consents(demo, "offline@example.org")) == 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [(502, "Bad Gateway"), (500, "Internal Server Error"), (403, "Forbidden"), (404, "Not Found")],
)
def test_an_error_page_from_in_between_never_lands_in_the_form(
    visit: Visit, page: Page, article_path: str, status: int, reason: str
) -> None:
    signup = opened(page, article_path)
    title = page.title()
    page.route(SIGNUP, lambda route: route.fulfill(status=status, content_type="text/html", body=PROXY_PAGE))
    signup.send("between@example.org")
    visit.expect_status(status, reason)
    signup.expect_oops(STILL_HERE, "between@example.org")
    assert page.title() == title
    assert page.get_by_text("Bad Gateway").count() == 0


def test_a_page_that_says_200_but_is_not_ours_never_lands_in_the_form(page: Page, article_path: str) -> None:
    signup = opened(page, article_path)
    page.route(
        SIGNUP,
        lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Log in to Wi-Fi</p>"),
    )
    signup.send("hotel@example.org")
    signup.expect_oops(STILL_HERE, "hotel@example.org")
    assert page.get_by_text("Log in to Wi-Fi").count() == 0


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("connectionreset", "net::ERR_CONNECTION_RESET"),
        ("connectionrefused", "net::ERR_CONNECTION_REFUSED"),
        ("timedout", "net::ERR_TIMED_OUT"),
    ],
)
def test_a_connection_that_breaks_is_said_in_the_form(
    visit: Visit, page: Page, article_path: str, error: str, reason: str
) -> None:
    signup = opened(page, article_path)
    page.route(SIGNUP, lambda route: route.abort(error))
    signup.send("broken@example.org")
    visit.expect_failure(reason)
    signup.expect_oops(STILL_HERE, "broken@example.org")


def test_a_server_that_never_answers_is_given_up_on(visit: Visit, page: Page, article_path: str) -> None:
    page.clock.install()
    waiting: list[Route] = []
    page.route(SIGNUP, lambda route: waiting.append(route))
    signup = opened(page, article_path)
    signup.send("silence@example.org")
    expect(page.locator(f"#signup-{FIRST}-form")).to_have_attribute("aria-busy", "true")
    page.clock.fast_forward(16_000)
    visit.expected.append("htmx: htmx:error: timeout")
    signup.expect_oops(STILL_HERE, "silence@example.org")
    assert page.locator("[aria-busy]").count() == 0


def test_the_same_failure_a_second_time_is_said_a_second_time(page: Page, article_path: str) -> None:
    signup = opened(page, article_path)
    page.route(SIGNUP, lambda route: route.fulfill(status=200, content_type="text/html", body=PROXY_PAGE))
    signup.send("again@example.org")
    signup.expect_oops(STILL_HERE, "again@example.org")
    signup.status.evaluate(
        "status => new MutationObserver(() => { window.saidAgain = status.textContent })"
        ".observe(status, { childList: true })"
    )
    signup.button.click()
    signup.expect_oops(STILL_HERE, "again@example.org")
    assert page.evaluate("window.saidAgain") == f"{OOPS} {STILL_HERE}"


def test_too_many_tries_are_refused_in_the_form_with_the_time_to_wait(
    visit: Visit, page: Page, article_path: str, worn_out: None
) -> None:
    signup = opened(page, article_path)
    signup.send("patient@example.org")
    visit.expect_status(429, "Too Many Requests")
    expect(signup.status).to_have_text(
        re.compile(
            f"^{OOPS} There were too many tries from your network. Please try again in (60|59) minutes.$"
        )
    )
    expect(signup.field).to_have_value("patient@example.org")
    expect(signup.field).to_be_focused()


def test_too_many_tries_are_refused_as_a_page_without_javascript(
    open_visit: OpenVisit, article_path: str, worn_out: None
) -> None:
    visit = open_visit(java_script_enabled=False)
    page = visit.page()
    page.goto(article_path)
    signup = Signup(page, LAST)
    with page.expect_response(SIGNUP) as answer:
        signup.send("patient@example.org")
    visit.expect_status(429, "Too Many Requests")
    assert answer.value.status == 429
    assert answer.value.headers["retry-after"] in ("3600", "3540")  # the tries may lie in two minutes
    expect(signup.field).to_have_value("patient@example.org")
    expect(page.get_by_text(OOPS)).to_have_count(1)


@pytest.fixture
def worn_out(demo: Site) -> Iterator[None]:
    """Let this machine have tried as often as one client may within an hour."""
    body = urllib.parse.urlencode({"email": "nobody"}).encode()
    try:
        for _ in range(300):
            refused_post(demo, body)
        yield
    finally:
        demo.forget("tries")


def refused_post(site: Site, body: bytes) -> None:
    try:
        urllib.request.urlopen(f"{site.url}/newsletter/signup", body, timeout=30)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code not in (422, 429):
            raise
