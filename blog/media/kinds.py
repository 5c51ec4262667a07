"""The kinds of pictures that are kept: what they are called in addresses and on the disk."""

from typing import Literal

Kind = Literal["JPEG", "PNG", "WEBP"]

MEDIA_TYPES: dict[Kind, str] = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
"""Media type to the ending of a file's name."""


def master_file(digest: str, media_type: str) -> str:
    """Return the name that a cleaned picture has in the media folder: `<digest>.jpg`."""
    return f"{digest}.{ENDINGS[media_type]}"
