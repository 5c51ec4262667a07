"""A fresh link says what it is good for, and there is a mail for those purposes alone."""

import pytest

from blog.newsletter.mail.access import access
from blog.newsletter.models import Purpose
from tests.markup import Shown

from .samples import CONFIRM, DEE


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("purpose", "subject", "button"),
    [
        (Purpose.ADDRESS, "A new address for your subscription", "Go to the change"),
        (Purpose.MOVE, "Confirm your new address", "Confirm the address"),
        (Purpose.DOWNLOAD, "Download what we hold about you", "Go to the download"),
        (Purpose.ERASE, "Erase what we hold about you", "Go to erasing"),
    ],
)
def test_each_purpose_has_its_words(purpose: Purpose, subject: str, button: str) -> None:
    letter = access(DEE, purpose, link=CONFIRM)
    assert letter.subject == subject
    assert f">{button}</a>" in letter.html
    assert f"\n{button}:\n{CONFIRM}\n" in letter.text
    for said in (letter.text, Shown(letter.html).text):
        assert "The link is good once, for one hour." in said


@pytest.mark.usefixtures("app")
def test_a_purpose_without_words_is_not_mailed_with_those_of_another() -> None:
    with pytest.raises(ValueError, match="confirm"):
        access(DEE, Purpose.CONFIRM, link=CONFIRM)
