"""A public form is guarded by where the browser says it comes from, and leaves no trace in the browser."""

import io

import pytest
from flask import Flask
from wtforms import StringField

from blog.lib.forms import PublicForm, is_foreign
from tests.conftest import Start, environment_in


class Letter(PublicForm):
    """A form of one field."""

    words = StringField()


@pytest.mark.parametrize(
    ("site", "foreign"),
    [("same-origin", False), ("same-site", True), ("cross-site", True), ("none", True), ("", True)],
)
def test_the_browsers_own_word_decides(app: Flask, site: str, foreign: bool) -> None:
    headers = {"Sec-Fetch-Site": site}
    with app.test_request_context("/", method="POST", headers=headers):
        assert is_foreign() is foreign


@pytest.mark.parametrize(
    ("origin", "foreign"),
    [
        ("https://journal.example.org", False),
        ("http://journal.example.org", True),
        ("https://journal.example.org:8443", True),
        ("https://journal.example.org.evil.example", True),
        ("https://evil.example/journal.example.org", True),
        ("https://evil.example", True),
        ("null", True),
        ("", True),
        ("http://[", True),
        ("https://journal.example.org/", True),
    ],
)
def test_without_it_the_origin_decides(app: Flask, origin: str, foreign: bool) -> None:
    with app.test_request_context("/", method="POST", headers={"Origin": origin}):
        assert is_foreign() is foreign


def test_with_neither_the_post_is_taken(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        assert is_foreign() is False


@pytest.mark.parametrize(("site", "foreign"), [("same-origin", False), ("cross-site", True)])
def test_the_browsers_own_word_counts_more_than_the_origin(app: Flask, site: str, foreign: bool) -> None:
    origin = "https://evil.example" if not foreign else "https://journal.example.org"
    headers = {"Sec-Fetch-Site": site, "Origin": origin}
    with app.test_request_context("/", method="POST", headers=headers):
        assert is_foreign() is foreign


@pytest.mark.parametrize(
    ("origin", "foreign"), [("http://127.0.0.1:8000", False), ("http://127.0.0.1:8001", True), ("null", True)]
)
def test_a_site_without_an_address_is_its_own_host(
    app: Flask, start: Start, origin: str, foreign: bool
) -> None:
    nowhere = start(environment_in(app.config["INSTANCE"], site_url=""))
    with nowhere.test_request_context(
        "/", base_url="http://127.0.0.1:8000", method="POST", headers={"Origin": origin}
    ):
        assert is_foreign() is foreign


def test_a_form_opens_no_session(application: Flask) -> None:
    @application.post("/letter")
    def letter() -> str:
        form = Letter()
        return f"{form.validate()} {form.data}"

    answer = application.test_client().post(
        "/letter", data={"words": "Hello"}, base_url="https://journal.example.org"
    )
    assert answer.text == "True {'words': 'Hello'}"
    assert (answer.headers.get("Set-Cookie"), answer.headers.get("Vary")) == (None, None)


def test_a_form_has_no_field_but_its_own(app: Flask) -> None:
    with app.test_request_context("/"):
        assert [field.name for field in Letter()] == ["words"]


def test_neither_json_nor_a_file_nor_the_query_stands_for_a_field(app: Flask) -> None:
    with app.test_request_context("/?words=Hello", method="POST", json={"words": ["Hello"]}):
        assert not Letter().words.data
    upload = {"words": (io.BytesIO(b"Hello"), "hello.txt")}
    with app.test_request_context("/", method="POST", data=upload, content_type="multipart/form-data"):
        assert not Letter().words.data
