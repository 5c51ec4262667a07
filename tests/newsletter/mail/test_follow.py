"""Who follows an article is told what happened to it, and how to stop that alone."""

import pytest

from blog.newsletter.mail.follow import follow
from tests.markup import Shown

from .samples import ARTICLE, DAY, DEE, LINKS, STOP


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("reviewed", "subject", "says"),
    [
        (False, "Updated: Sleep and memory", "It was significantly updated."),
        (True, "Reviewed again: Sleep and memory", "It was reviewed again."),
    ],
)
def test_it_says_what_happened(reviewed: bool, subject: str, says: str) -> None:
    letter = follow(
        DEE, title="Sleep and memory", link=ARTICLE, reviewed=reviewed, stop=STOP, ends=DAY, links=LINKS
    )
    assert letter.subject == subject
    for said in (letter.text, Shown(letter.html).text):
        assert says in said
        assert "asked to be told when this article changes, until 2 March 2026." in said
    assert Shown(letter.html).links() == [ARTICLE, STOP, LINKS.preferences, LINKS.leave]
