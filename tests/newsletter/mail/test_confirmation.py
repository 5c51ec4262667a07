"""The mail that asks to confirm carries a code and one link, and nothing that a visitor typed."""

import inspect
import re

import pytest

from blog.newsletter.mail.confirmation import already, confirmation, welcome
from tests.markup import Shown

from .samples import CONFIRM, DEE, LINKS


@pytest.mark.usefixtures("app")
def test_the_code_is_grouped_for_the_eye_and_whole_for_the_clipboard() -> None:
    letter = confirmation(DEE, code="048213", link=CONFIRM)
    code = re.search(r'<p class="code"[^>]*>(.*?)</p>', letter.html)
    assert code
    assert re.sub(r"<[^>]+>", "", code[1]) == "048213"
    assert "\n    048 213\n" in letter.text
    assert letter.preview == "Your code is 048 213."


@pytest.mark.usefixtures("app")
def test_it_has_one_link_and_says_it_in_full() -> None:
    letter = confirmation(DEE, code="048213", link=CONFIRM)
    assert Shown(letter.html).links() == [CONFIRM]
    assert (Shown(letter.html).text.count(CONFIRM), letter.text.count(CONFIRM)) == (1, 1)


@pytest.mark.usefixtures("app")
def test_it_carries_nothing_that_a_visitor_typed() -> None:
    letter = confirmation(DEE, code="048213", link=CONFIRM)
    assert [
        said for said in (letter.subject, letter.preview, letter.text, letter.html) if "dee" in said.lower()
    ] == []
    assert set(inspect.signature(confirmation).parameters) == {"to", "code", "link"}


@pytest.mark.usefixtures("app")
def test_it_says_who_asks_and_what_to_do_where_nobody_asked() -> None:
    letter = confirmation(DEE, code="048213", link=CONFIRM)
    for said in (letter.text, Shown(letter.html).text):
        assert "Somebody, most likely you, asked for the newsletter of Broadsheet at this address." in said
        assert "Was it not you? Then there is nothing to do:" in said


@pytest.mark.usefixtures("app")
def test_only_the_welcome_is_mail_of_the_list() -> None:
    letters = [
        confirmation(DEE, code="048213", link=CONFIRM),
        already(DEE, links=LINKS),
        welcome(DEE, links=LINKS),
    ]
    assert [(letter.list_name, letter.one_click) for letter in letters] == [
        ("", ""),
        ("", ""),
        ("Broadsheet", LINKS.leave),
    ]
    assert [letter.subject for letter in letters] == [
        "Confirm your subscription to Broadsheet",
        "You are subscribed to Broadsheet",
        "Welcome to Broadsheet",
    ]
