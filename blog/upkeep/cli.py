"""Commands that look whether all is well: `doctor`."""

import sys

import click
from flask.cli import with_appcontext

from .mail import Pasted, look_at_mail


@click.group("doctor")
def doctor() -> None:
    """Look whether all is well: one line each, and what to do."""


@doctor.command("mail")
@click.option("--spf", default="", help="The TXT record of the domain that bounces return to, pasted.")
@click.option(
    "--dkim", default="", help="The TXT record of the key that your mail server signs with, pasted."
)
@click.option("--dmarc", default="", help="The TXT record of _dmarc and the sender's domain, pasted.")
@with_appcontext
def mail(spf: str, dkim: str, dmarc: str) -> None:
    """Look at the settings of mail, a letter made up, the mail server and pasted records; sends nothing."""
    all_well = True
    for finding in look_at_mail(Pasted(spf, dkim, dmarc)):
        click.echo(str(finding))
        all_well = all_well and finding.well is not False
    if not all_well:
        sys.exit(1)


COMMANDS = (doctor,)
