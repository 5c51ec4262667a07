"""Setting up and running the site: `init`, `serve`, `demo`, `settings`."""

import os
import re
import shutil
from functools import partial
from pathlib import Path
from socket import socket

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect

from blog.content.rendering import older_renderings
from blog.lib.canonical import NO_ADDRESS
from blog.lib.clock import now
from blog.lib.db import db, fold_log, write
from blog.lib.edition import EDITION_FILE
from blog.lib.environment import ROOT
from blog.lib.listening import listen
from blog.lib.locking import IN_USE_FILE, in_use, out_of_use, writers_lock
from blog.lib.migrating import upgrade_database
from blog.lib.refusing import Refused
from blog.lib.reloading import TRIAL, received
from blog.lib.server import Site
from blog.lib.server import serve as run_server
from blog.lib.store import keep_warm
from blog.lib.supervising import Job
from blog.lib.throttling import forget_old_tries
from blog.newsletter.signup.wording import keep_shown_words
from blog.outbox.fencing import check_fence
from blog.outbox.merging import merge_suppressions
from blog.outbox.overview import standing_of_mail
from blog.outbox.remembering import SUPPRESSED_FILE, remembered
from blog.outbox.standing import KEY_FILE, keep_standing_key
from blog.settings.declaring import DECLARED, choose
from blog.settings.models import StoredSetting
from blog.transfer.importing import import_folder

from .sample import send_samples

SAMPLE = ROOT / "demo"
DEMO_SETTINGS = {
    "site.title": "The Linden Journal",
    "site.tagline": "Plain answers from the people who treat you",
    "site.description": "Health, explained by the clinicians of Linden Street Clinic: reviewed, sourced, dated.",
    "site.publisher": "Linden Street Clinic",
    "site.postal_address": "14 Linden Street, Anytown",
    "site.time_zone": "Europe/London",
    "site.notice": "A sample site. The clinic and its people are made up; see your own doctor about your health.",
    "articles.kind": "MedicalWebPage",
}


_FOR_EVER = (EDITION_FILE, IN_USE_FILE)
"""How files beside the database end that stay with `--reset`: somebody may have them mapped, or hold them."""


def live_in_demo(arguments: list[str]) -> None:
    """Give the command `demo` a data folder and an address of its own, here and in the processes it starts.

    Called before the application is made; a wrong port is left to the command to refuse.
    """
    if arguments[:1] != ["demo"]:
        return
    ports = re.findall(r"(?:^|\s)--port[ =](\d{1,5})(?=\s|$)", " ".join(arguments))
    port = min(int(ports[-1]), 65535) if ports else 8000
    instance = Path(os.environ.get("BLOG_INSTANCE") or ROOT / "instance") / "demo"
    for name in [name for name in os.environ if name.startswith("BLOG_")]:
        del os.environ[name]
    os.environ["BLOG_INSTANCE"] = str(instance)
    os.environ["BLOG_SITE_URL"] = f"http://127.0.0.1:{port}"


def set_up() -> None:
    """Create or upgrade the database and keep what must be in it from the start."""
    upgrade_database()
    with write():
        keep_shown_words()
        keep_standing_key()
        check_fence()
        forget_old_tries(now())
        older = older_renderings()
        standing = standing_of_mail()
    for sentence in standing:
        click.echo(sentence, err=True)
    keep_out()
    if older:
        click.echo(f"{older} texts were rendered by an earlier version; `run.py rerender` makes them anew.")


def keep_out() -> None:
    """Bring the database and the file of suppressed addresses together: an older database forgets nobody."""
    with remembered() as lines, write():
        learnt = merge_suppressions(lines)
    if learnt:
        with writers_lock():
            fold_log()  # who was erased again must not stay in the log


def set_up_demo() -> None:
    """Set up the database, and choose the sample's settings where it held none before."""
    fresh = not inspect(db.engine).has_table(StoredSetting.__tablename__)
    set_up()
    with write():
        for key, value in DEMO_SETTINGS.items() if fresh else ():
            choose(key, value)


