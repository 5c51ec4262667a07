"""The command that erases somebody: `subscribers erase ADDRESS`."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from blog.lib.addresses import address_from
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.erasing import erase as forget
from blog.newsletter.models import Method, Subscriber
from blog.newsletter.wiping import backup_days, wipe

from .groups import subscribers


@subscribers.command("erase")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def erase(address: str, yes: bool) -> None:
    """Erase a person's address everywhere, and keep it from getting letters again."""
    parsed = address_from(address)
    if parsed is None:
        raise Refused(f"“{address}” is not an e-mail address.")
    if not yes:
        click.confirm(f"Erase {parsed.typed}? This cannot be taken back", abort=True)
    with write():
        subscriber = db.session.scalar(select(Subscriber).where(Subscriber.key == parsed.key))
        if subscriber is None:
            raise Refused(f"No subscriber has the address {parsed.typed}; nothing was changed.")
        addresses = forget(subscriber, Method.TEAM, at=now())
    emptied = wipe(addresses)
    click.echo(f"{parsed.typed} is erased. Backups keep it for {backup_days.get()} days at most.")
    if not emptied:
        click.echo("The database's log is still being read; the next checkpoint empties it, within a day.")
