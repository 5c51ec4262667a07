"""How mail stands: its settings, a letter made up and looked at, the mail server, what holds mail up, the records."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from blog.lib.canonical import absolute, site_url
from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.mail_settings import MailSettings
from blog.lib.refusing import Refused
from blog.newsletter.links import leave_token_of
from blog.newsletter.mail.issues import freeze, letter_for
from blog.newsletter.mail.shell import Links
from blog.newsletter.models import Issue
from blog.outbox.overview import standing_of_mail
from blog.outbox.smtp import carrier_for
from blog.outbox.standing import new_seed
from blog.outbox.telling import team
from blog.outbox.writing import write_for_site
from blog.settings import identity

from . import records
from .findings import Finding, to_do, unseen, well
from .letters import look_at_letter

MADE_UP = "Dee.Doe+doctor@example.org"


@dataclass(frozen=True)
class Pasted:
    """The records of the sender's domain, as far as a person pasted them."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""


def look_at_mail(pasted: Pasted) -> Iterator[Finding]:
    """Yield everything that is found. Sends nothing, keeps nothing, asks no name server.

    Raises Refused where the site has no address: no letter can be made.
    """
    site_url()
    mail: MailSettings = current_app.config["MAIL"]
    yield from _settings(mail)
    yield from _letter()
    db.session.rollback()  # the server may take its time
    yield _server(mail)
    held = [to_do(f"sending: {sentence}") for sentence in standing_of_mail()]
    yield from held or [well("sending: nothing holds mail up.")]
    yield from _records(pasted, mail)


def _settings(mail: MailSettings) -> Iterator[Finding]:
    for setting, why in (
        (identity.postal_address, "no issue is sent without the team's postal address"),
        (team, "somebody must hear when mail needs a person"),
    ):
        if setting.get():
            yield well(f"settings: {setting.key} is set.")
        else:
            yield to_do(f"settings: {why}; `settings set {setting.key} ...`")
    if site_url().startswith("https://"):
        yield well("settings: links in mails are https.")
    else:
        yield to_do(
            "settings: make BLOG_SITE_URL an https address; links in mails lead there, and without https "
            "no provider offers leaving with one click."
        )
    if mail.server is None:
        yield to_do(f"settings: mail becomes files in {mail.folder} and reaches nobody; set BLOG_MAIL_URL.")
    if mail.bounces:
        yield well(
            f"settings: what comes back returns to {mail.bounces}; see that `newsletter bounce` gets it."
        )
    else:
        yield to_do("settings: set BLOG_MAIL_BOUNCES, or dead addresses are hardly noticed.")


def _letter() -> Iterator[Finding]:
    """Look at the newest issue, or at a made-up one, as somebody made up would get it; nothing of it is kept."""
    issue = db.session.scalars(select(Issue).order_by(Issue.id.desc()).limit(1)).first() or _sample()
    leave = absolute(f"/newsletter/leave/{leave_token_of(new_seed())}")
    links = Links(leave, absolute(f"/newsletter/preferences/{leave_token_of(new_seed())}"))
    try:
        letter = letter_for(freeze(issue), MADE_UP, links)
        host = current_app.config["MAIL"].sender.domain
        message = write_for_site(letter, message_id=f"<doctor@{host}>", at=now())
    except Refused as refused:
        yield to_do(f"letter: {refused}")
        return
    postal = identity.postal_address.get()
    yield from look_at_letter(message, leave=leave, postal_address=postal, site=site_url())


def _sample() -> Issue:
    body = (
        "## What we learnt\n\nGrüße – *one* [link](/articles), and a line that is " + "long " * 40 + "enough."
    )
    return Issue(slug="doctor", subject="Schlaf & Gedächtnis: what we learnt", preview="A try.", body=body)


def _server(mail: MailSettings) -> Finding:
    carrier = carrier_for(mail, Path(current_app.config["INSTANCE"]))
    refused = carrier.greet()
    carrier.close()
    name = mail.server or f"folder {mail.folder}"
    if refused:
        return to_do(f"server: {name} does not take mail now: {refused.reason}")
    how = "; signed in" if mail.server and mail.server.user else ""
    return well(f"server: {name} is ready to take mail{how}; nothing was sent.")


def _records(pasted: Pasted, mail: MailSettings) -> Iterator[Finding]:
    domain = mail.sender.domain
    envelope = mail.bounces.rpartition("@")[2] or domain
    if pasted.spf:
        yield from records.spf(pasted.spf, envelope)
    if pasted.dkim:
        yield from records.dkim(pasted.dkim)
    if pasted.dmarc:
        yield from records.dmarc(pasted.dmarc, domain, envelope)
    missing = [name for name in ("spf", "dkim", "dmarc") if not getattr(pasted, name)]
    hints = {"spf": envelope, "dkim": f"SELECTOR._domainkey.{domain}", "dmarc": f"_dmarc.{domain}"}
    for name in missing:
        yield unseen(
            f"{name.upper()}: paste the TXT record of {hints[name]} with --{name}; no name server is asked."
        )
