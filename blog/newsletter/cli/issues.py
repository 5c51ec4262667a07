"""Issues by command: write, look at, test, send, take back, hold."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.issues import drafting, pausing, scheduling
from blog.newsletter.issues.accounts import account_of, reasons_of
from blog.newsletter.issues.drafting import issue_named
from blog.newsletter.issues.letters import preview as letter_of
from blog.newsletter.issues.reading import read_draft
from blog.newsletter.issues.testing import send_test
from blog.newsletter.models import Issue, Stage

from .groups import newsletter
from .saying import moment, topics_of

MADE_UP = "reader@example.org"


@newsletter.command("draft")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def draft(file: Path) -> None:
    """Make a draft from a Markdown file, or bring one up to date; the slug says which."""
    words = read_draft(file)
    with write() as session:
        issue = session.scalar(select(Issue).where(Issue.slug == words.address))
        if issue is None:
            issue, done = drafting.make(words, at=now()), "created"
        else:
            done = "updated" if drafting.change(issue, words, at=now()) else "unchanged"
        slug = issue.slug
    click.echo(f"{slug}: {done}")


@newsletter.command("issues")
@with_appcontext
def issues() -> None:
    """List all issues, the newest first, with what became of them."""
    found = db.session.scalars(select(Issue).order_by(Issue.made_at.desc(), Issue.id.desc())).all()
    if not found:
        click.echo("There is no issue yet; `newsletter draft FILE.md` makes one.")
    for issue in found:
        click.echo(f"{issue.slug}: {_stage(issue)}")


@newsletter.command("show")
@click.argument("slug")
@with_appcontext
def show(slug: str) -> None:
    """Show one issue: whom it is for, how far it is, and why deliveries failed."""
    issue = issue_named(slug)
    words = drafting.words_of(issue)
    click.echo(f"{issue.slug}: {_stage(issue)}")
    click.echo(f"    subject: {issue.subject}")
    if issue.preview:
        click.echo(f"    preview: {issue.preview}")
    click.echo(f"    articles: {', '.join(words.articles) or 'none'}")
    click.echo(f"    for: {topics_of(words)}")
    if issue.counted is not None and issue.started_at:
        click.echo(f"    counted when Send was said: {issue.counted:,}; chosen: {account_of(issue).chosen:,}")
    for state, answer, count in reasons_of(issue) if issue.started_at else ():
        click.echo(f"    {state}: {count:,} × {answer}")


@newsletter.command("test")
@click.argument("slug")
@click.argument("address")
@with_appcontext
def test(slug: str, address: str) -> None:
    """Mail an issue as it is now, marked as a test, to an address of the team."""
    with write():
        send_test(issue_named(slug), address, at=now())
    click.echo(f"{slug}: a test is on its way to {address}.")


@newsletter.command("preview")
@click.argument("slug")
@click.option("--html", type=click.Path(path_type=Path), help="Write the HTML to this file instead.")
@with_appcontext
def preview(slug: str, html: Path | None) -> None:
    """Show an issue as a made-up subscriber would get it: as text, or as HTML in a file."""
    letter = letter_of(issue_named(slug), MADE_UP)
    if html is None:
        click.echo(letter.text)
        return
    html.write_text(letter.html, "utf-8")
    click.echo(f"{slug}: written to {html}")


@newsletter.command("undo")
@click.argument("slug")
@with_appcontext
def undo(slug: str) -> None:
    """Take back what was said to be sent, until the first letter goes."""
    with write():
        scheduling.undo(issue_named(slug))
    click.echo(f"{slug}: taken back; it is a draft again.")


@newsletter.command("pause")
@click.argument("slug")
@with_appcontext
def pause(slug: str) -> None:
    """Hold what is left of an issue that is going out."""
    with write():
        pausing.pause(issue_named(slug), at=now())
    click.echo(f"{slug}: paused; `newsletter resume {slug}` goes on with it.")


@newsletter.command("resume")
@click.argument("slug")
@with_appcontext
def resume(slug: str) -> None:
    """Go on with an issue that was paused."""
    with write():
        pausing.resume(issue_named(slug))
    click.echo(f"{slug}: goes on.")


@newsletter.command("remove")
@click.argument("slug")
@with_appcontext
def remove(slug: str) -> None:
    """Throw a draft away."""
    with write():
        drafting.remove(issue_named(slug))
    click.echo(f"{slug}: removed.")


def _stage(issue: Issue) -> str:
    """Return how far an issue is, with the moment or the numbers that belong to it."""
    if issue.started_at is not None:
        account = account_of(issue)
        paused = f" (paused: {account.paused_because})" if account.paused_because else ""
        return f"{issue.stage}{paused}: {account}"
    if issue.send_at is None:
        return str(issue.stage)
    if issue.stage is Stage.LATE:
        return f"late: was to go out at {moment(issue.send_at)}; send it again, or take it back"
    return f"{issue.stage}: goes out at {moment(issue.send_at)}, counted {issue.counted:,}"
