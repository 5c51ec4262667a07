"""The newsletter's commands: `newsletter ...` for issues and mail, `subscribers ...` for people."""

from . import issues, mail, sending
from .groups import newsletter, subscribers

COMMANDS = (newsletter, subscribers)

__all__ = ["COMMANDS", "issues", "mail", "sending"]
