"""The signup form turns what a visitor posts into clean values, and believes little."""

from typing import Any

import pytest
from flask import Flask

from blog.newsletter.signup.forms import SignupForm
from blog.newsletter.signup.subscribing import Origin


def posted(app: Flask, **fields: Any) -> SignupForm:
    with app.test_request_context("/newsletter/signup", method="POST", data=fields):
        form = SignupForm()
        form.validate()
        return form


def test_an_address_is_kept_without_the_spaces_around_it(app: Flask) -> None:
    address = posted(app, email="  Dee@Example.org\t").address
    assert address is not None
    assert (address.typed, address.key) == ("Dee@Example.org", "dee@example.org")


def test_a_malformed_address_is_none_and_says_what_to_fix(app: Flask) -> None:
    form = posted(app, email="dee at example.org")
    assert form.address is None
    assert form.email.errors == ["Please check the address; it should look like name@example.org."]


def test_a_form_says_where_it_stood(app: Flask) -> None:
    form = posted(app, page="/articles/sleep", place="article-1", wording="0123456789abcdef")
    assert form.origin == Origin("/articles/sleep", "article-1", "0123456789abcdef")


@pytest.mark.parametrize(
    "page", ["", "articles", "https://evil.example/", "/a\r\nb", "/\x00", "javascript:1"]
)
def test_a_page_that_is_no_path_of_ours_is_not_recorded(app: Flask, page: str) -> None:
    assert posted(app, page=page).origin.page == ""


def test_an_endless_page_or_wording_is_cut(app: Flask) -> None:
    origin = posted(app, page="/" + "a" * 5000, wording="b" * 5000).origin
    assert (len(origin.page), len(origin.wording)) == (300, 32)


@pytest.mark.parametrize(
    "place", ["", "Article-1", "1", "article 1", 'a"><b', "../x", "article-1\n", "a" * 32]
)
def test_a_made_up_place_becomes_the_page_itself(app: Flask, place: str) -> None:
    assert posted(app, place=place).known_place == "page"


@pytest.mark.parametrize(
    ("website", "again", "caught"),
    [("", "", False), ("x", "", True), ("x", "yes", False), ("", "yes", False)],
)
def test_the_honeypot_catches_once(app: Flask, website: str, again: str, caught: bool) -> None:
    assert posted(app, website=website, again=again).caught is caught


def test_only_what_is_posted_as_a_form_is_read(app: Flask) -> None:
    with app.test_request_context(
        "/?email=dee@example.org", method="POST", json={"email": "dee@example.org"}
    ):
        assert SignupForm().email.data in (None, "")
