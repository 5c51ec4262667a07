"""Saying in one sentence what went wrong in the background."""

from sqlalchemy.exc import DatabaseError

from blog.lib.refusing import Refused


def sentence_about(error: Exception) -> str:
    """Return the first line of what the error says, behind its kind where it is no sentence of ours."""
    if isinstance(error, Refused):
        return str(error)
    reason = error.orig if isinstance(error, DatabaseError) else error
    return f"{type(error).__name__}: {next(iter(str(reason).splitlines()), '')}"
