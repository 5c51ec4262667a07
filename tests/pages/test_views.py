"""Pages that are no articles, at the top of the site."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog.content.addressing import FIXED_ADDRESSES, check_page_address
from blog.content.models import Page
from blog.lib.refusing import Refused
from blog.lib.slugs import slug_from
from tests.building import page, save
from tests.journal import SITE
from tests.markup import Shown


def test_a_page_shows_its_text_under_its_title(client: FlaskClient) -> None:
    save(page("About us", "## Who\n\nWe *write*."))
    shown = Shown(client.get("/about-us").text)
    assert shown.title == "About us · Broadsheet"
    assert "About us Who # We write." in shown.text
    assert shown.all("link", rel="canonical") == [{"rel": "canonical", "href": f"{SITE}/about-us"}]
    assert (shown.meta("og:title"), shown.meta("og:type")) == ("About us", "website")


def test_an_unknown_page_is_not_there(client: FlaskClient) -> None:
    assert client.get("/about").data == client.get("/no/such/thing").data


@pytest.mark.parametrize("title", ["Über uns", "私たち", "О нас"])
def test_titles_in_any_script_have_an_address(client: FlaskClient, title: str) -> None:
    save(page(title))
    assert title in client.get(f"/{slug_from(title)}").text


def first_parts(app: Flask) -> set[str]:
    """Return the first part of every address that the site itself needs."""
    found = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    return {part for part in found if part and "<" not in part and "." not in part}


def test_no_page_may_take_an_address_that_the_site_needs(app: Flask) -> None:
    assert first_parts(app) - FIXED_ADDRESSES == set()
    for part in first_parts(app):
        with pytest.raises(Refused):
            check_page_address(part)


@pytest.mark.parametrize("path", ["/articles", "/faq", "/search", "/newsletter", "/healthz"])
def test_a_page_that_took_one_all_the_same_hides_nothing(client: FlaskClient, path: str) -> None:
    before = client.get(path).text
    save(Page(slug=path[1:], title="Intruder", body_html="Intruding"))
    assert "Intruding" not in client.get(path).text
    assert client.get(path).text.partition("<footer")[0] == before.partition("<footer")[0]


def test_names_with_a_dot_are_never_pages(client: FlaskClient) -> None:
    save(*(Page(slug=name, title="Intruder") for name in ("robots.txt", "feed.xml", "sitemap.xml", "x.html")))
    for name in ("robots.txt", "feed.xml", "sitemap.xml", "x.html"):
        assert not Shown(client.get(f"/{name}").text).title.startswith("Intruder")
