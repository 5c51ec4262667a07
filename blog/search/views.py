"""The search page, and its results alone for as-you-type."""

from typing import Any
from urllib.parse import quote_plus

from flask import Response, abort, render_template, request

from blog.content import queries as content
from blog.lib.answering import public_blueprint
from blog.lib.htmx import fragment
from blog.lib.paging import asked_page, pager_for
from blog.lib.store import reads

from .queries import MOST, PER_PAGE, find

blueprint = public_blueprint("search", __name__)

LONGEST = 200


@blueprint.get("/search")
@reads("page", free=("q",))
def show() -> str:
    """Show the search page; without a question it is the empty form."""
    return render_template("search/show.html", robots="noindex", **_found())


@blueprint.get("/search/results")
@reads("page", free=("q",))
def results() -> Response:
    """Show the results alone; the page's script puts them in place while the reader types."""
    return fragment("search/_results.html", **_found())


def _found() -> dict[str, Any]:
    typed = " ".join(request.args.get("q", "").replace("\0", " ").split())[:LONGEST]
    page = asked_page()
    results, total = find(typed, page)
    if page > 1 and not results:
        abort(404)
    pager = pager_for(total, page, size=PER_PAGE, path=f"/search?q={quote_plus(typed)}")
    return {
        "q": typed,
        "count": total,
        "many": total >= MOST,
        "results": results,
        "pager": pager,
        "suggestions": [] if total else content.shown_categories.all(),
    }
