"""A visitor who signs up, and what a person reads in the answer."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Reader

HTMX = {"HX-Request": "true"}
THANKS = "Thank you! Your submission has been received!"
NEXT = "Look for our mail: its code or its link completes your signup."
OOPS = "Oops! Something went wrong while submitting the form."
MALFORMED = "Please check the address; it should look like name@example.org."

Attributes = dict[str, str | None]


class Visitor:
    """A browser of one network on the application as it runs: outside any context, without cookies unless told."""

    def __init__(self, application: Flask, network: str = "198.51.100.7", *, cookies: bool = False) -> None:
        self.application = application
        self.browser = Reader(application, application.response_class, use_cookies=cookies)
        self.network = network

    def get(self, path: str) -> TestResponse:
        return self.ask("GET", path)

    def ask(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        return self.browser.open(
            path, method=method, environ_overrides={"REMOTE_ADDR": self.network}, **kwargs
        )

    def sign_up(self, email: str, headers: dict[str, str] | None = None, **fields: str) -> TestResponse:
        data = {"email": email, "place": "article-2", "page": "/articles/sleep", **fields}
        return self.post(data=data, headers=headers or {})

    def post(self, **kwargs: Any) -> TestResponse:
        return self.ask("POST", "/newsletter/signup", **kwargs)

    def type_code(self, handle: str, code: str, headers: dict[str, str] | None = None) -> TestResponse:
        data = {"handle": handle, "code": code, "place": "article-2"}
        return self.ask("POST", "/newsletter/confirm", data=data, headers=headers or {})

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read the database beside the application."""
        with closing(sqlite3.connect(self.application.config["BROADSHEET_DATABASE"])) as connection:
            return connection.execute(sql).fetchall()

    def kept(self) -> tuple[int, int]:
        """Return how many subscribers and how many consents are kept."""
        sql = "SELECT (SELECT count(*) FROM subscriber), (SELECT count(*) FROM consent)"
        return self.rows(sql)[0]


@dataclass
class Signup:
    """One signup form as it stands in an answer."""

    form: Attributes
    inputs: dict[str, Attributes] = field(default_factory=dict)

    @property
    def email(self) -> Attributes:
        return self.inputs["email"]

    @property
    def values(self) -> dict[str, str]:
        """Return what a browser would post, were the field filled with what stands in it."""
        return {name: given.get("value") or "" for name, given in self.inputs.items()}


class Reading(HTMLParser):
    """Reads a page or a fragment: its signup forms, its live regions, every id."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.forms: list[Signup] = []
        self.messages: dict[str, str] = {}
        self.regions: dict[str, Attributes] = {}
        self.ids: list[str] = []
        self._inside = ""
        self.feed(response.text)
        self.messages = {name: " ".join(text.split()) for name, text in self.messages.items()}

    @property
    def message(self) -> str:
        """Return the words in the answer's only live region."""
        (text,) = self.messages.values()
        return text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []  # type: ignore[list-item]  # it is there
        if tag == "form" and given.get("data-signup"):
            self.forms.append(Signup(given))
        elif tag == "input" and self.forms:
            self.forms[-1].inputs.setdefault(given.get("name") or "", given)
        elif tag == "p" and (given.get("id") or "").endswith("-status"):
            self._inside = given["id"] or ""
            self.regions[self._inside], self.messages[self._inside] = given, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.messages[self._inside] += data
