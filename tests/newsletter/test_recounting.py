"""Every deed, by every way, has its words."""

from itertools import product

import pytest
from flask import Flask

from blog.newsletter.models import Consent, Deed, Method
from blog.newsletter.recounting import in_words


@pytest.mark.parametrize(("deed", "method"), list(product(Deed, [None, *Method])))
def test_every_deed_has_words(app: Flask, deed: Deed, method: Method | None) -> None:
    assert in_words(Consent(deed=deed, method=method)) != ""


def test_the_ways_of_confirming_are_told_apart(app: Flask) -> None:
    ways = (Method.CODE, Method.SAME_BROWSER, Method.BUTTON, Method.IMPORT)
    assert len({in_words(Consent(deed=Deed.CONFIRMED, method=way)) for way in ways}) == 4
