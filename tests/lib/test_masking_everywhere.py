"""Every address with a key in it, whatever page will be added: never kept, never told on, never written down."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog.lib.environment import ROOT
from blog.lib.masking import without_links

KEY = "Zm9yIG9uZSByZWFkZXI"
MASKED = "(newsletter/+(confirm|leave|preferences)|preview)"
"""What the map of nginx and the filter of Caddy hide; the real proxies are asked in tests/deploy."""


def addresses(app: Flask) -> list[str]:
    """Return every address that a key may stand in, with one that opens nothing."""
    found = {f"/newsletter/confirm?r={KEY}"}
    for rule in app.url_map.iter_rules():
        if "token" in rule.arguments:
            path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
            found.add(re.sub(r"<(\w+:)?token>", KEY, path))
    return sorted(found)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_nobody_may_keep_or_index_it_or_tell_it_on(app: Flask, client: FlaskClient, method: str) -> None:
    asked = addresses(app)
    assert len(asked) >= 7
    for address in asked:
        headers = client.open(address, method=method).headers
        said = [headers[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
        assert (address, said) == (address, ["no-store", "noindex", "strict-origin"])
        assert "ETag" not in headers


def test_no_log_of_ours_or_of_a_shipped_proxy_writes_the_key_down(app: Flask) -> None:
    for address in addresses(app):
        assert KEY not in without_links(f"Exception on {address} [GET]")
        assert re.match(rf"(?i)^/+{MASKED}[/?].", address), address
    caddy, nginx = (Path(ROOT, "deploy", name).read_text("utf-8") for name in ("Caddyfile", "nginx.conf"))
    assert caddy.count(MASKED.replace("(confirm", "(?:confirm").replace("(newsletter", "(?:newsletter")) == 2
    assert nginx.count(MASKED) == 3
