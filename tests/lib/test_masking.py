"""The application's log names no link that was mailed."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog.lib.masking import without_links


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Exception on /newsletter/leave/abc [POST]", "Exception on /newsletter/leave/*** [POST]"),
        ("/newsletter/preferences/erase/abc?x=1", "/newsletter/preferences/***"),
        ("/newsletter/confirm?r=abc", "/newsletter/confirm?***"),
        ("/preview/abc and /newsletter/LEAVE/abc", "/preview/*** and /newsletter/LEAVE/***"),
        ("/newsletter/issues/spring", "/newsletter/issues/spring"),
    ],
)
def test_what_follows_the_path_of_a_mailed_link_is_left_out(text: str, shown: str) -> None:
    assert without_links(text) == shown


def test_a_page_that_fails_is_logged_without_its_token(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_token: str) -> None:
        raise RuntimeError("broken")

    monkeypatch.setitem(app.view_functions, "leaving.show", fail)
    with caplog.at_level(logging.ERROR):
        assert client.get("/newsletter/leave/a-secret-token").status_code == 500
    assert [record.getMessage() for record in caplog.records] == ["Exception on /newsletter/leave/*** [GET]"]


def test_a_statement_that_fails_is_reported_without_its_values(app: Flask) -> None:
    assert app.config["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"] is True
