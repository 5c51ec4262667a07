"""The bytes of the articles from a bare Flask route, or from a bare WSGI function: what servers cost without a site.

Reads the folder named by BENCHMARK_PAGES once, and knows nothing else.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response

_FOLDER = Path(os.environ["BENCHMARK_PAGES"])
_PAGES = {path.stem: path.read_bytes() for path in (_FOLDER / "articles").glob("*.gz")}
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Vary", "Accept-Encoding"),
    ("Cache-Control", "public, no-cache"),
)
_HEADS = {slug: [*_HEADERS, ("Content-Length", str(len(body)))] for slug, body in _PAGES.items()}

app = Flask(__name__)


@app.get("/articles/<slug>")
def show(slug: str) -> Response:
    """Show an article as a small Flask application would."""
    return Response(_PAGES[slug], headers=dict(_HEADERS))


def plain(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Show an article without Flask: no more is left than what the server itself costs."""
    slug = environ["PATH_INFO"].rpartition("/")[2]
    start_response("200 OK", _HEADS[slug])
    return [_PAGES[slug]]
