"""`doctor mail` says in one line each what is well and what to do, sends nothing and keeps nothing."""

from flask import Flask

from blog.lib.canonical import NO_ADDRESS
from blog.lib.db import db, write
from blog.lib.mail_settings import MailSettings
from blog.newsletter.models import Issue
from blog.outbox.models import Batch, Delivery, Mailroom
from blog.settings.declaring import choose
from tests.newsletter.lists.files import unchanged
from tests.outbox.mailserver import mail_server
from tests.outbox.sending import send_through
from tests.subscribers import LONG_AGO

GOOD = {
    "--spf": "v=spf1 mx -all",
    "--dmarc": "v=DMARC1; p=none; rua=mailto:a@example.org",
}


def doctor(app: Flask, **records: str) -> tuple[int, list[str]]:
    pasted = [word for name, record in (GOOD | records).items() for word in (name, record)]
    with unchanged():
        result = app.test_cli_runner().invoke(args=["doctor", "mail", *pasted])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.exit_code, result.output.splitlines()


def in_order() -> None:
    with write():
        choose("site.postal_address", "14 Linden Street, Anytown")
        choose("mail.team", "team@example.org")


def test_a_site_that_is_in_order_needs_nobody(app: Flask) -> None:
    in_order()
    with mail_server() as server:
        send_through(app, server)
        mail: MailSettings = app.config["MAIL"]
        app.config["MAIL"] = MailSettings(mail.server, mail.folder, mail.sender, f"b@{mail.sender.domain}")
        status, lines = doctor(app)
        assert (server.taken, server.heard("MAIL")) == ([], [])
    assert [line for line in lines if line.startswith("TO DO")] == []
    assert status == 0
    domain = mail.sender.domain
    hint = f"paste the TXT record of SELECTOR._domainkey.{domain} with --dkim; no name server is asked."
    assert f"not looked at: DKIM: {hint}" in lines
    assert f"ok: server: {mail.server} is ready to take mail; nothing was sent." in lines


def test_a_fresh_site_hears_what_to_do(app: Flask) -> None:
    status, lines = doctor(app)
    assert status == 1
    assert [line for line in lines if line.startswith("TO DO")] == [
        "TO DO: settings: no issue is sent without the team's postal address; `settings set site.postal_address ...`",
        "TO DO: settings: somebody must hear when mail needs a person; `settings set mail.team ...`",
        "TO DO: settings: mail becomes files in mail and reaches nobody; set BLOG_MAIL_URL.",
        "TO DO: settings: set BLOG_MAIL_BOUNCES, or dead addresses are hardly noticed.",
    ]


def test_a_site_without_https_is_told_once(app: Flask) -> None:
    in_order()
    app.config["SITE_URL"] = "http://127.0.0.1:8000"
    _, lines = doctor(app)
    assert [line for line in lines if line.startswith("TO DO") and "https" in line] == [
        "TO DO: settings: make BLOG_SITE_URL an https address; links in mails lead there, and without https "
        "no provider offers leaving with one click."
    ]


def test_a_site_without_an_address_is_refused_with_one_sentence(app: Flask) -> None:
    app.config["SITE_URL"] = ""
    result = app.test_cli_runner().invoke(args=["doctor", "mail"])
    assert (str(result.exception), result.output) == (NO_ADDRESS, "")


def test_a_server_that_does_not_answer_is_said(app: Flask) -> None:
    with mail_server() as server:
        send_through(app, server)
        name = str(app.config["MAIL"].server)
    status, lines = doctor(app)
    (line,) = [line for line in lines if " server: " in line]
    assert (status, line.startswith(f"TO DO: server: {name} does not take mail now: ")) == (1, True)


def test_what_holds_mail_up_is_said(app: Flask) -> None:
    with write():
        db.session.add(Batch(kind="letter", made_at=LONG_AGO, paused_at=LONG_AGO, paused_because="A test."))
        room = db.session.query(Mailroom).one()
        room.stopped_at, room.stopped_because = LONG_AGO, "535 wrong password"
    _, lines = doctor(app)
    assert [line for line in lines if " sending: " in line] == [
        "TO DO: sending: The mail server has taken nothing since 2026-01-05 09:00 UTC: 535 wrong password",
        "TO DO: sending: 0 letters wait, since their sending was paused at 2026-01-05 09:00 UTC: A test.",
    ]


def test_the_newest_issue_is_looked_at_and_nothing_of_it_is_kept(app: Flask) -> None:
    with write():
        body = "word " * 40_000
        db.session.add(Issue(slug="long", subject="Long", body=body, made_at=LONG_AGO, changed_at=LONG_AGO))
    _, lines = doctor(app)
    (line,) = [line for line in lines if " letter: " in line]
    assert line.startswith("TO DO: letter: The message has ")
    assert db.session.query(Delivery).count() == 0


def test_pasted_records_that_are_wrong_are_work(app: Flask) -> None:
    in_order()
    _, lines = doctor(app, **{"--spf": "v=spf1 all", "--dkim": "v=DKIM1; p="})
    assert "TO DO: SPF: the record lets everybody send as localhost; end it with ~all or -all." in lines
    assert any(line.startswith("TO DO: DKIM: p is empty") for line in lines)
