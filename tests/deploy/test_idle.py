"""Idle connections between a proxy and Broadsheet are closed by the proxy, which then sends nothing into them."""

import re

from blog.lib.environment import ROOT
from blog.lib.server import HEADER_SECONDS

IDLE = {
    "nginx.conf": r"upstream broadsheet \{[^}]*\bkeepalive_timeout (\d+)s;",
    "Caddyfile": r"transport http \{[^}]*\bkeepalive (\d+)s\n",
}


def test_the_shipped_proxies_close_idle_connections_long_before_broadsheet_does() -> None:
    found = {
        name: re.findall(pattern, (ROOT / "deploy" / name).read_text("utf-8"))
        for name, pattern in IDLE.items()
    }
    assert found == {name: ["5"] for name in IDLE}
    assert HEADER_SECONDS == 10
