"""Reports about mail as big mail servers shape them, in words of our own."""

from email.headerregistry import Address

from blog.outbox.models import Delivery
from blog.outbox.returning import envelope_sender

OURS = "<7c1d5e@journal.example.org>"
LETTER = f"""Return-Path: <{{back}}>
From: Journal <letters@journal.example.org>
To: {{to}}
Subject: What we learnt about sleep
Message-ID: {OURS}
Date: Mon, 2 Jun 2025 10:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Hello Dee, read on.
"""


class Mail:
    """The settings of mail, as far as they say where bounces return."""

    bounces = "bounces@journal.example.org"
    sender = Address("Journal", "letters", "journal.example.org")


def way_back(delivery: Delivery) -> str:
    """Return the address that reports about this delivery come to."""
    return envelope_sender(Mail(), delivery.id, delivery.hash)


def report(
    status: str, *, to: str = "letters@journal.example.org", kind: str = "delivery-status", returned: str = "",
    returned_kind: str = "message/rfc822", head: str = "", words: str = "Your message did not arrive.",
    status_kind: str = "message/delivery-status",
) -> bytes:  # fmt: skip
    """Return a whole report around the part that says what happened."""
    return f"""From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: {to}
Subject: Undelivered mail
{head}MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind};
\tboundary="=_edge 1"

For old programs.
--=_edge 1
Content-Type: text/plain; charset=us-ascii

{words}

--=_edge 1
Content-Type: {status_kind}

{status}
--=_edge 1
Content-Type: {returned_kind}

{returned or letter()}
--=_edge 1--
""".replace("\n", "\r\n").encode()


def letter(to: str = "dee@example.org", back: str = "letters@journal.example.org") -> str:
    """Return our letter as it comes back."""
    return LETTER.format(to=to, back=back)


def failed(code: str, answer: str, recipient: str = "dee@example.org") -> str:
    """Return what Postfix says of a recipient."""
    return f"""Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4B1C22
X-Postfix-Sender: rfc822; letters@journal.example.org
Arrival-Date: Mon,  2 Jun 2025 10:00:01 +0000 (UTC)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: failed
Status: {code}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; {answer}
"""


POSTFIX = report(
    failed("5.1.1", "550 5.1.1 <dee@example.org>: Recipient address rejected:\n    User unknown")
)
EXIM = report(
    """Reporting-MTA: dns; exim.example.net

Action: failed
Final-Recipient: rfc822;dee@example.org
Status: 5.0.0
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.2.1 The mailbox is disabled
""",
    head="X-Failed-Recipients: dee@example.org\nAuto-Submitted: auto-replied\n",
)
OLD_EXIM = f"""From: Mail Delivery System <Mailer-Daemon@exim.example.net>
To: letters@journal.example.org
X-Failed-Recipients: dee@example.org
Auto-Submitted: auto-replied

What you sent could not be delivered to one or more of its recipients.

  dee@example.org
    SMTP error from remote mail server after RCPT TO:<dee@example.org>:
    550 No such user here

------ This is a copy of the message, including all the headers. ------

Return-path: <letters@journal.example.org>
Message-ID: {OURS}
Subject: What we learnt about sleep

Hello.
""".encode()
EXCHANGE = report(
    """Reporting-MTA: dns;EX01.corp.example.org
Received-From-MTA: dns;mx.example.net
Arrival-Date: Mon, 2 Jun 2025 10:00:02 +0000

Original-Recipient: rfc822;dee@example.org
Final-Recipient: rfc822;dee.doe@corp.example.org
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; no such recipient by SMTP address lookup
X-Display-Name: dee
""",
    head=f"In-Reply-To: {OURS}\nReferences: {OURS}\nX-MS-Exchange-Message-Is-Ndr:\n",
    returned="Received: from nowhere\nSubject: its identifier was lost on the way\n",
    returned_kind="text/rfc822-headers",
)
GMAIL = report(
    """Reporting-MTA: dns; googlemail.com
Arrival-Date: Mon, 02 Jun 2025 03:00:00 -0700 (PDT)

Final-Recipient: rfc822; dee@example.org
Action: failed
Status: 4.4.1
Remote-MTA: dns; mail.example.org. (192.0.2.7, the server for the domain example.org.)
Diagnostic-Code: smtp; The recipient server did not accept our requests to connect. timed out
Last-Attempt-Date: Thu, 05 Jun 2025 03:00:00 -0700 (PDT)
""",
    head=f"X-Failed-Recipients: dee@example.org\nIn-Reply-To: {OURS}\n",
)
YAHOO = report(
    """Reporting-MTA: dns; mta.example.net

Final-Recipient: rfc822;dee@example.org
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 554 delivery error: dd This user doesn't have an account here (dee@example.org) [0]
"""
)
SES = report(
    """Reporting-MTA: dsn; a1-1.smtp-out.example.net

Action: failed
Final-Recipient: rfc822; dee@example.org
Diagnostic-Code: smtp; 550 5.7.1 Message rejected as spam by content filtering.
Status: 5.7.1
"""
)
UTF8 = report(
    """Reporting-MTA: dns; mx.example.net

Original-Recipient: utf-8; d\\x{E9}e@example.org
Final-Recipient: utf-8; d\u00e9e@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unbekannt \u2013 niemand
""",
    status_kind="message/global-delivery-status",
    returned_kind="message/global-headers",
)
COMPLAINT = report(
    """Feedback-Type: abuse
User-Agent: SomeProvider-Feedback/2.0
Version: 1
Original-Mail-From: letters@journal.example.org
Original-Rcpt-To: dee@example.org
Arrival-Date: Mon, 2 Jun 2025 12:00:00 +0000
Source-IP: 192.0.2.9
""",
    kind="feedback-report",
    status_kind="message/feedback-report",
)
HIDDEN_COMPLAINT = report(
    "Feedback-Type: abuse\nUser-Agent: Other/1.0\nVersion: 0.1\n",
    kind="feedback-report",
    status_kind="message/feedback-report",
    returned=letter(to="redacted"),
)
BY_SERVER = {
    "postfix": POSTFIX, "exim": EXIM, "old exim": OLD_EXIM, "exchange": EXCHANGE, "gmail": GMAIL, "yahoo": YAHOO,
    "ses": SES, "utf-8": UTF8, "complaint": COMPLAINT, "hidden complaint": HIDDEN_COMPLAINT,
}  # fmt: skip
