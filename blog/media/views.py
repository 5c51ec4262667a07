"""Pictures, as readers get them."""

import re
from pathlib import Path

from flask import Blueprint, Response, abort, current_app
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from blog.lib.answering import PUBLIC
from blog.lib.db import db
from blog.lib.sending import send
from blog.lib.store import begin_reading

from .kinds import ENDINGS
from .models import Media

blueprint = Blueprint("media", __name__)

_TYPES = {ending: media_type for media_type, ending in ENDINGS.items()}
_SIZE = re.compile(rf"[^/\\]+\.([0-9a-f]{{10}}\.[0-9]+w\.({'|'.join(_TYPES)}))")
FOREVER = "public, max-age=31536000, immutable"


@blueprint.get("/media/<file>")
def show(file: str) -> Response:
    """Serve a size of a picture, whose name never means anything else, or the picture by the name people know."""
    folder = Path(current_app.config["MEDIA"])
    size = _SIZE.fullmatch(file)
    if size:
        return _show_size(folder / file, size)
    begin_reading()
    media = db.session.scalar(select(Media).where(Media.name == file))
    if media is None or not current_app.config["MAY_SHOW_PICTURE"](media):
        abort(404)
    return send(folder / media.file, tag=media.digest[:20], media_type=media.media_type, rule=PUBLIC)


def _show_size(path: Path, size: re.Match[str]) -> Response:
    """Serve a size without a question to the database; that there is none is said as of any address."""
    try:
        return send(path, tag=size[1], media_type=_TYPES[size[2]], rule=FOREVER)
    except NotFound:
        begin_reading()
        raise
