"""The pages of last resort carry one style sheet, and the policy lets in that text alone."""

import base64
import hashlib

from blog.lib.answering import safety_headers
from blog.lib.environment import ROOT
from blog.lib.lastresort import STYLE, STYLE_HASH
from blog.lib.words import LANGUAGES


def test_every_page_of_last_resort_carries_exactly_the_style_whose_hash_is_known() -> None:
    pages = {path.name: path.read_text("utf-8") for path in (ROOT / "templates/site/errors").iterdir()}
    assert sorted(pages) == sorted(f"{status}.{code}.html" for status in (500, 503) for code in LANGUAGES)
    styles = {name: text.partition("<style>")[2].partition("</style>")[0] for name, text in pages.items()}
    assert styles == dict.fromkeys(pages, STYLE)
    assert {name: text.count("<style") for name, text in pages.items()} == dict.fromkeys(pages, 1)


def test_the_hash_is_that_of_the_text() -> None:
    digest = base64.b64decode(STYLE_HASH.removeprefix("'sha256-").removesuffix("'"))
    assert digest == hashlib.sha256(STYLE.encode("ascii")).digest()


def test_the_policy_allows_that_text_and_no_other_style_inline() -> None:
    rules = safety_headers(https=True)["Content-Security-Policy"].split("; ")
    assert [rule for rule in rules if rule.startswith("style-src")] == [f"style-src 'self' {STYLE_HASH}"]


def test_its_colours_and_faces_are_those_of_the_other_pages() -> None:
    tokens = (ROOT / "static/css/10-tokens.css").read_text("utf-8")
    for token in (
        "#fdfdfb, #15191b",
        "#1a1d1e, #e7e4dc",
        'Charter, "Bitstream Charter", "Sitka Text", Cambria',
    ):
        assert (token in STYLE, token in tokens) == (True, True)
    for accent in ("--accent-light, #0b5a5e", "--accent-dark, #74c4c0"):
        assert (accent.partition(" ")[2] in STYLE, accent in tokens) == (True, True)
