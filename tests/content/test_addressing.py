"""Addresses of what is published: free, and kept alive when something moves."""

import pytest
from flask import Flask
from sqlalchemy import select

from blog.content.addressing import (
    FIXED_ADDRESSES,
    check_old_address,
    check_page_address,
    rename_article,
    take_address,
)
from blog.content.models import Article
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.redirects.models import Redirect


def redirects() -> list[tuple[str, str]]:
    return [(path, target) for path, target in db.session.execute(select(Redirect.path, Redirect.target))]


def test_a_renamed_article_is_found_at_its_old_address(app: Flask) -> None:
    article = Article(slug="sleep", title="Sleep")
    with write() as session:
        session.add(article)
        session.flush()
        rename_article(article, "sleep")
        rename_article(article, "dreams")
    assert (article.path, redirects()) == ("/articles/dreams", [("/articles/sleep", "/articles/dreams")])


def test_an_address_that_is_taken_is_refused(app: Flask) -> None:
    first, second = Article(slug="a", title="A"), Article(slug="b", title="B")
    with write() as session:
        session.add_all([first, second])
    with pytest.raises(Refused, match=r"^Another article has the address /articles/b\.$"), write():
        rename_article(first, "b")


def test_what_stands_at_an_address_ends_its_life_as_an_old_one(app: Flask) -> None:
    with write() as session:
        session.add(Redirect(path="/articles/a", target="/articles/b"))
        take_address("/articles/a")
    assert redirects() == []


def test_a_page_never_hides_an_address_of_the_site(app: Flask) -> None:
    own = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules() if not rule.rule.startswith("/<")}
    assert {part for part in own if part and "." not in part} <= FIXED_ADDRESSES
    for slug in sorted(FIXED_ADDRESSES):
        with pytest.raises(Refused, match=f"^A page cannot be called “{slug}”"):
            check_page_address(slug)
    check_page_address("about")


def test_an_old_address_is_never_one_of_the_site(app: Flask) -> None:
    own = [rule.rule for rule in app.url_map.iter_rules() if "<" not in rule.rule]
    for path in [*own, *(f"/{name}" for name in FIXED_ADDRESSES), "/desk/articles", "/media/a.jpg"]:
        with pytest.raises(Refused) as refused:
            check_old_address(path)
        assert str(refused.value) == f"{path} cannot be an old address: the site needs it itself."


@pytest.mark.parametrize("path", ["/post/sleep", "/articles/sleep", "/faq/nap", "/search.php", "/about"])
def test_any_other_address_can_be_an_old_one(path: str) -> None:
    check_old_address(path)
