"""Pasted records are read as receivers read them, and said to mean what they mean."""

from base64 import b64encode
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.upkeep.findings import Finding
from blog.upkeep.records import dkim, dmarc, rsa_bits, spf, unquoted

DOMAIN = "journal.example.org"
NO_TERM = "is no term of a record; a receiver throws the whole record away."
NO_KEY = "DKIM: p holds no key that receivers take; make one of RSA with 2048 bits."
APART = f"so SPF says nothing for {DOMAIN}: all depends on DKIM; put BLOG_MAIL_BOUNCES under the same domain."


def said(findings: Iterable[Finding]) -> list[str]:
    return [str(finding) for finding in findings]


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def rsa(bits: int, *, bare: bool = False) -> str:
    """Return a public key of so many bits, in DER and base64."""
    number = (1 << (bits - 1)) | 1
    key = der(0x30, der(0x02, b"\0" + number.to_bytes(bits // 8, "big")) + der(0x02, b"\x01\0\x01"))
    algorithm = der(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    return b64encode(key if bare else der(0x30, algorithm + der(0x03, b"\0" + key))).decode()


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 include:_spf.example.net -all",
        '"v=spf1 ip4:192.0.2.0/24 " "ip6:2001:db8::/32 a mx:mail.example.org//64 ~all"',
        "v=spf1   redirect=_spf.example.net",
        "V=SPF1 exists:%{i}._spf.example.net A:x.example/24 exp=why.example.org -ALL",
    ],
)
def test_a_good_spf_record_names_who_may_send(record: str) -> None:
    assert said(spf(record, DOMAIN)) == [
        f"ok: SPF: the servers that the record names may send as {DOMAIN}, others not; see that yours is named."
    ]


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ("spf1 -all", "SPF: the record must begin with v=spf1 and a space."),
        ("v=spf10 -all", "SPF: the record must begin with v=spf1 and a space."),
        ("v=spf1 include -all", f"SPF: “include” {NO_TERM}"),
        ("v=spf1 ip4:300.1.1.1 -all", f"SPF: “ip4:300.1.1.1” {NO_TERM}"),
        ("v=spf1 ip4:192.0.2.1/33 -all", f"SPF: “ip4:192.0.2.1/33” {NO_TERM}"),
        ("v=spf1 ipv4:192.0.2.1 -all", f"SPF: “ipv4:192.0.2.1” {NO_TERM}"),
        ("v=spf1 all:x", f"SPF: “all:x” {NO_TERM}"),
        (
            "v=spf1 mx",
            "SPF: end the record with ~all or -all; without it everybody else is neither allowed nor not.",
        ),
        ("v=spf1 mx all", f"SPF: the record lets everybody send as {DOMAIN}; end it with ~all or -all."),
        ("v=spf1 mx ?all", f"SPF: the record lets everybody send as {DOMAIN}; end it with ~all or -all."),
        (
            "v=spf1 -all",
            f"SPF: the record lets nobody send as {DOMAIN}; name the mail server before the end.",
        ),
        ("v=spf1 ptr mx -all", "SPF: leave out ptr; many receivers pass over it."),
        (
            "v=spf1" + " include:a.example" * 11 + " -all",
            "SPF: 11 terms ask for further records, 10 are allowed; leave some out.",
        ),
    ],
)
def test_what_is_wrong_with_an_spf_record_is_said(record: str, says: str) -> None:
    assert f"TO DO: {says}" in said(spf(record, DOMAIN))


