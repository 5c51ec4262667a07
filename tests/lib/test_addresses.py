"""Which e-mail addresses are taken, and which spellings are one mailbox."""

import pytest

from blog.lib.addresses import Address, address_from


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("dee@example.org", "dee@example.org"),
        ("frontdesk@linden.clinic", "frontdesk@linden.clinic"),
        ("dee+news@example.org", "dee+news@example.org"),
        ("Dee.Doe@Example.ORG", "dee.doe@example.org"),
        ("o'hara_2@sub-domain.example.co.uk", "o'hara_2@sub-domain.example.co.uk"),
        ("dee@müller.de", "dee@xn--mller-kva.de"),
        ("dee@xn--mller-kva.de", "dee@xn--mller-kva.de"),
        ("dee@MÜLLER.de", "dee@xn--mller-kva.de"),
        ("dee@例え.jp", "dee@xn--r8jz45g.jp"),
        ("jürgen@example.org", "jürgen@example.org"),
    ],
)
def test_an_address_is_compared_by_its_key(typed: str, key: str) -> None:
    assert address_from(typed) == Address(typed, key)


@pytest.mark.parametrize(
    "typed", [" dee@example.org", "dee@example.org\t", "\r\ndee@example.org\n", "\u00a0dee@example.org "]
)
def test_spaces_around_are_trimmed(typed: str) -> None:
    assert address_from(typed) == Address("dee@example.org", "dee@example.org")


def test_one_mailbox_typed_with_a_composed_and_a_combining_letter_is_one() -> None:
    assert address_from("ju\u0308rgen@example.org") == address_from("j\u00fcrgen@example.org")


def test_two_mailboxes_that_only_look_alike_stay_two() -> None:
    one, other = address_from("straße@example.org"), address_from("strasse@example.org")
    assert one is not None
    assert other is not None
    assert one.key != other.key


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "dee",
        "dee@",
        "@example.org",
        "dee@example",
        "dee@@example.org",
        "dee doe@example.org",
        "dee@exam ple.org",
        "dee..doe@example.org",
        ".dee@example.org",
        "dee.@example.org",
        "dee@-example.org",
        "dee@example..org",
        "dee@example.org.",
        "dee@example.org,eve@example.org",
        "dee@example.org;eve@example.org",
        "Dee <dee@example.org>",
        "<dee@example.org>",
        "mailto:dee@example.org?bcc=eve",
        '"dee doe"@example.org',
        "dee(comment)@example.org",
        "dee@[192.0.2.1]",
        "dee@192.0.2.1",
        "dee@localhost",
        "dee@host.invalid",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert address_from(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "dee@example.org\r\nBcc: eve@example.org",
        "dee@example.org\nBcc: eve@example.org",
        "dee\r@example.org",
        "dee@example.org%0aBcc:eve",
        "bcc:eve@example.org",
        "=?utf-8?q?dee?=@example.org",
        "=?utf-8?b?ZGVl?=@example.org",
        "dee=?x@example.org",
        "dee\x00@example.org",
        "dee\u2028@example.org",
        "dee\u200b@example.org",
        "dee\u202e@example.org",
        "dee\ufffd@example.org",
        "dee@exam\u200bple.org",
    ],
)
def test_what_a_mail_program_could_read_as_a_header_is_refused(typed: str) -> None:
    assert address_from(typed) is None


@pytest.mark.parametrize(("length", "taken"), [(64, True), (65, False)])
def test_a_local_part_has_at_most_64_characters(length: int, taken: bool) -> None:
    assert (address_from("a" * length + "@example.org") is not None) is taken


@pytest.mark.parametrize(("length", "taken"), [(32, True), (33, False)])
def test_a_local_part_is_measured_as_it_is_sent(length: int, taken: bool) -> None:
    assert (address_from("ü" * length + "@example.org") is not None) is taken


@pytest.mark.parametrize(("length", "taken"), [(254, True), (255, False)])
def test_a_whole_address_has_at_most_254_characters(length: int, taken: bool) -> None:
    local, domain = "a" * 64, ".".join(["b" * 60, "c" * 60, "d" * 60])
    typed = f"{local}@{domain}.{'e' * (length - len(local) - len(domain) - 2)}"
    assert len(typed) == length
    assert (address_from(typed) is not None) is taken
