"""Encrypted and signed in, or not at all: no password ever goes over a connection that anyone could read."""

import base64
from pathlib import Path
from typing import Any

import pytest

from blog.lib.mail_settings import MailServer, Security
from blog.outbox.smtp import Later, Sent, Stop
from blog.outbox.smtp.conversation import Conversation
from tests.certificates import make_certificate, served_with
from tests.outbox.mailscript import answer, drop, garbage, silence
from tests.outbox.mailserver import mail_server
from tests.outbox.mailtalk import Server

from .sending import MESSAGE, in_touch, send, talking_to, to

WAYS = (Security.STARTTLS, Security.TLS)
ANN: dict[str, Any] = {"user": "ann", "password": "pässword: with signs"}
USERS = {"ann": "pässword: with signs"}


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("127.0.0.1", "mail.example.org"):
        make_certificate(folder, name)
    return folder


@pytest.fixture
def trusted(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Trust the certificate of this machine and return it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "127.0.0.1.pem"))
    return certificates / "127.0.0.1.pem"


def secured(certificate: Path, security: Security, **options: Any) -> dict[str, Any]:
    return {"certificate": served_with(certificate), "security": security, **options}


def nothing_secret_in_clear(server: Server) -> bool:
    """Tell whether no form of the password was seen outside encryption."""
    words = [word for command in server.in_clear for word in command.split()]
    secrets = [ANN["password"], *(base64.b64encode(str(text).encode()).decode() for text in ANN.values())]
    return not any(secret in words for secret in secrets) and "AUTH" not in words


@pytest.mark.parametrize("security", WAYS)
@pytest.mark.parametrize("ways", [("AUTH PLAIN LOGIN",), ("AUTH LOGIN",), ("AUTH CRAM-MD5 PLAIN",)])
def test_we_sign_in_under_encryption_alone(trusted: Path, security: Security, ways: tuple[str, ...]) -> None:
    with mail_server(**secured(trusted, security, users=USERS, sign_in=ways)) as server:
        conversation = talking_to(server, **ANN)
        assert isinstance(send(conversation), Sent)
        assert isinstance(send(conversation), Sent)
        conversation.close()
        assert [(taken.encrypted, taken.user) for taken in server.taken] == [(True, "ann")] * 2
        in_clear = ["EHLO journal.example.org", "STARTTLS"] if security is Security.STARTTLS else []
        assert server.in_clear == in_clear


@pytest.mark.parametrize("security", WAYS)
def test_without_user_we_send_encrypted_and_do_not_sign_in(trusted: Path, security: Security) -> None:
    with in_touch(**secured(trusted, security)) as (server, conversation):
        assert isinstance(send(conversation), Sent)
        assert server.taken[0].encrypted
        assert server.heard("AUTH") == []


@pytest.mark.parametrize("security", WAYS)
def test_a_certificate_that_nobody_vouches_for_stops_everything(
    certificates: Path, security: Security
) -> None:
    with mail_server(**secured(certificates / "127.0.0.1.pem", security, users=USERS)) as server:
        found = send(talking_to(server, **ANN))
        assert found == Stop(
            f"The certificate of the mail server 127.0.0.1:{server.port} is not to be trusted: "
            "self-signed certificate; nothing was sent to it."
        )
        assert nothing_secret_in_clear(server)
        assert server.taken == []


