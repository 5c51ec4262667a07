"""Commands that bring content in and out: `import`, `export`, `rerender`."""

import sys
import time
from pathlib import Path

import click
from flask.cli import with_appcontext

from .exporting import export_folder
from .importing import Account, Options, take_in
from .rerendering import rerender as rerender_all


class Shown:
    """Progress on a terminal as one line that changes, elsewhere as a plain line now and then."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._pause = 0.1 if self._terminal else 5.0
        self._last = 0.0

    def __call__(self, doing: str, done: int, of: int) -> None:
        """Show how far it is."""
        moment = time.monotonic()
        if done < of and moment - self._last < self._pause:
            return
        self._last = moment
        if self._terminal:
            click.echo(f"\r\033[K{doing}: {done} of {of}" + "\n" * (done == of), err=True, nl=False)
        else:
            click.echo(f"{doing}: {done} of {of}")


@click.group("import")
def import_group() -> None:
    """Bring content in."""


@import_group.command("markdown")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Do everything but keep nothing.")
@click.option("--overwrite", is_flag=True, help="Take files also where the site's text was changed here.")
@click.option("--skip-bad", is_flag=True, help="Take the good files although others are refused.")
@with_appcontext
@click.pass_context
def import_markdown(
    context: click.Context, folder: Path, dry_run: bool, overwrite: bool, skip_bad: bool
) -> None:
    """Take in a folder of Markdown files with YAML front matter."""
    account = take_in(folder, Options(dry_run, overwrite, skip_bad), Shown())
    _tell(account)
    if account.refusals and not skip_bad:
        files = len({refusal.path for refusal in account.refusals})
        click.echo(f"Nothing was written: {files} refused; --skip-bad takes the others.", err=True)
        context.exit(1)
    if dry_run:
        click.echo("This was a dry run: nothing was written.")


def _tell(account: Account) -> None:
    for refusal in account.refusals:
        click.echo(str(refusal), err=True)
    for advice in account.advice:
        click.echo(f"advice: {advice}")
    for heading, paths in (
        ("left, because changed here", account.left),
        ("gone from the folder, kept here", account.gone),
        ("ignored", account.ignored),
        ("people who have no file", account.named_only),
    ):
        if paths:
            click.echo(f"{heading}: {', '.join(paths)}")
    for line in account.lines():
        click.echo(line)


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace the content that is in the folder.")
@with_appcontext
def export(folder: Path, overwrite: bool) -> None:
    """Write all content as Markdown files with YAML front matter, and the pictures."""
    for kind, number in export_folder(folder, overwrite=overwrite).items():
        click.echo(f"{kind}: written {number}")


@click.command("rerender")
@with_appcontext
def rerender() -> None:
    """Make all HTML anew from its Markdown."""
    for kind, number in rerender_all(Shown()).items():
        click.echo(f"{kind}: rendered {number}")


COMMANDS = (import_group, export, rerender)
