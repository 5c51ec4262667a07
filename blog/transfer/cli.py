"""Commands that bring content in and out: `import`, `export`, `rerender`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from blog.lib.refusing import Refused
from blog.lib.showing import Shown

from .exporting import export_folder
from .importing import Account, NotTaken, Options, import_folder
from .outcomes import escaped, told
from .rerendering import rerender as rerender_all

_dry_run = click.option("--dry-run", is_flag=True, help="Do everything but keep nothing.")
_DRY = "This was a dry run: nothing was written."


@click.group("import")
def import_group() -> None:
    """Bring content in."""


@import_group.command("markdown")
@click.argument("folder", type=click.Path(path_type=Path))
@_dry_run
@click.option("--overwrite", is_flag=True, help="Take files also where the site's text was changed here.")
@click.option("--skip-bad", is_flag=True, help="Take the good files although others are refused.")
@with_appcontext
def import_markdown(folder: Path, dry_run: bool, overwrite: bool, skip_bad: bool) -> None:
    """Take in a folder of Markdown files with YAML front matter."""
    try:
        _tell(import_folder(folder, Options(dry_run, overwrite, skip_bad), progress=Shown()))
    except NotTaken as refused:
        _tell(refused.account)
        files = len({refusal.path for refusal in refused.account.refusals})
        raise Refused(f"Nothing was written: {files} refused; --skip-bad takes the others.") from None
    if dry_run:
        click.echo(_DRY)


def _tell(account: Account) -> None:
    for line in told(account.refusals):
        click.echo(line, err=True)
    for advice in account.advice:
        click.echo(f"advice: {advice}")
    for heading, paths in (
        ("left, because changed here", account.left),
        ("gone from the folder, kept here", account.gone),
        ("ignored", account.ignored),
        ("people who have no file", account.named_only),
    ):
        if paths:
            click.echo(f"{heading}: {', '.join(map(escaped, paths))}")
    for line in account.lines():
        click.echo(line)


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@_dry_run
@click.option("--overwrite", is_flag=True, help="Replace the content that is in the folder.")
@with_appcontext
def export(folder: Path, dry_run: bool, overwrite: bool) -> None:
    """Write all content as Markdown files with YAML front matter, and the pictures."""
    done = "would be written" if dry_run else "written"
    for kind, number in export_folder(folder, overwrite=overwrite, dry_run=dry_run, progress=Shown()).items():
        click.echo(f"{kind}: {done} {number}")
    if dry_run:
        click.echo(_DRY)


@click.command("rerender")
@_dry_run
@with_appcontext
def rerender(dry_run: bool) -> None:
    """Make all HTML anew from its Markdown."""
    done = "would change" if dry_run else "rendered"
    for kind, number in rerender_all(Shown(), dry_run=dry_run).items():
        click.echo(f"{kind}: {done} {number}")
    if dry_run:
        click.echo(_DRY)


COMMANDS = (import_group, export, rerender)
