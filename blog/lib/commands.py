"""Commands: what a person may see of an error is one sentence, and the exit status is 1."""

import signal
import sqlite3
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import DatabaseError

from .environment import BadSettings
from .refusing import Refused

_SERVERS = ("serve", "demo", "worker")
"""Commands that know themselves how to end."""
_STOPPED = 128 + signal.SIGTERM


def run_commands(create_app: Callable[[], Flask], *, prepare: Callable[[list[str]], None]) -> NoReturn:
    """Run the command that the process was started with, and end the process.

    `prepare` sees the arguments before the application is made.
    """
    if sys.argv[1:2] not in ([name] for name in _SERVERS):
        signal.signal(signal.SIGTERM, _leave_tidily)
    try:
        prepare(sys.argv[1:])
        app = create_app()
        group = FlaskGroup(create_app=lambda: app, add_default_commands=False, add_version_option=False)
        group.params.clear()  # Flask's options name another application, its settings and its debugger
        sys.exit(group.main(prog_name="run.py", standalone_mode=False) or 0)
    except BadSettings as error:
        _end("\n".join(error.problems), 1)
    except Refused as error:
        _end(str(error), 1)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        _end(f"The system said no: {error}.", 1)
    except (DatabaseError, sqlite3.DatabaseError) as error:
        _end(_about_the_database(error), 1)


def _leave_tidily(_number: int, _frame: FrameType | None) -> NoReturn:
    """End a command that is told to stop as if it had failed, so that it clears away what it has begun."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(_STOPPED)


def _about_the_database(error: DatabaseError | sqlite3.DatabaseError) -> str:
    """Return what a person can do about it: most often the database was never set up."""
    reason = str(error.orig if isinstance(error, DatabaseError) else error)
    if reason.startswith("no such table"):
        return (
            "The database is not set up yet, or is older than this version; run `python3 run.py init` first."
        )
    return f"The database cannot be used: {reason}."


def _end(sentence: str, status: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(status)
