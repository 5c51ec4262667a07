"""The public page of a page."""

from flask import abort, render_template
from sqlalchemy import select

from blog.content.links import without_hidden_links
from blog.content.models import Page
from blog.lib.answering import public_blueprint
from blog.lib.db import db

blueprint = public_blueprint("pages", __name__)


@blueprint.get("/<slug:slug>")
def show(slug: str) -> str:
    """Show a page such as /about."""
    page = db.session.scalar(select(Page).where(Page.slug == slug)) or abort(404)
    return render_template("pages/show.html", page=page, body_html=without_hidden_links(page.body_html))
