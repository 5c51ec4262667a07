"""Where mail goes, from whom, and where it returns: read once, each wrong value one sentence without the password."""

from email.headerregistry import Address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.lib.environment import BadSettings, read_environment
from blog.lib.mail_settings import MailServer, MailSettings, Security, read_mail

FROM = "Journal <letters@journal.example.org>"
SITE = "https://journal.example.org"
URL = (
    "BLOG_MAIL_URL must be smtp://USER:PASSWORD@HOST:587, smtps://USER:PASSWORD@HOST:465, "
    "smtp+unencrypted://HOST:PORT or dir:PATH; in user and password, write signs such as / # ? @ : as %2F and the like."
)
CLEAR = (
    "BLOG_MAIL_URL would send a password without encryption: use smtp:// or smtps://, "
    "or leave user and password out."
)
NAMELESS = "BLOG_MAIL_FROM must be as in Name <letters@journal.example.org>, the address in ASCII."
BOUNCES = "BLOG_MAIL_BOUNCES must be an address in ASCII, with at most 30 letters before the @."


def read(**given: str) -> tuple[MailSettings, list[str]]:
    problems: list[str] = []
    values = {f"BLOG_MAIL_{name}": value for name, value in given.items()}
    return read_mail(values, SITE, problems), problems


def test_without_any_setting_mail_goes_into_the_data_folder() -> None:
    sender = Address("", "newsletter", "journal.example.org")
    assert read() == (MailSettings(None, Path("mail"), sender, ""), [])


@pytest.mark.parametrize(
    ("site_url", "sender"),
    [
        ("", "newsletter@localhost"),
        ("http://127.0.0.1:8000", "newsletter@localhost"),
        ("http://localhost:8000", "newsletter@localhost"),
        ("https://journal.example.org:8443", "newsletter@journal.example.org"),
    ],
)
def test_the_sender_is_derived_from_the_site(site_url: str, sender: str) -> None:
    assert read_mail({}, site_url, []).sender.addr_spec == sender


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 587, Security.STARTTLS)),
        (
            "smtp://ann:secret@Mail.example.org:25/",
            MailServer("mail.example.org", 25, Security.STARTTLS, "ann", "secret"),
        ),
        ("smtps://mail.example.org", MailServer("mail.example.org", 465, Security.TLS)),
        (
            "smtps://ann%40example.org:a%2Fb%3Ac%23d%C3%A4@mail.example.org",
            MailServer("mail.example.org", 465, Security.TLS, "ann@example.org", "a/b:c#dä"),
        ),
        (
            "smtps://ann@example.org:secret@mail.example.org",
            MailServer("mail.example.org", 465, Security.TLS, "ann@example.org", "secret"),
        ),
        ("smtp+unencrypted://127.0.0.1:2525", MailServer("127.0.0.1", 2525, Security.NONE)),
        ("smtp+unencrypted://relay", MailServer("relay", 25, Security.NONE)),
        ("SMTP+unencrypted://[::1]:2525", MailServer("::1", 2525, Security.NONE)),
    ],
)
def test_a_server_is_named_by_its_address(url: str, server: MailServer) -> None:
    found, problems = read(URL=url, FROM=FROM)
    assert (found.server, problems) == (server, [])


@pytest.mark.parametrize(
    ("url", "folder"),
    [("dir:outgoing", "outgoing"), ("dir:/var/mail out", "/var/mail out"), ("dir:a/../b", "a/../b")],
)
def test_a_folder_is_named_by_its_path(url: str, folder: str) -> None:
    found, problems = read(URL=url)
    assert (found.server, found.folder, problems) == (None, Path(folder), [])


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org:587",
        "http://mail.example.org",
        "smtp://",
        "smtp://:587",
        "smtp://ann@mail.example.org",
        "smtp://:secret@mail.example.org",
        "smtp://ann:secret/2@mail.example.org",
        "smtp://ann:secret#2@mail.example.org",
        "smtp://ann:secret?2@mail.example.org",
        "smtp://ann:12/secret@mail.example.org",
        "smtp://ann:sec%00ret@mail.example.org",
        "smtp://ann:secret%0d%0aQUIT@mail.example.org",
        "smtp://mail.example.org:0",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org:smtp",
        "smtp://mail.example.org/inbox",
        "smtp://mail exämple.org",
        "smtp://[::1",
        "smtp:mail.example.org",
    ],
)
def test_what_names_no_server_is_one_sentence(url: str) -> None:
    found, problems = read(URL=url, FROM=FROM)
    assert (found.server, problems) == (None, [URL])


@pytest.mark.parametrize("host", ["127.0.0.1", "mail.example.org"])
def test_a_password_without_encryption_is_refused(host: str) -> None:
    assert read(URL=f"smtp+unencrypted://ann:secret@{host}:25", FROM=FROM)[1] == [CLEAR]


