"""Old addresses go on leading to what took their place."""

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.redirects.models import Redirect
from blog.redirects.moving import add_old_addresses, move, target_of, tidy_path

pytestmark = pytest.mark.usefixtures("app")


def leads() -> dict[str, str]:
    return {row.path: row.target for row in db.session.query(Redirect)}


def moved(*steps: tuple[str, str]) -> dict[str, str]:
    with write():
        for old, new in steps:
            move(old, new)
    return leads()


def test_what_moved_leads_on() -> None:
    assert moved(("/articles/a", "/articles/b")) == {"/articles/a": "/articles/b"}


def test_what_moved_twice_leads_to_the_end_at_once() -> None:
    assert moved(("/a", "/b"), ("/b", "/c")) == {"/a": "/c", "/b": "/c"}


def test_what_moved_back_leads_in_no_circle() -> None:
    assert moved(("/a", "/b"), ("/b", "/a")) == {"/b": "/a"}
    assert moved(("/a", "/b"), ("/b", "/c"), ("/c", "/a")) == {"/b": "/a", "/c": "/a"}


def test_what_stays_leads_nowhere() -> None:
    assert moved(("/a", "/a")) == {}


def test_what_moved_to_an_old_address_takes_it() -> None:
    assert moved(("/a", "/b"), ("/c", "/a")) == {"/c": "/a"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *(("/post/sleep", "/post/sleep"), ("/post/sleep/", "/post/sleep"), (" /a ", "/a"), ("/", "/")),
        *(("/ä/日本", "/ä/日本"), ("/a//", "/a"), ("/a.html", "/a.html")),
    ],
)
def test_an_old_address_is_kept_without_its_slash(typed: str, kept: str) -> None:
    assert tidy_path(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "post",
        "https://evil.example/a",
        "//evil.example",
        "/a?b=c",
        "/a#b",
        "/\\evil.example",
        "javascript:x",
    ],
)
def test_what_is_no_path_of_this_site_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="An old address is a path such as /post/sleep"):
        tidy_path(typed)


def test_old_addresses_are_added_once() -> None:
    with write():
        add_old_addresses("/articles/a", ["/x", "/x/", "/y", "/articles/a"])
        add_old_addresses("/articles/a", ["/y"])
    assert leads() == {"/x": "/articles/a", "/y": "/articles/a"}


def test_an_old_address_that_leads_elsewhere_is_refused() -> None:
    with write():
        add_old_addresses("/articles/a", ["/x"])
    with pytest.raises(Refused, match="The old address /x already leads to /articles/a"):
        add_twice()
    assert leads() == {"/x": "/articles/a"}


def add_twice() -> None:
    with write():
        add_old_addresses("/articles/b", ["/w", "/x"])


def test_a_target_is_found_with_and_without_the_slash(app: Flask) -> None:
    with write():
        add_old_addresses("/articles/a", ["/post/ä"])
    assert [target_of(path) for path in ("/post/ä", "/post/ä/", "/post/A", "/post", "/", "")] == [
        "/articles/a",
        "/articles/a",
        None,
        None,
        None,
        None,
    ]
