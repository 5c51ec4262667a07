"""Whatever a person writes into an issue, it becomes a letter with its own two links, or it is refused."""

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.lib.refusing import Refused
from blog.newsletter.mail.issues import freeze, letter_for
from blog.newsletter.models import Issue
from tests.lib.test_markdown_any_text import MARKS
from tests.markup import Shown

from .samples import DAY, DEE, HOME, LINKS

FETCHING = ("script", "iframe", "object", "embed", "link", "form", "video", "audio", "source", "svg")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=st.one_of(st.just("Spring"), MARKS, st.text(max_size=60)), body=MARKS)
def test_any_text_becomes_a_letter_or_is_refused(app: Flask, subject: str, body: str) -> None:
    try:
        words = freeze(
            Issue(slug="any", subject=subject, preview=subject, body=body, made_at=DAY, changed_at=DAY)
        )
    except Refused:
        return
    letter = letter_for(words, DEE, LINKS)
    shown = Shown(letter.html)
    assert [link for link in shown.links() if link in (LINKS.preferences, LINKS.leave)] == [
        LINKS.preferences,
        LINKS.leave,
    ]
    assert [tag for tag, _ in shown.elements if tag in FETCHING] == []
    assert [named["src"] for named in shown.all("img") if not named["src"].startswith(f"{HOME}/")] == []
    assert [name for _, named in shown.elements for name in named if name.startswith("on")] == []
    assert (letter.text.count(LINKS.leave), letter.text.count(LINKS.preferences)) == (1, 1)
