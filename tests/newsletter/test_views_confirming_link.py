"""The link confirms by a POST alone: by itself in the browser that signed up, elsewhere by its one button."""

import pytest
from flask import Flask

from blog.lib.clock import now
from blog.newsletter.signup.codes import confirm_url
from tests.newsletter.asking import delivered, last_link, worked
from tests.newsletter.conftest import StoppedClock
from tests.newsletter.visiting import Visitor

METHOD = "SELECT method FROM consent WHERE deed = 'confirmed'"
BUTTON = "Yes, send me the newsletter"


def mailed_to(browser: Visitor, email: str = "dee@example.org") -> str:
    """Sign up in this browser and return the path of the link that was mailed."""
    browser.sign_up(email)
    with browser.application.app_context():
        worked(now())
        delivered(now())
        return confirm_url(last_link()).removeprefix("https://journal.example.org")


@pytest.fixture
def browser(application: Flask) -> Visitor:
    """Return a browser that keeps cookies."""
    return Visitor(application, cookies=True)


def test_the_page_shows_one_button_in_any_browser(browser: Visitor, visitor: Visitor) -> None:
    path = mailed_to(browser)
    own, other = browser.get(path), visitor.get(path)
    assert (own.status_code, own.text) == (200, other.text)
    assert other.text.count(BUTTON) == 1
    assert '<form method="post" data-confirm="/newsletter/thanks">' in other.text


def test_the_script_confirms_in_the_browser_that_signed_up(browser: Visitor) -> None:
    answer = browser.ask("POST", mailed_to(browser), data={"auto": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/newsletter/thanks")
    assert browser.rows(METHOD) == [("same browser",)]


def test_the_script_changes_nothing_in_any_other_browser(browser: Visitor, application: Flask) -> None:
    path = mailed_to(browser)
    other = Visitor(application, cookies=True)
    other.sign_up("cy@example.org")
    answer = other.ask("POST", path, data={"auto": "1"})
    assert (answer.status_code, answer.data, browser.rows(METHOD)) == (204, b"", [])


def test_the_button_confirms_in_any_browser(browser: Visitor, visitor: Visitor) -> None:
    answer = visitor.ask("POST", mailed_to(browser))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/newsletter/thanks")
    assert browser.rows(METHOD) == [("button",)]


def test_the_button_in_the_browser_that_signed_up_is_known_for_what_it_is(browser: Visitor) -> None:
    browser.ask("POST", mailed_to(browser))
    assert browser.rows(METHOD) == [("same browser",)]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_press_on_another_site_is_refused(browser: Visitor, headers: dict[str, str]) -> None:
    answer = browser.ask("POST", mailed_to(browser), headers=headers)
    assert (answer.status_code, BUTTON in answer.text, browser.rows(METHOD)) == (403, True, [])
    assert "data-confirm" not in answer.text


def test_a_link_that_was_used_says_that_the_person_is_in(browser: Visitor, visitor: Visitor) -> None:
    path = mailed_to(browser)
    visitor.ask("POST", path)
    page, pressed = visitor.get(path), visitor.ask("POST", path)
    assert (page.status_code, "You are in." in page.text, BUTTON in page.text) == (200, True, False)
    assert (pressed.status_code, pressed.headers["Location"]) == (303, "/newsletter/thanks")
    assert browser.rows(METHOD) == [("button",)]


def test_wrong_links_and_old_ones_get_the_same_page(
    browser: Visitor, visitor: Visitor, clock: StoppedClock
) -> None:
    path = mailed_to(browser)
    clock.pass_by(days=7)
    paths = [path, path[:-1] + "!", "/newsletter/confirm/x", "/newsletter/confirm/" + "A" * 30]
    answers = [visitor.ask(method, one) for one in paths for method in ("GET", "POST")]
    assert [answer.status_code for answer in answers] == [404] * 8
    assert len({answer.text for answer in answers}) == 1
    assert "This link does not work, or does not work any more." in answers[0].text


def test_a_page_with_a_key_in_its_address_tells_it_to_nobody(browser: Visitor, visitor: Visitor) -> None:
    path = mailed_to(browser)
    for page in (visitor.get(path), visitor.get("/newsletter/confirm/" + "A" * 30)):
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert path.rpartition("/")[2] not in page.text
        assert "A" * 30 not in page.text


def test_the_form_on_the_page_of_a_dead_link_does_not_record_the_key_as_its_page(visitor: Visitor) -> None:
    assert 'name="page" value="/newsletter"' in " ".join(visitor.get("/newsletter/confirm/xyz").text.split())
