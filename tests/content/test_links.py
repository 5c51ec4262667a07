"""No link leads a reader to something that is not public yet, and no hidden address is given away."""

import pytest
from flask.testing import FlaskClient

from blog.content.links import hidden_targets, without_hidden_destinations, without_hidden_links
from tests.building import FUTURE, article, page, question, save

pytestmark = pytest.mark.usefixtures("app")

TEXT = (
    "See [the plan](/articles/secret-plan#s-why), [Ann](/people/nobody) and [the old text](/articles/shown)."
)


def publish() -> None:
    save(
        article("Secret plan", published_at=FUTURE),
        article("Shown", body=TEXT, tldr=f"- {TEXT}", questions=[question("Where?", TEXT)]),
        page("About", TEXT),
    )


@pytest.mark.parametrize(
    "address",
    ["/articles/shown", "/articles/shown.md", "/faq", "/faq/where", "/about", "/feed.xml", "/feed.json"],
)
def test_a_link_to_something_hidden_is_its_words_alone(client: FlaskClient, address: str) -> None:
    publish()
    text = client.get(address).text
    assert ("secret-plan" in text, "nobody" in text) == (False, False)
    assert ("the plan" in text, "the old text" in text) == (True, True)


def test_links_to_what_is_public_stay_as_they_are() -> None:
    publish()
    html = '<a href="/articles/shown#s-a">a</a> <a href="https://example.org/articles/x">b</a> <a href="#c">c</a>'
    assert without_hidden_links(html) == html
    assert hidden_targets([html]) == set()


def test_a_link_keeps_the_marks_of_its_words() -> None:
    html = '<a href="/articles/gone"><em>so</em></a> and <a href="/tags/gone">so</a>'
    assert without_hidden_links(html) == "<em>so</em> and so"


def test_in_markdown_only_the_links_that_are_named_lose_their_address() -> None:
    markdown = (
        '[a](/articles/x) [b](</articles/x#y> "title") [c](/articles/xy) ![d](/articles/x) [e](/articles/ü)'
    )
    assert (
        without_hidden_destinations(markdown, {"/articles/x", "/articles/%C3%BC"})
        == "a b [c](/articles/xy) ![d](/articles/x) e"
    )
