"""Bodies whose length nobody said: measured before anything reads them."""

from io import BytesIO
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


def measure_bodies(app: Flask) -> None:
    """Let a body that comes in chunks be as long as one that says its length, and no longer.

    Werkzeug cuts such a body off at the limit, and then a form seems to have lost its last fields.
    """

    @app.before_request
    def measure() -> None:
        environ = request.environ
        terminated = environ.get("wsgi.input_terminated", False)
        if request.method in _BODILESS or environ.get("CONTENT_LENGTH") or not terminated:
            return
        body = _read(environ["wsgi.input"], app.config["MAX_CONTENT_LENGTH"])
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)


def _read(stream: Any, most: int) -> bytes:
    body = b""
    while block := stream.read(most + 1 - len(body)):
        body += block
        if len(body) > most:
            raise RequestEntityTooLarge
    return body
