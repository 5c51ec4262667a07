"""Sending by command: the number of people must be typed, and everything can be taken back until it begins."""

import sys
from datetime import datetime

import click
from flask.cli import with_appcontext

from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.refusing import Refused
from blog.newsletter.issues import scheduling
from blog.newsletter.issues.drafting import issue_named, words_of
from blog.newsletter.issues.holding import obstacle
from blog.newsletter.issues.moments import moment_from
from blog.newsletter.issues.reaching import people, reach
from blog.newsletter.mail.issues import freeze
from blog.settings import identity

from .groups import newsletter
from .saying import moment, topics_of

_count = click.option("--count", type=click.IntRange(0), help="How many people get it, instead of typing it.")


@newsletter.command("send")
@click.argument("slug")
@_count
@with_appcontext
def send(slug: str, count: int | None) -> None:
    """Send an issue, after a hold in which it can be taken back."""
    counted = _counted(slug, count)
    with write():
        issue = issue_named(slug)
        warning = scheduling.send(issue, counted, at=now())
        goes_at = issue.send_at or now()
    _say(slug, goes_at, warning)


@newsletter.command("schedule")
@click.argument("slug")
@click.argument("when")
@_count
@with_appcontext
def schedule(slug: str, when: str, count: int | None) -> None:
    """Send an issue at a moment in the site's time zone, such as "2026-03-01 09:00"."""
    goes_at = moment_from(when, identity.zone())
    counted = _counted(slug, count)
    with write():
        warning = scheduling.schedule(issue_named(slug), goes_at, counted, at=now())
    _say(slug, goes_at, warning)


def _say(slug: str, goes_at: datetime, warning: str) -> None:
    if warning:
        click.echo(warning)
    click.echo(f"{slug}: goes out at {moment(goes_at)}. Until then `newsletter undo {slug}` takes it back.")


def _counted(slug: str, count: int | None) -> int:
    """Return how many people a person says it goes to; asks on a terminal.

    Raises Refused where nothing may be sent, or its words make no message: better now than when it is due.
    """
    issue = issue_named(slug)
    if reason := obstacle():
        raise Refused(reason)
    freeze(issue)
    if count is not None:
        return count
    reached = reach(issue.id, now())
    said = f"“{issue.subject}” goes to {people(reached)}: {topics_of(words_of(issue))}."
    if not sys.stdin.isatty():
        raise Refused(f"{said} Say so with --count {reached}.")
    click.echo(said)
    typed: int = click.prompt("Type that number to send it", type=int)
    return typed
