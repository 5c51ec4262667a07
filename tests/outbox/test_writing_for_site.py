"""A message of this site comes from its sender, under its name, and answers go where the team says."""

from dataclasses import replace
from email.headerregistry import Address

from flask import Flask

from blog.lib.db import write
from blog.outbox.writing import write_for_site
from blog.settings.declaring import choose

from .strictly import Read
from .test_writing import AT, issue


def sent() -> Read:
    return Read(write_for_site(issue(), message_id="<1@journal.example.org>", at=AT))


def test_a_sender_without_a_name_has_the_site_s(app: Flask) -> None:
    with write():
        choose("site.title", "Schlaf, heute")
    sender = app.config["MAIL"].sender
    assert (sender.display_name, sent()["From"]) == ("", f'"Schlaf, heute" <{sender.addr_spec}>')


def test_a_sender_with_a_name_keeps_it(app: Flask) -> None:
    named = Address("Ann at the Journal", "letters", "example.org")
    app.config["MAIL"] = replace(app.config["MAIL"], sender=named)
    assert sent()["From"] == "Ann at the Journal <letters@example.org>"


def test_the_list_is_named_by_the_site_and_not_by_the_sender(app: Flask) -> None:
    app.config["MAIL"] = replace(app.config["MAIL"], sender=Address("A", "letters", "mail.example.com"))
    assert sent()["List-Id"] == "The Sleep Journal <newsletter.journal.example.org>"


def test_answers_go_to_the_sender_unless_the_team_says_otherwise(app: Flask) -> None:
    assert "Reply-To" not in sent().names
    with write():
        choose("mail.reply_to", "team@example.org")
    assert sent()["Reply-To"] == "team@example.org"
