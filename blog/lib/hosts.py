"""Who is asked and who asks: the site's own host, and the client behind trusted proxies."""

import logging
import re
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

_log = logging.getLogger(__name__)
_FORWARDED = (
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
)


def refuse_strangers(app: Flask, site_url: str) -> None:
    """Refuse a request for a host that is not the site's, before anything else looks at it."""
    if not site_url:
        return
    ours = _plain_host(urlsplit(site_url).netloc, urlsplit(site_url).scheme)

    @app.before_request
    def check_host() -> Response | None:
        if _plain_host(request.environ.get("HTTP_HOST", ""), urlsplit(site_url).scheme) == ours:
            return None
        text = f"This server does not answer for that host name, only for {site_url}.\n"
        return Response(text, status=400, mimetype="text/plain")


def _plain_host(host: str, scheme: str) -> str:
    name = host.strip().lower()
    default = ":443" if scheme == "https" else ":80"
    return re.sub(rf"^([^:]+|\[[^\]]+\]){default}$", r"\1", name)


def trust_proxies(app: Flask, count: int) -> None:
    """Read the client's address from as many proxies as the team runs, and from no other."""
    if count:
        fixed = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)
        app.wsgi_app = fixed  # type: ignore[method-assign]  # as Flask says it is to be done
        return
    warned: list[bool] = []

    @app.before_request
    def warn_once() -> None:
        if not warned and any(name in request.headers for name in _FORWARDED):
            warned.append(True)
            _log.warning(
                "A request came with X-Forwarded headers, which are ignored: if a proxy of yours sent it, "
                "set BLOG_TRUSTED_PROXIES to the number of proxies, or all visitors count as one."
            )


def client_network() -> str:
    """Return what counts as one client: an IPv4 address, or the /64 network of an IPv6 address."""
    # Some proxies report the port, too: 203.0.113.7:50000, [2001:db8::7]:50000.
    reported = re.sub(r"^\[(.+)\](?::\d+)?$|^([^:]+):\d+$", r"\1\2", request.remote_addr or "")
    try:
        address = ip_address(reported)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False))
    return str(address)
