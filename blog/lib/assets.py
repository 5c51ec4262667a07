"""The stylesheet and the script of the site: many small files in the tree, one hashed file for readers."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Flask, Response, abort

FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, no-cache"


class Assets:
    """Joins the files of `static/` and knows the address of the result.

    `accents` returns the accent colours for light and dark pages; they are the stylesheet's first rule, so
    that a new colour is a new file.
    """

    def __init__(self, static: Path, accents: Callable[[], tuple[str, str]]) -> None:
        self._accents = accents
        self._css = _without_comments(_joined(static / "css", "*.css"))
        early = static / "js" / "theme.js"
        vendor = "\n".join(path.read_text("utf-8") for path in sorted((static / "vendor").glob("*.js")))
        behaviours = [path for path in sorted((static / "js").glob("*.js")) if path != early]
        self._scripts = {
            "theme.js": early.read_text("utf-8"),
            "site.js": "\n;".join([vendor, *(path.read_text("utf-8") for path in behaviours)]),
        }
        self._made: dict[tuple[str, str], tuple[str, bytes]] = {}

    def address(self, name: str) -> str:
        """Return the address of `site.css`, `site.js` or `theme.js`, with the hash of what it holds."""
        stem, _, ending = name.partition(".")
        return f"/static/{stem}.{self.made(name)[0]}.{ending}"

    def made(self, name: str) -> tuple[str, bytes]:
        """Return the hash and the bytes of one joined file, as they are now."""
        light, dark = self._accents() if name == "site.css" else ("", "")
        key = (name, light)
        if key not in self._made:
            text = (
                self._scripts.get(name)
                or f":root{{--accent-light:{light};--accent-dark:{dark}}}\n{self._css}"
            )
            content = text.encode()
            self._made[key] = (hashlib.sha256(content).hexdigest()[:12], content)
        return self._made[key]


def serve_assets(app: Flask, accents: Callable[[], tuple[str, str]]) -> None:
    """Give templates `asset(name)` and the joined files their addresses."""
    assets = Assets(Path(app.static_folder or "static"), accents)
    blueprint = Blueprint("assets", __name__)

    @blueprint.get("/static/<any(site, theme):stem>.<digest>.<any(css, js):ending>")
    def joined(stem: str, digest: str, ending: str) -> Response:
        """Serve a joined file; a page from before the last change gets today's, unkept."""
        name = f"{stem}.{ending}"
        if name not in ("site.css", "site.js", "theme.js"):
            abort(404)
        current, content = assets.made(name)
        mimetype = "text/css" if ending == "css" else "text/javascript"
        response = Response(content, mimetype=mimetype)
        response.headers["Cache-Control"] = FOREVER if digest == current else SHORTLY
        return response

    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = assets.address


def _joined(folder: Path, pattern: str) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.glob(pattern)))


def _without_comments(css: str) -> str:
    return re.sub(r"\n\s+", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
