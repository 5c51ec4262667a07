"""A masked address tells its owner which it is, and others neither who nor how long."""

import pytest

from blog.newsletter.masking import masked


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("dee@example.org", "d•••@e•••.org"),
        ("d@x.co.uk", "d•••@x•••.uk"),
        ("über.lang@straße.example", "ü•••@s•••.example"),
    ],
)
def test_only_first_letters_and_the_last_label_are_shown(address: str, shown: str) -> None:
    assert masked(address) == shown
