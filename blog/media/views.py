"""Pictures, as readers get them."""

import re
from pathlib import Path

from flask import Response, abort, current_app, send_from_directory
from sqlalchemy import select

from blog.lib.answering import public_blueprint
from blog.lib.db import db

from .models import Media

blueprint = public_blueprint("media", __name__)

_SIZE = re.compile(r".+\.[0-9a-f]{10}\.[0-9]+w\.(?:webp|jpg|png)")
FOREVER = "public, max-age=31536000, immutable"


@blueprint.get("/media/<file>")
def show(file: str) -> Response:
    """Serve a size of a picture, whose name never means anything else, or the picture by the name people know."""
    folder = Path(current_app.config["MEDIA"])
    if _SIZE.fullmatch(file):
        response = send_from_directory(folder, file)
        response.headers["Cache-Control"] = FOREVER
        return response
    media = db.session.scalar(select(Media).where(Media.name == file))
    if media is None or not current_app.config["MAY_SHOW_PICTURE"](media):
        abort(404)
    response = send_from_directory(folder, media.file, mimetype=media.media_type)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
