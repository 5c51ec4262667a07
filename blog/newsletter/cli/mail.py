"""Looking after mail as a whole: `newsletter unfence`."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.outbox.fencing import fence_sentence, lift_fence
from blog.outbox.models import Mailroom

from .groups import newsletter

_TYPED = 6
"""So many characters of the instance's name are typed to say that one means it."""


@newsletter.command("unfence")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def unfence(yes: bool) -> None:
    """Let mail go that is held since the database seems to have woken up from a copy."""
    room = db.session.scalars(select(Mailroom)).one()
    if room.fenced_at is None:
        raise Refused("Nothing is held: the database is not fenced.")
    click.echo(fence_sentence(room.fenced_because))
    name = room.instance[:_TYPED]
    if not yes and click.prompt(f"Type {name} to send all that was planned from here") != name:
        raise Refused("That was something else; everything stays as it was.")
    with write():
        lift_fence()
    click.echo("Mail goes out from this database again.")
