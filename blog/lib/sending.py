"""Files as answers: whole, the part that was asked for, or nothing where the reader has it already."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from flask import Response, abort, request

_BLOCK = 64 * 1024
_ONE_PART = re.compile(r"bytes[ \t]*=[ \t]*([0-9]{0,50})-([0-9]{0,50})[ \t]*", re.IGNORECASE)


class Piece:
    """Some of a file's bytes, read when they are sent."""

    def __init__(self, file: BinaryIO, part: range) -> None:
        self._file = file
        self._left = len(part)
        file.seek(part.start)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in blocks; stops where the file turns out to be shorter."""
        while block := self._file.read(min(self._left, _BLOCK)):
            self._left -= len(block)
            yield block

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def send(path: Path, *, tag: str, media_type: str, rule: str) -> Response:
    """Return the answer to a GET or HEAD for a file: 200, 206, 304, 404, 412 or 416.

    `tag` (the strong ETag) says what is in the file; `rule` is its Cache-Control.
    """
    try:
        length = path.stat().st_size
    except (OSError, ValueError):  # not there, or no name that a file could have
        abort(404)
    response = Response(mimetype=media_type, direct_passthrough=True)
    response.set_etag(tag)
    response.headers["Cache-Control"] = rule
    if request.if_match and not request.if_match.contains(tag):
        response.status_code = 412
        return response
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
        return response
    response.headers["Accept-Ranges"] = "bytes"
    part = _asked_part(length) if _wants_part(response.headers["ETag"]) else None
    if part is not None and not part:
        return Response(status=416, headers={"Content-Range": f"bytes */{length}"}, mimetype="text/plain")
    if part is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{length}"
    part = range(length) if part is None else part
    response.content_length = len(part)
    if request.method == "GET":
        response.response = Piece(path.open("rb"), part)
    return response


def _wants_part(tag: str) -> bool:
    """Tell whether a part may answer the request: of a GET, and of the file that the reader has the rest of."""
    return request.method == "GET" and request.headers.get("If-Range", tag).strip() == tag


def _asked_part(length: int) -> range | None:
    """Return the part that was asked for, an empty one where the file has none of it, None for all of it.

    Several parts at once, other units and what cannot be read are answered with the whole, as HTTP allows.
    """
    asked = _ONE_PART.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:
        return range(max(0, length - int(last)), length)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, length) if last else length)