@pytest.mark.parametrize("security", WAYS)
def test_a_certificate_for_another_host_stops_everything(
    certificates: Path, security: Security, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = certificates / "mail.example.org.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    with mail_server(**secured(other, security, users=USERS)) as server:
        found = send(talking_to(server, **ANN))
        assert found == Stop(
            f"The certificate of the mail server 127.0.0.1:{server.port} is not to be trusted: "
            "IP address mismatch, certificate is not valid for '127.0.0.1'; nothing was sent to it."
        )
        assert nothing_secret_in_clear(server)


def test_a_server_that_hides_starttls_gets_neither_password_nor_message() -> None:
    with mail_server(security=Security.STARTTLS, users=USERS) as server:
        found = send(talking_to(server, **ANN))
        assert found == Stop(
            f"The mail server 127.0.0.1:{server.port} offers no encryption, which smtp:// requires: somebody may "
            "stand between, or it is the wrong port; nothing was sent to it."
        )
        assert server.commands == ["EHLO journal.example.org"]


@pytest.mark.parametrize(
    ("bad", "kind", "seconds"),
    [
        (answer("454 4.7.0 Not now"), Later, 20),
        (answer("554 5.7.0 Never"), Stop, 20),
        (drop(), Later, 20),
        (silence(), Later, 0.6),
    ],
)
def test_without_encryption_there_is_no_message(trusted: Path, bad: Any, kind: type, seconds: float) -> None:
    with mail_server(**secured(trusted, Security.STARTTLS, users=USERS)) as server:
        server.script.at("STARTTLS", bad)
        assert isinstance(send(talking_to(server, seconds=seconds, **ANN)), kind)
        assert nothing_secret_in_clear(server)
        assert server.heard("MAIL") == []


def test_what_was_slipped_in_before_encryption_is_not_believed(trusted: Path) -> None:
    with mail_server(**secured(trusted, Security.STARTTLS)) as server:
        server.script.at("STARTTLS", garbage(b"220 Go ahead\r\n250 AUTH PLAIN\r\n"))
        assert send(talking_to(server)) == Later(
            "The mail server went on talking in clear after it had agreed to encrypt.", everyone=True
        )


def test_smtps_to_a_server_that_speaks_plainly_says_so() -> None:
    with mail_server() as server:
        conversation = Conversation(MailServer("127.0.0.1", server.port, Security.TLS), "journal.example.org")
        assert conversation.greet() == Stop(
            f"The mail server 127.0.0.1:{server.port} does not speak TLS from the start: "
            "is it smtp:// instead of smtps://?"
        )


def test_a_password_for_a_plain_connection_is_never_said() -> None:
    with mail_server(users=USERS) as server:
        found = send(talking_to(server, **ANN))
        assert found == Stop("A password never goes over a connection without encryption; nothing was sent.")
        assert server.commands == []


@pytest.mark.parametrize("security", WAYS)
def test_a_wrong_password_stops_everything(trusted: Path, security: Security) -> None:
    with mail_server(**secured(trusted, security, users={"ann": "another"})) as server:
        found = send(talking_to(server, **ANN))
        assert found == Stop("535 5.7.8 Authentication credentials invalid (to AUTH)", "5.7.8")
        assert server.taken == []


def test_a_server_that_cannot_check_passwords_now_is_tried_later(trusted: Path) -> None:
    with mail_server(**secured(trusted, Security.TLS, users=USERS)) as server:
        server.script.at("AUTH", answer("454 4.7.0 Temporary authentication failure"))
        found = send(talking_to(server, **ANN))
        assert found == Later("454 4.7.0 Temporary authentication failure (to AUTH)", "4.7.0", everyone=True)


def test_a_server_that_wants_a_sign_in_that_nobody_configured_stops_everything(trusted: Path) -> None:
    with in_touch(**secured(trusted, Security.TLS, users=USERS)) as (_, conversation):
        assert send(conversation) == Stop("530 5.7.0 Authentication required (to MAIL)", "5.7.0")


def test_a_way_to_sign_in_that_we_do_not_know_is_named(trusted: Path) -> None:
    with mail_server(**secured(trusted, Security.TLS, users=USERS, sign_in=("AUTH XOAUTH2",))) as server:
        assert send(talking_to(server, **ANN)) == Stop(
            f"The mail server 127.0.0.1:{server.port} offers no way to sign in that we know (PLAIN, LOGIN); "
            "it offers: XOAUTH2."
        )


@pytest.mark.parametrize("security", WAYS)
def test_under_encryption_nothing_is_taken_before_the_dot_and_a_break_is_noticed(
    trusted: Path, security: Security
) -> None:
    with in_touch(**secured(trusted, security)) as (server, conversation):
        fault = server.script.at("BODY", drop(), times=1)
        assert isinstance(send_slowly(server, conversation), Later)
        assert fault.fired.is_set()
        assert isinstance(send(conversation), Sent)
        assert len(server.taken) == 1


def send_slowly(server: Server, conversation: Conversation) -> object:
    """Offer, and finish only when the server has closed the connection."""
    from_us = conversation.offer(to("ann@example.org"), MESSAGE)
    assert from_us is None
    assert server.wait_until_closed(1)
    return conversation.finish()
