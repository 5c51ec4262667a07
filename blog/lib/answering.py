"""What every answer carries: safety headers, an ETag per encoding, compression, an honest cache rule."""

import gzip
import hashlib
import re

from flask import Blueprint, Flask, Response, request

PUBLIC = "public, no-cache"
"""Anyone may keep it, and asks each time whether it is still so."""

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_SAFETY = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    # `no-referrer` would make plain form posts carry `Origin: null`
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_WORTH_COMPRESSING = 512
_TEXT = re.compile(r"text/.+|.+[/+](?:json|xml)")
"""Media types that are text, feeds among them: worth compressing."""


def public_blueprint(name: str, import_name: str) -> Blueprint:
    """Return a blueprint whose pages are the same for every reader and may be kept by anyone."""
    blueprint = Blueprint(name, import_name)
    blueprint.after_request(declare_public)
    return blueprint


def declare_public(response: Response) -> Response:
    """Say of a page that anyone may keep it; answers to a POST and pages with a rule of their own are left alone."""
    asked = request.method in ("GET", "HEAD")
    if asked and response.status_code == 200 and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = PUBLIC
    return response


def answer_well(app: Flask, *, https: bool) -> None:
    """Let every answer of the application carry what it should."""

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in _SAFETY.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        if request.method in ("GET", "HEAD") and _is_kept(response):
            return _with_etag(response)
        return response


def _is_kept(response: Response) -> bool:
    return (
        response.status_code in (200, 404, 410)
        and not response.is_streamed
        and not response.direct_passthrough
        and "Set-Cookie" not in response.headers
        and not response.cache_control.no_store
    )


def _with_etag(response: Response) -> Response:
    body = response.get_data()
    tag = hashlib.sha256(body).hexdigest()[:20]
    if _TEXT.fullmatch(response.mimetype or ""):
        response.headers["Vary"] = "Accept-Encoding"
        if len(body) >= _WORTH_COMPRESSING and request.accept_encodings["gzip"] > 0:
            # No time stamp: the same page has the same bytes.
            response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            tag += "-gz"
    response.set_etag(tag)
    if response.status_code == 200:
        response.make_conditional(request)
    return response