@click.command("init")
@with_appcontext
def init() -> None:
    """Create the database, or upgrade it to this version."""
    set_up()
    click.echo(f"The database {current_app.config['BROADSHEET_DATABASE']} is ready.")


_port = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
_no_worker = click.option("--no-worker", is_flag=True, help="Leave the chores to a `worker` of its own.")
_only_try = click.option(
    TRIAL,
    "only_try",
    is_flag=True,
    help="Only try whether all is well, then end; `serve` upgrades the database as well.",
)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@_port
@click.option(
    "--workers", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Default: one per core."
)
@_no_worker
@_only_try
@with_appcontext
def serve(host: str, port: int, workers: int, no_worker: bool, only_try: bool) -> None:
    """Run the site, and the background worker with it; upgrades the database first."""
    if not current_app.config["SITE_URL"]:
        raise Refused(NO_ADDRESS)
    sockets = [] if only_try else listen(host, port, workers)
    with in_use():
        set_up()
        if not only_try:
            name = f"[{host}]" if ":" in host else host
            _run(sockets, f"{name}:{port}", with_worker=not no_worker)


@click.command("demo")
@_port
@click.option("--reset", is_flag=True, help="Start afresh: forget what was changed in the demo.")
@_no_worker
@_only_try
@with_appcontext
def demo(port: int, reset: bool, no_worker: bool, only_try: bool) -> None:
    """Run a site with sample content, in a data folder of its own."""
    if only_try:
        return
    sockets = listen("127.0.0.1", port, 2)  # before anything of another demo is touched
    # live_in_demo gave this command its own data folder before the application was made.
    if reset and not received:
        with out_of_use("A demo is running with this data; stop it first."):
            _empty(Path(current_app.config["INSTANCE"]))
    with in_use():
        set_up_demo()
        import_folder(SAMPLE, echo=click.echo)
        send_samples(SAMPLE / "issues")
        mail = Path(current_app.config["INSTANCE"], current_app.config["MAIL"].folder)
        click.echo(f"Mail reaches nobody from here: every message becomes a file in {mail}.")
        _run(sockets, f"127.0.0.1:{port}", with_worker=not no_worker)


@click.group("settings", invoke_without_command=True)
@click.pass_context
@with_appcontext
def settings(context: click.Context) -> None:
    """List the site's settings, or change one with `settings set KEY VALUE`."""
    if context.invoked_subcommand:
        return
    for setting in DECLARED.values():
        click.echo(f"{setting.key} = {setting.get()}\n    {setting.about}")


@settings.command("set")
@click.argument("key")
@click.argument("value")
@with_appcontext
def set_setting(key: str, value: str) -> None:
    """Change one setting."""
    with write():
        kept = choose(key, value)
    click.echo(f"{key} = {kept}")


def _run(sockets: list[socket], listening: str, *, with_worker: bool) -> None:
    address = current_app.config["SITE_URL"]

    def ready() -> None:
        click.echo(f"Broadsheet is ready at {address} (listening on {listening}). Stop it with Ctrl-C.")

    for template in current_app.jinja_env.list_templates(["html", "xml"]):
        current_app.jinja_env.get_template(template)  # compiled here, it is shared by all processes
    beside = [Job("Background worker", current_app.config["WORKER"])] if with_worker else []
    db.session.remove()
    db.engine.dispose()  # a connection must not be used on both sides of a fork
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy is typed as what it stands for
    site = Site(app.wsgi_app, begin=partial(keep_warm, app))
    run_server(site, sockets, ready=ready, beside=beside)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name in ("media", "mail"):
            shutil.rmtree(entry)
        elif entry.name in (KEY_FILE, SUPPRESSED_FILE):
            entry.unlink()  # they belong to the database that goes
        elif entry.name.startswith("blog.sqlite3") and not entry.name.endswith(_FOR_EVER):
            entry.unlink()


COMMANDS = (init, serve, demo, settings)
