"""The rules for fetching ahead name pages of our own that do nothing, and the policy lets in that text alone."""

import base64
import hashlib
import json

from blog.lib.prefetching import RULES, RULES_HASH


def test_the_hash_is_that_of_the_text() -> None:
    digest = base64.b64decode(RULES_HASH.removeprefix("'sha256-").removesuffix("'"))
    assert digest == hashlib.sha256(RULES.encode("ascii")).digest()


def test_links_are_fetched_on_intent_and_only_from_our_own_origin() -> None:
    [rule] = json.loads(RULES)["prefetch"]
    assert rule["eagerness"] == "moderate"
    assert rule["where"]["and"][0] == {"href_matches": "/*"}
    never = rule["where"]["and"][1]["not"]["href_matches"]
    assert [pattern for pattern in never if not pattern.startswith("/")] == []
