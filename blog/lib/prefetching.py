"""Which links a browser may fetch while a reader is still reaching for them."""

import base64
import hashlib
import json

_NEVER = (
    *("/newsletter", "/newsletter/*", "/search", "/search/*", "/preview/*", "/desk", "/desk/*"),
    *("/media/*", "/static/*", "/.well-known/*", "/healthz", "/*.:ending(xml|json|txt|md)"),
)
"""Forms, drafts, the desk, and what is no page; `URLPattern`s, without a query: with any query."""

RULES = json.dumps(
    {
        "prefetch": [
            {
                # A pattern that begins with a slash is one for our own origin.
                "where": {"and": [{"href_matches": "/*"}, {"not": {"href_matches": _NEVER}}]},
                # When a pointer rests on a link for a moment, or a finger goes down on it.
                "eagerness": "moderate",
            }
        ]
    },
    separators=(",", ":"),
)
"""The rules as the page's script puts them into the page, in the browsers that know them."""

RULES_HASH = f"'sha256-{base64.b64encode(hashlib.sha256(RULES.encode()).digest()).decode()}'"
"""What lets exactly this text, and no other, stand inline under the Content-Security-Policy."""