@pytest.mark.parametrize(
    "record",
    [
        f"v=DKIM1; k=rsa; p={rsa(2048)}",
        f"p={rsa(2048, bare=True)};",
        f'"v=DKIM1; h=sha256; s=email; p={rsa(4096)[:200]}" "{rsa(4096)[200:]}"',
        f"v=DKIM1; k=ed25519; p={b64encode(bytes(32)).decode()}",
    ],
)
def test_a_good_key_can_be_used(record: str) -> None:
    assert said(dkim(record)) == ["ok: DKIM: the key can be used; see that your mail server signs with it."]


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ("DKIM1", "DKIM: the record must be tags such as v=DKIM1; k=rsa; p=..., each once."),
        ("v=DKIM1; p=; p=", "DKIM: the record must be tags such as v=DKIM1; k=rsa; p=..., each once."),
        ("v=DKIM2; p=", "DKIM: the record must begin with v=DKIM1."),
        (f"p={rsa(2048)}; v=DKIM1", "DKIM: the record must begin with v=DKIM1."),
        (
            "v=DKIM1; p=",
            "DKIM: p is empty, so the key was taken back; publish the one that your mail server signs with.",
        ),
        ("v=DKIM1", "DKIM: p holds no key; perhaps a piece of the record is missing."),
        ("v=DKIM1; p=MIIB", NO_KEY),
        (f"v=DKIM1; p={rsa(2048)[:300]}", NO_KEY),
        (f"v=DKIM1; p={rsa(512)}", NO_KEY),
        (f"v=DKIM1; p={rsa(1024)}", "DKIM: the key has 1024 bits; make one with 2048."),
        (f"v=DKIM1; k=dsa; p={rsa(2048)}", NO_KEY),
        (
            f"v=DKIM1; t=y; p={rsa(2048)}",
            "DKIM: t=y says that it is only a test; take it out once signatures are right.",
        ),
        (f"v=DKIM1; h=sha1; p={rsa(2048)}", "DKIM: h must allow sha256."),
        (f"v=DKIM1; s=tlsrpt; p={rsa(2048)}", "DKIM: s must allow email."),
    ],
)
def test_what_is_wrong_with_a_key_is_said(record: str, says: str) -> None:
    assert f"TO DO: {says}" in said(dkim(record))


@pytest.mark.parametrize(
    ("policy", "means"),
    [("none", "taken as it is"), ("Quarantine", "put aside as spam"), ("reject", "refused")],
)
def test_a_good_dmarc_record_means_its_policy(policy: str, means: str) -> None:
    record = f"v=DMARC1; p={policy}; rua=mailto:a@example.org,mailto:b@example.net!10m; pct=100; adkim=s"
    assert said(dmarc(record, DOMAIN, "bounces.example.org")) == [
        f"ok: DMARC: mail as {DOMAIN} that neither SPF nor DKIM vouches for is {means}."
    ]


@pytest.mark.parametrize(
    ("record", "envelope", "says"),
    [
        (
            "p=none",
            DOMAIN,
            "DMARC: the record must begin with v=DMARC1; then come tags such as p=none, each once.",
        ),
        ("v=DMARC1; p=strict", DOMAIN, "DMARC: p must be none, quarantine or reject."),
        ("v=DMARC1; p=none; rua=a@example.org", DOMAIN, "DMARC: rua has a value that receivers pass over."),
        ("v=DMARC1; p=none; pct=101", DOMAIN, "DMARC: pct has a value that receivers pass over."),
        ("v=DMARC1; p=none", DOMAIN, f"DMARC: add rua=mailto:... to hear who sends as {DOMAIN}."),
        ("v=DMARC1; p=none", "provider.example", f"DMARC: bounces return to provider.example, {APART}"),
        ("v=DMARC1; p=none; aspf=s", f"b.{DOMAIN}", f"DMARC: bounces return to b.{DOMAIN}, {APART}"),
    ],
)
def test_what_is_wrong_with_a_dmarc_record_is_said(record: str, envelope: str, says: str) -> None:
    assert f"TO DO: {says}" in said(dmarc(record, DOMAIN, envelope))


def test_neighbours_under_a_short_suffix_are_no_relations() -> None:
    found = said(dmarc("v=DMARC1; p=none; rua=mailto:a@b.example", "one.co.uk", "two.co.uk"))
    assert found[0].startswith("TO DO: DMARC: bounces return to two.co.uk")


@pytest.mark.parametrize("bits", [512, 1024, 2048, 4096])
def test_the_length_of_a_key_is_read(bits: int) -> None:
    assert unquoted(f'  "{rsa(bits)}"') == rsa(bits)
    assert len(rsa(bits)) > 60


@given(st.binary(max_size=60))
def test_no_bytes_make_reading_a_key_fail(raw: bytes) -> None:
    assert rsa_bits(raw) >= 0


@given(st.text(max_size=80))
def test_no_text_makes_reading_a_record_fail(text: str) -> None:
    for prefix in ("", "v=spf1 ", "v=DKIM1; p=", "v=DMARC1; p=none; "):
        assert (
            said(spf(prefix + text, DOMAIN))
            + said(dkim(prefix + text))
            + said(dmarc(prefix + text, DOMAIN, DOMAIN))
        )
