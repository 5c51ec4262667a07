"""Values of headers, and addresses as they go over the wire."""

import pytest

from blog.lib.refusing import Refused
from blog.outbox.headers import envelope_address


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Ann.Example+news@Example.org", "Ann.Example+news@Example.org"),
        ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
        ("ännchen@münchen.example", "ännchen@xn--mnchen-3ya.example"),
    ],
)
def test_an_address_goes_out_with_its_domain_in_ascii(typed: str, sent: str) -> None:
    assert envelope_address(typed) == sent


@pytest.mark.parametrize(
    "typed", ["no address", "a@b> RCPT TO:<c@d.example", "a\r\nb@c.example", "a@b@c.example", ""]
)
def test_what_is_no_address_does_not_go_out(typed: str) -> None:
    with pytest.raises(Refused):
        envelope_address(typed)
