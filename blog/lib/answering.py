"""What every answer carries: safety headers and an honest cache rule; whole pages are left to the store."""

from flask import Blueprint, Flask, Response, request

from .lastresort import STYLE_HASH
from .prefetching import RULES_HASH
from .store import begin_reading, slot_of_request
from .words import language_if_known

PUBLIC = "public, no-cache"
"""Anyone may keep it, and asks each time whether it is still so."""

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {RULES_HASH}",
        f"style-src 'self' {STYLE_HASH}",
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


def public_blueprint(name: str, import_name: str) -> Blueprint:
    """Return a blueprint whose pages are the same for every reader and may be kept by anyone."""
    blueprint = Blueprint(name, import_name)
    blueprint.before_request(begin_reading)
    blueprint.after_request(declare_public)
    return blueprint


def personal_blueprint(name: str, import_name: str) -> Blueprint:
    """Return a blueprint of pages that a mailed link opens: for one person, never kept, never indexed."""
    blueprint = Blueprint(name, import_name)
    blueprint.after_request(_declare_personal)
    return blueprint


def _declare_personal(response: Response) -> Response:
    """Say that nobody may keep it, and let no other request carry its address, which is a key."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    # `no-referrer` would make its forms carry `Origin: null`.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def declare_public(response: Response) -> Response:
    """Say of a page that anyone may keep it; answers to a POST and pages with a rule of their own are left alone."""
    asked = request.method in ("GET", "HEAD")
    if asked and response.status_code == 200 and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = PUBLIC
    return response


def safety_headers(*, https: bool) -> dict[str, str]:
    """Return the headers that keep readers safe; every answer carries them."""
    return _SAFETY | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


def answer_well(app: Flask, *, https: bool) -> None:
    """Let every answer of the application carry what it should."""
    safety = safety_headers(https=https)

    @app.after_request
    def finish(response: Response) -> Response:
        said = {name.lower() for name, _ in response.headers}
        for name, value in safety.items():
            if name.lower() not in said:
                response.headers.add(name, value)
        if "cache-control" not in said:
            response.headers.add("Cache-Control", "no-store")
        slot = slot_of_request()
        if slot is not None and _is_finished_by_the_store(response):
            slot.fill(response.get_data(), language_if_known())
        return response


def _is_finished_by_the_store(response: Response) -> bool:
    return (
        response.status_code in (200, 301, 404, 410)
        and not response.is_streamed
        and not response.direct_passthrough
        and "Set-Cookie" not in response.headers
        and not response.cache_control.no_store
    )
