"""The newsletter's own pages: what it is, with its form, and the issues that were sent."""

from flask import abort, render_template

from blog.lib.answering import public_blueprint
from blog.lib.paging import paged
from blog.lib.store import reads
from blog.newsletter.issues.archive import archive, sent_issue

blueprint = public_blueprint("archive", __name__)

PER_PAGE = 20


@blueprint.get("/newsletter")
@reads("page")
def index() -> str:
    """Show what the newsletter is, with its form, and list the issues that were sent."""
    issues, pager = paged(archive, size=PER_PAGE, path="/newsletter")
    return render_template("newsletter/index.html", issues=issues, pager=pager)


@blueprint.get("/newsletter/issues/<slug:slug>")
def issue(slug: str) -> str:
    """Show an issue as it was sent, without anything personal."""
    found = sent_issue(slug) or abort(404)
    return render_template(
        "newsletter/issue.html",
        issue=found.issue,
        html=found.html,
        articles=found.articles,
        description=found.issue.preview,
    )
