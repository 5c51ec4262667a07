"""The absolute address of a page is the site's own, whoever asks."""

import pytest
from flask import Flask

from app import create_app
from blog.lib.canonical import NO_ADDRESS, absolute, site_url
from blog.lib.refusing import Refused
from tests.conftest import environment_in

SITE = "https://journal.example.org"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/", f"{SITE}/"),
        ("/articles/sleep", f"{SITE}/articles/sleep"),
        ("/articles?page=2#top", f"{SITE}/articles?page=2#top"),
        ("/articles/schlaf-ü", f"{SITE}/articles/schlaf-%C3%BC"),
        ("/articles/日本?q=ü&page=2#s-ä", f"{SITE}/articles/%E6%97%A5%E6%9C%AC?q=%C3%BC&page=2#s-%C3%A4"),
        ("/articles/%C3%BC-é", f"{SITE}/articles/%C3%BC-%C3%A9"),
    ],
)
def test_an_address_is_absolute_and_encoded_once(app: Flask, path: str, address: str) -> None:
    with app.test_request_context(base_url="http://127.0.0.1:9"):
        assert absolute(path) == address


def test_where_no_address_is_set_it_is_the_one_that_was_asked_for(app: Flask) -> None:
    nameless = create_app(environment_in(app.config["INSTANCE"], site_url=""))
    with nameless.test_request_context(base_url="http://127.0.0.1:8000"):
        assert (site_url(), absolute("/faq")) == ("http://127.0.0.1:8000", "http://127.0.0.1:8000/faq")


def test_where_nobody_asks_and_none_is_set_a_sentence_says_what_to_do(app: Flask) -> None:
    nameless = create_app(environment_in(app.config["INSTANCE"], site_url=""))
    with nameless.app_context(), pytest.raises(Refused) as refused:
        absolute("/faq")
    assert str(refused.value) == NO_ADDRESS
