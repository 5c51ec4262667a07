"""The team reads the sentence at once: it stands in the preview, too."""

import pytest

from blog.newsletter.mail.notice import notice

from .samples import DAY


@pytest.mark.usefixtures("app")
def test_the_sentence_is_the_mail() -> None:
    letter = notice("team@example.org", sentence="Sending has stopped.", since=DAY)
    assert (letter.subject, letter.preview) == ("Mail of Broadsheet needs a person", "Sending has stopped.")
    assert letter.text.split("\n----\n")[0] == (
        "Broadsheet\n\nSending has stopped.\n\nNoticed on 2 March 2026. You are told once, until it is over.\n"
    )
