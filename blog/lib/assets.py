"""The stylesheet and the script of the site: many small files in the tree, one hashed file for readers."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, abort

from .answering import public_blueprint
from .prefetching import RULES
from .shrinking import shrink_css, shrink_js

FOREVER = "public, max-age=31536000, immutable"
UNKEPT = "no-cache"
"""Not public: the page store keeps what is, and made-up digests must not fill it."""

KINDS = {
    "site.css": "text/css",
    "site.js": "text/javascript",
    "htmx.js": "text/javascript",
    "theme.js": "text/javascript",
    "favicon.svg": "image/svg+xml",
}
"""The files that have an address with a hash, and what each is."""


class Assets:
    """Joins the files of `static/` and knows the address of the result.

    `accents` returns the accent colours for light and dark pages; they are the stylesheet's first rule, so
    that a new colour is a new file.
    """

    def __init__(self, static: Path, accents: Callable[[], tuple[str, str]]) -> None:
        self._accents = accents
        early = static / "js" / "theme.js"
        behaviours = [shrink_js(text) for text in _read(static / "js", "*.js", but=early)]
        self._texts = {
            "site.css": shrink_css("\n".join(_read(static / "css", "*.css"))),
            "site.js": "\n;".join(behaviours).replace('"PREFETCH_RULES"', json.dumps(RULES)),
            "htmx.js": "\n".join(_read(static / "vendor", "htmx-*.js")),
            "theme.js": early.read_text("utf-8"),
            "favicon.svg": (static / "favicon.svg").read_text("utf-8"),
        }
        self._made: dict[tuple[str, str], tuple[str, bytes]] = {}

    def address(self, name: str) -> str:
        """Return the address of one of the `KINDS`, with the hash of what it holds."""
        stem, _, ending = name.partition(".")
        return f"/static/{stem}.{self.made(name)[0]}.{ending}"

    def made(self, name: str) -> tuple[str, bytes]:
        """Return the hash and the bytes of one file, as they are now."""
        light, dark = self._accents() if name == "site.css" else ("", "")
        key = (name, light)
        if key not in self._made:
            rule = f":root{{--accent-light:{light};--accent-dark:{dark}}}" if light else ""
            content = f"{rule}{self._texts[name]}".encode()
            self._made[key] = (hashlib.sha256(content).hexdigest()[:12], content)
        return self._made[key]


def serve_assets(app: Flask, accents: Callable[[], tuple[str, str]]) -> None:
    """Give templates `asset(name)` and the files their addresses."""
    assets = Assets(Path(app.static_folder or "static"), accents)
    blueprint = public_blueprint("assets", __name__)

    @blueprint.get("/static/<any(site, htmx, theme, favicon):stem>.<digest>.<any(css, js, svg):ending>")
    def hashed(stem: str, digest: str, ending: str) -> Response:
        """Serve a file by its hash; a page from before the last change gets today's, unkept."""
        name = f"{stem}.{ending}"
        if name not in KINDS:
            abort(404)
        current, content = assets.made(name)
        response = Response(content, mimetype=KINDS[name])
        response.headers["Cache-Control"] = FOREVER if digest == current else UNKEPT
        return response

    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = assets.address


def _read(folder: Path, pattern: str, but: Path | None = None) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(folder.glob(pattern)) if path != but]