@pytest.mark.parametrize("url", ["dir:", "dir:a\0b"])
def test_a_folder_without_a_name_is_refused(url: str) -> None:
    assert read(URL=url)[1] == ["BLOG_MAIL_URL names no folder: write dir:PATH."]


def test_a_file_may_hold_the_address_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("smtps://ann:secret@mail.example.org\n")
    found, problems = read(URL_FILE=str(tmp_path / "url"), FROM=FROM)
    assert (found.server, problems) == (
        MailServer("mail.example.org", 465, Security.TLS, "ann", "secret"),
        [],
    )
    assert read(URL="dir:x", URL_FILE=str(tmp_path / "url"))[0].folder == Path("x")


def test_a_file_that_holds_none_is_one_sentence(tmp_path: Path) -> None:
    assert read(URL_FILE=str(tmp_path / "url"))[1] == [
        "BLOG_MAIL_URL_FILE cannot be read: No such file or directory."
    ]
    (tmp_path / "url").write_bytes(b"\xff")
    assert read(URL_FILE=str(tmp_path / "url"))[1] == [
        "BLOG_MAIL_URL_FILE cannot be read: it is no UTF-8 text."
    ]
    (tmp_path / "url").write_bytes(b"\n")
    assert read(URL_FILE=str(tmp_path / "url"))[1] == [URL]


def test_a_server_needs_to_know_from_whom() -> None:
    assert read(URL="smtps://mail.example.org")[1] == [
        "BLOG_MAIL_FROM is missing: a mail server needs to know from whom, as in Name <letters@example.org>."
    ]


@pytest.mark.parametrize(
    ("given", "name", "address"),
    [
        ("letters@journal.example.org", "", "letters@journal.example.org"),
        ("<letters@journal.example.org>", "", "letters@journal.example.org"),
        ("The Journal <letters@journal.example.org>", "The Journal", "letters@journal.example.org"),
        ('"Journal, The" <letters@journal.example.org>', "Journal, The", "letters@journal.example.org"),
        ('Journal" <letters@journal.example.org>', "Journal", "letters@journal.example.org"),
        (
            "Zeitschrift für Schlaf <Letters@münchen.example>",
            "Zeitschrift für Schlaf",
            "Letters@xn--mnchen-3ya.example",
        ),
    ],
)
def test_the_sender_has_a_name_and_an_address_in_ascii(given: str, name: str, address: str) -> None:
    found, problems = read(FROM=given)
    assert (found.sender.display_name, found.sender.addr_spec, problems) == (name, address, [])


@pytest.mark.parametrize(
    "given",
    [
        "Journal",
        "Journal <>",
        "Journal <letters>",
        "Journal <ä@example.org>",
        "a <a@b.example> <c@d.example>",
        "a@b.example, c@d.example",
        "A\nBcc: x@y.example <a@b.example>",
        "N" * 101 + " <a@b.example>",
    ],
)
def test_what_names_no_sender_is_one_sentence(given: str) -> None:
    assert read(FROM=given)[1] == [NAMELESS]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("bounces@journal.example.org", "bounces@journal.example.org"),
        ("b@münchen.example", "b@xn--mnchen-3ya.example"),
    ],
)
def test_bounces_return_to_an_address(given: str, kept: str) -> None:
    assert (read(BOUNCES=given)[0].bounces, read(BOUNCES=given)[1]) == (kept, [])


@pytest.mark.parametrize(
    "given", ["bounces", "ä@example.org", f"{'b' * 31}@example.org", "B <b@example.org>"]
)
def test_bounces_return_to_nothing_else(given: str) -> None:
    assert read(BOUNCES=given)[1] == [BOUNCES]


def test_every_problem_of_mail_stops_the_start(tmp_path: Path) -> None:
    given = {"URL": "smtp+unencrypted://ann:hunter2@mail.example.org", "FROM": "x", "BOUNCES": "y"}
    with pytest.raises(BadSettings) as refused:
        read_environment(
            {"BLOG_INSTANCE": str(tmp_path), **{f"BLOG_MAIL_{name}": value for name, value in given.items()}}
        )
    assert refused.value.problems == [CLEAR, NAMELESS, BOUNCES]


def test_a_misspelt_setting_of_mail_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refused:
        read_environment({"BLOG_INSTANCE": str(tmp_path), "BLOG_MAIL_FORM": FROM})
    assert refused.value.problems == [
        "BLOG_MAIL_FORM is not a setting; did you mean BLOG_MAIL_FROM? docs/settings.md lists them all."
    ]


def test_the_password_is_not_shown_with_the_settings() -> None:
    found, _ = read(URL="smtps://ann:hunter2@mail.example.org", FROM=FROM)
    assert "hunter2" not in f"{found!r} {found.server} {found}"


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=200)
def test_whatever_is_given_is_taken_or_is_a_sentence_without_it(url: str, sender: str, bounces: str) -> None:
    secret = f"smtp://ann:hunter2{url}"
    _, problems = read(URL=secret, FROM=sender, BOUNCES=bounces)
    assert "hunter2" not in " ".join(problems)
