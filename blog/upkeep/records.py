"""What the records of a domain say about its mail, as a person pasted them: SPF, DKIM, DMARC. Nobody is asked."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

from .findings import Finding, to_do, well

MOST_LOOKUPS = 10
"""Terms of an SPF record that ask for further records; receivers stop after these (RFC 7208, 4.6.4)."""
SHORT_KEY, GOOD_KEY = 1024, 2048
"""Bits of an RSA key: shorter ones are refused by receivers; longer ones are advised."""

_NAME = r"[A-Za-z0-9_%{}.-]+"
_TERM = re.compile(
    r"(?P<sign>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?P<value>:[^\s/]+)?"
    r"(?P<mask>/\d{1,3})?(?P<mask6>//\d{1,3})?",
    re.IGNORECASE,
)
_ASKS = ("include", "a", "mx", "ptr", "exists")


def unquoted(pasted: str) -> str:
    """Return a record as it is meant: pasted in quotes, in several pieces, or as a line of a zone file."""
    pieces = re.findall(r'"((?:[^"\\]|\\.)*)"', pasted)
    text = "".join(re.sub(r"\\(.)", r"\1", piece) for piece in pieces) if pieces else pasted
    return " ".join(text.split())


def spf(pasted: str, domain: str) -> Iterator[Finding]:
    """Yield what an SPF record means for mail whose envelope sender is of this domain (RFC 7208)."""
    version, *terms = unquoted(pasted).split(" ")
    if version.lower() != "v=spf1":
        yield to_do("SPF: the record must begin with v=spf1 and a space.")
        return
    bad = [term for term in terms if not _is_term(term)]
    if bad:
        yield to_do(f"SPF: “{bad[0][:60]}” is no term of a record; a receiver throws the whole record away.")
        return
    found = [_TERM.fullmatch(term) for term in terms]
    names = [match["name"].lower() for match in found if match]
    redirects = [term for term in terms if term.lower().startswith("redirect=")]
    asks = sum(name in _ASKS for name in names) + bool(redirects and "all" not in names)
    if asks > MOST_LOOKUPS:
        yield to_do(f"SPF: {asks} terms ask for further records, {MOST_LOOKUPS} are allowed; leave some out.")
    if "ptr" in names:
        yield to_do("SPF: leave out ptr; many receivers pass over it.")
    yield _end_of_spf([match for match in found if match], bool(redirects), domain)


def _is_term(term: str) -> bool:
    if re.fullmatch(rf"[A-Za-z][A-Za-z0-9_.-]*={_NAME}", term):
        return True
    found = _TERM.fullmatch(term)
    if not found:
        return False
    name, value = found["name"].lower(), (found["value"] or "")[1:]
    masks = bool(found["mask"] or found["mask6"])
    if name in ("ip4", "ip6"):
        return _is_network(name, value if name == "ip4" else term.partition(":")[2], found["mask"] or "")
    if name == "all":
        return not value and not masks
    if name in ("include", "exists"):
        return bool(re.fullmatch(_NAME, value)) and not masks
    return not value or bool(re.fullmatch(_NAME, value))


def _is_network(name: str, value: str, mask: str) -> bool:
    try:
        if name == "ip4":
            IPv4Network(value + mask, strict=False)
        else:
            IPv6Network(value, strict=False)
    except ValueError:
        return False
    return True


def _end_of_spf(terms: list[re.Match[str]], redirected: bool, domain: str) -> Finding:
    ends = [match["sign"] or "+" for match in terms if match["name"].lower() == "all"]
    if not ends and not redirected:
        return to_do(
            "SPF: end the record with ~all or -all; without it everybody else is neither allowed nor not."
        )
    if ends and ends[0] in "+?":
        return to_do(f"SPF: the record lets everybody send as {domain}; end it with ~all or -all.")
    if not redirected and len(terms) == 1:
        return to_do(f"SPF: the record lets nobody send as {domain}; name the mail server before the end.")
    return well(
        f"SPF: the servers that the record names may send as {domain}, others not; see that yours is named."
    )


def _tags(pasted: str) -> list[tuple[str, str]] | None:
    """Return the tags of a record in their order, or None where it is no list of them (RFC 6376, 3.2)."""
    found = []
    for piece in unquoted(pasted).rstrip("; ").split(";"):
        tag = re.fullmatch(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*([ -:<-~]*?)\s*", piece)
        if not tag:
            return None
        found.append((tag[1].lower(), tag[2]))
    return found if len(dict(found)) == len(found) else None


def dkim(pasted: str) -> Iterator[Finding]:
    """Yield what the record of a DKIM key means (RFC 6376, RFC 8463)."""
    tags = _tags(pasted)
    if tags is None:
        yield to_do("DKIM: the record must be tags such as v=DKIM1; k=rsa; p=..., each once.")
        return
    said = dict(tags)
    if "v" in said and (tags[0][0] != "v" or said["v"] != "DKIM1"):
        yield to_do("DKIM: the record must begin with v=DKIM1.")
    if "sha256" not in said.get("h", "sha256").split(":"):
        yield to_do("DKIM: h must allow sha256.")
    if not {"*", "email"} & set(said.get("s", "*").split(":")):
        yield to_do("DKIM: s must allow email.")
    if "y" in said.get("t", "").split(":"):
        yield to_do("DKIM: t=y says that it is only a test; take it out once signatures are right.")
    yield _key(said.get("k", "rsa"), re.sub(r"\s", "", said.get("p", "-")))


def _key(kind: str, encoded: str) -> Finding:
    if not encoded:
        return to_do(
            "DKIM: p is empty, so the key was taken back; publish the one that your mail server signs with."
        )
    try:
        raw = b64decode(encoded, validate=True)
    except (NotBase64, ValueError):
        return to_do("DKIM: p holds no key; perhaps a piece of the record is missing.")
    if kind == "ed25519":
        bits = 0
        good = len(raw) == 32
    else:
        bits = rsa_bits(raw) if kind == "rsa" else 0
        good = bits >= SHORT_KEY
    if not good:
        return to_do("DKIM: p holds no key that receivers take; make one of RSA with 2048 bits.")
    if bits and bits < GOOD_KEY:
        return to_do(f"DKIM: the key has {bits} bits; make one with {GOOD_KEY}.")
    return well("DKIM: the key can be used; see that your mail server signs with it.")


def rsa_bits(raw: bytes) -> int:
    """Return the length of an RSA key in DER, in the form of RFC 5280 or bare; 0 where it is none."""
    try:
        content = _of_der(raw, 0x30)
        if content[:1] == b"\x30":  # an algorithm, then the key in a string of bits
            after = content[_length(content)[0] + _length(content)[1] :]
            content = _of_der(_of_der(after, 0x03)[1:], 0x30)
        return int.from_bytes(_of_der(content, 0x02), "big").bit_length()
    except (IndexError, ValueError):
        return 0


def _of_der(raw: bytes, tag: int) -> bytes:
    begin, length = _length(raw)
    if raw[0] != tag or len(raw) < begin + length:
        raise ValueError
    return raw[begin : begin + length]


def _length(raw: bytes) -> tuple[int, int]:
    """Return where the content of a value begins, and how long it is."""
    if raw[1] < 0x80:
        return 2, raw[1]
    octets = raw[1] & 0x7F
    return 2 + octets, int.from_bytes(raw[2 : 2 + octets], "big")


def dmarc(pasted: str, domain: str, envelope_domain: str) -> Iterator[Finding]:
    """Yield what a DMARC record means for mail from this domain, whose envelope sender may be of another (RFC 7489)."""
    tags = _tags(pasted)
    if tags is None or tags[0] != ("v", "DMARC1"):
        yield to_do("DMARC: the record must begin with v=DMARC1; then come tags such as p=none, each once.")
        return
    said = dict(tags)
    policy = said.get("p", "").lower()
    if policy not in ("none", "quarantine", "reject"):
        yield to_do("DMARC: p must be none, quarantine or reject.")
        return
    wrong = [
        name
        for name, pattern in _DMARC_VALUES.items()
        if not re.fullmatch(pattern, said.get(name, "") or "", re.I)
    ]
    if wrong:
        yield to_do(f"DMARC: {wrong[0]} has a value that receivers pass over.")
    if "rua" not in said:
        yield to_do(f"DMARC: add rua=mailto:... to hear who sends as {domain}.")
    strict = said.get("aspf", "r").lower() == "s"
    if envelope_domain != domain and (strict or not _related(domain, envelope_domain)):
        yield to_do(
            f"DMARC: bounces return to {envelope_domain}, so SPF says nothing for {domain}: "
            "all depends on DKIM; put BLOG_MAIL_BOUNCES under the same domain."
        )
    means = {"none": "taken as it is", "quarantine": "put aside as spam", "reject": "refused"}[policy]
    yield well(f"DMARC: mail as {domain} that neither SPF nor DKIM vouches for is {means}.")


_SHORT_LABEL = 3
"""So short are names under which others register: co.uk, com.au."""
_URIS = r"(|mailto:[^\s,@]+@[^\s,@!]+(![0-9]+[kmgt]?)?(\s*,\s*mailto:[^\s,@]+@[^\s,@!]+(![0-9]+[kmgt]?)?)*)"
_DMARC_VALUES = {
    "sp": "(|none|quarantine|reject)",
    "np": "(|none|quarantine|reject)",
    "adkim": "[rs]?",
    "aspf": "[rs]?",
    "pct": "(|[0-9]|[1-9][0-9]|100)",
    "ri": "[0-9]*",
    "rua": _URIS,
    "ruf": _URIS,
}


def _related(one: str, other: str) -> bool:
    """Tell whether both domains are one organisation's, as far as that shows without a list of suffixes."""
    if one.endswith(f".{other}") or other.endswith(f".{one}"):
        return True
    shared = one.split(".")[-2:]
    return shared == other.split(".")[-2:] and len(shared[0]) > _SHORT_LABEL
